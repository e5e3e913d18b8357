//! A store in memory, whose every step is one at which another replica may go on.

use std::collections::BTreeMap;
use std::future::{Future as _, poll_fn};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Waker};

use keyway_issue::store::{
    AccountKey, Answering, Entry, Presence, Reading, Store, StoreError, Version, Written,
};

/// Entries and accounts, and all that was ever written of them.
#[derive(Debug, Default)]
pub(crate) struct Register {
    entries: Mutex<BTreeMap<String, (u64, Entry)>>,
    accounts: Mutex<BTreeMap<String, AccountKey>>,
    history: Mutex<Vec<Entry>>,
    writes: AtomicUsize,
    /// Of how many writes one is done while its answer is lost: the client asks again and is told of a conflict, or
    /// asks no more.
    loses: usize,
}

impl Register {
    /// One that loses the answer of each n-th write; of none where that is 0.
    pub(crate) fn losing(loses: usize) -> Self {
        Self {
            loses,
            ..Self::default()
        }
    }

    /// All entries that were written, in their order.
    pub(crate) fn history(&self) -> Vec<Entry> {
        self.history.lock().unwrap().clone()
    }

    fn put(
        &self,
        name: &str,
        entry: &Entry,
        over: Option<&Version>,
    ) -> Result<Written, StoreError> {
        let mut entries = self.entries.lock().unwrap();
        let before = entries.get(name).map(|(version, _)| *version);
        let expected = over.map(|version| version.tag.parse().unwrap());
        if before != expected {
            return Ok(Written::Conflict);
        }
        let version = before.unwrap_or(0) + 1;
        entries.insert(name.to_owned(), (version, entry.clone()));
        self.history.lock().unwrap().push(entry.clone());
        let count = self.writes.fetch_add(1, Ordering::Relaxed) + 1;
        let lost = self.loses > 0 && count.is_multiple_of(self.loses);
        match count % 2 {
            0 if lost => Ok(Written::Conflict),
            1 if lost => Err(StoreError::Late {
                place: name.to_owned(),
                seconds: 30,
            }),
            _ => Ok(Written::Done(Version::new(version.to_string()))),
        }
    }
}

/// Lets somebody else go on.
pub(crate) async fn others_first() {
    let mut has_waited = false;
    poll_fn(|context| {
        if has_waited {
            return Poll::Ready(());
        }
        has_waited = true;
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

impl Store for Register {
    fn read<'a>(&'a self, name: &'a str, unless: Option<&'a Version>) -> Answering<'a, Reading> {
        Box::pin(async move {
            others_first().await;
            let entries = self.entries.lock().unwrap();
            Ok(match entries.get(name) {
                None => Reading::Absent,
                Some((version, entry)) => {
                    let version = Version::new(version.to_string());
                    if unless == Some(&version) {
                        Reading::Same
                    } else {
                        Reading::Found(Box::new(entry.clone()), version)
                    }
                }
            })
        })
    }

    fn names(&self) -> Answering<'_, Vec<String>> {
        Box::pin(async move { Ok(self.entries.lock().unwrap().keys().cloned().collect()) })
    }

    fn write<'a>(
        &'a self,
        name: &'a str,
        entry: &'a Entry,
        over: Option<&'a Version>,
    ) -> Answering<'a, Written> {
        Box::pin(async move {
            others_first().await;
            let written = self.put(name, entry, over);
            others_first().await;
            written
        })
    }

    fn account<'a>(&'a self, ca: &'a str) -> Answering<'a, Option<AccountKey>> {
        Box::pin(async move { Ok(self.accounts.lock().unwrap().get(ca).cloned()) })
    }

    fn keep_account<'a>(
        &'a self,
        ca: &'a str,
        account: &'a AccountKey,
    ) -> Answering<'a, AccountKey> {
        Box::pin(async move {
            let mut accounts = self.accounts.lock().unwrap();
            let kept = accounts.entry(ca.to_owned());
            Ok(kept.or_insert_with(|| account.clone()).clone())
        })
    }

    fn presence(&self, _: &str) -> Result<Presence, StoreError> {
        Ok(Presence::Unknown)
    }
}

#[test]
fn an_answer_that_is_lost_is_found_again() {
    for loses in 1..4 {
        let register = Register::losing(loses);
        crate::runtime().block_on(async {
            for number in 1..6 {
                let mut lease = crate::contract::take(&register, "a.test", "one", 0).await;
                assert_eq!(lease.number(), number);
                lease.key(None).await.unwrap();
                let pair = crate::pair(&number.to_string());
                lease.publish(&pair, None).await.unwrap();
            }
        });
        // Each was done once.
        assert_eq!(register.history().len(), 15);
    }
}

#[test]
fn what_was_published_is_not_called_late_when_the_next_lease_is_taken_at_once() {
    let register = Register::losing(2);
    crate::runtime().block_on(async {
        let mut lease = crate::contract::take(&register, "a.test", "one", 0).await;
        let pair = crate::pair("one");
        let mut publishing = Box::pin(lease.publish(&pair, None));
        let mut context = Context::from_waker(Waker::noop());
        // It lets others go on before it writes, and before it hears nothing.
        for _ in 0..2 {
            assert!(publishing.as_mut().poll(&mut context).is_pending());
        }
        let next = crate::contract::take(&register, "a.test", "two", 0).await;
        assert_eq!(next.pair(), Some(&pair));
        publishing.await.unwrap();
    });
}

#[test]
fn the_store_that_stands_in_for_others_is_one() {
    crate::runtime().block_on(crate::contract::kept(&Register::default()));
}
