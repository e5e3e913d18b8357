//! `pem.empty`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::rules::{Aspect, Evidence};

/// An input without content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Empty {
    /// Whether it holds white space.
    pub white_space: bool,
}

impl Evidence for Empty {
    const RULE: Rule = Rule {
        code: "pem.empty",
        severity: Severity::Error,
        title: "The file is empty",
        why: "A download or a script failed before it wrote anything; a server that is given the \
              file does not start.",
        fix: "Fetch the file again and look at what the step that writes it says.",
        sources: &["RFC 7468, section 2"],
    };
    const ASPECT: Aspect = Aspect::Reads;

    fn message(&self) -> String {
        if self.white_space {
            "The file holds nothing but white space.".to_owned()
        } else {
            "The file is empty.".to_owned()
        }
    }
}
