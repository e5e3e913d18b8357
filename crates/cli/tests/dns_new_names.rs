//! Names that are not there yet: whoever asks a resolver for them has it remember that there is nothing, for as long as the
//! zone says, and for everybody. At real name servers.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

mod name_servers;
mod stage;

use name_servers::NameServer;
use stage::{Run, Stage};

/// Which has it remembered for an hour that there is nothing.
const ZONE: &str = "$ORIGIN example.com.
$TTL 300
@ SOA ns1 admin 1 3600 600 86400 3600
@ NS ns1
ns1 A 127.0.0.1
live A 192.0.2.1
";

struct Place {
    stage: Stage,
    server: NameServer,
    resolver: NameServer,
}

impl Place {
    fn new() -> Self {
        let server = NameServer::bind(ZONE, &["hmac-sha256"]);
        Self {
            stage: Stage::new(),
            resolver: NameServer::unbound(&server),
            server,
        }
    }

    /// Asks the resolver alone who the servers are.
    fn run(&self, line: &str) -> Run {
        let (resolver, port) = (self.resolver.address(), self.server.port);
        let line = format!("dns {line} --resolver {resolver} --port {port}");
        self.stage.run(&line)
    }

    /// The same at the server itself.
    fn at_server(&self, line: &str) -> Run {
        let (resolver, server) = (self.resolver.address(), self.server.address());
        let line = format!("dns {line} --server {server} --resolver {resolver} --no-other-servers");
        self.stage.run(&line)
    }
}

#[test]
fn a_plan_has_no_resolver_remember_that_what_it_makes_is_not_there() {
    let place = Place::new();
    let key = place.server.path("hmac-sha256.key");
    let key = key.display();
    for host in ["new", "live"] {
        let need = format!(
            "--host {host}.example.com --endpoint 192.0.2.1 --https --ca ca.example --tlsa fullchain.pem"
        );
        let made = place.run(&format!("plan {need} --out {host}.json"));
        assert_eq!(made.code, Some(0), "{made:?}");
        let applied = place.at_server(&format!("apply --plan {host}.json --tsig {key}"));
        assert_eq!(applied.code, Some(0), "{applied:?}");
        let seen = place.at_server(&format!("verify --plan {host}.json"));
        assert_eq!(seen.code, Some(0), "{seen:?}");
    }
}

#[test]
fn a_look_before_the_records_are_there_does_not_have_a_resolver_remember_that() {
    let place = Place::new();
    let need = "verify --host new.example.com --host live.example.com --endpoint 192.0.2.1 --zone example.com";
    let early = place.at_server(need);
    assert_eq!(early.code, Some(1), "{early:?}");
    assert!(
        early.stdout.contains("is asked when the zone has it"),
        "{early:?}"
    );
    place
        .server
        .update("hmac-sha256", "update add new.example.com 300 A 192.0.2.1");
    let seen = place.at_server(need);
    assert_eq!(seen.code, Some(0), "{seen:?}");
    assert!(!seen.stdout.contains("is asked when"), "{seen:?}");
}
