//! What is served at an address: which certificates, and how.
//!
//! [`served_at`] asks for certificates alone, of many places; [`connect_to`] looks at all that a connection
//! shows.

mod facts;
mod handshake;
mod loaded;
mod starttls;
mod talk;
mod target;
mod timed;
mod unserved;
mod witness;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use ::aws_lc_rs::digest::{SHA256, digest};
use keyway_dns::digest::show;
use keyway_dns::verify::{Shown, Version};

use handshake::{Offer, client, shake};
use timed::Timed;
use witness::Witness;

pub(crate) use facts::{Connected, Connection, GROUPS, Manner, connect_to, shown_to};
pub(crate) use loaded::{Loaded, Unheard, loaded_at};
pub(crate) use starttls::Fault;
pub(crate) use talk::talk;
pub(crate) use target::{Target, TargetFault};
pub(crate) use unserved::Unserved;
pub(crate) use witness::Signatures;

/// Most connections that are open at a time: one thread each.
const MAX_OPEN: usize = 64;

/// What a server showed, and has the key of.
pub(crate) struct Served {
    /// Its certificates in DER, in the order in which they were sent; at least one.
    pub(crate) chain: Vec<Vec<u8>>,
    /// SHA-256 of the first, hexadecimal.
    pub(crate) sha256: String,
    /// The version of TLS that came of the handshake.
    pub(crate) version: Version,
}

impl Served {
    /// The same, as rules about addresses know it.
    pub(crate) fn shown(&self) -> Shown {
        Shown {
            certificate: self.sha256.clone(),
            version: self.version,
        }
    }
}

/// SHA-256 of a certificate, hexadecimal.
pub(crate) fn fingerprint(der: &[u8]) -> String {
    let hash = digest(&SHA256, der);
    let hash = hash.as_ref().first_chunk();
    hash.map_or_else(String::new, show)
}

/// Where to connect to, and whom to ask for there.
pub(crate) struct Place {
    /// The host, by its name or address.
    pub(crate) host: String,
    /// Where it is.
    pub(crate) address: SocketAddr,
}

/// Connects to every place, to at most [`MAX_OPEN`] at a time. `done` is called after each.
pub(crate) fn served_at(
    places: &[Place],
    timeout: Duration,
    done: &(dyn Fn() + Sync),
) -> Vec<Result<Served, Unserved>> {
    let seen = each(places, MAX_OPEN, &|place| {
        let seen = served(place, timeout);
        done();
        seen
    });
    let seen = seen.into_iter();
    seen.map(|seen| seen.unwrap_or_else(|| Err(Unserved::NoWay(String::new()))))
        .collect()
}

/// Does a work for each, for at most `most` at a time, and tells what came of it in their order; nothing where
/// the thread ended early.
fn each<T: Sync, R: Send>(
    things: &[T],
    most: usize,
    work: &(dyn Fn(&T) -> R + Sync),
) -> Vec<Option<R>> {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut seen = Vec::new();
        while let Some((number, thing)) = {
            let number = next.fetch_add(1, Ordering::Relaxed);
            things.get(number).map(|thing| (number, thing))
        } {
            seen.push((number, work(thing)));
        }
        seen
    };
    let mut seen: BTreeMap<usize, R> = thread::scope(|scope| {
        let workers =
            (1..things.len().min(most)).map(|_| thread::Builder::new().spawn_scoped(scope, work));
        let started: Vec<_> = workers.filter_map(Result::ok).collect();
        // Where no thread can be had, this one does it all.
        let own = work();
        let theirs = started.into_iter().filter_map(|worker| worker.join().ok());
        theirs.flatten().chain(own).collect()
    });
    (0..things.len())
        .map(|number| seen.remove(&number))
        .collect()
}

/// Connects, asks for a host by its name, and takes whatever certificate comes. Nothing is sent. All of it
/// takes no longer than `timeout`, twice that where a connection comes late.
fn served(place: &Place, timeout: Duration) -> Result<Served, Unserved> {
    let witness = Arc::new(Witness::new());
    let config = Offer::default().config(&witness);
    let mut client = config
        .and_then(|config| client(config, &place.host))
        .map_err(|error| Unserved::NoWay(error.to_string()))?;
    let mut socket = Timed::connect(&place.address, timeout)?;
    shake(&mut client, &mut socket, &witness, timeout)?;
    let version = handshake::version(&client);
    client.send_close_notify();
    let _ = client.complete_io(&mut socket);
    let chain = witness.chain();
    let first = chain.first().ok_or_else(Unserved::nothing)?;
    let sha256 = fingerprint(first);
    Ok(Served {
        chain,
        sha256,
        version,
    })
}
