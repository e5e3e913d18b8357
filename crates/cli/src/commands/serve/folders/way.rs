//! The folders that tell of files, and the names that matter there: of the file itself, and of each link on the way to
//! it. Kubernetes' `..data` is such a link.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Component, Path, PathBuf, absolute};

/// Links on a way, at most: as many as the system goes along (path_resolution(7)).
const MOST_LINKS: u32 = 40;

#[derive(Debug, Default)]
pub(super) struct Ways {
    names: BTreeMap<PathBuf, BTreeSet<OsString>>,
    /// Folders as they are called, and without links.
    real: HashMap<PathBuf, Option<PathBuf>>,
    /// Links that the way to the file may still have.
    left: u32,
}

impl Ways {
    /// The ways to files.
    pub(super) fn to<'a>(files: impl IntoIterator<Item = &'a PathBuf>) -> Self {
        let mut ways = Self::default();
        for file in files {
            ways.left = MOST_LINKS;
            if let Ok(file) = absolute(file) {
                ways.go(&file);
            }
        }
        ways
    }

    /// Folders, each with its names.
    pub(super) fn folders(self) -> BTreeMap<PathBuf, BTreeSet<OsString>> {
        self.names
    }

    fn note(&mut self, folder: &Path, name: &OsStr) {
        let names = self.names.entry(folder.to_path_buf()).or_default();
        names.insert(name.to_owned());
    }

    /// Goes to an absolute path. Where it leads, or `None` where there are too many links.
    fn go(&mut self, path: &Path) -> Option<PathBuf> {
        let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else {
            return self.walk(path);
        };
        let known = self.real.get(folder).cloned();
        let real = known.unwrap_or_else(|| {
            let real = self.walk(folder);
            self.real.insert(folder.to_path_buf(), real.clone());
            real
        });
        let folder = real?;
        self.note(&folder, name);
        self.step(&folder, name)
    }

    /// Goes part by part, and notes the links.
    fn walk(&mut self, path: &Path) -> Option<PathBuf> {
        let mut at = PathBuf::new();
        for part in path.components() {
            match part {
                Component::Prefix(_) | Component::RootDir => at.push(part),
                Component::CurDir => {}
                Component::ParentDir => {
                    at.pop();
                }
                Component::Normal(name) => {
                    let next = self.step(&at, name)?;
                    if next != at.join(name) {
                        self.note(&at, name);
                    }
                    at = next;
                }
            }
        }
        Some(at)
    }

    /// An entry of a folder, or what it leads to where it is a link.
    fn step(&mut self, folder: &Path, name: &OsStr) -> Option<PathBuf> {
        let entry = folder.join(name);
        match fs::read_link(&entry) {
            Ok(target) => {
                self.left = self.left.checked_sub(1)?;
                self.go(&folder.join(target))
            }
            Err(_) => Some(entry),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    /// The names that matter, by the folder's name.
    fn ways(file: &Path) -> Vec<(String, Vec<String>)> {
        let text = |name: &OsStr| name.to_string_lossy().into_owned();
        let folders = Ways::to([&file.to_path_buf()]).folders();
        let folders = folders.iter().map(|(folder, names)| {
            let names = names.iter().map(|name| text(name)).collect();
            (text(folder.file_name().unwrap()), names)
        });
        folders.collect()
    }

    fn list(names: &[&str]) -> Vec<String> {
        names.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn each_link_on_the_way_matters() {
        let folder = tempfile::tempdir().unwrap();
        // As Kubernetes mounts a Secret.
        let mount = folder.path().join("mount");
        fs::create_dir_all(mount.join("..v1")).unwrap();
        fs::write(mount.join("..v1/tls.crt"), "").unwrap();
        symlink("..v1", mount.join("..data")).unwrap();
        symlink("..data/tls.crt", mount.join("tls.crt")).unwrap();
        assert_eq!(
            ways(&mount.join("tls.crt")),
            [
                ("mount".to_owned(), list(&["..data", "..v1", "tls.crt"])),
                ("..v1".to_owned(), list(&["tls.crt"])),
            ]
        );
    }

    #[test]
    fn a_file_that_is_not_there_matters_where_it_would_be() {
        let folder = tempfile::tempdir().unwrap();
        let seen = ways(&folder.path().join("later.pem"));
        assert_eq!(seen.len(), 1);
        assert_eq!(seen[0].1, list(&["later.pem"]));
    }

    #[test]
    fn links_that_lead_to_each_other_end() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        symlink("b", at("a")).unwrap();
        symlink("a", at("b")).unwrap();
        assert_eq!(ways(&at("a"))[0].1, list(&["a", "b"]));
        // Each of them doubles the way.
        symlink(".", at("l0")).unwrap();
        for number in 1..64 {
            let before = format!("l{}", number - 1);
            symlink(format!("{before}/{before}"), at(&format!("l{number}"))).unwrap();
        }
        ways(&at("l63/file"));
    }
}
