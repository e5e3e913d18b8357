//! `chain.crl-out-of-date`

use keyway_report::{Rule, Severity, Timestamp};
use serde::Serialize;

use crate::check::PathView;
use crate::read::Source;
use crate::rules::{Aspect, Evidence, Kind};

/// A revocation list for a certificate of the path is not current.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CrlOutOfDate {
    /// The input that holds the list, escaped.
    pub list: String,
    /// Who issued it, escaped.
    pub issuer: String,
    /// When it was issued.
    pub this_update: Timestamp,
    /// When the next one was due.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_update: Option<Timestamp>,
    /// Whether it is not valid yet; else it is over.
    pub from_the_future: bool,
    #[serde(skip)]
    source: Option<Source>,
}

impl Evidence for CrlOutOfDate {
    const RULE: Rule = Rule {
        code: "chain.crl-out-of-date",
        severity: Severity::Error,
        title: "A revocation list is out of date",
        why: "A list says who is revoked until its next one is due. After that it proves nothing, and a \
              client that was told to check revocation and has no current list refuses.",
        fix: "Fetch the current list from where the certificate says (cRLDistributionPoints).",
        sources: &["RFC 5280, section 5.1.2.5", "RFC 5280, section 6.3.3 (a)"],
    };
    const ASPECT: Aspect = Aspect::Timely;

    fn source(&self) -> Option<&Source> {
        self.source.as_ref()
    }

    fn message(&self) -> String {
        if self.from_the_future {
            return format!(
                "The revocation list of \"{}\" in {} is dated {}, in the future.",
                self.issuer,
                self.list,
                self.this_update.date()
            );
        }
        let due = self.next_update.map_or_else(String::new, Timestamp::date);
        format!(
            "The revocation list of \"{}\" in {} is over: the next one was due on {due}.",
            self.issuer, self.list
        )
    }

    fn field(&self) -> Option<&'static str> {
        Some(if self.from_the_future {
            "tbsCertList.thisUpdate"
        } else {
            "tbsCertList.nextUpdate"
        })
    }
}

pub(crate) fn check(view: &PathView<'_>, out: &mut Vec<(usize, Kind)>) {
    let mut told = Vec::new();
    let now = view.options.now;
    for covered in view.revocation.decisive(view) {
        let list = covered.list;
        if list.is_current(now) || told.contains(&list.index) {
            continue;
        }
        told.push(list.index);
        let evidence = CrlOutOfDate {
            list: list.input.clone(),
            source: list.source.clone(),
            issuer: list.issuer.short(),
            this_update: list.this_update,
            next_update: list.next_update,
            from_the_future: now < list.this_update,
        };
        out.push((covered.position, evidence.into()));
    }
}
