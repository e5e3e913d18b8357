//! An object store that is in memory, that is not there, and that says nothing.

use std::net::TcpListener;
use std::sync::Arc;

use keyway_issue::store::{Entry, MAX_ENTRY, Objects, Store, StoreError};
use object_store::memory::InMemory;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt as _};

use crate::azurite::{ACCOUNT, KEY};
use crate::{contract, replicas, runtime};

/// What is said of a store that cannot be read.
pub(crate) fn refusal(store: &dyn Store) -> String {
    let error = runtime().block_on(store.read("a.test", None)).unwrap_err();
    let told = error.to_string();
    assert!(told.len() <= 253, "{} bytes: {told}", told.len());
    assert!(!told.contains(KEY), "{told}");
    told
}

/// A store whose server is said to be here.
fn azure(endpoint: &str, allow_http: &str) -> Objects {
    let settings = [
        ("account_name", ACCOUNT),
        ("account_key", KEY),
        ("endpoint", endpoint),
        ("allow_http", allow_http),
    ];
    Objects::open("az://certificates/some/prefix", settings, &[]).unwrap()
}

#[test]
fn objects_in_memory_keep_the_contract() {
    let objects = Objects::over(Arc::new(InMemory::new()), "prefix");
    runtime().block_on(contract::kept(&objects));
}

#[test]
fn three_replicas_share_objects_in_memory() {
    let memory: Arc<dyn ObjectStore> = Arc::new(InMemory::new());
    replicas::share(&|| Arc::new(Objects::over(Arc::clone(&memory), "")));
}

#[test]
fn a_store_that_is_down_is_an_error_with_its_address() {
    let told = refusal(&azure("http://127.0.0.1:1/devstoreaccount1", "true"));
    let place = "az://certificates/some/prefix/certificates/a.test.json: 127.0.0.1:1: ";
    assert!(told.starts_with(place), "{told}");
}

#[test]
fn a_store_that_says_nothing_is_waited_for_no_longer_than_that() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let at = listener.local_addr().unwrap();
    let store = azure(&format!("http://{at}/{ACCOUNT}"), "true");
    // Time passes at once where nothing else is to be done.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build()
        .unwrap();
    let began = std::time::Instant::now();
    let refused = runtime.block_on(store.write("a.test", &Entry::default(), None));
    let told = refused.unwrap_err().to_string();
    assert!(told.contains("within 10 seconds"), "{told}");
    let refused = runtime.block_on(store.read("a.test", None));
    let told = refused.unwrap_err().to_string();
    assert!(told.contains("within "), "{told}");
    assert!(began.elapsed().as_secs() < 10);
}

#[test]
fn nobody_is_asked_without_tls_where_that_is_not_said() {
    let told = refusal(&azure("http://127.0.0.1:1/devstoreaccount1", "false"));
    assert!(told.contains("127.0.0.1:1 has no TLS"), "{told}");
}

#[test]
fn what_is_no_entry_is_refused_and_stays() {
    let memory = Arc::new(InMemory::new());
    let objects = Objects::over(Arc::clone(&memory) as Arc<dyn ObjectStore>, "p");
    let place = Path::from("p/certificates/a.test.json");
    for (bytes, why) in [
        (b"{}{".to_vec(), "no entry that this version reads"),
        (br#"{"sealed":"later"}"#.to_vec(), "sealed"),
        (vec![b' '; MAX_ENTRY + 1], "over 1048576 bytes"),
    ] {
        let put = memory.put(&place, bytes.into());
        runtime().block_on(put).unwrap();
        let told = refusal(&objects);
        assert!(told.contains(why), "{told}");
    }
}

#[test]
fn addresses_and_settings_are_those_of_object_stores() {
    let open = |url, settings: &[(&str, &str)]| {
        Objects::open(url, settings.iter().copied(), &[]).map(|_| ())
    };
    for url in ["certificates", "ftp://a/b", "s3://", "az:///prefix"] {
        let refused = open(url, &[]).unwrap_err();
        assert!(matches!(refused, StoreError::NoStore(_)), "{refused}");
    }
    let keys = [
        // In the environment there are others than a store knows.
        ("AWS_COLOUR", "blue"),
        ("AWS_ACCESS_KEY_ID", "id"),
        ("AWS_SECRET_ACCESS_KEY", "secret"),
    ];
    open("s3://bucket/prefix", &keys).unwrap();
    let told = open("az://container", &[]).unwrap_err().to_string();
    assert!(told.contains("az://container: Account"), "{told}");
    open("gs://bucket/prefix", &[("google_skip_signature", "true")]).unwrap();
}
