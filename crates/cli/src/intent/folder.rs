//! The files of one folder. Subfolders are left to `scan`.

use std::fs;
use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// What lies in a folder.
pub(super) struct Folder {
    /// Its regular files, and links to such, by name; at least one.
    pub(super) files: Vec<PathBuf>,
    /// What is neither a file nor a folder: links that lead nowhere, sockets, pipes, devices.
    pub(super) left_out: Vec<PathBuf>,
}

/// Looks into a folder.
///
/// # Errors
/// When it cannot be read, holds no file, or more than `most`.
pub(super) fn folder(path: &Path, most: usize) -> Result<Folder, Failure> {
    let unreadable = |source| Failure::Unreadable {
        path: path.to_path_buf(),
        source,
    };
    let mut folder = Folder {
        files: Vec::new(),
        left_out: Vec::new(),
    };
    for entry in fs::read_dir(path).map_err(unreadable)? {
        let file = entry.map_err(unreadable)?.path();
        if file.is_file() {
            folder.files.push(file);
        } else if !file.is_dir() {
            folder.left_out.push(file);
        }
        if folder.files.len() + folder.left_out.len() > most {
            return Err(Failure::CrowdedFolder {
                path: path.to_path_buf(),
                limit: most,
            });
        }
    }
    folder.files.sort();
    folder.left_out.sort();
    if folder.files.is_empty() {
        return Err(Failure::EmptyFolder(path.to_path_buf()));
    }
    Ok(folder)
}
