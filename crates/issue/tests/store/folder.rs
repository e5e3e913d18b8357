//! A folder of this machine as a store.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::sync::Arc;

use keyway_issue::Pairs;
use keyway_issue::pending::Pending;
use keyway_issue::store::{Folder, Lease, MARGIN, Presence, Store as _, TERM, Taken, share};

use crate::contract::{self, at, found, take};
use crate::{pair, replicas, runtime};

fn folder(stage: &Path) -> Folder {
    Folder::at(Pairs::at(stage.join("certificates")), stage.join("acme"))
}

#[test]
fn a_folder_keeps_the_contract() {
    let stage = tempfile::tempdir().unwrap();
    runtime().block_on(contract::kept(&folder(stage.path())));
}

#[test]
fn three_replicas_share_a_folder() {
    let stage = tempfile::tempdir().unwrap();
    replicas::share(&|| Arc::new(folder(stage.path())));
}

#[test]
fn a_holder_that_ended_is_followed_at_once_and_one_that_lives_is_waited_for() {
    let stage = tempfile::tempdir().unwrap();
    let store = folder(stage.path());
    runtime().block_on(async {
        let lease = take(&store, "a.test", "one", 0).await;
        let asked = Lease::take(&store, "a.test", "two", at(1)).await.unwrap();
        assert!(matches!(asked, Taken::Held(_)), "{asked:?}");
        drop(lease);
        assert_eq!(take(&store, "a.test", "two", 1).await.number(), 2);
    });
}

#[test]
fn who_took_a_lease_from_one_that_does_nothing_keeps_it_when_that_one_ends() {
    let stage = tempfile::tempdir().unwrap();
    let store = folder(stage.path());
    runtime().block_on(async {
        let hangs = take(&store, "a.test", "one", 0).await;
        let later = TERM + MARGIN + 1;
        let lives = take(&store, "a.test", "two", later).await;
        assert_eq!(lives.number(), 2);
        // Its lock is free now, and says nothing of the other one.
        drop(hangs);
        let asked = Lease::take(&store, "a.test", "three", at(later + 1)).await;
        assert!(matches!(asked.unwrap(), Taken::Held(_)));
        lives.release(None).await.unwrap();
        assert_eq!(take(&store, "a.test", "three", later + 1).await.number(), 3);
    });
}

#[test]
fn who_is_about_to_take_a_lease_is_waited_for() {
    let stage = tempfile::tempdir().unwrap();
    let store = folder(stage.path());
    let presence = store.presence("a.test").unwrap();
    assert!(matches!(presence, Presence::Alone(_)));
    let taken = runtime().block_on(Lease::take(&store, "a.test", "other", at(0)));
    assert!(matches!(taken.unwrap(), Taken::Held(_)));
    drop(presence);
    runtime().block_on(async { take(&store, "a.test", "other", 0).await });
}

#[test]
fn what_was_there_before_any_lease_is_found() {
    let stage = tempfile::tempdir().unwrap();
    let pairs = Pairs::at(stage.path().join("certificates"));
    pairs.put("a.test", &pair("old")).unwrap();
    pairs.put("a.test", &pair("current")).unwrap();
    let pending = Pending::at(pairs.of("a.test").join("next"));
    let key = pending.key(None).unwrap().serialize_pem();
    pending.keep_order("https://ca.test/1", &contract::identifiers());
    fs::write(pairs.of("a.test").join("renewal.json"), "{}").unwrap();
    let store = folder(stage.path());
    runtime().block_on(async {
        let (entry, _) = found(&store, "a.test").await;
        assert_eq!((entry.lease, entry.published.unwrap().generation), (0, 2));
        assert_eq!(entry.record.as_deref(), Some("{}"));
        let mut lease = take(&store, "a.test", "one", 0).await;
        assert_eq!(lease.key(None).await.unwrap().serialize_pem(), key);
        let order = lease.order(&contract::identifiers());
        assert_eq!(order, Some("https://ca.test/1"));
        lease.publish(&pair("new"), None).await.unwrap();
    });
    assert_eq!(pairs.current("a.test").unwrap(), Some(pair("new")));
    assert_eq!(pending.order(&contract::identifiers()), None);
}

