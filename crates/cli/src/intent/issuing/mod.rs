//! Certificates that are made here, and renewed.

mod acme;
pub(crate) mod asked;
mod covered;
mod hook;
mod managed;
mod order;
mod preflight;
mod records;
mod ways;

pub(crate) use covered::covers;
pub(crate) use managed::{Issuer, Managed, paired};
pub(crate) use order::{Done, Planned, Wish, held_off, renew, request, signed, tried_again};
pub(crate) use preflight::{Answered, Obstacle, Seen, look};
pub(crate) use ways::{Shown, kinds};
