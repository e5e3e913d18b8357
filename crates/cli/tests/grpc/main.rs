//! gRPC's own client and server, and `keyway serve` between them.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

#[path = "../serving/mod.rs"]
mod serving;
#[path = "../stage/mod.rs"]
mod stage;

use std::process::Command;

use keyway_testkit::{Chain, Draft};
use serving::{Script, Serving, service_file};
use stage::Stage;

/// Debian's Python, which has Debian's modules: `cargo xtask test` installs gRPC's (python3-grpcio).
const PYTHON: &str = "/usr/bin/python3";

/// In the year 2049, in seconds since 1970.
const AFTER_ALL: i64 = 2_500_000_000;

#[test]
fn calls_of_grpc_go_through_one_by_one_as_streams_and_with_their_trailers() {
    // gRPC's client goes by a clock that nobody can set: these hold whatever it says.
    let long = |draft: Draft| draft.not_before(0).not_after(AFTER_ALL);
    let chain = Chain::assemble(long, long, long, long);
    let (_behind, upstream) = Script::start(PYTHON, include_str!("service.py"));
    let stage = Stage::new();
    let port = service_file(&stage, &format!("h2c://127.0.0.1:{upstream}"), "");
    stage.write("root.pem", &chain.root.pem());
    stage.write("fullchain.pem", &chain.fullchain_pem());
    stage.write("key.pem", &chain.key_pem());
    let _serving = Serving::start(&stage, "--profile private");
    let output = Command::new(PYTHON)
        .args(["-c", include_str!("client.py"), &port.to_string()])
        .arg(stage.path().join("root.pem"))
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    let wanted = "True\nx-bytes OK 300000 -\n['one', 'two', '']\nx-messages OK 3 -\n\
                  - NOT_FOUND - nothing of the name\n";
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(told, wanted, "{said}");
}
