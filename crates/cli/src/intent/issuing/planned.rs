//! When something is to be done about a certificate: what is known without asking anybody.

use keyway_chain::x509::Certificate;
use keyway_issue::Pair;
use keyway_issue::renewal::{Next, Validity, Why, spread};
use keyway_report::Timestamp;

use super::managed::Managed;
use super::preflight::CLOCKS;
use super::record::Record;
use crate::failure::Failure;
use crate::voice;

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

    /// Whether what is in place can be served, be it due or not.
    pub(crate) fn stands(managed: &Managed, now: Timestamp) -> Result<bool, Failure> {
        let current = managed.current()?;
        Ok(current
            .is_some_and(|(_, certificate)| is_good(managed, &certificate, &managed.record(), now)))
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
        let is_good = is_good(managed, &certificate, record, now);
        let mut next = history.next(validity, spread(&certificate), now);
        if matches!(next, Next::Due { .. })
            && let Some(until) = spent(managed, Some(&certificate), record, now)
        {
            let why = Why::Spent;
            next = Next::Wait { until, why };
        }
        match next {
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
        matches!(self.why, Why::Again | Why::Asked | Why::Spent)
    }

    /// Whether the CA is to be asked now.
    pub(super) fn is_to_ask(&self, now: Timestamp) -> bool {
        self.ask.is_some_and(|at| at <= now)
    }
}

/// Whether a certificate holds now, and is for what is wanted.
fn is_good(managed: &Managed, certificate: &Certificate, record: &Record, now: Timestamp) -> bool {
    // One that came meanwhile begins later than this look at the clock.
    let has_begun = certificate.not_before.since(now) <= CLOCKS;
    let is_valid = has_begun && now <= certificate.not_after;
    is_valid && managed.is_wanted(certificate, record)
}

/// Attempts that may fail one after the other where there is nothing good to serve: Let's Encrypt lets five validations
/// fail an hour.
const MOST_FAILURES: u32 = 3;

/// When it is tried again where no certificate is good, after what failed; `None`: now.
pub(crate) fn tried_again(managed: &Managed, now: Timestamp) -> Option<Timestamp> {
    let record = managed.record();
    let again = again(&record, now).map(|(until, _)| until);
    again.max(spent(managed, None, &record, now))
}

/// The same where so much failed lately that a CA may ask for no more, or it said when it may be asked.
pub(crate) fn held_off(managed: &Managed, now: Timestamp) -> Option<(Timestamp, Why)> {
    let current = managed.current().ok().flatten();
    held_off_by(managed, current.as_ref(), &managed.record(), now)
}

/// An error where that is so, which says what failed, of the certificate in place.
pub(crate) fn may_be_asked(
    managed: &Managed,
    current: Option<&(Pair, Certificate)>,
    record: &Record,
    now: Timestamp,
) -> Result<(), Failure> {
    match held_off_by(managed, current, record, now) {
        Some((until, why)) => {
            let error = record.error.as_deref();
            let words = voice::renew::held_off(until, why, error);
            Err(Failure::Unissued(words))
        }
        None => Ok(()),
    }
}

fn held_off_by(
    managed: &Managed,
    current: Option<&(Pair, Certificate)>,
    record: &Record,
    now: Timestamp,
) -> Option<(Timestamp, Why)> {
    let certificate = current.map(|(_, certificate)| certificate);
    let spent = spent(managed, certificate, record, now).map(|until| (until, Why::Spent));
    let held_off = held_off_again(record, now);
    held_off.into_iter().chain(spent).max_by_key(|it| it.0)
}

fn held_off_again(record: &Record, now: Timestamp) -> Option<(Timestamp, Why)> {
    let is_held_off = |why| why == Why::Asked || record.counted >= MOST_FAILURES;
    again(record, now).filter(|(_, why)| is_held_off(*why))
}

/// Until when no look of the CA is asked for, as so many came to nothing lately: while a certificate is valid, for half of
/// what was left of it then at most, as a CA may count otherwise.
fn spent(
    managed: &Managed,
    certificate: Option<&Certificate>,
    record: &Record,
    now: Timestamp,
) -> Option<Timestamp> {
    let ca = managed.issuer.word();
    let (last, again) = record.looks.spent(ca, &managed.hosts, now)?;
    let left = certificate.map(|certificate| certificate.not_after.since(last));
    let most = left
        .filter(|left| *left > 0)
        .map(|left| last.plus(left / 2));
    let until = most.map_or(again, |most| most.min(again));
    (until > now).then_some(until)
}

fn again(record: &Record, now: Timestamp) -> Option<(Timestamp, Why)> {
    let ended = Timestamp::from_seconds(0);
    let ended = Validity {
        not_before: ended,
        not_after: ended,
    };
    match record.history.next(ended, 0, now) {
        Next::Wait { until, why } => Some((until, why)),
        Next::Due { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    use keyway_testkit::NOW;

    use super::*;

    #[test]
    fn a_ca_that_was_not_come_to_is_no_reason_to_wait_and_one_that_counts_is() {
        let now = Timestamp::from_seconds(NOW);
        let mut record = Record::default();
        for counted in [0, 2, 3] {
            record.history.failed(None, now);
            record.counted = counted;
            let is_let = held_off_again(&record, now.plus(1)).is_none();
            assert_eq!(is_let, counted < MOST_FAILURES, "{counted}");
        }
        assert!(held_off_again(&record, now.plus(86_400)).is_none());
        // What it asks for is heeded the first time.
        let mut record = Record::default();
        record.history.failed(Some(3_600), now);
        assert!(held_off_again(&record, now.plus(3_599)).is_some());
        assert!(held_off_again(&record, now.plus(3_600)).is_none());
    }
}
