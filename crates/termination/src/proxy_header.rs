//! The PROXY protocol (haproxy.org, proxy-protocol.txt): what stands in front of a connection and says for whom it is
//! made.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use keyway_config::model::ProxyVersion;

/// What version 2 begins with (section 2.2).
const SIGNATURE: [u8; 12] = *b"\r\n\r\n\0\r\nQUIT\n";

/// The longest header of version 1, with its end (section 2.1).
const LONGEST_TEXT: usize = 107;

/// The longest header of version 2 that is taken: addresses, and 4 KiB of what else is said (section 2.2 allows 64
/// KiB, and asks readers to take 536 at least).
const LONGEST_BINARY: usize = 16 + 4096;

/// For whom a connection is made: its client, and where that came to. `None`: for nobody but who connects, as when
/// it looks whether somebody is there.
pub type Ends = Option<(SocketAddr, SocketAddr)>;

/// What does not begin with a header.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("what came is no header of the PROXY protocol")]
pub struct NoHeader;

/// Reads a header from what came so far: with its length once it is whole, `None` while it is not.
///
/// # Errors
/// [`NoHeader`]: whatever comes yet, it is none.
pub fn read(came: &[u8]) -> Result<Option<(Ends, usize)>, NoHeader> {
    let shared = came.len().min(SIGNATURE.len());
    if came[..shared] == SIGNATURE[..shared] {
        return read_binary(came);
    }
    read_text(came)
}

/// Version 1: `PROXY TCP4 source destination port port` and the end of a line.
fn read_text(came: &[u8]) -> Result<Option<(Ends, usize)>, NoHeader> {
    const BEGINNING: &[u8] = b"PROXY ";
    let shared = came.len().min(BEGINNING.len());
    if came[..shared] != BEGINNING[..shared] {
        return Err(NoHeader);
    }
    let within = &came[..came.len().min(LONGEST_TEXT)];
    let Some(end) = within.iter().position(|&byte| byte == b'\n') else {
        return if within.len() < LONGEST_TEXT {
            Ok(None)
        } else {
            Err(NoHeader)
        };
    };
    let line = came[..end].strip_suffix(b"\r").ok_or(NoHeader)?;
    // What stands behind UNKNOWN may be anything; elsewhere what is no text is no address either.
    let line = String::from_utf8_lossy(line);
    let mut words = line.split(' ').skip(1);
    let family = words.next();
    if family == Some("UNKNOWN") {
        // Whatever follows is passed over.
        return Ok(Some((None, end + 1)));
    }
    let mut word = || words.next().ok_or(NoHeader);
    let [source, destination, from, to] = [word()?, word()?, word()?, word()?];
    let address = |text: &str| match family {
        Some("TCP4") => text.parse::<Ipv4Addr>().map(IpAddr::from).ok(),
        Some("TCP6") => text.parse::<Ipv6Addr>().map(IpAddr::from).ok(),
        _ => None,
    };
    // Digits alone: `parse` would take a plus.
    let port = |text: &str| {
        let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| text.parse::<u16>().ok())?
    };
    let socket = |at: &str, number: &str| Some(SocketAddr::new(address(at)?, port(number)?));
    let ends = socket(source, from).zip(socket(destination, to));
    if words.next().is_some() {
        return Err(NoHeader);
    }
    Ok(Some((Some(ends.ok_or(NoHeader)?), end + 1)))
}

/// Version 2: signature, version and command, family, length, addresses, and more that is passed over.
fn read_binary(came: &[u8]) -> Result<Option<(Ends, usize)>, NoHeader> {
    let Some((&[command, family, high, low], after)) = came
        .get(SIGNATURE.len()..)
        .and_then(<[u8]>::split_first_chunk)
    else {
        return Ok(None);
    };
    let length = usize::from(u16::from_be_bytes([high, low]));
    let whole = SIGNATURE.len() + 4 + length;
    if whole > LONGEST_BINARY || !matches!(command, 0x20 | 0x21) {
        return Err(NoHeader);
    }
    let Some(said) = after.get(..length) else {
        return Ok(None);
    };
    // LOCAL: whoever connects speaks for itself.
    let is_local = command == 0x20;
    let ends = match family {
        _ if is_local => None,
        0x11 => Some(pair(said, |bytes: [u8; 4]| Ipv4Addr::from(bytes).into())?),
        0x21 => Some(pair(said, |bytes: [u8; 16]| Ipv6Addr::from(bytes).into())?),
        // Families that are not spoken over TCP by IP: the real ends are those of the connection.
        _ => None,
    };
    Ok(Some((ends, whole)))
}

/// Two addresses and two ports.
fn pair<const N: usize>(
    said: &[u8],
    address: impl Fn([u8; N]) -> IpAddr,
) -> Result<(SocketAddr, SocketAddr), NoHeader> {
    let (&source, rest) = said.split_first_chunk::<N>().ok_or(NoHeader)?;
    let (&destination, rest) = rest.split_first_chunk::<N>().ok_or(NoHeader)?;
    let (&from, rest) = rest.split_first_chunk().ok_or(NoHeader)?;
    let (&to, _) = rest.split_first_chunk().ok_or(NoHeader)?;
    Ok((
        SocketAddr::new(address(source), u16::from_be_bytes(from)),
        SocketAddr::new(address(destination), u16::from_be_bytes(to)),
    ))
}

