//! Whose what is written is. A server keeps its certificates as a user of its own, and whoever renews them beside it may be
//! root: what root makes in a folder of somebody's is that one's, as it could neither be read nor written any more.

use std::io;
use std::path::Path;

/// Gives what was made just now to whom the folder is of that it is in. Who is not root may give nothing away, and what they
/// make stays theirs.
///
/// # Errors
/// Those of the system.
#[cfg(unix)]
pub(crate) fn give(made: &Path) -> io::Result<()> {
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
pub(crate) fn give(_: &Path) -> io::Result<()> {
    Ok(())
}
