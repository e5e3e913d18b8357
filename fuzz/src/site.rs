//! Services that may be anything, as they are served.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use keyway_config::model::{ClientMode, Listed, Mode, Protocol, ProtocolVersion, Status};
use keyway_config::{Network, Service, Surroundings, check, read};
use keyway_report::Severity;
use keyway_termination::protocol::ClientCas;
use keyway_termination::store::Asked;
use keyway_termination::{Entry, Listener, Site, SiteError, Supplies};
use rustls::client::ResolvesClientCert;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::{CertificateDer, UnixTime};
use rustls::server::ProducesTickets;
use rustls::sign::CertifiedKey;
use rustls::time_provider::TimeProvider;
use rustls::{
    ClientConfig, ClientConnection, RootCertStore, ServerConfig, ServerConnection, SignatureScheme,
    SupportedProtocolVersion, version,
};

use crate::material::ROOT;
use crate::pairs::{NOW, PAIRS};

/// The name in the certificate.
const HOST: &str = "www.example.com";

/// Bytes in front of a service file that choose of it what chance rarely writes.
const CHOICES: usize = 4;

/// Turns of a handshake; more is none that ends.
const TURNS: usize = 8;

/// What is served has versions, protocols and manners with clients as the service says, as a client sees that
/// shakes hands; what is refused is refused for a reason that is there; and what `keyway config check` finds good
/// is not refused.
pub fn site(data: &[u8]) {
    let Some((choices, text)) = data.split_first_chunk::<CHOICES>() else {
        return;
    };
    let Ok(draft) = read(&String::from_utf8_lossy(text)) else {
        return;
    };
    let mut service = draft.service;
    choose(&mut service, *choices);
    let has_cas = choices[3] & 1 != 0;
    let supplies = supplies(has_cas);
    match (
        Site::new(&service, &supplies, &TICKETS),
        Listener::all_of(&service),
    ) {
        (Ok(site), Ok(listeners)) => {
            assert!(!listeners.is_empty(), "nobody would come");
            is_as_said(&site, &service);
        }
        (made, listened) => {
            for error in made.err().into_iter().chain(listened.err()) {
                has_reason(&error, &service, has_cas);
                assert!(!error.to_string().is_empty());
                assert!(!is_found_good(&service, has_cas), "{error}");
            }
        }
    }
}

/// Sets what the bytes say, field by field.
fn choose(service: &mut Service, [what, versions, protocols, manners]: [u8; CHOICES]) {
    let bit = |byte: u8, at: u8| byte >> at & 1 != 0;
    let version = |byte: u8| match byte & 3 {
        0 => None,
        1 => Some(ProtocolVersion::Tls12),
        _ => Some(ProtocolVersion::Tls13),
    };
    if bit(what, 0) {
        service.mode = if bit(what, 1) { Mode::Tcp } else { Mode::Http };
    }
    if bit(what, 2) {
        let upstream = match service.mode {
            Mode::Tcp => "127.0.0.1:5432",
            Mode::Http => "http://127.0.0.1:5001",
        };
        service.upstream = Listed(vec![upstream.to_owned()]);
    }
    if bit(what, 3) {
        service.tls.min_version = version(versions);
        service.tls.max_version = version(versions >> 2);
        service.tls.profile = if bit(versions, 4) {
            Protocol::Modern
        } else {
            Protocol::Intermediate
        };
    }
    if bit(what, 4) {
        let known = ["h2", "http/1.1", "acme-tls/1", "postgresql"];
        let chosen = known.iter().enumerate();
        let chosen = chosen.filter(|(at, _)| protocols >> at & 1 != 0);
        service.tls.alpn = Listed(chosen.map(|(_, name)| (*name).to_owned()).collect());
    }
    if bit(what, 5) {
        service.tls.client.mode = match manners >> 1 & 3 {
            0 => ClientMode::None,
            1 => ClientMode::Optional,
            _ => ClientMode::Required,
        };
    }
    if bit(what, 6) {
        service.tls.status = Some(if bit(what, 7) {
            Status::Disabled
        } else {
            Status::Enabled
        });
    }
}

#[derive(Debug)]
struct Clock;

impl TimeProvider for Clock {
    fn current_time(&self) -> Option<UnixTime> {
        let seconds = u64::try_from(NOW).ok()?;
        Some(UnixTime::since_unix_epoch(Duration::from_secs(seconds)))
    }
}

static TICKETS: LazyLock<Arc<dyn ProducesTickets>> =
    LazyLock::new(|| aws_lc_rs::Ticketer::new().expect("random bytes"));

