//! Whether a path has the policies that a CA of it demands, as far as that is seen without working out
//! the whole of RFC 5280, section 6.1: where policies are mapped, or any policy stands for one, it is not
//! said.

use crate::check::PathView;
use crate::x509::{Certificate, Oid, oids};

/// What becomes of the policies that are demanded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Policies {
    /// All certificates below the root have one policy in common, or none is demanded.
    Held,
    /// One is demanded at once, and no policy is valid for all of them.
    Missed,
    /// Neither is sure.
    Unclear,
}

/// What becomes of them on this path. The root is asked by few.
pub(super) fn of(view: &PathView<'_>) -> Policies {
    let certificates = below_root(view);
    let demanded = skipped(certificates.iter().skip(1).copied());
    let leaf = certificates.first();
    if leaf.is_some_and(|leaf| leaf.extensions.explicit_policy.is_some()) {
        return Policies::Unclear;
    }
    of_demanded(&certificates, demanded)
}

/// What becomes of what the root demands.
pub(super) fn of_root(view: &PathView<'_>) -> Policies {
    let certificates = below_root(view);
    of_demanded(
        &certificates,
        skipped(view.certificate(certificates.len()).into_iter()),
    )
}

/// Whether the root has critical policyConstraints.
pub(super) fn are_constrained_by_root(view: &PathView<'_>) -> bool {
    let root = view.certificate(below_root(view).len());
    let constraints = root.and_then(|root| root.extensions.find(oids::POLICY_CONSTRAINTS));
    constraints.is_some_and(|constraints| constraints.critical)
}

/// Those below the root, leaf first. A root that is no certificate comes after them, too.
fn below_root<'a>(view: &PathView<'a>) -> Vec<&'a Certificate> {
    let end = view.len() - usize::from(view.path.gap.is_none() && view.len() > 0);
    (0..end).filter_map(|at| view.certificate(at)).collect()
}

/// After how many certificates a policy is demanded, at the soonest.
fn skipped<'a>(issuers: impl Iterator<Item = &'a Certificate>) -> Option<u32> {
    issuers.filter_map(|it| it.extensions.explicit_policy).min()
}

fn of_demanded(certificates: &[&Certificate], demanded: Option<u32>) -> Policies {
    let maps = |it: &&Certificate| it.extensions.find(oids::POLICY_MAPPINGS).is_some();
    if demanded.is_none() {
        Policies::Held
    } else if certificates.iter().any(maps) {
        Policies::Unclear
    } else if have_common(certificates) {
        Policies::Held
    } else if demanded == Some(0) && have_none(certificates) {
        Policies::Missed
    } else {
        Policies::Unclear
    }
}

/// The policies that a certificate names, "any" left out.
fn named(certificate: &Certificate) -> impl Iterator<Item = &Oid> {
    let policies = certificate.extensions.policies.iter();
    policies.filter(|policy| !policy.is(oids::ANY_POLICY))
}

fn has_any(certificate: &Certificate) -> bool {
    let mut policies = certificate.extensions.policies.iter();
    policies.any(|policy| policy.is(oids::ANY_POLICY))
}

/// Most policies of a certificate that are compared with those of others; public CAs name four or five.
const MAX_COMPARED: usize = 64;

fn have_common(certificates: &[&Certificate]) -> bool {
    certificates.split_first().is_some_and(|(leaf, issuers)| {
        named(leaf).take(MAX_COMPARED).any(|policy| {
            let mut issuers = issuers.iter();
            issuers.all(|issuer| {
                named(issuer)
                    .take(MAX_COMPARED)
                    .any(|other| other == policy)
            })
        })
    })
}

/// Whether no policy can be valid for all, leaf first: one names none, or only any where that is
/// forbidden, or two name nothing in common.
fn have_none(certificates: &[&Certificate]) -> bool {
    let is_forbidden_any = |position: usize, certificate: &Certificate| {
        let above = &certificates[position + 1..];
        let forbids = |it: &&Certificate| it.extensions.inhibit_any_policy == Some(0);
        named(certificate).next().is_none()
            && above.iter().any(forbids)
            && !certificate.is_self_issued()
    };
    let are_apart = |one: &Certificate, other: &Certificate| {
        let count = |it: &Certificate| it.extensions.policies.len();
        !has_any(one)
            && !has_any(other)
            && count(one).max(count(other)) <= MAX_COMPARED
            && !named(one).any(|policy| named(other).any(|other| other == policy))
    };
    let mut listed = certificates.iter().enumerate();
    listed.any(|(position, certificate)| {
        certificate.extensions.policies.is_empty()
            || is_forbidden_any(position, certificate)
            || certificates[..position]
                .iter()
                .any(|below| are_apart(certificate, below))
    })
}
