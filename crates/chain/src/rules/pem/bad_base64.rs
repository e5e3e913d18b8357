//! `pem.bad-base64`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use super::named::block;
use crate::rules::{Aspect, Evidence};

/// The body of a block cannot be decoded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BadBase64 {
    /// Label of the block, escaped.
    pub label: String,
    /// What is wrong, in words.
    pub what: String,
    /// What to do where it is a matter of lines, and no character was lost.
    #[serde(skip)]
    pub advice: Option<&'static str>,
}

impl Evidence for BadBase64 {
    const RULE: Rule = Rule {
        code: "pem.bad-base64",
        severity: Severity::Error,
        title: "A block is not valid base64",
        why: "OpenSSL does not read the block, and most other readers do not. Characters were lost, added or replaced on \
              the way: a copy from a web page or an e-mail, a wrong transfer mode, an editor.",
        fix: "Fetch the file again from where it came; do not mend base64 by hand.",
        sources: &["RFC 4648, section 4", "RFC 7468, section 3"],
    };
    const ASPECT: Aspect = Aspect::Reads;

    fn message(&self) -> String {
        format!("{} cannot be decoded: {}.", block(&self.label), self.what)
    }

    fn fix(&self) -> String {
        self.advice.unwrap_or(Self::RULE.fix).to_owned()
    }
}
