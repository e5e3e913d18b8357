//! What the answers of the families rest on.

use keyway_report::{Kind as _, Rule, Severity, Verdict, escape};

use super::facet::At;
use super::stance::{Row, Stance};
use super::{limits, table};
use crate::check::{Context, Gap, Node, PathView, Profile, served};
use crate::name::Host;
use crate::rules::{Aspect, Finding, Kind};
use crate::x509::{Certificate, GeneralName};

/// Code of the rule about missing intermediates.
const MISSING: &str = "chain.missing-intermediate";

const UNEXPLAINED: &str = "chain.verifier-disagrees";

/// Rules about keys. Of the leaf's key each family has its own opinion.
const KEYS: [&str; 3] = [
    "policy.key-algorithm",
    "policy.weak-curve",
    "policy.weak-key",
];

/// Code of the rule about paths that lead nowhere.
const NO_PATH: &str = "chain.no-path";

/// An OCSP response that was given, and what is wrong with it or with the certificate.
const STAPLED: [&str; 2] = ["chain.ocsp-revoked", "chain.ocsp-unusable"];

/// What a revocation list says, and what is wrong with the list. Nobody else was given it.
const REVOKED: &str = "chain.revoked";
const LISTS: [&str; 3] = [
    "chain.crl-incomplete",
    "chain.crl-out-of-date",
    "chain.crl-unusable",
];

/// What the checks saw, whatever profile applies, each with its place in the report's terms.
pub(crate) type Seen = Vec<(Option<Node>, Kind)>;

/// The check's outcome, seen from the side of a client.
pub(super) struct Evidence<'a, 'c> {
    context: &'a Context<'c>,
    findings: &'a [Finding],
    /// What was seen that the table has a row for.
    rows: Vec<(&'static Row, &'static Rule)>,
    /// Bytes of the Certificate message, as TLS 1.2 frames it (RFC 5246, section 7.4.2). TLS 1.3
    /// adds a few. Every family has a limit for it.
    pub(super) message_bytes: usize,
}

impl<'a, 'c> Evidence<'a, 'c> {
    pub(super) fn new(context: &'a Context<'c>, findings: &'a [Finding], seen: &Seen) -> Self {
        let mut evidence = Self {
            context,
            findings,
            rows: Vec::new(),
            message_bytes: 0,
        };
        evidence.message_bytes = evidence.framed();
        let rows = seen
            .iter()
            .filter_map(|(node, kind)| evidence.row(*node, kind));
        evidence.rows = rows.collect();
        evidence
    }

    fn row(&self, node: Option<Node>, kind: &Kind) -> Option<(&'static Row, &'static Rule)> {
        let nodes = &self.context.path.nodes;
        let at = At {
            kind,
            position: node.and_then(|node| nodes.iter().position(|&other| other == node)),
            view: self.context.view(),
            is_own: self.is_own(),
        };
        let rule = kind.rule();
        let is_of_leaf_key = KEYS.contains(&rule.code) && at.position == Some(0);
        let is_cut_short = rule.code == NO_PATH && self.breaks_off();
        // Of a leaf that is trusted for itself nobody asks what is asked of roots.
        let is_leaf_again = at.view.trusts_leaf_itself() && at.position == Some(1);
        if is_of_leaf_key || is_cut_short || is_leaf_again {
            return None;
        }
        Some((table::find(rule.code, at.place(), at.facet())?, rule))
    }

    /// The first of what was seen that a family judges so.
    pub(super) fn first(
        &self,
        family: usize,
        is_meant: fn(Stance) -> bool,
    ) -> Option<(&'static Row, &'static Rule)> {
        let mut rows = self.rows.iter();
        rows.find(|(row, _)| is_meant(row.stances[family])).copied()
    }

    /// Whether an intermediate is missing.
    pub(super) fn is_incomplete(&self) -> bool {
        let mut findings = self.findings.iter();
        findings.any(|finding| finding.code() == MISSING) && !self.context.view().lists_leaf()
    }

    /// Whether a signature of the path is by an algorithm that is not verified here.
    pub(super) fn has_unverified(&self) -> bool {
        self.context.has_unverified
    }

    /// Whether a list that was given names a certificate of the path.
    pub(super) fn is_revoked(&self) -> bool {
        self.findings
            .iter()
            .any(|finding| finding.code() == REVOKED)
    }

