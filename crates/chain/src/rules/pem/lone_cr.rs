//! `pem.lone-cr`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::rules::{Aspect, Evidence};

/// A boundary stands on a line that a lone carriage return begins or ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LoneCr;

impl Evidence for LoneCr {
    const RULE: Rule = Rule {
        code: "pem.lone-cr",
        severity: Severity::Error,
        title: "Lines end in a lone carriage return",
        why: "Only a line feed ends a line for OpenSSL: it does not find a boundary that stands behind \
              another kind of line end, or before one. nginx, Apache, HAProxy and Python's ssl load \
              with OpenSSL; GnuTLS, Java and rustls take either. Old Mac editors and some scripts \
              write such files.",
        fix: "Save the file with Unix line ends (`tr '\\r' '\\n' < FILE > NEW`), or run `keyway fix`.",
        sources: &["RFC 7468, section 2", "OpenSSL: PEM_R_NO_START_LINE"],
    };
    const ASPECT: Aspect = Aspect::Serves;

    fn message(&self) -> String {
        "A BEGIN or END line begins behind a lone carriage return or ends in one, so OpenSSL does \
         not see it."
            .to_owned()
    }
}
