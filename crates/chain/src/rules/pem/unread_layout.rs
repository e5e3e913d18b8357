//! `pem.unread-layout`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use super::named::block;
use crate::rules::{Aspect, Evidence};

/// A block is laid out as OpenSSL does not read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UnreadLayout {
    /// Label of the block, escaped.
    pub label: String,
    /// What it has that OpenSSL does not read, in words.
    pub what: String,
}

impl Evidence for UnreadLayout {
    const RULE: Rule = Rule {
        code: "pem.unread-layout",
        severity: Severity::Error,
        title: "A block is laid out as OpenSSL does not read it",
        why: "A blank line ends the headers of a block for OpenSSL, which reads over one behind BEGIN, \
              wants lines of 64 characters from there on, and reads over no other; and it decodes base64 \
              only with its own alphabet and all of its padding. \
              nginx, Apache, HAProxy and Python's ssl load with OpenSSL. Web forms, mail programs and \
              scripts lay blocks out like this; no character of the contents is lost.",
        fix: "Run `keyway fix` and serve what it writes.",
        sources: &[
            "OpenSSL: PEM_read_bio, PEM_R_BAD_END_LINE, PEM_R_BAD_BASE64_DECODE",
            "RFC 7468, section 3",
            "RFC 4648, sections 3.2 and 5",
        ],
    };
    const ASPECT: Aspect = Aspect::Serves;

    fn message(&self) -> String {
        format!(
            "{} has {}, and OpenSSL does not read it.",
            block(&self.label),
            self.what
        )
    }
}
