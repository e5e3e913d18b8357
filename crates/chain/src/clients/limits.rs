//! What a CA limits in a way that families read differently: kinds of names, and how many may follow.

use std::net::Ipv6Addr;

use super::evidence::Evidence;
use crate::check::counts_self_issued;
use crate::name::Presented;
use crate::x509::{Certificate, GeneralName, NameConstraints};

/// Bytes of an iPAddress of IPv6.
const V6: usize = 16;

pub(super) const UNSUPPORTED: &str =
    "A critical name constraint is about names of a kind that it does not support.";

pub(super) const COUNTED: &str =
    "It counts self-issued CAs against the path length of a CA above, which allows fewer.";

/// Whether name constraints on the path, the root's too, are of a kind.
pub(super) fn any(
    evidence: &Evidence<'_, '_>,
    is_meant: impl Fn(&NameConstraints) -> bool,
) -> bool {
    let view = evidence.view();
    let mut issuers = view.issuers();
    issuers.any(|at| {
        view.constraints(at)
            .is_some_and(|constraints| is_meant(&constraints))
    })
}

/// Whether a critical name constraint on the path is about names of a kind.
pub(super) fn critical(evidence: &Evidence<'_, '_>, is_meant: fn(&GeneralName) -> bool) -> bool {
    any(evidence, |constraints| {
        constraints.critical && subtrees(constraints).any(is_meant)
    })
}

/// Whether a name constraint on the path excludes names of a kind.
pub(super) fn excluded(
    evidence: &Evidence<'_, '_>,
    is_meant: impl Fn(&GeneralName) -> bool,
) -> bool {
    any(evidence, |constraints| {
        constraints.excluded.iter().flatten().any(&is_meant)
    })
}

pub(super) fn subtrees(constraints: &NameConstraints) -> impl Iterator<Item = &GeneralName> {
    let listed = constraints.permitted.iter().chain(&constraints.excluded);
    listed.flatten()
}

/// Whether names of hosts below every name are permitted or excluded by a CA below the root.
pub(super) fn speaks_of_every_host(evidence: &Evidence<'_, '_>) -> bool {
    let view = evidence.view();
    let end = view.len() - usize::from(view.path.gap.is_none() && view.len() > 0);
    (1..end).any(|at| {
        view.constraints(at).is_some_and(|constraints| {
            subtrees(&constraints)
                .any(|base| matches!(base, GeneralName::Dns(name) if name.is_empty()))
        })
    })
}

/// Whether a constraint with a leading dot excludes what a wildcard of the leaf seems to stand for and
/// does not: only names further down.
pub(super) fn excludes_below_wildcard(evidence: &Evidence<'_, '_>) -> bool {
    let wildcards = || {
        let presented = evidence.leaf().into_iter().flat_map(Certificate::presented);
        presented.filter_map(|entry| match entry {
            Presented::Dns { raw, .. } => raw.strip_prefix(b"*."),
            Presented::Ip { .. } => None,
        })
    };
    excluded(evidence, |base| {
        let GeneralName::Dns(base) = base else {
            return false;
        };
        let below = base.strip_prefix(b".").unwrap_or_default();
        let mut labels = below.splitn(2, |&byte| byte == b'.').skip(1);
        let parent = labels.next().unwrap_or_default();
        !parent.is_empty() && wildcards().any(|wildcard| wildcard.eq_ignore_ascii_case(parent))
    })
}

/// Whether more certificates follow a CA or the root than it allows, those counted that issue themselves
/// anew.
pub(super) fn counts_more(evidence: &Evidence<'_, '_>) -> bool {
    counts_self_issued(&evidence.view())
}

/// Whether the leaf carries an address of IPv4 in the form of IPv6.
pub(super) fn has_mapped_address(evidence: &Evidence<'_, '_>) -> bool {
    let names = evidence.leaf().into_iter().flat_map(Certificate::alt_names);
    let mut addresses = names.filter_map(|name| match name {
        GeneralName::Ip(bytes) => <[u8; V6]>::try_from(bytes.as_slice()).ok(),
        _ => None,
    });
    addresses.any(|octets| Ipv6Addr::from(octets).to_ipv4_mapped().is_some())
}
