//! `chain.out-of-order`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::check::{Context, Node};
use crate::rules::{Aspect, Evidence, Kind};

/// Within one file, certificates of the chain do not follow in the order of issue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OutOfOrder {
    /// The certificate that stands too early, escaped.
    pub early: String,
    /// The one that follows it and should stand before it, escaped.
    pub late: String,
    /// Lines at which the two start.
    pub lines: [u32; 2],
}

impl Evidence for OutOfOrder {
    const RULE: Rule = Rule {
        code: "chain.out-of-order",
        severity: Severity::Warning,
        title: "The certificates are not in the order of issue",
        why: "Each certificate should be followed by its issuer. TLS 1.2 demands it; browsers, OpenSSL, \
              Go and GnuTLS sort for themselves, but older and embedded clients may refuse.",
        fix: "Sort the file: the server's certificate, its issuer, that one's issuer. `keyway fix` \
              writes it so.",
        sources: &["RFC 5246, section 7.4.2", "RFC 8446, section 4.4.2"],
    };
    const ASPECT: Aspect = Aspect::Serves;

    fn message(&self) -> String {
        format!(
            "\"{}\" (line {}) stands before \"{}\" (line {}), which it should follow.",
            self.early, self.lines[0], self.late, self.lines[1]
        )
    }
}

pub(crate) fn check(cx: &Context<'_>, out: &mut Vec<(Option<usize>, Kind)>) {
    let Some(leaf) = cx.leaf else { return };
    let held = &cx.bundle.certificates;
    let mut placed = held[leaf].sources.iter();
    let placed = placed.find(|at| !cx.bundle.is_contained(at));
    let Some(input) = placed.map(|source| source.input) else {
        return;
    };
    // The leaf has a rule of its own; the rest of the path is compared among itself.
    let mut standing: Vec<(usize, u32, usize, usize)> = cx
        .path
        .nodes
        .iter()
        .enumerate()
        .skip(1)
        .filter_map(|(position, node)| match node {
            Node::Held(index) => Some((position, *index)),
            Node::Anchor(_) => None,
        })
        .filter_map(|(position, index)| {
            let sources = held[index].sources.iter();
            let first = sources
                .filter(|at| at.input == input && !cx.bundle.is_contained(at))
                .min_by_key(|at| at.block)?;
            Some((first.block, first.place.lines.start, position, index))
        })
        .collect();
    standing.sort_unstable();
    let wrong = standing.windows(2).find(|pair| pair[0].2 > pair[1].2);
    if let Some(&[(_, early_line, _, early), (_, late_line, _, late)]) = wrong {
        let evidence = OutOfOrder {
            early: held[early].certificate.subject.short(),
            late: held[late].certificate.subject.short(),
            lines: [early_line, late_line],
        };
        out.push((Some(early), evidence.into()));
    }
}
