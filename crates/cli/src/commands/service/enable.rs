//! `keyway enable`

use super::asked::{Asking, asked};
use super::change::Proposal;
use crate::arguments::EnableArguments;
use crate::failure::Failure;
use crate::intent::service::ServiceFile;
use crate::terminal::{Exit, Look};

/// Puts a service behind TLS. Without flags, what the file names already is enabled again.
pub(crate) fn run(arguments: &EnableArguments, look: Look) -> Result<Exit, Failure> {
    let file = ServiceFile::open_or_begin(&arguments.file.file)?;
    let change = &arguments.change;
    let (mut edit, named) = asked(&file, change, Asking::Enable)?;
    if !arguments.upstream.is_empty() {
        edit = edit.set_list("upstream", &arguments.upstream);
    }
    let proposal = Proposal {
        file,
        edit,
        named,
        notes: Vec::new(),
        anew: false,
        trust: Some(&change.trust),
        dry_run: change.dry_run,
    };
    proposal.carry_out(look)
}
