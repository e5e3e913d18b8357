use der::asn1::ObjectIdentifier;

use crate::container::ber::BerError;
use crate::container::pbe::PbeError;

/// Why a PFX file cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Pkcs12Error {
    /// Not BER, or over a limit of [`ber`](crate::container::ber).
    #[error(transparent)]
    Ber(#[from] BerError),
    /// Not the structure of RFC 7292.
    #[error("not a PKCS#12 structure")]
    Malformed,
    /// The file is protected, and neither an empty password nor none opens it.
    #[error("a password is needed")]
    PasswordNeeded,
    /// The password given does not open the file (or the file was altered: the two look alike).
    #[error("the password is wrong")]
    WrongPassword,
    /// An algorithm or a form that this crate does not know.
    #[error("the algorithm {algorithm} is not supported")]
    Unsupported {
        /// Its object identifier.
        algorithm: ObjectIdentifier,
    },
    /// The file asks for more work or holds more items than is allowed.
    #[error("the file asks for too much: more than {limit} {what}")]
    Limit {
        /// What there is too much of.
        what: &'static str,
        /// How much is allowed.
        limit: u64,
    },
}

impl From<PbeError> for Pkcs12Error {
    /// A failed decryption counts as a wrong password; the reader knows whether one was given.
    fn from(error: PbeError) -> Self {
        match error {
            PbeError::Unsupported { algorithm } => Self::Unsupported { algorithm },
            PbeError::Malformed => Self::Malformed,
            PbeError::Limit { what, limit } => Self::Limit { what, limit },
            PbeError::Decrypt => Self::WrongPassword,
        }
    }
}
