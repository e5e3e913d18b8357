//! Nobody waits less for an upstream for what is said of clients that ask nothing.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

use keyway_config::forms::{Form, import};

/// The time in which something has to be said, and whether a note tells of each of these.
fn idle(text: &str, form: Form, told: &[&str]) -> Option<u32> {
    let imported = import(text, form).unwrap_or_else(|error| panic!("{error}\n{text}"));
    for told in told {
        let is_told = imported.lost.iter().any(|lost| lost.contains(told));
        assert!(is_told, "{text}\n{:?}", imported.lost);
    }
    imported.service.timeouts.idle
}

#[test]
fn nginx_keeps_connections_of_clients_for_another_time() {
    for (lines, inside, seconds, told) in [
        (
            "keepalive_timeout 5s;",
            "",
            None,
            vec!["keepalive_timeout 5s"],
        ),
        (
            "keepalive_timeout 65; proxy_read_timeout 300s;",
            "",
            Some(300),
            vec!["keepalive_timeout 65"],
        ),
        (
            "proxy_send_timeout 5s;",
            "proxy_read_timeout 1m;",
            Some(60),
            vec!["proxy_send_timeout 5s"],
        ),
        ("", "proxy_read_timeout 1h;", Some(3600), vec![]),
        ("", "proxy_read_timeout \"1m 30s\";", Some(90), vec![]),
    ] {
        let text = format!(
            "http {{ {lines}\n server {{ listen 443 ssl; server_name a.test; ssl_certificate /a; ssl_certificate_key /a; location \
             / {{ {inside} proxy_pass http://10.0.0.1; }} }} }}"
        );
        assert_eq!(idle(&text, Form::Nginx, &told), seconds, "{text}");
    }
}

#[test]
fn haproxy_waits_for_clients_and_for_servers() {
    for (client, server, seconds, told) in [
        (
            "timeout client 10s",
            "timeout server 2m",
            Some(120),
            vec!["timeout client 10s"],
        ),
        (
            "timeout client 2m",
            "timeout server 10s",
            Some(120),
            vec!["timeout server 10s"],
        ),
        ("timeout client 50s", "timeout server 50s", Some(50), vec![]),
        ("timeout client 5s", "", None, vec!["timeout client 5s"]),
        ("", "timeout server 5s", Some(5), vec![]),
    ] {
        let text = format!(
            "frontend f\n mode http\n bind :443 ssl crt /a.pem\n {client}\n default_backend b\nbackend b\n mode http\n \
             {server}\n server s 10.0.0.1:80\n"
        );
        assert_eq!(idle(&text, Form::Haproxy, &told), seconds, "{text}");
    }
}
