//! What stands in front of a connection, and may be a header of the PROXY protocol.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use keyway_config::model::ProxyVersion;
use keyway_termination::proxy_header::{Ends, NoHeader, read, write};

/// The longest header that is taken, and a little more.
const LONGEST: usize = 16 + 4096 + 8;

/// Up to here every beginning is read on its own, beyond it some are.
const CLOSELY: usize = 300;

/// What is read is what a model that looks at the whole text says; every beginning says the same or that more is
/// needed; what stands behind a header changes nothing; and headers that are written read back.
pub fn proxy_header(data: &[u8]) {
    let data = &data[..data.len().min(LONGEST)];
    let whole = read(data);
    assert_eq!(whole, model(data), "{}", data.escape_ascii());
    for end in (0..data.len()).filter(|end| *end < CLOSELY || end % 97 == 0) {
        let said = read(&data[..end]);
        match (said, whole) {
            (Ok(None), _) => {
                let is_whole = matches!(whole, Ok(Some((_, length))) if length <= end);
                assert!(!is_whole, "{end} bytes are enough");
            }
            (said, whole) => assert_eq!(said, whole, "after {end} bytes"),
        }
    }
    if let Ok(Some((_, length))) = whole {
        assert!(length <= data.len(), "more than there is");
        assert_eq!(read(&data[..length]), whole, "what stands behind matters");
    }
    reads_back(data);
}

type Said = Result<Option<(Ends, usize)>, NoHeader>;

/// The specification (haproxy.org, proxy-protocol.txt, sections 2.1 and 2.2), by whole texts and slices.
fn model(data: &[u8]) -> Said {
    let signature = b"\r\n\r\n\0\r\nQUIT\n";
    if data.starts_with(signature) {
        return binary(&data[signature.len()..]);
    }
    if signature.starts_with(data) || b"PROXY ".starts_with(data) {
        return Ok(None);
    }
    if !data.starts_with(b"PROXY ") {
        return Err(NoHeader);
    }
    let within = &data[..data.len().min(107)];
    let Some(line) = within.split_inclusive(|byte| *byte == b'\n').next() else {
        return Ok(None);
    };
    if !line.ends_with(b"\n") {
        return if data.len() < 107 {
            Ok(None)
        } else {
            Err(NoHeader)
        };
    }
    let text = String::from_utf8_lossy(line);
    let Some(text) = text.strip_suffix("\r\n") else {
        return Err(NoHeader);
    };
    if text == "PROXY UNKNOWN" || text.starts_with("PROXY UNKNOWN ") {
        return Ok(Some((None, line.len())));
    }
    let words: Vec<&str> = text.split(' ').collect();
    let [_, family, source, destination, from, to] = words[..] else {
        return Err(NoHeader);
    };
    let ends = || {
        let end = |address: &str, port: &str| {
            let address = match family {
                "TCP4" => IpAddr::V4(address.parse().ok()?),
                "TCP6" => IpAddr::V6(address.parse().ok()?),
                _ => return None,
            };
            let is_number = port.chars().all(|letter| letter.is_ascii_digit());
            let port = port.parse().ok().filter(|_| is_number)?;
            Some(SocketAddr::new(address, port))
        };
        Some((end(source, from)?, end(destination, to)?))
    };
    Ok(Some((Some(ends().ok_or(NoHeader)?), line.len())))
}

/// What follows the signature of version 2.
fn binary(rest: &[u8]) -> Said {
    if rest.len() < 4 {
        return Ok(None);
    }
    let length = usize::from(rest[2]) * 256 + usize::from(rest[3]);
    if length > 4096 || rest[0] >> 4 != 2 || rest[0] & 15 > 1 {
        return Err(NoHeader);
    }
    if rest.len() < 4 + length {
        return Ok(None);
    }
    let said = &rest[4..4 + length];
    let port = |at: usize| u16::from(said[at]) << 8 | u16::from(said[at + 1]);
    let is_proxied = rest[0] & 15 == 1;
    let ends = match rest[1] {
        0x11 if is_proxied => {
            if length < 12 {
                return Err(NoHeader);
            }
            let address = |at: usize| {
                IpAddr::V4(Ipv4Addr::new(
                    said[at],
                    said[at + 1],
                    said[at + 2],
                    said[at + 3],
                ))
            };
            let (client, server) = (address(0), address(4));
            Some(((client, port(8)).into(), (server, port(10)).into()))
        }
        0x21 if is_proxied => {
            if length < 36 {
                return Err(NoHeader);
            }
            let address = |at: usize| {
                let octets = said[at..at + 16].try_into().expect("sixteen bytes");
                IpAddr::V6(Ipv6Addr::from_octets(octets))
            };
            let (client, server) = (address(0), address(16));
            Some(((client, port(32)).into(), (server, port(34)).into()))
        }
        _ => None,
    };
    Ok(Some((ends, 16 + length)))
}

/// Whatever the ends are, what is said of them is read as those ends.
fn reads_back(data: &[u8]) {
    let Some((bytes, _)) = data.split_first_chunk::<37>() else {
        return;
    };
    let end = |bytes: &[u8], port: [u8; 2], is_short: bool| {
        let octets: [u8; 16] = bytes.try_into().expect("sixteen bytes");
        let address = if is_short {
            IpAddr::from([octets[0], octets[1], octets[2], octets[3]])
        } else {
            IpAddr::from(octets)
        };
        SocketAddr::new(address, u16::from_be_bytes(port))
    };
    let choice = bytes[36];
    let client = end(&bytes[..16], [bytes[32], bytes[33]], choice & 1 != 0);
    let server = end(&bytes[16..32], [bytes[34], bytes[35]], choice & 2 != 0);
    let plain = |end: SocketAddr| SocketAddr::new(end.ip().to_canonical(), end.port());
    for version in [ProxyVersion::V1, ProxyVersion::V2] {
        let header = write(version, client, server);
        let Ok(Some((Some((from, to)), length))) = read(&header) else {
            panic!("{} is none", header.escape_ascii());
        };
        assert_eq!(length, header.len());
        assert_eq!((plain(from), plain(to)), (plain(client), plain(server)));
    }
}
