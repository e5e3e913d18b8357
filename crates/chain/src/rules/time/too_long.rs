//! `time.too-long`

use keyway_report::{DAY, Rule, Severity, Timestamp};
use serde::Serialize;

use crate::check::{Profile, Subject};
use crate::rules::{Aspect, Evidence, Kind};

/// The leaf is valid for longer than public CAs may issue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TooLong {
    /// Subject, escaped.
    pub subject: String,
    /// First second of validity, taken for the date of issue.
    pub issued: Timestamp,
    /// Length of the validity in days, any excess counted as another day.
    pub days: i64,
    /// The limit in days.
    pub limit_days: i64,
    /// Since when that limit applies.
    pub limit_from: Timestamp,
}

impl Evidence for TooLong {
    const RULE: Rule = Rule {
        code: "time.too-long",
        severity: Severity::Warning,
        title: "A certificate is valid for longer than the rules of its day allow",
        why: "Browsers refuse publicly trusted certificates that live longer than the limit at \
              the time of their issue: 398 days from 2020-09-01, 200 from 2026-03-15, 100 from \
              2027-03-15, 47 from 2029-03-15. A day is 86,400 seconds, and any excess counts as \
              another day. A CA of your own is not bound by it: check with the profile private.",
        fix: "Have it issued again within the limit, and let the renewal run by itself.",
        sources: &["BR 6.3.2", "BR 1.6.1, Validity Period"],
    };
    const ASPECT: Aspect = Aspect::Fit;
    const PROFILES: &'static [Profile] = Profile::PUBLIC;

    fn message(&self) -> String {
        format!(
            "\"{}\", issued on {}, is valid for {} days; the limit for certificates issued from {} is {} days.",
            self.subject,
            self.issued.date(),
            self.days,
            self.limit_from.date(),
            self.limit_days
        )
    }

    fn field(&self) -> Option<&'static str> {
        Some("validity")
    }
}

pub(crate) fn check(subject: &Subject<'_>, out: &mut Vec<Kind>) {
    let certificate = subject.certificate;
    let Some(limit) = limit(certificate.not_before) else {
        return;
    };
    let lifetime = certificate.lifetime();
    let days = lifetime / DAY + i64::from(lifetime % DAY > 0);
    if subject.is_server_leaf() && days > limit.days {
        out.push(
            TooLong {
                subject: certificate.subject.short(),
                issued: certificate.not_before,
                days,
                limit_days: limit.days,
                limit_from: Timestamp::from_seconds(limit.from),
            }
            .into(),
        );
    }
}

struct Limit {
    /// Seconds since 1970.
    from: i64,
    days: i64,
}

/// BR 6.3.2, newest first. Before 2015-04-01 (60 months, or none at all) nothing is judged: such
/// certificates have long expired. 39 months are at most 1188 days.
const LIMITS: [Limit; 6] = [
    Limit {
        from: 1_868_227_200,
        days: 47,
    },
    Limit {
        from: 1_805_068_800,
        days: 100,
    },
    Limit {
        from: 1_773_532_800,
        days: 200,
    },
    Limit {
        from: 1_598_918_400,
        days: 398,
    },
    Limit {
        from: 1_519_862_400,
        days: 825,
    },
    Limit {
        from: 1_427_846_400,
        days: 1_188,
    },
];

fn limit(issued: Timestamp) -> Option<&'static Limit> {
    LIMITS.iter().find(|limit| issued.seconds() >= limit.from)
}
