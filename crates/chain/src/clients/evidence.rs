//! What the answers of the families rest on.

use keyway_report::{Kind as _, Rule, Severity, Verdict, escape};

use crate::check::{Context, Gap, Node, Profile, served};
use crate::rules::{Aspect, Finding, Kind};
use crate::x509::Certificate;

/// Code of the rule about missing intermediates.
pub(super) const MISSING: &str = "chain.missing-intermediate";

/// Errors that only say something about rustls-webpki, or about what this check was asked to do.
pub(super) const OURS_ALONE: &[&str] = &["chain.beyond-verifier", UNEXPLAINED];

const UNEXPLAINED: &str = "chain.verifier-disagrees";

/// Rules about keys. Of the leaf's key each family has its own opinion.
pub(super) const KEYS: &[&str] = &[
    "policy.key-algorithm",
    "policy.weak-curve",
    "policy.weak-key",
];

/// Rules of which the families differ.
pub(super) const AKI_MISMATCH: &str = "chain.aki-mismatch";
pub(super) const ISSUER_NAME: &str = "chain.issuer-name-differs";
pub(super) const PARAMETERS: &str = "policy.algorithm-parameters";

/// Code of the rule about paths that lead nowhere.
pub(super) const NO_PATH: &str = "chain.no-path";

/// What a revocation list says, and what is wrong with the list. Nobody else was given it.
pub(super) const REVOKED: &str = "chain.revoked";
pub(super) const LISTS: &[&str] = &[
    "chain.crl-incomplete",
    "chain.crl-out-of-date",
    "chain.crl-unusable",
];

/// The check's outcome, seen from the side of a client.
pub(super) struct Evidence<'a, 'c> {
    context: &'a Context<'c>,
    findings: &'a [Finding],
}

impl<'a, 'c> Evidence<'a, 'c> {
    pub(super) fn new(context: &'a Context<'c>, findings: &'a [Finding]) -> Self {
        Self { context, findings }
    }

