//! `chain.crl-passed-over`

use keyway_report::{Rule, Severity, Timestamp};
use serde::Serialize;

use super::crl_unusable::reason;
use crate::check::PathView;
use crate::read::Source;
use crate::rules::{Aspect, Evidence, Kind};

/// A revocation list is over or unusable, and another one says what is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CrlPassedOver {
    /// The input that holds the list, escaped.
    pub list: String,
    /// Who issued it, escaped.
    pub issuer: String,
    /// Why it was not used.
    pub reason: String,
    #[serde(skip)]
    source: Option<Source>,
}

impl Evidence for CrlPassedOver {
    const RULE: Rule = Rule {
        code: "chain.crl-passed-over",
        severity: Severity::Notice,
        title: "A revocation list was passed over for a better one",
        why: "One current list by the issuer is enough to know whether a certificate is revoked. The \
              other that was given for it is over, not begun, or cannot be used. What it revokes, \
              signed by the issuer, counts all the same.",
        fix: "Leave the old list out.",
        sources: &["RFC 5280, section 6.3.3"],
    };
    const ASPECT: Aspect = Aspect::Chains;

    fn source(&self) -> Option<&Source> {
        self.source.as_ref()
    }

    fn message(&self) -> String {
        format!(
            "The revocation list of \"{}\" in {} was not needed: {}. A current one covers the same.",
            self.issuer, self.list, self.reason
        )
    }

    fn field(&self) -> Option<&'static str> {
        Some("tbsCertList")
    }
}

pub(crate) fn check(view: &PathView<'_>, out: &mut Vec<(usize, Kind)>) {
    let now = view.options.now;
    // A list that decides about one certificate is not passed over for another one's sake.
    let decisive = view.revocation.decisive(view);
    let mut told: Vec<usize> = decisive.iter().map(|one| one.list.index).collect();
    for covered in view.revocation.passed_over(view) {
        let list = covered.list;
        if told.contains(&list.index) {
            continue;
        }
        told.push(list.index);
        let reason = if now < list.this_update {
            format!("it is dated {}, in the future", list.this_update.date())
        } else if !list.is_current(now) {
            let due = list.next_update.map_or_else(String::new, Timestamp::date);
            format!("it is over since {due}")
        } else if let Some(reason) = reason(view, &covered) {
            reason
        } else {
            continue;
        };
        let evidence = CrlPassedOver {
            list: list.input.clone(),
            source: list.source.clone(),
            issuer: list.issuer.short(),
            reason,
        };
        out.push((covered.position, evidence.into()));
    }
}
