//! The right to renew a name.
//!
//! A lease is a number, a holder and a moment at which it is over, in the entry that it is about. Taking it changes
//! the entry, so whatever an earlier holder still wants to write meets another version than the one that it read: it
//! looks again, sees that the lease is another's, and is told so. That needs no clock. What clocks decide is when a
//! holder that says nothing more counts as gone: clocks of replicas that differ by less than [`MARGIN`] never take a
//! lease from a holder that keeps to its term; clocks that differ by more cost an order at a CA, never a mixture of
//! two pairs, and never a pair that takes the place of a later one.

use aws_lc_rs::rand;
use keyway_report::Timestamp;
use rcgen::KeyPair;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{
    Asked, Entry, LeaseError, Order, Presence, Reading, Store, StoreError, Version, Written,
};
use crate::renewal::moment;
use crate::{Identifier, Pair};

/// How many seconds a lease lasts: twice as long as an order may take (`acme::order::PATIENCE`).
pub const TERM: i64 = 600;

/// For how many seconds a lease has been over before another replica takes it: by how much their clocks may differ.
pub const MARGIN: i64 = 60;

/// How often a change is begun anew when somebody else was quicker. Each time somebody got on.
const ATTEMPTS: usize = 8;

/// Who holds a lease.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Holding {
    /// For people: which replica.
    pub holder: String,
    /// Another one for each lease that is taken: two replicas of one name are two.
    pub token: String,
    /// When it is over, by the holder's clock.
    #[serde(deserialize_with = "moment::read")]
    pub until: Timestamp,
    /// Whether somebody else had the lock that tells who lives when it was taken: that the lock is free says nothing of
    /// its holder then.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_unlocked: bool,
}

impl Holding {
    /// That of somebody who is there and has not said so yet.
    fn unsaid(now: Timestamp) -> Self {
        Self {
            holder: "another process".to_owned(),
            token: String::new(),
            until: now,
            is_unlocked: false,
        }
    }

    /// Whether the holder counts as gone. One that says it holds on for longer than anybody may is one whose clock was
    /// wrong.
    pub fn is_over(&self, now: Timestamp) -> bool {
        now.since(self.until) > MARGIN || self.until.since(now) > TERM + MARGIN
    }
}

/// What came of asking for a lease.
#[derive(Debug)]
pub enum Taken<'a> {
    /// The lease.
    Lease(Box<Lease<'a>>),
    /// Somebody else has it.
    Held(Holding),
}

/// A lease that is held. Dropped without [`Lease::release`], it is over when its term is; in a folder, at once.
#[derive(Debug)]
pub struct Lease<'a> {
    store: &'a dyn Store,
    name: String,
    number: u64,
    token: String,
    entry: Entry,
    version: Version,
    /// Held until the lease is given back.
    #[allow(dead_code, reason = "held for what it does when it is dropped")]
    alone: Presence,
}

