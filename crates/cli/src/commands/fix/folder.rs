//! A folder that holds the files of one run, and of no other.
//!
//! What is guaranteed, also through a crash: under the names that `fix` writes, the folder holds at
//! every moment files of one run only. First all of the old ones, then some, then none, then some
//! of the new ones, then all: a certificate never stands beside a key of another run. For that there
//! is a moment with no file at all. What is replaced waits in a folder whose name begins with
//! `.keyway-` until the new files are in place; it is put back when writing fails, and is still there
//! after a crash.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use keyway_chain::fix::{RepairedFile, is_written_name};
use tempfile::{Builder, NamedTempFile, TempDir};

use crate::failure::Failure;
use crate::intent::open_to_others;

/// Files of a name that are kept, at most: `key.pem.old`, `key.pem.old-2` and so on.
const MOST_KEPT: usize = 1_000;

/// A file from before that is no part of what was written, and was given another name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Kept {
    /// Its name before.
    pub(crate) was: String,
    /// Its name now.
    pub(crate) is: String,
}

/// Something of the system that failed, and where.
type Fault = (PathBuf, io::Error);

/// Writes all files into a folder, or none. Files from before are left alone, and nothing is written,
/// without `force`; with it they are replaced, and those that have no successor are given another
/// name.
pub(super) fn write(
    folder: &Path,
    files: &[RepairedFile],
    force: bool,
) -> Result<Vec<Kept>, Failure> {
    // A link that leads nowhere is there as well.
    if folder.symlink_metadata().is_ok() && !folder.is_dir() {
        return Err(Failure::NotAFolder(folder.to_path_buf()));
    }
    let unwritable = |(path, source)| Failure::Unwritable { path, source };
    let present = present(folder).map_err(unwritable)?;
    if !present.is_empty() && !force {
        return Err(Failure::InTheWay {
            folder: folder.to_path_buf(),
            names: present,
        });
    }
    replace(folder, files, &present).map_err(unwritable)
}

/// What stands in the folder under a name that some run writes, by name.
fn present(folder: &Path) -> Result<Vec<String>, Fault> {
    let failed = |error| (folder.to_path_buf(), error);
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(failed(error)),
    };
    let mut names = Vec::new();
    for entry in entries {
        let name = entry.map_err(failed)?.file_name();
        names.extend(
            name.to_str()
                .filter(|name| is_written_name(name))
                .map(str::to_owned),
        );
    }
    names.sort();
    Ok(names)
}

fn replace(folder: &Path, files: &[RepairedFile], present: &[String]) -> Result<Vec<Kept>, Fault> {
    fs::create_dir_all(folder).map_err(|error| (folder.to_path_buf(), error))?;
    let mut ready = Vec::new();
    for file in files {
        let path = folder.join(&file.name);
        match stage(folder, file) {
            Ok(temporary) => ready.push((temporary, path)),
            Err(error) => return Err((path, error)),
        }
    }
    let mut old = Old::new(folder);
    let done = present
        .iter()
        .try_for_each(|name| old.take_away(name, files))
        .and_then(|()| sync(folder))
        .and_then(|()| put(ready))
        .and_then(|()| sync(folder));
    match done {
        Ok(()) => old.forget(),
        Err(fault) => {
            old.put_back();
            Err(fault)
        }
    }
}

/// Gives staged files their names; takes them away again when one cannot be given its own.
fn put(ready: Vec<(NamedTempFile, PathBuf)>) -> Result<(), Fault> {
    let mut placed = Vec::new();
    for (temporary, path) in ready {
        if let Err(error) = temporary.persist_noclobber(&path) {
            for path in &placed {
                // The first failure is the one to tell.
                let _ = fs::remove_file(path);
            }
            return Err((path, error.error));
        }
        placed.push(path);
    }
    Ok(())
}

/// Files from before, on their way out.
struct Old<'a> {
    folder: &'a Path,
    /// Where those wait that have a successor.
    waiting: Option<TempDir>,
    /// Old place and new place of each, in the order in which they went.
    moved: Vec<(PathBuf, PathBuf)>,
    kept: Vec<Kept>,
}

impl<'a> Old<'a> {
    fn new(folder: &'a Path) -> Self {
        Self {
            folder,
            waiting: None,
            moved: Vec::new(),
            kept: Vec::new(),
        }
    }

    fn take_away(&mut self, name: &str, files: &[RepairedFile]) -> Result<(), Fault> {
        let from = self.folder.join(name);
        let has_successor = files.iter().any(|file| file.name == name);
        let to = if has_successor && !from.is_dir() {
            self.waiting_room()
                .map(|room| room.join(name))
                .map_err(|error| (from.clone(), error))?
        } else {
            let is = free_name(self.folder, name).ok_or_else(|| {
                let error = io::Error::other("too many files of this name were kept before");
                (from.clone(), error)
            })?;
            let was = name.to_owned();
            let to = self.folder.join(&is);
            self.kept.push(Kept { was, is });
            to
        };
        fs::rename(&from, &to).map_err(|error| (from.clone(), error))?;
        self.moved.push((from, to));
        Ok(())
    }

