//! What went wrong with a CA, with the facts.

use std::fmt;

use instant_acme::{Error, Problem};
use tokio_rustls::rustls::{CertificateError, Error as Tls};

use super::challenge::{Challenge, Kind, Unsolved};
use super::wire::TransportError;
use crate::Identifier;

/// What was being done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The directory was read.
    Directory,
    /// An account was made, or found.
    Account,
    /// A certificate was ordered.
    Order,
    /// It was read what the CA wants to see.
    Authorization,
    /// The CA was told to look.
    Challenge,
    /// The CA was asked whether it has seen it.
    Validation,
    /// The certificate signing request was sent.
    Finalization,
    /// The certificate was fetched.
    Certificate,
    /// The window for renewal was asked for.
    RenewalInfo,
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Directory => "reading the directory",
            Self::Account => "the account",
            Self::Order => "the order",
            Self::Authorization => "reading what is to be shown",
            Self::Challenge => "telling the CA to look",
            Self::Validation => "the CA's look",
            Self::Finalization => "the signing request",
            Self::Certificate => "fetching the certificate",
            Self::RenewalInfo => "asking when to renew",
        })
    }
}

/// Most letters of what a CA says that are kept; Let's Encrypt's longest words have some 400.
const LONGEST: usize = 500;

/// Most letters of a name of the CA's: of an error, of a way to show something.
const LONGEST_NAME: usize = 60;

/// Most parts of a refusal: as many as Let's Encrypt takes names.
const MOST_PARTS: usize = 100;

/// The beginning of what a CA says.
pub(super) fn words(text: &str) -> String {
    text.chars().take(LONGEST).collect()
}

/// A name that a CA says, or the beginning of it.
pub(super) fn name(text: &str) -> String {
    text.chars().take(LONGEST_NAME).collect()
}

/// What a CA says against something (RFC 8555, section 6.7): its own words, untrusted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The last part of the error's type: `unauthorized`, `rateLimited`, …
    pub kind: String,
    /// The CA's words for people, or their beginning.
    pub detail: String,
    /// The same for single identifiers.
    pub parts: Vec<(String, String)>,
    /// After how many seconds it may be asked again, where it says so.
    pub retry_after: Option<u64>,
}

impl Refusal {
    pub(super) fn of(problem: &Problem, retry_after: Option<u64>) -> Self {
        let kind = problem.r#type.as_deref().unwrap_or("error");
        let kind = name(kind.rsplit(':').next().unwrap_or_default());
        let detail = |detail: &Option<String>| words(detail.as_deref().unwrap_or_default());
        let parts = problem.subproblems.iter().take(MOST_PARTS).map(|part| {
            let about = part.identifier.as_ref();
            let about = about.map(|about| words(&about.authorized(false).to_string()));
            (about.unwrap_or_default(), detail(&part.detail))
        });
        Self {
            kind,
            detail: detail(&problem.detail),
            parts: parts.collect(),
            retry_after,
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.detail, self.kind)?;
        for (about, detail) in &self.parts {
            write!(f, "; {about}: {detail}")?;
        }
        if let Some(seconds) = self.retry_after {
            write!(f, "; not before {seconds} seconds from now")?;
        }
        Ok(())
    }
}

