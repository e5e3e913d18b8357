//! Which of a rule's findings it is, where families tell them apart: what the table's second column says.

use super::asked;
use super::policies::{self, Policies};
use crate::check::PathView;
use crate::rules::Kind;
use crate::rules::chain::aki_mismatch::Compared;
use crate::rules::chain::bad_signature::BadSignatureCause;
use crate::rules::chain::path_length::LimitOf;
use crate::rules::policy::algorithm_parameters::Demanded;
use crate::x509::{Certificate, DerFault, KeyUsage, NetscapeType, oids};

/// A finding on the path, or on nothing of it.
pub(super) struct At<'a> {
    pub(super) kind: &'a Kind,
    /// Position on the path, leaf first.
    pub(super) position: Option<usize>,
    pub(super) view: PathView<'a>,
    /// Whether the root is known to be of an own CA.
    pub(super) is_own: bool,
}

impl At<'_> {
    /// Where it is: "leaf" or "root"; empty for any other place.
    pub(super) fn place(&self) -> &'static str {
        match self.position {
            Some(0) => "leaf",
            Some(position) if self.below_end(position) == Some(0) => "root",
            _ => "",
        }
    }

    /// How far below the root a position is.
    fn below_end(&self, position: usize) -> Option<usize> {
        let ends = self.view.path.gap.is_none();
        self.view.len().checked_sub(position + 1).filter(|_| ends)
    }

    fn certificate(&self) -> Option<&Certificate> {
        self.view.certificate(self.position?)
    }

    /// What else sets it apart; empty where nothing does.
    pub(super) fn facet(&self) -> &'static str {
        match self.kind {
            Kind::NameMismatch(_) | Kind::MalformedName(_) | Kind::WildcardPublicSuffix(_) => {
                self.of_name()
            }
            Kind::AkiMismatch(_)
            | Kind::BadSignature(_)
            | Kind::CaAsLeaf(_)
            | Kind::IssuerNameDiffers(_)
            | Kind::MalformedNameConstraints(_)
            | Kind::MissingKeyCertSign(_)
            | Kind::MissingIntermediate(_)
            | Kind::NameConstraints(_)
            | Kind::PathLength(_)
            | Kind::UnknownRoot(_) => self.of_path(),
            Kind::AlgorithmParameters(_)
            | Kind::KeyAlgorithm(_)
            | Kind::UnsupportedSignature(_)
            | Kind::WeakCurve(_)
            | Kind::CertificateKeyWeak(_)
            | Kind::WeakSignature(_) => self.of_strength(),
            _ => self.of_form(),
        }
    }

    fn of_name(&self) -> &'static str {
        let (hosts, Some(leaf)) = (self.view.options.hosts, self.view.certificate(0)) else {
            return "";
        };
        match self.kind {
            Kind::NameMismatch(it) => asked::not_carried(leaf, &it.host, &self.view),
            Kind::MalformedName(_) => asked::worst(leaf),
            Kind::WildcardPublicSuffix(_) if asked::is_by_suffix_wildcard(leaf, hosts) => "asked",
            _ => "",
        }
    }

    fn of_path(&self) -> &'static str {
        let end = self.position.and_then(|position| self.below_end(position));
        let usage = self.certificate().and_then(|it| it.extensions.key_usage);
        match self.kind {
            Kind::AkiMismatch(it) if it.compares != Compared::KeyIdentifier => "certificate",
            Kind::AkiMismatch(_) if end == Some(1) => "below root",
            Kind::BadSignature(it) if it.cause == BadSignatureCause::KeyTooShort => "short key",
            Kind::CaAsLeaf(_) if usage.is_none() && !self.view.trusts_leaf_itself() => {
                "no key usage"
            }
            Kind::IssuerNameDiffers(it) if it.same_to_people && it.is_root => {
                "root in other letters"
            }
            Kind::IssuerNameDiffers(it) if it.same_to_people => "other letters",
            Kind::MalformedNameConstraints(it) => constraint(it.fault),
            Kind::MissingIntermediate(_) | Kind::UnknownRoot(_) if self.view.lists_leaf() => {
                "itself trusted"
            }
            Kind::MissingKeyCertSign(_) if usage.is_some_and(KeyUsage::is_empty) => "empty",
            Kind::NameConstraints(it) if it.name.starts_with("directory name") => "directory",
            Kind::NameConstraints(it) if it.partly => "some of a wildcard",
            Kind::NameConstraints(it) if it.other_family => "address of the other family",
            Kind::NameConstraints(it) if it.name.starts_with("URI") && it.excluded_by.is_none() => {
                "locator"
            }
            Kind::NameConstraints(_) if self.position != Some(0) => "of an intermediate",
            Kind::NameConstraints(it) if self.is_root(&it.issuer) => "of the root",
            Kind::NameConstraints(it) if it.not_comparable => "not comparable",
            Kind::PathLength(it) if it.limit_of == LimitOf::Asked => "limit of this check",
            Kind::PathLength(it) if it.limit_of == LimitOf::Verifier => "limit of rustls",
            _ => "",
        }
    }

    /// Whether the root is called so in findings.
    fn is_root(&self, title: &str) -> bool {
        let last = self.view.len().checked_sub(1);
        last.is_some_and(|last| self.below_end(last) == Some(0) && self.view.title(last) == title)
    }

    fn of_strength(&self) -> &'static str {
        match self.kind {
            Kind::AlgorithmParameters(it) if it.of == "key" => "key",
            Kind::AlgorithmParameters(it) if it.demanded == Demanded::Absent => "absent",
            Kind::KeyAlgorithm(it) => one_of(&it.key, &["Ed25519", "Ed448"]),
            Kind::UnsupportedSignature(it) => {
                one_of(&it.signature, &["Ed448", "ecdsa-with-SHA224", "sha224"])
            }
            Kind::WeakCurve(it) => one_of(&it.curve, &["P-192", "P-224", "brainpool", "secp256k1"]),
            Kind::CertificateKeyWeak(it) if it.bits >= 1024 => "1024",
            Kind::WeakSignature(it) if it.digest == "SHA-1" && self.is_own => "SHA-1, own CA",
            Kind::WeakSignature(it) => it.digest,
            _ => "",
        }
    }

    /// What becomes of the policies that a CA demands.
    fn demanded(&self) -> &'static str {
        match policies::of(&self.view) {
            Policies::Held => "policies held",
            Policies::Missed => "policies missed",
            Policies::Unclear => "policies",
        }
    }

    fn of_form(&self) -> &'static str {
        let extensions = self.certificate().map(|it| &it.extensions);
        let purposes = extensions.and_then(|it| it.extended_key_usage.as_ref());
        let lists = |oid| purposes.is_some_and(|purposes| purposes.has(oid));
        let usage = extensions.and_then(|it| it.key_usage);
        match self.kind {
            Kind::NoServerAuth(it) if it.purposes.is_empty() => "none",
            Kind::NoServerAuth(_) if lists(oids::ANY_EXTENDED_KEY_USAGE) => {
                if self.position == Some(0) {
                    "any in the leaf"
                } else {
                    "any"
                }
            }
            Kind::RootPurposes(_) if !lists(oids::SERVER_AUTH) => "others",
            Kind::MissingAki(_) if self.certificate().is_some_and(|it| it.version == 1) => {
                "version 1"
            }
            Kind::MissingBasicConstraints(_) if usage.is_none() => {
                let types = extensions.and_then(|it| it.netscape_type);
                if types.is_some_and(NetscapeType::authority) {
                    "nsCertType"
                } else {
                    "no key usage"
                }
            }
            Kind::NoDigitalSignature(_)
                if usage
                    .is_some_and(|usage| !usage.key_encipherment() && !usage.key_agreement()) =>
            {
                "for nothing in TLS"
            }
            Kind::NotDer(_) => self.certificate().map_or("", der_fault),
            Kind::SerialNumber(it) => it.fault,
            Kind::CertificateVersion(it) if it.version == 2 => "2",
            Kind::UnknownCritical(it) => match critical(&it.unknown) {
                DEMANDS => self.demanded(),
                other => other,
            },
            Kind::NotCritical(it) => match it.marks.extensions.first().copied() {
                Some("policyConstraints") => self.demanded(),
                other => other.unwrap_or_default(),
            },
            Kind::WronglyCritical(it) => it.marks.extensions.first().copied().unwrap_or_default(),
            Kind::MalformedTime(it) if it.text.contains(['.', ',']) => "fraction",
            Kind::MalformedTime(it) if it.text.contains(['+', '-']) => "zone",
            _ => "",
        }
    }
}

