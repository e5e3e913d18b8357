//! `config.duplicate-listen`

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use keyway_report::{Evidence, Rule, Severity, escape};
use serde::Serialize;

use crate::check::Examination;

/// An address is listened on twice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DuplicateListen {
    /// The address, escaped
    pub listen: String,
    /// Another address that stands for it, too; `None` where it is written twice itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub covered_by: Option<String>,
}

impl Evidence for DuplicateListen {
    const RULE: Rule = Rule {
        code: "config.duplicate-listen",
        severity: Severity::Warning,
        title: "An address is listened on twice",
        why: "A second listener at the same address is refused by the system. [::] stands for every address of both families, 0.0.0.0 for every one of IPv4. It was probably meant to be another port, or another address.",
        fix: "Write each address once.",
        sources: &["POSIX.1-2024, bind: EADDRINUSE", "RFC 3493, section 3.7"],
    };

    fn message(&self) -> String {
        let listen = &self.listen;
        match &self.covered_by {
            Some(by) => format!("{listen} is listened on twice: {by} stands for it, too."),
            None => format!("{listen} is listened on twice."),
        }
    }
}

/// The other address of these that stands for an address, too: `[::]` does for both families, `0.0.0.0` for IPv4.
pub(crate) fn stand_in(address: SocketAddr, all: &BTreeSet<SocketAddr>) -> Option<SocketAddr> {
    let both = (IpAddr::from(Ipv6Addr::UNSPECIFIED), true);
    let one = (IpAddr::from(Ipv4Addr::UNSPECIFIED), address.is_ipv4());
    let wide = [both, one].into_iter().filter(|(_, is_for)| *is_for);
    let mut wide = wide.map(|(ip, _)| SocketAddr::new(ip, address.port()));
    wide.find(|wide| *wide != address && all.contains(wide))
}

pub(super) fn check(on: &mut Examination<'_>) {
    let listen = &on.draft.service.listen;
    // What is no address is `config.not-an-address`.
    let all: BTreeSet<SocketAddr> = listen.iter().filter_map(|text| text.parse().ok()).collect();
    let mut seen: BTreeSet<SocketAddr> = BTreeSet::new();
    let mut doubled = Vec::new();
    for text in listen.iter() {
        let Ok(address) = text.parse() else {
            continue;
        };
        let covered_by = stand_in(address, &all).map(|by| by.to_string());
        if !seen.insert(address) || covered_by.is_some() {
            doubled.push(DuplicateListen {
                listen: escape::text(text),
                covered_by,
            });
        }
    }
    for doubled in doubled {
        on.found("listen", doubled);
    }
}
