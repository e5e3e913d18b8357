//! What a running server says that it has loaded, on the listener of its metrics.

use std::io::{self, Read as _, Write as _};
use std::net::SocketAddr;
use std::time::Duration;

use super::Unserved;
use super::timed::Timed;

/// Most bytes of an answer: 100,000 certificates have two lines of some 200 bytes each.
const MOST: usize = 64 << 20;

/// The metric that each certificate has one line of.
const METRIC: &str = "keyway_certificate_not_after_seconds";

/// A certificate that a server has loaded.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Loaded {
    /// Its serial number, hexadecimal.
    pub(crate) serial: String,
    /// When it ends, in seconds since 1970.
    pub(crate) not_after: i64,
}

/// Why that is not known.
#[derive(Debug)]
pub(crate) enum Unheard {
    /// Nobody takes the connection.
    Unreached(Unserved),
    /// The answer does not come, or not whole.
    Broken(io::Error),
    /// It is no answer of HTTP, or none that tells of certificates of ours.
    NoMetrics,
}

/// Asks a server, in plain HTTP, which certificates it has loaded. Takes no longer than `timeout`, twice that where
/// the connection comes late.
pub(crate) fn loaded_at(address: SocketAddr, timeout: Duration) -> Result<Vec<Loaded>, Unheard> {
    let socket = Timed::connect(&address, timeout).map_err(Unheard::Unreached)?;
    let mut socket = socket.with_room_for(MOST);
    // By HTTP/1.0, the answer is in one piece, and ends with the connection.
    let request = format!("GET /metrics HTTP/1.0\r\nHost: {address}\r\n\r\n");
    let mut answer = Vec::new();
    socket
        .write_all(request.as_bytes())
        .and_then(|()| socket.read_to_end(&mut answer))
        .map_err(Unheard::Broken)?;
    read(&String::from_utf8_lossy(&answer))
}

fn read(answer: &str) -> Result<Vec<Loaded>, Unheard> {
    let (head, body) = answer.split_once("\r\n\r\n").ok_or(Unheard::NoMetrics)?;
    let mut head = head.lines();
    let status = head.next().and_then(|line| line.split(' ').nth(1));
    if status != Some("200") {
        return Err(Unheard::NoMetrics);
    }
    let length = head.find_map(|line| {
        let (name, value) = line.split_once(':')?;
        let is_length = name.eq_ignore_ascii_case("content-length");
        is_length.then(|| value.trim().parse::<usize>().ok())?
    });
    if length.is_some_and(|length| body.len() < length) {
        return Err(Unheard::Broken(io::ErrorKind::UnexpectedEof.into()));
    }
    let is_told = |line: &str| line.strip_prefix("# TYPE ")?.strip_prefix(METRIC).map(drop);
    if !body.lines().any(|line| is_told(line).is_some()) {
        return Err(Unheard::NoMetrics);
    }
    Ok(body.lines().filter_map(certificate).collect())
}

/// A line of the metric. The serial is the last label, and the name before it may hold anything.
fn certificate(line: &str) -> Option<Loaded> {
    let (labels, value) = line
        .strip_prefix(METRIC)?
        .strip_prefix('{')?
        .rsplit_once("\"} ")?;
    let (_, serial) = labels.rsplit_once("serial=\"")?;
    Some(Loaded {
        serial: serial.to_owned(),
        not_after: value.parse().ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(lines: &str) -> String {
        format!("HTTP/1.0 200 OK\r\nserver: x\r\n\r\n# TYPE {METRIC} gauge\n{lines}")
    }

    #[test]
    fn each_certificate_is_known_by_its_serial_whatever_its_name_holds() {
        let lines = format!(
            "{METRIC}{{name=\"a,serial=\\\"00\\\"}} 5\",serial=\"0a1b\"}} 1793000000\n\
             {METRIC}{{name=\"b\",serial=\"02\"}} x\nkeyway_connections 3\n"
        );
        let known = Loaded {
            serial: "0a1b".to_owned(),
            not_after: 1_793_000_000,
        };
        assert_eq!(read(&told(&lines)).unwrap(), [known]);
        assert_eq!(read(&told("")).unwrap(), []);
    }

    #[test]
    fn what_is_cut_or_tells_of_something_else_is_no_answer() {
        let whole = told("");
        let cut = whole.replace("server: x", "Content-Length: 9999");
        assert!(matches!(read(&cut), Err(Unheard::Broken(_))));
        for strange in [
            "",
            "nonsense",
            "HTTP/1.1 200 OK\r\n\r\nup 1\n",
            &whole.replace("200", "404"),
        ] {
            assert!(
                matches!(read(strange), Err(Unheard::NoMetrics)),
                "{strange}"
            );
        }
    }
}
