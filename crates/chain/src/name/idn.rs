//! International names in both their forms (RFC 5890, UTS 46).

use idna::AsciiDenyList;
use idna::uts46::{Hyphens, Uts46};

/// Prefix of an A-label (RFC 5890 section 2.3.2.1).
const ACE_PREFIX: &str = "xn--";

/// An international name: at least one label is written as `xn--…`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Idn {
    /// The name in ASCII, as a certificate and the DNS hold it.
    pub ascii: String,
    /// The name as people write it. `None` when a label does not decode, or decodes to something
    /// UTS 46 refuses. Untrusted text: escape it before it is shown.
    pub unicode: Option<String>,
}

/// Both forms of an international name; `None` when no label of `name` is international, or when
/// it is not a DNS name in ASCII at all. A wildcard label in front is kept.
pub fn idn(name: &str) -> Option<Idn> {
    let bare = name.strip_prefix("*.").unwrap_or(name);
    if !has_two_hyphens(bare) {
        return None;
    }
    if !bare.split('.').any(is_ace) || super::syntax::check(bare.as_bytes()).is_err() {
        return None;
    }
    let ascii = name.to_ascii_lowercase();
    let (text, outcome) =
        Uts46::new().to_unicode(bare.as_bytes(), AsciiDenyList::EMPTY, Hyphens::Allow);
    let star = if bare.len() == name.len() { "" } else { "*." };
    let unicode = outcome.is_ok().then(|| format!("{star}{text}"));
    Some(Idn { ascii, unicode })
}

/// The A-label form of a name with characters outside ASCII.
pub(super) fn to_ascii(text: &str) -> Option<String> {
    idna::domain_to_ascii_cow(text.as_bytes(), AsciiDenyList::EMPTY)
        .ok()
        .map(std::borrow::Cow::into_owned)
}

/// Whether two hyphens stand side by side, as they do in every A-label.
pub(super) fn has_two_hyphens(name: &str) -> bool {
    name.as_bytes().windows(2).any(|pair| pair == b"--")
}

/// Whether a label claims to be an A-label.
pub(super) fn is_ace(label: &str) -> bool {
    label
        .get(..ACE_PREFIX.len())
        .is_some_and(|prefix| prefix.eq_ignore_ascii_case(ACE_PREFIX))
}