    /// For its owner only, because keys wait in it.
    fn waiting_room(&mut self) -> io::Result<&Path> {
        if self.waiting.is_none() {
            self.waiting = Some(Builder::new().prefix(".keyway-").tempdir_in(self.folder)?);
        }
        self.waiting
            .as_ref()
            .map(TempDir::path)
            .ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    /// The new files stand: those that waited may go.
    fn forget(self) -> Result<Vec<Kept>, Fault> {
        if let Some(room) = self.waiting {
            let path = room.path().to_path_buf();
            room.close().map_err(|error| (path, error))?;
        }
        Ok(self.kept)
    }

    /// Writing failed: everything back to its place.
    fn put_back(self) {
        let all_back = self
            .moved
            .iter()
            .rev()
            .fold(true, |all, (from, to)| fs::rename(to, from).is_ok() && all);
        if let Some(room) = self.waiting
            && !all_back
        {
            // What could not be put back must not go with the folder it waits in.
            let _ = room.keep();
        }
    }
}

/// `NAME.old`, or the first of `NAME.old-2` and so on that is free.
fn free_name(folder: &Path, name: &str) -> Option<String> {
    (1..=MOST_KEPT)
        .map(|count| match count {
            1 => format!("{name}.old"),
            _ => format!("{name}.old-{count}"),
        })
        .find(|candidate| folder.join(candidate).symlink_metadata().is_err())
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

/// Makes the renames last through a crash. Only on Unix can a folder be opened for it.
fn sync(folder: &Path) -> Result<(), Fault> {
    if cfg!(unix) {
        File::open(folder)
            .and_then(|folder| folder.sync_all())
            .map_err(|error| (folder.to_path_buf(), error))?;
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

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn nothing_is_written_beside_an_older_file_without_force() {
        let folder = tempfile::tempdir().unwrap();
        for older in ["key.pem", "chain-2.der", "bundle.p12"] {
            fs::write(folder.path().join(older), "old").unwrap();
        }
        fs::write(folder.path().join("notes.txt"), "mine").unwrap();
        let files = [file("fullchain.pem", "c", false)];
        let Failure::InTheWay { names: found, .. } =
            write(folder.path(), &files, false).unwrap_err()
        else {
            panic!("another failure");
        };
        assert_eq!(found, ["bundle.p12", "chain-2.der", "key.pem"]);
        assert_eq!(
            names(folder.path()),
            ["bundle.p12", "chain-2.der", "key.pem", "notes.txt"]
        );
    }

    #[test]
    fn with_force_what_has_a_successor_is_replaced_and_the_rest_is_kept_under_another_name() {
        let folder = tempfile::tempdir().unwrap();
        for older in ["fullchain.pem", "chain.pem", "key.pem", "chain.pem.old"] {
            fs::write(folder.path().join(older), "old").unwrap();
        }
        let files = [
            file("fullchain.pem", "new", false),
            file("key.pem", "new", true),
        ];
        let kept = write(folder.path(), &files, true).unwrap();
        assert_eq!(
            kept,
            [Kept {
                was: "chain.pem".to_owned(),
                is: "chain.pem.old-2".to_owned()
            }]
        );
        assert_eq!(
            names(folder.path()),
            [
                "chain.pem.old",
                "chain.pem.old-2",
                "fullchain.pem",
                "key.pem"
            ]
        );
        assert_eq!(fs::read(folder.path().join("key.pem")).unwrap(), b"new");
    }

    #[test]
    fn when_writing_fails_everything_is_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        for older in ["fullchain.pem", "chain.pem"] {
            fs::write(folder.path().join(older), "old").unwrap();
        }
        // The second has no place to go to.
        let files = [
            file("fullchain.pem", "new", false),
            file("nowhere/key.pem", "new", true),
        ];
        assert!(matches!(
            write(folder.path(), &files, true),
            Err(Failure::Unwritable { .. })
        ));
        assert_eq!(names(folder.path()), ["chain.pem", "fullchain.pem"]);
        let back = fs::read(folder.path().join("fullchain.pem")).unwrap();
        assert_eq!(back, b"old");
    }

    #[test]
    fn a_folder_of_the_name_of_a_file_is_kept_as_well() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("key.pem/inside")).unwrap();
        write(folder.path(), &[file("key.pem", "new", true)], true).unwrap();
        assert_eq!(names(folder.path()), ["key.pem", "key.pem.old"]);
    }
}