/// A client of these versions, who trusts the test root.
fn client(
    versions: &[&'static SupportedProtocolVersion],
    asked: Arc<dyn ResolvesClientCert>,
) -> ClientConfig {
    let mut roots = RootCertStore::empty();
    roots
        .add(CertificateDer::from(ROOT))
        .expect("the test root");
    let provider = Arc::new(aws_lc_rs::default_provider());
    ClientConfig::builder_with_details(provider, Arc::new(Clock))
        .with_protocol_versions(versions)
        .expect("versions")
        .with_root_certificates(roots)
        .with_client_cert_resolver(asked)
}

fn supplies(has_cas: bool) -> Supplies {
    let roots = has_cas.then(|| CertificateDer::from(ROOT));
    let everywhere = [&version::TLS12, &version::TLS13];
    Supplies {
        certificates: vec![Entry::new([HOST], &PAIRS[0]).expect("a host and a key")],
        clients: ClientCas {
            roots: roots.into_iter().collect(),
            revoked: Vec::new(),
        },
        upstream_tls: Some(Arc::new(client(&everywhere, Arc::new(Asks::default())))),
        clock: Arc::new(Clock),
        key_log: None,
        challenges: None,
    }
}

fn versions(service: &Service) -> Vec<&'static SupportedProtocolVersion> {
    let tls = &service.tls;
    let oldest = tls.min_version.unwrap_or(ProtocolVersion::Tls12);
    let newest = tls.max_version.unwrap_or(ProtocolVersion::Tls13);
    let is_modern = tls.profile == Protocol::Modern;
    let mut versions = Vec::new();
    if oldest <= ProtocolVersion::Tls12 && newest >= ProtocolVersion::Tls12 && !is_modern {
        versions.push(&version::TLS12);
    }
    if oldest <= ProtocolVersion::Tls13 && newest >= ProtocolVersion::Tls13 {
        versions.push(&version::TLS13);
    }
    versions
}

/// Why a service is refused is true of it.
fn has_reason(error: &SiteError, service: &Service, has_cas: bool) {
    let is_asking = service.tls.client.mode != ClientMode::None;
    let is_true = match error {
        SiteError::NoUpstream => service.upstream.is_empty(),
        SiteError::Upstream(text) => service.upstream.iter().any(|upstream| upstream == text),
        SiteError::NoVersion => versions(service).is_empty(),
        SiteError::Network(text) => {
            let mut from = service.proxy_protocol.from.iter();
            from.any(|from| from == text) && text.parse::<Network>().is_err()
        }
        SiteError::Listen(text) => service.listen.iter().any(|listen| listen == text),
        SiteError::Clients(_) => is_asking && !has_cas,
        _ => false,
    };
    assert!(is_true, "{error}");
}

/// Whether a check has no error to tell of it. What is read beside the file is not looked at.
fn is_found_good(service: &Service, has_cas: bool) -> bool {
    let Ok(draft) = read(&service.to_toml()) else {
        return false;
    };
    let is_asking = draft.service.tls.client.mode != ClientMode::None;
    let findings = check(&draft, "service", &Surroundings::default());
    let mut kinds = findings.iter().map(|finding| finding.severity());
    let is_whole = !service.upstream.is_empty() && (has_cas || !is_asking);
    is_whole && kinds.all(|severity| severity != Severity::Error)
}

/// Sees whether a server asks for a certificate, and has none.
#[derive(Debug, Default)]
struct Asks(AtomicBool);

impl ResolvesClientCert for Asks {
    fn resolve(&self, _: &[&[u8]], _: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        self.0.store(true, Ordering::Relaxed);
        None
    }

    fn has_certs(&self) -> bool {
        true
    }
}

fn is_as_said(site: &Site, service: &Service) {
    let config = site.config(Asked::Name(HOST));
    assert_eq!(config.is_some(), service.status() != Status::Disabled);
    let Some(config) = config else {
        return;
    };
    let own = versions(service);
    let spoken: Vec<String> = match service.mode {
        Mode::Http => service.offered_protocols(),
        Mode::Tcp => service.tls.alpn.iter().map(str::to_owned).collect(),
    };
    let mode = service.tls.client.mode;
    for version in [&version::TLS12, &version::TLS13] {
        for offered in [&[][..], &["h2", "http/1.1"], &["postgresql", "http/1.1"]] {
            let first = spoken.iter().find(|name| offered.contains(&name.as_str()));
            let is_agreed = offered.is_empty() || spoken.is_empty() || first.is_some();
            let asks = Arc::new(Asks::default());
            let shaken = shake(config, version, offered, Arc::clone(&asks));
            let is_let_in = own.contains(&version) && is_agreed && mode != ClientMode::Required;
            assert_eq!(
                shaken.is_ok(),
                is_let_in,
                "{version:?} {offered:?} {shaken:?}"
            );
            if own.contains(&version) && is_agreed {
                let is_asked = asks.0.load(Ordering::Relaxed);
                assert_eq!(is_asked, mode != ClientMode::None, "{version:?}");
            }
            if let Ok(protocol) = shaken {
                assert_eq!(protocol.as_ref(), first, "of {offered:?}");
            }
        }
    }
}

/// A handshake in memory, and the protocol that is agreed on.
fn shake(
    server: &Arc<ServerConfig>,
    version: &'static SupportedProtocolVersion,
    offered: &[&str],
    asks: Arc<Asks>,
) -> Result<Option<String>, rustls::Error> {
    let mut config = client(&[version], asks);
    config.alpn_protocols = offered
        .iter()
        .map(|name| name.as_bytes().to_vec())
        .collect();
    let host = HOST.try_into().expect("a name");
    let mut client = ClientConnection::new(Arc::new(config), host).expect("a client");
    let mut server = ServerConnection::new(Arc::clone(server)).expect("a server");
    let mut wire = Vec::new();
    for _ in 0..TURNS {
        wire.clear();
        client.write_tls(&mut wire).expect("memory");
        server.read_tls(&mut wire.as_slice()).expect("memory");
        server.process_new_packets()?;
        wire.clear();
        server.write_tls(&mut wire).expect("memory");
        client.read_tls(&mut wire.as_slice()).expect("memory");
        client.process_new_packets()?;
    }
    assert!(
        !client.is_handshaking() && !server.is_handshaking(),
        "no end"
    );
    let agreed = server.alpn_protocol().map(String::from_utf8_lossy);
    Ok(agreed.map(|name| name.into_owned()))
}
