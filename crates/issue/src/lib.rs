//! Certificates that are made: by a development CA of one's own, by a CA that speaks ACME, and where pairs are kept.
//!
//! | module | what |
//! | --- | --- |
//! | [`identifier`] | what a certificate is asked for: names, wildcards, addresses |
//! | [`acme`] | certificates of public CAs (RFC 8555): accounts, orders, what is shown to a CA |
//! | [`dev`] | a CA for development, which can vouch for nothing that others own |
//! | [`pairs`] | pairs of certificate and key on disk: the old one or the new one, never a mixture |
//! | [`pending`] | what has been asked for, and is not there yet |
//! | [`renewal`] | when a certificate is due, and when to try again what failed |
//! | [`store`] | what replicas share: pairs, what has been asked for, and the right to renew |
//!
//! Nothing here reads the clock: who asks says what moment it is. What the development CA makes has been checked by
//! `keyway-chain` before anybody is given it; what a public CA sends is checked by whoever puts it in place.
//!
//! # A certificate, and when to renew it
//!
//! The key is the caller's, who keeps it before it is asked for. Here the CA looks for files below a folder that some
//! server has at `/.well-known/acme-challenge/`.
//!
//! ```no_run
//! use std::future::pending;
//! use std::path::Path;
//!
//! use keyway_issue::acme::http01::Answers;
//! use keyway_issue::acme::{Account, Directory, Patience, Progress, Wanted, obtain, order};
//! use keyway_issue::renewal::{History, Next, Validity, spread};
//! use keyway_issue::Identifier;
//! # use keyway_chain::x509::Certificate;
//! # use keyway_report::Timestamp;
//! # use rustls_pki_types::CertificateDer;
//!
//! # fn keep(_: &str) {}
//! # type Leaf = fn(&str) -> Certificate;
//! # async fn get(roots: Vec<CertificateDer<'static>>, leaf: Leaf, now: Timestamp) -> Result<(), Box<dyn std::error::Error>> {
//! let directory = Directory {
//!     url: "https://acme-staging-v02.api.letsencrypt.org/directory".to_owned(),
//!     roots,
//! };
//! // The same folder is the same account.
//! let account = Account::open(&directory, Path::new("state/account"), &[], None).await?;
//!
//! let identifiers = [Identifier::parse("www.example.com")?];
//! let key = rcgen::KeyPair::generate()?;
//! keep(&key.serialize_pem());
//! let wanted = Wanted {
//!     identifiers: &identifiers,
//!     key: &key,
//!     profile: None,
//!     replaces: None,
//!     issuer: None,
//!     order: None,
//!     led: &[],
//!     may_miss: usize::MAX,
//! };
//! let answers = Answers::at("/srv/www/acme-challenge");
//! let patience = Patience::of(order::PATIENCE);
//! let told = |told: Progress<'_>| {
//!     if let Progress::Begun(url) = told {
//!         keep(url);
//!     }
//! };
//! let issued = obtain(&account, &wanted, &[&answers], patience, told, pending()).await?;
//!
//! // When to do that again: the CA is asked, and what it says is kept.
//! let certificate = leaf(&issued.chain);
//! let mut history = History::default();
//! history.told(account.window(&certificate).await.unwrap_or(None), now);
//! match history.next(Validity::of(&certificate), spread(&certificate), now) {
//!     Next::Due { why } => println!("now: {why:?}"),
//!     Next::Wait { until, why } => println!("at {until}: {why:?}"),
//! }
//! # Ok(())
//! # }
//! ```

pub mod acme;
mod carrier;
pub mod dev;
pub mod identifier;
mod kept;
mod owner;
pub mod pairs;
pub mod pending;
pub mod renewal;
pub mod store;

pub use dev::{DevCa, DevError};
pub use identifier::{Identifier, IdentifierError};
pub use pairs::{Pair, Pairs};
pub use rcgen::KeyPair;
