//! `config.disabled-but-listening`

use keyway_report::{Evidence, Rule, Severity, escape};
use serde::Serialize;

use crate::check::Examination;
use crate::model::Status;

/// Plain text on a port of TLS.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DisabledButListening {
    /// The address, escaped.
    pub listen: String,
}

impl Evidence for DisabledButListening {
    const RULE: Rule = Rule {
        code: "config.disabled-but-listening",
        severity: Severity::Warning,
        title: "Plain text on a port of TLS",
        why: "With TLS disabled the service answers in plain text. On port 443, and on others that are known for TLS, clients speak TLS and see an error that nobody understands.",
        fix: "Listen on port 80 instead (or, in TCP mode, on the port of the protocol without TLS), or enable TLS.",
        sources: &[
            "RFC 9110, section 4.2.2",
            "IANA: Service Name and Transport Protocol Port Number Registry",
        ],
    };

    fn message(&self) -> String {
        format!(
            "TLS is disabled, and the service listens on {}.",
            self.listen
        )
    }
}

/// Ports on which clients speak TLS (IANA): https and, without privileges in its place, pcsync-https and
/// tungsten-https; submissions, nntps, ldaps, domain-s, ftps-data, ftps, telnets, imaps, pop3s, sips, amqps,
/// ircs-u, secure-mqtt.
const OF_TLS: &[u16] = &[
    443, 8443, 9443, 465, 563, 636, 853, 989, 990, 992, 993, 995, 5061, 5671, 6697, 8883,
];

pub(super) fn check(on: &mut Examination<'_>) {
    let service = &on.draft.service;
    if service.status() != Status::Disabled {
        return;
    }
    let is_of_tls = |address: &&str| {
        let port = address
            .rsplit_once(':')
            .and_then(|(_, port)| port.parse().ok());
        port.is_some_and(|port| OF_TLS.contains(&port))
    };
    let listens: Vec<String> = service
        .listen
        .iter()
        .filter(is_of_tls)
        .map(escape::text)
        .collect();
    for listen in listens {
        on.found("listen", DisabledButListening { listen });
    }
}