#[test]
fn what_a_crash_left_half_written_is_passed_over() {
    let stage = tempfile::tempdir().unwrap();
    let store = folder(stage.path());
    let pairs = Pairs::at(stage.path().join("certificates"));
    runtime().block_on(async {
        let mut lease = take(&store, "a.test", "one", 0).await;
        lease.publish(&pair("one"), None).await.unwrap();
        fs::create_dir(pairs.of("a.test").join("2")).unwrap();
        let mut lease = take(&store, "a.test", "two", 0).await;
        lease.publish(&pair("two"), None).await.unwrap();
        let (entry, _) = found(&store, "a.test").await;
        assert_eq!(entry.published.unwrap().generation, 3);
        take(&store, "a.test", "three", 0).await;
    });
}

#[test]
fn what_is_damaged_is_made_anew() {
    let stage = tempfile::tempdir().unwrap();
    let store = folder(stage.path());
    let of = stage.path().join("certificates/a.test");
    let accounts = stage.path().join("acme/ca.test");
    runtime().block_on(async {
        let mut lease = take(&store, "a.test", "one", 0).await;
        lease.publish(&pair("one"), None).await.unwrap();
        fs::remove_dir_all(of.join("1")).unwrap();
        fs::create_dir(of.join("next")).unwrap();
        fs::write(of.join("next/key.pem"), "").unwrap();
        let (entry, _) = found(&store, "a.test").await;
        assert!(entry.published.is_none() && entry.asked.is_none());
        let mut lease = take(&store, "a.test", "two", 0).await;
        lease.key(None).await.unwrap();
        lease.publish(&pair("two"), None).await.unwrap();
        assert_eq!(found(&store, "a.test").await.0.pair(), Some(&pair("two")));
        fs::create_dir_all(&accounts).unwrap();
        fs::write(accounts.join("account.key"), b"\xff").unwrap();
        fs::write(accounts.join("account.url"), "https://ca.test/1").unwrap();
        share(&store, "ca.test", &accounts, true).await.unwrap();
        let account = store.account("ca.test").await.unwrap().unwrap();
        assert!(account.key.contains("PRIVATE KEY"));
        assert_eq!(account.url, None);
    });
}

#[test]
fn what_is_no_file_is_not_opened_and_counts_as_none() {
    let stage = tempfile::tempdir().unwrap();
    let store = folder(stage.path());
    let of = stage.path().join("certificates/a.test");
    fs::create_dir_all(&of).unwrap();
    for name in ["renewal.json", "lease.json"] {
        drop(UnixListener::bind(of.join(name)).unwrap());
    }
    runtime().block_on(async {
        let lease = take(&store, "a.test", "one", 0).await;
        lease.release(Some("{}")).await.unwrap();
        assert_eq!(found(&store, "a.test").await.0.record.unwrap(), "{}");
    });
}

#[test]
fn a_lease_that_does_not_read_is_none_and_one_of_a_later_version_is_refused() {
    let stage = tempfile::tempdir().unwrap();
    let store = folder(stage.path());
    let of = stage.path().join("certificates/a.test");
    fs::create_dir_all(&of).unwrap();
    for damaged in ["", "{\"lease\":", "\u{0}\u{0}"] {
        fs::write(of.join("lease.json"), damaged).unwrap();
        runtime().block_on(async { take(&store, "a.test", "one", 0).await });
    }
    fs::write(of.join("lease.json"), "{\"lease\":1,\"sealed\":\"x\"}").unwrap();
    let refused = runtime().block_on(store.read("a.test", None)).unwrap_err();
    let told = refused.to_string();
    assert!(
        told.contains("lease.json") && told.contains("sealed"),
        "{told}"
    );
}

#[test]
fn a_folder_that_cannot_be_written_to_is_an_error_that_names_it() {
    let stage = tempfile::tempdir().unwrap();
    fs::write(stage.path().join("certificates"), "a file").unwrap();
    let store = folder(stage.path());
    let refused = runtime().block_on(Lease::take(&store, "a.test", "one", at(0)));
    let told = refused.unwrap_err().to_string();
    assert!(told.contains("certificates/a.test/lock"), "{told}");
}

#[test]
fn what_holds_a_key_is_for_its_owner_alone() {
    let stage = tempfile::tempdir().unwrap();
    let store = folder(stage.path());
    runtime().block_on(async {
        let mut lease = take(&store, "a.test", "one", 0).await;
        lease.key(None).await.unwrap();
        assert!(store.account("ca.test").await.unwrap().is_none());
    });
    let key = stage.path().join("certificates/a.test/next/key.pem");
    assert_eq!(key.metadata().unwrap().permissions().mode() & 0o777, 0o600);
}
