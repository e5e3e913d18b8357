//! By what an exported server judges certificates.

use std::path::{Path, PathBuf};

use clap::ValueEnum as _;
use keyway_config::forms::Form;
use keyway_config::model::Status;
use keyway_issue::acme::csr;
use keyway_report::Verdict;

use crate::arguments::{ExportArguments, Profile, TrustArguments};
use crate::failure::Failure;
use crate::intent::service::{Judged, ServiceFile, judge_at_rest};
use crate::intent::{certificates, files_of_roots, moment};

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
        let roots = named.iter().filter(|_| !is_usual).map(value).collect();
        let is_pods = to == Form::KubernetesDeployment;
        let mut anchors = None;
        // A unit may be given a folder of them.
        let read = |path: &&PathBuf| is_pods || is_started(to) && !path.is_dir();
        for path in files.iter().filter(|path| read(path)) {
            let found = certificates(path)?;
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
            roots,
            anchors,
            profile,
        })
    }
}

/// Whether a form starts `keyway serve`.
fn is_started(to: Form) -> bool {
    matches!(to, Form::Systemd | Form::KubernetesDeployment)
}

/// The certificates that `keyway serve` would not start with where a form has it started.
///
/// Pairs that are none are told apart, and what cannot be judged here may well be there, such as a key whose password is
/// in an environment variable.
///
/// # Errors
///
/// Where the moment is none.
pub(super) fn refused(
    file: &ServiceFile,
    arguments: &ExportArguments,
) -> Result<Vec<Judged>, Failure> {
    let service = &file.draft.service;
    if !is_started(arguments.to) || service.status() != Status::Enabled {
        return Ok(Vec::new());
    }
    let trust = TrustArguments {
        roots: arguments.roots.clone(),
        profile: arguments.profile,
        at: arguments.at.clone(),
    };
    moment(trust.at.as_deref())?;
    let mut judged = judge_at_rest(file, service, &trust).unwrap_or_default();
    judged.retain(|judged| {
        let pairs = judged.report.verdicts.pairs != Verdict::No;
        judged.servable.is_err() && pairs && !judged.is_locked
    });
    Ok(judged)
}
