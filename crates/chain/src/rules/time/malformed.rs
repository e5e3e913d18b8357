//! `time.malformed`

use keyway_report::{Rule, Severity, escape};
use serde::Serialize;

use crate::check::Subject;
use crate::rules::{Aspect, Evidence, Kind};
use crate::x509::TimeForm;

/// A moment of the validity is not written in whole seconds of universal time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MalformedTime {
    /// Subject, escaped.
    pub subject: String,
    /// Its part in the chain.
    pub part: &'static str,
    /// `notBefore` or `notAfter`.
    pub moment: &'static str,
    /// How it is written, escaped.
    pub text: String,
}

impl Evidence for MalformedTime {
    const RULE: Rule = Rule {
        code: "time.malformed",
        severity: Severity::Error,
        title: "A date is not written in whole seconds of universal time",
        why: "Dates in certificates have seconds, no fractions of them, and end with Z. rustls, Go and \
              OpenSSL refuse a certificate with another form, or read another moment in it.",
        fix: "Have it issued again; the CA program that made it is faulty.",
        sources: &["RFC 5280, section 4.1.2.5.1", "RFC 5280, section 4.1.2.5.2"],
    };
    const ASPECT: Aspect = Aspect::Fit;

    fn message(&self) -> String {
        format!(
            "The {} of the {} \"{}\" is written as {}.",
            self.moment, self.part, self.subject, self.text
        )
    }

    fn field(&self) -> Option<&'static str> {
        Some("validity")
    }
}

pub(crate) fn check(subject: &Subject<'_>, out: &mut Vec<Kind>) {
    let certificate = subject.certificate;
    let mut faults = certificate.validity_faults.iter();
    let fault = faults.find(|fault| fault.form == TimeForm::Malformed);
    if let Some(fault) = fault {
        out.push(
            MalformedTime {
                subject: certificate.subject.short(),
                part: subject.part(),
                moment: fault.field,
                text: escape::text(&fault.text),
            }
            .into(),
        );
    }
}
