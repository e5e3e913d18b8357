//! `dns.caa-denies`

use keyway_report::{Evidence, Rule, Severity};
use serde::Serialize;

/// Why a CA may not issue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Denial {
    /// A critical property that no CA knows.
    Critical,
    /// A record that is none.
    Unreadable,
    /// Other CAs may, or nobody.
    Others,
    /// Another account may.
    Account,
    /// It may by other methods.
    Method,
    /// A parameter stands there twice.
    Repeated,
}

/// CAA records that do not allow a CA.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CaaDenies {
    /// The name of the certificate, escaped.
    pub name: String,
    /// The CA's domain.
    pub ca: String,
    /// Whether the certificate is for a wildcard.
    pub wildcard: bool,
    /// The tag that decides: `issue`, or `issuewild` for a wildcard where there is one.
    pub tag: &'static str,
    /// The name whose records decide, escaped.
    pub at: String,
    /// Why.
    pub reason: Denial,
    /// The record that decides, where it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record: Option<String>,
    /// Which CAs, account or methods are allowed, or which parameter stands there twice.
    pub allowed: Vec<String>,
    /// The records that would allow it.
    pub add: Vec<String>,
}

/// Most CAs that a message names.
const MOST_NAMED: usize = 5;

impl Evidence for CaaDenies {
    const RULE: Rule = Rule {
        code: "dns.caa-denies",
        severity: Severity::Error,
        title: "CAA records do not allow the CA to issue",
        why: "A CA looks for CAA records at the name and, where there are none, at each name above it; the first that it finds decide. It refuses where they do not name it, or ask for another account or method.",
        fix: "Add a record that names the CA where the deciding ones are, or one at the name itself.",
        sources: &[
            "RFC 8659, sections 3 and 4",
            "RFC 8657, sections 3 and 4",
            "CA/B Forum BR 3.2.2.8",
        ],
    };

    fn message(&self) -> String {
        let star = if self.wildcard { "*." } else { "" };
        let record = self.record.as_deref().unwrap_or_default();
        let allowed = named(&self.allowed);
        let why = match self.reason {
            Denial::Critical => {
                format!("{record} is critical, and no CA knows its tag, so none may issue")
            }
            Denial::Unreadable => format!("{record} is no CAA record, so no CA can go by it"),
            Denial::Others if self.allowed.is_empty() => {
                format!("the {} records allow no CA", self.tag)
            }
            Denial::Others => format!("the {} records allow only {allowed}", self.tag),
            Denial::Account => format!("{record} allows only the account {allowed}"),
            Denial::Method if self.allowed.is_empty() => format!("{record} allows no method"),
            Denial::Method => format!("{record} allows only {allowed}"),
            Denial::Repeated => {
                format!("{record} has {allowed} more than once, which nobody meets")
            }
        };
        format!(
            "{} may not issue for {star}{}: at {}, {why}.",
            self.ca, self.name, self.at
        )
    }

    fn fix(&self) -> String {
        match self.add.as_slice() {
            [] => Self::RULE.fix.to_owned(),
            lines => format!("Let this stand there: {}", lines.join("; ")),
        }
    }
}

fn named(names: &[String]) -> String {
    let shown = names.len().min(MOST_NAMED);
    match names.len() - shown {
        0 => names.join(", "),
        more => format!("{} and {more} more", names[..shown].join(", ")),
    }
}
