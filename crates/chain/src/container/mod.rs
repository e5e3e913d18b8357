//! Containers: files that carry certificates and keys inside something else.
//!
//! Bytes of a container in, DER items out. Nothing here judges what it finds; certificates and
//! revocation lists come out byte for byte as they lay in the file.
//!
//! - [`pkcs7`]: PKCS#7 / CMS `SignedData` (`.p7b`, `.p7c`, `.p7s`), RFC 5652.
//! - [`pkcs12`]: PFX files (`.p12`, `.pfx`), RFC 7292 and RFC 9579.
//! - [`ber`]: what Windows, NSS and Java write, brought to DER first.

pub mod ber;
mod element;
pub(crate) mod pbe;
pub mod pkcs12;
pub mod pkcs7;

pub(crate) use element::{element, integer, oid, positive, sequence};
