//! `chain.no-path`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use super::issuer_name_differs::signer;
use crate::check::{Breakage, Context};
use crate::rules::{Aspect, Evidence, Kind};

/// No way leads from the leaf to an anchor, and nothing says what is missing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NoPath {
    /// The last certificate on the way, escaped.
    pub last: String,
    /// Its issuer, RFC 4514, escaped.
    pub issuer: String,
    /// How the way ends.
    pub end: NoPathEnd,
}

/// How a way that leads nowhere ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum NoPathEnd {
    /// The issuer is neither given nor trusted; it may be an intermediate or a root.
    IssuerUnknown,
    /// The CAs certify each other in a circle.
    Circle,
    /// It is longer than anybody follows.
    TooLong,
}

impl Evidence for NoPath {
    const RULE: Rule = Rule {
        code: "chain.no-path",
        severity: Severity::Error,
        title: "No path leads to a trusted root",
        why: "A client accepts a certificate only when it can be followed, issuer by issuer, to a \
              root that it trusts.",
        fix: "Ask the CA for the complete chain. If the last issuer is a root of your own, give it \
              with `--roots FILE`.",
        sources: &["RFC 5280, section 6.1", "RFC 4158, section 5.2"],
    };
    const ASPECT: Aspect = Aspect::Chains;

    fn message(&self) -> String {
        match self.end {
            NoPathEnd::IssuerUnknown => format!(
                "\"{}\" was issued by \"{}\", which was neither given nor is it trusted. Whether it \
                 is a missing intermediate or a root cannot be told: the certificate does not say \
                 where to fetch it.",
                self.last, self.issuer
            ),
            NoPathEnd::Circle => format!(
                "The CAs certify each other in a circle: after \"{}\" no new issuer follows.",
                self.last
            ),
            NoPathEnd::TooLong => format!(
                "The chain is still without a trusted root at \"{}\", longer than clients follow.",
                self.last
            ),
        }
    }

    fn field(&self) -> Option<&'static str> {
        Some("issuer")
    }
}

pub(crate) fn check(cx: &Context<'_>, out: &mut Vec<(Option<usize>, Kind)>) {
    let end = match cx.breakage() {
        Some(Breakage::Undecided) if signer(cx).is_none() => NoPathEnd::IssuerUnknown,
        Some(Breakage::Loop) => NoPathEnd::Circle,
        Some(Breakage::TooLong) => NoPathEnd::TooLong,
        _ => return,
    };
    // Without anchors no path can end; the report lists trust as not checked.
    let Some(last) = cx.last().filter(|_| !cx.options.anchors.is_empty()) else {
        return;
    };
    let evidence = NoPath {
        last: last.subject.short(),
        issuer: last.issuer.text().to_owned(),
        end,
    };
    out.push((cx.last_held(), evidence.into()));
}
