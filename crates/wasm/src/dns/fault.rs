use keyway_chain::name::NameFault as HostFault;
use keyway_dns::name::NameFault;
use keyway_dns::wanted::NeedError;

use super::need::MAX_EACH;

/// Why nothing can be said of what a service needs. What was given is escaped.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NeedFault {
    /// No name is given.
    #[error("no name is given; say one, or name one as `host` in the service file")]
    NoHost,
    /// The service has a managed name, which stands in no file.
    #[error(
        "the service has a managed name, and its file does not say which; say the name by hand"
    )]
    Managed,
    /// A host is text that nobody connects to.
    #[error("\"{0}\" is no name that clients ask for: {1}")]
    Host(String, HostFault),
    /// A host is an address.
    #[error("\"{0}\" is an address; it needs no record")]
    Address(String),
    /// The endpoint is not known.
    #[error(
        "where the service is is not known; say its addresses or its name, or write it as `endpoint` in the \
         service file"
    )]
    NoEndpoint,
    /// The endpoint is nothing to point at.
    #[error("\"{0}\" holds neither an address nor a name, or a port that is none")]
    Endpoint(String),
    /// The endpoint is more than one thing.
    #[error("a service is at addresses or at one name, not at both: a CNAME stands alone")]
    Mixed,
    /// A name that is none to the DNS.
    #[error("\"{0}\" is no name: {1}")]
    Name(String, NameFault),
    /// The zone is not known.
    #[error("which zone the records are in is not known; say it")]
    NoZone,
    /// No host of a service file is in the zone.
    #[error("none of the service's hosts is in the zone {0}")]
    NoneWithin(String),
    /// A pin that is none.
    #[error("\"{0}\" is no SHA-256: it has 64 hexadecimal digits")]
    Pin(String),
    /// A list is longer than is looked at.
    #[error("a list has {0} entries; at most {MAX_EACH} are looked at")]
    TooMany(usize),
    /// A value does not fit into a record.
    #[error(transparent)]
    Record(NeedError),
}

impl NeedFault {
    /// Its stable code, by what has to be mended.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoHost | Self::Managed | Self::Host(..) | Self::Address(_) => "dns.host",
            Self::NoEndpoint | Self::Endpoint(_) | Self::Mixed => "dns.endpoint",
            Self::Name(..) | Self::NoZone | Self::NoneWithin(_) => "dns.name",
            Self::Pin(_) => "dns.pin",
            Self::TooMany(_) => "dns.limit",
            Self::Record(_) => "dns.record",
        }
    }
}
