//! Certificates by ACME (RFC 8555).
//!
//! ```text
//! Directory + kept key    -> Account     (the same key is the same account, whatever broke off before)
//! Account + Wanted        -> order -> authorizations -> Solvers present, the CA looks -> CSR -> chain
//! chain                   -> Issued      checked by whoever puts it in place
//! ```
//!
//! The protocol is instant-acme's. Ours is what it leaves to its user: a connection with bounds
//! ([`wire`]), who shows what the CA looks for ([`challenge`], [`http01`], [`tls_alpn01`]), patience with nonces
//! and servers that fail for a moment ([`patience`]), alternate chains, and errors that hold the facts ([`AcmeError`]).

pub mod account;
mod alternate;
pub mod answer;
mod binding;
pub mod challenge;
pub mod csr;
mod error;
pub mod http01;
mod looks;
pub mod order;
pub mod patience;
mod proof;
mod sockets;
pub mod tls_alpn01;
mod transport;
pub mod window;
pub mod wire;

pub use account::{Account, External};
pub use challenge::{Challenge, Kind, Solver, Unsolved};
pub use error::{AcmeError, Refusal, Step};
pub use looks::Looks;
pub use order::{Issued, Progress, Wanted, obtain};
pub use patience::Patience;
pub use sockets::Reserved;
pub use transport::Directory;
pub use window::Window;
pub use wire::{TransportError, Wire};
