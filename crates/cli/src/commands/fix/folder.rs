//! Files written whole or not at all: beside their place first, then moved there.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::Path;

use keyway_chain::fix::RepairedFile;
use tempfile::{Builder, NamedTempFile};

use crate::failure::Failure;

/// Names under which keys are written.
const KEYS: [&str; 2] = ["key.pem", "key.der"];

/// Writes all files into a folder. Nothing is replaced without `force`, and nothing is written
/// beside a key that would look like its pair and is not.
pub(super) fn write(folder: &Path, files: &[RepairedFile], force: bool) -> Result<(), Failure> {
    let failed = |path: &Path, source: io::Error| Failure::Unwritable {
        path: path.to_path_buf(),
        source,
    };
    fs::create_dir_all(folder).map_err(|error| failed(folder, error))?;
    refuse(folder, files, force)?;
    let mut ready = Vec::new();
    for file in files {
        let path = folder.join(&file.name);
        let temporary = stage(folder, file).map_err(|error| failed(&path, error))?;
        ready.push((temporary, path));
    }
    for (temporary, path) in ready {
        let moved = if force {
            temporary.persist(&path)
        } else {
            temporary.persist_noclobber(&path)
        };
        moved.map_err(|error| match error.error.kind() {
            io::ErrorKind::AlreadyExists => Failure::Exists(path.clone()),
            _ => failed(&path, error.error),
        })?;
    }
    sync(folder).map_err(|error| failed(folder, error))
}

fn refuse(folder: &Path, files: &[RepairedFile], force: bool) -> Result<(), Failure> {
    let is_there = |path: &Path| path.symlink_metadata().is_ok();
    for file in files {
        let path = folder.join(&file.name);
        if is_there(&path) && !force {
            return Err(Failure::Exists(path));
        }
    }
    let others = KEYS
        .iter()
        .filter(|name| files.iter().all(|file| file.name != **name));
    for path in others.map(|name| folder.join(name)) {
        if is_there(&path) {
            return Err(Failure::StaleKey(path));
        }
    }
    Ok(())
}

/// The contents on disk, under a temporary name. Temporary files are readable by their owner only;
/// what holds no key is opened to others once it is written.
fn stage(folder: &Path, file: &RepairedFile) -> io::Result<NamedTempFile> {
    let mut temporary = Builder::new().prefix(".keyway-").tempfile_in(folder)?;
    temporary.write_all(&file.bytes)?;
    if !file.private {
        open_to_others(temporary.as_file())?;
    }
    temporary.as_file().sync_all()?;
    Ok(temporary)
}

#[cfg(unix)]
fn open_to_others(file: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    file.set_permissions(fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn open_to_others(_: &File) -> io::Result<()> {
    Ok(())
}

/// Makes the renames last through a crash. Only on Unix can a folder be opened for it.
fn sync(folder: &Path) -> io::Result<()> {
    if cfg!(unix) {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str, text: &str, private: bool) -> RepairedFile {
        RepairedFile {
            name: name.to_owned(),
            bytes: text.as_bytes().to_vec().into(),
            private,
        }
    }

    #[test]
    #[cfg(unix)]
    fn keys_are_for_their_owner_only_and_certificates_for_all() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let files = [
            file("fullchain.pem", "c", false),
            file("key.pem", "k", true),
        ];
        write(folder.path(), &files, false).unwrap();
        let mode = |name| {
            fs::metadata(folder.path().join(name))
                .unwrap()
                .permissions()
                .mode()
                & 0o777
        };
        assert_eq!((mode("fullchain.pem"), mode("key.pem")), (0o644, 0o600));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    }

    #[test]
    fn nothing_is_replaced_without_force() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("key.pem"), "old").unwrap();
        let files = [
            file("fullchain.pem", "c", false),
            file("key.pem", "new", true),
        ];
        let refused = write(folder.path(), &files, false).unwrap_err();
        assert!(matches!(refused, Failure::Exists(_)));
        assert!(!folder.path().join("fullchain.pem").exists());
        write(folder.path(), &files, true).unwrap();
        assert_eq!(fs::read(folder.path().join("key.pem")).unwrap(), b"new");
    }

    #[test]
    fn certificates_are_not_put_beside_an_older_key_even_with_force() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("key.pem"), "old").unwrap();
        let refused = write(folder.path(), &[file("fullchain.pem", "c", false)], true);
        assert!(matches!(refused.unwrap_err(), Failure::StaleKey(_)));
    }
}
