//! `pem.retired-cipher`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::rules::{Aspect, Evidence};

/// A key is encrypted with a cipher that OpenSSL 3 does not have at hand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RetiredCipher {
    /// The cipher: DES, RC2 or RC4.
    pub cipher: &'static str,
}

impl Evidence for RetiredCipher {
    const RULE: Rule = Rule {
        code: "pem.retired-cipher",
        severity: Severity::Error,
        title: "A key is encrypted with a cipher that OpenSSL 3 has retired",
        why: "DES, RC2 and RC4 are in OpenSSL 3's legacy provider, which is not loaded unless somebody \
              asks for it: nginx, Apache, HAProxy and Python's ssl cannot open the key, even with the \
              right password. The ciphers are weak as well: what is locked with them is hardly locked.",
        fix: "Let `keyway fix` write it unencrypted with mode 0600, or encrypt it anew: `openssl pkey \
              -provider legacy -provider default -in FILE -aes256 -out key.pem`.",
        sources: &[
            "OpenSSL 3: OSSL_PROVIDER-legacy(7)",
            "RFC 8018, appendix B.2",
            "RFC 7292, appendix C",
        ],
    };
    const ASPECT: Aspect = Aspect::Serves;

    fn message(&self) -> String {
        format!(
            "The key is encrypted with {}, which OpenSSL 3 does not open by itself.",
            self.cipher
        )
    }
}
