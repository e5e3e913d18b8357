//! `name.underscore`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::check::{Profile, Subject};
use crate::name::PatternFault;
use crate::rules::entries::Entries;
use crate::rules::{Aspect, Evidence, Kind};

/// A name holds an underscore.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UnderscoreName {
    /// The entries.
    #[serde(flatten)]
    pub entries: Entries,
}

impl Evidence for UnderscoreName {
    const RULE: Rule = Rule {
        code: "name.underscore",
        severity: Severity::Error,
        title: "A name holds an underscore",
        why: "Host names have letters, digits and hyphens only, and RFC 5280 admits no others in a \
              certificate. Browsers, OpenSSL and rustls let an underscore pass, stricter clients do \
              not; public CAs have not been allowed to certify it since 2019-05-01.",
        fix: "Use a name without an underscore. For a CA of your own, check with the profile private.",
        sources: &[
            "CA/B Forum Baseline Requirements, section 7.1.2.7.12",
            "RFC 5280, section 4.2.1.6",
            "RFC 1034, section 3.5",
        ],
    };
    const ASPECT: Aspect = Aspect::Fit;
    const PROFILES: &'static [Profile] = Profile::STANDARD;

    fn message(&self) -> String {
        format!("Names with an underscore: {}.", self.entries.text())
    }

    fn field(&self) -> Option<&'static str> {
        Some("extensions.subjectAltName")
    }
}

pub(crate) fn check(subject: &Subject<'_>, out: &mut Vec<Kind>) {
    if subject.is_server_leaf() {
        let entries = Entries::tolerated(subject.certificate, is_mine);
        out.extend(entries.map(|entries| Kind::from(UnderscoreName { entries })));
    }
}

fn is_mine(fault: &PatternFault) -> bool {
    *fault == PatternFault::Underscore
}
