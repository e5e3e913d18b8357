//! The manager of services that started the server, where there is one: systemd's words (sd_notify(3)) and sockets
//! (sd_listen_fds(3)).

use std::collections::BTreeMap;
use std::net::{SocketAddr, TcpListener};

use listenfd::ListenFd;

/// Sockets that were handed over, by the address that they listen at. Those that are no TCP sockets are told.
pub(super) struct HandedOver {
    sockets: BTreeMap<SocketAddr, TcpListener>,
    /// How many are of another kind.
    pub(super) others: usize,
}

impl HandedOver {
    /// Takes all of them from the environment, once: nobody that is started from here gets them.
    pub(super) fn take() -> Self {
        let mut given = ListenFd::from_env();
        let mut handed = Self {
            sockets: BTreeMap::new(),
            others: 0,
        };
        for index in 0..given.len() {
            let socket = given.take_tcp_listener(index).ok().flatten();
            let placed = socket.and_then(|socket| Some((socket.local_addr().ok()?, socket)));
            match placed {
                Some((address, socket)) => {
                    handed.sockets.insert(address, socket);
                }
                None => handed.others += 1,
            }
        }
        handed
    }

    /// The one that listens at an address.
    pub(super) fn at(&self, address: SocketAddr) -> Option<&TcpListener> {
        self.sockets.get(&address)
    }

    /// Where they listen.
    pub(super) fn addresses(&self) -> impl Iterator<Item = &SocketAddr> {
        self.sockets.keys()
    }
}

#[cfg(target_os = "linux")]
mod words {
    use sd_notify::{NotifyState, notify};

    /// Whoever is not asked for words hears none, and what the manager does not hear changes nothing here.
    fn say(words: &[NotifyState<'_>]) {
        drop(notify(words));
    }

    pub(in super::super) fn ready(status: &str) {
        say(&[NotifyState::Ready, NotifyState::Status(status)]);
    }

    pub(in super::super) fn reloading() {
        if let Ok(now) = NotifyState::monotonic_usec_now() {
            say(&[NotifyState::Reloading, now]);
        }
    }

    pub(in super::super) fn stopping() {
        say(&[NotifyState::Stopping]);
    }
}

#[cfg(not(target_os = "linux"))]
mod words {
    pub(in super::super) fn ready(_: &str) {}
    pub(in super::super) fn reloading() {}
    pub(in super::super) fn stopping() {}
}

pub(super) use words::{ready, reloading, stopping};
