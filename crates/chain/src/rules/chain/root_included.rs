//! `chain.root-included`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::check::Context;
use crate::rules::{Aspect, Evidence, Kind};

/// The trusted root stands in the file that the server would send.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RootIncluded {
    /// Its subject, escaped.
    pub root: String,
    /// Its size in bytes.
    pub bytes: usize,
}

impl Evidence for RootIncluded {
    const RULE: Rule = Rule {
        code: "chain.root-included",
        severity: Severity::Notice,
        title: "The root certificate is in the file",
        why: "A client trusts a root because it has it already; one that is sent proves nothing and \
              makes every handshake larger.",
        fix: "Leave it out; `keyway fix` does.",
        sources: &["RFC 8446, section 4.4.2", "RFC 5246, section 7.4.2"],
    };
    const ASPECT: Aspect = Aspect::Serves;

    fn message(&self) -> String {
        format!(
            "The root \"{}\" need not be sent: it costs {} bytes in every handshake.",
            self.root, self.bytes
        )
    }
}

pub(crate) fn check(cx: &Context<'_>, out: &mut Vec<(Option<usize>, Kind)>) {
    let Some(leaf) = cx.leaf else { return };
    let held = &cx.bundle.certificates;
    let Some(file) = held[leaf].sources.first().map(|source| source.input) else {
        return;
    };
    for (index, root) in held.iter().enumerate() {
        let certificate = &root.certificate;
        let is_root =
            index != leaf && certificate.is_self_issued() && cx.options.anchors.hold(certificate);
        // A root in a file of its own is how CA files are kept.
        if is_root && root.sources.iter().any(|source| source.input == file) {
            let evidence = RootIncluded {
                root: certificate.subject.short(),
                bytes: certificate.der().len(),
            };
            out.push((Some(index), evidence.into()));
        }
    }
}
