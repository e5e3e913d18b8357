//! Revocation lists of clients' certificates: who is shut out by a list that is over.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

mod serving;
mod stage;

use std::fs;

use keyway_testkit::{Chain, Crl, DAY, NOW};
use serving::{Serving, backend, s_client, service_file};
use stage::Stage;
use stage::service::trust;

/// The usual service, which asks clients for certificates of its own root, and the root's list, good for so many
/// days. Gives the port.
fn with_list(stage: &Stage, days: i64) -> u16 {
    let port = service_file(stage, &backend("hello"), "");
    let text = fs::read_to_string(stage.path().join("keyway.toml")).unwrap();
    let client = "client = { mode = \"required\", ca = \"root.pem\", crl = \"root.crl\" }\n";
    stage.write("keyway.toml", &(text + client));
    write(stage, days);
    port
}

fn write(stage: &Stage, days: i64) {
    let root = Chain::good().root;
    let list = Crl::by(&root).this_update(NOW - 30 * DAY);
    let list = list.next_update(Some(NOW + days * DAY)).build();
    stage.write("root.crl", &list.pem());
}

#[test]
fn a_list_that_is_over_is_refused_before_anybody_is_shut_out_by_it() {
    let stage = Stage::new();
    with_list(&stage, -1);
    for command in ["serve", "serve --check"] {
        let run = stage.run(&format!("{command} {}", trust()));
        assert_eq!(run.code, Some(1), "{command}: {}", run.said());
        let why = "config.clients-shut-out";
        assert!(run.stdout.contains(why), "{command}: {}", run.said());
    }
}

#[test]
fn a_list_that_is_over_does_not_take_the_place_of_one_that_is_good() {
    let stage = Stage::new();
    let port = with_list(&stage, 1);
    let serving = Serving::start(&stage, "");
    write(&stage, -1);
    serving.signal("HUP");
    serving.wait_for("config.clients-shut-out");
    // Who shows none is asked still.
    s_client(&stage, port, "www.example.com");
    serving.wait_for("the client showed no certificate");
    write(&stage, 2);
    serving.signal("HUP");
    serving.wait_for("reloaded: ");
}
