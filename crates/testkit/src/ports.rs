//! Ports for servers that have to be told theirs before they start.

use std::fs::{self, File};
use std::net::{Ipv4Addr, TcpListener, UdpSocket};
use std::ops::Range;
use std::path::Path;
use std::process;
use std::sync::{Mutex, PoisonError};

/// Below what Linux and the BSDs give to connections and to sockets that ask for port 0, so that neither of them
/// takes a port between here and the start of the server (Linux: `net.ipv4.ip_local_port_range` from 32768, RFC 6335
/// section 6 from 49152).
const RANGE: Range<u16> = 20_000..32_000;

/// The locks of the ports that this process has: they are given back as it ends.
static LOCKS: Mutex<Vec<File>> = Mutex::new(Vec::new());

/// A port of loopback, over TCP and UDP, that no other test gets before this process ends, in whichever process it
/// runs. Nobody listens at it.
///
/// Who asks the system for port 0 instead, closes the socket and tells a server the number, loses it now and then to
/// a connection or to another test.
pub fn own_port() -> u16 {
    let folder = std::env::temp_dir().join("keyway-test-ports");
    fs::create_dir_all(&folder).expect("a folder for the locks of ports");
    let mut locks = LOCKS.lock().unwrap_or_else(PoisonError::into_inner);
    // Each process begins elsewhere, so that they seldom look at each other's.
    let begin = process::id() as usize * 37 % RANGE.len();
    let mut ports = RANGE.cycle().skip(begin).take(RANGE.len());
    let (port, lock) = ports
        .find_map(|port| Some((port, lock(&folder, port)?)))
        .expect("a port that is nobody's");
    locks.push(lock);
    port
}

fn lock(folder: &Path, port: u16) -> Option<File> {
    let lock = File::create(folder.join(port.to_string())).ok()?;
    lock.try_lock().ok()?;
    // Servers that outlived their test, and whatever else this machine does.
    let everywhere = (Ipv4Addr::UNSPECIFIED, port);
    let is_free = TcpListener::bind(everywhere).is_ok() && UdpSocket::bind(everywhere).is_ok();
    is_free.then_some(lock)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_is_given_once_and_can_be_bound() {
        let mut ports: Vec<_> = (0..50).map(|_| own_port()).collect();
        for port in &ports {
            TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).expect("a free port");
        }
        ports.sort_unstable();
        ports.dedup();
        assert_eq!(ports.len(), 50);
    }

    #[test]
    fn a_port_that_somebody_else_has_locked_or_bound_is_left_to_them() {
        let folder = tempfile::tempdir().expect("a folder");
        let port = own_port();
        let held = lock(folder.path(), port).expect("it is nobody's in here");
        assert!(lock(folder.path(), port).is_none(), "locked");
        drop(held);
        let bound = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).expect("a free port");
        assert!(lock(folder.path(), port).is_none(), "bound");
        drop(bound);
        assert!(lock(folder.path(), port).is_some());
    }
}
