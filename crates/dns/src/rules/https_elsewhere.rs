//! `dns.https-elsewhere`

use keyway_report::{Evidence, Rule, Severity};
use serde::Serialize;

use super::words::{bare, listed};

/// The HTTPS record leads to another name than the addresses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HttpsElsewhere {
    /// The name, escaped.
    pub name: String,
    /// The names in the HTTPS record, escaped.
    pub targets: Vec<String>,
}

impl Evidence for HttpsElsewhere {
    const RULE: Rule = Rule {
        code: "dns.https-elsewhere",
        severity: Severity::Error,
        title: "The HTTPS record leads to another name",
        why: "Browsers that know HTTPS records go to the name that is written there, as an alias or as where the service is. The addresses of the name itself are only for the others.",
        fix: "Remove the HTTPS record, or write the host as its target (`.` where it stands at that name), a priority above 0 and no `port`, so that it is about the host itself; `keyway dns plan --https` does that.",
        sources: &["RFC 9460, section 2.4.2, 2.5 and 3"],
    };

    fn message(&self) -> String {
        format!(
            "The HTTPS record of {} sends browsers to {}, whatever addresses the name has.",
            self.name,
            bare(&listed(&self.targets))
        )
    }
}
