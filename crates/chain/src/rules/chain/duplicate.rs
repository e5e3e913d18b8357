//! `chain.duplicate`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::check::Context;
use crate::rules::{Aspect, Evidence, Kind};

/// The same certificate stands more than once in one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Duplicate {
    /// Its subject, escaped.
    pub subject: String,
    /// Whether it is the server's own.
    pub is_leaf: bool,
    /// Lines at which it starts.
    pub lines: Vec<u32>,
}

impl Evidence for Duplicate {
    const RULE: Rule = Rule {
        code: "chain.duplicate",
        severity: Severity::Warning,
        title: "The same certificate stands more than once",
        why: "The server sends it twice. Most clients forgive that; some refuse, because the second \
              certificate should be the issuer of the first, and every handshake grows.",
        fix: "Remove the copies; `keyway fix` does.",
        sources: &["RFC 5246, section 7.4.2", "RFC 8446, section 4.4.2"],
    };
    const ASPECT: Aspect = Aspect::Serves;

    fn message(&self) -> String {
        // All that is in a container stands at one line.
        let mut distinct = self.lines.clone();
        distinct.dedup();
        let lines: Vec<String> = distinct.iter().map(u32::to_string).collect();
        let what = if self.is_leaf {
            format!("The server's own certificate, \"{}\",", self.subject)
        } else {
            format!("The certificate \"{}\"", self.subject)
        };
        let count = self.lines.len();
        match lines.as_slice() {
            [one] => format!("{what} stands {count} times, all of them at line {one}."),
            lines => format!(
                "{what} stands {count} times: at lines {}.",
                lines.join(", ")
            ),
        }
    }
}

/// Most places listed: a file of nothing but copies should not fill the report.
const MAX_LISTED: usize = 16;

pub(crate) fn check(cx: &Context<'_>, out: &mut Vec<(Option<usize>, Kind)>) {
    for (index, held) in cx.bundle.certificates.iter().enumerate() {
        let Some(first) = held.sources.first() else {
            continue;
        };
        // Twice in a heap of files is no fault: cert.pem and fullchain.pem both hold the leaf.
        let lines: Vec<u32> = held
            .sources
            .iter()
            .filter(|source| source.input == first.input)
            .map(|source| source.place.lines.start)
            .take(MAX_LISTED)
            .collect();
        if lines.len() > 1 {
            let evidence = Duplicate {
                subject: held.certificate.subject.short(),
                is_leaf: cx.leaf == Some(index),
                lines,
            };
            out.push((Some(index), evidence.into()));
        }
    }
}
