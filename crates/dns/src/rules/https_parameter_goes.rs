//! `dns.https-parameter-goes`

use keyway_report::{Evidence, Rule, Severity};
use serde::Serialize;

use super::words::listed;

/// An HTTPS record goes that says more of the service than the one that comes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HttpsParameterGoes {
    /// The name, escaped.
    pub name: String,
    /// What is not said any more: parameters, and names that records lead to.
    pub said: Vec<String>,
}

impl Evidence for HttpsParameterGoes {
    const RULE: Rule = Rule {
        code: "dns.https-parameter-goes",
        severity: Severity::Warning,
        title: "What an HTTPS record says of the service goes",
        why: "Browsers go by it: to another port or another name, or with an encrypted ClientHello. The record that the plan puts there says protocols and addresses alone, so they come to port 443 of the name itself.",
        fix: "Look whether the service is there, too. Where what was said has to stay, leave --https out, and change the record by hand.",
        sources: &["RFC 9460, sections 7.2 and 2.5"],
    };

    fn message(&self) -> String {
        format!(
            "The HTTPS record of {} says no more: {}.",
            self.name,
            listed(&self.said)
        )
    }
}
