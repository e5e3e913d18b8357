//! Programs on the Java platform.

use super::evidence::Evidence;
use super::handshake::{Handshake, NIST_CURVES};
use super::revocation::Revocation;
use super::stance::Stance;
use super::{Claim, Family, asked, cannot_help, limits};
use crate::x509::PublicKeyAlgorithm as Algorithm;

pub(super) const FAMILY: Family = Family {
    name: "Java",
    source: "JDK: PKI Programmer's Guide",
    table_source: "Tried with JDK 17 and 25 and roots of an own CA",
    handshake: Handshake {
        keys: &[
            Algorithm::Rsa,
            Algorithm::RsaPss,
            Algorithm::Ec,
            Algorithm::Ed25519,
            Algorithm::Ed448,
            Algorithm::Dsa,
        ],
        modulus: 1024..=u32::MAX,
        curves: NIST_CURVES,
        depends: &[],
        compressed: Stance::Minds,
        keys_source: "JDK: jdk.certpath.disabledAlgorithms in java.security; tried with 17 and 25",
        message: 32_768,
        message_source: "JDK: jdk.tls.maxHandshakeMessageSize",
    },
    logging: None,
    revocation: Revocation::not_asked("JDK: com.sun.net.ssl.checkRevocation, off by default"),
    refuses,
    missing: |evidence| {
        cannot_help(
            evidence,
            "JDK: com.sun.security.enableAIAcaIssuers, off by default (java.security)",
        )
    },
};

/// `jdk.tls.client.maxInboundCertificateChainLength`, as it is set up.
const MAX_CERTIFICATES: usize = 10;

fn refuses(evidence: &Evidence<'_, '_>) -> Option<Claim> {
    if asked::has_underscore(evidence.hosts()) {
        let reason = "It takes no host name with an underscore.";
        return Some(Claim::no(reason, FAMILY.table_source));
    }
    if limits::speaks_of_every_host(evidence) {
        let reason = "It fails over a name constraint about every name of a host.";
        return Some(Claim::no(reason, FAMILY.table_source));
    }
    let given = evidence.given();
    (given > MAX_CERTIFICATES).then(|| {
        Claim::unknown(
            format!(
                "It refuses where the server sends all {given} certificates that were given: it reads \
                 at most {MAX_CERTIFICATES}."
            ),
            "JDK: jdk.tls.client.maxInboundCertificateChainLength",
        )
    })
}
