//! Managed names: made once, kept in the state folder, a file for each service.

use std::env;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use keyway_config::ManagedName;

use crate::failure::Failure;
use crate::intent::files::shown;

/// Names that are tried before the state folder is given up on. With 2.2 billion suffixes a second try
/// is rare.
const MOST_TRIES: usize = 16;

/// The names that were made on this machine.
pub(crate) struct Names {
    folder: PathBuf,
    /// The file of this service.
    file: PathBuf,
}

impl Names {
    /// Those of a state folder; `service` is the path of the service's file.
    pub(crate) fn of(state: Option<&Path>, service: &Path) -> Result<Self, Failure> {
        let folder = match state {
            Some(folder) => folder.to_path_buf(),
            None => default_folder().ok_or(Failure::NoStateFolder)?,
        }
        .join("names");
        let whole = fs::canonicalize(service)
            .or_else(|_| std::path::absolute(service))
            .unwrap_or_else(|_| service.to_path_buf());
        let digest = aws_lc_rs::digest::digest(
            &aws_lc_rs::digest::SHA256,
            whole.as_os_str().as_encoded_bytes(),
        );
        // Sixteen digits of the path's digest: the file may be anywhere, and names are not secret.
        let first = digest.as_ref().first_chunk().copied();
        let id = format!("{:016x}", u64::from_be_bytes(first.unwrap_or_default()));
        let file = folder.join(id);
        Ok(Self { folder, file })
    }

    /// The name of this service, if one was made.
    pub(crate) fn existing(&self) -> Option<String> {
        let text = fs::read_to_string(&self.file).ok()?;
        let name = text.lines().next()?.trim();
        (!name.is_empty()).then(|| name.to_owned())
    }

    /// Makes a name that no other service here has, and does not keep it yet.
    pub(crate) fn make(&self, label: &str, parent: &str) -> Result<ManagedName, Failure> {
        let taken = self.all();
        for _ in 0..MOST_TRIES {
            let mut random = [0; 32];
            aws_lc_rs::rand::fill(&mut random).map_err(|_| Failure::NoRandom)?;
            let made = ManagedName::generate(label, parent, &random);
            if let Some(name) = made.map_err(|fault| Failure::Label {
                given: label.to_owned(),
                fault,
            })? && !taken.contains(&name.to_string())
            {
                return Ok(name);
            }
        }
        Err(Failure::NoRandom)
    }

    /// Keeps a name for this service, in place of the one before.
    pub(crate) fn keep(&self, name: &str, service: &Path) -> Result<(), Failure> {
        let write = || -> io::Result<()> {
            fs::create_dir_all(&self.folder)?;
            let mut file = tempfile::Builder::new()
                .prefix(".keyway-")
                .tempfile_in(&self.folder)?;
            writeln!(file, "{name}\n{}", shown(service))?;
            file.as_file().sync_all()?;
            file.persist(&self.file)?;
            if cfg!(unix) {
                fs::File::open(&self.folder)?.sync_all()?;
            }
            Ok(())
        };
        write().map_err(|source| Failure::Unwritable {
            path: self.file.clone(),
            source,
        })
    }

    /// The name of another service here whose first label this is.
    pub(crate) fn beginning_with(&self, label: &str) -> Option<String> {
        let own = self.existing();
        let is_theirs = |name: &String| {
            let first = name.split('.').next();
            Some(name) != own.as_ref()
                && first.is_some_and(|first| first.eq_ignore_ascii_case(label))
        };
        self.all().into_iter().find(is_theirs)
    }

    fn all(&self) -> Vec<String> {
        let files = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        let texts = files.filter_map(|file| fs::read_to_string(file.path()).ok());
        texts
            .filter_map(|text| text.lines().next().map(str::to_owned))
            .collect()
    }
}

fn default_folder() -> Option<PathBuf> {
    let set = |name| env::var_os(name).filter(|value| !value.is_empty());
    if let Some(folder) = set("KEYWAY_STATE") {
        return Some(PathBuf::from(folder));
    }
    let state = set("XDG_STATE_HOME").map(PathBuf::from);
    let state = state.or_else(|| Some(PathBuf::from(set("HOME")?).join(".local/state")));
    Some(state?.join("keyway"))
}
