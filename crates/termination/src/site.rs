//! A service, ready to serve.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use http::HeaderValue;
use keyway_chain::x509::Certificate;
use keyway_config::Service;
use keyway_config::model::{ClientMode, Hsts, Mode, Status, Timeouts};
use rustls::ServerConfig;
use rustls::server::{ProducesTickets, VerifierBuilderError};
use rustls::time_provider::TimeProvider;

use crate::protocol::{ClientCas, Terms};
use crate::proxy::Proxy;
use crate::store::{Asked, CertificateStore, Entry, Resolver};
use crate::supplies::{Challenges, Supplies};
use crate::upstream::{Balance, Look, Target, UpstreamTls};

/// Why a service cannot be served.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SiteError {
    /// An address to listen on that is none, or has no port. It is not escaped.
    #[error("`listen` {0} is no address with a port; 0.0.0.0:443, [::]:443 and the like are")]
    Listen(String),
    /// A network whose connections begin with a header, and that is none. It is not escaped.
    #[error("`proxy_protocol.from` {0} is no network; 10.0.0.0/8 and the like are")]
    Network(String),
    /// Nothing is behind it.
    #[error("`upstream` names nothing to pass requests on to")]
    NoUpstream,
    /// An upstream that is none. It is not escaped.
    #[error("`upstream` {0} is nothing that can be connected to in this mode")]
    Upstream(String),
    /// An upstream of `https://`, and nobody to trust.
    #[error("`upstream` {0} speaks TLS, and no CAs were given to judge its certificate by")]
    NoUpstreamTrust(String),
    /// TLS without a certificate.
    #[error("TLS is on, and there is no certificate")]
    NoCertificate,
    /// No version of TLS is left.
    #[error(
        "no version of TLS that `tls.profile` has lies between `tls.min_version` and `tls.max_version`"
    )]
    NoVersion,
    /// rustls does not take the settings.
    #[error("TLS cannot be set up: {0}")]
    Tls(rustls::Error),
    /// A CA of clients that is none.
    #[error("a CA of `tls.client.ca` cannot be used: {0}")]
    ClientCa(rustls::Error),
    /// No CA of clients, or a list that cannot be read.
    #[error("certificates of clients cannot be judged: {0}")]
    Clients(VerifierBuilderError),
    /// No keys for tickets could be made.
    #[error("no keys for session tickets could be made: {0}")]
    Tickets(rustls::Error),
}

/// One service as it is served. What it says holds for every connection that comes, and for every request on
/// connections that are there.
#[derive(Debug)]
pub struct Site {
    pub(crate) mode: Mode,
    /// The names and addresses of the service; empty where any are taken.
    hosts: Vec<String>,
    tls: Option<TlsSite>,
    pub(crate) upstreams: Balance,
    pub(crate) times: Times,
    pub(crate) bounds: Bounds,
    pub(crate) hsts: Option<HeaderValue>,
    pub(crate) upstream_tls: Option<UpstreamTls>,
    pub(crate) policy: Arc<Policy>,
    pub(crate) look: Option<Look>,
    pub(crate) proxy: Proxy,
    clock: Arc<dyn TimeProvider>,
    pub(crate) challenges: Option<Challenges>,
}

/// Who is let in. It is looked at when a connection comes; whoever came under another one comes anew.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Policy {
    is_tls: bool,
    mode: ClientMode,
    cas: ClientCas,
}

#[derive(Debug)]
struct TlsSite {
    store: Arc<CertificateStore>,
    config: Arc<ServerConfig>,
    /// For clients that give no name: by the address of the service that they came to.
    by_address: HashMap<IpAddr, Arc<ServerConfig>>,
}

/// Time limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Times {
    pub(crate) handshake: Duration,
    pub(crate) header: Duration,
    pub(crate) body: Duration,
    pub(crate) idle: Duration,
    pub(crate) connect: Duration,
    pub(crate) drain: Duration,
}

impl From<&Timeouts> for Times {
    fn from(given: &Timeouts) -> Self {
        let seconds = |given: Option<u32>, or| Duration::from_secs(given.unwrap_or(or).into());
        Self {
            handshake: seconds(given.handshake, 10),
            header: seconds(given.header, 30),
            body: seconds(given.body, 20),
            idle: seconds(given.idle, 75),
            connect: seconds(given.connect, 5),
            drain: seconds(given.drain, 30),
        }
    }
}

