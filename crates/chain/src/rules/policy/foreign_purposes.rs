//! `policy.foreign-purposes`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::check::{Profile, Subject};
use crate::rules::{Aspect, Evidence, Kind};
use crate::x509::oids;

/// A public server certificate is for code, mail, time stamps or OCSP too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ForeignPurposes {
    /// Subject, escaped.
    pub subject: String,
    /// The purposes that do not belong.
    pub purposes: Vec<&'static str>,
}

impl Evidence for ForeignPurposes {
    const RULE: Rule = Rule {
        code: "policy.foreign-purposes",
        severity: Severity::Warning,
        title: "The server certificate lists purposes that do not belong in it",
        why: "Public CAs may put serverAuth, and for now clientAuth, into server certificates. \
              Code signing, e-mail, time stamping and OCSP signing are forbidden there.",
        fix: "Have it issued again with serverAuth alone.",
        sources: &["CA/B Forum Baseline Requirements, section 7.1.2.7.10"],
    };
    const ASPECT: Aspect = Aspect::Fit;
    const PROFILES: &'static [Profile] = Profile::PUBLIC;

    fn message(&self) -> String {
        format!(
            "\"{}\" is also for {}.",
            self.subject,
            self.purposes.join(", ")
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
    let purposes: Vec<&'static str> = FOREIGN
        .iter()
        .filter(|(oid, _)| usage.has(oid))
        .map(|(_, name)| *name)
        .collect();
    if subject.is_server_leaf() && !purposes.is_empty() {
        out.push(
            ForeignPurposes {
                subject: certificate.subject.short(),
                purposes,
            }
            .into(),
        );
    }
}

/// id-kp 3, 4, 8 and 9 (RFC 5280, section 4.2.1.12).
const FOREIGN: [(&[u8], &str); 4] = [
    (&[0x2b, 6, 1, 5, 5, 7, 3, 3], "codeSigning"),
    (&[0x2b, 6, 1, 5, 5, 7, 3, 4], "emailProtection"),
    (&[0x2b, 6, 1, 5, 5, 7, 3, 8], "timeStamping"),
    (oids::OCSP_SIGNING, "OCSPSigning"),
];
