//! `pem.trailing-bytes`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::rules::{Aspect, Evidence};

/// Bytes follow the value inside a block.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TrailingBytes {
    /// Label of the block, escaped.
    pub label: String,
    /// How many bytes.
    pub count: usize,
}

impl Evidence for TrailingBytes {
    const RULE: Rule = Rule {
        code: "pem.trailing-bytes",
        severity: Severity::Error,
        title: "Bytes follow the value inside a block",
        why: "OpenSSL takes what follows a server's certificate for its own trust settings and does not load \
              the file; a rustls server sends the bytes on to its clients, which refuse them. Others drop \
              the rest. Two files may have been joined before they were encoded, or a line was pasted twice.",
        fix: "Run `keyway fix`: it writes the value alone.",
        sources: &[
            "X.690, section 8.1",
            "RFC 5280, section 4.1",
            "OpenSSL: d2i_X509_AUX(3)",
        ],
    };
    const ASPECT: Aspect = Aspect::Serves;

    fn message(&self) -> String {
        let bytes = if self.count == 1 {
            "1 byte follows".to_owned()
        } else {
            format!("{} bytes follow", self.count)
        };
        let place = if self.label.is_empty() {
            String::new()
        } else {
            format!(" in the {} block", self.label)
        };
        format!("{bytes} the value{place}.")
    }
}
