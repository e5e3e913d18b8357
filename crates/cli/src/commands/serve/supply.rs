//! What a service file names beside certificates: OCSP responses and keys of tickets.

use std::path::{Path, PathBuf};

use keyway_config::Service;
use zeroize::Zeroizing;

use crate::failure::Failure;
use crate::intent::read_file;
use crate::intent::service::ServiceFile;

/// The paths of OCSP responses, one for each certificate of the file, in its order.
pub(super) fn ocsp_paths<'s>(
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

/// An OCSP response (RFC 6960, section 4.2.1): one that says that it is successful. What is in it is for clients.
pub(super) fn ocsp(path: &Path) -> Result<Vec<u8>, Failure> {
    let read = read_file(path).map_err(|refused| refused.at(path))?;
    if !is_successful(&read.bytes) {
        return Err(Failure::Unfit {
            path: path.to_path_buf(),
            why: "it is no OCSP response in DER that says successful; `openssl ocsp -respout` writes one".to_owned(),
        });
    }
    Ok(read.bytes.to_vec())
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

/// The keys of session tickets that the file names; none where it names none.
pub(super) fn ticket_keys(
    file: &ServiceFile,
    service: &Service,
) -> Result<Vec<Zeroizing<Vec<u8>>>, Failure> {
    let paths = service.tls.ticket_keys.iter();
    paths
        .map(|path| {
            let path = file.beside(path);
            let read = read_file(&path).map_err(|refused| refused.at(&path))?;
            Ok(read.bytes)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::is_successful;

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
}