/// The one of these that a text begins with.
fn one_of(text: &str, names: &[&'static str]) -> &'static str {
    let found = names.iter().find(|name| text.starts_with(**name));
    found.copied().unwrap_or_default()
}

/// The fault that most refuse, where there are several.
fn der_fault(certificate: &Certificate) -> &'static str {
    let mut worst = "";
    for fault in &certificate.der_faults {
        worst = match fault {
            DerFault::Serial => return "serial",
            DerFault::Boolean { .. } => "boolean",
            DerFault::DefaultWritten { field, .. } if *field == "critical" && worst.is_empty() => {
                field
            }
            _ => worst,
        };
    }
    worst
}

/// Extensions that every family reads and rustls-webpki does not: certificatePolicies.
const POLICIES: &str = "2.5.29.32";
/// policyMappings.
const MAPPINGS: &str = "2.5.29.33";
/// Those two and inhibitAnyPolicy.
const OF_POLICIES: [&str; 3] = [POLICIES, MAPPINGS, "2.5.29.54"];
/// policyConstraints.
const POLICY_CONSTRAINTS: &str = "2.5.29.36";
/// What is said of them, until it is known whether the path meets them.
const DEMANDS: &str = "policyConstraints";
/// netscape-cert-type.
const NETSCAPE: &str = "2.16.840.1.113730.1.1";
/// authorityInfoAccess.
const ISSUER_PLACES: &str = "1.3.6.1.5.5.7.1.1";
/// Extensions that must not be critical: key identifiers, and where to find the issuer and its lists.
const HINTS: [&str; 4] = ["2.5.29.14", "2.5.29.35", "2.5.29.46", ISSUER_PLACES];

fn critical(unknown: &[String]) -> &'static str {
    let are_all = |is_meant: &dyn Fn(&str) -> bool| unknown.iter().all(|oid| is_meant(oid));
    let has_mappings = unknown.iter().any(|oid| oid == MAPPINGS);
    if are_all(&|oid| oid == ISSUER_PLACES) {
        "places of the issuer"
    } else if are_all(&|oid| oid == NETSCAPE) {
        "nsCertType"
    } else if are_all(&|oid| oid == POLICIES) {
        "certificatePolicies"
    } else if are_all(&|oid| OF_POLICIES.contains(&oid)) {
        if has_mappings {
            "policyMappings"
        } else {
            "inhibitAnyPolicy"
        }
    } else if are_all(&|oid| OF_POLICIES.contains(&oid) || oid == POLICY_CONSTRAINTS) {
        if has_mappings {
            "policyMappings and demands"
        } else {
            DEMANDS
        }
    } else if are_all(&|oid| HINTS.contains(&oid) || oid == POLICIES) {
        "of the standard"
    } else {
        ""
    }
}

/// What is wrong with name constraints, by what the rule says of it.
fn constraint(fault: &str) -> &'static str {
    if fault.contains("starts with a dot") {
        "dot"
    } else if fault.contains("distance") {
        "distance"
    } else if fault.contains("no subtree") {
        "no subtree"
    } else {
        ""
    }
}
