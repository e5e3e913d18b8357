//! `config.disabled-but-listening`

use keyway_report::{Evidence, Rule, Severity, escape};
use serde::Serialize;

use crate::check::Examination;
use crate::model::Status;

/// Plain text on the port of https.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DisabledButListening {
    /// The address, escaped.
    pub listen: String,
}

impl Evidence for DisabledButListening {
    const RULE: Rule = Rule {
        code: "config.disabled-but-listening",
        severity: Severity::Warning,
        title: "Plain text on the port of https",
        why: "With TLS disabled the service answers in plain text. On port 443 clients speak TLS and see an error that nobody understands.",
        fix: "Listen on port 80 instead, or enable TLS.",
        sources: &["RFC 9110, section 4.2.2"],
    };

    fn message(&self) -> String {
        format!(
            "TLS is disabled, and the service listens on {}.",
            self.listen
        )
    }
}

pub(super) fn check(on: &mut Examination<'_>) {
    let service = &on.draft.service;
    if service.status() != Status::Disabled {
        return;
    }
    if let Some(listen) = service
        .listen
        .iter()
        .find(|address| address.ends_with(":443"))
    {
        let listen = escape::text(listen);
        on.found("listen", DisabledButListening { listen });
    }
}
