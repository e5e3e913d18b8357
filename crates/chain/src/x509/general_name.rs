use x509_parser::extensions as parsed;

use super::{DistinguishedName, Oid};

/// One name of a subjectAltName or nameConstraints extension, untrusted and unescaped.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum GeneralName {
    /// `dNSName`: bytes as they stand; they should be an IA5String.
    Dns(Vec<u8>),
    /// `iPAddress`: 4 or 16 bytes, in a name constraint 8 or 32; others are malformed.
    Ip(Vec<u8>),
    /// `rfc822Name`.
    Email(Vec<u8>),
    /// `uniformResourceIdentifier`.
    Uri(Vec<u8>),
    /// `directoryName`.
    Directory(DistinguishedName),
    /// `otherName`, with its type.
    Other(Oid),
    /// `x400Address`, `ediPartyName`, `registeredID`, or a form that could not be read; the tag.
    Unread(u32),
}

impl GeneralName {
    pub(super) fn read(name: &parsed::GeneralName<'_>) -> Self {
        use parsed::GeneralName as Parsed;
        match name {
            Parsed::DNSName(name) => Self::Dns(name.as_bytes().to_vec()),
            Parsed::IPAddress(bytes) => Self::Ip(bytes.to_vec()),
            Parsed::RFC822Name(name) => Self::Email(name.as_bytes().to_vec()),
            Parsed::URI(uri) => Self::Uri(uri.as_bytes().to_vec()),
            Parsed::DirectoryName(name) => Self::Directory(DistinguishedName::read(name)),
            Parsed::OtherName(oid, _) => Self::Other(Oid::from_der_contents(oid.as_bytes())),
            Parsed::X400Address(_) => Self::Unread(3),
            Parsed::EDIPartyName(_) => Self::Unread(5),
            Parsed::RegisteredID(_) => Self::Unread(8),
            // x509-parser could not read the value; keep the bytes where the kind is clear.
            Parsed::Invalid(tag, bytes) => match tag.0 {
                1 => Self::Email(bytes.to_vec()),
                2 => Self::Dns(bytes.to_vec()),
                6 => Self::Uri(bytes.to_vec()),
                7 => Self::Ip(bytes.to_vec()),
                tag => Self::Unread(tag),
            },
        }
    }
}
