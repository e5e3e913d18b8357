//! What a server may read once it has begun, where the kernel keeps it to that (Landlock, landlock(7)).

use std::collections::VecDeque;
use std::env;
use std::fs::File;
use std::io;
use std::path::{Component, Path, PathBuf};

use keyway_config::Service;
use keyway_config::model::Secret;

/// Links on one way, at most: Linux's own limit (path_resolution(7)).
const MOST_LINKS: usize = 40;

/// What the system itself is made of: libraries, names, users, CAs, the time zone.
const SYSTEM: &[&str] = &["/etc", "/lib", "/lib64", "/usr", "/nix/store", "/gnu/store"];

/// Files of the system that lead elsewhere on some systems: who answers for names, and CAs.
const LEADING: &[&str] = &[
    "/etc/resolv.conf",
    "/etc/ssl/certs",
    "/etc/ssl/cert.pem",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
];

/// Variables that say where the system's CAs are.
const CAS: &[&str] = &["SSL_CERT_FILE", "SSL_CERT_DIR"];

/// Folders whose links are the system's (`/lib`, `/var/run`): nobody sets these anew for a certificate.
const STILL: &[&str] = &["/", "/var"];

/// Why there is none.
#[derive(Debug)]
#[cfg_attr(
    not(target_os = "linux"),
    allow(dead_code, reason = "only Linux refuses")
)]
pub(crate) enum NoSandbox {
    /// It was not wanted.
    Unwanted,
    /// The service file has a program that prints a password: nobody knows what that needs.
    Program,
    /// The system has nothing of the kind.
    System,
    /// The system has, and refused.
    Refused(String),
}

/// What is in force.
#[derive(Debug)]
pub(crate) struct Sandbox {
    /// The folders, and single files, that may be read: without links, the outermost ones.
    pub(crate) reads: Vec<PathBuf>,
    /// What they were when it began: it goes by that, and not by their names.
    began: Vec<Option<Identity>>,
}

/// A file or folder, whatever its name: device and inode.
type Identity = (u64, u64);

#[cfg(unix)]
fn identity(path: &Path) -> Option<Identity> {
    use std::os::unix::fs::MetadataExt as _;
    let facts = path.metadata().ok()?;
    Some((facts.dev(), facts.ino()))
}

#[cfg(not(unix))]
fn identity(_: &Path) -> Option<Identity> {
    None
}

impl Sandbox {
    /// Keeps this thread, and those that it starts from now on, to reading: what the system is made of, and the
    /// folders of these files and of every link on the way to them, so that a link may be set anew.
    pub(super) fn enter(files: &[PathBuf], service: &Service) -> Result<Self, NoSandbox> {
        if starts_programs(service) {
            return Err(NoSandbox::Program);
        }
        let variables = CAS.iter().filter_map(env::var_os);
        let cas = variables.flat_map(|list| env::split_paths(&list).collect::<Vec<_>>());
        let system = SYSTEM.iter().map(PathBuf::from);
        let leading = LEADING.iter().map(PathBuf::from).chain(cas);
        let ways = leading.chain(files.iter().cloned());
        let reads = outermost(system.chain(ways.flat_map(|file| folders(&file))));
        let began = reads.iter().map(|read| identity(read)).collect();
        restrict(&reads)?;
        Ok(Self { reads, began })
    }

    /// Those of `reads` in whose place something else stands now: it is kept out.
    pub(crate) fn replaced(&self) -> impl Iterator<Item = &Path> {
        let both = self.reads.iter().zip(&self.began);
        let replaced = both.filter(|(read, began)| identity(read) != **began);
        replaced.map(|(read, _)| read.as_path())
    }

    /// Those of these files that are there and that it keeps out.
    pub(super) fn keeps_out(&self, files: &[PathBuf]) -> Vec<PathBuf> {
        let replaced: Vec<&Path> = self.replaced().collect();
        let mut open = self.reads.clone();
        open.retain(|read| !replaced.contains(&read.as_path()));
        let is_kept_out = |path: &&PathBuf| {
            let denied = File::open(path).err();
            let is_denied =
                denied.is_some_and(|error| error.kind() == io::ErrorKind::PermissionDenied);
            is_denied && !open.iter().any(|read| way(path).0.starts_with(read))
        };
        files.iter().filter(is_kept_out).cloned().collect()
    }
}

/// Whether a password comes from a program.
pub(super) fn starts_programs(service: &Service) -> bool {
    let own = service.tls.certificates.iter();
    let passwords = own.map(|own| &own.password).chain([&service.tls.password]);
    passwords
        .flatten()
        .any(|secret| matches!(secret, Secret::Command(_)))
}

