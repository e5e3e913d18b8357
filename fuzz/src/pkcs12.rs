//! Containers: PKCS#12, PKCS#7 and the BER below them.

use keyway_chain::container::pkcs12::{MIN_ITERATIONS, WriteOptions, read, write};
use keyway_chain::container::{ber, pkcs7};

use crate::PASSWORD;

/// Longest input that is also written into a container: writing derives keys, which is slow, and
/// longer contents add nothing.
const WRITTEN: usize = 256;

/// Reading ends whatever the bytes; BER that was brought to DER stays as it is; and what is written
/// into a container comes out of it again.
pub fn pkcs12(data: &[u8]) {
    let _ = read(data, None);
    let _ = read(data, Some(PASSWORD));
    let _ = pkcs7::read(data);
    if let Ok(normal) = ber::normalise(data) {
        assert!(normal.consumed() <= data.len());
        let again = ber::normalise(&normal).expect("DER is BER");
        assert!(!again.was_rewritten(), "not the same twice");
        assert_eq!(*again, *normal);
    }
    if data.len() <= WRITTEN {
        contents_come_back(data);
    }
}

fn contents_come_back(data: &[u8]) {
    let (password, contents) = data.split_at(data.len().min(8));
    let password = String::from_utf8_lossy(password);
    // Certificates come out byte for byte and are not looked into, so any element will do.
    let certificates: Vec<Vec<u8>> = contents.chunks(50).map(sequence).collect();
    let certificates: Vec<&[u8]> = certificates.iter().map(Vec::as_slice).collect();
    let key = sequence(contents);
    let file = write(&WriteOptions {
        certs: &certificates,
        key_pkcs8: Some(&key),
        password: password.as_bytes(),
        friendly_name: None,
        salts: [[1; 16]; 3],
        ivs: [[2; 16]; 2],
        iterations: MIN_ITERATIONS,
    });
    let pfx = read(&file, Some(password.as_bytes())).expect("our own file");
    assert!(pfx.authenticated);
    assert_eq!(pfx.trailing, 0);
    let read_back: Vec<&[u8]> = pfx
        .certificates
        .iter()
        .map(|bag| bag.der.as_slice())
        .collect();
    assert_eq!(read_back, certificates);
    assert_eq!(pfx.keys.len(), 1);
    assert_eq!(pfx.keys[0].pkcs8.as_slice(), key);
}

/// A SEQUENCE of one OCTET STRING; `contents` is short.
fn sequence(contents: &[u8]) -> Vec<u8> {
    crate::leaf::element(0x30, &[&crate::leaf::element(0x04, &[contents])])
}
