//! The core of a TLS terminator: what stands between clients and a service.
//!
//! A [`Site`] is one service as it is to be served: made of a service file, of certificates that were
//! checked, and of nothing else. A [`Server`] listens, shakes hands by the name that a client asks for,
//! and passes on what follows, as HTTP or byte for byte. [`Server::replace`] puts another site in its
//! place while connections stay open.
//!
//! | module | what |
//! | --- | --- |
//! | [`store`] | certificates by name: exact, wildcard, address; swapped while others read |
//! | [`protocol`] | versions, suites, groups, tickets and clients' certificates, as rustls takes them |
//! | [`site`] | a service, its limits and its upstreams, ready to serve |
//! | [`follow`] | when files that changed are read again |
//! | [`server`] | listeners, one group for each thread; replace, drain |
//! | [`observe`] | what happens, told to whoever embeds this |
//! | [`rules`] | why connections come to nothing, and what to do |
//! | [`metrics`] | the same, counted, for Prometheus |
//!
//! Certificates come as [`keyway_chain::Servable`], which only a check can make: an unchecked pair does
//! not compile.

mod admission;
mod aside;
mod connection;
pub mod follow;
mod held;
mod http;
mod listen;
pub mod metrics;
pub mod observe;
pub mod protocol;
mod proxy;
pub mod proxy_header;
mod relay;
pub mod rules;
pub mod server;
pub mod site;
pub mod store;
mod stream;
mod supplies;
mod tcp;
pub mod tickets;
mod upstream;
mod worker;

pub use listen::{Listener, Role};
pub use observe::Observer;
pub use server::{Bound, Pulse, Server, Stopped};
pub use site::{Site, SiteError};
pub use store::{CertificateStore, Entry, EntryError};
pub use supplies::{Answer, Challenges, Supplies};
