//! `keyway enable`

use super::asked::{Asking, Named, asked};
use super::change::Proposal;
use crate::arguments::EnableArguments;
use crate::failure::Failure;
use crate::intent::service::ServiceFile;
use crate::terminal::{Exit, Look};
use crate::voice;

/// Puts a service behind TLS. Without flags, what the file names already is enabled again.
pub(crate) fn run(arguments: &EnableArguments, look: Look) -> Result<Exit, Failure> {
    let file = ServiceFile::open_or_begin(&arguments.file.file)?;
    let change = &arguments.change;
    let (edit, named) = asked(&file, change, Asking::Enable)?;
    let is_again = named.as_ref().is_some_and(Named::is_again);
    let notes = is_again.then_some(voice::service::NAME_AGAIN);
    let proposal = Proposal {
        file,
        edit,
        named,
        notes: notes.into_iter().collect(),
        anew: false,
        trust: Some(&change.trust),
        dry_run: change.dry_run,
    };
    proposal.carry_out(look)
}
