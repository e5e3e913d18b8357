//! The table of record types: mnemonic, number, and what their data is made of.

/// One part of a record's data, as the standard of its type defines it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Field {
    /// A domain name, never compressed here.
    Name,
    /// A number of 8 bits.
    U8,
    /// A number of 16 bits.
    U16,
    /// A number of 32 bits.
    U32,
    /// A number of 32 bits in seconds; text may use units (`1h30m`).
    Seconds,
    /// A moment as `YYYYMMDDHHmmSS` or seconds since 1970, modulo 2³² (RFC 4034, section 3.2).
    Moment,
    /// A DNSSEC algorithm: number or mnemonic (RFC 4034, appendix A.1).
    Algorithm,
    /// A certificate type: number or mnemonic (RFC 4398, section 2.1).
    CertificateType,
    /// A record type: mnemonic or `TYPEn`, 16 bits.
    Type,
    /// An IPv4 address.
    V4,
    /// An IPv6 address.
    V6,
    /// A character-string of up to 255 bytes (RFC 1035, section 3.3).
    Text,
    /// One character-string that may be left out.
    MaybeText,
    /// Character-strings to the end, at least one.
    Texts,
    /// Hexadecimal to the end, at least one byte.
    Hex,
    /// Base64 to the end, at least one byte.
    Base64,
    /// Base64 to the end, possibly none.
    BareBase64,
    /// Base64 to the end, or `-` for nothing.
    MaybeBase64,
    /// Hexadecimal with its length in front, `-` for nothing (RFC 5155, section 3.3).
    Salt,
    /// Base32 with the extended alphabet, its length in front (RFC 5155, section 3.3).
    Hash,
    /// A type bit map, possibly of no type (RFC 4034, section 4.1.2).
    Types,
    /// The same of one type at least: NSEC is at the name itself (RFC 4034, section 4.1.2).
    SomeTypes,
    /// `xx-xx-…`, that many bytes (RFC 7043).
    Eui(u8),
    /// Four groups of four hexadecimal digits (RFC 6742, section 2.1.2).
    Node64,
    /// A property's tag: letters and digits, with its length in front (RFC 8659, section 4.1).
    Tag,
    /// Text to the end without a length (RFC 8659, section 4.1.1).
    Rest,
    /// The same in quotes (RFC 7553, section 4.4).
    Uri,
    /// `0x` and hexadecimal, dots between as one likes (RFC 1706, section 6).
    Nsap,
    /// `+` and digits, or hexadecimal (ATM Forum, ATM Name System 2.0, section 5.1).
    Atm,
    /// Latitude, longitude, altitude and sizes (RFC 1876).
    Location,
    /// Degrees of latitude and longitude, and metres, as text (RFC 1712).
    GeoPosition,
    /// Address prefix lists (RFC 3123).
    Prefixes,
    /// An address, a protocol and its ports (RFC 1035, section 3.4.2).
    WellKnownServices,
    /// A prefix length, the rest of an address, and where its front is (RFC 2874).
    A6,
    /// Precedence, kind of gateway, algorithm, gateway and key (RFC 4025).
    IpsecKey,
    /// Precedence, whether to look on, kind of relay and relay (RFC 8777).
    AmtRelay,
    /// Algorithm, tag, key and rendezvous servers of a host identity (RFC 8005).
    HostIdentity,
    /// Priority, target and parameters of a service binding (RFC 9460, section 2.1).
    ServiceBinding,
    /// Never data of a zone: only `\#` reads it.
    Opaque,
}

/// A record type that is known here.
pub(crate) struct Kind {
    pub(crate) name: &'static str,
    pub(crate) code: u16,
    pub(crate) fields: &'static [Field],
}

const fn kind(name: &'static str, code: u16, fields: &'static [Field]) -> Kind {
    Kind { name, code, fields }
}

use Field as F;

const DIGEST: &[Field] = &[F::U16, F::Algorithm, F::U8, F::Hex];
const KEY: &[Field] = &[F::U16, F::U8, F::Algorithm, F::Base64];
const SIGNATURE: &[Field] = &[
    F::Type,
    F::Algorithm,
    F::U8,
    F::Seconds,
    F::Moment,
    F::Moment,
    F::U16,
    F::Name,
    F::Base64,
];

