use super::{KeyAlgorithm, KeyForm};
use crate::container::ber::BerError;
use crate::container::pbe::PbeError;

/// Ciphers that OpenSSL encrypts keys with and that are not known here, by the arc of their identifiers
/// (RFC 3657, RFC 5794, RFC 4010).
const FAMILIES: &[(&str, &str)] = &[
    ("1.2.392.200011.61.1.1.1.", "Camellia"),
    ("1.2.410.200046.1.1.", "ARIA"),
    ("1.2.410.200004.1.", "SEED"),
];

/// Why a private key cannot be read. Nothing of the key is in here.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// Not BER, or over a limit of [`ber`](crate::container::ber).
    #[error(transparent)]
    Ber(#[from] BerError),
    /// Not the structure of a private key.
    #[error("not a private key{}", .expected.map(|form| format!(" in {form} form")).unwrap_or_default())]
    Malformed {
        /// The form that was expected, where one was.
        expected: Option<KeyForm>,
    },
    /// The key is encrypted and no password was given.
    #[error("the private key is encrypted: a password is needed")]
    PasswordNeeded,
    /// The password does not open the key (or the key is damaged: the two look alike).
    #[error("the password is wrong")]
    WrongPassword,
    /// The key is encrypted with something this crate does not know.
    #[error("the private key is encrypted with {algorithm}, which is not supported")]
    UnsupportedEncryption {
        /// The object identifier, or the name in `DEK-Info`; printable ASCII.
        algorithm: String,
    },
    /// The key is of a kind whose public part cannot be computed here.
    #[error("keys of the kind {algorithm} are not supported")]
    Unsupported {
        /// The kind.
        algorithm: KeyAlgorithm,
    },
    /// The `DEK-Info` line is broken: no cipher name, or no vector of the cipher's length.
    #[error("the DEK-Info line is broken")]
    BadDekInfo,
    /// The file carries a public key that does not belong to its private key.
    #[error("the file's public part belongs to another private key")]
    PublicPartDiffers,
    /// The numbers of the key do not fit together.
    #[error("the private key is inconsistent: {fault}")]
    Inconsistent {
        /// What does not fit.
        fault: &'static str,
    },
    /// The file asks for more than is allowed.
    #[error("the private key asks for too much: more than {limit} {what}")]
    Limit {
        /// What there is too much of.
        what: &'static str,
        /// How much is allowed.
        limit: u64,
    },
}

impl KeyError {
    /// Bytes that are not what `form` demands.
    pub(super) fn malformed(form: KeyForm) -> Self {
        Self::Malformed {
            expected: Some(form),
        }
    }
}

impl From<PbeError> for KeyError {
    fn from(error: PbeError) -> Self {
        match error {
            PbeError::Unsupported { algorithm } => {
                let oid = algorithm.to_string();
                let known = FAMILIES.iter().find(|(arc, _)| oid.starts_with(arc));
                Self::UnsupportedEncryption {
                    algorithm: known
                        .map_or_else(|| oid.clone(), |(_, name)| format!("{name} ({oid})")),
                }
            }
            PbeError::Malformed => Self::malformed(KeyForm::EncryptedPkcs8),
            PbeError::Limit { what, limit } => Self::Limit { what, limit },
            PbeError::Decrypt => Self::WrongPassword,
        }
    }
}
