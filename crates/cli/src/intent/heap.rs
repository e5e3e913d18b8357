//! The heap of files that was given, read into a bundle.

use std::fs;
use std::path::{Path, PathBuf};

use keyway_chain::read::BlockKind;
use keyway_chain::{Bundle, Input, ReadOptions, read};

use super::files::{GivenFile, read_file, shown};
use super::secrets::Passwords;
use crate::arguments::InputArguments;
use crate::failure::Failure;
use crate::{terminal, voice};

/// Most files that are taken from one folder; `scan` is for more.
const MAX_FOLDER_FILES: usize = read::MAX_INPUTS;

/// What was given: files in memory, and the passwords to open them with.
pub(crate) struct Heap {
    files: Vec<GivenFile>,
    passwords: Passwords,
}

impl Heap {
    /// Reads every file that was named, each once, and the files of every folder.
    pub(crate) fn gather(arguments: &InputArguments) -> Result<Self, Failure> {
        let named = arguments
            .files
            .iter()
            .chain(&arguments.key)
            .chain(&arguments.crl);
        let mut paths: Vec<PathBuf> = Vec::new();
        for path in named {
            if path.is_dir() {
                let inside = folder(path)?;
                terminal::note(&voice::folder_read(path, inside.len()));
                paths.extend(inside);
            } else if !paths.contains(path) {
                paths.push(path.clone());
            }
        }
        let files = paths
            .iter()
            .map(|path| read_file(path).map_err(|refused| refused.at(path)))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            files,
            passwords: Passwords::named(&arguments.password)?,
        })
    }

    /// Reads the files into a bundle. When something in them is encrypted, no password was named
    /// and somebody sits at a terminal, asks for one.
    pub(crate) fn bundle(&mut self) -> Result<Bundle, Failure> {
        let bundle = self.read()?;
        if !self.passwords.is_empty() || !is_locked(&bundle) || !terminal::can_ask() {
            return Ok(bundle);
        }
        match rpassword::prompt_password(voice::password_prompt()) {
            Ok(typed) if !typed.is_empty() => {
                self.passwords.add(typed);
                self.read()
            }
            // No answer is an answer: the report says what stayed closed.
            _ => Ok(bundle),
        }
    }

    fn read(&self) -> Result<Bundle, Failure> {
        let inputs: Vec<Input<'_>> = self.files.iter().map(GivenFile::input).collect();
        let passwords = self.passwords.slices();
        Ok(read(
            &inputs,
            &ReadOptions {
                passwords: &passwords,
            },
        )?)
    }
}

impl GivenFile {
    /// The file, as `keyway-chain` takes it.
    pub(crate) fn input(&self) -> Input<'_> {
        Input {
            name: &self.name,
            bytes: &self.bytes,
        }
    }
}

/// Whether something needs a password.
fn is_locked(bundle: &Bundle) -> bool {
    let blocks = bundle.inputs.iter().flat_map(|input| &input.blocks);
    !bundle.locked_keys.is_empty()
        || blocks.into_iter().any(|block| {
            !block.readable
                && matches!(
                    block.kind,
                    BlockKind::EncryptedPrivateKey | BlockKind::Pkcs12
                )
        })
}

/// The regular files of a folder, by name. Subfolders are left to `scan`.
fn folder(path: &Path) -> Result<Vec<PathBuf>, Failure> {
    let unreadable = |source| Failure::Unreadable {
        path: path.to_path_buf(),
        source,
    };
    let mut files = Vec::new();
    for entry in fs::read_dir(path).map_err(unreadable)? {
        let file = entry.map_err(unreadable)?.path();
        if file.is_file() {
            files.push(file);
        }
        if files.len() > MAX_FOLDER_FILES {
            return Err(Failure::CrowdedFolder {
                path: path.to_path_buf(),
                limit: MAX_FOLDER_FILES,
            });
        }
    }
    files.sort();
    if files.is_empty() {
        return Err(Failure::EmptyFolder(path.to_path_buf()));
    }
    Ok(files)
}

/// The files of a command, for showing it again.
pub(crate) fn named(arguments: &InputArguments) -> Vec<String> {
    let paths = arguments
        .files
        .iter()
        .chain(&arguments.key)
        .chain(&arguments.crl);
    paths.map(|path| shown(path)).collect()
}