/// Where a path ends, without links, and the folders of the links on the way.
fn way(path: &Path) -> (PathBuf, Vec<PathBuf>) {
    let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    let parts = |path: &Path| -> Vec<PathBuf> {
        let parts = path
            .components()
            .map(|part| PathBuf::from(part.as_os_str()));
        parts.collect()
    };
    let mut left: VecDeque<PathBuf> = parts(&whole).into();
    let (mut at, mut links) = (PathBuf::new(), Vec::new());
    while let Some(part) = left.pop_front() {
        if part.components().next() == Some(Component::ParentDir) {
            at.pop();
            continue;
        }
        let next = at.join(&part);
        match next.read_link() {
            Ok(target) if links.len() < MOST_LINKS => {
                links.push(at.clone());
                parts(&target)
                    .into_iter()
                    .rev()
                    .for_each(|part| left.push_front(part));
            }
            // An absolute target begins anew: `join` does that.
            _ => at = next,
        }
    }
    (at, links)
}

/// What has to be readable so that a file can be read, whatever its links lead to next.
fn folders(path: &Path) -> Vec<PathBuf> {
    let (end, mut folders) = way(path);
    folders.retain(|folder| !STILL.iter().any(|still| folder == Path::new(still)));
    let folder = if end.is_dir() {
        Some(end.as_path())
    } else {
        end.parent()
    };
    // All that there is, for one file, would be no sandbox.
    let folder = folder.filter(|folder| folder.parent().is_some());
    folders.push(folder.unwrap_or(&end).to_path_buf());
    folders
}

/// Those that lie in no other, in order; links of the system itself are followed.
fn outermost(folders: impl Iterator<Item = PathBuf>) -> Vec<PathBuf> {
    let there = folders.filter_map(|folder| folder.canonicalize().ok());
    let mut folders: Vec<PathBuf> = there.collect();
    folders.sort();
    folders.dedup_by(|later, earlier| later.starts_with(earlier.as_path()));
    folders
}

#[cfg(target_os = "linux")]
fn restrict(reads: &[PathBuf]) -> Result<(), NoSandbox> {
    use landlock::{
        ABI, Access as _, AccessFs, Ruleset, RulesetAttr as _, RulesetCreatedAttr as _,
        RulesetError, RulesetStatus, path_beneath_rules,
    };
    // Rights of files alone: whoever connects, listens or is told by a socket in the file system goes on.
    let all = AccessFs::from_all(ABI::V5);
    let entered = || -> Result<RulesetStatus, RulesetError> {
        let rules = path_beneath_rules(reads, AccessFs::ReadFile | AccessFs::ReadDir);
        let ruleset = Ruleset::default().handle_access(all)?.create()?;
        Ok(ruleset.add_rules(rules)?.restrict_self()?.ruleset)
    };
    match entered() {
        Ok(RulesetStatus::NotEnforced) => Err(NoSandbox::System),
        Ok(_) => Ok(()),
        Err(error) => Err(NoSandbox::Refused(error.to_string())),
    }
}

#[cfg(not(target_os = "linux"))]
fn restrict(_: &[PathBuf]) -> Result<(), NoSandbox> {
    Err(NoSandbox::System)
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn a_file_needs_its_folder_and_those_of_the_links_that_lead_to_it() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        for version in ["store/v1", "store/v2", "tls"] {
            fs::create_dir_all(root.join(version)).unwrap();
        }
        fs::write(root.join("store/v1/tls.crt"), "").unwrap();
        symlink("v1", root.join("store/current")).unwrap();
        symlink("../store/current/tls.crt", root.join("tls/tls.crt")).unwrap();
        let file = root.join("tls/tls.crt");
        let needed = outermost(folders(&file).into_iter());
        assert_eq!(needed, [root.join("store"), root.join("tls")]);
        assert_eq!(way(&file).0, root.join("store/v1/tls.crt"));
        // Where the link leads to next is in there already.
        fs::remove_file(root.join("store/current")).unwrap();
        symlink(root.join("store/v2"), root.join("store/current")).unwrap();
        assert!(way(&file).0.starts_with(root.join("store")));
    }

    #[test]
    fn links_that_go_round_end() {
        let folder = tempfile::tempdir().unwrap();
        symlink("b", folder.path().join("a")).unwrap();
        symlink("a", folder.path().join("b")).unwrap();
        assert!(folders(&folder.path().join("a")).len() <= MOST_LINKS + 1);
    }

    #[test]
    fn a_file_in_the_root_does_not_open_all() {
        assert_eq!(
            folders(Path::new("/no-such-file")),
            [Path::new("/no-such-file")]
        );
        assert!(!folders(Path::new("/lib/x")).contains(&PathBuf::from("/")));
    }
}
