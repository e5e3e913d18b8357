//! The commands about a service file: `enable`, `update`, `disable`, `status`, `config`.

mod asked;
pub(crate) mod change;
mod chosen;
pub(crate) mod config;
pub(crate) mod disable;
pub(crate) mod enable;
pub(crate) mod export;
pub(crate) mod import;
pub(crate) mod status;
mod trusted;
pub(crate) mod update;

use keyway_config::rules::clients_shut_out::ClientsShutOut;
use keyway_config::rules::duplicate_host::SameKind;
use keyway_config::{Draft, Finding, Surroundings, check};
use keyway_report::Severity;

use crate::intent::service::{Names, ServiceFile, modes};
use crate::intent::shown;

/// What is wrong with a service file, with what the system tells of its keys.
pub(crate) fn findings(
    file: &ServiceFile,
    draft: &Draft,
    managed_name: Option<&str>,
) -> Vec<Finding> {
    findings_with(file, draft, managed_name, &InFiles::default())
}

/// What is wrong in the files that a service file names.
#[derive(Default)]
pub(crate) struct InFiles {
    /// What shuts clients out, in those that their certificates are verified with.
    pub(crate) shut_out: Vec<ClientsShutOut>,
    /// Certificates for one host with keys of one kind.
    pub(crate) doubled: Vec<SameKind>,
}

/// The same, with what is wrong in the files.
pub(crate) fn findings_with(
    file: &ServiceFile,
    draft: &Draft,
    managed_name: Option<&str>,
    in_files: &InFiles,
) -> Vec<Finding> {
    let modes = modes(file, &draft.service);
    let surroundings = Surroundings {
        managed_name,
        modes: &modes,
        shut_out: &in_files.shut_out,
        doubled: &in_files.doubled,
    };
    check(draft, &shown(&file.path), &surroundings)
}

/// The managed name that was made for a service on this machine, if any.
pub(crate) fn managed_name(file: &ServiceFile) -> Option<String> {
    Names::of(file.state.as_deref(), &file.path)
        .ok()?
        .existing()
}

pub(crate) fn has_errors(findings: &[Finding]) -> bool {
    let mut severities = findings.iter().map(Finding::severity);
    severities.any(|severity| severity == Severity::Error)
}
