//! `policy.unreadable-extension`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::check::{Profile, Subject};
use crate::rules::entries::{identifiers, named};
use crate::rules::{Aspect, Evidence, Kind};

/// An extension does not have the form its standard demands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UnreadableExtension {
    /// Subject, escaped.
    pub subject: String,
    /// Its part in the chain.
    pub part: &'static str,
    /// Object identifiers of the extensions.
    pub unreadable: Vec<String>,
}

impl Evidence for UnreadableExtension {
    const RULE: Rule = Rule {
        code: "policy.unreadable-extension",
        severity: Severity::Error,
        title: "An extension cannot be read",
        why: "A client that needs the extension cannot know what it was to say, and strict ones \
              refuse the certificate.",
        fix: "Have it issued again with the extension written by the CA program itself, not from \
              raw bytes.",
        sources: &["RFC 5280, section 4.2"],
    };
    const ASPECT: Aspect = Aspect::Fit;
    const PROFILES: &'static [Profile] = Profile::ALL;

    fn message(&self) -> String {
        format!(
            "The {} \"{}\" has extensions that cannot be read: {}.",
            self.part,
            self.subject,
            named(&self.unreadable)
        )
    }

    fn field(&self) -> Option<&'static str> {
        Some("extensions")
    }
}

pub(crate) fn check(subject: &Subject<'_>, out: &mut Vec<Kind>) {
    let certificate = subject.certificate;
    let all = certificate.extensions.all.iter();
    let unreadable = all
        .filter(|extension| !extension.readable)
        .map(|extension| &extension.oid);
    let unreadable = identifiers(unreadable);
    if !unreadable.is_empty() {
        out.push(
            UnreadableExtension {
                subject: certificate.subject.short(),
                part: subject.part(),
                unreadable,
            }
            .into(),
        );
    }
}
