//! A host as a client would ask for it.

use keyway_chain::name::{Host, HostError};

use crate::failure::Failure;

/// Reads `--host`. A library may compare any text with a certificate's entries; a client connects to
/// names and addresses only, so a pattern or a sentence is a slip here, and never "accepted".
pub(super) fn host(given: &str) -> Result<Host, Failure> {
    let refuse = |source| Failure::Host {
        given: given.to_owned(),
        source,
    };
    if given.trim().is_empty() {
        return Err(refuse(HostError::Empty));
    }
    match Host::parse(given).map_err(refuse)? {
        Host::Literal(literal) => Err(Failure::NotAHost {
            given: literal.text().to_owned(),
            fault: literal.fault(),
        }),
        host => Ok(host),
    }
}
