//! A zone file, and the files that it includes.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Component, Path, PathBuf};

use keyway_dns::zone::{MAX_BYTES, Read, ReadError, ReadOptions, origin, read};

use super::files::{shown, unreadable};
use crate::arguments::ZoneArguments;
use crate::failure::Failure;

/// A zone file that was read.
pub(crate) struct ZoneFile {
    /// What to call it: the path, made safe to show.
    pub(crate) name: String,
    /// What it holds.
    pub(crate) read: Read,
}

impl ZoneFile {
    /// Reads a file, or standard input for `-`.
    pub(crate) fn open(path: &Path, arguments: &ZoneArguments) -> Result<Self, Failure> {
        let text = bytes(path)?;
        let named = arguments.origin.clone().or_else(|| origin(&text));
        let named = named.ok_or_else(|| Failure::NoOrigin(path.to_path_buf()))?;
        let folder = arguments.include.as_deref().map(folder).transpose()?;
        let include = |name: &str| match &folder {
            Some(folder) => included(folder, name).map_err(|error| error.to_string()),
            None => Err(io::Error::from(io::ErrorKind::NotFound).to_string()),
        };
        let options = ReadOptions {
            include: folder.is_some().then_some(&include),
        };
        let read = read(&text, &named, &options).map_err(|source| zone(path, &named, source))?;
        Ok(Self {
            name: shown(path),
            read,
        })
    }
}

fn zone(path: &Path, origin: &str, source: ReadError) -> Failure {
    Failure::Zone {
        path: path.to_path_buf(),
        origin: origin.to_owned(),
        source,
    }
}

/// A file whole, or an error past the limit; nothing in it is secret.
fn bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    let cannot = |source| unreadable(path, source);
    let mut text = Vec::new();
    if path == Path::new("-") {
        let mut input = io::stdin().lock().take(MAX_BYTES + 1);
        input.read_to_end(&mut text).map_err(cannot)?;
    } else {
        let file = File::open(path).map_err(cannot)?;
        let size = file.metadata().map_err(cannot)?.len();
        if size > MAX_BYTES {
            return Err(zone(path, "", ReadError::TooLarge(size)));
        }
        let mut input = file.take(MAX_BYTES + 1);
        input.read_to_end(&mut text).map_err(cannot)?;
    }
    Ok(text)
}

/// The folder of `--include`, without links in its path.
fn folder(path: &Path) -> Result<PathBuf, Failure> {
    let folder = fs::canonicalize(path).map_err(|source| unreadable(path, source))?;
    if folder.is_dir() {
        Ok(folder)
    } else {
        Err(unreadable(path, io::ErrorKind::NotADirectory.into()))
    }
}

/// The text of a file in that folder or below it; neither `..` nor a link leads out, and only files are read.
fn included(folder: &Path, name: &str) -> io::Result<Vec<u8>> {
    let outside = || io::Error::other("it is not in the folder of --include");
    let name = Path::new(name);
    let mut parts = name.components();
    let stays = parts.all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    if !stays {
        return Err(outside());
    }
    let path = fs::canonicalize(folder.join(name))?;
    if !path.starts_with(folder) {
        return Err(outside());
    }
    let facts = fs::metadata(&path)?;
    if !facts.is_file() {
        return Err(io::Error::other("it is no file"));
    }
    let mut text = Vec::new();
    let mut input = File::open(&path)?.take(MAX_BYTES);
    input.read_to_end(&mut text)?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_included_lies_in_the_folder() {
        let top = tempfile::tempdir().unwrap();
        let folder = fs::canonicalize(top.path()).unwrap().join("zones");
        fs::create_dir_all(folder.join("below")).unwrap();
        for name in ["secret", "zones/a", "zones/below/b"] {
            fs::write(top.path().join(name), name).unwrap();
        }
        assert_eq!(included(&folder, "a").unwrap(), b"zones/a");
        assert_eq!(included(&folder, "./below/b").unwrap(), b"zones/below/b");
        let absolute = top.path().join("secret");
        for name in [
            "../secret",
            "below/../../secret",
            absolute.to_str().unwrap(),
            "below",
            "c",
            "",
        ] {
            assert!(included(&folder, name).is_err(), "{name}");
        }
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink("../secret", folder.join("link")).unwrap();
            assert!(included(&folder, "link").is_err());
        }
    }
}
