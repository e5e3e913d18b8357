//! Pairs of which something has gone wrong on disk: what is no pair is made anew.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

use std::fs;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use std::path::PathBuf;

use keyway_issue::{Pair, Pairs};
use tempfile::TempDir;
use zeroize::Zeroizing;

fn pair(text: &str) -> Pair {
    Pair {
        chain: format!("chain {text}"),
        key: Zeroizing::new(format!("key {text}")),
    }
}

/// A folder where a pair was put, and its `current`.
fn stage() -> (TempDir, Pairs, PathBuf) {
    let stage = tempfile::tempdir().unwrap();
    let pairs = Pairs::at(stage.path());
    pairs.put("a.test", &pair("old")).unwrap();
    let current = stage.path().join("a.test/current");
    (stage, pairs, current)
}

/// `current` as a copy makes it that follows links.
fn copied() -> (TempDir, Pairs, PathBuf) {
    let (stage, pairs, current) = stage();
    let target = current.canonicalize().unwrap();
    fs::remove_file(&current).unwrap();
    fs::create_dir(&current).unwrap();
    for name in ["fullchain.pem", "key.pem"] {
        fs::copy(target.join(name), current.join(name)).unwrap();
    }
    (stage, pairs, current)
}

#[test]
fn what_is_damaged_is_no_pair_and_the_next_takes_its_place() {
    let damages: [&dyn Fn(PathBuf); 7] = [
        &|current| fs::remove_dir_all(current.canonicalize().unwrap()).unwrap(),
        &|current| fs::remove_file(current.join("key.pem")).unwrap(),
        &|current| fs::write(current.join("key.pem"), b"\xff\xfe").unwrap(),
        &|current| fs::write(current.join("fullchain.pem"), vec![b'x'; 2 << 20]).unwrap(),
        &|current| {
            fs::remove_file(current.join("fullchain.pem")).unwrap();
            fs::create_dir(current.join("fullchain.pem")).unwrap();
        },
        &|current| {
            fs::remove_file(current.join("key.pem")).unwrap();
            drop(UnixListener::bind(current.join("key.pem")).unwrap());
        },
        &|current| {
            fs::remove_file(&current).unwrap();
            fs::write(current, "a file").unwrap();
        },
    ];
    for (number, damage) in damages.iter().enumerate() {
        let (_stage, pairs, current) = stage();
        damage(current);
        assert_eq!(pairs.current("a.test").unwrap(), None, "{number}");
        pairs.put("a.test", &pair("new")).unwrap();
        let held = pairs.current("a.test").unwrap();
        assert_eq!(held, Some(pair("new")), "{number}");
    }
}

#[test]
fn a_folder_in_the_place_of_the_link_is_read_and_replaced_by_a_link() {
    let (_stage, pairs, current) = copied();
    assert_eq!(pairs.current("a.test").unwrap(), Some(pair("old")));
    let places = pairs.put("a.test", &pair("new")).unwrap();
    assert_eq!(pairs.current("a.test").unwrap(), Some(pair("new")));
    assert_eq!(fs::read_to_string(places.key).unwrap(), "key new");
    assert!(current.is_symlink());
    // The one before stays, until the next is put.
    let folder = current.parent().unwrap().to_path_buf();
    let count = || fs::read_dir(&folder).unwrap().count();
    assert_eq!(count(), 3);
    pairs.put("a.test", &pair("newer")).unwrap();
    assert_eq!(pairs.current("a.test").unwrap(), Some(pair("newer")));
    assert_eq!(count(), 3);
}

/// What every step that takes the folder away leaves behind, when nothing follows it.
#[test]
fn a_crash_while_a_folder_is_replaced_leaves_the_old_pair_or_the_new_one() {
    let (_stage, pairs, current) = copied();
    let folder = current.parent().unwrap();
    fs::create_dir(folder.join("2")).unwrap();
    fs::write(folder.join("2/fullchain.pem"), "chain new").unwrap();
    fs::write(folder.join("2/key.pem"), "key new").unwrap();
    symlink("2", folder.join(".current-new")).unwrap();
    assert_eq!(pairs.current("a.test").unwrap(), Some(pair("old")));
    fs::rename(&current, folder.join("3")).unwrap();
    assert_eq!(pairs.current("a.test").unwrap(), Some(pair("new")));
    // So do those who follow the link.
    let chain = fs::read_to_string(pairs.places("a.test").chain);
    assert_eq!(chain.unwrap(), "chain new");
    pairs.put("a.test", &pair("newer")).unwrap();
    assert_eq!(pairs.current("a.test").unwrap(), Some(pair("newer")));
}

#[test]
fn what_the_system_refuses_is_an_error() {
    let (_stage, pairs, current) = stage();
    let key = current.join("key.pem");
    fs::remove_file(&key).unwrap();
    // It is refused to everybody, whatever their rights are.
    symlink("key.pem", &key).unwrap();
    pairs.current("a.test").unwrap_err();
}

#[test]
fn where_the_one_in_place_is_damaged_the_one_before_is_put_back() {
    let (_stage, pairs, current) = stage();
    pairs.put("a.test", &pair("new")).unwrap();
    let is_whole = |pair: &Pair| pair.key.starts_with("key ");
    let back = || pairs.put_back("a.test", is_whole).unwrap();
    assert_eq!(back(), None);
    for damage in ["", "\u{0}\u{0}"] {
        fs::write(current.join("key.pem"), damage).unwrap();
        assert_eq!(back(), Some(pair("old")));
        assert_eq!(pairs.current("a.test").unwrap(), Some(pair("old")));
        assert_eq!(back(), None);
        pairs.put("a.test", &pair("new")).unwrap();
    }
    assert_eq!(pairs.put_back("b.test", is_whole).unwrap(), None);
}
