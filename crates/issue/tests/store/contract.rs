//! What every store does, whatever it is made of.

use std::fs;

use keyway_issue::store::{
    Entry, Holding, Lease, LeaseError, MARGIN, Mirror, Mirrored, Order, Reading, Store, TERM,
    Taken, Version, Written, share,
};
use keyway_issue::{Identifier, KeyPair, Pairs};
use keyway_report::Timestamp;
use keyway_testkit::NOW;

use crate::pair;

/// The moment from which a lease that was taken now may be taken over.
pub(crate) const GONE: i64 = TERM + MARGIN + 1;

/// Holds a store, which has nothing yet, to all of it.
pub(crate) async fn kept(store: &dyn Store) {
    an_entry_is_written_where_it_is_the_one_that_was_read(store).await;
    a_version_that_is_known_is_not_read_again(store).await;
    a_lease_is_one_replicas_until_it_is_given_back(store).await;
    of_two_by_the_same_name_one_has_the_lease(store).await;
    who_vanishes_leaves_key_and_order_to_who_comes_next(store).await;
    who_wakes_up_after_its_lease_publishes_nothing(store).await;
    a_lease_that_is_renewed_lasts(store).await;
    a_holder_with_a_wrong_clock_does_not_hold_for_ever(store).await;
    an_attempt_that_failed_is_remembered_and_its_key_too(store).await;
    a_mirror_has_what_was_published_and_nothing_else(store).await;
    an_account_is_the_same_for_all(store).await;
    what_is_kept_is_listed(store).await;
}

pub(crate) async fn take<'a>(
    store: &'a dyn Store,
    name: &str,
    who: &str,
    seconds: i64,
) -> Lease<'a> {
    match Lease::take(store, name, who, at(seconds)).await.unwrap() {
        Taken::Lease(lease) => *lease,
        Taken::Held(holding) => panic!("{name} is held by {holding:?}"),
    }
}

async fn held(store: &dyn Store, name: &str, seconds: i64) -> Option<Holding> {
    match Lease::take(store, name, "curious", at(seconds)).await {
        Ok(Taken::Held(holding)) => Some(holding),
        _ => None,
    }
}

pub(crate) async fn found(store: &dyn Store, name: &str) -> (Entry, Version) {
    match store.read(name, None).await.unwrap() {
        Reading::Found(entry, version) => (*entry, version),
        other => panic!("{name}: {other:?}"),
    }
}

pub(crate) fn identifiers() -> [Identifier; 1] {
    [Identifier::parse("a.test").unwrap()]
}

async fn what_is_kept_is_listed(store: &dyn Store) {
    let entry = Entry {
        lease: 7,
        ..Entry::default()
    };
    let names = ["*.list.test+00ff", "list.test+00fe"];
    for name in names {
        let written = store.write(name, &entry, None).await.unwrap();
        assert!(matches!(written, Written::Done(_)), "{name}");
    }
    let listed = store.names().await.unwrap();
    let ours = listed.iter().filter(|name| name.contains("list.test+"));
    let mut count = 0;
    for name in ours {
        assert_eq!(found(store, name).await.0.lease, 7, "{name}");
        count += 1;
    }
    assert_eq!(count, names.len(), "{listed:?}");
}

fn is_lost(outcome: &Result<(), LeaseError>) -> bool {
    matches!(outcome, Err(LeaseError::Lost { .. }))
}

async fn an_entry_is_written_where_it_is_the_one_that_was_read(store: &dyn Store) {
    let name = "*.entry.test";
    assert!(matches!(
        store.read(name, None).await.unwrap(),
        Reading::Absent
    ));
    let entry = |lease| Entry {
        lease,
        ..Entry::default()
    };
    let Written::Done(first) = store.write(name, &entry(1), None).await.unwrap() else {
        panic!("nothing was there");
    };
    let again = store.write(name, &entry(2), None).await.unwrap();
    assert_eq!(again, Written::Conflict);
    let Written::Done(second) = store.write(name, &entry(3), Some(&first)).await.unwrap() else {
        panic!("it is the one that was written");
    };
    let late = store.write(name, &entry(4), Some(&first)).await.unwrap();
    assert_eq!(late, Written::Conflict);
    assert_eq!(found(store, name).await, (entry(3), second));
}

