//! Public suffixes: the names under which strangers register theirs.

mod list;

use super::presented::Presented;
use super::syntax;

/// Which part of the Public Suffix List a suffix stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// Delegated by ICANN: `com`, `co.uk`. No CA may issue a wildcard directly under one
    /// (BR 3.2.2.6).
    Icann,
    /// A service's own name space: `s3.amazonaws.com`, `github.io`. Only the service may hold such
    /// a wildcard.
    Private,
}

/// A public suffix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicSuffix {
    /// The suffix, lower case.
    pub name: String,
    /// Where it is listed.
    pub section: Section,
}

/// The public suffix of a name, by Mozilla's list; `None` when nothing on the list applies or
/// `name` is not a DNS name in ASCII. A wildcard label and a trailing dot are passed over.
pub fn public_suffix(name: &str) -> Option<PublicSuffix> {
    let relative = name.strip_suffix('.').unwrap_or(name);
    let base = relative.strip_prefix("*.").unwrap_or(relative);
    syntax::check(base.as_bytes()).ok()?;
    let lower = base.to_ascii_lowercase();
    let (name, section) = listed(&lower)?;
    let name = name.to_owned();
    Some(PublicSuffix { name, section })
}

/// The public suffix of a DNS name that is in lower case and has no wildcard and no trailing dot.
///
/// The list's own algorithm (publicsuffix.org/list, "Formal Algorithm"): the longest rule wins, an
/// exception wins over all. Its last step, by which an unlisted top-level domain is a suffix, is left
/// out: nothing is known of such a name.
pub(crate) fn listed(name: &str) -> Option<(&str, Section)> {
    let mut key = String::with_capacity(name.len());
    let mut found = None;
    let mut below_wildcard = None;
    let mut end = name.len();
    for label in name.rsplit('.') {
        let start = end - label.len();
        let above = name.get(end + 1..);
        if !key.is_empty() {
            key.push(',');
        }
        key.push_str(label);
        if let Some(section) = below_wildcard.take() {
            found = Some((&name[start..], section));
        }
        let entry = list::entry(key.as_bytes());
        for mark in entry.marks.unwrap_or_default() {
            match *mark {
                list::PLAIN => found = Some((&name[start..], Section::Icann)),
                list::PRIVATE => found = Some((&name[start..], Section::Private)),
                list::WILDCARD => below_wildcard = Some(Section::Icann),
                list::PRIVATE_WILDCARD => below_wildcard = Some(Section::Private),
                list::EXCEPTION => return above.map(|above| (above, Section::Icann)),
                _ => return above.map(|above| (above, Section::Private)),
            }
        }
        if !entry.more && below_wildcard.is_none() {
            break;
        }
        end = start.saturating_sub(1);
    }
    found
}

/// The public suffix that a wildcard stands directly on, as `*.co.uk` or `*.s3.amazonaws.com` do.
pub fn wildcard_on_public_suffix(pattern: &str) -> Option<PublicSuffix> {
    let base = pattern.strip_prefix("*.")?;
    public_suffix(base).filter(|suffix| suffix.name.eq_ignore_ascii_case(base))
}

/// Whether there are public suffixes below a name, whether it is one itself or not: `ck` (for `*.ck`), `amazonaws.com`
/// (for `s3.amazonaws.com`). A wildcard label and a trailing dot are passed over.
pub fn has_public_suffixes_below(name: &str) -> bool {
    let relative = name.strip_suffix('.').unwrap_or(name);
    let base = relative.strip_prefix("*.").unwrap_or(relative);
    if syntax::check(base.as_bytes()).is_err() {
        return false;
    }
    let lower = base.to_ascii_lowercase();
    let key: Vec<&str> = lower.rsplit('.').collect();
    let entry = list::entry(key.join(",").as_bytes());
    let is_wildcard = |mark: &u8| matches!(*mark, list::WILDCARD | list::PRIVATE_WILDCARD);
    entry.more || entry.marks.unwrap_or_default().iter().any(is_wildcard)
}

/// [`wildcard_on_public_suffix`] for an entry of a certificate, which was read before.
pub(crate) fn suffix_under(entry: &Presented) -> Option<PublicSuffix> {
    match entry {
        Presented::Dns {
            pattern: Ok(pattern),
            ..
        } if pattern.is_wildcard() => {
            let (name, section) = listed(pattern.base())?;
            (name == pattern.base()).then(|| PublicSuffix {
                name: name.to_owned(),
                section,
            })
        }
        // `*.com`, which no client would match, covers strangers all the same.
        Presented::Dns {
            raw,
            pattern: Err(_),
        } => wildcard_on_public_suffix(std::str::from_utf8(raw).ok()?),
        _ => None,
    }
}
