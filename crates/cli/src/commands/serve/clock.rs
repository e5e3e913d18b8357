//! What time it is for what is served.

use std::sync::Arc;
use std::time::Duration;

use keyway_report::Timestamp;
use rustls::pki_types::UnixTime;
use rustls::time_provider::{DefaultTimeProvider, TimeProvider};

use crate::arguments::TrustArguments;
use crate::failure::Failure;
use crate::intent::{date, seconds};

/// A moment that does not pass.
#[derive(Debug)]
struct Still(Timestamp);

impl TimeProvider for Still {
    fn current_time(&self) -> Option<UnixTime> {
        let since = Duration::from_secs(seconds(self.0));
        Some(UnixTime::since_unix_epoch(since))
    }
}

/// The clock of the system, or else the moment that everything is judged as of (`--at`).
pub(super) fn of(trust: &TrustArguments) -> Result<Arc<dyn TimeProvider>, Failure> {
    Ok(match trust.at.as_deref() {
        Some(given) => Arc::new(Still(date("--at", given)?)),
        None => Arc::new(DefaultTimeProvider),
    })
}
