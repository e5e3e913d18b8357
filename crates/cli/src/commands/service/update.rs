//! `keyway update`

use keyway_config::model::Status;

use super::asked::{Asking, asked};
use super::change::Proposal;
use crate::arguments::UpdateArguments;
use crate::failure::Failure;
use crate::intent::service::{ServiceFile, standing_name};
use crate::terminal::{Exit, Look};
use crate::voice;

/// Gives a service new files, another name, or asks for a renewal. Without flags the files that are
/// named already are judged anew: the CA's new ones may lie in their place.
pub(crate) fn run(arguments: &UpdateArguments, look: Look) -> Result<Exit, Failure> {
    let file = ServiceFile::open_to_change(&arguments.file.file)?;
    let change = &arguments.change;
    let (mut edit, named) = asked(&file, change, Asking::Update)?;
    let service = &file.draft.service;
    let tls = &service.tls;
    let mut notes = Vec::new();
    if arguments.renews() {
        let has_name = named.is_some() || standing_name(&file).is_some();
        // Without a zone there can be no name, which is told with its line.
        if service.status() == Status::Auto && tls.zone.is_some() && !has_name {
            return Err(Failure::NoName(file.path));
        }
        edit = edit.set_truth("tls.renew", true);
        notes.push(voice::service::NOTHING_RENEWS);
    }
    if service.status() == Status::Disabled {
        notes.push(voice::service::STAYS_DISABLED);
    }
    let anew = edit.is_empty();
    if anew && tls.certificate.is_none() && tls.certificates.is_empty() {
        return Err(Failure::NothingToUpdate);
    }
    let proposal = Proposal {
        file,
        edit,
        named,
        notes,
        anew,
        trust: Some(&change.trust),
        dry_run: change.dry_run,
    };
    proposal.carry_out(look)
}