/// Why there is no certificate.
#[derive(Debug, thiserror::Error)]
pub enum AcmeError {
    /// The CA was not reached, or something else answered.
    #[error("{step}: {source}")]
    Unreachable {
        /// What was being done.
        step: Step,
        /// What happened.
        source: TransportError,
    },
    /// What answers is no ACME server, or one that says what cannot be.
    #[error("{step}: the server's answer is not ACME's: {what}")]
    NotAcme {
        /// What was being done.
        step: Step,
        /// What is wrong with it.
        what: String,
    },
    /// The CA says no.
    #[error("{step} was refused: {refusal}")]
    Refused {
        /// What was being done.
        step: Step,
        /// Its words.
        refusal: Box<Refusal>,
    },
    /// The CA looked, and did not see what it wanted to see.
    #[error("the CA did not find {} to be ours, by {}: {refusal}", .challenge.identifier, .challenge.kind)]
    Unproven {
        /// What was to be shown, and in which way.
        challenge: Box<Challenge>,
        /// What it saw instead, in its own words.
        refusal: Box<Refusal>,
        /// What is seen of it from here, in words, where the solver looked.
        seen: Option<String>,
    },
    /// None of the ways that the CA offers is one that can be gone here.
    #[error("the CA offers {} for {identifier}, and none of these can be shown here", offered.join(", "))]
    NoWay {
        /// What was to be shown.
        identifier: Identifier,
        /// What the CA offers, by its names.
        offered: Vec<String>,
    },
    /// What the CA was to see could not be shown.
    #[error("what the CA looks for at {identifiers} could not be shown, by {kind}: {why}")]
    Unsolved {
        /// What was to be shown.
        identifiers: String,
        /// In which way.
        kind: Kind,
        /// Why not.
        why: Unsolved,
    },
    /// It took longer than was to be waited.
    #[error("{step}: the CA has not come to an end in the time it was given{}", asks(*retry_after))]
    Late {
        /// What was being done.
        step: Step,
        /// How many seconds the CA asks for.
        retry_after: Option<u64>,
    },
    /// It was given up by whoever wanted it.
    #[error("the order was broken off before the CA had come to an end")]
    GivenUp,
    /// What is kept of an account cannot be used.
    #[error("the account's key cannot be used: {0}")]
    AccountKey(String),
    /// A signing request could not be made.
    #[error("no signing request could be made: {0}")]
    Csr(#[from] rcgen::Error),
    /// TLS could not be set up.
    #[error("no TLS to the CA: {0}")]
    Tls(#[from] Tls),
}

fn asks(retry_after: Option<u64>) -> String {
    retry_after.map_or_else(String::new, |seconds| {
        format!("; it asks for {seconds} seconds more")
    })
}

impl AcmeError {
    pub(super) fn of(step: Step, error: Error, retry_after: Option<u64>) -> Self {
        let not_acme = |what: String| Self::NotAcme {
            step,
            what: words(&what),
        };
        match error {
            Error::Api(problem) => Self::Refused {
                step,
                refusal: Refusal::of(&problem, retry_after).into(),
            },
            Error::Other(source) => match source.downcast::<TransportError>() {
                Ok(source) => Self::Unreachable {
                    step,
                    source: *source,
                },
                Err(other) => not_acme(other.to_string()),
            },
            Error::Timeout(_) => Self::Late { step, retry_after },
            other => not_acme(other.to_string()),
        }
    }

    /// After how many seconds the CA may be asked again, where it says so.
    pub fn retry_after(&self) -> Option<u64> {
        match self {
            Self::Unreachable {
                source: TransportError::Status { retry_after, .. },
                ..
            }
            | Self::Late { retry_after, .. } => *retry_after,
            Self::Refused { refusal, .. } | Self::Unproven { refusal, .. } => refusal.retry_after,
            _ => None,
        }
    }

    /// Whether a CA may have counted what failed, as it limits orders and failed validations: not where it was not come
    /// to, or nothing was asked.
    pub fn is_counted(&self) -> bool {
        match self {
            Self::Refused { .. }
            | Self::Unproven { .. }
            | Self::NoWay { .. }
            | Self::Unsolved { .. }
            | Self::NotAcme { .. }
            | Self::Late { .. } => true,
            Self::Unreachable { source, .. } => !matches!(
                source,
                TransportError::Connect { .. } | TransportError::NotHttps(_)
            ),
            Self::GivenUp | Self::AccountKey(_) | Self::Csr(_) | Self::Tls(_) => false,
        }
    }

    /// Whether the CA does not know the account (RFC 8555, section 6.7).
    pub fn is_of_account(&self) -> bool {
        matches!(self, Self::Refused { refusal, .. } if refusal.kind == "accountDoesNotExist")
    }

    /// Whether the certificate of an order is not to be had, now or later.
    pub(super) fn is_of_lost(&self) -> bool {
        let (Self::Unreachable { step, .. }
        | Self::NotAcme { step, .. }
        | Self::Refused { step, .. }) = self
        else {
            return false;
        };
        *step == Step::Certificate && !self.is_passing()
    }

    /// Whether the server's certificate is not valid now, by the clock of this machine: which of the two is wrong, it
    /// does not say.
    pub fn is_of_time(&self) -> bool {
        matches!(
            self.certificate_fault(),
            Some(
                CertificateError::Expired
                    | CertificateError::ExpiredContext { .. }
                    | CertificateError::NotValidYet
                    | CertificateError::NotValidYetContext { .. }
            )
        )
    }

    /// Whether nobody who is trusted vouches for the server.
    pub fn is_of_trust(&self) -> bool {
        matches!(
            self.certificate_fault(),
            Some(CertificateError::UnknownIssuer | CertificateError::Other(_))
        )
    }

    /// What is wrong with the server's certificate.
    fn certificate_fault(&self) -> Option<&CertificateError> {
        let Self::Unreachable {
            source: TransportError::Connect { source, .. },
            ..
        } = self
        else {
            return None;
        };
        let inner = source.get_ref()?.downcast_ref::<Tls>()?;
        match inner {
            Tls::InvalidCertificate(fault) => Some(fault),
            _ => None,
        }
    }

    /// Whether the same may go well by itself later.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Unreachable { source, .. } => source.is_passing(),
            Self::Refused { refusal, .. } => {
                ["serverInternal", "rateLimited", "badNonce"].contains(&refusal.kind.as_str())
            }
            Self::Late { .. } => true,
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    #[test]
    fn a_ca_counts_what_came_to_it() {
        let unreachable = |source| AcmeError::Unreachable {
            step: Step::Order,
            source,
        };
        let place = || "ca.example:443".to_owned();
        let refused = TransportError::Connect {
            place: place(),
            source: io::Error::from(io::ErrorKind::ConnectionRefused),
        };
        assert!(!unreachable(refused).is_counted());
        // It may have heard the request.
        assert!(unreachable(TransportError::Late { place: place() }).is_counted());
        assert!(!AcmeError::GivenUp.is_counted());
    }
}
