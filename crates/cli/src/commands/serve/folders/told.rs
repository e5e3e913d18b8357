//! Events as Linux tells them (inotify(7)).

use std::collections::{BTreeSet, HashMap};
use std::ffi::OsString;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;

use nix::sys::inotify::{AddWatchFlags, InitFlags, Inotify, InotifyEvent, WatchDescriptor};
use tokio::sync::mpsc::{self, Receiver};

use super::way::Ways;

/// Readings that wait; what happens beyond them waits in the system's queue.
const WAITING: usize = 16;

/// What happens to files, as far as the system tells.
#[derive(Debug)]
pub(in super::super) struct Folders {
    inotify: Arc<Inotify>,
    events: Receiver<Vec<InotifyEvent>>,
    names: HashMap<WatchDescriptor, BTreeSet<OsString>>,
    /// Whether every folder is watched, and is where it was.
    is_whole: bool,
}

impl Folders {
    /// Watches none. A thread reads the events, for as long as somebody wants them.
    pub(in super::super) fn new() -> io::Result<Self> {
        let inotify = Arc::new(Inotify::init(InitFlags::IN_CLOEXEC)?);
        let (sender, events) = mpsc::channel(WAITING);
        let read = Arc::clone(&inotify);
        thread::Builder::new()
            .name("folders".to_owned())
            .spawn(move || {
                while let Ok(events) = read.read_events()
                    && sender.blocking_send(events).is_ok()
                {}
            })?;
        Ok(Self {
            inotify,
            events,
            names: HashMap::new(),
            is_whole: false,
        })
    }

    /// Watches the folders of files, and no others any more.
    pub(in super::super) fn watch<'a>(&mut self, files: impl IntoIterator<Item = &'a PathBuf>) {
        let happens = AddWatchFlags::IN_CREATE
            | AddWatchFlags::IN_MOVE
            | AddWatchFlags::IN_DELETE
            | AddWatchFlags::IN_CLOSE_WRITE
            | AddWatchFlags::IN_ATTRIB
            | AddWatchFlags::IN_DELETE_SELF
            | AddWatchFlags::IN_MOVE_SELF
            | AddWatchFlags::IN_ONLYDIR;
        let mut watched: HashMap<_, BTreeSet<OsString>> = HashMap::new();
        self.is_whole = true;
        for (folder, names) in Ways::to(files).folders() {
            // A folder of two names is one.
            match self.inotify.add_watch(&folder, happens) {
                Ok(watch) => watched.entry(watch).or_default().extend(names),
                Err(_) => self.is_whole = false,
            }
        }
        for left in self.names.keys().filter(|it| !watched.contains_key(it)) {
            // One that is gone has ended by itself.
            let _ = self.inotify.rm_watch(*left);
        }
        self.names = watched;
    }

    /// Whether everything that happens is told.
    pub(in super::super) fn tell_all(&self) -> bool {
        self.is_whole && !self.events.is_closed()
    }

    /// Ends when something happened to a file; never, where the system does not tell.
    pub(in super::super) async fn told(&mut self) {
        while let Some(events) = self.events.recv().await {
            let mut is_told = false;
            for event in events {
                is_told |= self.matters(&event);
            }
            if is_told {
                return;
            }
        }
        std::future::pending::<()>().await;
    }

    /// Whether an event may be about a file.
    fn matters(&mut self, event: &InotifyEvent) -> bool {
        let ends = AddWatchFlags::IN_DELETE_SELF
            | AddWatchFlags::IN_MOVE_SELF
            | AddWatchFlags::IN_UNMOUNT
            | AddWatchFlags::IN_IGNORED;
        let names = self.names.get(&event.wd);
        let matters = match (&event.name, names) {
            (Some(name), Some(names)) => names.contains(name),
            // The folder itself, and its rights.
            (None, Some(_)) => true,
            (_, None) => event.mask.contains(AddWatchFlags::IN_Q_OVERFLOW),
        };
        self.is_whole &= !(matters && event.mask.intersects(ends));
        matters
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;
    use std::path::Path;
    use std::time::Duration;

    use super::*;

    fn within<T>(what: impl Future<Output = T>) -> T {
        let mut builder = tokio::runtime::Builder::new_current_thread();
        let runtime = builder.enable_time().build().unwrap();
        let patience = Duration::from_secs(20);
        let done = runtime.block_on(async { tokio::time::timeout(patience, what).await });
        done.unwrap()
    }

    /// Whether what is done matters to a file. Events come in their order: what comes before one that is caused last
    /// is all that there is.
    fn is_told(file: &Path, act: impl FnOnce()) -> bool {
        let last = tempfile::tempdir().unwrap();
        let (file, last) = (file.to_path_buf(), last.path().join("last"));
        let mut folders = Folders::new().unwrap();
        folders.watch([&file, &last]);
        assert!(folders.tell_all());
        act();
        fs::write(&last, "").unwrap();
        within(async {
            let mut is_told = false;
            loop {
                for event in folders.events.recv().await.unwrap() {
                    if event.name.as_deref().is_some_and(|name| name == "last") {
                        return is_told;
                    }
                    is_told |= folders.matters(&event);
                }
            }
        })
    }

    #[test]
    fn a_swap_as_kubernetes_makes_it_is_told_and_what_lies_beside_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        for version in ["..v1", "..v2"] {
            fs::create_dir(at(version)).unwrap();
            fs::write(at(version).join("tls.crt"), version).unwrap();
        }
        symlink("..v1", at("..data")).unwrap();
        symlink("..data/tls.crt", at("tls.crt")).unwrap();
        let swap = || {
            symlink("..v2", at("..new")).unwrap();
            fs::rename(at("..new"), at("..data")).unwrap();
        };
        let beside = || {
            fs::write(at("access.log"), "a line").unwrap();
            fs::write(at("..v1/tls.crt"), "nobody is led there any more").unwrap();
        };
        assert!(is_told(&at("tls.crt"), swap));
        assert!(!is_told(&at("tls.crt"), beside));
        let in_place = || fs::write(at("..v2/tls.crt"), "in place").unwrap();
        assert!(is_told(&at("tls.crt"), in_place));
    }

    #[test]
    fn where_a_folder_goes_away_not_everything_is_told_any_more() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("inner");
        fs::create_dir(&inner).unwrap();
        let mut folders = Folders::new().unwrap();
        folders.watch([&inner.join("file")]);
        assert!(folders.tell_all());
        fs::rename(&inner, folder.path().join("other")).unwrap();
        within(folders.told());
        assert!(!folders.tell_all());
        // It is not there.
        folders.watch([&inner.join("file")]);
        assert!(!folders.tell_all());
    }

    #[test]
    fn what_is_not_followed_any_more_tells_nothing() {
        let [one, two] = [(); 2].map(|()| tempfile::tempdir().unwrap());
        let mut folders = Folders::new().unwrap();
        folders.watch([&one.path().join("file")]);
        folders.watch([&two.path().join("file")]);
        assert!(folders.tell_all());
        fs::write(one.path().join("file"), "").unwrap();
        fs::write(two.path().join("file"), "").unwrap();
        within(async {
            // The end of the first watch is none of the second.
            folders.told().await;
            assert!(folders.tell_all());
        });
    }
}
