//! `policy.no-server-auth`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::check::{Profile, Purpose, Role, Subject};
use crate::rules::entries::{identifiers, named};
use crate::rules::{Aspect, Evidence, Kind};
use crate::x509::{ExtendedKeyUsage, oids};

/// The extended key usage does not allow the purpose asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NoServerAuth {
    /// Subject, escaped.
    pub subject: String,
    /// Its part in the chain.
    pub part: &'static str,
    /// The purpose asked for.
    pub wanted: &'static str,
    /// The purposes that are listed.
    pub purposes: Vec<String>,
}

impl Evidence for NoServerAuth {
    const RULE: Rule = Rule {
        code: "policy.no-server-auth",
        severity: Severity::Error,
        title: "The certificate is not for this purpose",
        why: "A certificate with extKeyUsage may be used for the purposes it lists and no others. \
              Clients look for serverAuth in the certificate of a server, and in every \
              intermediate above it that lists purposes at all. Outside the public web an \
              intermediate for any purpose limits nothing.",
        fix: "Have it issued again with the purpose serverAuth (1.3.6.1.5.5.7.3.1).",
        sources: &[
            "RFC 5280, section 4.2.1.12",
            "CA/B Forum Baseline Requirements, section 7.1.2.7.10",
        ],
    };
    const ASPECT: Aspect = Aspect::Fit;

    fn message(&self) -> String {
        let listed = if self.purposes.is_empty() {
            "nothing".to_owned()
        } else {
            named(&self.purposes)
        };
        format!(
            "The {} \"{}\" is not for {}: its extKeyUsage lists {listed}.",
            self.part, self.subject, self.wanted
        )
    }

    fn field(&self) -> Option<&'static str> {
        Some("extensions.extKeyUsage")
    }
}

pub(crate) fn check(subject: &Subject<'_>, out: &mut Vec<Kind>) {
    let certificate = subject.certificate;
    let Some(usage) = &certificate.extensions.extended_key_usage else {
        return;
    };
    let (wanted, word) = match subject.options.purpose {
        Purpose::Server => (oids::SERVER_AUTH, "serverAuth"),
        Purpose::Client => (oids::CLIENT_AUTH, "clientAuth"),
    };
    if subject.role != Role::Root && !usage.has(wanted) && !lifts_limits(subject, usage) {
        out.push(
            NoServerAuth {
                subject: certificate.subject.short(),
                part: subject.part(),
                wanted: word,
                purposes: identifiers(usage.purposes.iter()),
            }
            .into(),
        );
    }
}

/// RFC 5280, section 4.2.1.12: a CA that lists anyExtendedKeyUsage does not limit what is below it.
/// Public CAs may not (Baseline Requirements, section 7.1.2.10.6), and their clients do not look.
fn lifts_limits(subject: &Subject<'_>, usage: &ExtendedKeyUsage) -> bool {
    subject.role == Role::Intermediate
        && subject.options.profile != Profile::Webpki
        && usage.has(oids::ANY_EXTENDED_KEY_USAGE)
}