async fn a_version_that_is_known_is_not_read_again(store: &dyn Store) {
    let lease = take(store, "version.test", "a", 0).await;
    let (_, version) = found(store, "version.test").await;
    let read = store.read("version.test", Some(&version)).await.unwrap();
    assert!(matches!(read, Reading::Same), "{read:?}");
    lease.release(None).await.unwrap();
    let read = store.read("version.test", Some(&version)).await.unwrap();
    assert!(matches!(read, Reading::Found(..)), "{read:?}");
}

async fn a_lease_is_one_replicas_until_it_is_given_back(store: &dyn Store) {
    let lease = take(store, "lease.test", "replica one", 0).await;
    assert_eq!(lease.number(), 1);
    let holding = held(store, "lease.test", 1).await.unwrap();
    assert_eq!(holding.holder, "replica one");
    assert_eq!(holding.until, at(TERM));
    assert!(held(store, "lease.test", TERM + MARGIN).await.is_some());
    lease.release(None).await.unwrap();
    assert_eq!(
        take(store, "lease.test", "replica two", 2).await.number(),
        2
    );
}

async fn of_two_by_the_same_name_one_has_the_lease(store: &dyn Store) {
    let _lease = take(store, "twins.test", "curious", 0).await;
    assert!(held(store, "twins.test", 0).await.is_some());
}

async fn who_vanishes_leaves_key_and_order_to_who_comes_next(store: &dyn Store) {
    let mut lease = take(store, "gone.test", "a", 0).await;
    let key = lease.key(None).await.unwrap().serialize_pem();
    let order = Order::new("https://ca.test/order/1", &identifiers());
    lease.keep_order(&order).await.unwrap();
    drop(lease);
    let mut lease = take(store, "gone.test", "b", GONE).await;
    assert_eq!(lease.number(), 2);
    assert_eq!(lease.key(None).await.unwrap().serialize_pem(), key);
    assert_eq!(lease.order(&identifiers()), Some(order.url.as_str()));
    let others = [Identifier::parse("b.test").unwrap()];
    assert_eq!(lease.order(&others), None);
    lease.publish(&pair("new"), None).await.unwrap();
    let mut lease = take(store, "gone.test", "c", GONE).await;
    assert_eq!(lease.pair(), Some(&pair("new")));
    assert_eq!(lease.order(&identifiers()), None);
    assert_ne!(lease.key(None).await.unwrap().serialize_pem(), key);
}

async fn who_wakes_up_after_its_lease_publishes_nothing(store: &dyn Store) {
    let mut asleep = take(store, "fence.test", "a", 0).await;
    let mut awake = take(store, "fence.test", "b", GONE).await;
    let late = asleep.publish(&pair("late"), None).await;
    let told = late.as_ref().unwrap_err().to_string();
    assert!(is_lost(&late), "{told}");
    assert!(
        told.contains("lease 1") && told.contains("b has lease 2"),
        "{told}"
    );
    assert!(is_lost(&asleep.renew(at(GONE)).await));
    assert!(asleep.key(None).await.is_err());
    awake.publish(&pair("right"), None).await.unwrap();
    assert!(is_lost(&asleep.publish(&pair("late"), None).await));
    assert!(is_lost(&awake.publish(&pair("twice"), None).await));
    let (entry, _) = found(store, "fence.test").await;
    assert_eq!(entry.pair(), Some(&pair("right")));
    assert_eq!(entry.published.unwrap().generation, 1);
}

async fn a_lease_that_is_renewed_lasts(store: &dyn Store) {
    let mut lease = take(store, "renewed.test", "a", 0).await;
    lease.renew(at(TERM)).await.unwrap();
    assert!(held(store, "renewed.test", GONE).await.is_some());
    // Over, and nobody has taken it: what is there is not thrown away.
    lease.publish(&pair("slow"), None).await.unwrap();
    let (entry, _) = found(store, "renewed.test").await;
    assert_eq!(entry.pair(), Some(&pair("slow")));
}

