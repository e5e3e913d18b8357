//! `pem.legacy-encryption`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::rules::{Aspect, Evidence};

/// A key is encrypted the way of RFC 1421, with MD5 and one round.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LegacyEncryption {
    /// Cipher named in DEK-Info, escaped.
    pub cipher: String,
}

impl Evidence for LegacyEncryption {
    const RULE: Rule = Rule {
        code: "pem.legacy-encryption",
        severity: Severity::Warning,
        title: "A key is encrypted in the weak, old way",
        why: "The password is turned into a key with one round of MD5: guesses cost nearly \
              nothing. rustls, Go since 1.16 (deprecated) and others do not read it.",
        fix: "Convert it: `openssl pkcs8 -topk8 -in old.key -out key.pem`, or let `keyway fix` \
              write it unencrypted with mode 0600.",
        sources: &["RFC 1421, section 4.6.1.3", "OpenSSL: EVP_BytesToKey(3)"],
    };
    const ASPECT: Aspect = Aspect::Serves;

    fn message(&self) -> String {
        format!(
            "The key is encrypted with {} under a password stretched by one round of MD5.",
            self.cipher
        )
    }
}
