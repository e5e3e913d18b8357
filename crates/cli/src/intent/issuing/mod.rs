//! Certificates that are made here, and renewed.

mod acme;
pub(crate) mod asked;
mod by_hand;
mod called;
mod covered;
mod former;
mod hook;
mod issuer;
mod keeping;
mod managed;
mod order;
mod permitted;
mod pinned;
mod planned;
mod preflight;
mod record;
mod records;
mod retained;
mod ways;

pub(crate) use by_hand::{request, signed};
pub(crate) use covered::covers;
pub(crate) use issuer::Issuer;
pub(crate) use keeping::Keeping;
pub(crate) use managed::{Folders, Managed, paired};
pub(crate) use order::{Done, Wish, fetched, renew, serves_on};
#[cfg(test)]
pub(crate) use permitted::Zone;
pub(crate) use permitted::{Authority, Barred};
pub(crate) use pinned::Pins;
pub(crate) use planned::{Planned, held_off, may_be_asked, tried_again};
pub(crate) use preflight::{Ahead, Answered, Obstacle, Seen, Why, look};
pub(crate) use retained::Retained;
pub(crate) use ways::{Foreseen, Shown, Unreserved};
