//! How many are let in.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crate::site::Bounds;

/// Who is in, of all threads.
#[derive(Debug, Default)]
pub(crate) struct Admission {
    connections: AtomicUsize,
    handshakes: AtomicUsize,
    /// Sockets that connections are taken from.
    listening: AtomicUsize,
    /// By address, IPv6 by its /64, which one customer commonly has whole. Kept while a limit holds.
    by_address: Mutex<HashMap<IpAddr, u32>>,
}

/// Why a connection is turned away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Full {
    Connections,
    Address,
    Handshakes,
}

/// A place for one connection, until it is dropped.
#[derive(Debug)]
pub(crate) struct Place {
    admission: Arc<Admission>,
    address: Option<IpAddr>,
}

/// A socket that connections are taken from, until it is dropped.
#[derive(Debug)]
pub(crate) struct Listening(Arc<Admission>);

/// A place for one handshake, until it is dropped.
#[derive(Debug)]
pub(crate) struct Handshaking(Arc<Admission>);

impl Admission {
    /// Lets a connection in, or says why not.
    pub(crate) fn enter(self: &Arc<Self>, bounds: &Bounds) -> Result<Place, Full> {
        let most = bounds.connections.map_or(usize::MAX, at_most);
        if self.connections.fetch_add(1, Ordering::Relaxed) >= most {
            self.connections.fetch_sub(1, Ordering::Relaxed);
            return Err(Full::Connections);
        }
        Ok(Place {
            admission: Arc::clone(self),
            address: None,
        })
    }

    /// Lets a handshake begin.
    pub(crate) fn shake(self: &Arc<Self>, bounds: &Bounds) -> Result<Handshaking, Full> {
        let most = at_most(bounds.handshakes);
        if self.handshakes.fetch_add(1, Ordering::Relaxed) >= most {
            self.handshakes.fetch_sub(1, Ordering::Relaxed);
            return Err(Full::Handshakes);
        }
        Ok(Handshaking(Arc::clone(self)))
    }

    /// Notes that connections are taken from a socket.
    pub(crate) fn listen(self: &Arc<Self>) -> Listening {
        self.listening.fetch_add(1, Ordering::Relaxed);
        Listening(Arc::clone(self))
    }

    /// Whether connections are taken from any socket.
    pub(crate) fn is_listening(&self) -> bool {
        self.listening.load(Ordering::Relaxed) > 0
    }

    /// Connections that are open.
    pub(crate) fn open(&self) -> usize {
        self.connections.load(Ordering::Relaxed)
    }

    fn counts(&self) -> std::sync::MutexGuard<'_, HashMap<IpAddr, u32>> {
        self.by_address
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Place {
    /// Counts it for who it is for, or says that there are as many as may be.
    pub(crate) fn count(&mut self, peer: IpAddr, bounds: &Bounds) -> Result<(), Full> {
        let Some(most) = bounds.connections_per_address else {
            return Ok(());
        };
        let address = neighbourhood(peer);
        let mut counts = self.admission.counts();
        let count = counts.entry(address).or_default();
        if *count >= most {
            return Err(Full::Address);
        }
        *count += 1;
        drop(counts);
        self.address = Some(address);
        Ok(())
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.admission.connections.fetch_sub(1, Ordering::Relaxed);
        if let Some(address) = self.address {
            let mut counts = self.admission.counts();
            if let Some(count) = counts.get_mut(&address) {
                *count -= 1;
                if *count == 0 {
                    counts.remove(&address);
                }
            }
        }
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.0.listening.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Drop for Handshaking {
    fn drop(&mut self) {
        self.0.handshakes.fetch_sub(1, Ordering::Relaxed);
    }
}

fn at_most(limit: u32) -> usize {
    usize::try_from(limit).unwrap_or(usize::MAX)
}

/// The address that stands for all of one customer's.
fn neighbourhood(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let network = u128::from(address) >> 64 << 64;
            IpAddr::V6(network.into())
        }
        v4 @ IpAddr::V4(_) => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bounds() -> Bounds {
        Bounds {
            connections: Some(2),
            connections_per_address: Some(1),
            handshakes: 1,
            header_bytes: 0,
            body_bytes: None,
            body_rate: 0,
        }
    }

    fn enter(admission: &Arc<Admission>, address: &str) -> Result<Place, Full> {
        let mut place = admission.enter(&bounds())?;
        place.count(address.parse().unwrap(), &bounds())?;
        Ok(place)
    }

    #[test]
    fn one_address_has_its_share_and_others_theirs() {
        let admission = Arc::new(Admission::default());
        let first = enter(&admission, "192.0.2.1").unwrap();
        let again = enter(&admission, "192.0.2.1");
        assert_eq!(again.unwrap_err(), Full::Address);
        let other = enter(&admission, "192.0.2.2").unwrap();
        let third = enter(&admission, "192.0.2.3");
        assert_eq!(third.unwrap_err(), Full::Connections);
        drop(first);
        enter(&admission, "192.0.2.1").unwrap();
        drop(other);
        assert_eq!(admission.open(), 0);
        assert!(admission.counts().is_empty());
    }

    #[test]
    fn addresses_of_one_ipv6_network_count_together() {
        let admission = Arc::new(Admission::default());
        let _first = enter(&admission, "2001:db8::1").unwrap();
        let near = enter(&admission, "2001:db8::ffff");
        assert_eq!(near.unwrap_err(), Full::Address);
        enter(&admission, "2001:db8:0:1::1").unwrap();
    }

    #[test]
    fn handshakes_have_a_limit_of_their_own() {
        let admission = Arc::new(Admission::default());
        let first = admission.shake(&bounds()).unwrap();
        assert_eq!(admission.shake(&bounds()).unwrap_err(), Full::Handshakes);
        drop(first);
        admission.shake(&bounds()).unwrap();
    }
}
