//! A certificate's dNSName entry: an exact name, or a wildcard over one label.

use super::host::{DnsName, Host};
use super::idn;
use super::syntax::{self, NameFault};

/// Fewest labels behind a wildcard label. rustls-webpki, NSS and OpenSSL all refuse `*.com`.
const MIN_LABELS_BEHIND_WILDCARD: usize = 2;

/// A dNSName that clients will match: RFC 5280 section 4.2.1.6, RFC 9525 section 6.3.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Pattern {
    wildcard: bool,
    /// Lower case; without the `*.` of a wildcard.
    base: String,
    /// Whether it holds an underscore or two hyphens side by side: only then is anything to be
    /// tolerated.
    is_odd: bool,
}

/// What is wrong with a dNSName.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PatternFault {
    /// Not a DNS name (RFC 5280 section 4.2.1.6: preferred name syntax).
    #[error("it is not a DNS name: {0}")]
    Name(#[from] NameFault),
    /// It ends with a dot; certificates hold names without it.
    #[error("it ends with a dot")]
    TrailingDot,
    /// `*` as a part of a label, as in `www*.example.com` (RFC 9525 section 6.3).
    #[error("its wildcard is only a part of a label; it must be a whole label")]
    EmbeddedWildcard,
    /// `*` as a label that is not the first (RFC 9525 section 6.3).
    #[error("its wildcard is not the left-most label")]
    WildcardNotLeftmost,
    /// A wildcard with fewer than two labels behind it, as in `*` or `*.com`.
    #[error("its wildcard has fewer than two labels behind it")]
    WildcardTooBroad,
    /// An IP address as a name; addresses belong in an iPAddress entry (RFC 5280 section 4.2.1.6).
    #[error("it is an IP address, which belongs in an IP entry")]
    IpAddress,
    /// An underscore; tolerated by clients, forbidden to public CAs (BR 7.1.2.7.12).
    #[error("it holds an underscore")]
    Underscore,
    /// A label starts with `xn--` but does not decode (RFC 5890); tolerated by clients.
    #[error("a label starts with xn-- but is not a valid international label")]
    UndecodableLabel,
    /// Hyphens in third and fourth place without `xn`; reserved (RFC 5890 section 2.3.1), tolerated
    /// by clients, forbidden to public CAs (BR 7.1.2.7.12).
    #[error("a label has hyphens in third and fourth place, which is reserved")]
    ReservedLabel,
}

impl Pattern {
    /// Reads the bytes of a dNSName.
    ///
    /// # Errors
    /// The fault that keeps clients from matching it. Faults that clients tolerate are in
    /// [`Pattern::tolerated`].
    pub fn parse(raw: &[u8]) -> Result<Self, PatternFault> {
        let (wildcard, base) = match raw.strip_prefix(b"*.") {
            Some(base) => (true, base),
            None => (false, raw),
        };
        refuse_address(raw)?;
        refuse_stray_wildcard(base)?;
        if base.len() > 1 && base.ends_with(b".") && !base.ends_with(b"..") {
            return Err(PatternFault::TrailingDot);
        }
        syntax::check(base)?;
        if raw.len() > syntax::MAX_NAME_BYTES {
            return Err(NameFault::TooLong { bytes: raw.len() }.into());
        }
        if syntax::ends_in_decimal(base) {
            return Err(NameFault::EndsInNumber.into());
        }
        let labels = || base.split(|byte| *byte == b'.').count();
        if wildcard && labels() < MIN_LABELS_BEHIND_WILDCARD {
            return Err(PatternFault::WildcardTooBroad);
        }
        // ASCII only, as the syntax was checked.
        let base = String::from_utf8(base.to_ascii_lowercase()).unwrap_or_default();
        let is_odd = base.contains('_') || idn::has_two_hyphens(&base);
        Ok(Self {
            wildcard,
            base,
            is_odd,
        })
    }

    /// Whether it starts with `*.`.
    pub fn is_wildcard(&self) -> bool {
        self.wildcard
    }

    /// The name without its wildcard label, lower case.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// Faults that clients tolerate and public CAs may not make, in a fixed order, each once.
    pub fn tolerated(&self) -> Vec<PatternFault> {
        if !self.is_odd {
            return Vec::new();
        }
        let undecodable = idn(&self.base).is_some_and(|idn| idn.unicode.is_none());
        [
            (self.base.contains('_'), PatternFault::Underscore),
            (undecodable, PatternFault::UndecodableLabel),
            (
                self.base.split('.').any(is_reserved),
                PatternFault::ReservedLabel,
            ),
        ]
        .into_iter()
        .filter_map(|(seen, fault)| seen.then_some(fault))
        .collect()
    }

    /// Whether it covers this host: RFC 9525 section 6.3, as rustls-webpki does. A wildcard covers
    /// exactly one label. Only DNS names are covered; see [`super::Presented`] for the rest.
    pub fn matches(&self, host: &Host) -> bool {
        host.name().is_some_and(|name| self.covers(name))
    }

    pub(super) fn covers(&self, name: &DnsName) -> bool {
        if self.wildcard {
            name.ascii()
                .split_once('.')
                .is_some_and(|(_, rest)| rest == self.base)
        } else {
            name.ascii() == self.base
        }
    }
}

impl std::fmt::Display for Pattern {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.wildcard { "*." } else { "" })?;
        f.write_str(&self.base)
    }
}

fn refuse_address(raw: &[u8]) -> Result<(), PatternFault> {
    // No address ends in a letter, save those of IPv6, which hold colons.
    if !raw.contains(&b':') && !raw.last().is_some_and(u8::is_ascii_digit) {
        return Ok(());
    }
    let text = std::str::from_utf8(raw).unwrap_or_default();
    if super::address::from_text(text).is_some() {
        return Err(PatternFault::IpAddress);
    }
    Ok(())
}

/// `base` is what stands behind a leading `*.`: any further star is misplaced.
fn refuse_stray_wildcard(base: &[u8]) -> Result<(), PatternFault> {
    if !base.contains(&b'*') {
        return Ok(());
    }
    let mut labels = base.split(|byte| *byte == b'.');
    let Some(label) = labels.find(|label| label.contains(&b'*')) else {
        return Ok(());
    };
    Err(match label {
        b"*" if base.len() == 1 => PatternFault::WildcardTooBroad,
        b"*" => PatternFault::WildcardNotLeftmost,
        _ => PatternFault::EmbeddedWildcard,
    })
}

fn is_reserved(label: &str) -> bool {
    label.as_bytes().get(2..4) == Some(b"--") && !idn::is_ace(label)
}