    /// Whether an OCSP response that was given speaks against the path, or cannot be used.
    pub(super) fn faults_staple(&self) -> bool {
        let mut findings = self.findings.iter();
        findings.any(|finding| STAPLED.contains(&finding.code()))
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
            refusal.ours || (is_over_lists(&refusal.error) && !self.has_other_errors())
        })
    }

    /// Whether anything but revocation lists speaks against the path in every profile.
    fn has_other_errors(&self) -> bool {
        self.findings.iter().any(|finding| {
            let is_of_key = KEYS.contains(&finding.code()) && finding.at.certificate == Some(0);
            let elsewhere = table::ELSEWHERE.contains(&finding.code()) && finding.code() != MISSING;
            finding.kind.is_error()
                && weighs(finding)
                && !is_of_key
                && !elsewhere
                && finding.kind.entry().profiles == Profile::ALL
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
        let what = if self.context.view().lists_leaf() {
            "The certificate itself is a trusted one, and there is nothing to refuse"
        } else if self.context.options.anchors.is_empty() {
            "Nothing speaks against it, but no trusted roots were given"
        } else {
            "It finds a path to a trusted root and nothing to refuse"
        };
        let names = if self.goes_by_common_name() {
            "; it goes by the common name, as there is no other name of a host"
        } else if self.context.options.hosts.is_empty() {
            ", for the names that the certificate carries"
        } else {
            ""
        };
        let logs = if counted {
            "; timestamps of logs were counted, not verified"
        } else {
            ""
        };
        [what, names, logs, "."].concat()
    }

    /// Whether who accepts does so by the leaf's common name.
    fn goes_by_common_name(&self) -> bool {
        let has_common = self
            .leaf()
            .is_some_and(|leaf| !leaf.subject.common_names().is_empty());
        let mut codes = self.rows.iter().map(|(row, _)| (row.code, row.of));
        has_common
            && codes.any(|(code, of)| {
                code == "name.no-san" || code == "name.mismatch" && of.starts_with("common name")
            })
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

    /// Number of certificates that were given.
    pub(super) fn given(&self) -> usize {
        self.context.bundle.certificates.len()
    }

    /// The certificates that a server would send.
    pub(super) fn sent(&self) -> impl Iterator<Item = &'c Certificate> {
        let cx = self.context;
        let now = cx.options.now.seconds();
        served(cx.path, cx.bundle, cx.options.anchors, now)
            .into_iter()
            .map(|index| &cx.bundle.certificates[index].certificate)
    }

    /// Bytes of all certificates that a server would send, three more for each length.
    fn framed(&self) -> usize {
        const LENGTH: usize = 3;
        let framed = self
            .sent()
            .map(|certificate| LENGTH + certificate.der().len());
        framed.fold(LENGTH, usize::saturating_add)
    }

    /// The path.
    pub(super) fn view(&self) -> PathView<'c> {
        self.context.view()
    }

    /// Why browsers refuse a locator that some CA above has constraints about; `None` without one.
    pub(super) fn constrained_locator(&self) -> Option<&'static str> {
        let is_locator = |name: &GeneralName| matches!(name, GeneralName::Uri(_));
        let has = self.leaf()?.alt_names().iter().any(is_locator);
        (has && limits::critical(self, is_locator)).then_some(
            "It carries a URI below a CA with constraints about URIs, which it does not support.",
        )
    }

    /// Whether the leaf's own certificate is what is trusted.
    pub(super) fn trusts_leaf_itself(&self) -> bool {
        self.context.view().trusts_leaf_itself()
    }

    /// Whether the trusted certificate names another one as its issuer.
    pub(super) fn ends_below_another(&self) -> bool {
        let view = self.context.view();
        let anchor = view
            .len()
            .checked_sub(1)
            .and_then(|last| view.certificate(last));
        view.path.gap.is_none() && anchor.is_some_and(|anchor| !anchor.is_self_issued())
    }

    /// Whether the trusted certificate was given, and that of its issuer, which is no root.
    pub(super) fn goes_on_above_trust(&self) -> bool {
        let view = self.context.view();
        let trusted = if view.lists_leaf() {
            0
        } else if self.ends_below_another() {
            view.len() - 1
        } else {
            return false;
        };
        let held = &self.context.bundle.certificates;
        let given = |is_meant: &dyn Fn(&Certificate) -> bool| {
            held.iter().any(|held| is_meant(&held.certificate))
        };
        view.certificate(trusted).is_some_and(|trusted| {
            given(&|other| other.sha256() == trusted.sha256())
                && given(&|other| {
                    other.subject.der() == trusted.issuer.der() && !other.is_self_issued()
                })
        })
    }

    /// The names asked for.
    pub(super) fn hosts(&self) -> &'c [Host] {
        self.context.options.hosts
    }

    /// A CA of the path of which a certificate that is out of time stands in a file before the one that
    /// holds, escaped.
    pub(super) fn out_of_time_before(&self) -> Option<String> {
        let now = self.context.options.now.seconds();
        let held = &self.context.bundle.certificates;
        let above = self.context.path.nodes.iter().skip(1);
        above
            .filter_map(|node| match node {
                Node::Held(index) => Some(*index),
                Node::Anchor(_) => None,
            })
            .find_map(|index| {
                let subject = &held[index].certificate.subject;
                let is_out = |other: &Certificate| {
                    let valid = other.not_before.seconds()..=other.not_after.seconds();
                    other.subject.der() == subject.der() && !valid.contains(&now)
                };
                let mut others = held.iter().filter(|other| is_out(&other.certificate));
                others
                    .any(|other| other.stands_before(&held[index]).is_some())
                    .then(|| subject.short())
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
