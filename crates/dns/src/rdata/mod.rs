//! The data of records: from text to the form of the wire and back, for every type that IANA lists.

mod binding;
mod bitmap;
mod digest;
mod fields;
mod kinds;
mod location;
mod show;
mod special;
mod svcb;
mod text;
mod wire;

use std::fmt;

use kinds::{KINDS, META};

pub(crate) use binding::{
    at_port as binding_at, bound, extras, hints, leads, parameters, port as port_of, port_asked,
};
pub(crate) use kinds::Field;
pub(crate) use show::show;
pub use text::Fault;
pub(crate) use text::{Words, decimal, read};
pub(crate) use wire::{host, lower};

/// A record type: a number, with a name where IANA gave it one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Type(u16);

impl Type {
    /// An IPv4 address.
    pub const A: Self = Self(1);
    /// An authoritative server.
    pub const NS: Self = Self(2);
    /// Another name for this one.
    pub const CNAME: Self = Self(5);
    /// The start of a zone.
    pub const SOA: Self = Self(6);
    /// The name of an address.
    pub const PTR: Self = Self(12);
    /// What a machine is.
    pub const HINFO: Self = Self(13);
    /// Who answers for a name.
    pub const RP: Self = Self(17);
    /// Where on the earth something is.
    pub const LOC: Self = Self(29);
    /// How a name is rewritten.
    pub const NAPTR: Self = Self(35);
    /// The fingerprint of a key of SSH.
    pub const SSHFP: Self = Self(44);
    /// How a service is spoken with (RFC 9460).
    pub const SVCB: Self = Self(64);
    /// Where a service is, as a URI.
    pub const URI: Self = Self(256);
    /// A mail server.
    pub const MX: Self = Self(15);
    /// The key of a signed message of old; stands beside a CNAME (RFC 2535, section 2.3.5).
    pub const KEY: Self = Self(25);
    /// The signature of old; stands beside a CNAME.
    pub const SIG: Self = Self(24);
    /// An IPv6 address.
    pub const AAAA: Self = Self(28);
    /// Where a service is.
    pub const SRV: Self = Self(33);
    /// Another name for everything below this one.
    pub const DNAME: Self = Self(39);
    /// The digest of a child's key.
    pub const DS: Self = Self(43);
    /// A signature.
    pub const RRSIG: Self = Self(46);
    /// Which name comes next.
    pub const NSEC: Self = Self(47);
    /// A key of the zone.
    pub const DNSKEY: Self = Self(48);
    /// Which hashed name comes next.
    pub const NSEC3: Self = Self(50);
    /// Text.
    pub const TXT: Self = Self(16);
    /// Keys of a TLS server (RFC 6698).
    pub const TLSA: Self = Self(52);
    /// How HTTPS is spoken with a service (RFC 9460).
    pub const HTTPS: Self = Self(65);
    /// All of a zone: asked for, never held (RFC 5936).
    pub const AXFR: Self = Self(252);
    /// Which CAs may issue (RFC 8659).
    pub const CAA: Self = Self(257);
    /// The digest that the parent is asked to have.
    pub const CDS: Self = Self(59);
    /// The key that the parent is asked to have the digest of.
    pub const CDNSKEY: Self = Self(60);
    /// How names are hashed.
    pub const NSEC3PARAM: Self = Self(51);

    /// The type of a number.
    pub const fn of(code: u16) -> Self {
        Self(code)
    }

    /// Its number.
    pub const fn code(self) -> u16 {
        self.0
    }

    /// Reads a mnemonic or `TYPEn` (RFC 3597, section 5), in either case.
    pub fn read(text: &[u8]) -> Option<Self> {
        let is = |name: &str| name.as_bytes().eq_ignore_ascii_case(text);
        let known = KINDS.iter().find(|kind| is(kind.name));
        let known = known.map(|kind| kind.code);
        let meta = || {
            META.iter()
                .find(|(name, _)| is(name))
                .map(|(_, code)| *code)
        };
        known
            .or_else(meta)
            .or_else(|| generic(text, b"TYPE"))
            .map(Self)
    }

    /// Whether no zone can hold it: types of messages and of questions (RFC 6895, section 3.1).
    pub fn is_meta(self) -> bool {
        self.0 == 0 || META.iter().any(|(_, code)| *code == self.0)
    }

    /// Whether it says where a name leads.
    pub(crate) fn leads(self) -> bool {
        matches!(self, Self::A | Self::AAAA | Self::CNAME | Self::HTTPS)
    }

    /// Whether it may stand beside a CNAME: itself, and what DNSSEC puts there (RFC 4034, section 3; RFC
    /// 2535, section 2.3.5).
    pub fn stands_beside_alias(self) -> bool {
        matches!(
            self,
            Self::CNAME | Self::RRSIG | Self::NSEC | Self::KEY | Self::SIG
        )
    }

    pub(crate) fn fields(self) -> Option<&'static [Field]> {
        let kind = KINDS.iter().find(|kind| kind.code == self.0)?;
        Some(kind.fields)
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known = KINDS.iter().find(|kind| kind.code == self.0);
        let known = known.map(|kind| kind.name);
        let meta = || {
            META.iter()
                .find(|(_, code)| *code == self.0)
                .map(|(name, _)| *name)
        };
        match known.or_else(meta) {
            Some(name) => f.write_str(name),
            None => write!(f, "TYPE{}", self.0),
        }
    }
}

/// `TYPEn` or `CLASSn`.
pub(crate) fn generic(text: &[u8], prefix: &[u8]) -> Option<u16> {
    let (front, digits) = text.split_at_checked(prefix.len())?;
    let is_number = !digits.is_empty() && digits.iter().all(u8::is_ascii_digit);
    if !front.eq_ignore_ascii_case(prefix) || !is_number {
        return None;
    }
    std::str::from_utf8(digits).ok()?.parse().ok()
}
