//! `name.wildcard-too-deep`

use keyway_report::{Rule, Severity, escape};
use serde::Serialize;

use crate::check::Context;
use crate::check::carries;
use crate::name::Mismatch;
use crate::rules::{Aspect, Evidence, Kind};

/// A wildcard of the certificate would have to cover more than one label.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WildcardReach {
    /// The name asked for.
    pub host: String,
    /// The wildcard, escaped.
    pub wildcard: String,
    /// How many labels too many the name has.
    pub extra: usize,
}

impl Evidence for WildcardReach {
    const RULE: Rule = Rule {
        code: "name.wildcard-too-deep",
        severity: Severity::Error,
        title: "The wildcard does not reach this name",
        why: "The star of a wildcard stands for exactly one label: *.example.com covers \
              a.example.com, but neither a.b.example.com nor example.com.",
        fix: "Have it issued with the name itself, or with a wildcard one level further down.",
        sources: &["RFC 9525, section 6.3", "RFC 6125, section 7.2"],
    };
    const ASPECT: Aspect = Aspect::Named;

    fn message(&self) -> String {
        format!(
            "{} does not cover {}: it lies {} label{} deeper than a wildcard reaches.",
            self.wildcard,
            self.host,
            self.extra,
            if self.extra == 1 { "" } else { "s" }
        )
    }

    fn field(&self) -> Option<&'static str> {
        Some("extensions.subjectAltName")
    }
}

pub(crate) fn check(cx: &Context<'_>, out: &mut Vec<(Option<usize>, Kind)>) {
    let Some(leaf) = cx.leaf_certificate() else {
        return;
    };
    let entries = leaf.presented();
    for host in cx.options.hosts.iter().filter(|host| !carries(leaf, host)) {
        let deepest = entries
            .iter()
            .filter_map(|entry| match entry.why_not(host) {
                Some(Mismatch::WildcardTooDeep { extra }) => Some((extra, entry)),
                _ => None,
            })
            .min_by_key(|(extra, _)| *extra);
        if let Some((extra, entry)) = deepest {
            let evidence = WildcardReach {
                host: escape::text(&host.to_string()),
                wildcard: entry.to_string(),
                extra,
            };
            out.push((cx.leaf, evidence.into()));
        }
    }
}
