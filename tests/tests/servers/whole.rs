//! Whole files of servers: what is set above a service, beside it and inside it.

use keyway_config::forms::{Form, Imported};
use keyway_config::model::{Material, Mode};
use keyway_report::Kind as _;

use crate::judges::import;

#[test]
fn what_defaults_of_haproxy_say_holds_where_a_section_does_not_say_it() {
    let whole = |more: &str| {
        format!(
            "defaults\n    log global\n    mode tcp\n    timeout connect 7s\n    timeout client 1m\n    \
             timeout server 1m\n    maxconn 99\nfrontend web\n    bind :443 ssl crt /a.pem\n{more}    \
             default_backend app\nbackend app\n    server a 10.0.0.1:5432\n"
        )
    };
    let imported = import(&whole(""), Form::Haproxy).expect("a frontend");
    let service = &imported.service;
    assert_eq!(service.mode, Mode::Tcp);
    assert!(service.upstream.iter().eq(["10.0.0.1:5432"]));
    assert_eq!(service.timeouts.connect, Some(7));
    assert_eq!(service.timeouts.idle, Some(60));
    assert_eq!(service.limits.connections, Some(99));
    assert_eq!(imported.lost, ["line 2: defaults: log global"]);
    let own = whole("    mode http\n    timeout client 60s\n    maxconn 5\n");
    let imported = import(&own, Form::Haproxy).expect("a frontend");
    assert_eq!(imported.service.mode, Mode::Http);
    assert_eq!(imported.service.timeouts.idle, Some(60));
    assert_eq!(imported.service.limits.connections, Some(5));
}

#[test]
fn defaults_of_haproxy_hold_for_what_comes_behind_them_or_names_them() {
    let text = "defaults base\n    mode http\n    timeout client 120s\ndefaults more from base\n    \
        timeout client 130s\ndefaults\n    timeout client 140s\n\
        frontend web from more\n    bind :443 ssl crt /a.pem alpn h2,http/1.1\n    default_backend app\n\
        backend app\n    server a 10.0.0.1:80\n";
    let imported = import(text, Form::Haproxy).expect("a frontend");
    assert_eq!(imported.service.mode, Mode::Http);
    assert_eq!(imported.service.timeouts.idle, Some(130));
    assert_eq!(imported.lost, [""; 0]);
    // Without a word on it anywhere HAProxy proxies bytes.
    let plain = text.replace(" from more", "");
    let imported = import(&plain, Form::Haproxy).expect("a frontend");
    assert_eq!(imported.service.mode, Mode::Tcp);
    assert_eq!(imported.service.timeouts.idle, Some(140));
    // Where they are not at hand, nobody knows.
    let (_, alone) = plain.split_once("140s\n").expect("a frontend");
    let imported = import(alone, Form::Haproxy).expect("a frontend");
    assert_eq!(imported.service.mode, Mode::Http);
    assert_eq!(
        imported.lost,
        ["line 1: frontend web without a mode, here http"]
    );
}

#[test]
fn a_server_of_nginx_that_refuses_other_names_is_not_the_service() {
    let text = "server { listen 443 ssl default_server; server_name _; ssl_reject_handshake on; }\n\
        server { listen 443 ssl; server_name www.example.com; ssl_certificate a.pem; ssl_certificate_key a.key;\n\
        location / { proxy_set_header Host $host; proxy_pass http://10.0.0.1:80; } }\n";
    let imported = import(text, Form::Nginx).expect("servers");
    let service = &imported.service;
    assert!(service.host.iter().eq(["www.example.com"]));
    assert_eq!(service.tls.certificate, Some(Material::new("a.pem")));
    assert!(service.upstream.iter().eq(["http://10.0.0.1:80"]));
    assert_eq!(imported.lost, [""; 0]);
    assert!(!service.tls.default_certificate);
    let elsewhere = text.replacen("443", "8443", 1);
    let imported = import(&elsewhere, Form::Nginx).expect("servers");
    let told = "line 1: server with ssl_reject_handshake on";
    assert_eq!(imported.lost, [told]);
    assert!(imported.service.tls.default_certificate);
}

/// What is led to and left behind, with its line.
fn missed(imported: &Imported) -> Vec<(u32, String)> {
    let findings = imported.findings.iter();
    let told = findings.map(|finding| {
        assert_eq!(finding.code(), "config.upstream-left-behind");
        let message = finding.kind.message();
        let what = message.split('`').nth(1).unwrap_or_default().to_owned();
        (finding.at.line.unwrap_or_default(), what)
    });
    told.collect()
}

