//! Who says for whom connections are made, and who is told.

use std::net::IpAddr;

use keyway_config::model::{Mode, ProxyVersion};
use keyway_config::{Network, Service};

use crate::site::SiteError;

/// From whom the PROXY protocol is read, and whether it is spoken.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Proxy {
    from: Vec<Network>,
    /// What upstreams are told by, in TCP mode.
    pub(crate) send: Option<ProxyVersion>,
}

impl Proxy {
    pub(crate) fn new(service: &Service) -> Result<Self, SiteError> {
        let said = &service.proxy_protocol;
        let network = |text: &str| {
            let parsed = text.parse();
            parsed.map_err(|_| SiteError::Network(text.to_owned()))
        };
        let from: Result<Vec<Network>, SiteError> = said.from.iter().map(network).collect();
        Ok(Self {
            from: from?,
            send: said.send.filter(|_| service.mode == Mode::Tcp),
        })
    }

    /// Whether who connects from there says for whom it does.
    pub(crate) fn is_trusted(&self, peer: IpAddr) -> bool {
        self.from.iter().any(|network| network.contains(peer))
    }
}
