//! Servers on loopback, each on a port of its own until the tests end: of TLS, and of what is none.
#![allow(dead_code, reason = "every test file uses its own servers")]

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use keyway_testkit::{Certificate, Chain};
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::{ALL_VERSIONS, ServerConfig, ServerConnection, StreamOwned, SupportedProtocolVersion};

/// Longest silence of a client before it is left.
const PATIENCE: Duration = Duration::from_secs(5);

/// Between two bytes of a server that is slow.
const DRIP: Duration = Duration::from_millis(300);

/// A server of TLS.
pub(crate) struct TlsServer {
    pub(crate) port: u16,
}

impl TlsServer {
    /// Sends the leaf and its issuers to whoever comes.
    pub(crate) fn start(chain: &Chain) -> Self {
        let sent = [&chain.leaf, &chain.issuing, &chain.policy];
        Self::sending(&sent, &chain.leaf, ALL_VERSIONS)
    }

    /// The same, with an OCSP response (RFC 6066, section 8).
    pub(crate) fn stapling(chain: &Chain, response: Vec<u8>) -> Self {
        let sent = [&chain.leaf, &chain.issuing, &chain.policy];
        let config = configured(&sent, &chain.leaf, ALL_VERSIONS, Some(response));
        let port = each(move |stream| serve(&config, stream));
        Self { port }
    }

    /// Sends these certificates, signs with the key of `signer`, and speaks these versions.
    pub(crate) fn sending(
        sent: &[&Certificate],
        signer: &Certificate,
        versions: &[&'static SupportedProtocolVersion],
    ) -> Self {
        let config = configured(sent, signer, versions, None);
        let port = each(move |stream| serve(&config, stream));
        Self { port }
    }

    /// The same for clients that ask for this name; others are sent away (RFC 6066, section 3).
    pub(crate) fn named(chain: &Chain, name: &'static str) -> Self {
        let sent = [&chain.leaf, &chain.issuing, &chain.policy];
        let config = configured(&sent, &chain.leaf, ALL_VERSIONS, None);
        let port = each(move |mut stream| {
            let mut hello = [0; 4096];
            let count = stream.peek(&mut hello).unwrap_or(0);
            let mut parts = hello[..count].windows(name.len());
            if parts.any(|part| part == name.as_bytes()) {
                serve(&config, stream);
            } else {
                let _ = stream.read(&mut hello);
                let _ = stream.write_all(&[21, 3, 3, 0, 2, 2, 112]);
            }
        });
        Self { port }
    }

    /// Speaks TLS after a conversation that says whether it begins.
    pub(crate) fn after(
        chain: &Chain,
        talk: impl Fn(&mut TcpStream) -> bool + Send + Sync + 'static,
    ) -> Self {
        let sent = [&chain.leaf, &chain.issuing, &chain.policy];
        let config = configured(&sent, &chain.leaf, ALL_VERSIONS, None);
        let port = each(move |mut stream| {
            if talk(&mut stream) {
                serve(&config, stream);
            }
        });
        Self { port }
    }
}

fn serve(config: &Arc<ServerConfig>, stream: TcpStream) {
    let connection = ServerConnection::new(Arc::clone(config)).unwrap();
    let mut tls = StreamOwned::new(connection, stream);
    let _ = tls.read(&mut [0; 64]);
}

fn configured(
    sent: &[&Certificate],
    signer: &Certificate,
    versions: &[&'static SupportedProtocolVersion],
    stapled: Option<Vec<u8>>,
) -> Arc<ServerConfig> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(signer.key_der()));
    let key = provider.key_provider.load_private_key(key).unwrap();
    let sent = sent.iter();
    let sent = sent.map(|certificate| CertificateDer::from(certificate.der().to_vec()));
    // Nobody minds here whether the two belong together.
    let mut pair = CertifiedKey::new(sent.collect(), key);
    pair.ocsp = stapled;
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(versions)
        .unwrap()
        .with_no_client_auth()
        .with_cert_resolver(Arc::new(SingleCertAndKey::from(pair)));
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Arc::new(config)
}

/// Refuses every handshake, as a server does that has no cipher in common with its client.
pub(crate) fn refusing() -> u16 {
    each(|mut stream| {
        let _ = stream.read(&mut [0; 4096]);
        let _ = stream.write_all(&[21, 3, 3, 0, 2, 2, 40]);
    })
}

/// Takes the connection, and says nothing until its client leaves.
pub(crate) fn mute() -> u16 {
    each(|mut stream| while stream.read(&mut [0; 4096]).is_ok_and(|count| count > 0) {})
}

/// Greets its clients as mail servers do.
pub(crate) fn greeting() -> u16 {
    each(|mut stream| {
        let _ = stream.write_all(b"220 mail.example.com ESMTP\r\n");
        let _ = stream.read(&mut [0; 4096]);
    })
}

/// Answers as a server of plain HTTP does that is spoken to in TLS.
pub(crate) fn plain() -> u16 {
    each(|mut stream| {
        let _ = stream.read(&mut [0; 4096]);
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");
    })
}

/// Begins an answer of 16 KiB in TLS, and sends it byte by byte.
pub(crate) fn dripping() -> u16 {
    each(|mut stream| {
        let _ = stream.write_all(&[22, 3, 3, 0x40, 0]);
        while stream.write_all(&[2]).is_ok() {
            thread::sleep(DRIP);
        }
    })
}

fn each(answer: impl Fn(TcpStream) + Send + Sync + 'static) -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    let answer = Arc::new(answer);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            stream.set_read_timeout(Some(PATIENCE)).unwrap();
            let answer = Arc::clone(&answer);
            thread::spawn(move || answer(stream));
        }
    });
    port
}
