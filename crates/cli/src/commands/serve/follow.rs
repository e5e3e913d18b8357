//! Whether files changed.

use std::fs::Metadata;
use std::path::PathBuf;
use std::time::SystemTime;

/// What the system says of a file without reading it. A link is followed, so that a link of a link that is set
/// anew, as Kubernetes does with `..data`, is seen.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Stamp {
    length: u64,
    modified: Option<SystemTime>,
    #[cfg(unix)]
    place: (u64, u64),
}

impl Stamp {
    fn of(facts: &Metadata) -> Self {
        #[cfg(unix)]
        use std::os::unix::fs::MetadataExt as _;
        Self {
            length: facts.len(),
            modified: facts.modified().ok(),
            #[cfg(unix)]
            place: (facts.dev(), facts.ino()),
        }
    }
}

type Stamps = Vec<Option<Stamp>>;

/// Files that are looked at again and again: events get lost, on network file systems and in containers.
pub(super) struct Watch {
    files: Vec<PathBuf>,
    /// As they were when they were read.
    read: Stamps,
    /// As they were at the last look.
    seen: Stamps,
}

impl Watch {
    pub(super) fn of(files: Vec<PathBuf>) -> Self {
        let read = stamps(&files);
        Self {
            seen: read.clone(),
            read,
            files,
        }
    }

    /// Looks at these from now on. Those that were looked at before count as read as they were at the last look.
    pub(super) fn of_these(self, files: Vec<PathBuf>) -> Self {
        let now = stamps(&files);
        let known = |file: &PathBuf| self.files.iter().position(|known| known == file);
        let read: Stamps = files
            .iter()
            .zip(now)
            .map(|(file, now)| known(file).map_or(now, |at| self.seen[at].clone()))
            .collect();
        Self {
            seen: read.clone(),
            read,
            files,
        }
    }

    /// Forgets how those were that changed since a moment: they may have been read before they did.
    pub(super) fn forget_since(&mut self, moment: SystemTime) {
        for read in &mut self.read {
            let modified = read.as_ref().and_then(|stamp| stamp.modified);
            if modified.is_some_and(|modified| modified >= moment) {
                *read = None;
            }
        }
    }

    /// Looks at them, as they are about to be read.
    pub(super) fn look(&mut self) {
        self.seen = stamps(&self.files);
    }

    /// Whether files changed since they were read and did not since the last look: who writes is done, for now.
    pub(super) fn changed(&mut self) -> bool {
        let now = stamps(&self.files);
        let is_still = now == self.seen;
        self.seen = now;
        is_still && self.seen != self.read
    }
}

fn stamps(files: &[PathBuf]) -> Stamps {
    let stamp = |file: &PathBuf| file.metadata().ok().map(|facts| Stamp::of(&facts));
    files.iter().map(stamp).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_counts_when_it_is_over() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a");
        std::fs::write(&file, "1").unwrap();
        let mut watch = Watch::of(vec![file.clone()]);
        assert!(!watch.changed());
        std::fs::write(&file, "12").unwrap();
        assert!(!watch.changed(), "it may be written on");
        std::fs::write(&file, "123").unwrap();
        assert!(!watch.changed(), "it was");
        assert!(watch.changed());
        watch = watch.of_these(vec![file]);
        assert!(!watch.changed());
    }

    #[test]
    fn what_changed_while_it_was_read_is_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a");
        std::fs::write(&file, "1").unwrap();
        let modified = file.metadata().unwrap().modified().unwrap();
        let mut watch = Watch::of(vec![file]);
        watch.forget_since(modified + std::time::Duration::from_secs(1));
        assert!(!watch.changed());
        watch.forget_since(modified);
        assert!(watch.changed());
    }

    #[test]
    fn what_was_read_unasked_is_not_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a");
        std::fs::write(&file, "1").unwrap();
        let mut watch = Watch::of(vec![file.clone()]);
        std::fs::write(&file, "12").unwrap();
        watch.look();
        watch = watch.of_these(vec![file]);
        assert!(!watch.changed());
        assert!(!watch.changed());
    }

    #[test]
    fn a_file_that_goes_and_comes_changed() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a");
        let mut watch = Watch::of(vec![file.clone()]);
        std::fs::write(&file, "1").unwrap();
        assert!(!watch.changed());
        assert!(watch.changed());
        watch = watch.of_these(vec![file.clone()]);
        std::fs::remove_file(&file).unwrap();
        assert!(!watch.changed());
        assert!(watch.changed());
    }

    #[cfg(unix)]
    #[test]
    fn a_link_that_is_set_anew_in_the_middle_of_a_path_is_seen() {
        use std::os::unix::fs::symlink;
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        for version in ["v1", "v2"] {
            std::fs::create_dir(at(version)).unwrap();
            std::fs::write(at(version).join("tls.crt"), "same length").unwrap();
        }
        symlink("v1", at("..data")).unwrap();
        symlink("..data/tls.crt", at("tls.crt")).unwrap();
        let mut watch = Watch::of(vec![at("tls.crt")]);
        symlink("v2", at("..new")).unwrap();
        std::fs::rename(at("..new"), at("..data")).unwrap();
        watch.changed();
        assert!(watch.changed());
    }
}
