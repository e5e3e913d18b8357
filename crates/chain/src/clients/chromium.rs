//! Chrome, Edge and other browsers on Chromium.

use keyway_report::{DAY, Verdict};

use super::evidence::Evidence;
use super::handshake::Handshake;
use super::logging::Logging;
use super::policies::{self, Policies};
use super::revocation::Revocation;
use super::stance::Stance;
use super::{Claim, Family, fetches};
use crate::x509::PublicKeyAlgorithm as Algorithm;

/// Since when (seconds since 1970) a certificate by a public CA may be valid for how many days, newest
/// first. Older limits are gone with the certificates that they bound.
const MAX_DAYS: [(i64, i64); 4] = [
    (1_868_227_200, 47),
    (1_805_068_800, 100),
    (1_773_532_800, 200),
    (i64::MIN, 398),
];

/// `SSL_MAX_CERT_LIST_DEFAULT`, the most bytes that BoringSSL reads unless told otherwise.
pub(super) const BORINGSSL_MESSAGE: usize = 100 * 1024;

pub(super) const FAMILY: Family = Family {
    name: "Chrome and Edge",
    source: "Chromium: net/cert/cert_verify_proc_builtin.cc",
    table_source: "Tried with Chromium 156 and roots of an own CA",
    handshake: Handshake {
        keys: &[Algorithm::Rsa, Algorithm::Ec],
        modulus: 1024..=u32::MAX,
        curves: &["P-256", "P-384"],
        depends: &[],
        compressed: Stance::Passes,
        keys_source: "Chromium: kVerifyPrefs in net/socket/ssl_client_socket_impl.cc, IsWeakKey in \
                      net/cert/cert_verify_proc.cc",
        message: BORINGSSL_MESSAGE,
        message_source: "BoringSSL: ssl_max_handshake_message_len and SSL_MAX_CERT_LIST_DEFAULT",
    },
    logging: Some(Logging {
        source: "Chrome Certificate Transparency Policy",
        counts_last_second: false,
    }),
    revocation: Revocation {
        public: Verdict::Unknown,
        own: Verdict::Yes,
        stapled: Verdict::Unknown,
        reason: "It refuses what its CRLSet names, which is some of what public CAs revoked, and asks \
                 nobody else.",
        source: "chromium.org: CRLSets",
    },
    refuses: |evidence| {
        refuses(evidence)
            .or_else(|| trusts_itself(evidence))
            .or_else(|| misses_policy_of_root(evidence))
            .or_else(|| {
                Some(Claim::no(
                    evidence.constrained_locator()?,
                    FAMILY.table_source,
                ))
            })
    },
    missing: |evidence| {
        fetches(
            evidence,
            "Chromium: net/cert/internal/cert_issuer_source_aia.h",
        )
    },
};

fn refuses(evidence: &Evidence<'_, '_>) -> Option<Claim> {
    let leaf = evidence.leaf()?;
    let (_, limit) = MAX_DAYS
        .iter()
        .find(|(from, _)| leaf.not_before.seconds() >= *from)?;
    // It does not count the last second.
    let is_longer = leaf.not_after.since(leaf.not_before) > limit * DAY;
    (evidence.is_public() && is_longer).then(|| {
        Claim::no(
            format!("It refuses more than {limit} days of validity by a public CA at that date."),
            "Chromium: net/cert/cert_verify_proc.cc, HasTooLongValidity",
        )
    })
}

/// Its anchors are CAs; a server's certificate is trusted for itself where it was imported as such.
fn trusts_itself(evidence: &Evidence<'_, '_>) -> Option<Claim> {
    let is_ca = evidence.leaf()?.is_ca();
    (evidence.trusts_leaf_itself() && !is_ca).then(|| {
        Claim::unknown(
            "It accepts a certificate that is trusted for itself where it was imported as a trusted \
             server's, and refuses where it was imported as a CA's.",
            FAMILY.table_source,
        )
    })
}

/// Of a root it asks what it asks of other CAs, as far as policies go.
fn misses_policy_of_root(evidence: &Evidence<'_, '_>) -> Option<Claim> {
    let source = FAMILY.table_source;
    match policies::of_root(&evidence.view()) {
        Policies::Held => None,
        Policies::Missed => Some(Claim::no(
            "The root demands a policy, and not all below it have one in common.",
            source,
        )),
        Policies::Unclear => Some(Claim::unknown(
            "The root demands a policy; whether all below it have it is not judged here.",
            source,
        )),
    }
}
