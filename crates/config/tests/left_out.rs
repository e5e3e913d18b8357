//! What keeps names from being served, there or here, is told.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

use keyway_config::forms::{Form, export, findings, import};
use keyway_config::read;
use keyway_report::{Kind as _, Severity};

fn server(name: &str, more: &str) -> String {
    format!(
        "server {{ listen 443 ssl; server_name {name}; ssl_certificate c; ssl_certificate_key k; {more}\n\
         location / {{ proxy_set_header Host $host; proxy_pass http://127.0.0.1:1; }} }}\n"
    )
}

#[test]
fn a_server_of_nginx_that_shakes_no_hands_is_not_served_without_a_word() {
    let rejecting = "ssl_reject_handshake on;";
    let imported = import(&server("a.example", rejecting), Form::Nginx).unwrap();
    let [finding] = imported.findings.as_slice() else {
        panic!("{:?}", imported.findings);
    };
    assert_eq!(finding.code(), "config.guard-left-behind");
    assert_eq!(finding.severity(), Severity::Error);
    assert_eq!(finding.at.line, Some(1));
    // Beside another one its host is no host of the service, whichever comes first.
    let (open, closed) = (server("a.example", ""), server("b.example", rejecting));
    for text in [open.clone() + &closed, closed + &open] {
        let imported = import(&text, Form::Nginx).unwrap();
        assert!(imported.service.host.iter().eq(["a.example"]), "{text}");
        assert!(imported.service.tls.certificates.is_empty(), "{text}");
        let told = imported.lost.join("\n");
        assert!(
            told.contains("server b.example with ssl_reject_handshake on"),
            "{told}"
        );
    }
    let off = import(
        &server("a.example", "ssl_reject_handshake off;"),
        Form::Nginx,
    )
    .unwrap();
    assert_eq!((off.findings.len(), off.lost), (0, Vec::new()));
}

#[test]
fn a_certificate_that_names_no_host_has_no_place_in_a_cluster() {
    let text = "host = \"a.example\"\nupstream = \"http://app.shop.svc:80\"\n\
        [tls]\ncertificate = \"a.pem\"\nkey = \"a.key\"\n\
        [[tls.certificates]]\nhost = \"b.example\"\ncertificate = \"b.pem\"\nkey = \"b.key\"\n\
        [[tls.certificates]]\ncertificate = \"c.pem\"\nkey = \"c.key\"\n";
    let service = read(text).unwrap().service;
    for form in [Form::KubernetesIngress, Form::Gateway] {
        let told = findings(&export(&service, form, &|_| None), form, "f");
        let of = |field: &str| {
            let found = told
                .iter()
                .find(|found| found.at.field.as_deref() == Some(field));
            found.map(|found| found.kind.message())
        };
        let unnamed = of("tls.certificates[1]").unwrap();
        assert!(
            unnamed.contains("has no place in") && unnamed.contains("`host`"),
            "{unnamed}"
        );
        assert_eq!(of("tls.certificates[0]"), None);
        assert!(
            of("tls.certificates")
                .unwrap()
                .contains("kubernetes-secret")
        );
    }
}

/// As certbot leaves the server at port 80.
fn sent_on(names: &str, sent: &[&str]) -> String {
    let one = |name: &&str| {
        format!(
            "if ($host = {name}) {{ return 301 https://$host$request_uri; }} # managed by Certbot\n"
        )
    };
    let sent = sent.iter().map(one).collect::<Vec<_>>().concat();
    format!("server {{ {sent} listen 80; listen [::]:80; server_name {names}; return 404; }}\n")
}

#[test]
fn a_server_of_nginx_that_sends_each_of_its_names_on_is_a_redirect() {
    let (own, both) = (
        server("a.example b.example", ""),
        ["a.example", "b.example"],
    );
    let names = "a.example b.example";
    let imported = import(&(own.clone() + &sent_on(names, &both)), Form::Nginx).unwrap();
    assert!(imported.service.tls.redirect, "{:?}", imported.lost);
    assert!(imported.lost.is_empty(), "{:?}", imported.lost);
    // One that is not gets no answer there.
    let imported = import(&(own + &sent_on(names, &both[..1])), Form::Nginx).unwrap();
    assert!(imported.service.tls.redirect);
    let told = imported.lost.join("\n");
    assert!(
        told.ends_with("server_name b.example, which is not sent on there: here it is"),
        "{told}"
    );
    // Where something else is said, too, nothing is known of it.
    let other = sent_on(names, &both[..1]).replace("return 404", "root /srv");
    let imported = import(&(server(names, "") + &other), Form::Nginx).unwrap();
    assert!(!imported.service.tls.redirect);
}
