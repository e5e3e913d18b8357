//! `dns.name-beyond-ascii`

use keyway_report::{Evidence, Rule, Severity};
use serde::Serialize;

/// A host's name has letters that nobody asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NameBeyondAscii {
    /// The name, escaped.
    pub name: String,
}

impl Evidence for NameBeyondAscii {
    const RULE: Rule = Rule {
        code: "dns.name-beyond-ascii",
        severity: Severity::Warning,
        title: "A host's name is not in its xn-- form",
        why: "Browsers, mail servers and CAs ask for international names in their xn-- form (A-labels). The name with its letters as they are is another one, which they never ask for. BIND serves no zone of its own with one where records of hosts stand, while check-names is as it is at first; named-checkzone warns.",
        fix: "Write the name in its xn-- form: `idn2 NAME` prints it.",
        sources: &["RFC 5890, section 2.3.2.1", "RFC 5891, section 4.4"],
    };

    fn message(&self) -> String {
        format!("{} has bytes beyond ASCII.", self.name)
    }
}
