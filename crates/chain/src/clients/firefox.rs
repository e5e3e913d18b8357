//! Firefox, with its preloaded intermediates.

use keyway_report::Verdict;

use super::evidence::Evidence;
use super::handshake::{Handshake, NIST_CURVES};
use super::logging::Logging;
use super::revocation::Revocation;
use super::stance::Stance;
use super::{Claim, Family, cannot_help, limits};
use crate::x509::{GeneralName, PublicKeyAlgorithm as Algorithm};

const PRELOADING: &str =
    "Mozilla Security Blog, 2020-11-13: Preloading Intermediate CA Certificates into Firefox";

pub(super) const FAMILY: Family = Family {
    name: "Firefox",
    source: "NSS: lib/mozpkix",
    table_source: "Tried with Firefox 153 and roots of an own CA",
    handshake: Handshake {
        keys: &[Algorithm::Rsa, Algorithm::Ec],
        modulus: 1024..=u32::MAX,
        curves: NIST_CURVES,
        depends: &[],
        compressed: Stance::Minds,
        keys_source: "NSS: lib/mozpkix/lib/pkixcheck.cpp, CheckSubjectPublicKeyInfoContents; Gecko: \
                      security/certverifier/CertVerifier.cpp, MIN_RSA_BITS_WEAK",
        message: 0x1_ffff,
        message_source: "NSS: lib/ssl, MAX_HANDSHAKE_MSG_LEN",
    },
    logging: Some(Logging {
        source: "Gecko: security/ct/CTPolicyEnforcer.cpp; enforced since Firefox 135 \
                 (dev-security-policy, 2025-02-04)",
        counts_last_second: false,
    }),
    revocation: Revocation {
        public: Verdict::Unknown,
        own: Verdict::Unknown,
        stapled: Verdict::Unknown,
        reason: "It refuses what its CRLite holds: what public CAs revoked, of what was logged, as of \
                 the last update.",
        source: "Mozilla Hacks, 2025-08-19: CRLite (since Firefox 137)",
    },
    refuses,
    missing,
};

fn refuses(evidence: &Evidence<'_, '_>) -> Option<Claim> {
    let is_directory = |base: &GeneralName| matches!(base, GeneralName::Directory(_));
    let reason = if limits::excluded(evidence, is_directory) {
        "It refuses whatever is below a CA that excludes directory names."
    } else if limits::excludes_below_wildcard(evidence) {
        "It takes a wildcard for a name below the domain that a CA excludes."
    } else if limits::counts_more(evidence) {
        limits::COUNTED
    } else {
        evidence.constrained_locator()?
    };
    Some(Claim::no(reason, FAMILY.table_source))
}

fn missing(evidence: &Evidence<'_, '_>) -> Claim {
    if evidence.is_own() {
        return cannot_help(evidence, PRELOADING);
    }
    let subject = evidence.missing_subject();
    Claim::unknown(
        format!(
            "It does not fetch, but knows the intermediates of public CAs beforehand: it accepts \
             when \"{subject}\" is one of them."
        ),
        PRELOADING,
    )
}
