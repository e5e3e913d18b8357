/// `netscape-cert-type` (2.16.840.1.113730.1.1): what Netscape had before extKeyUsage. Each bit allows
/// what it names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NetscapeType(u8);

/// What the bits name, first bit first, in the words of OpenSSL's configuration.
const NAMES: [&str; 8] = [
    "client", "server", "email", "objsign", "reserved", "sslCA", "emailCA", "objCA",
];

impl NetscapeType {
    /// The first octet of the BIT STRING holds all bits; `None` where there is something else.
    pub(super) fn read(value: &[u8]) -> Option<Self> {
        match value {
            [0x03, 1, 0] => Some(Self(0)),
            [0x03, 2, unused @ 0..=7, bits] => Some(Self(bits & (0xff << unused))),
            [0x03, length @ 3..=0x7f, 0..=7, bits, rest @ ..]
                if usize::from(*length) == rest.len() + 2 =>
            {
                Some(Self(*bits))
            }
            _ => None,
        }
    }

    /// Whether it allows clients of TLS.
    pub const fn client(self) -> bool {
        self.0 & 0x80 != 0
    }

    /// Whether it allows servers of TLS.
    pub const fn server(self) -> bool {
        self.0 & 0x40 != 0
    }

    /// Whether it allows CAs for TLS.
    pub const fn authority(self) -> bool {
        self.0 & 0x04 != 0
    }

    /// What it allows, by name.
    pub fn names(self) -> Vec<&'static str> {
        let is_set = |bit: usize| self.0 & (0x80 >> bit) != 0;
        let named = NAMES.into_iter().enumerate();
        named
            .filter_map(|(bit, name)| is_set(bit).then_some(name))
            .collect()
    }
}
