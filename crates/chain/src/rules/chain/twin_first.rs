//! `chain.twin-first`

use keyway_report::{Kind as _, Rule, Severity};
use serde::Serialize;

use crate::check::{Context, Node, Profile};
use crate::rules::{Aspect, Evidence, Kind};

/// A certificate of a CA stands before another one of the same CA, and only the later one holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TwinFirst {
    /// The CA, escaped.
    pub subject: String,
    /// Who issued the first certificate, escaped.
    pub first_issuer: String,
    /// Line at which the first starts.
    pub first_line: u32,
    /// Who issued the one that holds, escaped.
    pub issuer: String,
    /// Line at which the one that holds starts.
    pub line: u32,
    /// What is wrong with a chain through the first: titles of rules, or that it leads to nobody who is
    /// trusted.
    pub faults: Vec<&'static str>,
}

impl Evidence for TwinFirst {
    const RULE: Rule = Rule {
        code: "chain.twin-first",
        severity: Severity::Error,
        title: "A certificate of a CA that does not hold stands before the one that does",
        why: "Both carry the CA's name and key, so both fit as the issuer. Browsers, Go, Java and \
              rustls try the one and then the other; OpenSSL and GnuTLS take the first that fits, and \
              refuse the chain for what is wrong with it.",
        fix: "Remove the first one; `keyway fix` does.",
        sources: &[
            "RFC 4158, section 2.4",
            "OpenSSL: openssl-verification-options(1)",
        ],
    };
    const ASPECT: Aspect = Aspect::Serves;

    fn message(&self) -> String {
        format!(
            "Two certificates of \"{}\" have the same key: the one by \"{}\" at line {} stands first \
             and does not hold ({}), the one by \"{}\" at line {} does.",
            self.subject,
            self.first_issuer,
            self.first_line,
            self.faults.join("; "),
            self.issuer,
            self.line
        )
    }
}

/// What is said of a chain that ends without an anchor.
const LEADS_NOWHERE: &str = "It leads to no trusted root";

/// Most other certificates of one CA looked at, and most faults named: nobody has more.
const MAX_TWINS: usize = 16;
const MAX_FAULTS: usize = 3;

pub(crate) fn check(cx: &Context<'_>, out: &mut Vec<(Option<usize>, Kind)>) {
    if cx.path.gap.is_some() || cx.refusal.is_some() {
        return;
    }
    for (position, node) in cx.path.nodes.iter().enumerate().skip(1) {
        if let Node::Held(index) = *node {
            out.extend(first_twin(cx, position, index));
        }
    }
}

/// The certificate that is taken for the one at a position, where it is another and does not hold.
fn first_twin(cx: &Context<'_>, position: usize, index: usize) -> Option<(Option<usize>, Kind)> {
    let all = &cx.bundle.certificates;
    let held = &all[index];
    let twins = all.iter().enumerate().filter_map(|(other, twin)| {
        let fits = other != index
            && !cx.path.holds(other)
            && twin.certificate.subject.der() == held.certificate.subject.der()
            && twin.certificate.spki() == held.certificate.spki();
        let (first, later) = fits.then(|| twin.stands_before(held)).flatten()?;
        Some((other, first, later))
    });
    let (other, first, later, through) =
        twins.take(MAX_TWINS).find_map(|(other, first, later)| {
            let through = cx.through(position, other)?;
            let is_taken = !through.faults.iter().any(is_passed_by);
            is_taken.then_some((other, first, later, through))
        })?;
    let mut titles: Vec<&'static str> = Vec::new();
    titles.extend(through.gap.map(|_| LEADS_NOWHERE));
    for kind in through.faults.iter().filter(|kind| is_for_all(kind)) {
        let title = kind.rule().title;
        if !titles.contains(&title) && titles.len() < MAX_FAULTS {
            titles.push(title);
        }
    }
    let evidence = TwinFirst {
        subject: held.certificate.subject.short(),
        first_issuer: all[other].certificate.issuer.short(),
        first_line: first.place.lines.start,
        issuer: held.certificate.issuer.short(),
        line: later.place.lines.start,
        faults: titles,
    };
    (!evidence.faults.is_empty()).then(|| (Some(other), evidence.into()))
}

/// What OpenSSL looks at when it chooses among issuers: it passes over one that is out of time or has
/// another key identifier than the one that is asked for.
fn is_passed_by(kind: &Kind) -> bool {
    kind.aspect() == Aspect::Timely || matches!(kind, Kind::AkiMismatch(_))
}

fn is_for_all(kind: &Kind) -> bool {
    kind.entry().profiles == Profile::ALL
}
