//! `time.expires-soon`

use keyway_report::{DAY, Rule, Severity, Timestamp};
use serde::Serialize;

use crate::check::{Role, Subject};
use crate::rules::{Aspect, Evidence, Kind};

/// Little of the leaf's lifetime is left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExpiresSoon {
    /// Subject, escaped.
    pub subject: String,
    /// Last second of validity.
    pub not_after: Timestamp,
    /// What is left of the lifetime, in seconds.
    pub seconds_left: i64,
    /// The whole lifetime, in seconds.
    pub lifetime_seconds: i64,
    /// The share that is left, in percent, rounded down.
    pub percent_left: i64,
}

impl Evidence for ExpiresSoon {
    const RULE: Rule = Rule {
        code: "time.expires-soon",
        severity: Severity::Warning,
        title: "The server certificate is due for renewal",
        why: "Lifetimes differ from six days to years, so the share that is left counts, not a \
              number of days. Renewal at two thirds of the lifetime leaves time for it to fail \
              and be repaired.",
        fix: "Renew the certificate now, and find out why the renewal has not run.",
        sources: &["RFC 9773, section 4.1", "RFC 5280, section 4.1.2.5"],
    };
    const ASPECT: Aspect = Aspect::Timely;

    fn message(&self) -> String {
        format!(
            "\"{}\" ends on {}: {} of {} are left ({} %).",
            self.subject,
            self.not_after,
            span(self.seconds_left),
            span(self.lifetime_seconds),
            self.percent_left
        )
    }

    fn field(&self) -> Option<&'static str> {
        Some("validity.notAfter")
    }
}

pub(crate) fn check(subject: &Subject<'_>, out: &mut Vec<Kind>) {
    let certificate = subject.certificate;
    let now = subject.options.now;
    let is_valid = certificate.not_before <= now && now <= certificate.not_after;
    // Both ends count, so the last second is still one second.
    let left = certificate.not_after.since(now).saturating_add(1);
    let lifetime = certificate.lifetime();
    if subject.role == Role::Leaf
        && is_valid
        && left.saturating_mul(100)
            < lifetime.saturating_mul(i64::from(subject.options.warn_at_percent))
    {
        out.push(
            ExpiresSoon {
                subject: certificate.subject.short(),
                not_after: certificate.not_after,
                seconds_left: left,
                lifetime_seconds: lifetime,
                percent_left: left.saturating_mul(100) / lifetime.max(1),
            }
            .into(),
        );
    }
}

/// A length of time in the largest unit that is not zero.
fn span(seconds: i64) -> String {
    const HOUR: i64 = 3_600;
    let (count, unit) = match seconds {
        DAY.. => (seconds / DAY, "day"),
        HOUR.. => (seconds / HOUR, "hour"),
        _ => (seconds / 60, "minute"),
    };
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {unit}{plural}")
}
