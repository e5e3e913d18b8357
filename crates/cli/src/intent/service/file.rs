//! One service file: read whole, replaced whole or not at all.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use keyway_config::{Draft, read};
use zeroize::Zeroizing;

use crate::failure::Failure;
use crate::intent::files::{open_to_others, read_file};

/// How long another command is waited for that changes a file in the same folder.
const PATIENCE: Duration = Duration::from_secs(10);

/// Between two looks at the lock.
const PAUSE: Duration = Duration::from_millis(20);

/// A service file that was read.
pub(crate) struct ServiceFile {
    /// The path as it was given.
    pub(crate) path: PathBuf,
    /// What it holds.
    pub(crate) draft: Draft,
    /// Whether it is on disk.
    pub(crate) exists: bool,
    /// The folder where what is made for it is kept, where one was named.
    pub(crate) state: Option<PathBuf>,
    /// Held for as long as the file is to be changed.
    _lock: Option<File>,
}

impl ServiceFile {
    /// Reads a file that is there.
    pub(crate) fn open(path: &Path) -> Result<Self, Failure> {
        Self::load(path, None)?.ok_or_else(|| Failure::NoService(path.to_path_buf()))
    }

    /// The same, with what is made for it in a folder that was named.
    pub(crate) fn in_state(mut self, state: Option<&Path>) -> Self {
        self.state = state.map(Path::to_path_buf);
        self
    }

    /// Reads a file in order to change it: no other command does meanwhile.
    pub(crate) fn open_to_change(path: &Path) -> Result<Self, Failure> {
        let lock = locked(path)?;
        Self::load(path, Some(lock))?.ok_or_else(|| Failure::NoService(path.to_path_buf()))
    }

    /// The same; a file that is not there begins empty.
    pub(crate) fn open_or_begin(path: &Path) -> Result<Self, Failure> {
        let lock = locked(path)?;
        if path.symlink_metadata().is_ok() {
            return Self::load(path, Some(lock))?.ok_or_else(|| Failure::NoService(path.into()));
        }
        let is_json = path.extension().is_some_and(|ending| ending == "json");
        let draft = read(if is_json { "{}" } else { "" });
        Ok(Self {
            path: path.to_path_buf(),
            draft: draft.map_err(|error| Failure::service(path, "", error))?,
            exists: false,
            state: None,
            _lock: Some(lock),
        })
    }

    /// What a command line says, as a service file would.
    pub(crate) fn of_text(text: &str) -> Result<Self, Failure> {
        let path = PathBuf::from(crate::voice::service::COMMAND_LINE);
        let draft = read(text).map_err(|error| Failure::service(&path, text, error))?;
        Ok(Self {
            path,
            draft,
            exists: false,
            state: None,
            _lock: None,
        })
    }

    fn load(path: &Path, lock: Option<File>) -> Result<Option<Self>, Failure> {
        if path != Path::new("-") && path.symlink_metadata().is_err() {
            return Ok(None);
        }
        // Whoever opens a pipe waits for its other end.
        let is_special = |facts: fs::Metadata| !facts.is_file() && !facts.is_dir();
        if path != Path::new("-") && path.metadata().is_ok_and(is_special) {
            return Err(Failure::SpecialGiven(path.to_path_buf()));
        }
        let file = read_file(path).map_err(|refused| refused.at(path))?;
        let text = std::str::from_utf8(&file.bytes).map_err(|error| Failure::NotUtf8 {
            path: path.to_path_buf(),
            byte: error.valid_up_to(),
        })?;
        let draft = read(text).map_err(|error| Failure::service(path, text, error))?;
        Ok(Some(Self {
            path: path.to_path_buf(),
            draft,
            exists: true,
            state: None,
            _lock: lock,
        }))
    }

    /// The folder that paths in the file start from.
    pub(crate) fn folder(&self) -> PathBuf {
        folder(&self.path)
    }

    /// A path as the file writes it, from here.
    pub(crate) fn beside(&self, path: &str) -> PathBuf {
        match self.path.parent() {
            Some(parent) => parent.join(path),
            None => PathBuf::from(path),
        }
    }
}

fn folder(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if parent != Path::new("") => parent.to_path_buf(),
        _ => PathBuf::from("."),
    }
}

/// The file that a path leads to. A link stays one: what it leads to is locked and replaced, so that two
/// commands that come by different ways meet.
fn target(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf())
}

