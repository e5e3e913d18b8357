//! `config.clients-let-in`

use keyway_report::{Evidence, Rule, Severity};
use serde::Serialize;

use crate::check::Examination;
use crate::model::{ClientMode, Status};

/// Clients are to show certificates, and TLS is disabled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ClientsLetIn {
    /// `optional` or `required`.
    pub mode: &'static str,
}

impl Evidence for ClientsLetIn {
    const RULE: Rule = Rule {
        code: "config.clients-let-in",
        severity: Severity::Warning,
        title: "Clients are to show certificates, and TLS is disabled",
        why: "A client shows its certificate while TLS begins. In plain text nobody is asked for one, and everybody who reaches the service is let in.",
        fix: "Enable TLS (`keyway enable`), or let nobody reach the service otherwise: have it listen on `127.0.0.1`. Where no client has to show a certificate any more, set `tls.client.mode` to none.",
        sources: &["RFC 8446, sections 4.3.2 and 4.4.2"],
    };

    fn message(&self) -> String {
        format!(
            "`tls.client.mode` is {}, and with TLS disabled no certificate is asked for: everybody is let in.",
            self.mode
        )
    }
}

pub(super) fn check(on: &mut Examination<'_>) {
    let service = &on.draft.service;
    let mode = service.tls.client.mode;
    if service.status() == Status::Disabled && mode != ClientMode::None {
        let mode = mode.word();
        on.found("tls.client.mode", ClientsLetIn { mode });
    }
}
