//! A client that trusts the kit's root, at the kit's moment, or a CA's, now; and stays.
#![allow(dead_code, reason = "every test file uses its own part of it")]

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use keyway_testkit::{Chain, NOW};
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, UnixTime};
use rustls::time_provider::{DefaultTimeProvider, TimeProvider};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

/// Longest silence of a server that is there, or will be soon.
const PATIENCE: Duration = Duration::from_secs(20);

/// The moment of the kit.
#[derive(Debug)]
struct Clock;

impl TimeProvider for Clock {
    fn current_time(&self) -> Option<UnixTime> {
        let seconds = u64::try_from(NOW).ok()?;
        Some(UnixTime::since_unix_epoch(Duration::from_secs(seconds)))
    }
}

pub(crate) fn trusting() -> Arc<ClientConfig> {
    config(Chain::good().root.der().to_vec().into(), Arc::new(Clock))
}

/// Who trusts a root in PEM, by the machine's own clock: that of a CA that lives by it.
pub(crate) fn trusting_now(root: &[u8]) -> Arc<ClientConfig> {
    let root = CertificateDer::from_pem_slice(root).unwrap();
    config(root, Arc::new(DefaultTimeProvider))
}

fn config(root: CertificateDer<'static>, clock: Arc<dyn TimeProvider>) -> Arc<ClientConfig> {
    let mut roots = RootCertStore::empty();
    roots.add(root).unwrap();
    let provider = Arc::new(aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_details(provider, clock)
        .with_safe_default_protocol_versions()
        .unwrap();
    let config = config.with_root_certificates(roots).with_no_client_auth();
    Arc::new(config)
}

/// A connection to the usual host.
pub(crate) struct Client(BufReader<StreamOwned<ClientConnection, TcpStream>>);

impl Client {
    /// Connects; hands are shaken with the first request.
    pub(crate) fn connect(address: SocketAddr, config: &Arc<ClientConfig>) -> io::Result<Self> {
        let socket = TcpStream::connect_timeout(&address, PATIENCE)?;
        socket.set_read_timeout(Some(PATIENCE))?;
        socket.set_nodelay(true)?;
        let name = "www.example.com".try_into().unwrap();
        let client = ClientConnection::new(Arc::clone(config), name).unwrap();
        Ok(Self(BufReader::new(StreamOwned::new(client, socket))))
    }

    /// Asks, and reads what comes, which is "hello". Whether the connection stays.
    pub(crate) fn get(&mut self) -> io::Result<bool> {
        let Self(stream) = self;
        let request = b"GET / HTTP/1.1\r\nHost: www.example.com\r\n\r\n";
        stream.get_mut().write_all(request)?;
        let mut head = Vec::new();
        while head.last().is_none_or(|line| line != "\r\n") {
            let mut line = String::new();
            if stream.read_line(&mut line)? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            head.push(line);
        }
        let mut body = [0; 5];
        stream.read_exact(&mut body)?;
        if !head[0].starts_with("HTTP/1.1 200 ") || body != *b"hello" {
            return Err(io::Error::other(head.concat()));
        }
        let mut fields = head.iter();
        Ok(!fields.any(|line| line.eq_ignore_ascii_case("connection: close\r\n")))
    }
}
