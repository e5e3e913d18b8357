//! `pem.strict-reader-differs`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use super::named::counted;
use crate::rules::{Aspect, Evidence};

/// What a rustls server would load differs from what is there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StrictReaderDiffers {
    /// Certificates that rustls-pemfile finds.
    pub certificates: usize,
    /// Keys that it finds.
    pub keys: usize,
    /// Certificates that are there.
    pub our_certificates: usize,
    /// Keys that are there.
    pub our_keys: usize,
    /// Where rustls-pemfile stops, if it does.
    pub error: Option<String>,
    /// Whether OpenSSL reads all of it all the same.
    pub openssl: bool,
    /// Whether it has the old label X509 CERTIFICATE.
    #[serde(skip)]
    pub old_label: bool,
    /// Whether anything in it can be used at all, once it is written anew.
    #[serde(skip)]
    pub usable: bool,
    /// Whether a certificate in it cannot be read, so that no repair brings it back.
    #[serde(skip)]
    pub lost: bool,
}

impl Evidence for StrictReaderDiffers {
    const RULE: Rule = Rule {
        code: "pem.strict-reader-differs",
        severity: Severity::Error,
        title: "A rustls server loads something else from this file",
        why: "What was read here was read leniently. A server built on rustls loads with \
              rustls-pemfile, and does not serve the blocks that it does not see. `servable` is said of \
              files that every server takes, an encrypted key with its password.",
        fix: "Run `keyway fix` and serve what it writes.",
        sources: &["rustls-pemfile 2: read_all", "RFC 7468, section 3"],
    };
    const ASPECT: Aspect = Aspect::Serves;

    fn message(&self) -> String {
        let stop = self
            .error
            .as_ref()
            .map_or_else(String::new, |error| format!(" It stops with: {error}."));
        let label = if self.old_label {
            " It does not know the old label X509 CERTIFICATE."
        } else {
            ""
        };
        let others = if self.openssl {
            " OpenSSL, and with it nginx, Apache and HAProxy, loads all of it."
        } else {
            ""
        };
        let counts = [
            self.our_certificates,
            self.our_keys,
            self.certificates,
            self.keys,
        ];
        if counts.iter().all(|count| *count == 0) {
            return format!(
                "Nothing that a server needs could be read from this file, and a rustls server loads nothing \
                 from it.{label}{stop}"
            );
        }
        format!(
            "This file holds {} and {}; a rustls server would load {} and {}.{label}{stop}{others}",
            counted(self.our_certificates, "certificate"),
            counted(self.our_keys, "key"),
            self.certificates,
            self.keys
        )
    }

    fn fix(&self) -> String {
        let fix = match (self.usable, self.lost) {
            (true, false) => Self::RULE.fix,
            (true, true) => {
                "Fetch the file again from where it came: a certificate in it cannot be read, and `keyway fix` \
                 cannot bring it back."
            }
            (false, _) => {
                "Fetch the file again from where it came: nothing in it can be used as it is."
            }
        };
        fix.to_owned()
    }
}
