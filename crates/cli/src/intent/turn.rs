//! Who carries out a plan, or writes to what lies beside it: one command at a time.

use std::fs::{self, File, TryLockError};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::{moment, unreadable};
use crate::failure::Failure;
use crate::voice;

/// What the name of a plan's file has behind it.
const SUFFIX: &str = ".applying";

/// How long another command is waited for: longer than one that only notes what it has seen takes.
const PATIENCE: Duration = Duration::from_millis(500);

/// Between two looks at the lock.
const PAUSE: Duration = Duration::from_millis(20);

/// Most bytes that are read of who holds it.
const MAX_BYTES: u64 = 200;

/// The right to work with a plan, for as long as it is held: a lock on a file beside the plan, which says who holds it. The
/// system lets the lock go when the process ends, however it ends.
pub(crate) struct Turn {
    path: PathBuf,
    file: File,
}

impl Turn {
    /// Takes it, when others that only note something have let it go.
    ///
    /// # Errors
    /// [`Failure::Plan`] that names who holds it; another one where nothing can be written beside the plan.
    pub(crate) fn take(plan: &Path) -> Result<Self, Failure> {
        let mut path = plan.as_os_str().to_owned();
        path.push(SUFFIX);
        let path = PathBuf::from(path);
        let unwritable = |source: io::Error| Failure::Unwritable {
            // Where there is no folder for it, there is none for the plan.
            path: match source.kind() {
                io::ErrorKind::NotFound => plan.to_owned(),
                _ => path.clone(),
            },
            source,
        };
        let began = Instant::now();
        loop {
            let mut options = File::options();
            options.read(true).write(true).create(true).truncate(false);
            let file = options.open(&path).map_err(unwritable)?;
            match file.try_lock() {
                // Whoever had it has taken the file away: a lock on that holds nobody off.
                Ok(()) if !is_at(&file, &path) => {}
                Ok(()) => {
                    let who = voice::applied::holder(std::process::id(), moment(None)?);
                    // From here on it is taken away, be it that nothing can be written to it.
                    let mut turn = Self {
                        path: path.clone(),
                        file,
                    };
                    let file = &mut turn.file;
                    let said = file
                        .set_len(0)
                        .and_then(|()| file.write_all(who.as_bytes()));
                    said.map_err(unwritable)?;
                    return Ok(turn);
                }
                Err(TryLockError::WouldBlock) if began.elapsed() < PATIENCE => {
                    std::thread::sleep(PAUSE);
                }
                Err(TryLockError::WouldBlock) => {
                    let mut who = String::new();
                    // Where it cannot be read, it is told that there is somebody.
                    let _ = file.take(MAX_BYTES).read_to_string(&mut who);
                    return Err(Failure::Plan {
                        path: plan.to_owned(),
                        why: voice::applied::taken(&who),
                    });
                }
                Err(TryLockError::Error(source)) => return Err(unreadable(&path, source)),
            }
        }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        // While it is locked: nobody else has it by then.
        let _ = fs::remove_file(&self.path);
    }
}

/// Whether a file that was opened is the one at a path still.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let place =
        |facts: io::Result<fs::Metadata>| facts.map(|facts| (facts.dev(), facts.ino())).ok();
    place(file.metadata()) == place(fs::metadata(path))
}

/// A file that is open is not taken away there.
#[cfg(not(unix))]
fn is_at(_: &File, _: &Path) -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_command_works_with_a_plan_at_a_time_and_nothing_is_left_of_it() {
        let folder = tempfile::tempdir().unwrap();
        let plan = folder.path().join("plan.json");
        // What a command that was killed has left is no hindrance.
        fs::write(folder.path().join("plan.json.applying"), "process 1").unwrap();
        let turn = Turn::take(&plan).unwrap();
        let Err(Failure::Plan { why, .. }) = Turn::take(&plan) else {
            panic!("two at a time");
        };
        let own = format!("process {}", std::process::id());
        assert!(why.contains(&own), "{why}");
        drop(turn);
        let turns: Vec<_> = (0..8)
            .map(|_| {
                let plan = plan.clone();
                std::thread::spawn(move || Turn::take(&plan).map(drop).is_ok())
            })
            .collect();
        for turn in turns {
            assert!(turn.join().unwrap());
        }
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
