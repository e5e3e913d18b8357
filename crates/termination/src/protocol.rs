//! The settings of TLS, from the words of a service file to what rustls takes.

use std::sync::Arc;

use keyway_config::model::{ClientMode, Protocol, ProtocolVersion, Tls};
use rustls::crypto::aws_lc_rs::{self, kx_group};
use rustls::crypto::{CryptoProvider, SupportedKxGroup};
use rustls::pki_types::{CertificateDer, CertificateRevocationListDer};
use rustls::server::danger::ClientCertVerifier;
use rustls::server::{
    NoServerSessionStorage, ProducesTickets, ResolvesServerCert, WebPkiClientVerifier,
};
use rustls::time_provider::TimeProvider;
use rustls::{KeyLog, RootCertStore, ServerConfig, SupportedCipherSuite, SupportedProtocolVersion};

use crate::site::SiteError;

/// Session tickets sent after a handshake of TLS 1.3. One is what a client needs to come back, and each
/// costs an encryption and a write.
const TICKETS: usize = 1;

/// The CAs whose clients are let in, and what they have revoked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ClientCas {
    /// Certificates of the CAs.
    pub roots: Vec<CertificateDer<'static>>,
    /// Their lists (RFC 5280, section 5).
    pub revoked: Vec<CertificateRevocationListDer<'static>>,
}

/// The groups of a profile by the names that the guidelines have for them.
const GROUPS: &[(&str, &dyn SupportedKxGroup)] = &[
    ("X25519MLKEM768", kx_group::X25519MLKEM768),
    ("X25519", kx_group::X25519),
    ("prime256v1", kx_group::SECP256R1),
    ("secp384r1", kx_group::SECP384R1),
];

/// AWS-LC with the suites and groups of a profile, in its order.
pub fn provider(profile: Protocol) -> CryptoProvider {
    let guideline = profile.guideline();
    let names = guideline.tls13_suites.iter().chain(guideline.tls12_suites);
    let suites = names.filter_map(|name| suite(name)).collect();
    let groups = guideline.groups.iter();
    let groups = groups.filter_map(|name| {
        let known = GROUPS.iter().find(|(known, _)| known == name);
        known.map(|(_, group)| *group)
    });
    CryptoProvider {
        cipher_suites: suites,
        kx_groups: groups.collect(),
        ..aws_lc_rs::default_provider()
    }
}

/// A suite by its IANA name. rustls calls those of TLS 1.3 `TLS13_…`.
fn suite(name: &str) -> Option<SupportedCipherSuite> {
    let mut all = aws_lc_rs::ALL_CIPHER_SUITES.iter();
    all.find(|suite| {
        let known = format!("{:?}", suite.suite());
        known == name || known.strip_prefix("TLS13_") == name.strip_prefix("TLS_")
    })
    .copied()
}

/// The versions that are offered: those that rustls has between the oldest and the newest that are asked for. For
/// those before its own oldest a profile has no suites.
fn versions(tls: &Tls) -> Vec<&'static SupportedProtocolVersion> {
    let first = tls.profile.guideline().min_version;
    let oldest = tls.min_version.unwrap_or(first).max(first);
    let newest = tls.max_version.unwrap_or(ProtocolVersion::Tls13);
    [
        (ProtocolVersion::Tls13, &rustls::version::TLS13),
        (ProtocolVersion::Tls12, &rustls::version::TLS12),
    ]
    .into_iter()
    .filter(|(version, _)| (oldest..=newest).contains(version))
    .map(|(_, version)| version)
    .collect()
}

/// What stays the same for every address of a site.
pub(crate) struct Terms {
    provider: Arc<CryptoProvider>,
    versions: Vec<&'static SupportedProtocolVersion>,
    clients: Arc<dyn ClientCertVerifier>,
    protocols: Vec<Vec<u8>>,
    tickets: Arc<dyn ProducesTickets>,
    clock: Arc<dyn TimeProvider>,
    key_log: Option<Arc<dyn KeyLog>>,
}

