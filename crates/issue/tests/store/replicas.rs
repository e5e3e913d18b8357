//! Three replicas that share a store: one renews, all have the new pair.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier};
use std::thread;
use std::time::Duration;

use keyway_issue::store::{Entry, Lease, Mirror, Order, Store, Taken};
use keyway_issue::{Pair, Pairs};
use zeroize::Zeroizing;

use crate::contract::{GONE, at, found, identifiers, take};
use crate::register::Register;
use crate::{pair, runtime};

const NAME: &str = "shared.test";

/// How often a replica looks, and how long it waits between: ten seconds in all, where the rest is done in one.
const LOOKS: usize = 500;
const PAUSE: Duration = Duration::from_millis(20);

/// Opens the store that all share, for one of them.
type Open<'a> = &'a (dyn Fn() -> Arc<dyn Store> + Sync);

/// What the three did.
struct Outcome {
    /// How many certificates were made.
    issued: usize,
    /// What each has in its folder.
    served: Vec<Option<Pair>>,
    entry: Entry,
}

/// Three replicas, at this moment, for each of which `old` is due.
fn three(open: Open<'_>, folder: &Path, old: &Pair, now: i64) -> Outcome {
    let issued = AtomicUsize::new(0);
    let together = Barrier::new(3);
    let served = thread::scope(|scope| {
        let replica = |number: usize| {
            let (issued, together) = (&issued, &together);
            let pairs = Pairs::at(folder.join(number.to_string()));
            scope.spawn(move || {
                let store = open();
                together.wait();
                runtime().block_on(replica(&*store, &pairs, old, issued, now));
                pairs.current(NAME).unwrap()
            })
        };
        let running = [1, 2, 3].map(replica);
        let ended = running.map(|replica| replica.join().unwrap());
        ended.to_vec()
    });
    let entry = runtime().block_on(async { found(&*open(), NAME).await.0 });
    Outcome {
        issued: issued.into_inner(),
        served,
        entry,
    }
}

async fn replica(store: &dyn Store, pairs: &Pairs, old: &Pair, issued: &AtomicUsize, now: i64) {
    let mut mirror = Mirror::of(pairs.clone(), NAME);
    for _ in 0..LOOKS {
        mirror.follow(store).await.unwrap();
        if pairs.current(NAME).unwrap().as_ref() != Some(old) {
            return;
        }
        if let Taken::Lease(mut lease) = Lease::take(store, NAME, "one", at(now)).await.unwrap() {
            if lease.pair() == Some(old) {
                let key = lease.key(None).await.unwrap();
                issued.fetch_add(1, Ordering::Relaxed);
                tokio::time::sleep(PAUSE).await;
                let pair = Pair {
                    chain: format!("new, of lease {}", lease.number()),
                    key: Zeroizing::new(key.serialize_pem()),
                };
                lease.publish(&pair, None).await.unwrap();
            } else {
                lease.release(None).await.unwrap();
            }
        }
        tokio::time::sleep(PAUSE).await;
    }
    panic!("nobody renewed");
}

/// Three replicas at once, then a holder that vanishes in the middle and three who find what it left.
pub(crate) fn share(open: Open<'_>) {
    let stage = tempfile::tempdir().unwrap();
    let old = pair("old");
    runtime().block_on(async {
        let store = open();
        let mut lease = take(&*store, NAME, "first", 0).await;
        lease.publish(&old, None).await.unwrap();
    });
    let renewed = three(open, stage.path(), &old, 0);
    assert_eq!(renewed.issued, 1, "exactly one renews");
    let new = renewed.entry.pair().unwrap();
    assert_ne!(new, &old);
    for served in &renewed.served {
        assert_eq!(served.as_ref(), Some(new), "all serve the new one");
    }

    let order = Order::new("https://ca.test/order/7", &identifiers());
    let (key, number) = runtime().block_on(async {
        let store = open();
        let mut lease = take(&*store, NAME, "killed", 0).await;
        let key = lease.key(None).await.unwrap().serialize_pem();
        lease.keep_order(&order).await.unwrap();
        (key, lease.number())
    });
    let left = runtime().block_on(async { found(&*open(), NAME).await.0 });
    assert_eq!(left.asked.unwrap().order, Some(order));
    let finished = three(open, stage.path(), new, GONE);
    assert_eq!(finished.issued, 1, "one finishes");
    let newer = finished.entry.pair().unwrap();
    assert_eq!(*newer.key, key, "with the key of who began");
    assert!(finished.entry.lease > number);
    assert_eq!(finished.entry.asked, None);
    for served in &finished.served {
        assert_eq!(served.as_ref(), Some(newer), "all serve what it finished");
    }
}

#[test]
fn three_replicas_share_what_is_in_memory() {
    let store: Arc<dyn Store> = Arc::new(Register::default());
    share(&|| Arc::clone(&store));
}
