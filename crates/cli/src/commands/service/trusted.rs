//! By what an exported server judges certificates.

use std::path::{Path, PathBuf};

use clap::ValueEnum as _;
use keyway_config::forms::Form;

use crate::arguments::Profile;
use crate::failure::Failure;
use crate::intent::service::regular;
use crate::intent::{files_of_roots, read_file};
use crate::voice;

/// What `keyway serve` is told of it.
pub(super) struct Trusted {
    pub(super) roots: Vec<String>,
    /// The certificates of roots that are files, for pods.
    pub(super) anchors: Option<String>,
    pub(super) profile: Option<String>,
}

impl Trusted {
    /// What was given, where it is another thing than is usual.
    ///
    /// # Errors
    ///
    /// Where roots are no text that pods could be given.
    pub(super) fn of(named: &[PathBuf], profile: Profile, to: Form) -> Result<Self, Failure> {
        let files: Vec<&PathBuf> = files_of_roots(named).collect();
        let is_usual = named == [Path::new("mozilla")];
        let value = |path: &PathBuf| {
            let whole = files
                .contains(&path)
                .then(|| std::path::absolute(path).ok());
            let whole = whole.flatten().unwrap_or_else(|| path.clone());
            whole.to_string_lossy().into_owned()
        };
        let roots = named.iter().filter(|_| !is_usual).map(value).collect();
        let mut anchors = None;
        if to == Form::KubernetesDeployment {
            for path in files {
                anchors
                    .get_or_insert_with(String::new)
                    .push_str(&text(path)?);
            }
        }
        let profile = profile
            .to_possible_value()
            .filter(|_| profile != Profile::default())
            .map(|profile| profile.get_name().to_owned());
        Ok(Self {
            roots,
            anchors,
            profile,
        })
    }
}

/// The text of a file of roots, with an end of its last line.
fn text(path: &Path) -> Result<String, Failure> {
    let unfit = || Failure::Unfit {
        path: path.to_path_buf(),
        why: voice::service::NO_TEXT_OF_ROOTS.to_owned(),
    };
    regular(path).map_err(|_| unfit())?;
    let bytes = read_file(path).map_err(|refused| refused.at(path))?.bytes;
    let text = String::from_utf8(bytes.to_vec()).map_err(|_| unfit())?;
    Ok(text.trim_end().to_owned() + "\n")
}
