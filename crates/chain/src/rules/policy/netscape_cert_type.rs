//! `policy.netscape-cert-type`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::check::{Purpose, Role, Subject};
use crate::rules::chain::ca_as_leaf::names_no_server;
use crate::rules::{Aspect, Evidence, Kind};

/// Netscape's certificate type does not allow the purpose asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NetscapeCertType {
    /// Subject, escaped.
    pub subject: String,
    /// Its part in the chain.
    pub part: &'static str,
    /// The bit that is missing.
    pub wanted: &'static str,
    /// The bits that are set.
    pub types: Vec<&'static str>,
}

impl Evidence for NetscapeCertType {
    const RULE: Rule = Rule {
        code: "policy.netscape-cert-type",
        severity: Severity::Error,
        title: "Netscape's certificate type is not for this purpose",
        why: "The extension nsCertType is older than extKeyUsage and no standard has it, but OpenSSL \
              and Java still go by it: curl, Python and Java refuse a server whose certificate has the \
              extension without its bit for servers, whatever extKeyUsage says. Others read over it. \
              Of a CA with basicConstraints nobody asks it. It comes from old templates for clients.",
        fix: "Have it issued again without nsCertType; extKeyUsage says all that is needed.",
        sources: &[
            "OpenSSL: check_purpose_ssl_server and check_ssl_ca in crypto/x509/v3_purp.c",
            "JDK: sun.security.validator.EndEntityChecker",
        ],
    };
    const ASPECT: Aspect = Aspect::Fit;

    fn message(&self) -> String {
        let listed = if self.types.is_empty() {
            "nothing".to_owned()
        } else {
            self.types.join(", ")
        };
        format!(
            "The {} \"{}\" is not for a {} of TLS: its nsCertType lists {listed}.",
            self.part, self.subject, self.wanted
        )
    }

    fn field(&self) -> Option<&'static str> {
        Some("extensions.nsCertType")
    }
}

pub(crate) fn check(subject: &Subject<'_>, out: &mut Vec<Kind>) {
    let certificate = subject.certificate;
    let Some(types) = certificate.extensions.netscape_type else {
        return;
    };
    let (allows, wanted) = match subject.options.purpose {
        Purpose::Server => (types.server(), "server"),
        Purpose::Client => (types.client(), "client"),
    };
    if subject.role == Role::Leaf && !allows && !names_no_server(certificate) {
        out.push(
            NetscapeCertType {
                subject: certificate.subject.short(),
                part: subject.part(),
                wanted,
                types: types.names(),
            }
            .into(),
        );
    }
}