impl<'a> Lease<'a> {
    /// Asks for the lease of a name, for [`TERM`].
    ///
    /// # Errors
    /// The store cannot be used.
    pub async fn take(
        store: &'a dyn Store,
        name: &str,
        holder: &str,
        now: Timestamp,
    ) -> Result<Taken<'a>, StoreError> {
        let presence = store.presence(name)?;
        let is_alone = matches!(presence, Presence::Alone(_));
        let is_other = matches!(presence, Presence::Other);
        let mine = Holding {
            holder: holder.to_owned(),
            token: token()?,
            until: now.plus(TERM),
            is_unlocked: is_other,
        };
        let mut unanswered = None;
        for _ in 0..ATTEMPTS {
            let (mut entry, version) = match store.read(name, None).await? {
                Reading::Found(entry, version) => (*entry, Some(version)),
                Reading::Absent | Reading::Same => (Entry::default(), None),
            };
            let is_mine = entry.holding.as_ref() == Some(&mine);
            let version = match (entry.holding.take(), version) {
                // It was written, and the answer was lost.
                (Some(holding), Some(version)) if is_mine => {
                    entry.holding = Some(holding);
                    version
                }
                (Some(holding), _)
                    if (!is_alone || holding.is_unlocked) && !holding.is_over(now) =>
                {
                    return Ok(Taken::Held(holding));
                }
                // They are about to say so, or have just said that they are done.
                (None, _) if is_other => return Ok(Taken::Held(Holding::unsaid(now))),
                (_, version) => {
                    if let Some(error) = unanswered {
                        return Err(error);
                    }
                    entry.lease = entry.lease.saturating_add(1);
                    entry.holding = Some(mine.clone());
                    match store.write(name, &entry, version.as_ref()).await {
                        Ok(Written::Done(version)) => version,
                        Ok(Written::Conflict) => continue,
                        Err(error) => {
                            unanswered = Some(error);
                            continue;
                        }
                    }
                }
            };
            return Ok(Taken::Lease(Box::new(Self {
                store,
                name: name.to_owned(),
                number: entry.lease,
                token: mine.token,
                entry,
                version,
                alone: presence,
            })));
        }
        Err(busy(name))
    }

    /// Its number: greater than that of every lease of this name before.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// The pair that is served.
    pub fn pair(&self) -> Option<&Pair> {
        self.entry.pair()
    }

    /// How the last attempts ended, in the words of whoever kept that.
    pub fn record(&self) -> Option<&str> {
        self.entry.record.as_deref()
    }

    /// Holds it for another [`TERM`] from now.
    ///
    /// # Errors
    /// [`LeaseError`]
    pub async fn renew(&mut self, now: Timestamp) -> Result<(), LeaseError> {
        self.change(|entry| {
            if let Some(holding) = &mut entry.holding {
                holding.until = now.plus(TERM);
            }
        })
        .await
    }

    /// The key of an attempt before, whoever made it, or else this one, or else a new one (P-256); the store has it
    /// before it is given out.
    ///
    /// # Errors
    /// [`LeaseError`]
    pub async fn key(&mut self, kept: Option<&str>) -> Result<KeyPair, LeaseError> {
        let unusable = |source| StoreError::Key {
            place: self.name.clone(),
            source,
        };
        if let Some(asked) = &self.entry.asked {
            return Ok(KeyPair::from_pem(&asked.key).map_err(unusable)?);
        }
        let key = match kept {
            Some(pem) => KeyPair::from_pem(pem),
            None => KeyPair::generate(),
        };
        let key = key.map_err(unusable)?;
        let asked = Asked {
            key: Zeroizing::new(key.serialize_pem()),
            order: None,
        };
        self.change(|entry| entry.asked = Some(asked.clone()))
            .await?;
        Ok(key)
    }

    /// The order of an attempt before, whoever made it, where it was for just these.
    pub fn order(&self, identifiers: &[Identifier]) -> Option<&str> {
        let order = self.entry.asked.as_ref()?.order.as_ref()?;
        order.is_for(identifiers).then_some(order.url.as_str())
    }

    /// Keeps the order that goes with [`Lease::key`].
    ///
    /// # Errors
    /// [`LeaseError`]
    pub async fn keep_order(&mut self, order: &Order) -> Result<(), LeaseError> {
        self.change(|entry| {
            if let Some(asked) = &mut entry.asked {
                asked.order = Some(order.clone());
            }
        })
        .await
    }

    /// Forgets what has been asked for: a next attempt begins with another key and another order.
    ///
    /// # Errors
    /// [`LeaseError`]
    pub async fn forget(&mut self) -> Result<(), LeaseError> {
        self.change(|entry| entry.asked = None).await
    }

    /// Puts a pair in the place of the one that is served, forgets what had been asked for, keeps how it went, and
    /// gives the lease back, all at once. Where the store did not answer, the same may be tried again: it is done
    /// once.
    ///
    /// # Errors
    /// [`LeaseError`]; then another lease than this one decides what is served, or the store could not be used.
    pub async fn publish(&mut self, pair: &Pair, record: Option<&str>) -> Result<(), LeaseError> {
        self.change(|entry| {
            entry.publish(pair);
            entry.record = record.map(str::to_owned);
            entry.holding = None;
        })
        .await?;
        self.alone = Presence::Unknown;
        Ok(())
    }

    /// Gives it back, and keeps how it went where that is said.
    ///
    /// # Errors
    /// [`LeaseError`]
    pub async fn release(mut self, record: Option<&str>) -> Result<(), LeaseError> {
        self.change(|entry| {
            if let Some(record) = record {
                entry.record = Some(record.to_owned());
            }
            entry.holding = None;
        })
        .await
    }

    /// Changes the entry, for as long as it is this lease's.
    async fn change(&mut self, alter: impl Fn(&mut Entry)) -> Result<(), LeaseError> {
        for _ in 0..ATTEMPTS {
            self.owned()?;
            let before = self.entry.published.clone();
            let mut new = self.entry.clone();
            alter(&mut new);
            let written = self.store.write(&self.name, &new, Some(&self.version));
            let unanswered = match written.await {
                Ok(Written::Done(version)) => {
                    self.entry = new;
                    self.version = version;
                    return Ok(());
                }
                Ok(Written::Conflict) => None,
                Err(error) => Some(error),
            };
            let seen = match (
                self.store.read(&self.name, None).await,
                unanswered.is_some(),
            ) {
                (Ok(seen), _) => seen,
                (Err(_), true) => Reading::Same,
                (Err(error), false) => return Err(error.into()),
            };
            match seen {
                Reading::Found(entry, version) => {
                    self.entry = *entry;
                    self.version = version;
                }
                Reading::Absent => self.entry = Entry::default(),
                Reading::Same => {}
            }
            // It was written, and the answer was lost; since then, the next lease may have been taken.
            let is_published = new.published != before && self.entry.published == new.published;
            if self.entry == new || is_published {
                return Ok(());
            }
            if let Some(error) = unanswered {
                return Err(error.into());
            }
        }
        Err(busy(&self.name).into())
    }

    fn owned(&self) -> Result<(), LeaseError> {
        let holding = self.entry.holding.as_ref();
        if holding.is_some_and(|holding| holding.token == self.token) {
            return Ok(());
        }
        Err(LeaseError::Lost {
            name: self.name.clone(),
            number: self.number,
            now: self.entry.lease,
            by: holding
                .map_or("nobody", |holding| &holding.holder)
                .to_owned(),
        })
    }
}

fn busy(name: &str) -> StoreError {
    StoreError::Busy {
        place: name.to_owned(),
    }
}

fn token() -> Result<String, StoreError> {
    let mut bytes = [0; 16];
    rand::fill(&mut bytes).map_err(|_| StoreError::Random)?;
    Ok(format!("{:032x}", u128::from_be_bytes(bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_holder_counts_as_gone_after_its_term_and_a_margin_or_where_its_clock_was_wrong() {
        let until = Timestamp::from_seconds(1_000_000);
        let holding = Holding {
            holder: "a".to_owned(),
            token: "b".to_owned(),
            until,
            is_unlocked: false,
        };
        assert!(!holding.is_over(until));
        assert!(!holding.is_over(until.plus(MARGIN)));
        assert!(holding.is_over(until.plus(MARGIN + 1)));
        assert!(!holding.is_over(until.plus(-TERM - MARGIN)));
        assert!(holding.is_over(until.plus(-TERM - MARGIN - 1)));
    }
}
