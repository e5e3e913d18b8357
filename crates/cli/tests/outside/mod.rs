//! A service file for tests, and what `keyway status` says of it.
#![allow(dead_code, reason = "every test file uses its own part")]

use serde_json::Value;

use super::stage::service::{keyway, trust};
use super::stage::{Run, Stage};

pub(crate) const ZONE: &str = "$ORIGIN example.com.
$TTL 300
@ SOA ns1 admin 1 3600 600 86400 2
@ NS ns1
ns1 A 127.0.0.1
www A 127.0.0.1
alias CNAME www
far A 192.0.2.9
lost CNAME nowhere
false CNAME far
out CNAME www.example.net.
";

/// The service of a test, without more of an endpoint than this.
pub(crate) fn text(host: &str, endpoint: &str, more: &str) -> String {
    let endpoint = match endpoint {
        "" => String::new(),
        endpoint => format!("endpoint = \"{endpoint}\"\n"),
    };
    format!(
        "host = \"{host}\"\n{endpoint}{more}[tls]\ncertificate = \"fullchain.pem\"\nkey = \"key.pem\"\n"
    )
}

/// The service of a test: TLS at that port of loopback, for this host.
pub(crate) fn service(stage: &Stage, host: &str, port: u16, more: &str) {
    let endpoint = format!("127.0.0.1:{port}");
    stage.write("keyway.toml", &text(host, &endpoint, more));
}

pub(crate) fn status(stage: &Stage, more: &str) -> Run {
    keyway(stage, &format!("status {} {more}", trust()))
}

pub(crate) fn seen(stage: &Stage, more: &str) -> (Run, Value) {
    let run = status(stage, &format!("{more} --format json"));
    let json = run.json();
    (run, json)
}

/// The screen without its line ends.
pub(crate) fn screen(stage: &Stage, more: &str) -> String {
    let text = status(stage, more).stdout;
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

pub(crate) fn codes(status: &Value) -> Vec<&str> {
    let findings = status["dns_findings"].as_array().unwrap().iter();
    findings
        .map(|finding| finding["code"].as_str().unwrap())
        .collect()
}
