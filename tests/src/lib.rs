//! What the tests share: readers of vectors and suites.

pub mod vectors;
