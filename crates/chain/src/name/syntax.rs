//! The syntax that hosts and certificate entries share.

/// Longest DNS name in text form, without a trailing dot: RFC 1035 section 2.3.4 allows 255 octets
/// on the wire, of which the first length octet and the root label are not text.
pub const MAX_NAME_BYTES: usize = 253;

/// Longest label of a DNS name: RFC 1035 section 2.3.4.
pub const MAX_LABEL_BYTES: usize = 63;

/// Why a text is not a DNS name in the preferred syntax (RFC 1034 section 3.5, RFC 1123 section
/// 2.1). Underscores are tolerated, as rustls-webpki and browsers do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NameFault {
    /// There is no text at all.
    #[error("it is empty")]
    Empty,
    /// Longer than [`MAX_NAME_BYTES`].
    #[error("it has {bytes} characters, and a DNS name has at most 253")]
    TooLong {
        /// Length in bytes.
        bytes: usize,
    },
    /// It starts with a dot.
    #[error("it starts with a dot")]
    LeadingDot,
    /// Two dots in a row.
    #[error("it has two dots in a row")]
    EmptyLabel,
    /// A label longer than [`MAX_LABEL_BYTES`].
    #[error("one part between its dots has {bytes} characters, and at most 63 are allowed")]
    LabelTooLong {
        /// Length of that label in bytes.
        bytes: usize,
    },
    /// A label starts or ends with a hyphen.
    #[error("a part of it starts or ends with a hyphen")]
    Hyphen,
    /// An ASCII character other than a letter, digit, hyphen, underscore or dot.
    #[error("the character {:?} at position {} does not belong in a DNS name", char::from(*.byte), .at + 1)]
    Character {
        /// The character.
        byte: u8,
        /// Its offset in bytes from the start.
        at: usize,
    },
    /// A byte outside ASCII: in a certificate an international name is written in its `xn--` form
    /// (RFC 5280 section 7.2).
    #[error("it holds characters outside ASCII; an international name is written as xn--…")]
    NonAscii {
        /// Its offset in bytes from the start.
        at: usize,
    },
    /// `*` in it.
    #[error("it holds a wildcard")]
    Wildcard,
    /// The last label is a number, so that the name could be taken for an IPv4 address (WHATWG URL,
    /// "ends in a number").
    #[error("it ends in a number, like an IP address")]
    EndsInNumber,
}

/// Checks a name without wildcard and without trailing dot; offsets count from its start.
pub(super) fn check(name: &[u8]) -> Result<(), NameFault> {
    if name.is_empty() {
        return Err(NameFault::Empty);
    }
    if name.len() > MAX_NAME_BYTES {
        return Err(NameFault::TooLong { bytes: name.len() });
    }
    if name.first() == Some(&b'.') {
        return Err(NameFault::LeadingDot);
    }
    // Without leaving early, which the compiler turns into vector instructions.
    let is_plain = name.iter().fold(true, |all, byte| all & belongs(*byte));
    if !is_plain {
        name.iter()
            .enumerate()
            .try_for_each(|(at, byte)| check_byte(*byte, at))?;
    }
    name.split(|byte| *byte == b'.').try_for_each(check_label)
}

const fn belongs(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.')
}

fn check_byte(byte: u8, at: usize) -> Result<(), NameFault> {
    match byte {
        _ if belongs(byte) => Ok(()),
        b'*' => Err(NameFault::Wildcard),
        0x80.. => Err(NameFault::NonAscii { at }),
        _ => Err(NameFault::Character { byte, at }),
    }
}

fn check_label(label: &[u8]) -> Result<(), NameFault> {
    if label.is_empty() {
        Err(NameFault::EmptyLabel)
    } else if label.len() > MAX_LABEL_BYTES {
        Err(NameFault::LabelTooLong { bytes: label.len() })
    } else if label.first() == Some(&b'-') || label.last() == Some(&b'-') {
        Err(NameFault::Hyphen)
    } else {
        Ok(())
    }
}

/// Whether the last label has digits only: no certificate entry may end so.
pub(super) fn ends_in_decimal(name: &[u8]) -> bool {
    let last = last_label(name);
    !last.is_empty() && last.iter().all(u8::is_ascii_digit)
}

/// Whether the last label is a decimal or a `0x` number: no host may end so.
pub(super) fn ends_in_number(name: &[u8]) -> bool {
    let hexadecimal = match last_label(name) {
        [b'0', b'x' | b'X', digits @ ..] => digits.iter().all(u8::is_ascii_hexdigit),
        _ => false,
    };
    hexadecimal || ends_in_decimal(name)
}

fn last_label(name: &[u8]) -> &[u8] {
    name.rsplit(|byte| *byte == b'.').next().unwrap_or_default()
}