/// By number, as IANA's registry of resource record types lists them.
#[rustfmt::skip]
pub(crate) static KINDS: &[Kind] = &[
    kind("A", 1, &[F::V4]),
    kind("NS", 2, &[F::Name]),
    kind("MD", 3, &[F::Name]),
    kind("MF", 4, &[F::Name]),
    kind("CNAME", 5, &[F::Name]),
    kind("SOA", 6, &[F::Name, F::Name, F::U32, F::Seconds, F::Seconds, F::Seconds, F::Seconds]),
    kind("MB", 7, &[F::Name]),
    kind("MG", 8, &[F::Name]),
    kind("MR", 9, &[F::Name]),
    kind("NULL", 10, &[F::Opaque]),
    kind("WKS", 11, &[F::WellKnownServices]),
    kind("PTR", 12, &[F::Name]),
    kind("HINFO", 13, &[F::Text, F::Text]),
    kind("MINFO", 14, &[F::Name, F::Name]),
    kind("MX", 15, &[F::U16, F::Name]),
    kind("TXT", 16, &[F::Texts]),
    kind("RP", 17, &[F::Name, F::Name]),
    kind("AFSDB", 18, &[F::U16, F::Name]),
    kind("X25", 19, &[F::Text]),
    kind("ISDN", 20, &[F::Text, F::MaybeText]),
    kind("RT", 21, &[F::U16, F::Name]),
    kind("NSAP", 22, &[F::Nsap]),
    kind("NSAP-PTR", 23, &[F::Name]),
    kind("SIG", 24, SIGNATURE),
    kind("KEY", 25, KEY),
    kind("PX", 26, &[F::U16, F::Name, F::Name]),
    kind("GPOS", 27, &[F::GeoPosition]),
    kind("AAAA", 28, &[F::V6]),
    kind("LOC", 29, &[F::Location]),
    kind("EID", 31, &[F::Hex]),
    kind("NIMLOC", 32, &[F::Hex]),
    kind("SRV", 33, &[F::U16, F::U16, F::U16, F::Name]),
    kind("ATMA", 34, &[F::Atm]),
    kind("NAPTR", 35, &[F::U16, F::U16, F::Text, F::Text, F::Text, F::Name]),
    kind("KX", 36, &[F::U16, F::Name]),
    kind("CERT", 37, &[F::CertificateType, F::U16, F::Algorithm, F::Base64]),
    kind("A6", 38, &[F::A6]),
    kind("DNAME", 39, &[F::Name]),
    kind("SINK", 40, &[F::U8, F::U8, F::U8, F::BareBase64]),
    kind("APL", 42, &[F::Prefixes]),
    kind("DS", 43, DIGEST),
    kind("SSHFP", 44, &[F::U8, F::U8, F::Hex]),
    kind("IPSECKEY", 45, &[F::IpsecKey]),
    kind("RRSIG", 46, SIGNATURE),
    kind("NSEC", 47, &[F::Name, F::SomeTypes]),
    kind("DNSKEY", 48, KEY),
    kind("DHCID", 49, &[F::Base64]),
    kind("NSEC3", 50, &[F::U8, F::U8, F::U16, F::Salt, F::Hash, F::Types]),
    kind("NSEC3PARAM", 51, &[F::U8, F::U8, F::U16, F::Salt]),
    kind("TLSA", 52, &[F::U8, F::U8, F::U8, F::Hex]),
    kind("SMIMEA", 53, &[F::U8, F::U8, F::U8, F::Hex]),
    kind("HIP", 55, &[F::HostIdentity]),
    kind("NINFO", 56, &[F::Texts]),
    kind("RKEY", 57, KEY),
    kind("TALINK", 58, &[F::Name, F::Name]),
    kind("CDS", 59, DIGEST),
    kind("CDNSKEY", 60, KEY),
    kind("OPENPGPKEY", 61, &[F::Base64]),
    kind("CSYNC", 62, &[F::U32, F::U16, F::Types]),
    kind("ZONEMD", 63, &[F::U32, F::U8, F::U8, F::Hex]),
    kind("SVCB", 64, &[F::ServiceBinding]),
    kind("HTTPS", 65, &[F::ServiceBinding]),
    kind("DSYNC", 66, &[F::Type, F::U8, F::U16, F::Name]),
    kind("HHIT", 67, &[F::Base64]),
    kind("BRID", 68, &[F::Base64]),
    kind("SPF", 99, &[F::Texts]),
    kind("NID", 104, &[F::U16, F::Node64]),
    kind("L32", 105, &[F::U16, F::V4]),
    kind("L64", 106, &[F::U16, F::Node64]),
    kind("LP", 107, &[F::U16, F::Name]),
    kind("EUI48", 108, &[F::Eui(6)]),
    kind("EUI64", 109, &[F::Eui(8)]),
    kind("URI", 256, &[F::U16, F::U16, F::Uri]),
    kind("CAA", 257, &[F::U8, F::Tag, F::Rest]),
    kind("AVC", 258, &[F::Texts]),
    kind("DOA", 259, &[F::U32, F::U32, F::U8, F::Text, F::MaybeBase64]),
    kind("AMTRELAY", 260, &[F::AmtRelay]),
    kind("RESINFO", 261, &[F::Texts]),
    kind("WALLET", 262, &[F::Texts]),
    kind("TA", 32768, DIGEST),
    kind("DLV", 32769, DIGEST),
];

/// Types that only messages carry, or only questions (RFC 6895, section 3.1).
pub(crate) static META: &[(&str, u16)] = &[
    ("OPT", 41),
    ("TKEY", 249),
    ("TSIG", 250),
    ("IXFR", 251),
    ("AXFR", 252),
    ("MAILB", 253),
    ("MAILA", 254),
    ("ANY", 255),
];
