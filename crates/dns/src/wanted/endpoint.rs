//! Where a service is.

use std::net::IpAddr;

use crate::name::Name;

/// Where a service is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Endpoint {
    /// At these addresses.
    Addresses(Vec<IpAddr>),
    /// At a name, which somebody else keeps.
    Name(Name),
}

impl Endpoint {
    /// Of what was found one by one: addresses, or one name.
    ///
    /// # Errors
    /// [`EndpointFault`] where it is nothing, both, or several names.
    pub fn of(addresses: Vec<IpAddr>, names: Vec<Name>) -> Result<Self, EndpointFault> {
        let mut names = names.into_iter();
        match (addresses.is_empty(), names.next(), names.next()) {
            (false, None, _) => Ok(Self::Addresses(addresses)),
            (true, Some(name), None) => Ok(Self::Name(name)),
            (true, None, _) => Err(EndpointFault::Nothing),
            _ => Err(EndpointFault::Mixed),
        }
    }
}

/// What is no endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EndpointFault {
    /// Nobody said where the service is.
    #[error("where the service is is not known")]
    Nothing,
    /// It is more than one thing.
    #[error("a service is at addresses or at one name, not at both: a CNAME stands alone")]
    Mixed,
}
