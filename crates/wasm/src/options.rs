use keyway_chain::{Profile, Purpose};
use serde::Deserialize;

use crate::file::{File, Secret};
use crate::moment::Moment;

/// Whom to trust.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Roots {
    /// Mozilla's roots, as compiled in.
    #[default]
    Mozilla,
    /// Nobody but `own_roots`.
    None,
}

/// What to judge by.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Options {
    /// The moment to judge at: there is no clock here.
    pub now: Moment,
    /// Names and addresses that clients will ask for.
    #[serde(default)]
    pub hosts: Vec<String>,
    /// Whom to trust.
    #[serde(default)]
    pub roots: Roots,
    /// Files with further roots, those of an own CA.
    #[serde(default)]
    pub own_roots: Vec<File>,
    /// Files with further roots that stand in a public list: what they issued is held to what browsers
    /// ask of public CAs.
    #[serde(default)]
    pub public_roots: Vec<File>,
    /// What the certificate is for.
    #[serde(default)]
    pub purpose: Purpose,
    /// Which rules apply.
    #[serde(default)]
    pub profile: Profile,
    /// Passwords to try on what is encrypted, UTF-8.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(with = "Vec<String>"))]
    pub passwords: Vec<Password>,
    /// At most this many rounds of key derivation for everything that is encrypted, with all passwords that are tried;
    /// 20,000,000 when not given, which is the most. What would take more stays closed, and a finding says so.
    #[serde(default)]
    pub max_kdf_rounds: Option<u32>,
    /// At most this many intermediates.
    #[serde(default)]
    pub max_intermediates: Option<u8>,
    /// Warn when less than this share of the lifetime is left, in percent up to 100; 33 when not given.
    #[serde(default)]
    pub warn_at_percent: Option<u8>,
}

/// A password, or a text that may hold one, overwritten when dropped.
#[derive(Default)]
pub struct Password(pub Secret);

impl Password {
    /// The text; it was made of one.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0.0).unwrap_or_default()
    }
}

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Password(..)")
    }
}

impl<'de> Deserialize<'de> for Password {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Ok(Self(Secret(zeroize::Zeroizing::new(text.into_bytes()))))
    }
}

/// What a repair writes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum FixForm {
    /// `fullchain.pem`, `chain.pem`, `key.pem`.
    #[default]
    Pem,
    /// `bundle.p12`.
    P12,
    /// `chain.p7b`.
    P7b,
    /// `cert.der`, `chain-1.der`…, `key.der`.
    Der,
}

/// How to repair; the rest as for a check.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct FixSettings {
    /// What to write.
    #[serde(default)]
    pub form: FixForm,
    /// Whether to keep the root, last in the chain.
    #[serde(default)]
    pub keep_root: bool,
    /// Password of the PKCS#12 file; may be empty.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub password: Option<Password>,
    /// 80 random bytes for the PKCS#12 file, from `crypto.getRandomValues`, new for every file.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(with = "Option<crate::file::Bytes>"))]
    pub random: Option<Secret>,
}
