//! Azurite, Microsoft's emulator of Azure Blob Storage: what its replies to conditional writes are, ours have to suit.

use std::sync::Arc;

use keyway_issue::store::{Lease, Objects};
pub(crate) use keyway_testkit::azurite::{ACCOUNT, KEY};
use keyway_testkit::azurite::{Azurite, CONTAINER};
use rustls_pki_types::CertificateDer;

use crate::{contract, replicas, runtime};

/// What is at an emulator, below a prefix.
fn objects(azurite: &Azurite, prefix: &str) -> Objects {
    let settings = azurite.settings();
    let settings = settings.iter().map(|(name, value)| (*name, value.as_str()));
    let roots: Vec<CertificateDer<'static>> =
        azurite.root.iter().cloned().map(Into::into).collect();
    let url = format!("az://{CONTAINER}/{prefix}");
    Objects::open(&url, settings, &roots).unwrap()
}

#[test]
fn azurite_keeps_the_contract() {
    let azurite = Azurite::start();
    let objects = objects(&azurite, "one/prefix");
    runtime().block_on(contract::kept(&objects));
}

#[test]
fn azurite_keeps_the_contract_behind_tls() {
    let azurite = Azurite::start_tls();
    let objects = objects(&azurite, "");
    runtime().block_on(contract::kept(&objects));
}

#[test]
fn three_replicas_share_what_azurite_has() {
    let azurite = Azurite::start();
    replicas::share(&|| Arc::new(objects(&azurite, "shared")));
}

#[test]
fn what_azurite_refuses_is_told() {
    let azurite = Azurite::start();
    let endpoint = azurite.endpoint();
    let wrong = KEY.replace("Eby8", "Eby9");
    let settings = [
        ("account_name", ACCOUNT),
        ("access_key", wrong.as_str()),
        ("endpoint", endpoint.as_str()),
        ("allow_http", "true"),
    ];
    let objects = Objects::open("az://certificates", settings, &[]).unwrap();
    let told = crate::objects::refusal(&objects);
    assert!(
        told.contains("403 Forbidden: AuthorizationFailure"),
        "{told}"
    );
}

#[test]
fn a_container_that_is_not_there_is_told_when_something_is_to_be_written() {
    let azurite = Azurite::empty();
    let objects = objects(&azurite, "");
    let taken = runtime().block_on(Lease::take(&objects, "a.test", "one", contract::at(0)));
    let told = taken.unwrap_err().to_string();
    assert!(
        told.contains("404 Not Found: ContainerNotFound: "),
        "{told}"
    );
}
