//! `chain.expired-cross-sign`

use keyway_report::{Rule, Severity, Timestamp};
use serde::Serialize;

use crate::check::{Context, Node, Path};
use crate::rules::{Aspect, Evidence, Kind};

/// Another certificate for a CA of the path has expired, and the path does without it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExpiredCrossSign {
    /// The CA, escaped.
    pub subject: String,
    /// Who issued the expired certificate for it, escaped.
    pub issuer: String,
    /// When it expired.
    pub not_after: Timestamp,
}

impl Evidence for ExpiredCrossSign {
    const RULE: Rule = Rule {
        code: "chain.expired-cross-sign",
        severity: Severity::Notice,
        title: "An expired cross-certificate is in the heap, and another path works",
        why: "Clients that try every path find the good one. Older ones follow the first they see and \
              report the chain as expired: OpenSSL before 1.1.0, GnuTLS before 3.6.14 (it happened \
              with AddTrust in 2020 and DST Root CA X3 in 2021).",
        fix: "Leave the expired certificate out.",
        sources: &[
            "RFC 4158, section 2.4",
            "OpenSSL: openssl-verification-options(1), -trusted_first",
        ],
    };
    const ASPECT: Aspect = Aspect::Timely;

    fn message(&self) -> String {
        format!(
            "The certificate for \"{}\" by \"{}\" expired on {}; the chain does without it.",
            self.subject,
            self.issuer,
            self.not_after.date()
        )
    }

    fn field(&self) -> Option<&'static str> {
        Some("validity.notAfter")
    }
}

pub(crate) fn check(cx: &Context<'_>, out: &mut Vec<(Option<usize>, Kind)>) {
    if cx.path.gap.is_some() || cx.refusal.is_some() {
        return;
    }
    let anchors = cx.options.anchors;
    for (index, held) in cx.bundle.certificates.iter().enumerate() {
        let certificate = &held.certificate;
        if cx.path.holds(index) || certificate.not_after >= cx.options.now {
            continue;
        }
        let twin = cx.path.nodes.iter().skip(1).any(|&node| match node {
            Node::Anchor(anchor) => anchors.is(anchor, certificate),
            Node::Held(_) => Path::certificate(node, cx.bundle, anchors).is_some_and(|other| {
                other.subject == certificate.subject && other.spki() == certificate.spki()
            }),
        });
        if twin {
            let evidence = ExpiredCrossSign {
                subject: certificate.subject.short(),
                issuer: certificate.issuer.short(),
                not_after: certificate.not_after,
            };
            out.push((Some(index), evidence.into()));
        }
    }
}
