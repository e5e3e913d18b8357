//! Names that the public DNS cannot know, so that no public CA may certify them.

use super::presented::Presented;
use super::suffix::listed;
use super::syntax;

/// Why a name is internal: BR 1.6.1, "Internal Name"; BR 7.1.2.7.12 forbids it in public certificates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Internal {
    /// One label only, as in `intranet`.
    SingleLabel,
    /// It ends in a name set aside for other uses.
    SpecialUse {
        /// The ending, without a leading dot.
        suffix: &'static str,
        /// Where it was set aside.
        source: &'static str,
    },
    /// Its last label is no top-level domain on the Public Suffix List that is compiled in.
    UnknownTopLevel,
}

const SPECIAL_USE: &[(&str, &str)] = &[
    ("alt", "RFC 9476"),
    ("corp", "RFC 6762 appendix G"),
    ("example", "RFC 6761 section 6.5"),
    ("home", "RFC 6762 appendix G"),
    ("home.arpa", "RFC 8375"),
    ("internal", "ICANN board resolution of 29 July 2024"),
    ("intranet", "RFC 6762 appendix G"),
    ("invalid", "RFC 6761 section 6.4"),
    ("lan", "RFC 6762 appendix G"),
    ("local", "RFC 6762 section 3"),
    ("localhost", "RFC 6761 section 6.3"),
    ("private", "RFC 6762 appendix G"),
    ("test", "RFC 6761 section 6.2"),
];

/// Whether a name is internal, and why. `None` for public names and for text that is not a DNS name
/// in ASCII. A wildcard label and a trailing dot are passed over. For addresses see
/// [`super::reserved_range`].
pub fn internal(name: &str) -> Option<Internal> {
    let relative = name.strip_suffix('.').unwrap_or(name);
    let base = relative
        .strip_prefix("*.")
        .unwrap_or(relative)
        .to_ascii_lowercase();
    if syntax::check(base.as_bytes()).is_err() || syntax::ends_in_number(base.as_bytes()) {
        return None;
    }
    of_name(&base, relative.contains('.'))
}

/// The same for an entry of a certificate, which was read before.
pub(crate) fn internal_entry(entry: &Presented) -> Option<Internal> {
    match entry {
        Presented::Dns {
            pattern: Ok(pattern),
            ..
        } => of_name(
            pattern.base(),
            pattern.is_wildcard() || pattern.base().contains('.'),
        ),
        Presented::Dns {
            raw,
            pattern: Err(_),
        } => internal(std::str::from_utf8(raw).ok()?),
        Presented::Ip { .. } => None,
    }
}

/// `base` is a DNS name in lower case, without wildcard label and trailing dot.
fn of_name(base: &str, has_dot: bool) -> Option<Internal> {
    let top = base.rsplit('.').next().unwrap_or(base);
    // Nearly all names end here: of the top-level domains that exist, only .arpa has a part set aside.
    if has_dot && top != "arpa" && listed(top).is_some() {
        return None;
    }
    let special = SPECIAL_USE.iter().find(|(suffix, _)| ends_in(base, suffix));
    if let Some((suffix, source)) = special {
        return Some(Internal::SpecialUse { suffix, source });
    }
    if !has_dot {
        return Some(Internal::SingleLabel);
    }
    listed(base).is_none().then_some(Internal::UnknownTopLevel)
}

fn ends_in(name: &str, suffix: &str) -> bool {
    name.strip_suffix(suffix)
        .is_some_and(|front| front.is_empty() || front.ends_with('.'))
}
