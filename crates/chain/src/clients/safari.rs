//! Safari, and everything else that uses Apple's trust evaluation.

use keyway_report::{DAY, Verdict};

use super::chromium::BORINGSSL_MESSAGE;
use super::evidence::Evidence;
use super::handshake::Handshake;
use super::logging::Logging;
use super::revocation::Revocation;
use super::stance::Stance;
use super::{Claim, Family, fetches};
use crate::x509::{PublicKeyAlgorithm as Algorithm, oids};

/// Longest validity by a CA that comes with the system, in days. The Baseline Requirements have asked
/// for less since 2026-03-15; Apple's page, which says what devices refuse, does not.
const MAX_DAYS_PUBLIC: i64 = 398;
/// Longest validity by any CA, in days, for certificates since 2019-07-01.
const MAX_DAYS: i64 = 825;
const MAX_DAYS_FROM: i64 = 1_561_939_200;

pub(super) const FAMILY: Family = Family {
    name: "Safari",
    source: "support.apple.com/103769 (requirements for trusted certificates)",
    table_source: "Apple: Security framework, SecPolicyAddBasicX509Options and SecPolicyCreateSSL; support.apple.com/103769",
    handshake: Handshake {
        keys: &[Algorithm::Rsa, Algorithm::Ec],
        modulus: 2048..=u32::MAX,
        curves: &["P-256", "P-384"],
        depends: &[],
        compressed: Stance::Unknown,
        keys_source: "support.apple.com/103769 (RSA); the signature algorithms that Safari 16 offers, \
                      in refraction-networking/utls, u_parrots.go",
        message: usize::MAX,
        message_source: "",
    },
    logging: Some(Logging {
        source: "support.apple.com/103214 (Apple's Certificate Transparency policy)",
        counts_last_second: true,
    }),
    revocation: Revocation {
        public: Verdict::Unknown,
        own: Verdict::Unknown,
        stapled: Verdict::Unknown,
        reason: "It refuses what Apple's own list of revoked certificates names.",
        source: "Apple Developer Forums, thread 808875",
    },
    refuses: |evidence| {
        too_long(evidence)
            .or_else(|| without_purpose(evidence))
            .or_else(|| perhaps_too_large(evidence))
    },
    missing: |evidence| {
        fetches(
            evidence,
            "Apple: Creating a Trust Object (Security framework)",
        )
    },
};

fn too_long(evidence: &Evidence<'_, '_>) -> Option<Claim> {
    let leaf = evidence.leaf()?;
    let (limit, source) = if evidence.is_public() {
        (
            MAX_DAYS_PUBLIC,
            "support.apple.com/102028 (limits on trusted certificates)",
        )
    } else {
        (MAX_DAYS, FAMILY.source)
    };
    (is_bound(evidence) && leaf.lifetime() > limit * DAY).then(|| {
        Claim::no(
            format!("It refuses more than {limit} days of validity."),
            source,
        )
    })
}

fn without_purpose(evidence: &Evidence<'_, '_>) -> Option<Claim> {
    let usage = evidence.leaf()?.extensions.extended_key_usage.as_ref();
    let for_servers = usage.is_some_and(|usage| usage.has(oids::SERVER_AUTH));
    (is_bound(evidence) && !for_servers).then(|| {
        Claim::no(
            "It wants an extended key usage with serverAuth, from own CAs too.",
            FAMILY.source,
        )
    })
}

/// Whether the certificate is young enough for Apple's rules on validity and purpose.
fn is_bound(evidence: &Evidence<'_, '_>) -> bool {
    evidence
        .leaf()
        .is_some_and(|leaf| leaf.not_before.seconds() > MAX_DAYS_FROM)
}

/// Its TLS is BoringSSL's; what limit it sets is written nowhere.
fn perhaps_too_large(evidence: &Evidence<'_, '_>) -> Option<Claim> {
    let bytes = evidence.message_bytes;
    (bytes > BORINGSSL_MESSAGE).then(|| {
        Claim::unknown(
            format!(
                "The server would send {bytes} bytes of certificates. BoringSSL, on which it is built, \
                 reads at most {BORINGSSL_MESSAGE} by default; what Apple sets is not known here."
            ),
            "BoringSSL: SSL_MAX_CERT_LIST_DEFAULT",
        )
    })
}
