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
    for (more, differing) in [
        (ASKS, "tls.client.ca, tls.client.mode"),
        ("listen 127.0.0.1:8443 ssl;", "listen"),
    ] {
        let text = server("a.example", "1:80", "") + &server("b.example", "1:80", more);
        let (imported, told) = read(&text, Form::Nginx);
        let apart = "upstream-left-behind 2 server b.example with settings of its own: ";
        assert_eq!(told, [apart.to_owned() + differing]);
        assert!(imported.service.host.iter().eq(["a.example"]));
        assert!(!imported.service.tls.default_certificate);
    }
}

#[test]
fn a_host_of_nginx_that_is_left_out_is_told_unless_nobody_is_answered_there() {
    let own = server("a.example", "1:80", "");
    let other = |names: &str, inside: &str| {
        format!(
            "server {{ listen 443 ssl; server_name {names}; ssl_certificate a; ssl_certificate_key a; {inside} }}\n"
        )
    };
    for (names, inside, is_told) in [
        (
            "www.a.example",
            "return 301 https://a.example$request_uri;",
            true,
        ),
        ("b.example", "root /srv;", true),
        (
            "b.example",
            "location / { fastcgi_pass unix:/run/x; }",
            true,
        ),
        ("b.example", "return 404;", false),
        ("b.example", "return 444;", false),
        ("_", "return 301 https://a.example;", false),
        ("a.example", "root /srv;", false),
    ] {
        let (_, told) = read(&(own.clone() + &other(names, inside)), Form::Nginx);
        let code = if inside.contains("301") {
            "redirect"
        } else {
            "upstream"
        };
        let apart = format!("{code}-left-behind 2 server {names}");
        let expected = [apart].into_iter().filter(|_| is_told);
        assert_eq!(told, expected.collect::<Vec<_>>(), "{names} {inside}");
    }
    // In plain text beside TLS nobody's certificate is missed.
    let plain = server("b.example", "2:80", "listen 80;");
    assert_eq!(read(&(own + &plain), Form::Nginx).1, [""; 0]);
}

#[test]
fn a_host_of_nginx_that_is_led_elsewhere_at_another_port_is_told() {
    let beside = "listen 8443 ssl;";
    let text = server("a.example", "1:80", "") + &server("a.example", "2:80", beside);
    let told = "upstream-left-behind 2 server a.example: passes to http://10.0.0.2:80";
    assert_eq!(read(&text, Form::Nginx).1, [told]);
    // What leads nowhere there, or turns everybody away, is missed by nobody.
    let closed = server("a.example", "1:80", "")
        + "server { listen 8443 ssl; server_name a.example; ssl_certificate a; ssl_certificate_key a; return 403; }\n";
    assert_eq!(read(&closed, Form::Nginx).1, [""; 0]);
    let plain = server("a.example", "1:80", "")
        + "server { listen 8080; server_name a.example; location / { proxy_pass http://10.0.0.2:80; } }\n";
    assert_eq!(read(&plain, Form::Nginx).1, [""; 0]);
}

#[test]
fn names_of_nginx_that_cannot_be_read_are_hosts_that_lead_elsewhere() {
    for names in ["~^b", "www.*"] {
        let other = server(names, "2:80", "");
        let (imported, told) = read(&(server("a.example", "1:80", "") + &other), Form::Nginx);
        assert!(!imported.service.tls.default_certificate, "{names}");
        let elsewhere =
            format!("upstream-left-behind 2 server {names}: passes to http://10.0.0.2:80");
        assert_eq!(told, [elsewhere.as_str()], "{names}");
        let (imported, told) = read(&(server("_", "1:80", "") + &other), Form::Nginx);
        assert!(!imported.service.tls.default_certificate, "{names}");
        assert_eq!(told, [elsewhere], "{names}");
        // A wildcard goes before patterns.
        let (imported, _) = read(&(server("*.example", "1:80", "") + &other), Form::Nginx);
        let message = imported.findings[0].kind.message();
        assert!(!message.contains("answers for them, too"), "{names}");
    }
}

fn haproxy(mode: &str, front: &str) -> String {
    format!(
        "frontend f\n mode {mode}\n bind :443 ssl crt /a.pem\n {front}\nbackend a\n mode {mode}\n server s 10.0.0.1:80\n\
         backend b\n mode {mode}\n server s 10.0.0.2:80\n"
    )
}

