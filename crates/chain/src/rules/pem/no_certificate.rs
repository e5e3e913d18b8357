//! `pem.no-certificate`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::rules::{Aspect, Evidence};

/// Nothing that was given is a certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NoCertificate {
    /// Inputs given.
    pub inputs: usize,
    /// Whether a container or key among them could not be opened.
    pub locked: bool,
    /// Whether a certificate is there, and cannot be read.
    #[serde(skip)]
    pub damaged: bool,
    /// Labels of the parameters among them, escaped, where there is no key either.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parameters: Vec<String>,
}

impl Evidence for NoCertificate {
    const RULE: Rule = Rule {
        code: "pem.no-certificate",
        severity: Severity::Error,
        title: "There is no certificate in what was given",
        why: "Without the server's certificate there is nothing to check and nothing to serve.",
        fix: "Give the file that holds the certificate as well.",
        sources: &["RFC 8446, section 4.4.2"],
    };
    const ASPECT: Aspect = Aspect::Reads;

    fn message(&self) -> String {
        let none = match self.inputs {
            1 => "The file holds no certificate that could be read".to_owned(),
            count => format!("None of the {count} files holds a certificate that could be read"),
        };
        if self.parameters.is_empty() {
            format!("{none}.")
        } else {
            format!("{none}; {} are none.", self.parameters.join(" and "))
        }
    }

    fn fix(&self) -> String {
        if self.locked {
            "Give the password: what is locked could not be looked into.".to_owned()
        } else if self.damaged {
            "Fetch the certificate again from where it came: what is there cannot be read."
                .to_owned()
        } else {
            Self::RULE.fix.to_owned()
        }
    }
}
