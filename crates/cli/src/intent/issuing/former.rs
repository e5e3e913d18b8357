//! What a store has for some of the hosts of a certificate, where it has nothing for all of them yet. A replica that begins has
//! nothing else to serve meanwhile.

use keyway_issue::store::{Reading, Store, StoreError};
use keyway_issue::{Identifier, Pair};
use keyway_report::Timestamp;

use super::covered::{hosts_of, parted};
use super::managed::{Managed, STAGED, paired};
use super::record::{Made, Record};
use crate::intent::moment;

/// Most entries that are read, the likely ones first.
const MOST_READ: usize = 100;

/// A pair for some of the hosts, and what it was made for: the one for most of them, by the same CA where there is one. Nobody
/// depends on it, so that a store that does not say what it has, as it lets nobody list it, has none.
pub(super) async fn former(store: &dyn Store, managed: &Managed) -> Option<(Pair, Made)> {
    let now = moment(None).ok()?;
    let mut names = store.names().await.ok()?;
    names.retain(|name| !name.contains(STAGED));
    names.sort_by_cached_key(|name| (!is_likely(name, managed), name.clone()));
    let mut found: Option<((bool, usize, Timestamp), Pair, Made)> = None;
    for name in names.iter().take(MOST_READ) {
        let entry = match store.read(name, None).await {
            Ok(Reading::Found(entry, _)) => entry,
            Ok(Reading::Absent | Reading::Same)
            | Err(StoreError::Unreadable { .. } | StoreError::TooBig { .. }) => continue,
            Err(_) => break,
        };
        let made = Record::read(entry.record.as_deref()).made;
        let (Some(pair), Some(made)) = (entry.pair(), made) else {
            continue;
        };
        let Some(certificate) = paired(pair).filter(|it| now <= it.not_after) else {
            continue;
        };
        let (served, _) = parted(&managed.hosts, &hosts_of(&certificate));
        let is_same_ca = made.by == managed.wanted.by;
        let worth = (is_same_ca, served.len(), certificate.not_after);
        let is_better = found.as_ref().is_none_or(|(best, ..)| *best < worth);
        if !served.is_empty() && is_better {
            found = Some((worth, pair.clone(), made));
        }
    }
    found.map(|(_, pair, made)| (pair, made))
}

/// Whether an entry is called after a host that is wanted.
fn is_likely(name: &str, managed: &Managed) -> bool {
    let Some((first, _)) = name.rsplit_once('+') else {
        return false;
    };
    let first = match first.strip_prefix("_.") {
        Some(rest) => format!("*.{rest}"),
        None => first.to_owned(),
    };
    Identifier::parse(&first).is_ok_and(|first| !parted(&managed.hosts, &[first]).0.is_empty())
}
