//! What is wrong with a CAA record, and what was probably meant.

use std::fmt;

use keyway_report::spelling;

use super::issuer::IssuerFault;
use super::meant;
use super::property::{CRITICAL, Property, Tag};

/// Letters that a tag may be off to be taken for a known one.
const MOST_OFF: usize = 2;

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wrong {
    /// The data is no CAA record.
    Unreadable,
    /// A bit of the flags that means nothing.
    Flags(u8),
    /// The tag has other characters than letters and digits.
    TagLetters,
    /// The tag is no known one, but nearly.
    TagSpelling(&'static str),
    /// Quotes that became a part of the value.
    Quotes,
    /// An address of the Web, where a domain belongs.
    Url,
    /// An address of mail, where a domain belongs.
    Mail,
    /// A `*.` in front of the CA's domain.
    Wildcard,
    /// A dot behind the CA's domain.
    Dot,
    /// A space in the CA's domain.
    Space,
    /// Several CAs in one record.
    Several,
    /// Parameters that no semicolon stands before.
    Semicolon,
    /// Anything else that is not of the grammar.
    Issuer(IssuerFault),
    /// A parameter that is no known one, but nearly.
    Parameter(&'static str),
    /// A parameter twice.
    Repeated(&'static str),
    /// The account is no URI.
    Account,
    /// A method that is no known one, but nearly.
    Method(&'static str),
    /// Where to report to is no URL.
    Scheme,
    /// Where to report to is a URL that nobody reports to.
    OtherScheme,
    /// Whom to ask is no address of mail.
    Contact,
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Self::Unreadable => "its data is not of the form of CAA",
            Self::Flags(flags) => {
                return write!(
                    f,
                    "the flags are {flags}, and only 0 and 128 (critical) mean something"
                );
            }
            Self::TagLetters => "its tag has other characters than letters and digits",
            Self::TagSpelling(meant) => {
                return write!(f, "no CA knows its tag, which is nearly {meant}");
            }
            Self::Quotes => "quotes are a part of its value",
            Self::Url => "a URL stands where the CA's domain belongs",
            Self::Mail => "an e-mail address stands where the CA's domain belongs",
            Self::Wildcard => "the CA's domain has *. in front; issuewild is for wildcards",
            Self::Dot => "the CA's domain has a dot at its end",
            Self::Space => "the CA's domain has a space in it",
            Self::Several => "it names several CAs; each has a record of its own",
            Self::Semicolon => "a parameter has no semicolon in front",
            Self::Issuer(fault) => return write!(f, "{fault}"),
            Self::Parameter(meant) => {
                return write!(f, "a parameter is not known, and is nearly {meant}");
            }
            Self::Repeated(tag) => {
                return write!(f, "it has {tag} more than once, which nobody meets");
            }
            Self::Account => "its accounturi is no URI",
            Self::Method(meant) => {
                return write!(f, "a validation method is not known, and is nearly {meant}");
            }
            Self::Scheme => "where to report to does not begin with mailto:, https:// or http://",
            Self::OtherScheme => "CAs report to mailto:, https:// and http:// only",
            Self::Contact => "whom to ask is no e-mail address",
        };
        f.write_str(text)
    }
}

/// A record that does not say what somebody meant by it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Malformed {
    /// What is wrong, at least one thing.
    pub wrong: Vec<Wrong>,
    /// The records that were probably meant; empty where nobody can tell.
    pub meant: Vec<Property>,
}

/// Says what is wrong with the data of a record; `None` where nothing is.
///
/// ```
/// use keyway_dns::caa::{Wrong, malformed};
///
/// let found = malformed(b"\0\x05issue\"letsencrypt.org\"").ok_or("all is well")?;
/// assert_eq!(found.wrong, [Wrong::Quotes]);
/// assert_eq!(found.meant[0].to_string(), "0 issue \"letsencrypt.org\"");
/// # Ok::<(), &str>(())
/// ```
pub fn malformed(data: &[u8]) -> Option<Malformed> {
    let Some(property) = Property::read(data) else {
        return Some(Malformed {
            wrong: vec![Wrong::Unreadable],
            meant: Vec::new(),
        });
    };
    let mut wrong = Vec::new();
    let mut fixed = property.clone();
    if property.flags & !CRITICAL != 0 {
        wrong.push(Wrong::Flags(property.flags));
        // Who counts bits from the right writes 1 for the first one.
        fixed.flags = if property.flags == 1 {
            CRITICAL
        } else {
            property.flags & CRITICAL
        };
    }
    let mut can_tell = true;
    if property.kind() == Tag::Unknown {
        if let Some(near) = nearest(&property.tag) {
            wrong.push(Wrong::TagSpelling(near));
            fixed.tag = near.as_bytes().to_vec();
        } else if !property.tag.iter().all(u8::is_ascii_alphanumeric) {
            wrong.push(Wrong::TagLetters);
            can_tell = false;
        }
    }
    let values = match fixed.kind() {
        Tag::Issue | Tag::IssueWild | Tag::IssueMail | Tag::IssueVmc => {
            meant::issuer(&fixed.value, &mut wrong)
        }
        Tag::Iodef => meant::report(&fixed.value, &mut wrong),
        Tag::ContactEmail => meant::mail(&fixed.value, &mut wrong),
        Tag::ContactPhone | Tag::Unknown => vec![fixed.value.clone()],
    };
    if wrong.is_empty() {
        return None;
    }
    let values = values.into_iter().filter(|_| can_tell);
    let meant = values.map(|value| Property {
        value,
        ..fixed.clone()
    });
    let meant = meant.collect();
    Some(Malformed { wrong, meant })
}

/// The known tag that was probably meant.
fn nearest(tag: &[u8]) -> Option<&'static str> {
    let text = std::str::from_utf8(tag).ok()?.to_ascii_lowercase();
    let letters: String = text.chars().filter(char::is_ascii_alphanumeric).collect();
    let known = Tag::KNOWN.map(|(_, name)| name);
    if let Some(name) = known.iter().find(|name| **name == letters) {
        return Some(name);
    }
    let begins = |name: &&&str| letters.starts_with(&name[..1]);
    let near = known.iter().filter(begins);
    let near = near.map(|name| (spelling::distance(&letters, name), *name));
    let near = near.filter(|(off, _)| *off <= MOST_OFF).min();
    let near = near.map(|(_, name)| name);
    near.or_else(|| letters.starts_with("issuewild").then_some("issuewild"))
}
