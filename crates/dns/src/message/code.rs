//! What became of a question or an update.

use std::fmt;

/// A response code (RFC 6895, section 2.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Code(u16);

impl Code {
    /// It was done.
    pub const NOERROR: Self = Self(0);
    /// The server did not understand.
    pub const FORMERR: Self = Self(1);
    /// The server could not.
    pub const SERVFAIL: Self = Self(2);
    /// There is no such name.
    pub const NXDOMAIN: Self = Self(3);
    /// The server does not do this.
    pub const NOTIMP: Self = Self(4);
    /// The server does not do this for whoever asks.
    pub const REFUSED: Self = Self(5);
    /// A name exists that must not (RFC 2136, section 2.2).
    pub const YXDOMAIN: Self = Self(6);
    /// A set of records exists that must not.
    pub const YXRRSET: Self = Self(7);
    /// A set of records does not exist that must.
    pub const NXRRSET: Self = Self(8);
    /// The server does not speak for the zone; or whoever asks may not (RFC 8945, section 5.2).
    pub const NOTAUTH: Self = Self(9);
    /// A name is not in the zone.
    pub const NOTZONE: Self = Self(10);
    /// The signature is not that of the key (RFC 8945, section 3).
    pub const BADSIG: Self = Self(16);
    /// The server does not know the key.
    pub const BADKEY: Self = Self(17);
    /// The clocks differ.
    pub const BADTIME: Self = Self(18);
    /// The signature is cut too short.
    pub const BADTRUNC: Self = Self(22);

    /// The code of a number.
    pub const fn of(code: u16) -> Self {
        Self(code)
    }

    /// Its number.
    pub const fn number(self) -> u16 {
        self.0
    }

    /// Whether a server says by it that what an update starts from is not so (RFC 2136, section 3.2.5).
    pub fn is_unmet(self) -> bool {
        [Self::NXDOMAIN, Self::YXDOMAIN, Self::YXRRSET, Self::NXRRSET].contains(&self)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match *self {
            Self::NOERROR => "NOERROR",
            Self::FORMERR => "FORMERR",
            Self::SERVFAIL => "SERVFAIL",
            Self::NXDOMAIN => "NXDOMAIN",
            Self::NOTIMP => "NOTIMP",
            Self::REFUSED => "REFUSED",
            Self::YXDOMAIN => "YXDOMAIN",
            Self::YXRRSET => "YXRRSET",
            Self::NXRRSET => "NXRRSET",
            Self::NOTAUTH => "NOTAUTH",
            Self::NOTZONE => "NOTZONE",
            Self::BADSIG => "BADSIG",
            Self::BADKEY => "BADKEY",
            Self::BADTIME => "BADTIME",
            Self::BADTRUNC => "BADTRUNC",
            Self(number) => return write!(f, "RCODE {number}"),
        };
        f.write_str(name)
    }
}