async fn a_holder_with_a_wrong_clock_does_not_hold_for_ever(store: &dyn Store) {
    let years = 10 * 365 * 86_400;
    let _wrong = take(store, "clock.test", "a", years).await;
    assert_eq!(take(store, "clock.test", "b", 0).await.number(), 2);
}

async fn an_attempt_that_failed_is_remembered_and_its_key_too(store: &dyn Store) {
    let mut lease = take(store, "failed.test", "a", 0).await;
    let kept = KeyPair::generate().unwrap().serialize_pem();
    let key = lease.key(Some(&kept)).await.unwrap().serialize_pem();
    assert_eq!(key, kept);
    lease.release(Some("{\"failures\":1}")).await.unwrap();
    let mut lease = take(store, "failed.test", "b", 0).await;
    assert_eq!(lease.record(), Some("{\"failures\":1}"));
    assert_eq!(lease.key(None).await.unwrap().serialize_pem(), kept);
    lease.forget().await.unwrap();
    assert_ne!(lease.key(None).await.unwrap().serialize_pem(), kept);
    lease.publish(&pair("one"), None).await.unwrap();
    assert_eq!(found(store, "failed.test").await.0.record, None);
}

async fn a_mirror_has_what_was_published_and_nothing_else(store: &dyn Store) {
    let stage = tempfile::tempdir().unwrap();
    let pairs = Pairs::at(stage.path());
    let mut mirror = Mirror::of(pairs.clone(), "mirror.test");
    assert_eq!(mirror.follow(store).await.unwrap(), Mirrored::Nothing);
    for text in ["one", "two"] {
        let mut lease = take(store, "mirror.test", "a", 0).await;
        lease.key(None).await.unwrap();
        let before = mirror.follow(store).await.unwrap();
        assert!(!matches!(before, Mirrored::Put(_)), "{before:?}");
        lease.publish(&pair(text), None).await.unwrap();
        let put = mirror.follow(store).await.unwrap();
        assert_eq!(put, Mirrored::Put(pairs.places("mirror.test")));
        assert_eq!(mirror.follow(store).await.unwrap(), Mirrored::Same);
        assert_eq!(pairs.current("mirror.test").unwrap(), Some(pair(text)));
    }
    // Whoever begins anew, or lost its copy, has it again.
    let mut again = Mirror::of(pairs.clone(), "mirror.test");
    assert_eq!(again.follow(store).await.unwrap(), Mirrored::Same);
    fs::remove_dir_all(pairs.of("mirror.test")).unwrap();
    let put = mirror.follow(store).await.unwrap();
    assert!(matches!(put, Mirrored::Put(_)), "{put:?}");
}

async fn an_account_is_the_same_for_all(store: &dyn Store) {
    let stage = tempfile::tempdir().unwrap();
    let [one, two, three] = ["one", "two", "three"].map(|name| stage.path().join(name));
    let key = |folder: &std::path::Path| fs::read_to_string(folder.join("account.key")).ok();
    share(store, "ca.test", &one, false).await.unwrap();
    assert_eq!(key(&one), None);
    share(store, "ca.test", &one, true).await.unwrap();
    assert!(key(&one).is_some());
    share(store, "ca.test", &two, true).await.unwrap();
    assert_eq!(key(&two), key(&one));
    // One that had another before takes that of all, and no URL that belongs to its own.
    fs::create_dir(&three).unwrap();
    fs::write(three.join("account.key"), "its own").unwrap();
    fs::write(three.join("account.url"), "https://ca.test/account/3").unwrap();
    share(store, "ca.test", &three, true).await.unwrap();
    assert_eq!(key(&three), key(&one));
    assert!(!three.join("account.url").exists());
    // What a CA calls it is kept beside it.
    fs::write(one.join("account.url"), "https://ca.test/account/1").unwrap();
    share(store, "ca.test", &one, true).await.unwrap();
    assert!(one.join("account.url").exists());
}

/// What the tests take a moment from.
pub(crate) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_seconds(NOW).plus(seconds)
}
