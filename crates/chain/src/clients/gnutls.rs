//! Programs that link GnuTLS: wget, parts of GNOME, Debian's apt.

use super::evidence::Evidence;
use super::handshake::{Handshake, NIST_CURVES};
use super::revocation::Revocation;
use super::stance::Stance;
use super::{Claim, Family, cannot_help, limits, policies};
use crate::x509::{GeneralName, PublicKeyAlgorithm as Algorithm};

pub(super) const FAMILY: Family = Family {
    name: "GnuTLS",
    source: "GnuTLS: gnutls_x509_trust_list_verify_crt2(3)",
    table_source: "Tried with GnuTLS 3.7",
    handshake: Handshake {
        keys: &[
            Algorithm::Rsa,
            Algorithm::RsaPss,
            Algorithm::Ec,
            Algorithm::Ed25519,
            Algorithm::Ed448,
        ],
        modulus: 1024..=u32::MAX,
        curves: NIST_CURVES,
        depends: &[],
        compressed: Stance::Minds,
        keys_source: "GnuTLS: gnutls_priority_init2(3), NORMAL; tried with 3.7.9",
        message: 128 * 1024,
        message_source: "GnuTLS: gnutls_handshake_set_max_packet_length(3)",
    },
    logging: None,
    revocation: Revocation::verifying_staples(
        "GnuTLS: gnutls_x509_trust_list_add_crls(3), gnutls_certificate_set_verify_flags(3)",
    ),
    refuses,
    missing: |evidence| {
        cannot_help(
            evidence,
            "GnuTLS: gnutls_x509_trust_list_set_getissuer_function(3), set by no default",
        )
    },
};

/// `DEFAULT_MAX_VERIFY_DEPTH`.
const MAX_CERTIFICATES: usize = 16;

/// What it refuses of the limits that a CA sets, the root's too.
fn limited(evidence: &Evidence<'_, '_>) -> Option<&'static str> {
    let is_odd =
        |base: &GeneralName| matches!(base, GeneralName::Other(_) | GeneralName::Unread(_));
    let is_directory = |base: &GeneralName| matches!(base, GeneralName::Directory(_));
    if limits::any(evidence, |constraints| {
        limits::subtrees(constraints).any(is_odd)
    }) {
        Some("A name constraint is about names of a kind that it does not support.")
    } else if limits::excluded(evidence, is_directory) {
        Some("It refuses whatever is below a CA that excludes directory names.")
    } else if limits::counts_more(evidence) {
        Some(limits::COUNTED)
    } else if policies::are_constrained_by_root(&evidence.view()) {
        Some("The root has critical policyConstraints, which it does not know.")
    } else {
        None
    }
}

/// It goes on with the first certificate of a CA that the server sends, and looks at no other; where one
/// that is trusted was sent, it goes on to that one's issuer if it was sent, too.
fn refuses(evidence: &Evidence<'_, '_>) -> Option<Claim> {
    if let Some(reason) = limited(evidence) {
        return Some(Claim::no(reason, FAMILY.table_source));
    }
    if evidence.goes_on_above_trust() {
        let reason = "The trusted certificate is not self-signed, and its issuer's is sent, too: it goes on \
                      to that one, which nobody trusts.";
        return Some(Claim::no(reason, FAMILY.table_source));
    }
    let given = evidence.given();
    if given > MAX_CERTIFICATES {
        let reason = format!(
            "It refuses where the server sends all {given} certificates that were given: it takes at \
             most {MAX_CERTIFICATES}."
        );
        return Some(Claim::unknown(
            reason,
            "GnuTLS: DEFAULT_MAX_VERIFY_DEPTH; tried with 3.7.9",
        ));
    }
    let subject = evidence.out_of_time_before()?;
    Some(Claim::no(
        format!(
            "The certificate of \"{subject}\" that is expired or not yet valid stands before the one that \
             holds; in the other order it accepts."
        ),
        FAMILY.table_source,
    ))
}