/// Limits of other kinds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Bounds {
    pub(crate) connections: Option<u32>,
    pub(crate) connections_per_address: Option<u32>,
    pub(crate) handshakes: u32,
    pub(crate) header_bytes: u32,
    pub(crate) body_bytes: Option<u64>,
    /// Bytes that earn a second; 0: bodies have all the time that they like.
    pub(crate) body_rate: u32,
}

impl Site {
    /// A service with what it needs. `tickets` outlive it: what a client was given by the site before is good
    /// here, too.
    ///
    /// # Errors
    /// [`SiteError`]: what of the service cannot be served.
    pub fn new(
        service: &Service,
        supplies: &Supplies,
        tickets: &Arc<dyn ProducesTickets>,
    ) -> Result<Self, SiteError> {
        let targets: Result<Vec<Target>, SiteError> = service
            .upstream
            .iter()
            .map(|text| Target::parse(text, service.mode))
            .collect();
        let targets = targets?;
        if targets.is_empty() {
            return Err(SiteError::NoUpstream);
        }
        if supplies.upstream_tls.is_none()
            && let Some(target) = targets.iter().find(|target| target.is_tls())
        {
            return Err(SiteError::NoUpstreamTrust(target.to_string()));
        }
        let tls = match service.status() {
            Status::Disabled => None,
            Status::Auto | Status::Enabled => Some(TlsSite::new(service, supplies, tickets)?),
        };
        let is_tls = tls.is_some();
        let limits = &service.limits;
        let hsts = service.tls.hsts.as_ref().filter(|_| tls.is_some());
        Ok(Self {
            mode: service.mode,
            hosts: hosts(service, &supplies.certificates),
            tls,
            upstreams: Balance::new(targets, service.balance),
            times: Times::from(&service.timeouts),
            bounds: Bounds {
                connections: limits.connections,
                connections_per_address: limits.connections_per_address,
                handshakes: limits.handshakes.unwrap_or(1024),
                header_bytes: limits.header_bytes.unwrap_or(65_536),
                body_bytes: limits.body_bytes,
                // As Apache's mod_reqtimeout has it by default: 20 seconds, and one for each 500 bytes.
                body_rate: limits.body_rate.unwrap_or(500),
            },
            hsts: hsts.map(header),
            upstream_tls: supplies.upstream_tls.clone().map(UpstreamTls::new),
            policy: Arc::new(Policy {
                is_tls,
                mode: service.tls.client.mode,
                cas: supplies.clients.clone(),
            }),
            look: service.health.as_ref().map(|health| Look {
                path: health.path.clone(),
                every: Duration::from_secs(health.every.unwrap_or(10).max(1).into()),
                host: service
                    .host
                    .iter()
                    .find(|host| !host.contains('*'))
                    .map(str::to_owned),
            }),
            proxy: Proxy::new(service)?,
            clock: Arc::clone(&supplies.clock),
            challenges: supplies.challenges.clone(),
        })
    }

    /// The same, with what is known of upstreams that the one before had, too.
    pub(crate) fn after(mut self, before: &Self) -> Self {
        self.upstreams = self.upstreams.after(&before.upstreams);
        if self.look.is_none() {
            // Nobody would find it up again.
            for upstream in self.upstreams.all() {
                upstream.set_down(false);
            }
        }
        self
    }

    /// Its certificates: they can be swapped alone. `None` where TLS is off.
    pub fn store(&self) -> Option<&Arc<CertificateStore>> {
        self.tls.as_ref().map(|tls| &tls.store)
    }

    /// How rustls answers a client that asked so; `None`: nobody of that name is here.
    pub fn config(&self, asked: Asked<'_>) -> Option<&Arc<ServerConfig>> {
        let tls = self.tls.as_ref()?;
        if !tls.store.holds(asked) {
            return None;
        }
        match asked {
            Asked::Name(_) => Some(&tls.config),
            Asked::Address(address) => {
                let own = tls.by_address.get(&address.to_canonical());
                own.or(Some(&tls.config))
            }
        }
    }

    /// Whether a connection that came under this policy would be let in the same way now.
    pub(crate) fn lets_in_as(&self, policy: &Arc<Policy>) -> bool {
        Arc::ptr_eq(&self.policy, policy) || self.policy == *policy
    }

    /// Whether clients are let in whoever they are.
    pub(crate) fn asks_nobody(&self) -> bool {
        self.policy.mode == ClientMode::None
    }

