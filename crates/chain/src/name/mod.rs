//! Names: what a person asks for, what a certificate presents, and whether the two meet.
//!
//! - [`Host`] is what was typed: a DNS name, an address, or text that is neither.
//! - [`Presented`] is one entry of a certificate's subjectAltName; a [`Pattern`] is a sound one.
//! - [`Mismatch`] says why an entry does not cover a host, [`nearest`] which entries come closest.
//! - [`public_suffix`] and [`internal`] place a name in the world: who owns what is above it,
//!   and whether the public DNS can know it at all.
//!
//! A host that is a DNS name is matched as RFC 9525 section 6.3 and rustls-webpki do it, with one
//! exception: a name that was typed with its trailing dot meets an entry that has it too. A host that
//! is *not* a valid DNS name (`*.example.com`, `my server`) has no labels to reason about, so it is
//! compared with the entry's text as a whole, letter case aside; wildcards expand for it only where a
//! hyphen at the end of a label is all that is wrong (`a-.example.com`). Go and Node answer the same.
//! rustls-webpki refuses the one and cannot be asked about the other, so neither is ever `accepted`.

mod address;
mod distance;
mod host;
mod idn;
mod internal;
mod mismatch;
mod nearest;
mod paste;
mod pattern;
mod presented;
mod suffix;
mod syntax;

pub use address::{IpFault, ReservedRange, ip_san, reserved_range};
pub use distance::MAX_EDIT_DISTANCE;
pub use host::{DnsName, Host, Literal, MAX_HOST_BYTES};
pub use idn::{Idn, idn};
pub(crate) use internal::internal_entry;
pub use internal::{Internal, internal};
pub use mismatch::Mismatch;
pub use nearest::{MAX_NEAREST, nearest};
pub use paste::HostError;
pub use pattern::{Pattern, PatternFault};
pub use presented::Presented;
pub use suffix::{
    PublicSuffix, Section, has_public_suffixes_below, public_suffix, wildcard_on_public_suffix,
};
pub(crate) use suffix::{listed, suffix_under};
pub use syntax::{MAX_LABEL_BYTES, MAX_NAME_BYTES, NameFault};
