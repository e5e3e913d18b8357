//! `config.clients-not-asked`

use keyway_report::{Evidence, Rule, Severity};
use serde::Serialize;

use crate::check::Examination;
use crate::model::ClientMode;

/// It is said whose clients are let in, and none is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ClientsNotAsked {
    /// The field that has no effect.
    pub field: &'static str,
}

impl Evidence for ClientsNotAsked {
    const RULE: Rule = Rule {
        code: "config.clients-not-asked",
        severity: Severity::Warning,
        title: "It is said whose clients are let in, and none is asked",
        why: "A server sees a client's certificate only where it asks for one. With the mode none, which is the default, CAs and revocation lists have no effect, and everybody is let in.",
        fix: "Set `tls.client.mode` to required (or optional, where the service behind decides); or take `ca` and `crl` out.",
        sources: &[
            "RFC 8446, sections 4.3.2 and 4.4.2.4",
            "RFC 5246, section 7.4.4",
        ],
    };

    fn message(&self) -> String {
        format!(
            "`{}` has no effect: `tls.client.mode` is none, and everybody is let in.",
            self.field
        )
    }
}

pub(super) fn check(on: &mut Examination<'_>) {
    let client = &on.draft.service.tls.client;
    if client.mode != ClientMode::None {
        return;
    }
    let (has_ca, has_crl) = (client.ca.is_some(), !client.crl.is_empty());
    for (field, is_set) in [("tls.client.ca", has_ca), ("tls.client.crl", has_crl)] {
        if is_set {
            on.found(field, ClientsNotAsked { field });
        }
    }
}