#[test]
fn lines_of_haproxy_that_lead_some_to_another_backend_first_are_told() {
    let default = "default_backend b";
    let named = "use_backend b if { hdr(host) -i b.example }";
    for (line, is_guard) in [
        ("use_backend a if { hdr_reg(host) -i ^a }", false),
        ("use_backend a if { hdr_dom(host) -i a.example }", false),
        ("use_backend a if { req_ssl_sni -i a.example }", false),
        ("use_backend a if { dst_port 8443 }", false),
        ("use_backend a unless { hdr(host) -i b.example }", false),
        (
            "use_backend a if { path_beg /a } or { hdr(host) -i b.example }",
            false,
        ),
        ("use_backend a if !{ path_beg /a }", false),
        ("use_backend a if !{ src 10.0.0.0/8 }", true),
        ("use_backend a unless { src 10.0.0.0/8 }", true),
        ("use_backend a if { path_beg /a } !{ ssl_c_used }", true),
    ] {
        let code = if is_guard { "guard" } else { "upstream" };
        for behind in [
            named.to_owned(),
            format!("{named}\n {default}"),
            default.to_owned(),
        ] {
            let text = haproxy("http", &format!("{line}\n {behind}"));
            let (imported, told) = read(&text, Form::Haproxy);
            assert_eq!(told, [format!("{code}-left-behind 4 {line}")]);
            assert!(imported.service.upstream.iter().eq(["http://10.0.0.2:80"]));
            assert!(!imported.service.tls.default_certificate, "{text}");
        }
        // Behind all that is the service's it comes too late for these hosts, and leads others elsewhere.
        let (imported, told) = read(
            &haproxy("http", &format!("{named}\n {line}")),
            Form::Haproxy,
        );
        let apart = format!("upstream-left-behind 5 {line}");
        let apart: Vec<String> = [apart].into_iter().filter(|_| !is_guard).collect();
        assert_eq!(told, apart);
        let mut messages = imported
            .findings
            .iter()
            .map(|finding| finding.kind.message());
        assert!(messages.all(|message| message.contains("get no answer here")));
    }
    let acl = "acl it src 10.0.0.0/8\n use_backend a if it";
    let (_, told) = read(&haproxy("http", &format!("{acl}\n {named}")), Form::Haproxy);
    assert_eq!(told, ["guard-left-behind 5 use_backend a if it"]);
    let acl = acl.replace("src 10.0.0.0/8", "hdr_reg(host) ^a");
    let (_, told) = read(&haproxy("http", &format!("{acl}\n {named}")), Form::Haproxy);
    assert_eq!(told, ["upstream-left-behind 5 use_backend a if it"]);
    // A part of a host is left behind like a location.
    let (imported, told) = read(
        &haproxy(
            "http",
            &format!("use_backend a if {{ path_beg /a }}\n {default}"),
        ),
        Form::Haproxy,
    );
    assert_eq!(told, [""; 0]);
    assert!(imported.service.tls.default_certificate);
    // Where nothing else of the host is led here, it is lost.
    for to in ["a", "b"] {
        let line = format!("use_backend {to} if {{ hdr(host) -i c.example }} {{ path_beg /c }}");
        let (_, told) = read(
            &haproxy("http", &format!("{line}\n {named}")),
            Form::Haproxy,
        );
        assert_eq!(told, [format!("upstream-left-behind 4 {line}")]);
        let whole = format!("{line}\n {named}\n {default}");
        let (_, told) = read(&haproxy("http", &whole), Form::Haproxy);
        assert_eq!(told, [""; 0]);
    }
    let ends = "use_backend a if { hdr_end(host) -i .w.example }\n use_backend b if { hdr(host) -i a.w.example }";
    let (imported, told) = read(&haproxy("http", ends), Form::Haproxy);
    assert!(imported.service.host.iter().eq(["*.w.example"]));
    assert!(imported.service.upstream.iter().eq(["http://10.0.0.1:80"]));
    assert_eq!(told.len(), 1, "{told:?}");
    // In bytes without TLS nobody looks at names here.
    let bytes = haproxy(
        "tcp",
        &format!("use_backend a if {{ req_ssl_sni -i a.example }}\n {default}"),
    );
    let (_, told) = read(&bytes.replace(" ssl crt /a.pem", ""), Form::Haproxy);
    assert_eq!(
        told,
        ["upstream-left-behind 4 use_backend a if { req_ssl_sni -i a.example }"]
    );
}

