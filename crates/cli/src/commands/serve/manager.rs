//! The manager of services that started the server, where there is one: systemd's words (sd_notify(3)) and sockets
//! (sd_listen_fds(3)).

use std::collections::BTreeMap;
use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

use listenfd::ListenFd;
use tokio::time::{Interval, MissedTickBehavior, interval};

/// Between two words for the watchdog, at least: nobody means less.
const LEAST: Duration = Duration::from_millis(1);

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

/// Tells the manager again and again that somebody is there, where it wants to hear that (`WatchdogSec=`).
pub(super) struct Watchdog(Option<Interval>);

impl Watchdog {
    /// What the environment asks for. Needs a runtime around it.
    pub(super) fn of_environment() -> Self {
        Self(words::patience().map(|patience| {
            // Half of it, as sd_watchdog_enabled(3) has it.
            let mut turns = interval((patience / 2).max(LEAST));
            turns.set_missed_tick_behavior(MissedTickBehavior::Delay);
            turns
        }))
    }

    /// Waits until it is time, and tells; for ever where nobody listens.
    pub(super) async fn tell(&mut self) {
        match &mut self.0 {
            Some(turns) => {
                turns.tick().await;
                words::alive();
            }
            None => std::future::pending().await,
        }
    }
}

#[cfg(target_os = "linux")]
mod words {
    use std::time::Duration;

    use sd_notify::{NotifyState, notify, watchdog_enabled};

    /// How long the manager waits for a word, before it starts the server anew.
    pub(super) fn patience() -> Option<Duration> {
        watchdog_enabled().filter(|patience| !patience.is_zero())
    }

    pub(super) fn alive() {
        say(&[NotifyState::Watchdog]);
    }

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
    pub(super) fn patience() -> Option<std::time::Duration> {
        None
    }

    pub(super) fn alive() {}
    pub(in super::super) fn ready(_: &str) {}
    pub(in super::super) fn reloading() {}
    pub(in super::super) fn stopping() {}
}

pub(super) use words::{ready, reloading, stopping};
