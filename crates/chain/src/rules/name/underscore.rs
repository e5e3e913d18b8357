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
        severity: Severity::Warning,
        title: "A name holds an underscore",
        why: "Host names have letters, digits and hyphens only. Clients let underscores pass, but \
              public CAs have not been allowed to certify them since 2019-05-01.",
        fix: "Use a name without an underscore.",
        sources: &[
            "CA/B Forum Baseline Requirements, section 7.1.2.7.12",
            "RFC 1034, section 3.5",
        ],
    };
    const ASPECT: Aspect = Aspect::Fit;
    const PROFILES: &'static [Profile] = Profile::PUBLIC;

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
