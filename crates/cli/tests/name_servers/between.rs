//! A server in front of another one, which sees each update before that one does.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// The operation of a message, and the one that changes zones (RFC 2136, section 1.3).
const OPERATION: u8 = 0x78;
pub(crate) const UPDATE: u8 = 5 << 3;

/// A server that answers as another one does.
pub(crate) struct Between {
    /// Where it is.
    pub(crate) address: String,
    /// How many questions it was asked over UDP.
    pub(crate) asked: Arc<AtomicUsize>,
}

/// A server that hands on to the one at a port whatever it is asked, and updates where `update` has no answer to them.
pub(crate) fn between(
    port: u16,
    mut update: impl FnMut(&[u8]) -> Option<Vec<u8>> + Send + 'static,
) -> Between {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let datagrams = UdpSocket::bind(address).unwrap();
    let asked = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&asked);
    thread::spawn(move || {
        let onward = UdpSocket::bind("127.0.0.1:0").unwrap();
        let mut bytes = [0; 4096];
        while let Ok((length, from)) = datagrams.recv_from(&mut bytes) {
            counted.fetch_add(1, Ordering::SeqCst);
            let to = ("127.0.0.1", port);
            onward.send_to(&bytes[..length], to).unwrap();
            let length = onward.recv(&mut bytes).unwrap();
            datagrams.send_to(&bytes[..length], from).unwrap();
        }
    });
    thread::spawn(move || {
        for client in listener.incoming() {
            let mut client = client.unwrap();
            let message = one(&mut client);
            let is_update = message[2] & OPERATION == UPDATE;
            let own = is_update.then(|| update(&message)).flatten();
            let answer = own.unwrap_or_else(|| handed_on(port, &message));
            client.write_all(&framed(&answer)).unwrap();
        }
    });
    Between {
        address: address.to_string(),
        asked,
    }
}

/// What a server answers to a message.
pub(crate) fn handed_on(port: u16, message: &[u8]) -> Vec<u8> {
    let mut onward = TcpStream::connect(("127.0.0.1", port)).unwrap();
    onward.write_all(&framed(message)).unwrap();
    one(&mut onward)
}

fn framed(message: &[u8]) -> Vec<u8> {
    let length = u16::try_from(message.len()).unwrap();
    [&length.to_be_bytes()[..], message].concat()
}

fn one(stream: &mut TcpStream) -> Vec<u8> {
    let mut length = [0; 2];
    stream.read_exact(&mut length).unwrap();
    let mut message = vec![0; usize::from(u16::from_be_bytes(length))];
    stream.read_exact(&mut message).unwrap();
    message
}
