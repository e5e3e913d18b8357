//! `pem.strict-reader-differs`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::rules::{Aspect, Evidence};

/// What a rustls server would load differs from what is there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StrictReaderDiffers {
    /// Certificates that rustls-pemfile finds.
    pub certificates: usize,
    /// Keys that it finds.
    pub keys: usize,
    /// Certificates that are there.
    pub our_certificates: usize,
    /// Keys that are there.
    pub our_keys: usize,
    /// Where rustls-pemfile stops, if it does.
    pub error: Option<String>,
}

impl Evidence for StrictReaderDiffers {
    const RULE: Rule = Rule {
        code: "pem.strict-reader-differs",
        severity: Severity::Error,
        title: "A strict reader loads something else from this file",
        why: "What was read here was read leniently. rustls-pemfile is what a rustls server \
              loads with: blocks that it does not see are not served.",
        fix: "Run `keyway fix` and serve what it writes.",
        sources: &["rustls-pemfile 2: read_all", "RFC 7468, section 3"],
    };
    const ASPECT: Aspect = Aspect::Serves;

    fn message(&self) -> String {
        let stop = self
            .error
            .as_ref()
            .map_or_else(String::new, |error| format!(" It stops with: {error}."));
        format!(
            "This file holds {} certificate(s) and {} key(s); a rustls server would load {} and {}.{stop}",
            self.our_certificates, self.our_keys, self.certificates, self.keys
        )
    }

    fn fix(&self) -> String {
        if self.our_certificates + self.our_keys == 0 {
            "Fetch the file again from where it came: nothing in it can be used as it is."
                .to_owned()
        } else {
            Self::RULE.fix.to_owned()
        }
    }
}
