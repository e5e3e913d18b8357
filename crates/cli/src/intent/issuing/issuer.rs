//! Who gives a managed certificate out.

use keyway_config::Service;

/// Let's Encrypt's directories.
pub(super) const LETS_ENCRYPT: &str = "https://acme-v02.api.letsencrypt.org/directory";
pub(super) const STAGING: &str = "https://acme-staging-v02.api.letsencrypt.org/directory";

/// Who gives a certificate out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Issuer {
    /// The development CA of this machine.
    Local,
    /// A CA, by the URL of its directory.
    Acme(String),
}

impl Issuer {
    /// As a service file says it, which names a CA by its directory.
    pub(super) fn word(&self) -> &str {
        match self {
            Self::Local => "local",
            Self::Acme(url) => url,
        }
    }

    /// That of a service; Let's Encrypt where it says none.
    pub(super) fn of(service: &Service) -> Self {
        match service.tls.issuer.as_deref().unwrap_or("letsencrypt") {
            "local" => Self::Local,
            "letsencrypt" => Self::Acme(LETS_ENCRYPT.to_owned()),
            "letsencrypt-staging" => Self::Acme(STAGING.to_owned()),
            url => Self::Acme(url.to_owned()),
        }
    }
}
