//! `dns.caa-malformed`

use keyway_report::{Evidence, Rule, Severity};
use serde::Serialize;

/// A CAA record that does not say what somebody meant by it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CaaMalformed {
    /// The name, escaped.
    pub name: String,
    /// The record's data as it stands there.
    pub record: String,
    /// What is wrong.
    pub wrong: Vec<String>,
    /// The records that were probably meant, as lines of a zone file; empty where nobody can tell.
    pub meant: Vec<String>,
}

impl Evidence for CaaMalformed {
    const RULE: Rule = Rule {
        code: "dns.caa-malformed",
        severity: Severity::Error,
        title: "A CAA record does not say what was meant",
        why: "Nobody refuses the record, and CAs read it to the letter: an issuer that is not of the grammar is taken for none at all, so that no CA may issue; a tag, parameter or flag that is not known is passed over; a report goes nowhere.",
        fix: "Write the CA's domain and nothing else as value, for example 0 issue \"letsencrypt.org\"; parameters follow a semicolon.",
        sources: &["RFC 8659, section 4", "RFC 8657, sections 3 and 4"],
    };

    fn message(&self) -> String {
        format!(
            "The CAA record {} of {}: {}.",
            self.record,
            self.name,
            self.wrong.join("; ")
        )
    }

    fn fix(&self) -> String {
        match self.meant.as_slice() {
            [] => Self::RULE.fix.to_owned(),
            lines => format!("This was probably meant: {}", lines.join("; ")),
        }
    }
}