    /// The errors that a family minds which enforces some of the rules that bind CAs only, and lets
    /// some of the others pass.
    pub(super) fn errors(&self, enforces: &[&str], passes: &[&str]) -> Vec<&'static Rule> {
        self.findings
            .iter()
            .filter(|finding| finding.severity() == Severity::Error && weighs(finding))
            .filter(|finding| !self.is_ours_alone(finding))
            .filter(|finding| !(passes.contains(&finding.code()) && may_pass(&finding.kind)))
            .filter(|finding| {
                let for_all = finding.kind.entry().profiles == Profile::ALL;
                for_all || enforces.contains(&finding.code())
            })
            .map(|finding| finding.kind.rule())
            .collect()
    }

    /// The first error of those of which nobody here knows what the family makes of them.
    pub(super) fn doubt(&self, unsure: &[&str]) -> Option<&'static Rule> {
        self.findings
            .iter()
            .find(|finding| unsure.contains(&finding.code()) && may_pass(&finding.kind))
            .map(|finding| finding.kind.rule())
    }

    /// Whether an error says nothing of what another client thinks.
    fn is_ours_alone(&self, finding: &Finding) -> bool {
        let code = finding.code();
        // The leaf is the first of the report's certificates.
        let is_of_leaf_key = KEYS.contains(&code) && finding.at.certificate == Some(0);
        let is_of_lists = code == REVOKED || LISTS.contains(&code);
        let is_cut_short = code == NO_PATH && self.breaks_off();
        is_of_leaf_key || is_of_lists || is_cut_short || OURS_ALONE.contains(&code)
    }

    /// Whether a list that was given names a certificate of the path.
    pub(super) fn is_revoked(&self) -> bool {
        self.findings
            .iter()
            .any(|finding| finding.code() == REVOKED)
    }

    /// Whether something is wrong with a list that was given.
    pub(super) fn faults_lists(&self) -> bool {
        self.findings
            .iter()
            .any(|finding| finding.severity() == Severity::Error && LISTS.contains(&finding.code()))
    }

    /// Whether rustls-webpki refuses and nobody knows why.
    pub(super) fn unexplained(&self) -> bool {
        self.findings
            .iter()
            .any(|finding| finding.code() == UNEXPLAINED)
    }

    /// Whether the path was followed no further, though others may.
    pub(super) fn breaks_off(&self) -> bool {
        self.context.path.gap == Some(Gap::TooLong)
    }

    pub(super) fn undecided(&self) -> bool {
        self.context.undecided()
    }

    /// rustls-webpki's own answer to the path: whether it takes one, our rules and the lists aside.
    /// It looks at lists after signatures, validity and usages; for what it asks later (names and
    /// their constraints) our rules stand in.
    pub(super) fn webpki_accepts(&self) -> bool {
        self.context.refusal.is_none_or(|refusal| {
            refusal.ours || (is_over_lists(&refusal.error) && self.errors(&[], &[]).is_empty())
        })
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

    /// The reason of an acceptance, and that timestamps of logs were only counted.
    pub(super) fn acceptance(&self, counted: bool) -> String {
        let what = if self.context.options.anchors.is_empty() {
            "Nothing speaks against it, but no trusted roots were given"
        } else {
            "It finds a path to a trusted root and nothing to refuse"
        };
        let names = if self.context.options.hosts.is_empty() {
            ", for the names that the certificate carries"
        } else {
            ""
        };
        let logs = if counted {
            "; timestamps of logs were counted, not verified"
        } else {
            ""
        };
        format!("{what}{names}{logs}.")
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

    /// Whether the certificate is known to be by an own CA. Without roots nobody knows.
    pub(super) fn is_own(&self) -> bool {
        let options = self.context.options;
        let is_open = options.anchors.is_empty() && options.profile == Profile::Webpki;
        !is_open && !self.is_public()
    }

    pub(super) fn leaf(&self) -> Option<&'c Certificate> {
        self.context.leaf_certificate()
    }

    /// The certificates that a server would send.
    pub(super) fn sent(&self) -> impl Iterator<Item = &'c Certificate> {
        let cx = self.context;
        let now = cx.options.now.seconds();
        served(cx.path, cx.bundle, cx.options.anchors, now)
            .into_iter()
            .map(|index| &cx.bundle.certificates[index].certificate)
    }

    /// Bytes of the Certificate message, as TLS 1.2 frames it (RFC 5246, section 7.4.2): three for
    /// each length. TLS 1.3 adds a few.
    pub(super) fn message_bytes(&self) -> usize {
        const LENGTH: usize = 3;
        let framed = self
            .sent()
            .map(|certificate| LENGTH + certificate.der().len());
        framed.fold(LENGTH, usize::saturating_add)
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

/// Another name passes only where it is the same words, stored in another way.
fn may_pass(kind: &Kind) -> bool {
    match kind {
        Kind::IssuerNameDiffers(evidence) => evidence.same_to_people,
        _ => true,
    }
}

/// Whether a finding is about what clients judge, not about files and keys.
fn weighs(finding: &Finding) -> bool {
    matches!(
        finding.kind.aspect(),
        Aspect::Chains | Aspect::Named | Aspect::Timely | Aspect::Fit
    )
}

/// Whether rustls-webpki refuses because of a revocation list.
fn is_over_lists(error: &webpki::Error) -> bool {
    use webpki::Error as E;
    matches!(
        error,
        E::CertRevoked
            | E::CrlExpired { .. }
            | E::InvalidCrlSignatureForPublicKey
            | E::IssuerNotCrlSigner
            | E::UnknownRevocationStatus
            | E::UnsupportedCrlSignatureAlgorithmContext(_)
            | E::UnsupportedCrlSignatureAlgorithmForPublicKeyContext(_)
    )
}
