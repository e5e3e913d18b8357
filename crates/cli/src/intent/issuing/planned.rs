//! When something is to be done about a certificate: what is known without asking anybody.

use keyway_chain::x509::Certificate;
use keyway_issue::renewal::{Next, Validity, Why, spread};
use keyway_report::Timestamp;

use super::managed::{Managed, Record};
use crate::failure::Failure;

/// A certificate that is good, and when something is to be done about it.
pub(crate) struct Planned {
    pub(crate) certificate: Certificate,
    pub(crate) until: Timestamp,
    pub(crate) why: Why,
    /// When the CA is to be asked again when it wants it to be renewed.
    pub(crate) ask: Option<Timestamp>,
}

impl Planned {
    /// Of what is in place; `None` where it is due, over, or not for what is wanted now.
    pub(crate) fn of(managed: &Managed, now: Timestamp) -> Result<Option<Self>, Failure> {
        let current = managed.current()?;
        Ok(current
            .and_then(|(_, certificate)| Self::by(managed, certificate, &managed.record(), now)))
    }

    /// The same of a certificate, by what is known of how renewing it went.
    pub(super) fn by(
        managed: &Managed,
        certificate: Certificate,
        record: &Record,
        now: Timestamp,
    ) -> Option<Self> {
        let validity = Validity::of(&certificate);
        let history = &record.history;
        let is_good = now <= certificate.not_after && managed.is_wanted(&certificate, record);
        match history.next(validity, spread(&certificate), now) {
            Next::Wait { until, why } if is_good => Some(Self {
                ask: history.ask(validity, now),
                certificate,
                until,
                why,
            }),
            _ => None,
        }
    }

    /// Whether the last attempt to renew it failed.
    pub(crate) fn is_failing(&self) -> bool {
        matches!(self.why, Why::Again | Why::Asked)
    }

    /// Whether the CA is to be asked now.
    pub(super) fn is_to_ask(&self, now: Timestamp) -> bool {
        self.ask.is_some_and(|at| at <= now)
    }
}

/// Attempts that may fail one after the other where there is nothing good to serve: Let's Encrypt lets five validations
/// fail an hour.
const MOST_FAILURES: u32 = 3;

/// When it is tried again where no certificate is good, after what failed; `None`: now.
pub(crate) fn tried_again(managed: &Managed, now: Timestamp) -> Option<Timestamp> {
    again(&managed.record(), now)
}

/// The same where too much failed lately for anybody to ask.
pub(crate) fn held_off(managed: &Managed, now: Timestamp) -> Option<Timestamp> {
    held_off_by(&managed.record(), now)
}

pub(super) fn held_off_by(record: &Record, now: Timestamp) -> Option<Timestamp> {
    let failures = record.history.failures?;
    again(record, now).filter(|_| failures.count >= MOST_FAILURES)
}

fn again(record: &Record, now: Timestamp) -> Option<Timestamp> {
    let ended = Timestamp::from_seconds(0);
    let ended = Validity {
        not_before: ended,
        not_after: ended,
    };
    match record.history.next(ended, 0, now) {
        Next::Wait { until, .. } => Some(until),
        Next::Due { .. } => None,
    }
}
