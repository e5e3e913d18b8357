//! moto, a stand-in for S3: what it answers to conditional writes.

use std::sync::Arc;

use keyway_issue::store::{Lease, Objects};
use keyway_testkit::moto::{BUCKET, Moto};

use crate::{contract, replicas, runtime};

/// What is there, below a prefix.
fn objects(moto: &Moto, prefix: &str) -> Objects {
    let settings = moto.settings();
    let settings = settings.iter().map(|(name, value)| (*name, value.as_str()));
    Objects::open(&format!("s3://{BUCKET}/{prefix}"), settings, &[]).unwrap()
}

#[test]
fn s3_keeps_the_contract() {
    let moto = Moto::start();
    let objects = objects(&moto, "one/prefix");
    runtime().block_on(contract::kept(&objects));
}

#[test]
fn three_replicas_share_what_s3_has() {
    let moto = Moto::start();
    replicas::share(&|| Arc::new(objects(&moto, "shared")));
}

#[test]
fn a_bucket_that_is_not_there_is_told_when_something_is_to_be_written() {
    let moto = Moto::empty();
    let objects = objects(&moto, "");
    let taken = runtime().block_on(Lease::take(&objects, "a.test", "one", contract::at(0)));
    let told = taken.unwrap_err().to_string();
    assert!(told.contains("404 Not Found: NoSuchBucket"), "{told}");
}
