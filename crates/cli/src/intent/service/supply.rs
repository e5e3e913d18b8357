//! What a service file names beside certificates: OCSP responses and keys of tickets.

use std::path::PathBuf;
use std::sync::Arc;

use keyway_config::Service;
use keyway_termination::protocol::ClientCas;
use keyway_termination::tickets;
use rustls::server::ProducesTickets;
use rustls::time_provider::{DefaultTimeProvider, TimeProvider};
use zeroize::Zeroizing;

use super::{Judged, ServiceFile};
use crate::failure::{Failure, ServeFault};
use crate::intent::read_file;

/// The paths of OCSP responses, one for each certificate of the file, in its order.
pub(crate) fn ocsp_paths<'s>(
    file: &'s ServiceFile,
    service: &'s Service,
) -> impl Iterator<Item = Option<PathBuf>> + 's {
    let tls = &service.tls;
    let is_first = tls.certificate.is_some() && tls.key.is_some();
    let first = is_first.then_some(tls.ocsp.as_deref());
    let own = tls.certificates.iter().map(|own| own.ocsp.as_deref());
    first
        .into_iter()
        .chain(own)
        .map(|path| path.map(|path| file.beside(path)))
}

/// The OCSP responses that the file names for its certificates, in their order (RFC 6960, section 4.2.1): each says
/// that it is successful, and speaks of the certificate. What it says of it is for clients.
pub(crate) fn stapled(
    file: &ServiceFile,
    service: &Service,
    judged: &[Judged],
) -> Result<Vec<Option<Vec<u8>>>, Failure> {
    let paths = ocsp_paths(file, service).zip(judged);
    paths
        .map(|(path, judged)| {
            let Some(path) = path else { return Ok(None) };
            let read = read_file(&path).map_err(|refused| refused.at(&path))?;
            let leaf = judged.report.certificates.first();
            let serial = leaf.map_or("", |leaf| leaf.serial.as_str());
            match fault(&read.bytes, serial) {
                None => Ok(Some(read.bytes.to_vec())),
                Some(why) => Err(Failure::Unfit {
                    path,
                    why: why.to_owned(),
                }),
            }
        })
        .collect()
}

/// Why something is no response about the certificate with this serial number, in hexadecimal.
fn fault(der: &[u8], serial: &str) -> Option<&'static str> {
    if !is_successful(der) {
        return Some(
            "it is no OCSP response in DER that says successful; `openssl ocsp -respout` writes one",
        );
    }
    let zero = if serial.len().is_multiple_of(2) {
        ""
    } else {
        "0"
    };
    let padded = format!("{zero}{serial}");
    let digit = |byte: u8| char::from(byte).to_digit(16).unwrap_or_default();
    let number: Vec<u8> = padded
        .as_bytes()
        .chunks_exact(2)
        // Two digits of four bits each.
        .filter_map(|pair| u8::try_from(digit(pair[0]) << 4 | digit(pair[1])).ok())
        .collect();
    let names_it = der.windows(number.len().max(1)).any(|part| part == number);
    (!names_it).then_some(
        "this OCSP response is about another certificate: clients would refuse the one that it is stapled to",
    )
}

/// `SEQUENCE { ENUMERATED 0, [0] … }`, whole.
fn is_successful(der: &[u8]) -> bool {
    let length = match der {
        [0x30, length @ 0..=0x7f, ..] => 2 + usize::from(*length),
        [0x30, 0x81, length, ..] => 3 + usize::from(*length),
        [0x30, 0x82, high, low, ..] => 4 + usize::from(u16::from_be_bytes([*high, *low])),
        _ => return false,
    };
    let header = if der[1] < 0x80 {
        2
    } else {
        2 + usize::from(der[1] & 0x7f)
    };
    length == der.len() && der[header..].starts_with(&[0x0a, 1, 0, 0xa0])
}

/// What writes and reads session tickets by the keys that the file names; `None` where it names none.
pub(crate) fn shared_tickets(
    file: &ServiceFile,
    service: &Service,
    clients: &ClientCas,
) -> Result<Option<Arc<dyn ProducesTickets>>, Failure> {
    let paths = service.tls.ticket_keys.iter();
    let keys = paths.map(|path| {
        let path = file.beside(path);
        let read = read_file(&path).map_err(|refused| refused.at(&path))?;
        Ok(read.bytes)
    });
    let keys = keys.collect::<Result<Vec<Zeroizing<Vec<u8>>>, Failure>>()?;
    if keys.is_empty() {
        return Ok(None);
    }
    let clock: Arc<dyn TimeProvider> = Arc::new(DefaultTimeProvider);
    let shared = tickets::shared(&keys, service.tls.client.mode, clients, &clock);
    let shared = shared.map_err(|error| Failure::from(ServeFault::TicketKeys(error)))?;
    Ok(Some(shared))
}

#[cfg(test)]
mod tests {
    use super::{fault, is_successful};

    #[test]
    fn only_a_whole_response_that_says_successful_is_one() {
        // The response bytes are empty here: what is in them is for clients.
        assert!(is_successful(&[0x30, 5, 0x0a, 1, 0, 0xa0, 0]));
        // tryLater
        assert!(!is_successful(&[0x30, 3, 0x0a, 1, 3]));
        assert!(!is_successful(&[0x30, 6, 0x0a, 1, 0, 0xa0, 0]));
        assert!(!is_successful(b"-----BEGIN OCSP RESPONSE-----"));
        assert!(!is_successful(&[]));
        let long = [&[0x30, 0x82, 1, 0, 0x0a, 1, 0, 0xa0][..], &[0; 252]].concat();
        assert!(is_successful(&long));
    }

    #[test]
    fn a_response_about_another_certificate_is_none_about_this_one() {
        let response = [0x30, 9, 0x0a, 1, 0, 0xa0, 4, 0x02, 2, 0x0a, 0xbc];
        assert_eq!(fault(&response, "abc"), None);
        assert!(fault(&response, "abd").is_some_and(|why| why.contains("another certificate")));
    }
}
