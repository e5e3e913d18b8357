//! `keyway update`

use super::change::{Proposal, asked};
use crate::arguments::UpdateArguments;
use crate::failure::Failure;
use crate::intent::service::ServiceFile;
use crate::terminal::{Exit, Look};

/// Gives a service new files, another name, or asks for a renewal. Without flags the files that are
/// named already are judged anew: the CA's new ones may lie in their place.
pub(crate) fn run(arguments: &UpdateArguments, look: Look) -> Result<Exit, Failure> {
    let file = ServiceFile::open_to_change(&arguments.file.file)?;
    let change = &arguments.change;
    let (mut edit, named) = asked(&file, change)?;
    if arguments.renew {
        edit = edit.set_truth("tls.renew", true);
    }
    let tls = &file.draft.service.tls;
    if edit.is_empty() && tls.certificate.is_none() && tls.certificates.is_empty() {
        return Err(Failure::NothingToUpdate);
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
