//! What the tests share: readers of vectors and suites.
// Only tests call this: a suite that cannot be read is the failure of that test.
#![allow(clippy::missing_panics_doc)]

pub mod heap;
pub mod loopback;
pub mod services;
pub mod suites;
pub mod vectors;
