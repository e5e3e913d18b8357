//! `pem.der-not-pem`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::rules::{Aspect, Evidence};

/// The file is DER where servers want PEM.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DerNotPem {
    /// What it holds.
    pub what: &'static str,
    /// How many values stand one after the other.
    pub values: usize,
}

impl Evidence for DerNotPem {
    const RULE: Rule = Rule {
        code: "pem.der-not-pem",
        severity: Severity::Error,
        title: "The file is binary (DER), servers want PEM",
        why: "nginx, Apache, HAProxy, Caddy and rustls read PEM; a DER file is empty to them \
              (\"no start line\").",
        fix: "Convert it: `keyway fix FILE --out DIR`, or `openssl x509 -inform der -in FILE -out \
              cert.pem`.",
        sources: &["RFC 7468, section 5", "OpenSSL: PEM_R_NO_START_LINE"],
    };
    const ASPECT: Aspect = Aspect::Serves;

    fn message(&self) -> String {
        if self.values == 1 {
            return format!("The file is {} in DER.", self.what);
        }
        format!(
            "The file holds {} values in DER, one behind the other; the first is {}. OpenSSL reads \
             the first alone.",
            self.values, self.what
        )
    }

    fn fix(&self) -> String {
        match self.what {
            _ if self.values > 1 => "Convert it: `keyway fix FILE --out DIR` takes all of them.",
            "a private key" => {
                "Convert it: `keyway fix … --out DIR`, or `openssl pkey -inform der -in FILE -out \
                 key.pem`."
            }
            "an encrypted private key" => {
                "Convert it: `openssl pkey -inform der -in FILE -aes256 -out key.pem` asks for the \
                 password and keeps the key encrypted; `keyway fix … --password-file P --out DIR` writes \
                 it open, for its owner alone to read."
            }
            _ => Self::RULE.fix,
        }
        .to_owned()
    }
}
