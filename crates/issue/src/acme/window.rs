//! When a CA wants a certificate to be renewed (RFC 9773, ARI).

use std::time::Duration;

use instant_acme::{CertificateIdentifier, Error};
use keyway_chain::x509::Certificate;
use keyway_report::Timestamp;
use rustls_pki_types::Der;
use serde::{Deserialize, Serialize};

use super::patience;
use super::transport::Transport;
use super::{AcmeError, Patience, Step};
use crate::renewal::moment;

/// How long is waited for the word: without it, a part of the lifetime decides.
const PATIENCE: Duration = Duration::from_secs(20);

/// Longest time until it is asked for again, in seconds: a CA may move it for a mass revocation (RFC 9773, section
/// 4.3.2: a day at the most).
pub(crate) const LONGEST: u64 = 86_400;

/// Shortest time until it is asked for again, in seconds (RFC 9773, section 4.3.2: a minute at the least).
pub(crate) const SHORTEST: u64 = 60;

/// After how many seconds it is asked for again where the CA does not say, or does not answer (RFC 9773, section 4.3.3:
/// six hours).
pub(crate) const ASK_AGAIN: u64 = 21_600;

/// Longest URL of an explanation that is kept, in bytes: it is for people to go to.
const LONGEST_URL: usize = 2_048;

/// When a certificate is to be renewed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// From when on.
    #[serde(deserialize_with = "moment::read")]
    pub start: Timestamp,
    /// Until when.
    #[serde(deserialize_with = "moment::read")]
    pub end: Timestamp,
    /// A page of the CA's that says why, where there is a reason: its own words, untrusted.
    #[serde(default)]
    pub explanation: Option<String>,
    /// After how many seconds it is to be asked for again.
    pub ask_again: u64,
}

impl Window {
    /// A moment in the window, by a random number: everybody takes another one (RFC 9773, section 4.2). A window that
    /// ends before it starts is no window.
    pub fn moment(&self, random: u32) -> Option<Timestamp> {
        let length = self.end.since(self.start);
        let length = u64::try_from(length).ok().filter(|length| *length > 0)?;
        // Of a window of seconds, a part in 2^32.
        let part = (u128::from(length) * u128::from(random)) >> 32;
        Some(self.start.plus(i64::try_from(part).ok()?))
    }
}

/// How a certificate is called (RFC 9773, section 4.1); `None` where it does not say whose key signed it.
pub(super) fn identifier(certificate: &Certificate) -> Option<CertificateIdentifier<'static>> {
    let id = certificate.extensions.authority_key_id.as_ref()?;
    let key = id.key_id.as_ref()?;
    let identifier =
        CertificateIdentifier::new(Der::from_slice(key), Der::from_slice(&certificate.serial));
    Some(identifier.into_owned())
}

pub(super) async fn ask(
    account: &instant_acme::Account,
    transport: &Transport,
    certificate: &Certificate,
) -> Result<Option<Window>, AcmeError> {
    let Some(identifier) = identifier(certificate) else {
        return Ok(None);
    };
    let patience = Patience::of(PATIENCE);
    let asked = patience::ask(Step::RenewalInfo, transport, patience, async || {
        match account.renewal_info(&identifier).await {
            // It knows nothing of windows.
            Err(Error::Unsupported(_)) => Ok(None),
            other => other.map(Some),
        }
    });
    // Its own word on when to ask again has gone through the clock.
    let Some((info, _)) = asked.await? else {
        return Ok(None);
    };
    let again = transport.aside().retry_after.unwrap_or(ASK_AGAIN);
    let moment = |moment: time::OffsetDateTime| Timestamp::from_seconds(moment.unix_timestamp());
    Ok(Some(Window {
        start: moment(info.suggested_window.start),
        end: moment(info.suggested_window.end),
        explanation: info.explanation_url.filter(|url| url.len() <= LONGEST_URL),
        ask_again: again.clamp(SHORTEST, LONGEST),
    }))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn window(start: i64, end: i64) -> Window {
        Window {
            start: Timestamp::from_seconds(start),
            end: Timestamp::from_seconds(end),
            explanation: None,
            ask_again: SHORTEST,
        }
    }

    #[test]
    fn a_window_that_ends_before_it_starts_has_no_moment() {
        assert_eq!(window(10, 10).moment(1), None);
        assert_eq!(window(10, 5).moment(1), None);
    }

    proptest! {
        #[test]
        fn the_moment_is_in_the_window(start in -1_000_000_i64..1_000_000, length in 1_i64..1_000_000, random: u32) {
            let moment = window(start, start + length).moment(random).unwrap().seconds();
            prop_assert!(start <= moment && moment < start + length);
        }
    }
}