impl Terms {
    pub(crate) fn new(
        tls: &Tls,
        protocols: &[String],
        cas: &ClientCas,
        tickets: Arc<dyn ProducesTickets>,
        clock: Arc<dyn TimeProvider>,
        key_log: Option<Arc<dyn KeyLog>>,
    ) -> Result<Self, SiteError> {
        let provider = Arc::new(provider(tls.profile));
        let versions = versions(tls);
        if versions.is_empty() {
            return Err(SiteError::NoVersion);
        }
        let protocols = protocols.iter().map(|name| name.as_bytes().to_vec());
        Ok(Self {
            clients: verifier(tls.client.mode, cas, &provider)?,
            protocols: protocols.collect(),
            provider,
            versions,
            tickets,
            clock,
            key_log,
        })
    }

    /// What rustls serves by.
    pub(crate) fn server(
        &self,
        resolver: Arc<dyn ResolvesServerCert>,
    ) -> Result<Arc<ServerConfig>, SiteError> {
        let (provider, clock) = (Arc::clone(&self.provider), Arc::clone(&self.clock));
        let mut config = ServerConfig::builder_with_details(provider, clock)
            .with_protocol_versions(&self.versions)
            .map_err(SiteError::Tls)?
            .with_client_cert_verifier(Arc::clone(&self.clients))
            .with_cert_resolver(resolver);
        config.alpn_protocols.clone_from(&self.protocols);
        config.ticketer = Arc::clone(&self.tickets);
        config.send_tls13_tickets = TICKETS;
        // A ticket is all that is kept of a session, and the client keeps it.
        config.session_storage = Arc::new(NoServerSessionStorage {});
        if let Some(key_log) = &self.key_log {
            config.key_log = Arc::clone(key_log);
        }
        Ok(Arc::new(config))
    }
}

fn verifier(
    mode: ClientMode,
    cas: &ClientCas,
    provider: &Arc<CryptoProvider>,
) -> Result<Arc<dyn ClientCertVerifier>, SiteError> {
    if mode == ClientMode::None {
        return Ok(WebPkiClientVerifier::no_client_auth());
    }
    let mut roots = RootCertStore::empty();
    for root in &cas.roots {
        roots.add(root.clone()).map_err(SiteError::ClientCa)?;
    }
    let verifier =
        WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(provider))
            .with_crls(cas.revoked.iter().cloned())
            // A list that is out of date says nothing of those who were revoked since (RFC 5280, section 6.3.3).
            .enforce_revocation_expiration();
    let verifier = if mode == ClientMode::Optional {
        verifier.allow_unauthenticated()
    } else {
        verifier
    };
    let built = verifier.build();
    built
        .map(|verifier| verifier as Arc<dyn ClientCertVerifier>)
        .map_err(SiteError::Clients)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_suite_and_group_of_the_guidelines_is_one_of_rustls() {
        for profile in [Protocol::Modern, Protocol::Intermediate] {
            let guideline = profile.guideline();
            let provider = provider(profile);
            let suites = guideline.tls12_suites.len() + guideline.tls13_suites.len();
            assert_eq!(provider.cipher_suites.len(), suites);
            assert_eq!(provider.kx_groups.len(), guideline.groups.len());
        }
    }

    #[test]
    fn a_post_quantum_group_is_preferred() {
        let first = provider(Protocol::Intermediate).kx_groups[0].name();
        assert_eq!(first, rustls::NamedGroup::X25519MLKEM768);
    }

    #[test]
    fn versions_lie_between_the_oldest_and_the_newest() {
        let both = Tls::default();
        assert_eq!(versions(&both).len(), 2);
        let newest = Tls {
            min_version: Some(ProtocolVersion::Tls13),
            ..Tls::default()
        };
        assert_eq!(versions(&newest), [&rustls::version::TLS13]);
        let oldest = Tls {
            max_version: Some(ProtocolVersion::Tls12),
            ..Tls::default()
        };
        assert_eq!(versions(&oldest), [&rustls::version::TLS12]);
        let below_the_profile = Tls {
            profile: Protocol::Modern,
            min_version: Some(ProtocolVersion::Tls12),
            ..Tls::default()
        };
        assert_eq!(versions(&below_the_profile), [&rustls::version::TLS13]);
    }
}
