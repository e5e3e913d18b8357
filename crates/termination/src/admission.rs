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
    /// Connections by address. Kept while a limit holds.
    by_address: Counts,
    /// Handshakes by address.
    shaking: Counts,
}

/// How many there are of each address, of IPv6 of each /64, which one customer commonly has whole.
#[derive(Debug, Default)]
struct Counts(Mutex<HashMap<IpAddr, u32>>);

impl Counts {
    fn all(&self) -> std::sync::MutexGuard<'_, HashMap<IpAddr, u32>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One more, unless there are so many. Gives the address that it counts for.
    fn add(&self, peer: IpAddr, most: u32) -> Option<IpAddr> {
        let address = neighbourhood(peer);
        let mut all = self.all();
        let count = all.entry(address).or_default();
        if *count >= most {
            return None;
        }
        *count += 1;
        Some(address)
    }

    /// One less.
    fn take(&self, address: IpAddr) {
        let mut all = self.all();
        if let Some(count) = all.get_mut(&address) {
            *count -= 1;
            if *count == 0 {
                all.remove(&address);
            }
        }
    }
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
pub(crate) struct Handshaking {
    admission: Arc<Admission>,
    address: IpAddr,
}

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

    /// Lets a handshake begin. One address has half of them at most, so that nobody who begins many and says
    /// nothing keeps all others out.
    pub(crate) fn shake(
        self: &Arc<Self>,
        peer: IpAddr,
        bounds: &Bounds,
    ) -> Result<Handshaking, Full> {
        let share = bounds.handshakes.div_ceil(2);
        let address = self.shaking.add(peer, share).ok_or(Full::Handshakes)?;
        let most = at_most(bounds.handshakes);
        if self.handshakes.fetch_add(1, Ordering::Relaxed) >= most {
            self.handshakes.fetch_sub(1, Ordering::Relaxed);
            self.shaking.take(address);
            return Err(Full::Handshakes);
        }
        Ok(Handshaking {
            admission: Arc::clone(self),
            address,
        })
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
}

impl Place {
    /// Counts it for who it is for, or says that there are as many as may be.
    pub(crate) fn count(&mut self, peer: IpAddr, bounds: &Bounds) -> Result<(), Full> {
        let Some(most) = bounds.connections_per_address else {
            return Ok(());
        };
        let counted = self.admission.by_address.add(peer, most);
        self.address = Some(counted.ok_or(Full::Address)?);
        Ok(())
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.admission.connections.fetch_sub(1, Ordering::Relaxed);
        if let Some(address) = self.address {
            self.admission.by_address.take(address);
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
        self.admission.handshakes.fetch_sub(1, Ordering::Relaxed);
        self.admission.shaking.take(self.address);
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
        assert!(admission.by_address.all().is_empty());
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
        let peer = "192.0.2.1".parse().unwrap();
        let first = admission.shake(peer, &bounds()).unwrap();
        let other = "192.0.2.2".parse().unwrap();
        let second = admission.shake(other, &bounds());
        assert_eq!(second.unwrap_err(), Full::Handshakes);
        drop(first);
        admission.shake(other, &bounds()).unwrap();
        assert!(admission.shaking.all().is_empty());
    }

    #[test]
    fn one_address_leaves_half_of_the_handshakes_to_others() {
        let admission = Arc::new(Admission::default());
        let bounds = Bounds {
            handshakes: 4,
            ..bounds()
        };
        let shake = |address: &str| admission.shake(address.parse().unwrap(), &bounds);
        let many: Vec<_> = (0..9).map(|_| shake("192.0.2.1")).collect();
        assert_eq!(many.iter().filter(|one| one.is_ok()).count(), 2);
        let others = [shake("192.0.2.2").unwrap(), shake("2001:db8::1").unwrap()];
        assert_eq!(shake("192.0.2.3").unwrap_err(), Full::Handshakes);
        drop(others);
        shake("192.0.2.3").unwrap();
    }
}
