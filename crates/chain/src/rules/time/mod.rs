//! Validity: from when, until when, how long.

pub mod expired;
pub mod expires_soon;
pub mod intermediate_expires_first;
pub mod inverted;
pub mod not_yet_valid;
pub mod too_long;
