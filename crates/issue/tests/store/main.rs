//! What replicas share, in a folder, in memory and at an object store.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

#[cfg(feature = "object-store")]
mod azurite;
mod contract;
mod folder;
#[cfg(feature = "object-store")]
mod gcs;
mod interleavings;
#[cfg(feature = "object-store")]
mod moto;
#[cfg(feature = "object-store")]
mod objects;
mod register;
mod replicas;

use keyway_issue::Pair;
use zeroize::Zeroizing;

/// A pair; a store does not look into it.
fn pair(text: &str) -> Pair {
    Pair {
        chain: format!("chain {text}"),
        key: Zeroizing::new(format!("key {text}")),
    }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
}
