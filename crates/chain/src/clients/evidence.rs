//! What the answers of the families rest on.

use keyway_report::{Kind as _, Rule, Severity, Verdict, escape};

use super::Family;
use crate::check::{Context, Node, Profile};
use crate::rules::{Aspect, Finding};
use crate::x509::{Certificate, PublicKeyAlgorithm};

/// Code of the rule about missing intermediates.
pub(super) const MISSING: &str = "chain.missing-intermediate";

/// Errors that only say something about rustls-webpki, or about what this check was asked to do.
pub(super) const OURS_ALONE: &[&str] = &["chain.beyond-verifier", UNEXPLAINED];

const UNEXPLAINED: &str = "chain.verifier-disagrees";

/// The check's outcome, seen from the side of a client.
pub(super) struct Evidence<'a, 'c> {
    context: &'a Context<'c>,
    findings: &'a [Finding],
}

impl<'a, 'c> Evidence<'a, 'c> {
    pub(super) fn new(context: &'a Context<'c>, findings: &'a [Finding]) -> Self {
        Self { context, findings }
    }

    /// The errors that a family minds.
    pub(super) fn errors(&self, family: &Family) -> Vec<&'static Rule> {
        self.findings
            .iter()
            .filter(|finding| finding.severity() == Severity::Error && weighs(finding))
            .filter(|finding| {
                let code = finding.code();
                let for_all = finding.kind.entry().profiles == Profile::ALL;
                (for_all || family.enforces.contains(&code))
                    && !family.ignores.contains(&code)
                    && !OURS_ALONE.contains(&code)
            })
            .map(|finding| finding.kind.rule())
            .collect()
    }

    /// Whether rustls-webpki refuses and nobody knows why.
    pub(super) fn unexplained(&self) -> bool {
        self.findings
            .iter()
            .any(|finding| finding.code() == UNEXPLAINED)
    }

    pub(super) fn undecided(&self) -> bool {
        self.context.undecided()
    }

    /// rustls-webpki's own answer to the path: whether it takes one, our rules aside.
    pub(super) fn webpki_accepts(&self) -> bool {
        self.context.refusal.is_none_or(|refusal| refusal.ours)
    }

    pub(super) fn webpki_error(&self) -> String {
        self.context.refusal.map_or_else(String::new, |refusal| {
            // The name of the error; what some carry along is lists of numbers.
            let error = format!("{:?}", refusal.error);
            let name = error.split([' ', '(', '{']).next().unwrap_or_default();
            escape::text(name)
        })
    }

    /// Whether the leaf carries all names asked for.
    pub(super) fn is_named(&self) -> bool {
        !self.findings.iter().any(|finding| {
            finding.severity() == Severity::Error && finding.kind.aspect() == Aspect::Named
        })
    }

    /// "Yes", unless there is nobody to trust.
    pub(super) fn trusted(&self) -> Verdict {
        if self.context.options.anchors.is_empty() {
            Verdict::Unknown
        } else {
            Verdict::Yes
        }
    }

    /// The reason of an acceptance.
    pub(super) fn acceptance(&self) -> String {
        let what = if self.context.options.anchors.is_empty() {
            "Nothing speaks against it, but no trusted roots were given"
        } else {
            "It finds a path to a trusted root and nothing to refuse"
        };
        if self.context.options.hosts.is_empty() {
            format!("{what}, for the names that the certificate carries.")
        } else {
            format!("{what}.")
        }
    }

    /// Whether the certificate counts as publicly trusted: browsers exempt own CAs from some rules.
    /// A root that was given as a certificate is an own CA; those of a compiled list are public.
    pub(super) fn is_public(&self) -> bool {
        let anchors = self.context.options.anchors;
        let is_listed = |index: usize| anchors.certificate(index).is_none();
        let listed = match self.context.path.nodes.last() {
            Some(&Node::Anchor(index)) => is_listed(index),
            _ => !anchors.is_empty() && (0..anchors.len()).all(is_listed),
        };
        listed && self.context.options.profile == Profile::Webpki
    }

    pub(super) fn leaf(&self) -> Option<&'c Certificate> {
        self.context.leaf_certificate()
    }

    /// Whether the leaf's key is of this kind.
    pub(super) fn leaf_key(&self, algorithm: &PublicKeyAlgorithm) -> bool {
        self.leaf()
            .is_some_and(|leaf| leaf.public_key.algorithm == *algorithm)
    }

    /// Whether the leaf's key is on this curve.
    pub(super) fn leaf_curve(&self, curve: &str) -> bool {
        self.leaf()
            .is_some_and(|leaf| leaf.public_key.curve.as_deref() == Some(curve))
    }

    /// Whether the leaf carries no timestamp of a log.
    pub(super) fn lacks_timestamps(&self) -> bool {
        self.leaf()
            .is_some_and(|leaf| leaf.extensions.scts.unwrap_or(0) == 0)
    }

    /// Days of validity of the leaf, any excess counted as a day (BR 6.3.2).
    pub(super) fn days(&self) -> i64 {
        let day = keyway_report::DAY;
        self.leaf()
            .map_or(0, |leaf| leaf.lifetime().saturating_add(day - 1) / day)
    }

    /// Bytes of the certificates that a server would send.
    pub(super) fn sent_bytes(&self) -> usize {
        let view = self.context.view();
        (0..view.len())
            .filter(|&at| self.context.path_index(at).is_some())
            .filter_map(|at| view.certificate(at))
            .map(|certificate| certificate.der().len())
            .sum()
    }

    /// Whether a critical name constraint on the path is about directory names.
    pub(super) fn constrains_directory_names(&self) -> bool {
        let view = self.context.view();
        view.issuers().any(|at| {
            view.constraints(at).is_some_and(|constraints| {
                let subtrees = constraints.permitted.iter().chain(&constraints.excluded);
                constraints.critical
                    && subtrees
                        .flatten()
                        .any(|base| matches!(base, crate::x509::GeneralName::Directory(_)))
            })
        })
    }

    /// Subject of the certificate that is missing, escaped.
    pub(super) fn missing_subject(&self) -> String {
        self.context
            .last()
            .map_or_else(String::new, |last| last.issuer.short())
    }

    /// Where the missing certificate can be fetched without TLS, escaped.
    pub(super) fn fetch_from(&self) -> Option<String> {
        let uris = &self.context.last()?.extensions.ca_issuers;
        let uri = uris.iter().find(|uri| uri.starts_with("http://"))?;
        Some(escape::text(uri))
    }
}

/// Whether a finding is about what clients judge, not about files and keys.
fn weighs(finding: &Finding) -> bool {
    matches!(
        finding.kind.aspect(),
        Aspect::Chains | Aspect::Named | Aspect::Timely | Aspect::Fit
    )
}
