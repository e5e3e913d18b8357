//! `time.too-long`

use keyway_report::{DAY, Rule, Severity, Timestamp};
use serde::Serialize;

use crate::check::{Profile, Subject};
use crate::rules::{Aspect, Evidence, Kind};
use crate::x509::Certificate;

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
        why: "Public CAs must not issue for longer than the limit on the day of issue: 825 days from \
              2018-03-01, 398 from 2020-09-01, 200 from 2026-03-15, 100 from 2027-03-15, 47 from \
              2029-03-15. A day is 86,400 seconds, and any excess counts as another day. No public \
              CA will renew it so, and below a public root browsers refuse it. A CA of your own is \
              not bound by it: check with the profile private.",
        fix: "Have it issued again within the limit, and let the renewal run by itself.",
        sources: &[
            "CA/B Forum Baseline Requirements, section 6.3.2",
            "CA/B Forum Baseline Requirements, section 1.6.1 (Validity Period)",
        ],
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
    if subject.is_server_leaf()
        && let Some(excess) = Excess::of(certificate)
    {
        out.push(
            TooLong {
                subject: certificate.subject.short(),
                issued: certificate.not_before,
                days: excess.days,
                limit_days: excess.limit_days,
                limit_from: excess.limit_from,
            }
            .into(),
        );
    }
}

/// A validity that is longer than the limit of its day.
pub(super) struct Excess {
    /// Length in days, any excess counted as another day.
    pub(super) days: i64,
    /// The limit in days.
    pub(super) limit_days: i64,
    /// Since when that limit applies.
    pub(super) limit_from: Timestamp,
}

impl Excess {
    /// What there is to say of a certificate; `None` within the limit.
    pub(super) fn of(certificate: &Certificate) -> Option<Self> {
        let issued = certificate.not_before;
        let limit = LIMITS.iter().find(|limit| issued.seconds() >= limit.from)?;
        let lifetime = certificate.lifetime();
        let days = lifetime / DAY + i64::from(lifetime % DAY > 0);
        (days > limit.days).then(|| Self {
            days,
            limit_days: limit.days,
            limit_from: Timestamp::from_seconds(limit.from),
        })
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
