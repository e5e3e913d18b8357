//! `pem.trusted-certificate`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::rules::{Aspect, Evidence};

/// A certificate in OpenSSL's TRUSTED form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TrustedCertificate;

impl Evidence for TrustedCertificate {
    const RULE: Rule = Rule {
        code: "pem.trusted-certificate",
        severity: Severity::Warning,
        title: "The certificate is in OpenSSL's own TRUSTED form",
        why: "OpenSSL adds its trust settings behind the certificate; only OpenSSL reads that. \
              rustls, Go and Java pass the block over.",
        fix: "Run `keyway fix`, or `openssl x509 -in FILE -out cert.pem`.",
        sources: &["OpenSSL: openssl-x509(1), TRUST SETTINGS"],
    };
    const ASPECT: Aspect = Aspect::Serves;

    fn message(&self) -> String {
        "The block is a TRUSTED CERTIFICATE, which only OpenSSL reads.".to_owned()
    }
}
