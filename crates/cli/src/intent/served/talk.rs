//! A few words over TLS.

use std::io::{ErrorKind, Read as _, Write as _};
use std::sync::Arc;
use std::time::Duration;

use rustls::Stream;

use super::handshake::{Offer, client, shake};
use super::timed::Timed;
use super::witness::Witness;
use super::{Place, Unserved};

/// Most bytes that are listened to.
const MOST: usize = 64 * 1024;

/// Shakes hands at a place, says one thing after the other, and listens after each until `is_enough`, or to the end.
pub(crate) fn talk(
    place: &Place,
    words: &[&[u8]],
    is_enough: impl Fn(usize, &[u8]) -> bool,
    timeout: Duration,
) -> Result<Vec<u8>, Unserved> {
    let witness = Arc::new(Witness::new());
    // Who offers no protocol speaks HTTP/1.1 where HTTP is spoken, and anything else elsewhere.
    let offer = Offer::default();
    let no_way = |error: rustls::Error| Unserved::NoWay(error.to_string());
    let config = offer.config(&witness).map_err(no_way)?;
    let mut client = client(config, &place.host).map_err(no_way)?;
    let mut socket = Timed::connect(&place.address, timeout)?;
    shake(&mut client, &mut socket, &witness, timeout)?;
    let mut stream = Stream::new(&mut client, &mut socket);
    let mut heard = Vec::new();
    for (number, words) in words.iter().enumerate() {
        // Whoever refuses what comes may hang up before all of it came, and what it said before is there.
        drop(stream.write_all(words));
        let mut part = [0; 4096];
        while !is_enough(number, &heard) && heard.len() < MOST {
            match stream.read(&mut part) {
                Ok(0) => return Ok(heard),
                Ok(count) => heard.extend_from_slice(&part[..count]),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_) => return Ok(heard),
            }
        }
    }
    Ok(heard)
}
