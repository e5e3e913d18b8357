use core::fmt;

/// The form a private key is kept in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KeyForm {
    /// PKCS#8, version 1 or 2 (RFC 5958): `PRIVATE KEY`.
    Pkcs8,
    /// PKCS#8 behind a password: `ENCRYPTED PRIVATE KEY`.
    EncryptedPkcs8,
    /// PKCS#1 (RFC 8017, A.1.2): `RSA PRIVATE KEY`.
    Pkcs1,
    /// SEC1 (RFC 5915): `EC PRIVATE KEY`.
    Sec1,
    /// `OpenSSL`'s own form of DSA keys: `DSA PRIVATE KEY`.
    Dsa,
    /// openssh-key-v1: `OPENSSH PRIVATE KEY`.
    OpenSsh,
}

impl KeyForm {
    /// The form that a PEM label promises, if it is the label of a private key.
    pub fn from_label(label: &str) -> Option<Self> {
        match label {
            "PRIVATE KEY" => Some(Self::Pkcs8),
            "ENCRYPTED PRIVATE KEY" => Some(Self::EncryptedPkcs8),
            "RSA PRIVATE KEY" => Some(Self::Pkcs1),
            "EC PRIVATE KEY" => Some(Self::Sec1),
            "DSA PRIVATE KEY" => Some(Self::Dsa),
            "OPENSSH PRIVATE KEY" => Some(Self::OpenSsh),
            _ => None,
        }
    }
}

impl KeyForm {
    /// The label of its PEM blocks (RFC 7468; OpenSSL: PEM_read_bio_PrivateKey(3)).
    pub(crate) const fn label(self) -> &'static str {
        match self {
            Self::Pkcs8 => "PRIVATE KEY",
            Self::EncryptedPkcs8 => "ENCRYPTED PRIVATE KEY",
            Self::Pkcs1 => "RSA PRIVATE KEY",
            Self::Sec1 => "EC PRIVATE KEY",
            Self::Dsa => "DSA PRIVATE KEY",
            Self::OpenSsh => "OPENSSH PRIVATE KEY",
        }
    }

    /// What messages call a key in it.
    pub(crate) const fn words(self) -> &'static str {
        match self {
            Self::Pkcs8 => "a key in the form of PKCS#8 (PRIVATE KEY)",
            Self::EncryptedPkcs8 => "an encrypted key",
            Self::Pkcs1 => "a key in the form of PKCS#1 (RSA PRIVATE KEY)",
            Self::Sec1 => "a key in the form of SEC1 (EC PRIVATE KEY)",
            Self::Dsa => "a DSA key in the form of OpenSSL",
            Self::OpenSsh => "a key in the form of OpenSSH",
        }
    }
}

impl fmt::Display for KeyForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Pkcs8 => "PKCS#8",
            Self::EncryptedPkcs8 => "encrypted PKCS#8",
            Self::Pkcs1 => "PKCS#1",
            Self::Sec1 => "SEC1",
            Self::Dsa => "OpenSSL's DSA form",
            Self::OpenSsh => "OpenSSH",
        })
    }
}
