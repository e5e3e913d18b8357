//! Wishes that come to nothing.

use super::{Endpoint, HTTPS_PORT, Need};
use crate::name::Name;
use crate::rdata::Type;

/// A wish that no record is made for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Idle {
    /// A name with a CNAME has the CAA and HTTPS records of where that leads (RFC 8659, section 3; RFC 9460, section
    /// 2.4.1).
    #[error(
        "{host} becomes an alias of {target}: its {kind} records have to stand there, and are not planned"
    )]
    AtAlias {
        /// The host.
        host: Name,
        /// Where it leads.
        target: Name,
        /// What is left out.
        kind: Type,
    },
    /// Nobody looks for TLSA at a wildcard's name.
    #[error(
        "{0} is a wildcard: TLSA records stand at the names that clients ask for, and are not planned"
    )]
    PinAtWildcard(Name),
    /// Nor do browsers look for HTTPS at a wildcard's name where they come by a port of its own.
    #[error(
        "{0} is a wildcard: HTTPS records for port {1} stand at the names that clients ask for, and are not planned"
    )]
    PortAtWildcard(Name, u16),
}

impl Need {
    /// What is wished for and comes to nothing.
    pub fn idle(&self) -> Vec<Idle> {
        self.idle_in(None)
    }

    /// The same where the zone is known: its name becomes no alias.
    pub fn idle_in(&self, zone: Option<&Name>) -> Vec<Idle> {
        let mut idle = Vec::new();
        for host in &self.hosts {
            if let Endpoint::Name(target) = &self.endpoint
                && self.makes_alias(host, zone)
            {
                let wishes = [
                    (Type::CAA, !self.issuers.is_empty() && !host.is_wildcard()),
                    (
                        Type::HTTPS,
                        !self.alpn.is_empty() && self.port == HTTPS_PORT,
                    ),
                ];
                let wished = wishes.into_iter().filter(|(_, is_wished)| *is_wished);
                idle.extend(wished.map(|(kind, _)| Idle::AtAlias {
                    host: host.clone(),
                    target: target.clone(),
                    kind,
                }));
            }
            if host.is_wildcard() && self.port != HTTPS_PORT && !self.alpn.is_empty() {
                idle.push(Idle::PortAtWildcard(host.clone(), self.port));
            }
            if host.is_wildcard() && !self.pins.is_empty() {
                idle.push(Idle::PinAtWildcard(host.clone()));
            }
        }
        idle
    }
}
