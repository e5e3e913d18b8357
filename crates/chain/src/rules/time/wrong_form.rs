//! `time.wrong-form`

use keyway_report::{Rule, Severity, escape};
use serde::Serialize;

use crate::check::{Profile, Subject};
use crate::rules::{Aspect, Evidence, Kind};
use crate::x509::TimeForm;

/// A moment before 2050 has the form that is for 2050 and later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WrongTimeForm {
    /// Subject, escaped.
    pub subject: String,
    /// Its part in the chain.
    pub part: &'static str,
    /// `notBefore` and `notAfter`, as far as it is about them.
    pub moments: Vec<&'static str>,
    /// How the first is written, escaped.
    pub text: String,
}

impl Evidence for WrongTimeForm {
    const RULE: Rule = Rule {
        code: "time.wrong-form",
        severity: Severity::Error,
        title: "A date before 2050 has the form for later ones",
        why: "Dates through 2049 are stored as UTCTime with two digits for the year, later ones as \
              GeneralizedTime with four. RFC 5280 demands it so that every date has one form only; \
              most clients read the other form as well, strict ones need not.",
        fix: "Have it issued again; the CA program that made it is faulty. For a CA of your own, check \
              with the profile private.",
        sources: &["RFC 5280, section 4.1.2.5"],
    };
    const ASPECT: Aspect = Aspect::Fit;
    const PROFILES: &'static [Profile] = Profile::STANDARD;

    fn message(&self) -> String {
        format!(
            "The {} \"{}\" stores as GeneralizedTime: {} ({}).",
            self.part,
            self.subject,
            self.moments.join(", "),
            self.text
        )
    }

    fn field(&self) -> Option<&'static str> {
        Some("validity")
    }
}

pub(crate) fn check(subject: &Subject<'_>, out: &mut Vec<Kind>) {
    let certificate = subject.certificate;
    let faults: Vec<_> = certificate
        .validity_faults
        .iter()
        .filter(|fault| fault.form == TimeForm::TooEarly)
        .collect();
    if let Some(first) = faults.first() {
        out.push(
            WrongTimeForm {
                subject: certificate.subject.short(),
                part: subject.part(),
                moments: faults.iter().map(|fault| fault.field).collect(),
                text: escape::text(&first.text),
            }
            .into(),
        );
    }
}
