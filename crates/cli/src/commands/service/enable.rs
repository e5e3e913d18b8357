//! `keyway enable`

use keyway_config::Edit;

use super::change::{Proposal, asked};
use crate::arguments::EnableArguments;
use crate::failure::Failure;
use crate::intent::service::ServiceFile;
use crate::terminal::{Exit, Look};

/// Puts a service behind TLS. Without flags, what the file names already is enabled again.
pub(crate) fn run(arguments: &EnableArguments, look: Look) -> Result<Exit, Failure> {
    let file = ServiceFile::open_or_begin(&arguments.file.file)?;
    let change = &arguments.change;
    let (mut edit, named) = asked(&file, change)?;
    let is_managed = change.leaf_domain_label.is_some() || change.overwrites();
    if !is_managed && change.cert.is_none() && change.key.is_none() {
        edit = again(&file, edit)?;
    }
    let proposal = Proposal {
        file,
        edit,
        named,
        trust: Some(&change.trust),
        dry_run: change.dry_run,
    };
    proposal.carry_out(look)
}

fn again(file: &ServiceFile, edit: Edit) -> Result<Edit, Failure> {
    let tls = &file.draft.service.tls;
    let status = if tls.leaf_domain_label.is_some() {
        "auto"
    } else if tls.certificate.is_some() || !tls.certificates.is_empty() {
        "enabled"
    } else {
        return Err(Failure::NothingToEnable(file.path.clone()));
    };
    Ok(edit.set("tls.status", status))
}
