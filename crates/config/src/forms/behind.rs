//! How upstreams share the load and are looked at, and who says for whom connections are made, as servers' forms
//! say it.

use super::fields;
use crate::Service;
use crate::forms::fields::Lost;
use crate::model::Balance;
use crate::network::Network;

/// Seconds that every server's time takes: milliseconds in 31 bits.
pub(super) const MAX_SECONDS: u32 = 2_000_000;

/// Seconds between two looks where none are said.
const EVERY: u32 = 10;

/// Bytes of a path that is looked at; a line of HAProxy is some two thousand (section 2.2).
const MAX_PATH: usize = 512;

/// Whether the upstream with the least to do is the next one; where there is none, that is lost.
pub(super) fn is_least_busy(service: &Service, has_targets: bool, lost: &mut Lost) -> bool {
    let is_said = service.balance == Balance::LeastBusy;
    if is_said && !has_targets {
        fields::add(lost, "balance");
    }
    is_said && has_targets
}

/// How upstreams are looked at.
pub(super) struct Look<'s> {
    /// What is asked for; `None`: to take a connection is enough.
    pub(super) path: Option<&'s str>,
    /// The host that is asked for, where it is not the upstream's own.
    pub(super) host: Option<String>,
    /// Seconds between two looks, and the longest time for one.
    pub(super) every: u32,
}

/// Whether a path is one word, and means itself in every language.
fn is_path(path: &str) -> bool {
    let is_said = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/?=&:@+,%".contains(&byte);
    path.starts_with('/') && path.len() <= MAX_PATH && path.bytes().all(is_said)
}

/// How upstreams are looked at, so far as it can be said.
pub(super) fn look<'s>(
    service: &'s Service,
    has_targets: bool,
    lost: &mut Lost,
) -> Option<Look<'s>> {
    let health = service.health.as_ref()?;
    if !has_targets {
        fields::lose(service, "health", lost);
        return None;
    }
    let path = health.path.as_deref();
    let path = path.filter(|path| service.is_http() && is_path(path));
    if path != health.path.as_deref() {
        fields::add(lost, "health.path");
    }
    let is_said = |seconds: &u32| (1..=MAX_SECONDS).contains(seconds);
    let every = health.every.filter(is_said);
    if every != health.every {
        fields::add(lost, "health.every");
    }
    // As Keyway asks: a name, as a wildcard is none.
    let mut hosts = service.host.iter().map(super::settings::ascii);
    let host = hosts.find(|host| super::settings::is_plain(host));
    Some(Look {
        path,
        host: host.map(|host| super::settings::bracketed(&host)),
        every: every.unwrap_or(EVERY),
    })
}

/// The networks whose connections begin with the PROXY protocol; what is none is left out.
pub(super) fn networks(service: &Service) -> Vec<String> {
    let said = service.proxy_protocol.from.iter();
    let networks = said.filter_map(|text| text.parse::<Network>().ok());
    networks.map(|network| network.to_string()).collect()
}
