//! `config.clients-without-ca`

use keyway_report::{Evidence, Rule, Severity};
use serde::Serialize;

use crate::check::Examination;
use crate::model::ClientMode;

/// Clients are to show certificates, and nobody says whose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ClientsWithoutCa {
    /// `optional` or `required`
    pub mode: &'static str,
}

impl Evidence for ClientsWithoutCa {
    const RULE: Rule = Rule {
        code: "config.clients-without-ca",
        severity: Severity::Error,
        title: "Clients are to show certificates, and nobody says whose",
        why: "A client's certificate is verified up to a CA that the service names. Without one no certificate is good: with `required` nobody is let in, with `optional` nobody who shows one.",
        fix: "Set `tls.client.ca` to a file with the CAs whose clients are let in, or `tls.client.mode` to none.",
        sources: &["RFC 5280, section 6.1.1", "RFC 8446, section 4.4.2.4"],
    };

    fn message(&self) -> String {
        format!(
            "`tls.client.mode` is {}, and `tls.client.ca` is not set.",
            self.mode
        )
    }
}

pub(super) fn check(on: &mut Examination<'_>) {
    let client = &on.draft.service.tls.client;
    if client.mode != ClientMode::None && client.ca.is_none() {
        let mode = client.mode.word();
        on.found("tls.client.mode", ClientsWithoutCa { mode });
    }
}
