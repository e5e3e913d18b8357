//! Certificates with their keys that a check found good, made by the test kit.

use std::sync::LazyLock;

use keyway_chain::x509::Certificate;
use keyway_chain::{
    Anchors, CheckOptions, Input, Profile, ReadOptions, Servable, algorithms, check, read,
};
use keyway_report::Timestamp;

use crate::material::ROOT;

/// A moment at which they are valid: 2026-11-23.
pub(crate) const NOW: i64 = 1_795_392_000;

/// One with a key on P-256, one with an RSA key.
pub(crate) static PAIRS: LazyLock<[Servable; 2]> = LazyLock::new(|| {
    [
        servable(include_bytes!("../material/pair.pem")),
        servable(include_bytes!("../material/pair-rsa.pem")),
    ]
});

fn servable(bytes: &[u8]) -> Servable {
    let inputs = [Input {
        name: "pair",
        bytes,
    }];
    let bundle = read(&inputs, &ReadOptions::default()).expect("a pair");
    let mut anchors = Anchors::none();
    let root = Certificate::read(ROOT).expect("the test root");
    anchors.add(root).expect("the test root is an anchor");
    let now = Timestamp::from_seconds(NOW);
    let options = CheckOptions {
        profile: Profile::Private,
        ..CheckOptions::new(now, &anchors, algorithms::rustcrypto())
    };
    let servable = check(&bundle, &options).servable(&bundle);
    servable.expect("a good pair")
}
