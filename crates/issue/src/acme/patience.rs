//! How long is waited, and what is tried again.

use std::time::Duration;

use instant_acme::Error;
use tokio::time::{Instant, sleep, timeout_at};

use super::transport::Transport;
use super::wire::TransportError;
use super::{AcmeError, Step};

/// Most times that a nonce may be refused in a row (RFC 8555, section 6.5, lets a server do so at any time). With a CA
/// that refuses every other one, one request in a million fails.
const NONCES: u32 = 20;

/// Shortest pause before something is tried again.
const FIRST_PAUSE: Duration = Duration::from_millis(250);

/// Longest pause that is taken without being told.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// A bound on how long a CA is waited for, from one moment on.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    end: Instant,
    pause: Duration,
    /// Whether what fails is tried again.
    again: bool,
}

impl Patience {
    /// So long from now on.
    pub fn of(time: Duration) -> Self {
        Self {
            end: Instant::now() + time,
            pause: FIRST_PAUSE,
            again: true,
        }
    }

    /// The same, and what fails is not tried again.
    pub(super) fn once(self) -> Self {
        Self {
            again: false,
            ..self
        }
    }

    /// Waits for a pause that gets longer, or as long as the CA says, but never so short that asking is all that is done.
    ///
    /// # Errors
    /// [`AcmeError::Late`] where that is longer than there is patience.
    pub(super) async fn pause(&mut self, step: Step, told: Option<u64>) -> Result<(), AcmeError> {
        let pause = told.map_or(self.pause, Duration::from_secs);
        let pause = pause.max(FIRST_PAUSE);
        self.pause = (self.pause * 2).min(LONGEST_PAUSE);
        // Of one that is told no more than there is time can be waited for.
        let until = Instant::now().checked_add(pause);
        if !self.again || until.is_none_or(|until| until > self.end) {
            return Err(AcmeError::Late {
                step,
                retry_after: told,
            });
        }
        sleep(pause).await;
        Ok(())
    }
}

/// Asks until there is an answer: refused nonces are tried again at once, and servers that are not able to answer for a
/// moment after a pause. The same request may reach a CA twice. What is on the way when there is no patience left is
/// given up.
pub(super) async fn ask<T>(
    step: Step,
    transport: &Transport,
    patience: Patience,
    mut once: impl AsyncFnMut() -> Result<T, Error>,
) -> Result<T, AcmeError> {
    let mut patience = patience;
    let mut nonces = 0;
    loop {
        let error = match timeout_at(patience.end, once()).await {
            Ok(Ok(answer)) => return Ok(answer),
            Ok(Err(error)) => error,
            Err(_) => {
                return Err(AcmeError::Late {
                    step,
                    retry_after: None,
                });
            }
        };
        if is_bad_nonce(&error) && nonces < NONCES {
            nonces += 1;
            continue;
        }
        let aside = transport.aside();
        if !is_passing(&error) {
            return Err(AcmeError::of(step, error, aside.retry_after));
        }
        if patience.pause(step, aside.retry_after).await.is_err() {
            return Err(AcmeError::of(step, error, aside.retry_after));
        }
    }
}

fn is_bad_nonce(error: &Error) -> bool {
    matches!(error, Error::Api(problem) if problem.r#type.as_deref() == Some("urn:ietf:params:acme:error:badNonce"))
}

/// Whether the same may be answered in a moment. A rate limit (RFC 8555, section 6.6) is no such thing: it lasts for
/// hours, and asking again makes it last longer.
fn is_passing(error: &Error) -> bool {
    match error {
        Error::Other(source) => source
            .downcast_ref::<TransportError>()
            .is_some_and(TransportError::is_passing),
        Error::Api(problem) => {
            problem.r#type.as_deref() == Some("urn:ietf:params:acme:error:serverInternal")
        }
        _ => false,
    }
}
