//! Programs on the Java platform.

use super::evidence;
use super::handshake::{Handshake, NIST_CURVES};
use super::revocation::Revocation;
use super::{Family, cannot_help};
use crate::x509::PublicKeyAlgorithm as Algorithm;

pub(super) const FAMILY: Family = Family {
    name: "Java",
    source: "JDK: PKI Programmer's Guide",
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
        keys_source: "JDK: jdk.certpath.disabledAlgorithms in java.security; tried with 17 and 25",
        message: 32_768,
        message_source: "JDK: jdk.tls.maxHandshakeMessageSize",
    },
    logging: None,
    revocation: Revocation::not_asked("JDK: com.sun.net.ssl.checkRevocation, off by default"),
    enforces: &[],
    passes: &[],
    unsure: &[
        evidence::AKI_MISMATCH,
        evidence::ISSUER_NAME,
        evidence::PARAMETERS,
    ],
    refuses: |_| None,
    missing: |evidence| {
        cannot_help(
            evidence,
            "JDK: com.sun.security.enableAIAcaIssuers, off by default (java.security)",
        )
    },
};