/// Locks the folder of a file: the file itself is replaced, and a lock on it would go with the old one.
/// The system lets the lock go when the process ends, however it ends. On systems where a folder cannot be
/// opened, a hidden file beside it is locked. What a command that was killed has left there is taken out, be anything
/// changed now or not.
fn locked(path: &Path) -> Result<File, Failure> {
    if path == Path::new("-") {
        return Err(Failure::StdinChanged);
    }
    let unwritable = |source| Failure::Unwritable {
        path: path.to_path_buf(),
        source,
    };
    let folder = folder(&target(path));
    let file = if cfg!(unix) {
        File::open(&folder)
    } else {
        File::create(folder.join(".keyway.lock"))
    };
    let file = file.map_err(unwritable)?;
    let began = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => {
                sweep(&folder);
                return Ok(file);
            }
            Err(fs::TryLockError::WouldBlock) if began.elapsed() < PATIENCE => {
                std::thread::sleep(PAUSE);
            }
            Err(fs::TryLockError::WouldBlock) => return Err(Failure::Locked(folder)),
            Err(fs::TryLockError::Error(source)) => return Err(unwritable(source)),
        }
    }
}

/// Where the version before is kept.
fn previous(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".previous");
    PathBuf::from(name)
}

/// What a file is called until it is whole. Only who holds the lock of a folder makes one there.
const UNFINISHED: &str = ".keyway-new-";

/// Takes out what a command that was killed left behind: it may hold a secret.
fn sweep(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.file_name().to_string_lossy().starts_with(UNFINISHED) {
            drop(fs::remove_file(entry.path()));
        }
    }
}

/// Writes a file to disk under a name that nobody reads, for its owner alone.
fn unfinished(folder: &Path, bytes: &[u8]) -> io::Result<tempfile::NamedTempFile> {
    let mut file = tempfile::Builder::new()
        .prefix(UNFINISHED)
        .tempfile_in(folder)?;
    file.write_all(bytes)?;
    Ok(file)
}

/// The same as [`save`] for who holds no lock yet: other commands that write to the folder are waited for.
pub(crate) fn save_alone(path: &Path, text: &str) -> Result<(), Failure> {
    let _lock = locked(path)?;
    save(path, text, false)
}

/// Replaces a file, and keeps the version before. The folder is locked. Whatever ends the process, and
/// whenever, the old file or the new one stands there whole: each step is a rename of a file that is on
/// disk already.
///
/// A new file is readable by everybody, who has to serve it, unless it is `private`: a secret stands in it, or
/// in the version before. That version is then kept for its owner alone. Owner, group and permissions of a file
/// that is replaced stay.
pub(crate) fn save(path: &Path, text: &str, private: bool) -> Result<(), Failure> {
    let target = target(path);
    let blocked = Some(previous(&target)).filter(|kept| kept.is_dir());
    let unwritable = |source| Failure::Unwritable {
        path: blocked.as_deref().unwrap_or(path).to_path_buf(),
        source,
    };
    let folder = folder(&target);
    let old = match fs::read(&target) {
        Ok(bytes) => Some((
            Zeroizing::new(bytes),
            fs::metadata(&target).map_err(unwritable)?,
        )),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(unwritable(error)),
    };
    let new = unfinished(&folder, text.as_bytes()).map_err(unwritable)?;
    let mut kept = None;
    if let Some((bytes, facts)) = &old {
        let before = unfinished(&folder, bytes).map_err(unwritable)?;
        for file in [&new, &before] {
            belong(file.as_file(), facts).map_err(|source| Failure::Owner {
                path: path.to_path_buf(),
                source,
            })?;
        }
        kept = Some((before, facts.permissions()));
    }
    put(new, kept, &target, private).map_err(unwritable)?;
    if cfg!(unix) {
        let synced = File::open(&folder).and_then(|folder| folder.sync_all());
        synced.map_err(unwritable)?;
    }
    Ok(())
}

/// Gives both files their permissions, and then their names.
fn put(
    new: tempfile::NamedTempFile,
    kept: Option<(tempfile::NamedTempFile, fs::Permissions)>,
    target: &Path,
    private: bool,
) -> io::Result<()> {
    if let Some((before, permissions)) = kept {
        new.as_file().set_permissions(permissions.clone())?;
        let permissions = if private {
            for_owner(&permissions)
        } else {
            permissions
        };
        before.as_file().set_permissions(permissions)?;
        before.as_file().sync_all()?;
        new.as_file().sync_all()?;
        let older = set_aside(&previous(target));
        before.persist(previous(target))?;
        return new.persist(target).map(drop).map_err(|refused| {
            put_back(older, &previous(target));
            refused.error
        });
    }
    if !private {
        open_to_others(new.as_file())?;
    }
    new.as_file().sync_all()?;
    new.persist(target)?;
    Ok(())
}

