//! `time.expired`

use keyway_report::{DAY, Rule, Severity, Timestamp};
use serde::Serialize;

use crate::check::Subject;
use crate::rules::{Aspect, Evidence, Kind};

/// The certificate's last second has passed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Expired {
    /// Subject, escaped.
    pub subject: String,
    /// Its part in the chain.
    pub part: &'static str,
    /// Last second of validity.
    pub not_after: Timestamp,
    /// The moment it was judged at.
    pub now: Timestamp,
}

impl Evidence for Expired {
    const RULE: Rule = Rule {
        code: "time.expired",
        severity: Severity::Error,
        title: "A certificate has expired",
        why: "Every client refuses an expired certificate, and most refuse a chain that needs an \
              expired intermediate.",
        fix: "Renew the certificate. For an intermediate, take the current one from the CA.",
        sources: &[
            "RFC 5280, section 4.1.2.5",
            "RFC 5280, section 6.1.3 (a)(2)",
        ],
    };
    const ASPECT: Aspect = Aspect::Timely;

    fn message(&self) -> String {
        let days = self.now.since(self.not_after) / DAY;
        let ago = match days {
            0 => "less than a day ago".to_owned(),
            1 => "1 day ago".to_owned(),
            days => format!("{days} days ago"),
        };
        format!(
            "The {} \"{}\" expired on {} ({ago}).",
            self.part, self.subject, self.not_after
        )
    }

    fn field(&self) -> Option<&'static str> {
        Some("validity.notAfter")
    }
}

pub(crate) fn check(subject: &Subject<'_>, out: &mut Vec<Kind>) {
    let certificate = subject.certificate;
    if subject.options.now > certificate.not_after {
        out.push(
            Expired {
                subject: certificate.subject.short(),
                part: subject.part(),
                not_after: certificate.not_after,
                now: subject.options.now,
            }
            .into(),
        );
    }
}
