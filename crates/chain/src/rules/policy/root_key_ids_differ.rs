//! `policy.root-key-ids-differ`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::check::{Profile, Role, Subject};
use crate::rules::{Aspect, Evidence, Kind};

/// A self-signed root's two key identifiers differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RootKeyIdsDiffer {
    /// Subject, escaped.
    pub subject: String,
    /// keyIdentifier of authorityKeyIdentifier, hexadecimal.
    pub authority: String,
    /// subjectKeyIdentifier, hexadecimal.
    pub own: String,
}

impl Evidence for RootKeyIdsDiffer {
    const RULE: Rule = Rule {
        code: "policy.root-key-ids-differ",
        severity: Severity::Error,
        title: "The key identifiers of a root differ",
        why: "A root is signed by its own key, so both identifiers must name that key. Where they \
              differ, path builders look for another certificate above it.",
        fix: "Use a root whose authorityKeyIdentifier equals its subjectKeyIdentifier, or that \
              has none.",
        sources: &["CA/B Forum Baseline Requirements, section 7.1.2.1.3"],
    };
    const ASPECT: Aspect = Aspect::Fit;
    const PROFILES: &'static [Profile] = Profile::PUBLIC;

    fn message(&self) -> String {
        format!(
            "The authorityKeyIdentifier of the root \"{}\" is {}, its subjectKeyIdentifier {}.",
            self.subject, self.authority, self.own
        )
    }

    fn field(&self) -> Option<&'static str> {
        Some("extensions.authorityKeyIdentifier")
    }
}

pub(crate) fn check(subject: &Subject<'_>, out: &mut Vec<Kind>) {
    let certificate = subject.certificate;
    let extensions = &certificate.extensions;
    let authority = extensions
        .authority_key_id
        .as_ref()
        .and_then(|aki| aki.key_id.as_deref());
    let (Some(authority), Some(own)) = (authority, extensions.subject_key_id.as_deref()) else {
        return;
    };
    let differ = authority != own;
    if subject.role == Role::Root && certificate.is_self_issued() && differ {
        out.push(
            RootKeyIdsDiffer {
                subject: certificate.subject.short(),
                authority: crate::report::hex(authority),
                own: crate::report::hex(own),
            }
            .into(),
        );
    }
}