#[test]
fn a_backend_of_haproxy_for_when_the_others_are_down_is_no_other_service() {
    let default = "default_backend b";
    for (line, is_told) in [
        ("use_backend a if { nbsrv(b) eq 0 }", false),
        ("use_backend a if { nbsrv(b) lt 1 }", false),
        ("use_backend a if !{ nbsrv(b) gt 0 }", false),
        ("use_backend a unless { nbsrv(b) ge 1 }", false),
        ("acl dead nbsrv(b) lt 1\n use_backend a if dead", false),
        (
            "use_backend a if { path /x } { nbsrv(b) eq 0 } or { nbsrv(b) 0 }",
            false,
        ),
        // It is led there while there is somebody, or when others are gone.
        ("use_backend a if { nbsrv(b) gt 0 }", true),
        ("use_backend a if { nbsrv(a) gt 0 }", true),
        ("use_backend a if { nbsrv(c) eq 0 }", true),
        (
            "use_backend a if { nbsrv(b) eq 0 } or { dst_port 81 }",
            true,
        ),
    ] {
        let text = haproxy("http", &format!("{line}\n {default}"));
        let (imported, told) = read(&text, Form::Haproxy);
        assert_eq!(told.is_empty(), !is_told, "{line} {told:?}");
        assert_eq!(imported.service.tls.default_certificate, !is_told, "{line}");
        assert!(imported.service.upstream.iter().eq(["http://10.0.0.2:80"]));
    }
    let who = "use_backend a if { nbsrv(b) eq 0 } { src 10.0.0.0/8 }";
    let (_, told) = read(
        &haproxy("http", &format!("{who}\n {default}")),
        Form::Haproxy,
    );
    assert_eq!(told, [format!("guard-left-behind 4 {who}")]);
}

#[test]
fn a_listen_section_leads_to_its_own_servers_and_to_no_others_beside_them() {
    let text = |line: &str| {
        format!(
            "listen w\n mode http\n bind :443 ssl crt /a.pem\n {line}\n server s 10.0.0.1:80\nbackend b\n mode http\n \
             server s 10.0.0.2:80\n"
        )
    };
    for (line, upstream, told) in [
        ("use_backend b if { nbsrv(w) eq 0 }", "1", ""),
        ("use_backend b if { path_beg /b }", "1", ""),
        ("use_backend b if { src 10.0.0.0/8 }", "1", "guard"),
        (
            "use_backend b if { hdr(host) -i b.example }",
            "1",
            "upstream",
        ),
        ("use_backend b if { dst_port 81 }", "1", "upstream"),
        ("default_backend b", "2", ""),
    ] {
        let (imported, found) = read(&text(line), Form::Haproxy);
        let upstream = format!("http://10.0.0.{upstream}:80");
        assert!(imported.service.upstream.iter().eq([&upstream]), "{line}");
        let expected = format!("{told}-left-behind 4 {line}");
        let expected = [expected].into_iter().filter(|_| !told.is_empty());
        assert_eq!(found, expected.collect::<Vec<_>>());
        assert_eq!(imported.service.name.as_deref(), Some("w"));
    }
    let (imported, _) = read(&text("default_backend b"), Form::Haproxy);
    assert!(
        imported
            .lost
            .contains(&"line 5: server s 10.0.0.1:80".to_owned())
    );
}

#[test]
fn what_keeps_somebody_out_by_the_defaults_of_haproxy_is_told() {
    let web = haproxy("http", "default_backend b");
    let defaults = "defaults A\n http-request deny if { src 192.0.2.1 }\n";
    let told = ["guard-left-behind 2 http-request deny if { src 192.0.2.1 }"];
    assert_eq!(read(&(defaults.to_owned() + &web), Form::Haproxy).1, told);
    let other = format!("{defaults}defaults B\n timeout client 1m\n{web}");
    assert_eq!(read(&other, Form::Haproxy).1, [""; 0]);
    let named = other.replace("backend b\n", "backend b from A\n");
    let named = named.replace("default_backend b from A", "default_backend b");
    assert_eq!(read(&named, Form::Haproxy).1, told);
}

#[test]
fn a_location_of_nginx_that_goes_before_that_of_everything_leads_elsewhere() {
    for (pattern, is_told) in [
        ("~ .", true),
        ("~* ^/", true),
        ("~ \\.php$", false),
        ("= /", false),
    ] {
        let text = format!(
            "server {{ listen 443 ssl; server_name a.test; ssl_certificate /a; ssl_certificate_key /a;\n \
             location {pattern} {{ proxy_pass http://10.0.0.2; }}\n location / {{ proxy_pass http://10.0.0.1; }} }}\n"
        );
        let imported = import(&text, Form::Nginx).unwrap();
        let codes: Vec<&str> = imported
            .findings
            .iter()
            .map(keyway_config::Finding::code)
            .collect();
        let wanted: &[&str] = if is_told {
            &["config.upstream-left-behind"]
        } else {
            &[]
        };
        assert_eq!(codes, wanted, "{pattern}");
    }
}