/// A header that says who the client is, and where it came to.
pub fn write(version: ProxyVersion, client: SocketAddr, server: SocketAddr) -> Vec<u8> {
    let canonical = |end: SocketAddr| SocketAddr::new(end.ip().to_canonical(), end.port());
    let (client, server) = (canonical(client), canonical(server));
    let are_both_4 = client.is_ipv4() && server.is_ipv4();
    match version {
        ProxyVersion::V1 if are_both_4 => line("TCP4", client, server),
        ProxyVersion::V1 => line("TCP6", as_6(client), as_6(server)),
        ProxyVersion::V2 => {
            let mut out = SIGNATURE.to_vec();
            let family = if are_both_4 { 0x11 } else { 0x21 };
            let octets = |end: SocketAddr| {
                let end = if are_both_4 { end } else { as_6(end) };
                match end.ip() {
                    IpAddr::V4(address) => address.octets().to_vec(),
                    IpAddr::V6(address) => address.octets().to_vec(),
                }
            };
            let addresses = [octets(client), octets(server)].concat();
            // Two addresses of at most 16 bytes and two ports.
            let length = u8::try_from(addresses.len() + 4).unwrap_or(u8::MAX);
            out.extend([0x21, family, 0, length]);
            out.extend(addresses);
            out.extend(client.port().to_be_bytes());
            out.extend(server.port().to_be_bytes());
            out
        }
    }
}

fn as_6(end: SocketAddr) -> SocketAddr {
    match end.ip() {
        IpAddr::V4(address) => SocketAddr::new(address.to_ipv6_mapped().into(), end.port()),
        IpAddr::V6(_) => end,
    }
}

fn line(family: &str, client: SocketAddr, server: SocketAddr) -> Vec<u8> {
    let (source, destination) = (client.ip(), server.ip());
    let (from, to) = (client.port(), server.port());
    format!("PROXY {family} {source} {destination} {from} {to}\r\n").into_bytes()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(text: &str) -> SocketAddr {
        text.parse().unwrap()
    }

    #[test]
    fn a_line_of_text_says_both_ends() {
        let header = b"PROXY TCP4 192.0.2.1 198.51.100.2 51000 443\r\nGET / HTTP/1.1\r\n";
        let (ends, length) = read(header).unwrap().unwrap();
        assert_eq!(ends, Some((at("192.0.2.1:51000"), at("198.51.100.2:443"))));
        assert_eq!(&header[length..], b"GET / HTTP/1.1\r\n");
        let header = b"PROXY TCP6 2001:db8::1 2001:db8::2 1 2\r\n";
        let (ends, _) = read(header).unwrap().unwrap();
        assert_eq!(ends, Some((at("[2001:db8::1]:1"), at("[2001:db8::2]:2"))));
    }

    #[test]
    fn whoever_does_not_know_says_unknown() {
        for header in [
            &b"PROXY UNKNOWN whatever\r\nX"[..],
            b"PROXY UNKNOWN whatev\xff\0\r\nX",
        ] {
            assert_eq!(read(header), Ok(Some((None, 24))));
        }
    }

    #[test]
    fn a_local_connection_is_for_nobody_else() {
        let mut header = SIGNATURE.to_vec();
        header.extend([0x20, 0, 0, 3, 1, 2, 3, b'X']);
        assert_eq!(read(&header).unwrap(), Some((None, 19)));
    }

    #[test]
    fn what_is_no_header_is_known_by_its_first_bytes() {
        for other in [
            &b"\x16\x03\x01"[..],
            b"GET / HTTP/1.1\r\n",
            b"PROXY TCP4 192.0.2.1 198.51.100.2 51000\r\n",
            b"PROXY TCP4 192.0.2.1 198.51.100.2 51000 443 x\r\n",
            b"PROXY TCP4 2001:db8::1 2001:db8::2 1 2\r\n",
            b"PROXY TCP4 192.0.2.1 198.51.100.2 +1 443\r\n",
            b"PROXY TCP4 192.0.2.1 198.51.100.2 65536 443\r\n",
            b"PROXY TCP4 192.0.2.1 198.51.100.2 1 443\n",
            &[b"PROXY TCP4 ".as_slice(), &[b'1'; 100]].concat(),
            &[SIGNATURE.as_slice(), &[0x31, 0x11, 0, 12]].concat(),
            &[SIGNATURE.as_slice(), &[0x21, 0x11, 0xff, 0xff]].concat(),
            // Too short for what it says it holds.
            &[SIGNATURE.as_slice(), &[0x21, 0x11, 0, 4, 1, 2, 3, 4]].concat(),
        ] {
            assert_eq!(read(other), Err(NoHeader), "{}", other.escape_ascii());
        }
    }

    fn end() -> impl Strategy<Value = SocketAddr> {
        let address = prop_oneof![
            any::<[u8; 4]>().prop_map(IpAddr::from),
            any::<[u8; 16]>().prop_map(|octets| IpAddr::from(octets).to_canonical()),
        ];
        (address, any::<u16>()).prop_map(SocketAddr::from)
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_and_no_part_of_it_is_taken_for_the_whole(
            client in end(), server in end(), is_text: bool, after in any::<[u8; 3]>(),
        ) {
            let version = if is_text { ProxyVersion::V1 } else { ProxyVersion::V2 };
            let header = write(version, client, server);
            let (ends, length) = read(&[&header, &after[..]].concat()).unwrap().unwrap();
            prop_assert_eq!(length, header.len());
            let canonical = |end: SocketAddr| SocketAddr::new(end.ip().to_canonical(), end.port());
            let ends = ends.map(|(client, server)| (canonical(client), canonical(server)));
            prop_assert_eq!(ends, Some((client, server)));
            for end in 0..header.len() {
                prop_assert_eq!(read(&header[..end]), Ok(None));
            }
        }

        #[test]
        fn anything_is_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200), is_binary: bool) {
            let before = if is_binary { &SIGNATURE[..] } else { b"PROXY " };
            if let Ok(Some((_, length))) = read(&[before, &bytes].concat()) {
                prop_assert!(length <= before.len() + bytes.len());
            }
        }
    }
}
