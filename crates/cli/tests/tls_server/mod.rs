//! Servers on loopback, each on a port of its own until the tests end: of TLS, and of what is none.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use keyway_testkit::Certificate;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// Longest silence of a client before it is left.
const PATIENCE: Duration = Duration::from_secs(5);

/// Between two bytes of a server that is slow.
const DRIP: Duration = Duration::from_millis(300);

/// A server with one certificate.
pub(crate) struct TlsServer {
    pub(crate) port: u16,
}

impl TlsServer {
    /// Sends this certificate to whoever comes.
    pub(crate) fn start(leaf: &Certificate) -> Self {
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(leaf.key_der()));
        let chain = vec![CertificateDer::from(leaf.der().to_vec())];
        let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .unwrap();
        let config = Arc::new(config);
        let port = each(move |stream| {
            let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
            let mut tls = StreamOwned::new(connection, stream);
            let _ = tls.read(&mut [0; 64]);
        });
        Self { port }
    }
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
