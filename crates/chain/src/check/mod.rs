//! Checking: a bundle, the names asked for, a moment and anchors in; a [`Report`](crate::Report) out.
//!
//! The order of work:
//! 1. [`leaf`] picks the certificate that the server would show;
//! 2. [`judge`] asks rustls-webpki for a path, handing it each candidate path back through our own
//!    path rules, so that a path which only webpki accepts is passed over for a better one;
//! 3. when webpki refuses, [`graph`] finds the path that comes nearest, to be explained;
//! 4. the rules look at the certificates of the path, the path and the whole;
//! 5. [`verdicts`] joins their findings with the verifier's answer: the stricter one stands.

mod anchors;
mod breakage;
mod candidates;
mod constraints;
mod context;
mod examiner;
mod graph;
mod judge;
mod leaf;
mod listing;
mod ocsp;
mod options;
mod path;
mod reliance;
mod revocation;
mod served;
mod twins;
mod verdicts;
mod view;

pub use anchors::{Anchors, AnchorsError};
pub use options::{CheckOptions, Profile, Purpose, WARN_AT_PERCENT};
pub use path::{Gap, Node, Path};
pub use verdicts::Verdicts;

pub(crate) use anchors::contents;
pub(crate) use breakage::Breakage;
pub(crate) use constraints::{
    Cover, excludes, fault as constraint_fault, permits, text as name_text,
};
pub use context::check;
pub(crate) use context::{Context, PathView, Role, Subject};
pub(crate) use graph::signed_by;
pub use judge::Refusal;
pub use leaf::Choice;
pub(crate) use leaf::{carries, preferred, same_server};
pub(crate) use ocsp::{Standing, words};
pub(crate) use revocation::Coverage;
pub(crate) use served::served;
pub(crate) use view::counts_self_issued;
