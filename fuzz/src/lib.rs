//! Properties that hold for every input: one function per untrusted input, each takes bytes and
//! panics where its property does not hold.
//!
//! A fuzz target feeds a function with what libFuzzer invents; the workspace's tests feed it with
//! the seeds in `corpus/`, on the stable toolchain. [`TARGETS`] ties the three together by name.

mod acme;
mod boundary;
mod caa;
mod check;
mod history;
mod import;
mod keys;
mod leaf;
mod material;
mod messages;
mod names;
mod oracle;
mod pairs;
mod pkcs12;
mod plans;
mod proxy_header;
mod read;
mod reload;
mod resolver;
mod service;
mod site;
mod zone;

pub use acme::acme;
pub use boundary::boundary;
pub use caa::caa;
pub use check::check;
pub use history::history;
pub use import::import_form;
pub use keys::keys;
pub use messages::messages;
pub use names::names;
pub use pkcs12::pkcs12;
pub use plans::plans;
pub use proxy_header::proxy_header;
pub use read::read;
pub use reload::reload;
pub use resolver::resolver;
pub use service::service;
pub use site::site;
pub use zone::zone;

/// A property over bytes.
pub type Property = fn(&[u8]);

/// Every target by name: a file in `fuzz_targets/`, a folder in `corpus/`, a `[[bin]]` in Cargo.toml.
pub const TARGETS: &[(&str, Property)] = &[
    ("acme", acme),
    ("boundary", boundary),
    ("caa", caa),
    ("check", check),
    ("history", history),
    ("import", import_form),
    ("keys", keys),
    ("messages", messages),
    ("names", names),
    ("pkcs12", pkcs12),
    ("plans", plans),
    ("proxy_header", proxy_header),
    ("read", read),
    ("reload", reload),
    ("resolver", resolver),
    ("service", service),
    ("site", site),
    ("zone", zone),
];

/// The password of whatever is protected in the seeds.
const PASSWORD: &[u8] = b"secret";
