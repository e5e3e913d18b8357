//! `config.proxies-everywhere`

use keyway_report::{Evidence, Rule, Severity, escape};
use serde::Serialize;

use crate::check::Examination;
use crate::network::Network;

/// Everybody is believed on where they come from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProxiesEverywhere {
    /// The network, escaped.
    pub network: String,
}

impl Evidence for ProxiesEverywhere {
    const RULE: Rule = Rule {
        code: "config.proxies-everywhere",
        severity: Severity::Warning,
        title: "Everybody is believed on where they come from",
        why: "A connection from these networks begins with the PROXY protocol, which says for whom it is made, and that is what limits, logs and upstreams go by. Where every address is among them, whoever reaches the service writes what he likes there, and whoever does not write it is not served.",
        fix: "Write the addresses of the balancers alone, such as `10.0.0.7` or `10.0.0.0/24`.",
        sources: &["haproxy.org: proxy-protocol.txt, section 4"],
    };

    fn message(&self) -> String {
        format!(
            "`proxy_protocol.from` holds {}, which is every address.",
            self.network
        )
    }
}

pub(super) fn check(on: &mut Examination<'_>) {
    let service = &on.draft.service;
    let is_everything = |text: &&str| {
        let network = text.parse::<Network>();
        network.is_ok_and(|network| network.is_everything())
    };
    let found = service.proxy_protocol.from.iter().find(is_everything);
    if let Some(network) = found.map(escape::text) {
        on.found("proxy_protocol.from", ProxiesEverywhere { network });
    }
}
