//! Replicas that go on in any order, with clocks that differ, and that vanish: a model of what can happen.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Waker};

use keyway_issue::store::{Entry, Lease, LeaseError, StoreError, Taken};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::contract::{GONE, at};
use crate::pair;
use crate::register::{Register, others_first};

const NAME: &str = "a.test";
const REPLICAS: usize = 4;

/// What happens next.
#[derive(Debug, Clone)]
enum Event {
    /// A replica gets a step further.
    Step(usize),
    /// Time passes, in seconds.
    Wait(i64),
    /// A replica is gone, and another begins in its place.
    Vanish(usize),
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        20 => (0..REPLICAS).prop_map(Event::Step),
        2 => (0..GONE).prop_map(Event::Wait),
        1 => (0..REPLICAS).prop_map(Event::Vanish),
    ]
}

/// What replicas were told.
#[derive(Default)]
struct Told {
    /// The leases by which something was published.
    published: RefCell<Vec<u64>>,
    /// What was refused as too late.
    refused: RefCell<BTreeSet<String>>,
    attempts: Cell<usize>,
}

/// Renews again and again, as if it was always due.
async fn replica(store: &Register, clock: &Cell<i64>, skew: i64, told: &Told) {
    loop {
        let now = || at(clock.get() + skew);
        let mut lease = match Lease::take(store, NAME, "replica", now()).await {
            Ok(Taken::Lease(lease)) => *lease,
            Ok(Taken::Held(_)) | Err(StoreError::Busy { .. } | StoreError::Late { .. }) => {
                others_first().await;
                continue;
            }
            Err(error) => panic!("{error}"),
        };
        told.attempts.set(told.attempts.get() + 1);
        let text = told.attempts.get().to_string();
        let attempt = async {
            lease.key(None).await?;
            others_first().await;
            lease.renew(now()).await?;
            others_first().await;
            lease.publish(&pair(&text), None).await
        };
        match attempt.await {
            Ok(()) => told.published.borrow_mut().push(lease.number()),
            Err(LeaseError::Lost { .. }) => {
                told.refused.borrow_mut().insert(pair(&text).chain);
            }
            Err(LeaseError::Store(StoreError::Busy { .. } | StoreError::Late { .. })) => {}
            Err(LeaseError::Store(error)) => panic!("{error}"),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn no_lease_publishes_twice_and_versions_only_grow(
        events in vec(event(), 1..400),
        skews in vec(-GONE..GONE, REPLICAS),
        loses in prop_oneof![Just(0), 2_usize..7],
    ) {
        let store = Register::losing(loses);
        let (clock, told) = (Cell::new(0), Told::default());
        let begin = |number: usize| -> Pin<Box<dyn Future<Output = ()> + '_>> {
            Box::pin(replica(&store, &clock, skews[number], &told))
        };
        let mut replicas: Vec<_> = (0..REPLICAS).map(begin).collect();
        let mut context = Context::from_waker(Waker::noop());
        for event in &events {
            match *event {
                Event::Step(number) => {
                    prop_assert!(replicas[number].as_mut().poll(&mut context).is_pending());
                }
                Event::Wait(seconds) => clock.set(clock.get() + seconds),
                Event::Vanish(number) => replicas[number] = begin(number),
            }
        }
        // The last one left finishes, whatever the others left behind.
        let before = told.published.borrow().len();
        clock.set(clock.get() + 3 * GONE);
        replicas.truncate(1);
        for _ in 0..200 {
            prop_assert!(replicas[0].as_mut().poll(&mut context).is_pending());
        }
        prop_assert!(told.published.borrow().len() > before);

        let history = store.history();
        let mut publishing = Vec::new();
        for pair in history.windows(2) {
            let [before, after] = pair else { continue };
            let generation = |entry: &Entry| {
                entry.published.as_ref().map_or(0, |published| published.generation)
            };
            prop_assert!(after.lease == before.lease || after.lease == before.lease + 1);
            prop_assert!(
                generation(after) == generation(before)
                    || generation(after) == generation(before) + 1
            );
            if generation(after) > generation(before) {
                publishing.push(after.lease);
            }
        }
        prop_assert!(publishing.is_sorted_by(|one, next| one < next), "{publishing:?}");
        for lease in &*told.published.borrow() {
            prop_assert!(publishing.contains(lease), "{lease} was told that it published");
        }
        // Where answers are lost, one that was published may be told that a later lease has taken over.
        for entry in history.iter().filter(|_| loses == 0) {
            if let Some(pair) = entry.pair() {
                prop_assert!(!told.refused.borrow().contains(&pair.chain), "{}", pair.chain);
            }
        }
    }
}
