//! The heap of files that was given, read into a bundle.

use std::path::{Path, PathBuf};

use keyway_chain::read::{BlockKind, InputFacts};
use keyway_chain::rules::Kind;
use keyway_chain::{Bundle, Input, ReadOptions, read};

use super::files::{GivenFile, read_file};
use super::folder::{Folder, folder};
use super::secrets::Passwords;
use crate::arguments::InputArguments;
use crate::failure::{Failure, Wanted};
use crate::{terminal, voice};

/// Most files that are taken from one folder; `scan` is for more.
const MAX_FOLDER_FILES: usize = read::MAX_INPUTS;

/// Most passwords that are asked for at a terminal, as sudo(8) and login(1) do.
const MOST_ATTEMPTS: usize = 3;

/// What was given: files in memory, and the passwords to open them with.
pub(crate) struct Heap {
    files: Vec<GivenFile>,
    promises: Vec<Promise>,
    passwords: Passwords,
}

/// What an option says of a file: that a key, or a revocation list, is in it.
struct Promise {
    what: Wanted,
    /// The path as it was given.
    path: PathBuf,
    /// Whether that is a folder.
    is_folder: bool,
    /// The files that it stands for: one, or those of a folder.
    files: Vec<usize>,
}

impl Heap {
    /// Reads every file that was named, each once, and the files of every folder.
    pub(crate) fn gather(arguments: &InputArguments) -> Result<Self, Failure> {
        let promised = |paths: &[PathBuf], what| -> Vec<(PathBuf, Option<Wanted>)> {
            paths.iter().map(|path| (path.clone(), what)).collect()
        };
        let mut named = promised(&arguments.files, None);
        named.extend(promised(&arguments.key, Some(Wanted::Key)));
        named.extend(promised(&arguments.crl, Some(Wanted::Crl)));
        let mut paths: Vec<PathBuf> = Vec::new();
        let mut promises = Vec::new();
        let mut folders = Vec::new();
        for (path, what) in named {
            let is_folder = path.is_dir();
            let inside = if is_folder {
                let inside = folder(&path, MAX_FOLDER_FILES)?;
                say(&path, &inside, &mut folders);
                inside.files
            } else {
                vec![path.clone()]
            };
            let files = inside.into_iter().map(|file| place(&mut paths, file));
            let files = files.collect();
            promises.extend(what.map(|what| Promise {
                what,
                path,
                is_folder,
                files,
            }));
        }
        let files = paths
            .iter()
            .map(|path| read_file(path).map_err(|refused| refused.at(path)))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            files,
            promises,
            passwords: Passwords::named(&arguments.password)?,
        })
    }

    /// The same with a text in front that comes from no file.
    pub(crate) fn with(mut self, name: &str, text: &str) -> Self {
        let given = GivenFile {
            name: name.to_owned(),
            bytes: text.as_bytes().to_vec().into(),
        };
        self.files.insert(0, given);
        for file in self
            .promises
            .iter_mut()
            .flat_map(|promise| &mut promise.files)
        {
            *file += 1;
        }
        self
    }

    /// Reads the files into a bundle. When something in them is encrypted, no password was named
    /// and somebody sits at a terminal, asks for one.
    pub(crate) fn bundle(&mut self) -> Result<Bundle, Failure> {
        let bundle = self.read()?;
        self.keeps_promises(&bundle)?;
        if !self.passwords.is_empty() || !is_locked(&bundle) || !terminal::can_ask() {
            return Ok(bundle);
        }
        self.ask(bundle)
    }

    /// Asks until everything is open, or nobody answers: the report says what stayed closed. What was
    /// typed before stays, since two things may have two passwords.
    fn ask(&mut self, mut bundle: Bundle) -> Result<Bundle, Failure> {
        for attempt in 0..MOST_ATTEMPTS {
            if !is_locked(&bundle) {
                break;
            }
            match rpassword::prompt_password(voice::password_prompt(attempt)) {
                Ok(typed) if !typed.is_empty() => {
                    self.passwords.add(typed);
                    bundle = self.read()?;
                }
                _ => break,
            }
        }
        Ok(bundle)
    }

    /// Whether every `--key` has a key in it and every `--crl` a list, readable or not: what is
    /// broken is a finding, what was never there is a slip of the hand.
    fn keeps_promises(&self, bundle: &Bundle) -> Result<(), Failure> {
        for promise in &self.promises {
            let mut inputs = promise
                .files
                .iter()
                .filter_map(|&file| bundle.inputs.get(file));
            if !inputs.clone().any(|input| promise.what.is_in(input)) {
                return Err(Failure::NotInside {
                    wanted: promise.what,
                    path: promise.path.clone(),
                    holds: inputs.next().map(holds).filter(|_| !promise.is_folder),
                });
            }
        }
        Ok(())
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

impl Wanted {
    fn is_in(self, input: &InputFacts) -> bool {
        input.blocks.iter().any(|block| match self {
            Self::Key => match block.kind {
                BlockKind::PrivateKey | BlockKind::EncryptedPrivateKey => true,
                // Closed, it may hold one.
                BlockKind::Pkcs12 => !block.readable,
                _ => block.label.ends_with("PRIVATE KEY"),
            },
            Self::Crl => block.kind == BlockKind::Crl || block.label.ends_with("CRL"),
        })
    }
}

/// What a file holds instead, in a few words.
pub(in crate::intent) fn holds(input: &InputFacts) -> String {
    let known = input
        .blocks
        .iter()
        .map(|block| block.kind)
        .find(|kind| !matches!(kind, BlockKind::Other | BlockKind::Unknown));
    known.map_or_else(|| input.what.clone(), |kind| kind.words().to_owned())
}

/// Says what is read of a folder, and what is not: once, however often it is named.
fn say(path: &Path, folder: &Folder, said: &mut Vec<PathBuf>) {
    if said.iter().any(|known| known == path) {
        return;
    }
    terminal::note(&voice::folder_read(path, folder.files.len()));
    for left_out in &folder.left_out {
        terminal::note(&voice::left_out(left_out));
    }
    said.push(path.to_path_buf());
}

/// The place of a file in the list; each is read once, however often it is named.
fn place(paths: &mut Vec<PathBuf>, file: PathBuf) -> usize {
    paths
        .iter()
        .position(|known| *known == file)
        .unwrap_or_else(|| {
            paths.push(file);
            paths.len() - 1
        })
}

/// Whether something needs a password, or another one. What is closed for another reason, such as a
/// cipher that is not known, would stay closed.
fn is_locked(bundle: &Bundle) -> bool {
    bundle.findings.iter().any(|finding| match &finding.kind {
        Kind::EncryptedKey(evidence) => !evidence.opened,
        Kind::WrongPassword(_) => true,
        _ => false,
    })
}
