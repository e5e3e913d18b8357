//! What to judge by.

use std::time::{SystemTime, UNIX_EPOCH};

use keyway_chain::algorithms::aws_lc_rs;
use keyway_chain::name::Host;
use keyway_chain::{Anchors, CheckOptions, Profile, Purpose};
use keyway_report::Timestamp;

use super::host::host;
use super::trust;
use crate::arguments::{self, JudgeArguments};
use crate::failure::Failure;
use crate::{terminal, voice};

/// What to judge by: everything a check depends on besides the files.
pub(crate) struct Standard {
    hosts: Vec<Host>,
    now: Timestamp,
    anchors: Anchors,
    /// What the certificate is for.
    pub(crate) purpose: Purpose,
    profile: Profile,
    max_intermediates: Option<u8>,
    warn_at_percent: u8,
}

impl Standard {
    /// Resolves what was typed.
    pub(crate) fn resolve(arguments: &JudgeArguments) -> Result<Self, Failure> {
        if arguments.purpose == arguments::Purpose::Client && !arguments.host.is_empty() {
            terminal::note(voice::hosts_of_a_client());
        }
        Ok(Self {
            hosts: arguments
                .host
                .iter()
                .map(|given| host(given))
                .collect::<Result<_, _>>()?,
            now: moment(arguments.at.as_deref())?,
            anchors: trust::anchors(&arguments.roots)?,
            purpose: match arguments.purpose {
                arguments::Purpose::Server => Purpose::Server,
                arguments::Purpose::Client => Purpose::Client,
            },
            profile: match arguments.profile {
                arguments::Profile::Webpki => Profile::Webpki,
                arguments::Profile::Rfc5280 => Profile::Rfc5280,
                arguments::Profile::Private => Profile::Private,
            },
            max_intermediates: arguments.max_intermediates,
            warn_at_percent: arguments.warn_at,
        })
    }

    /// The moment to judge at.
    pub(crate) fn now(&self) -> Timestamp {
        self.now
    }

    /// The same, as `keyway-chain` takes it.
    pub(crate) fn options(&self) -> CheckOptions<'_> {
        let mut options = CheckOptions::new(self.now, &self.anchors, aws_lc_rs());
        options.hosts = &self.hosts;
        options.purpose = self.purpose;
        options.profile = self.profile;
        options.max_intermediates = self.max_intermediates;
        options.warn_at_percent = self.warn_at_percent;
        options
    }
}

/// The moment to judge at: as it was typed, else now.
pub(crate) fn moment(typed: Option<&str>) -> Result<Timestamp, Failure> {
    typed.map_or_else(|| Ok(clock()), |given| date("--at", given))
}

/// The moment that an option names.
pub(crate) fn date(option: &'static str, given: &str) -> Result<Timestamp, Failure> {
    Timestamp::parse(given).map_err(|_| Failure::Date {
        option,
        given: given.to_owned(),
    })
}

/// A moment as DNS counts it: seconds since 1970, none before.
pub(crate) fn seconds(moment: Timestamp) -> u64 {
    u64::try_from(moment.seconds()).unwrap_or(0)
}

/// The moment it is. A clock before 1970 counts backwards from there.
fn clock() -> Timestamp {
    let seconds = match SystemTime::now().duration_since(UNIX_EPOCH) {
        Ok(since) => i64::try_from(since.as_secs()).unwrap_or(i64::MAX),
        Err(before) => -i64::try_from(before.duration().as_secs()).unwrap_or(i64::MAX),
    };
    Timestamp::from_seconds(seconds)
}
