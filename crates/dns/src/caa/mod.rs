//! Which CAs may issue for a name (RFC 8659), for which account and by which method (RFC 8657).
//!
//! ```text
//! name -> climb (name by name, aliases followed; who looks up is the caller) -> Climbed
//! Climbed + Request -> judge                                                  -> Judgement (verdict, reason, change)
//! Climbed + Judgement + Dnssec -> check -> rules                              -> findings
//! ```
//!
//! - [`Property`] is what one record says, [`Issuer`] what stands in `issue` and `issuewild`.
//! - [`Climb`] says which name is to be looked up next, and ends where records are found.
//! - [`judge`] says whether a CA may issue, what decides it, and the smallest change that would let it.
//! - [`malformed`] says what is wrong with a record, and what was probably meant.

mod change;
mod check;
mod climb;
mod issuer;
mod judge;
mod malformed;
mod meant;
mod property;
mod signed;

pub use change::{Change, Step};
pub use check::{Finding, MAX_RECORDS, check};
pub(crate) use check::{shut_out, told};
pub use climb::{Climb, Climbed, End, Failed, Found, Lookup, MAX_ALIASES, MAX_LOOKUPS, Visit};
pub use issuer::{Issuer, IssuerFault, MAX_PARAMETERS, Parameter, is_domain};
pub use judge::{Judgement, Limit, Reason, Request, RequestFault, judge};
pub use malformed::{Malformed, Wrong, malformed};
pub use property::{CRITICAL, Property, Tag, record_text};
pub use signed::Dnssec;
