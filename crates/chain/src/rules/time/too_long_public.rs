//! `time.too-long-public`

use keyway_report::{Rule, Severity, Timestamp};
use serde::Serialize;

use super::too_long::Excess;
use crate::check::{Node, PathView, Profile, Purpose};
use crate::rules::{Aspect, Evidence, Kind};

/// The leaf is valid for longer than public CAs may issue, and a public root is above it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TooLongPublic {
    /// Subject, escaped.
    pub subject: String,
    /// The public root, escaped.
    pub root: String,
    /// Length of the validity in days, any excess counted as another day.
    pub days: i64,
    /// The limit in days.
    pub limit_days: i64,
    /// Since when that limit applies.
    pub limit_from: Timestamp,
}

impl Evidence for TooLongPublic {
    const RULE: Rule = Rule {
        code: "time.too-long-public",
        severity: Severity::Error,
        title: "A certificate below a public root is valid for too long",
        why: "Whoever is below a root that browsers ship is bound by the limit of time.too-long. Chrome \
              and Safari refuse such a certificate when it is valid for more than 398 days, and a \
              public CA has to revoke one that it should not have issued.",
        fix: "Have it issued again within the limit, and let the renewal run by itself.",
        sources: &[
            "CA/B Forum Baseline Requirements, section 6.3.2",
            "Chromium: net/cert/cert_verify_proc.cc, HasTooLongValidity",
            "Apple: about upcoming limits on trusted certificates (HT211025)",
        ],
    };
    const ASPECT: Aspect = Aspect::Fit;
    const PROFILES: &'static [Profile] = Profile::PUBLIC;

    fn message(&self) -> String {
        format!(
            "\"{}\" is valid for {} days, and \"{}\" above it is a public root: at most {} days are \
             allowed since {}.",
            self.subject,
            self.days,
            self.root,
            self.limit_days,
            self.limit_from.date()
        )
    }

    fn field(&self) -> Option<&'static str> {
        Some("validity")
    }
}

pub(crate) fn check(view: &PathView<'_>, out: &mut Vec<(usize, Kind)>) {
    let last = view.len().saturating_sub(1);
    let (Some(leaf), Some(Node::Anchor(anchor))) = (view.certificate(0), view.path.nodes.get(last))
    else {
        return;
    };
    // A root of a compiled list is a name and a key; an own one is a certificate.
    let is_public = view.options.anchors.certificate(*anchor).is_none();
    if is_public
        && view.options.purpose == Purpose::Server
        && let Some(excess) = Excess::of(leaf)
    {
        let evidence = TooLongPublic {
            subject: leaf.subject.short(),
            root: view.title(last),
            days: excess.days,
            limit_days: excess.limit_days,
            limit_from: excess.limit_from,
        };
        out.push((0, evidence.into()));
    }
}
