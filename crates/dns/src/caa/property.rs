//! What one CAA record says.

use crate::name::Name;
use crate::rdata::{self, Type};

/// The bit of the flags that makes a property one that a CA has to understand (RFC 8659, section 4.1).
pub const CRITICAL: u8 = 0x80;

/// What a property is about: the tags of IANA's registry that are in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tag {
    /// Who may issue (RFC 8659, section 4.2).
    Issue,
    /// Who may issue for wildcards (RFC 8659, section 4.3).
    IssueWild,
    /// Where to report to (RFC 8659, section 4.4).
    Iodef,
    /// Whom to ask by mail (CA/B Forum BR, appendix A.1.1).
    ContactEmail,
    /// Whom to ask by telephone (CA/B Forum BR, appendix A.1.2).
    ContactPhone,
    /// Who may issue for mail (RFC 9495).
    IssueMail,
    /// Who may issue marks (the guidelines for verified mark certificates).
    IssueVmc,
    /// Anything else.
    Unknown,
}

impl Tag {
    /// Whether every CA knows it: those that CAs have to process (CA/B Forum BR 3.2.2.8, which leaves it to them
    /// whether they know any other).
    pub const fn is_for_all(self) -> bool {
        matches!(self, Self::Issue | Self::IssueWild | Self::Iodef)
    }

    /// Those that are known, as they are written.
    pub(super) const KNOWN: [(Self, &'static str); 7] = [
        (Self::Issue, "issue"),
        (Self::IssueWild, "issuewild"),
        (Self::Iodef, "iodef"),
        (Self::ContactEmail, "contactemail"),
        (Self::ContactPhone, "contactphone"),
        (Self::IssueMail, "issuemail"),
        (Self::IssueVmc, "issuevmc"),
    ];
}

/// One property: the data of one record, as it stands there.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Property {
    /// The flags; [`CRITICAL`] is the one that means something.
    pub flags: u8,
    /// The tag.
    pub tag: Vec<u8>,
    /// The value.
    pub value: Vec<u8>,
}

impl Property {
    /// A property without flags.
    pub fn new(tag: &str, value: impl Into<Vec<u8>>) -> Self {
        Self {
            flags: 0,
            tag: tag.as_bytes().to_vec(),
            value: value.into(),
        }
    }

    /// Reads the data of a record; `None` where it is none of CAA: no tag, or one that ends behind the data
    /// (RFC 8659, section 4.1).
    ///
    /// ```
    /// use keyway_dns::caa::{Property, Tag};
    ///
    /// let property = Property::read(b"\x80\x05issueletsencrypt.org").ok_or("no property")?;
    /// assert_eq!(property.kind(), Tag::Issue);
    /// assert!(property.is_critical());
    /// assert_eq!(property.to_string(), "128 issue \"letsencrypt.org\"");
    /// # Ok::<(), &str>(())
    /// ```
    pub fn read(data: &[u8]) -> Option<Self> {
        let (&flags, rest) = data.split_first()?;
        let (&length, rest) = rest.split_first()?;
        let (tag, value) = rest.split_at_checked(usize::from(length))?;
        (length > 0).then(|| Self {
            flags,
            tag: tag.to_vec(),
            value: value.to_vec(),
        })
    }

    /// The data of its record. A tag is at most 255 bytes: what is longer is cut.
    pub fn data(&self) -> Vec<u8> {
        let length = u8::try_from(self.tag.len()).unwrap_or(u8::MAX);
        let tag = &self.tag[..usize::from(length)];
        [&[self.flags, length], tag, &self.value].concat()
    }

    /// What it is about. Tags have no case (RFC 8659, section 4.1).
    pub fn kind(&self) -> Tag {
        let is = |name: &str| name.as_bytes().eq_ignore_ascii_case(&self.tag);
        let known = Tag::KNOWN.iter().find(|(_, name)| is(name));
        known.map_or(Tag::Unknown, |(tag, _)| *tag)
    }

    /// Whether it bars CAs that do not know its tag, and there may be some.
    pub(crate) fn may_bar(&self) -> bool {
        self.is_critical() && !self.kind().is_for_all()
    }

    /// The same without the flag.
    pub(crate) fn plain(&self) -> Self {
        Self {
            flags: self.flags & !CRITICAL,
            ..self.clone()
        }
    }

    /// Whether a CA has to understand it.
    pub fn is_critical(&self) -> bool {
        self.flags & CRITICAL != 0
    }

    /// The line of a zone file that says it of a name.
    pub fn line(&self, name: &Name) -> String {
        format!("{name} IN CAA {self}")
    }
}

impl std::fmt::Display for Property {
    /// As zone files write it.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&record_text(&self.data()))
    }
}

/// The data of a record as zone files write it; what is none of CAA, as bytes (RFC 3597, section 5).
pub fn record_text(data: &[u8]) -> String {
    rdata::show(Type::CAA, data)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_without_a_tag_is_no_property() {
        for data in [&b""[..], b"\0", b"\0\0", b"\0\0x", b"\0\x06issue"] {
            assert_eq!(Property::read(data), None, "{data:?}");
        }
        assert_eq!(
            Property::read(b"\0\x05issue"),
            Some(Property::new("issue", ""))
        );
    }

    #[test]
    fn tags_are_known_in_either_case() {
        assert_eq!(Property::new("IssueWild", "").kind(), Tag::IssueWild);
        assert_eq!(Property::new("issue-wild", "").kind(), Tag::Unknown);
    }

    #[test]
    fn a_property_is_written_as_zone_files_have_it() {
        let name = Name::read("example.com").expect("a name");
        let property = Property::new("issue", "ca.example; a=\"b\"");
        assert_eq!(
            property.line(&name),
            "example.com. IN CAA 0 issue \"ca.example; a=\\\"b\\\"\""
        );
    }
}
