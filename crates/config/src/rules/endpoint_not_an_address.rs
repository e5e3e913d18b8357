//! `config.endpoint-not-an-address`

use keyway_report::{Evidence, Rule, Severity, escape};
use serde::Serialize;

use crate::Endpoint;
use crate::check::Examination;
use crate::hostname;

/// The endpoint is neither an address nor a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EndpointNotAnAddress {
    /// What is written, escaped, without a user and a password in front.
    pub endpoint: String,
}

impl Evidence for EndpointNotAnAddress {
    const RULE: Rule = Rule {
        code: "config.endpoint-not-an-address",
        severity: Severity::Error,
        title: "The endpoint is neither an address nor a name",
        why: "DNS has to point at the endpoint: an A or AAAA record wants an address, a CNAME a name.",
        fix: "Give an address, a name with its dots, or the URL that the service answers at. A port in it is a number from 1 to 65535.",
        sources: &["RFC 1035, section 3.4.1", "RFC 3596, section 2.2"],
    };

    fn message(&self) -> String {
        format!(
            "\"{}\" holds neither an address nor a name, or a port that is none.",
            self.endpoint
        )
    }
}

pub(super) fn check(on: &mut Examination<'_>) {
    let Some(endpoint) = &on.draft.service.endpoint else {
        return;
    };
    if Endpoint::parse(endpoint).is_none() {
        let endpoint = escape::text(&hostname::without_user(endpoint));
        on.found("endpoint", EndpointNotAnAddress { endpoint });
    }
}
