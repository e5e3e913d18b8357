//! By what an exported server judges certificates.

use std::path::{Path, PathBuf};

use clap::ValueEnum as _;
use keyway_config::forms::Form;
use keyway_config::model::Status;
use keyway_config::rules::duplicate_host::SameKind;
use keyway_issue::acme::csr;
use keyway_report::Verdict;

use crate::arguments::{ExportArguments, Profile, TrustArguments};
use crate::failure::Failure;
use crate::intent::service::{Judged, ServiceFile, doubled, judge_at_rest};
use crate::intent::{files_of_roots, moment, roots};

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
    /// Where a file of roots cannot be read, or has no certificate that pods could be given.
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
        let told = named.iter().filter(|_| !is_usual).map(value).collect();
        let is_pods = to == Form::KubernetesDeployment;
        let mut anchors = None;
        // A unit may be given a folder of them.
        let read = |path: &&PathBuf| is_pods || is_started(to) && !path.is_dir();
        for path in files.iter().filter(|path| read(path)) {
            let found = roots(path)?;
            if is_pods {
                // Nothing else that is in it, such as the key of the CA: a ConfigMap is read by many.
                let pem = found.iter().map(|der| csr::certificate_pem(der));
                anchors.get_or_insert_with(String::new).extend(pem);
            }
        }
        let profile = profile
            .to_possible_value()
            .filter(|_| profile != Profile::default())
            .map(|profile| profile.get_name().to_owned());
        Ok(Self {
            roots: told,
            anchors,
            profile,
        })
    }
}

/// Whether a form starts `keyway serve`.
fn is_started(to: Form) -> bool {
    matches!(to, Form::Systemd | Form::KubernetesDeployment)
}

/// What is wrong with the certificates that a service file names.
#[derive(Default)]
pub(super) struct Wrong {
    /// Those that `keyway serve` would not start with where the form has it started.
    pub(super) refused: Vec<Judged>,
    /// Those for one host with keys of one kind.
    pub(super) doubled: Vec<SameKind>,
}

/// Judges the certificates of a service file that is exported.
///
/// Pairs that are none are told apart, and what cannot be judged here may well be there, such as a key whose password is
/// in an environment variable.
///
/// # Errors
///
/// Where the moment is none.
pub(super) fn wrong(file: &ServiceFile, arguments: &ExportArguments) -> Result<Wrong, Failure> {
    let service = &file.draft.service;
    if service.status() != Status::Enabled {
        return Ok(Wrong::default());
    }
    let trust = TrustArguments {
        roots: arguments.roots.clone(),
        profile: arguments.profile,
        at: arguments.at.clone(),
    };
    let is_started = is_started(arguments.to);
    if is_started {
        moment(trust.at.as_deref())?;
    }
    let mut judged = judge_at_rest(file, service, &trust).unwrap_or_default();
    let doubled = doubled(&judged);
    judged.retain(|judged| {
        let pairs = judged.report.verdicts.pairs != Verdict::No;
        is_started && judged.servable.is_err() && pairs && !judged.is_locked
    });
    Ok(Wrong {
        refused: judged,
        doubled,
    })
}
