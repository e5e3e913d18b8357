//! `name.underscore`

use keyway_report::{Rule, Severity, escape};
use serde::Serialize;

use crate::check::{Profile, Subject};
use crate::name::{PatternFault, Presented};
use crate::rules::entries::shown;
use crate::rules::{Aspect, Evidence, Kind};

/// A name holds an underscore.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UnderscoreName {
    /// Subject, escaped.
    pub subject: String,
    /// The first of the entries, escaped, each with what is wrong.
    pub names: Vec<String>,
    /// How many such entries there are.
    pub count: usize,
}

impl Evidence for UnderscoreName {
    const RULE: Rule = Rule {
        code: "name.underscore",
        severity: Severity::Warning,
        title: "A name holds an underscore",
        why: "Host names have letters, digits and hyphens only. Clients let underscores pass, but \
              public CAs have not been allowed to certify them since 2019-05-01.",
        fix: "Use a name without an underscore.",
        sources: &["BR 7.1.2.7.12", "RFC 1034, section 3.5"],
    };
    const ASPECT: Aspect = Aspect::Fit;
    const PROFILES: &'static [Profile] = Profile::PUBLIC;

    fn message(&self) -> String {
        format!("Names with an underscore: {}.", self.names.join("; "))
    }

    fn field(&self) -> Option<&'static str> {
        Some("extensions.subjectAltName")
    }
}

pub(crate) fn check(subject: &Subject<'_>, out: &mut Vec<Kind>) {
    let certificate = subject.certificate;
    if !subject.is_server_leaf() {
        return;
    }
    let names: Vec<String> = certificate
        .presented()
        .iter()
        .filter_map(Presented::pattern)
        .flat_map(|pattern| {
            let faults = pattern.tolerated().into_iter().filter(is_mine);
            faults.map(move |fault| format!("{}: {fault}", escape::text(&pattern.to_string())))
        })
        .collect();
    if !names.is_empty() {
        out.push(
            UnderscoreName {
                subject: certificate.subject.short(),
                count: names.len(),
                names: shown(names),
            }
            .into(),
        );
    }
}

fn is_mine(fault: &PatternFault) -> bool {
    *fault == PatternFault::Underscore
}