#[test]
fn a_server_of_nginx_that_lets_in_other_clients_is_another_service() {
    let server = |name: &str, more: &str| {
        format!(
            "server {{ listen 443 ssl; server_name {name}; ssl_certificate {name}.pem; \
             ssl_certificate_key {name}.key; {more} location / {{ proxy_set_header Host $host; proxy_pass http://10.0.0.1:80; }} }}\n"
        )
    };
    let closed = "ssl_client_certificate ca.pem; ssl_verify_client on;";
    let text = server("a.example.com", "") + &server("b.example.com", closed);
    let imported = import(&text, Form::Nginx).expect("servers");
    assert!(imported.service.tls.certificates.is_empty());
    assert_eq!(imported.lost, ["line 1: server for all other hosts"]);
    let told = "server b.example.com with settings of its own: tls.client.ca, tls.client.mode";
    assert_eq!(missed(&imported), [(2, told.to_owned())]);
    assert!(!imported.service.tls.default_certificate);
}

#[test]
fn a_server_of_nginx_that_is_reached_from_elsewhere_is_another_service() {
    let server = |name: &str, listen: &str| {
        format!(
            "server {{ {listen} server_name {name}; ssl_certificate {name}.pem; \
             ssl_certificate_key {name}.key; location / {{ proxy_set_header Host $host; proxy_pass http://10.0.0.1:80; }} }}\n"
        )
    };
    let public = server("a.example.com", "listen 443 ssl; listen [::]:443 ssl;");
    for (listen, is_joined) in [
        ("listen 127.0.0.1:8443 ssl;", false),
        ("listen 127.0.0.1:443 ssl;", false),
        ("listen 443 ssl;", true),
        ("listen 443 ssl; listen 127.0.0.1:8443 ssl;", false),
    ] {
        let text = public.clone() + &server("b.example.com", listen);
        let imported = import(&text, Form::Nginx).expect("servers");
        assert!(imported.service.listen.is_empty());
        assert_eq!(
            imported.service.tls.certificates.len(),
            usize::from(is_joined),
            "{listen}"
        );
        let whose = if is_joined {
            "server"
        } else {
            "server b.example.com"
        };
        let told = format!("{whose} with settings of its own: listen");
        let others = "line 1: server for all other hosts".to_owned();
        if is_joined {
            assert_eq!(imported.lost, [format!("line 2: {told}")], "{listen}");
        } else {
            assert_eq!(imported.lost, [others], "{listen}");
            assert_eq!(missed(&imported), [(2, told)], "{listen}");
        }
    }
}

#[test]
fn what_the_location_of_everything_says_counts_in_nginx() {
    let server = |outer: &str, inner: &str| {
        format!(
            "server {{ listen 443 ssl http2; ssl_certificate a.pem; ssl_certificate_key a.key;\n{outer}\n\
             location / {{ proxy_set_header Host $host; proxy_pass http://10.0.0.1:80; {inner} }} }}\n"
        )
    };
    for (outer, inner, expected) in [
        (
            "client_max_body_size 1000;",
            "client_max_body_size 0;",
            None,
        ),
        (
            "client_max_body_size 0;",
            "client_max_body_size 10m;",
            Some(10 << 20),
        ),
        ("client_max_body_size 8K;", "", Some(8 << 10)),
    ] {
        let imported = import(&server(outer, inner), Form::Nginx).expect("a server");
        assert_eq!(
            imported.service.limits.body_bytes, expected,
            "{outer}{inner}"
        );
        assert_eq!(imported.lost, [""; 0]);
    }
    let text = server("proxy_read_timeout 9s;", "proxy_read_timeout 300s;");
    let imported = import(&text, Form::Nginx).expect("a server");
    assert_eq!(imported.service.timeouts.idle, Some(300));
}

#[test]
fn what_the_environment_fills_in_is_told_and_is_no_address() {
    let text = "frontend web\n    mode http\n    bind :443 ssl crt \"${DIR}/a.pem\" alpn h2,http/1.1\n    \
        default_backend app\nbackend app\n    server a \"${APP}:5001\"\n    server b 10.0.0.1:80\n";
    let imported = import(text, Form::Haproxy).expect("a frontend");
    assert!(imported.service.upstream.iter().eq(["http://10.0.0.1:80"]));
    assert_eq!(
        imported.lost,
        [
            "line 3: ${DIR}/a.pem, which the environment fills in",
            "line 6: ${APP}:5001, which the environment fills in",
        ]
    );
}
