//! Files and folders of one owner, and whose they are. A server keeps its certificates as a user of its own, and whoever renews them beside it may be
//! root: what root makes in a folder of somebody's is that one's, as it could neither be read nor written any more.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::Path;

/// Gives what was made just now to whom the folder is of that it is in. Who is not root may give nothing away, and what they
/// make stays theirs.
///
/// # Errors
/// Those of the system.
#[cfg(unix)]
fn give(made: &Path) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt as _, lchown};
    let folder = match made.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let (owner, ours) = (folder.metadata()?, made.symlink_metadata()?);
    if owner.uid() == ours.uid() {
        return Ok(());
    }
    // No link is followed: whose folder it is could put one there.
    match lchown(made, Some(owner.uid()), Some(owner.gid())) {
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => Ok(()),
        given => given,
    }
}

/// Elsewhere what is in a folder is whose the folder is.
#[cfg(not(unix))]
#[allow(clippy::unnecessary_wraps, reason = "elsewhere it may fail")]
fn give(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Makes a folder that only its owner reads, with those above it. It belongs to whom the folder belongs that it is made in.
///
/// # Errors
/// Those of the system.
pub fn private_folder(folder: &Path) -> io::Result<()> {
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
    missing.into_iter().rev().try_for_each(give)
}

/// A file to be locked, made where there is none, for its owner alone. It belongs to whom its folder belongs.
///
/// # Errors
/// Those of the system.
pub fn lock_file(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let file = options.open(path)?;
    give(path)?;
    Ok(file)
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
    give(file.path())?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}
