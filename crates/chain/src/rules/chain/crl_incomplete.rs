//! `chain.crl-incomplete`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::check::{PathView, Profile};
use crate::read::Source;
use crate::rules::{Aspect, Evidence, Kind};

/// A revocation list lacks fields that the standard demands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CrlIncomplete {
    /// The input that holds the list, escaped.
    pub list: String,
    /// Who issued it, escaped.
    pub issuer: String,
    /// What is demanded and missing, with the section of RFC 5280.
    pub missing: Vec<&'static str>,
    #[serde(skip)]
    source: Option<Source>,
}

impl Evidence for CrlIncomplete {
    const RULE: Rule = Rule {
        code: "chain.crl-incomplete",
        severity: Severity::Error,
        title: "A revocation list lacks required fields",
        why: "Without a number nobody can tell which of two lists is newer, without an authority key \
              identifier not which key signed it. Careful clients refuse such a list, and then the \
              certificates it is about.",
        fix: "Make the list with these fields. With OpenSSL: crl_extensions with \
              authorityKeyIdentifier=keyid:always, and a crlnumber file.",
        sources: &[
            "RFC 5280, section 5.1.2",
            "RFC 5280, section 5.2",
            "CA/B Forum Baseline Requirements, section 7.2",
        ],
    };
    const ASPECT: Aspect = Aspect::Chains;
    const PROFILES: &'static [Profile] = Profile::STANDARD;

    fn source(&self) -> Option<&Source> {
        self.source.as_ref()
    }

    fn message(&self) -> String {
        format!(
            "The revocation list of \"{}\" in {} lacks {}.",
            self.issuer,
            self.list,
            self.missing.join(", ")
        )
    }

    fn field(&self) -> Option<&'static str> {
        Some("tbsCertList")
    }
}

pub(crate) fn check(view: &PathView<'_>, out: &mut Vec<(usize, Kind)>) {
    let mut told = Vec::new();
    for covered in view.revocation.decisive(view) {
        let list = covered.list;
        if list.omissions.is_empty() || told.contains(&list.index) {
            continue;
        }
        told.push(list.index);
        let evidence = CrlIncomplete {
            list: list.input.clone(),
            source: list.source.clone(),
            issuer: list.issuer.short(),
            missing: list.omissions.clone(),
        };
        out.push((covered.position, evidence.into()));
    }
}
