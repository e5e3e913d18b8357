//! Files and folders of one owner, and whose they are. A server keeps its certificates as a user of its own, and whoever renews them beside it may be
//! root: what root makes in a folder of somebody's is that one's, as it could neither be read nor written any more.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::Path;

#[cfg(unix)]
use keyway_report::escape;

/// Gives a folder that was made just now to whom the folder is of that it is in. Who is not root may give nothing away, and
/// what they make stays theirs.
///
/// # Errors
/// Those of the system.
#[cfg(unix)]
fn give_folder(made: &Path) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt as _, lchown};
    let (owner, ours) = (holding(made).metadata()?, made.symlink_metadata()?);
    if owner.uid() == ours.uid() {
        return Ok(());
    }
    // No link is followed: whose folder it is could put one there.
    let_be(lchown(made, Some(owner.uid()), Some(owner.gid())))
}

/// The same of a file that is open: whatever is called like it by now.
#[cfg(unix)]
fn give(made: &File, path: &Path) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt as _, fchown};
    let (owner, ours) = (holding(path).metadata()?, made.metadata()?);
    if owner.uid() == ours.uid() {
        return Ok(());
    }
    let_be(fchown(made, Some(owner.uid()), Some(owner.gid())))
}

/// The folder that something is in.
#[cfg(unix)]
fn holding(made: &Path) -> &Path {
    match made.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

#[cfg(unix)]
fn let_be(given: io::Result<()>) -> io::Result<()> {
    match given {
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => Ok(()),
        given => given,
    }
}

/// Elsewhere what is in a folder is whose the folder is.
#[cfg(not(unix))]
#[allow(clippy::unnecessary_wraps, reason = "elsewhere it may fail")]
fn give_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

/// The same of a file.
#[cfg(not(unix))]
#[allow(clippy::unnecessary_wraps, reason = "elsewhere it may fail")]
fn give(_: &File, _: &Path) -> io::Result<()> {
    Ok(())
}

/// Refuses root a folder that is come to by somebody's link and is not that one's: they could have root write anywhere. It is
/// looked at itself, and the one that it is in.
#[cfg(unix)]
fn is_no_trap(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::MetadataExt as _;
    if !nix::unistd::geteuid().is_root() {
        return Ok(());
    }
    for place in folder.ancestors().take(2) {
        let Ok(link) = place.symlink_metadata() else {
            continue;
        };
        let is_roots = link.uid() == 0;
        let is_theirs = || place.metadata().is_ok_and(|it| it.uid() == link.uid());
        if link.is_symlink() && !is_roots && !is_theirs() {
            let place = escape::text(&place.to_string_lossy());
            return Err(io::Error::other(format!(
                "user {} made a link of {place} that leads to no folder of theirs: take it away",
                link.uid()
            )));
        }
    }
    Ok(())
}

/// Elsewhere root is nobody.
#[cfg(not(unix))]
#[allow(clippy::unnecessary_wraps, reason = "elsewhere it may fail")]
fn is_no_trap(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Makes a folder that only its owner reads, with those above it. It belongs to whom the folder belongs that it is made in.
///
/// # Errors
/// Those of the system, and root is led elsewhere by a link of somebody's.
pub fn private_folder(folder: &Path) -> io::Result<()> {
    is_no_trap(folder)?;
    let above = folder.ancestors();
    let missing = above.take_while(|it| !it.as_os_str().is_empty() && !it.exists());
    let missing: Vec<&Path> = missing.collect();
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder.create(folder)?;
    missing.into_iter().rev().try_for_each(give_folder)
}

/// How often a file to be locked is looked for that comes and goes.
const LOOKS: usize = 3;

/// A file to be locked, made where there is none, for its owner alone. It belongs to whom its folder belongs. What a link leads
/// to is none.
///
/// # Errors
/// Those of the system.
pub fn lock_file(path: &Path) -> io::Result<File> {
    let mut made = File::options();
    made.read(true).write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        made.mode(0o600);
    }
    let mut last = io::ErrorKind::NotFound.into();
    for _ in 0..LOOKS {
        // What is made anew is made at no link's end.
        match made.open(path) {
            Ok(file) => {
                give(&file, path)?;
                return Ok(file);
            }
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
            Err(_) => {}
        }
        let is_link = path.symlink_metadata().is_ok_and(|it| it.is_symlink());
        if is_link {
            return Err(io::Error::other("this is a link, and no file to be locked"));
        }
        match File::options().read(true).write(true).open(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => last = error,
            opened => return opened,
        }
    }
    Err(last)
}

/// How the name of a file begins until it is whole.
pub(crate) const UNFINISHED: &str = ".keyway-";

/// Writes a file whole or not at all. It belongs to whom its folder belongs.
///
/// # Errors
/// Those of the system; what was there is there then.
pub fn write(path: &Path, bytes: &[u8], mode: u32) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::Builder::new()
        .prefix(UNFINISHED)
        .tempfile_in(folder)?;
    file.write_all(bytes)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let permissions = fs::Permissions::from_mode(mode);
        file.as_file().set_permissions(permissions)?;
    }
    #[cfg(not(unix))]
    let _ = mode;
    give(file.as_file(), file.path())?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::{MetadataExt as _, lchown, symlink};

    use super::*;

    /// A user that owns nothing else here.
    const OTHER: u32 = 65_534;

    #[test]
    fn a_lock_is_made_at_no_links_end() {
        let stage = tempfile::tempdir().unwrap();
        let (lock, planted) = (stage.path().join("lock"), stage.path().join("planted"));
        symlink(&planted, &lock).unwrap();
        assert!(lock_file(&lock).is_err());
        assert!(!planted.exists());
        fs::remove_file(&lock).unwrap();
        lock_file(&lock).unwrap();
        assert_eq!(lock.metadata().unwrap().mode() & 0o777, 0o600);
        lock_file(&lock).unwrap();
    }

    #[test]
    fn root_follows_no_link_of_somebodys_to_what_is_not_that_ones() {
        if !nix::unistd::geteuid().is_root() {
            return;
        }
        let stage = tempfile::tempdir().unwrap();
        let (theirs, roots) = (stage.path().join("theirs"), stage.path().join("roots"));
        for folder in [&theirs, &roots] {
            fs::create_dir(folder).unwrap();
        }
        lchown(&theirs, Some(OTHER), None).unwrap();
        for (to, by, is_followed) in [
            (&roots, OTHER, false),
            (&theirs, OTHER, true),
            (&roots, 0, true),
        ] {
            let link = stage.path().join("link");
            symlink(to, &link).unwrap();
            lchown(&link, Some(by), None).unwrap();
            for folder in [link.clone(), link.join("1")] {
                assert_eq!(
                    private_folder(&folder).is_ok(),
                    is_followed,
                    "{folder:?}, {by}"
                );
            }
            assert!(!roots.join("1").exists() || is_followed);
            fs::remove_file(&link).unwrap();
        }
        // What is made in it is that one's.
        assert_eq!(theirs.join("1").metadata().unwrap().uid(), OTHER);
        let file = theirs.join("file");
        write(&file, b"text", 0o600).unwrap();
        lock_file(&theirs.join("lock")).unwrap();
        for made in [file, theirs.join("lock")] {
            assert_eq!(made.metadata().unwrap().uid(), OTHER, "{made:?}");
        }
    }
}
