//! `keyway config prove`: what of a service file is seen by who connects.

mod proofs;
mod requests;
mod stand_in;

use std::net::{Ipv4Addr, SocketAddr};
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::{Arc, Mutex};

use keyway_config::Service;
use keyway_config::model::{ClientMode, Listed, Mode, ProxyProtocol};
use keyway_termination::observe::Silent;
use keyway_termination::{Listener, Role, Server, Site};
use serde::Serialize;

use super::leaves::Leaf;
use super::load::{Loaded, Loader, Refused};
use super::origin::Origin;
use crate::arguments::{ListFormat, TrustArguments};
use crate::failure::{Failure, ServeFault};
use crate::formats::json;
use crate::terminal::{self, Exit, Look};
use crate::voice;
use stand_in::StandIn;

/// A setting, what is said of it, and what was seen.
#[derive(Debug, Serialize)]
pub(crate) struct Proof {
    /// The field, or the fields, of the service file.
    pub(crate) setting: String,
    /// What has to be seen.
    pub(crate) said: String,
    /// What was seen.
    pub(crate) seen: String,
    /// Whether the two are the same.
    pub(crate) holds: bool,
}

impl Proof {
    /// What is to be seen of a setting that is seen nowhere.
    pub(crate) const EFFECT: &str = "an effect";

    fn new(setting: impl Into<String>, said: impl Into<String>, seen: impl Into<String>) -> Self {
        let (said, seen) = (said.into(), seen.into());
        Self {
            setting: setting.into(),
            holds: said == seen,
            said,
            seen,
        }
    }
}

/// Serves, looks, and tells.
pub(crate) fn run(
    path: &Path,
    trust: &TrustArguments,
    format: ListFormat,
    look: Look,
) -> Result<Exit, Failure> {
    let behind = StandIn::start().map_err(ServeFault::System)?;
    let mut loader = Loader::new(Origin::File(path.to_path_buf()), trust, look);
    let stage = match Stage::set(&mut loader, &behind) {
        Ok(stage) => stage,
        Err(refused) => return refused.told(),
    };
    let proofs = proofs::all(&stage);
    let open = proofs::not_looked_at(&stage.service);
    terminal::print(&match format {
        ListFormat::Text => voice::proof::proofs(path, &proofs, &open, look),
        ListFormat::Json => {
            let answer = serde_json::json!({"proofs": proofs, "not_looked_at": open});
            json::ended(serde_json::to_string_pretty(&answer))
        }
    })?;
    Ok(if proofs.iter().all(|proof| proof.holds) {
        Exit::Clean
    } else {
        Exit::Findings
    })
}

/// The service as its file says it, served on loopback, and the same with every client let in, so that all else
/// can be seen.
struct Stage {
    service: Service,
    leaves: Vec<Leaf>,
    /// Settings without effect, and why.
    idle: Vec<(String, String)>,
    /// Lets every client in.
    open: Served,
    /// Asks clients for certificates, where the file says so.
    closed: Option<Served>,
    /// Lets as many in as the file says, where it does: whoever looks at all else is one after the other, and the
    /// next may come before the last has gone.
    limited: Option<Served>,
    /// Another site of the same service, to put in the place of the first.
    next: Mutex<Option<Site>>,
    /// What port 80 answers, where it is listened on.
    redirect: Option<SocketAddr>,
}

struct Served {
    server: Server,
    address: SocketAddr,
}

impl Served {
    fn start(site: Site) -> Result<Self, Failure> {
        let threads = NonZeroUsize::MIN;
        let server = Server::start(site, &[], threads, Arc::new(Silent));
        let mut server = server.map_err(ServeFault::System)?;
        let address = listen(&mut server, Role::Service)?;
        Ok(Self { server, address })
    }
}

fn listen(server: &mut Server, role: Role) -> Result<SocketAddr, Failure> {
    let address = (Ipv4Addr::LOCALHOST, 0).into();
    let bound = server.listen(Listener { address, role });
    bound.map_err(|source| ServeFault::Bind { address, source }.into())
}

impl Stage {
    fn set(loader: &mut Loader<'_>, behind: &StandIn) -> Result<Self, Refused> {
        let before_stand_in = |service: &mut Service| {
            let upstream = match service.mode {
                Mode::Http => format!("http://{}", behind.address),
                Mode::Tcp => behind.address.to_string(),
            };
            // Where there is none, there is nothing to stand in for.
            if !service.upstream.is_empty() {
                service.upstream = Listed(vec![upstream]);
            }
            // Nobody stands between, and what is behind is no business of this.
            service.proxy_protocol = ProxyProtocol::default();
            service.health = None;
        };
        let without_limits = |service: &mut Service| {
            before_stand_in(service);
            let limits = &mut service.limits;
            limits.connections = None;
            limits.connections_per_address = None;
            limits.handshakes = None;
        };
        let let_in = |service: &mut Service| {
            without_limits(service);
            service.tls.client.mode = ClientMode::None;
            // Nobody waits for the whole time; that it is one is seen.
            service.timeouts.body = Some(1);
        };
        let as_said = loader.load_as(without_limits)?;
        as_said.tell();
        let open = loader.load_as(let_in)?;
        let next = loader.load_as(let_in)?.site;
        let limits = &as_said.service.limits;
        let is_limited = limits.connections.is_some()
            || limits.connections_per_address.is_some()
            || limits.handshakes.is_some();
        let limited = is_limited.then(|| {
            loader.load_as(|service| {
                before_stand_in(service);
                service.tls.client.mode = ClientMode::None;
            })
        });
        let limited = limited.transpose()?;
        let limited = limited.map(|limited| Served::start(limited.site));
        let Loaded {
            site,
            service,
            leaves,
            listeners,
            idle,
            ..
        } = as_said;
        let asks = service.tls.client.mode != ClientMode::None;
        let closed = asks.then(|| Served::start(site)).transpose()?;
        let mut open = Served::start(open.site)?;
        let mut roles = listeners.iter().map(|listener| listener.role);
        let redirect = roles
            .find(|role| matches!(role, Role::Redirect { .. }))
            .map(|role| listen(&mut open.server, role))
            .transpose()?;
        Ok(Self {
            service,
            leaves,
            idle,
            open,
            closed,
            limited: limited.transpose()?,
            next: Mutex::new(Some(next)),
            redirect,
        })
    }
}
