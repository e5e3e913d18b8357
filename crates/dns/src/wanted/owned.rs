//! Whose records are, of sets that several may share.

use super::{Wanted, data};
use crate::name::Name;
use crate::plan::Set;
use crate::rdata::Type;

/// A server's own key, by its SHA-256 (DANE-EE, RFC 7671, section 5.1): the pins that are made here.
const OWN_KEY: [u8; 3] = [3, 1, 1];

/// Whose a record is, of a set that several may share.
#[derive(Debug, PartialEq, Eq)]
struct Owner {
    /// What kind of record it is.
    tag: Vec<u8>,
    /// The CA that it is about, or what tells it from those of others.
    whose: Vec<u8>,
    /// The accounts at that CA; none where it is about all.
    accounts: Vec<Vec<u8>>,
}

impl Owner {
    /// Of data at a name; `None` where nobody else has a record there.
    fn of(name: &Name, kind: Type, data: &[u8]) -> Option<Self> {
        let label = name.to_string();
        match kind {
            Type::CAA => {
                let length = usize::from(*data.get(1)?);
                let (tag, value) = data.get(2..)?.split_at_checked(length)?;
                Some(Self::at_ca(tag.to_ascii_lowercase(), value))
            }
            Type::TXT if label.starts_with(data::STANDING) => {
                Some(Self::at_ca(Vec::new(), &strings(data)))
            }
            // Who asks a CA has a value of their own there (RFC 8555, section 8.4).
            Type::TXT if label.starts_with(data::CHALLENGE) => Some(Self::alone(data)),
            Type::TLSA if !data.starts_with(&OWN_KEY) => Some(Self::alone(data)),
            _ => None,
        }
    }

    /// Of one record, like no other.
    fn alone(data: &[u8]) -> Self {
        Self {
            tag: Vec::new(),
            whose: data.to_vec(),
            accounts: Vec::new(),
        }
    }

    /// `domain; accounturi=…; …` (RFC 8657, section 3).
    fn at_ca(tag: Vec<u8>, value: &[u8]) -> Self {
        let mut parts = value.split(|byte| *byte == b';').map(<[u8]>::trim_ascii);
        let whose = parts.next().unwrap_or_default().to_ascii_lowercase();
        let account = |part: &[u8]| {
            let at = part.iter().position(|byte| *byte == b'=')?;
            let (name, uri) = (part.get(..at)?, part.get(at + 1..)?);
            let is_account = name.trim_ascii().eq_ignore_ascii_case(b"accounturi");
            is_account.then(|| uri.trim_ascii().to_vec())
        };
        Self {
            tag,
            whose,
            accounts: parts.filter_map(account).collect(),
        }
    }

    fn is_beside(&self, other: &Self) -> bool {
        (&self.tag, &self.whose) == (&other.tag, &other.whose)
    }

    /// Whether whoever this is of may put a record in the place of another: one that is about all accounts is not somebody
    /// else's.
    fn replaces(&self, other: &Self) -> bool {
        let is_own = other.accounts.is_empty() || other.accounts == self.accounts;
        self.is_beside(other) && is_own
    }
}

/// The text of a TXT record: its strings, one after the other.
fn strings(mut data: &[u8]) -> Vec<u8> {
    let mut text = Vec::new();
    while let Some((&length, rest)) = data.split_first() {
        let (string, rest) = rest.split_at(usize::from(length).min(rest.len()));
        text.extend(string);
        data = rest;
    }
    text
}

impl Wanted {
    /// What a set is made into. A record is ours in CAA, and at `_validation-persist`, where it is about one of our accounts
    /// at one of our CAs, or about all at such a CA; at `_acme-challenge` where it is one of our values; and in TLSA where
    /// it pins a server's key. The others stay, and hold as before.
    pub fn after(&self, before: Option<&Set>) -> Option<Set> {
        if self.data.is_empty() && self.away.is_empty() {
            return None;
        }
        let mut data = self.data.clone();
        let theirs = before.into_iter().flat_map(|set| &set.data).cloned();
        let theirs = theirs.chain(self.taken_over(before));
        data.extend(theirs.filter(|one| self.is_elses(one) && !self.away.contains(one)));
        // A set of which only something goes keeps its TTL.
        let known = before.filter(|_| self.data.is_empty());
        let ttl = known.map_or(self.ttl, |set| set.ttl);
        (!data.is_empty()).then_some(Set { ttl, data })
    }

    /// Whether a set is as it has to be, whatever its TTL.
    pub fn is_met(&self, set: &Set) -> bool {
        if self.is_any {
            return set.data.is_subset(&self.data) && set.data.is_empty() == self.data.is_empty();
        }
        let after = self.after(Some(set));
        after.is_some_and(|after| after.data == set.data)
    }

    /// Says that what somebody else may have made of these sets goes, too. Of those of which only something goes, the rest
    /// stays.
    pub fn replace_others(wanted: &mut [Self]) {
        for want in wanted {
            if !want.data.is_empty() {
                want.is_alone = true;
            } else if want.kind == Type::CAA {
                // All that keeps a name from becoming an alias goes.
                want.away.clear();
            }
        }
    }

    /// Whether a record is somebody else's, and stays.
    pub(super) fn is_elses(&self, data: &[u8]) -> bool {
        let owner = |data: &[u8]| Owner::of(&self.name, self.kind, data);
        let Some(theirs) = owner(data).filter(|_| !self.is_alone) else {
            return false;
        };
        let mut own = self.data.iter().filter_map(|own| owner(own));
        !own.any(|own| own.replaces(&theirs))
    }

    /// Records that stay and may be of somebody else, where it takes a look to tell that they are not the service's: pins
    /// of another kind, and other accounts at a CA that is wanted.
    pub(crate) fn strangers<'s>(&self, set: &'s Set) -> Vec<&'s [u8]> {
        let owner = |data: &[u8]| Owner::of(&self.name, self.kind, data);
        let is_near = |theirs: &Owner| {
            let mut own = self.data.iter().filter_map(|own| owner(own));
            self.kind == Type::TLSA || own.any(|own| own.is_beside(theirs))
        };
        let data = set.data.iter().map(Vec::as_slice);
        let theirs = data.filter(|data| self.is_elses(data));
        theirs
            .filter(|data| owner(data).as_ref().is_some_and(is_near))
            .collect()
    }
}
