//! `config.duplicate-listen`

use std::collections::BTreeSet;
use std::net::SocketAddr;

use keyway_report::{Evidence, Rule, Severity, escape};
use serde::Serialize;

use crate::check::Examination;

/// An address is listened on twice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DuplicateListen {
    /// The address, escaped
    pub listen: String,
}

impl Evidence for DuplicateListen {
    const RULE: Rule = Rule {
        code: "config.duplicate-listen",
        severity: Severity::Warning,
        title: "An address is listened on twice",
        why: "A second listener at the same address is refused by the system. It was probably meant to be another port, or another address.",
        fix: "Write each address once.",
        sources: &["POSIX.1-2024, bind: EADDRINUSE"],
    };

    fn message(&self) -> String {
        format!("{} is listened on twice.", self.listen)
    }
}

pub(super) fn check(on: &mut Examination<'_>) {
    let mut seen: BTreeSet<SocketAddr> = BTreeSet::new();
    let mut doubled = Vec::new();
    for text in on.draft.service.listen.iter() {
        // What is no address is `config.not-an-address`.
        if text.parse().is_ok_and(|address| !seen.insert(address)) {
            doubled.push(escape::text(text));
        }
    }
    for listen in doubled {
        on.found("listen", DuplicateListen { listen });
    }
}
