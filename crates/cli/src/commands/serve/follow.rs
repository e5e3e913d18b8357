//! What is known of a file without reading it.

use std::fs::Metadata;
use std::path::Path;
use std::time::SystemTime;

/// What the system says of a file that is there. A link is followed, so that a link of a link that is set anew, as
/// Kubernetes does with `..data`, is seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stamp(Option<Facts>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Facts {
    length: u64,
    modified: Option<SystemTime>,
    #[cfg(unix)]
    place: (u64, u64),
    /// The moment that nobody can set (inode(7)): it tells of what was copied with its old date, and of who may read
    /// the file now.
    #[cfg(unix)]
    touched: (i64, i64),
}

impl Stamp {
    pub(super) fn of(file: &Path) -> Self {
        Self(file.metadata().ok().map(|facts| Facts::of(&facts)))
    }
}

impl Facts {
    fn of(facts: &Metadata) -> Self {
        #[cfg(unix)]
        use std::os::unix::fs::MetadataExt as _;
        Self {
            length: facts.len(),
            modified: facts.modified().ok(),
            #[cfg(unix)]
            place: (facts.dev(), facts.ino()),
            #[cfg(unix)]
            touched: (facts.ctime(), facts.ctime_nsec()),
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs::{self, File, Permissions};
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use super::*;

    #[test]
    fn a_file_that_goes_and_comes_is_another() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a");
        let before = Stamp::of(&file);
        fs::write(&file, "1").unwrap();
        let there = Stamp::of(&file);
        assert_ne!(there, before);
        assert_eq!(there, Stamp::of(&file));
        fs::remove_file(&file).unwrap();
        assert_eq!(Stamp::of(&file), before);
    }

    #[test]
    fn a_link_that_is_set_anew_in_the_middle_of_a_path_is_seen() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        for version in ["v1", "v2"] {
            fs::create_dir(at(version)).unwrap();
            fs::write(at(version).join("tls.crt"), "same length").unwrap();
        }
        symlink("v1", at("..data")).unwrap();
        symlink("..data/tls.crt", at("tls.crt")).unwrap();
        let before = Stamp::of(&at("tls.crt"));
        symlink("v2", at("..new")).unwrap();
        fs::rename(at("..new"), at("..data")).unwrap();
        assert_ne!(Stamp::of(&at("tls.crt")), before);
    }

    #[test]
    fn other_bytes_with_the_old_date_and_other_rights_are_seen() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a");
        let date = SystemTime::UNIX_EPOCH;
        let put = |text: &str| {
            fs::write(&file, text).unwrap();
            File::options()
                .write(true)
                .open(&file)
                .unwrap()
                .set_modified(date)
                .unwrap();
            Stamp::of(&file)
        };
        // The clock of a file system moves on every few milliseconds.
        let differs =
            |before: &Stamp, act: &dyn Fn() -> Stamp| (0..1_000_000).any(|_| act() != *before);
        let before = put("one");
        assert!(differs(&before, &|| put("two")));
        let before = put("one");
        assert!(differs(&before, &|| {
            fs::set_permissions(&file, Permissions::from_mode(0o600)).unwrap();
            Stamp::of(&file)
        }));
    }
}