    /// Whether a client's certificate has not ended. A ticket outlives the look that was taken at it first.
    pub(crate) fn is_current(&self, certificate: &[u8]) -> bool {
        let end = Certificate::read(certificate).map(|certificate| certificate.not_after);
        let now = self.clock.current_time().map(|now| now.as_secs());
        match (end, now.map(i64::try_from)) {
            (Ok(end), Some(Ok(now))) => now <= end.seconds(),
            _ => false,
        }
    }

    /// Whether TLS is spoken.
    pub(crate) fn is_tls(&self) -> bool {
        self.tls.is_some()
    }

    /// Whether a request for this host, without port, is one for this service.
    pub(crate) fn is_for(&self, host: &str) -> bool {
        if self.hosts.is_empty() {
            return true;
        }
        let host = bare(host);
        let covers = |known: &String| match known.strip_prefix("*.") {
            Some(base) => {
                let parts = host.split_once('.');
                parts.is_some_and(|(label, rest)| {
                    !label.is_empty() && rest.eq_ignore_ascii_case(base)
                })
            }
            None => known.eq_ignore_ascii_case(host),
        };
        self.hosts.iter().any(covers)
    }
}

/// The hosts that are asked for: those of the service, and those that have certificates of their own. A service that
/// names none takes any, and so does one that shows its certificate to strangers.
fn hosts(service: &Service, certificates: &[Entry]) -> Vec<String> {
    if service.tls.default_certificate {
        return Vec::new();
    }
    let mut hosts: Vec<String> = service.host.iter().map(known_as).collect();
    if !hosts.is_empty() {
        hosts.extend(certificates.iter().flat_map(Entry::host_names));
    }
    hosts
}

/// A host as it is compared: in A-labels and lower case, without the root's dot and without brackets.
fn known_as(host: &str) -> String {
    keyway_config::ascii_host(bare(host)).to_ascii_lowercase()
}

fn bare(host: &str) -> &str {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    bare.strip_suffix('.').unwrap_or(bare)
}

/// As it is sent (RFC 6797, section 6.1).
fn header(hsts: &Hsts) -> HeaderValue {
    let below = if hsts.include_subdomains {
        "; includeSubDomains"
    } else {
        ""
    };
    let preload = if hsts.preload { "; preload" } else { "" };
    let text = format!("max-age={}{below}{preload}", hsts.max_age);
    // Digits and fixed words: always a value of a header.
    HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static("max-age=0"))
}

impl TlsSite {
    fn new(
        service: &Service,
        supplies: &Supplies,
        tickets: &Arc<dyn ProducesTickets>,
    ) -> Result<Self, SiteError> {
        if supplies.certificates.is_empty() {
            return Err(SiteError::NoCertificate);
        }
        let protocols = service.offered_protocols();
        let terms = Terms::new(
            &service.tls,
            &protocols,
            &supplies.clients,
            Arc::clone(tickets),
            Arc::clone(&supplies.clock),
            supplies.key_log.clone(),
        )?;
        let store = CertificateStore::new(&supplies.certificates);
        let store = Arc::new(if service.tls.default_certificate {
            store.with_default()
        } else {
            store
        });
        let serve = |address: Option<IpAddr>| {
            let clock = Arc::clone(&supplies.clock);
            terms.server(Arc::new(Resolver::new(Arc::clone(&store), address, clock)))
        };
        let addresses = supplies.certificates.iter().flat_map(Entry::addresses);
        let by_address: Result<HashMap<IpAddr, Arc<ServerConfig>>, SiteError> = addresses
            .map(|address| Ok((address, serve(Some(address))?)))
            .collect();
        Ok(Self {
            config: serve(None)?,
            by_address: by_address?,
            store,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hsts_is_written_as_the_standard_has_it() {
        let hsts = Hsts {
            max_age: 63_072_000,
            include_subdomains: true,
            preload: true,
        };
        assert_eq!(
            header(&hsts),
            "max-age=63072000; includeSubDomains; preload"
        );
    }

    #[test]
    fn hosts_are_compared_without_case_brackets_and_the_last_dot() {
        assert_eq!(known_as("WWW.Example.com."), "www.example.com");
        assert_eq!(known_as("[::1]"), "::1");
        assert_eq!(known_as("*.Bücher.example"), "*.xn--bcher-kva.example");
    }
}
