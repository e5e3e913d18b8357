//! Validity: from when, until when, how long.

pub mod expired;
pub mod expires_soon;
pub mod intermediate_expires_first;
pub mod inverted;
pub mod malformed;
pub mod not_yet_valid;
pub mod too_long;
pub mod too_long_public;
pub mod wrong_form;
