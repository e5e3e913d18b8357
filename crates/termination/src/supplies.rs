//! What a service file names, read and checked.

use std::fmt;
use std::sync::Arc;

use rustls::time_provider::TimeProvider;
use rustls::{ClientConfig, KeyLog, ServerConfig};

use crate::protocol::ClientCas;
use crate::store::Entry;

/// What a service file only names, read and checked by whoever starts the server.
#[derive(Debug, Clone)]
pub struct Supplies {
    /// The certificates, for the hosts of the service.
    pub certificates: Vec<Entry>,
    /// The CAs of clients, where clients show certificates.
    pub clients: ClientCas,
    /// How TLS is spoken to an upstream of `https://`. Needed where there is one.
    pub upstream_tls: Option<Arc<ClientConfig>>,
    /// What time it is, for certificates of clients, for tickets and for what is stapled.
    pub clock: Arc<dyn TimeProvider>,
    /// Who is told the secrets of every connection; `None`: nobody, as it should be.
    pub key_log: Option<Arc<dyn KeyLog>>,
    /// What a CA is shown that looks whether the hosts are served here; `None`: nothing.
    pub challenges: Option<Challenges>,
}

/// Where a CA looks by http-01 (RFC 8555, section 8.3).
const HTTP: &str = "/.well-known/acme-challenge/";

/// The protocol that a CA speaks by tls-alpn-01 (RFC 8737, section 6.2).
pub(crate) const TLS: &[u8] = b"acme-tls/1";

/// What is answered at a path, where there is something.
pub type Answer = dyn Fn(&str) -> Option<String> + Send + Sync;

/// What a CA is shown while a certificate is ordered.
#[derive(Clone)]
pub struct Challenges {
    /// What is answered to who asks for such a path in plain text, whatever the host. It is called on a thread that
    /// serves, and is quick.
    pub http: Arc<Answer>,
    /// How hands are shaken with who asks for `acme-tls/1` alone.
    pub tls: Arc<ServerConfig>,
}

impl Challenges {
    pub(crate) fn answer(&self, path: &str) -> Option<String> {
        path.starts_with(HTTP).then(|| (self.http)(path)).flatten()
    }
}

impl fmt::Debug for Challenges {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Challenges").finish_non_exhaustive()
    }
}
