//! Validity: from when, until when, how long.

pub mod expired;
