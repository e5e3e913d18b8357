//! What is for other hosts is not led to a service, and nobody is let in by it who was not.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

use keyway_config::forms::{Form, Imported, import};
use keyway_report::Kind as _;

/// An import with its findings, each as its code, its line and what it names.
fn read(text: &str, form: Form) -> (Imported, Vec<String>) {
    let imported = import(text, form).unwrap();
    let told = imported.findings.iter().map(|finding| {
        let message = finding.kind.message();
        let what = message.split('`').nth(1).unwrap_or_default().to_owned();
        let line = finding.at.line.unwrap_or_default();
        format!("{} {line} {what}", finding.code().replace("config.", ""))
    });
    let told = told.collect();
    (imported, told)
}

/// A server of nginx on a line of its own.
fn server(names: &str, upstream: &str, more: &str) -> String {
    let listen = if more.contains("listen") {
        ""
    } else {
        "listen 443 ssl;"
    };
    format!(
        "server {{ {listen} server_name {names}; ssl_certificate a; ssl_certificate_key a; {more} \
         location / {{ proxy_pass http://10.0.0.{upstream}; }} }}\n"
    )
}

const ASKS: &str = "ssl_verify_client on; ssl_client_certificate ca;";

#[test]
fn a_server_of_nginx_that_asks_for_certificates_is_not_served_without() {
    let asks = "guard-left-behind 2 server admin.shop.example with settings of its own: tls.client.ca, tls.client.mode";
    for (first, second) in [
        (
            server("*.shop.example", "1:80", ""),
            server("admin.shop.example", "1:80", ASKS),
        ),
        (
            server("_", "1:80", ""),
            server("admin.shop.example", "1:80", ASKS),
        ),
        (
            server("admin.shop.example", "1:80", ""),
            server(
                "admin.shop.example",
                "1:80",
                &format!("{ASKS} listen 10.0.0.9:443 ssl;"),
            ),
        ),
    ] {
        let (imported, told) = read(&(first + &second), Form::Nginx);
        assert_eq!(told, [asks]);
        assert!(!imported.service.tls.default_certificate);
    }
    // The wildcard of another certificate stands for it as well, wherever it comes.
    let text = server("a.example", "1:80", "")
        + &server("admin.shop.example", "1:80", ASKS)
        + &server("*.shop.example", "1:80", "");
    assert_eq!(read(&text, Form::Nginx).1, [asks]);
    let text = server("*.shop.example", "1:80", "")
        + "server { listen 443 ssl; server_name admin.shop.example; ssl_reject_handshake on; }\n";
    let told = "guard-left-behind 2 server admin.shop.example with ssl_reject_handshake on";
    assert_eq!(read(&text, Form::Nginx).1, [told]);
    let text =
        server("*.shop.example", "1:80", "") + &server("admin.shop.example", "2:80", "deny all;");
    assert_eq!(
        read(&text, Form::Nginx).1,
        [
            "upstream-left-behind 2 server admin.shop.example: passes to http://10.0.0.2:80",
            "guard-left-behind 2 deny all"
        ]
    );
    // A host of its own is not served at all.
    for more in [ASKS, "listen 127.0.0.1:8443 ssl;"] {
        let text = server("a.example", "1:80", "") + &server("b.example", "1:80", more);
        let (imported, told) = read(&text, Form::Nginx);
        assert_eq!(told, [""; 0]);
        assert!(imported.service.host.iter().eq(["a.example"]));
        assert!(!imported.service.tls.default_certificate);
    }
}

#[test]
fn names_of_nginx_that_cannot_be_read_are_hosts_that_lead_elsewhere() {
    for names in [".c.example", "~^b", "www.*"] {
        let other = server(names, "2:80", "");
        let (imported, told) = read(&(server("a.example", "1:80", "") + &other), Form::Nginx);
        assert!(!imported.service.tls.default_certificate, "{names}");
        assert_eq!(told, [""; 0], "{names}");
        let (imported, told) = read(&(server("_", "1:80", "") + &other), Form::Nginx);
        assert!(!imported.service.tls.default_certificate, "{names}");
        let elsewhere =
            format!("upstream-left-behind 2 server {names}: passes to http://10.0.0.2:80");
        assert_eq!(told, [elsewhere], "{names}");
        // A wildcard goes before patterns, but for a longer one.
        let (_, told) = read(&(server("*.example", "1:80", "") + &other), Form::Nginx);
        assert_eq!(told.len(), usize::from(names == ".c.example"), "{names}");
    }
}
