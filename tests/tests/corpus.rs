//! Every seed of every fuzz target keeps its target's property, on the stable toolchain.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn fuzz() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz")
}

/// The names in a folder of `fuzz/`, without extensions.
fn names(folder: &str) -> BTreeSet<String> {
    let entries = fs::read_dir(fuzz().join(folder)).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    paths
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect()
}

#[test]
fn every_seed_keeps_its_targets_property() {
    for (target, property) in keyway_fuzz::TARGETS {
        for entry in fs::read_dir(fuzz().join("corpus").join(target)).unwrap() {
            let path = entry.unwrap().path();
            let replayed = std::panic::catch_unwind(|| property(&fs::read(&path).unwrap()));
            assert!(replayed.is_ok(), "{} breaks `{target}`", path.display());
        }
    }
}

#[test]
fn targets_properties_and_seeds_are_the_same_set() {
    let listed: BTreeSet<String> = keyway_fuzz::TARGETS
        .iter()
        .map(|(target, _)| (*target).to_owned())
        .collect();
    assert_eq!(names("fuzz_targets"), listed);
    assert_eq!(names("corpus"), listed);
}
