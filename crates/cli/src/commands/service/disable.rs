//! `keyway disable`

use keyway_config::Edit;

use super::change::Proposal;
use crate::arguments::DisableArguments;
use crate::failure::Failure;
use crate::intent::service::ServiceFile;
use crate::terminal::{Exit, Look};

/// Takes a service from behind TLS. Certificate, key and label stay in the file, for `keyway enable`.
pub(crate) fn run(arguments: &DisableArguments, look: Look) -> Result<Exit, Failure> {
    let proposal = Proposal {
        file: ServiceFile::open_to_change(&arguments.file.file)?,
        edit: Edit::new()
            .set("tls.status", "disabled")
            .remove("tls.renew"),
        named: None,
        notes: Vec::new(),
        anew: false,
        trust: None,
        dry_run: arguments.dry_run,
    };
    proposal.carry_out(look)
}
