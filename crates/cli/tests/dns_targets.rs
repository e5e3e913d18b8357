//! Where aliases come to lead: what a plan sees of that, and what carrying it out does, at real name servers.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

mod name_servers;
mod stage;

use name_servers::NameServer;
use stage::{Run, Stage};

const ZONE: &str = "$ORIGIN example.com.
$TTL 300
@ SOA ns1 admin 1 3600 600 86400 2
@ NS ns1
ns1 A 127.0.0.1
live A 192.0.2.9
*.w A 192.0.2.7
*.w TXT \"x\"
";

fn plan(stage: &Stage, server: &NameServer, need: &str) -> Run {
    stage.run(&format!(
        "dns plan {need} --server {} --out plan.json",
        server.address()
    ))
}

#[test]
fn what_stands_below_a_name_hides_the_wildcard_that_an_alias_would_lead_to() {
    for below in [
        "_acme-challenge.a.w TXT t",
        "*.a.w TXT t",
        "x.y.a.w A 192.0.2.1",
    ] {
        let zone = format!("{ZONE}{below}\nal.w CNAME a.w\n");
        let server = NameServer::bind(&zone, &[]);
        let stage = Stage::new();
        for (host, endpoint) in [
            ("b.w", "a.w"),
            ("live", "a.w"),
            ("b.w", "al.w"),
            ("al.w", "a.w"),
        ] {
            let need =
                format!("--host {host}.example.com --endpoint {endpoint}.example.com --settled");
            let refused = plan(&stage, &server, &need);
            assert_eq!(refused.code, Some(1), "{below} {need}: {refused:?}");
            assert!(
                refused.stdout.contains("alias-leads-nowhere"),
                "{refused:?}"
            );
        }
        // It may lead to what is not hidden.
        let need = "--host live.example.com --endpoint b.w.example.com --settled";
        let made = plan(&stage, &server, need);
        assert_eq!(made.code, Some(0), "{below}: {made:?}");
        // And have records of its own.
        let need = "--host a.w.example.com --endpoint 192.0.2.1 --settled";
        let made = plan(&stage, &server, need);
        assert_eq!(made.code, Some(0), "{below}: {made:?}");
    }
}
