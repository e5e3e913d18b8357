//! `policy.wrongly-critical`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::check::{Profile, Subject};
use crate::rules::entries::Marks;
use crate::rules::{Aspect, Evidence, Kind};
use crate::x509::oids;

/// An extension is critical that must not be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WronglyCritical {
    /// The extensions, and whose they are.
    #[serde(flatten)]
    pub marks: Marks,
}

impl Evidence for WronglyCritical {
    const RULE: Rule = Rule {
        code: "policy.wrongly-critical",
        severity: Severity::Error,
        title: "An extension is marked critical that must not be",
        why: "Key identifiers and information access only help to build a chain; RFC 5280 forbids \
              marking them critical, and the rules for public CAs forbid it for \
              cRLDistributionPoints too. rustls refuses such a certificate, and so do other strict \
              clients.",
        fix: "Have it issued again with the extension not critical.",
        sources: &[
            "RFC 5280, sections 4.2.1.1, 4.2.1.2, 4.2.1.8, 4.2.1.15, 4.2.2.1, 4.2.2.2",
            "CA/B Forum Baseline Requirements, section 7.1.2.11.2",
        ],
    };
    const ASPECT: Aspect = Aspect::Fit;
    const PROFILES: &'static [Profile] = Profile::STANDARD;

    fn message(&self) -> String {
        self.marks.text("marks as critical")
    }

    fn field(&self) -> Option<&'static str> {
        Some("extensions")
    }
}

pub(crate) fn check(subject: &Subject<'_>, out: &mut Vec<Kind>) {
    let marks = Marks::of(subject, &NEVER_CRITICAL, true, |name| {
        // RFC 5280, section 4.2.1.13, only says SHOULD.
        name != CRL_POINTS || subject.options.profile == Profile::Webpki
    });
    out.extend(marks.map(|marks| Kind::from(WronglyCritical { marks })));
}

const CRL_POINTS: &str = "cRLDistributionPoints";

/// RFC 5280, sections 4.2.1.1, 4.2.1.2, 4.2.1.8, 4.2.1.15, 4.2.2.1 and 4.2.2.2;
/// Baseline Requirements, section 7.1.2.11.2.
const NEVER_CRITICAL: [(&[u8], &str); 7] = [
    (oids::AUTHORITY_KEY_ID, "authorityKeyIdentifier"),
    (oids::SUBJECT_KEY_ID, "subjectKeyIdentifier"),
    (&[0x55, 0x1d, 9], "subjectDirectoryAttributes"),
    (&[0x55, 0x1d, 46], "freshestCRL"),
    (oids::CRL_DISTRIBUTION_POINTS, CRL_POINTS),
    (oids::AUTHORITY_INFO_ACCESS, "authorityInfoAccess"),
    (&[0x2b, 6, 1, 5, 5, 7, 1, 11], "subjectInfoAccess"),
];