/// The version that was kept last, until the next one is in its place: where the file itself cannot be replaced,
/// nothing of what there was is lost.
enum Older {
    /// There is none.
    None,
    /// Under a second name, which is taken out when it is dropped.
    Aside(tempfile::TempPath),
    /// The system gives it no second name, and does not let it be read.
    Lost,
}

fn set_aside(previous: &Path) -> Older {
    if previous.symlink_metadata().is_err() {
        return Older::None;
    }
    let mut names = tempfile::Builder::new();
    let made = names.prefix(UNFINISHED).make_in(folder(previous), |aside| {
        match fs::hard_link(previous, aside) {
            // Not every system of files has second names, and not everybody may give one.
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                fs::copy(previous, aside).map(drop)
            }
            linked => linked,
        }
    });
    made.map_or(Older::Lost, |aside| Older::Aside(aside.into_temp_path()))
}

/// Puts back what was kept before.
fn put_back(older: Older, previous: &Path) {
    // Why the file was not replaced is what is told, whatever becomes of this.
    drop(match older {
        Older::None => fs::remove_file(previous),
        Older::Aside(aside) => aside.persist(previous).map_err(Into::into),
        Older::Lost => Ok(()),
    });
}

/// Gives a file to who had the one before, where that is somebody else.
#[cfg(unix)]
fn belong(file: &File, before: &fs::Metadata) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt as _, fchown};
    let now = file.metadata()?;
    let owner = (now.uid() != before.uid()).then(|| before.uid());
    let group = (now.gid() != before.gid()).then(|| before.gid());
    if owner.is_none() && group.is_none() {
        return Ok(());
    }
    fchown(file, owner, group)
}

/// Elsewhere nobody is asked: the folder decides.
#[cfg(not(unix))]
fn belong(_: &File, _: &fs::Metadata) -> io::Result<()> {
    Ok(())
}

/// The same permissions, for the owner alone.
#[cfg(unix)]
fn for_owner(permissions: &fs::Permissions) -> fs::Permissions {
    use std::os::unix::fs::PermissionsExt as _;
    fs::Permissions::from_mode(permissions.mode() & 0o600)
}

#[cfg(not(unix))]
fn for_owner(permissions: &fs::Permissions) -> fs::Permissions {
    permissions.clone()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_before_is_kept_with_its_permissions() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keyway.toml");
        save(&path, "one", false).unwrap();
        save(&path, "two", false).unwrap();
        save(&path, "three", false).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "three");
        assert_eq!(fs::read_to_string(previous(&path)).unwrap(), "two");
        let modes = [&path, &previous(&path)].map(|path| fs::metadata(path).unwrap().permissions());
        assert_eq!(modes[0], modes[1]);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    }

    #[test]
    fn a_change_that_fails_leaves_the_version_before_the_last_where_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keyway.toml");
        // Nothing replaces a folder.
        fs::create_dir(&path).unwrap();
        for kept in [Some("older"), None] {
            if let Some(kept) = kept {
                fs::write(previous(&path), kept).unwrap();
            }
            let new = unfinished(folder.path(), b"new").unwrap();
            let before = unfinished(folder.path(), b"before").unwrap();
            let permissions = before.as_file().metadata().unwrap().permissions();
            put(new, Some((before, permissions)), &path, false).unwrap_err();
            let left = fs::read_to_string(previous(&path)).ok();
            assert_eq!(left.as_deref(), kept);
            let count = fs::read_dir(folder.path()).unwrap().count();
            assert_eq!(count, 1 + usize::from(kept.is_some()));
            drop(fs::remove_file(previous(&path)));
        }
    }

    #[test]
    fn a_second_change_waits_for_the_first() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keyway.toml");
        save(&path, "", false).unwrap();
        let first = ServiceFile::open_to_change(&path).unwrap();
        let waiting = std::thread::spawn({
            let path = path.clone();
            move || ServiceFile::open_to_change(&path).map(|file| file.draft.text().to_owned())
        });
        save(&path, "name = \"first\"\n", false).unwrap();
        drop(first);
        assert_eq!(waiting.join().unwrap().unwrap(), "name = \"first\"\n");
    }
}
