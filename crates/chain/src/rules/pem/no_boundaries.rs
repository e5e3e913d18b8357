//! `pem.no-boundaries`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::rules::{Aspect, Evidence};

/// Base64 without any BEGIN and END line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NoBoundaries {
    /// What it holds, in words.
    pub holds: &'static str,
}

impl Evidence for NoBoundaries {
    const RULE: Rule = Rule {
        code: "pem.no-boundaries",
        severity: Severity::Error,
        title: "The base64 text has no BEGIN and END lines",
        why: "Servers look for the boundary lines; without them the file is empty to them. Web \
              forms and cloud consoles hand certificates out like this.",
        fix: "Run `keyway fix`, or put `-----BEGIN CERTIFICATE-----` before it and `-----END \
              CERTIFICATE-----` behind it.",
        sources: &["RFC 7468, section 2"],
    };
    const ASPECT: Aspect = Aspect::Serves;

    fn message(&self) -> String {
        format!(
            "This is base64 of {}, without BEGIN and END lines.",
            self.holds
        )
    }

    fn fix(&self) -> String {
        match self.holds {
            "a certificate" => Self::RULE.fix.to_owned(),
            "a PKCS#12 file" | "a PKCS#7 bundle" => {
                "Decode it (`base64 -d FILE`) to get the file that it was, or run `keyway fix`."
                    .to_owned()
            }
            _ => "Run `keyway fix`: it writes what servers read.".to_owned(),
        }
    }
}
