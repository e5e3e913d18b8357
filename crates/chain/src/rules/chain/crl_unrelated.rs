//! `chain.crl-unrelated`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::check::Context;
use crate::read::Source;
use crate::rules::{Aspect, Evidence, Kind};

/// A revocation list says nothing about this chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CrlUnrelated {
    /// The input that holds the list, escaped.
    pub list: String,
    /// Who issued it, escaped.
    pub issuer: String,
    #[serde(skip)]
    source: Option<Source>,
}

impl Evidence for CrlUnrelated {
    const RULE: Rule = Rule {
        code: "chain.crl-unrelated",
        severity: Severity::Notice,
        title: "A revocation list is about other certificates",
        why: "It was given, and nothing was checked with it: no certificate of the chain has its issuer, \
              or its distribution point covers others.",
        fix: "Give the list that the certificate names (cRLDistributionPoints).",
        sources: &["RFC 5280, section 6.3.3 (b)"],
    };
    const ASPECT: Aspect = Aspect::Chains;

    fn source(&self) -> Option<&Source> {
        self.source.as_ref()
    }

    fn message(&self) -> String {
        format!(
            "The revocation list of \"{}\" in {} is about no certificate of this chain.",
            self.issuer, self.list
        )
    }
}

pub(crate) fn check(cx: &Context<'_>, out: &mut Vec<(Option<usize>, Kind)>) {
    if cx.leaf.is_none() {
        return;
    }
    let covered = cx.revocation.coverage(&cx.view());
    for list in cx.revocation.lists() {
        if !covered.iter().any(|one| one.list.index == list.index) {
            let evidence = CrlUnrelated {
                list: list.input.clone(),
                source: list.source.clone(),
                issuer: list.issuer.short(),
            };
            out.push((None, evidence.into()));
        }
    }
}
