//! `pem.openssh-key`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::rules::{Aspect, Evidence};

/// A private key in OpenSSH's own format.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OpensshKey;

impl Evidence for OpensshKey {
    const RULE: Rule = Rule {
        code: "pem.openssh-key",
        severity: Severity::Error,
        title: "The key is in OpenSSH format",
        why: "`ssh-keygen` writes its own format, which no TLS server loads; the key itself may \
              be good.",
        fix: "Convert it: `keyway fix` writes PKCS#8, or `ssh-keygen -p -m PKCS8 -f FILE`.",
        sources: &["OpenSSH: PROTOCOL.key"],
    };
    const ASPECT: Aspect = Aspect::Serves;

    fn message(&self) -> String {
        "The private key is in OpenSSH's format, which no TLS server loads.".to_owned()
    }
}
