//! Vectors of the rule about Netscape's certificate type.

use crate::case::Case;
use keyway_testkit::{Chain, Extension};

const CODE: &str = "policy.netscape-cert-type";

/// Bits of the extension.
const CLIENT: u8 = 0;
const SERVER: u8 = 1;
const MAIL_CA: u8 = 6;

/// A server whose certificate has these bits.
fn leaf(bits: &[u8]) -> Chain {
    Chain::with_leaf(|leaf| leaf.extension(Extension::netscape_type(bits)))
}

pub(super) fn cases() -> Vec<Case> {
    vec![
        Case::fires(
            CODE,
            "for-clients-alone",
            "extKeyUsage says serverAuth; OpenSSL and Java look at both.",
        )
        .chain(&leaf(&[CLIENT]))
        .verdict("fit", "no")
        .verdict("accepted", "no"),
        Case::fires(CODE, "without-any-bit", "Nothing is allowed.")
            .chain(&leaf(&[]))
            .verdict("accepted", "no"),
        Case::fires(
            CODE,
            "with-an-own-ca",
            "Clients look at it whoever issued the certificate.",
        )
        .chain(&leaf(&[CLIENT]))
        .verdict("accepted", "no")
        .profile("private"),
        Case::silent(CODE, "for-servers", "It allows what is asked.")
            .chain(&leaf(&[SERVER]))
            .verdict("accepted", "yes"),
        Case::silent(
            CODE,
            "for-servers-and-clients",
            "One of the two is asked for.",
        )
        .chain(&leaf(&[CLIENT, SERVER]))
        .verdict("accepted", "yes"),
        Case::silent(
            CODE,
            "in-a-ca-for-mail",
            "OpenSSL asks it of no CA that has basicConstraints.",
        )
        .chain(&Chain::with_issuing(|ca| {
            ca.extension(Extension::netscape_type(&[MAIL_CA]))
        }))
        .verdict("accepted", "yes"),
    ]
}
