//! `config.tsig-algorithm`

use keyway_report::spelling::distance;
use keyway_report::{Evidence, Rule, Severity, escape};
use serde::Serialize;

use crate::check::Examination;
use crate::model::TSIG_ALGORITHMS;

/// Updates are signed with no such algorithm.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TsigAlgorithm {
    /// What is written, escaped.
    pub algorithm: String,
    /// Whether it is one that is known, and not to be used any more.
    pub weak: bool,
    /// The one that was probably meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub meant: Option<&'static str>,
}

impl Evidence for TsigAlgorithm {
    const RULE: Rule = Rule {
        code: "config.tsig-algorithm",
        severity: Severity::Error,
        title: "Updates are signed with no such algorithm",
        why: "The server verifies an update with the algorithm that it has for the key; HMAC-MD5 must not be used any more, and HMAC-SHA-1 is not recommended.",
        fix: "Write `hmac-sha256`, `hmac-sha384` or `hmac-sha512`, and make a key of that algorithm for the server, for example with `tsig-keygen`.",
        sources: &["RFC 8945, section 6"],
    };

    fn message(&self) -> String {
        let fault = if self.weak {
            "not to be used any more"
        } else {
            "not known"
        };
        format!(
            "`dns.tsig.algorithm` is \"{}\", which is {fault}.",
            self.algorithm
        )
    }

    fn fix(&self) -> String {
        match self.meant {
            Some(word) => format!("Did you mean `{word}`?"),
            None => Self::RULE.fix.to_owned(),
        }
    }
}

/// Algorithms of keys that are known, and not to be used any more.
const WEAK: &[&str] = &["hmac-md5", "hmac-md5.sig-alg.reg.int", "hmac-sha1"];

/// Letters that may be wrong: the algorithms differ in three digits.
const MOST_SLIPS: usize = 2;

pub(super) fn check(on: &mut Examination<'_>) {
    let tsig = on.draft.service.dns.tsig.as_ref();
    let Some(algorithm) = tsig.and_then(|tsig| tsig.algorithm.as_deref()) else {
        return;
    };
    // As those who sign take it: in either case, with a dot at the end or without.
    let lower = algorithm.trim_end_matches('.').to_ascii_lowercase();
    if TSIG_ALGORITHMS.contains(&lower.as_str()) {
        return;
    }
    let weak = WEAK.contains(&lower.as_str());
    let ranked = TSIG_ALGORITHMS
        .iter()
        .map(|known| (distance(&lower, known), *known));
    let nearest = ranked.min().filter(|(far, _)| !weak && *far <= MOST_SLIPS);
    let evidence = TsigAlgorithm {
        algorithm: escape::text(algorithm),
        weak,
        meant: nearest.map(|(_, known)| known),
    };
    on.found("dns.tsig.algorithm", evidence);
}
