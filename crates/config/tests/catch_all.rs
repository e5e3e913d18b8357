//! No host with a certificate of its own loses its backend unsaid: not one that is led by what is for all others, by an
//! expression or by a pattern, and none is led to what nobody reached.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

use keyway_config::forms::{Form, Imported, import};
use keyway_config::model::Protocol;
use keyway_report::Kind as _;

/// An import with its errors, each as its line and what it names.
fn read(text: &str, form: Form) -> (Imported, Vec<String>) {
    let imported = import(text, form).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let told = imported.findings.iter().map(|finding| {
        let message = finding.kind.message();
        assert!(message.starts_with("The upstream of "), "{message}");
        let what = message.split('`').nth(1).unwrap_or_default().to_owned();
        format!("{} {what}", finding.at.line.unwrap_or_default())
    });
    let told = told.collect();
    (imported, told)
}

/// A frontend with two certificates and these lines, the first of which is the third of the file, and two backends.
fn haproxy(lines: &[&str]) -> String {
    let lines: Vec<String> = lines.iter().map(|line| format!("  {line}\n")).collect();
    format!(
        "frontend f\n  mode http\n  bind :443 ssl crt /a.pem crt /b.pem\n{}backend b\n  server s 10.0.0.1:80\n\
         backend c\n  server s 10.0.0.2:80\n",
        lines.concat()
    )
}

#[test]
fn what_a_default_backend_of_haproxy_leads_elsewhere_is_an_error() {
    let default = "default_backend b";
    for (lines, told) in [
        (
            vec!["use_backend c if { ssl_fc_sni -i b.test }", default],
            vec!["5 default_backend b"],
        ),
        (
            vec![
                "acl host_a hdr(host) -i a.test",
                "acl host_b hdr(host) -i b.test",
                "http-request deny if !host_a !host_b",
                "use_backend c if host_b",
                default,
            ],
            vec!["8 default_backend b"],
        ),
        (
            vec![
                "use_backend b if { hdr(host) -i a.test }",
                "use_backend b if { hdr(host) -i b.test } { path_beg /b }",
                "default_backend c",
            ],
            vec!["6 default_backend c"],
        ),
        // Nobody else is let in, or nobody answers there.
        (
            vec![
                "http-request deny unless { hdr(host) -i b.test }",
                "use_backend c if { hdr(host) -i b.test }",
                default,
            ],
            vec![],
        ),
        (
            vec![
                "use_backend c if { hdr(host) -i b.test }",
                "default_backend none",
            ],
            vec![],
        ),
        (
            vec!["use_backend b if { hdr(host) -i b.test }", default],
            vec![],
        ),
    ] {
        let (_, found) = read(&haproxy(&lines), Form::Haproxy);
        assert_eq!(found, told, "{lines:?}");
    }
}

#[test]
fn backends_of_haproxy_by_an_expression_lead_nobody_knows_where() {
    let default = "default_backend b";
    for line in [
        "use_backend %[req.hdr(host),lower,map_dom(/hosts.map,b)]",
        "use_backend bk_%[req.hdr(host),field(1,.)]",
        "use_backend %[req.hdr(host),map(/hosts.map)] if { hdr(host) -i b.test }",
    ] {
        let told = format!("4 {line}");
        let (imported, found) = read(&haproxy(&[line, default]), Form::Haproxy);
        assert_eq!(found, [told.as_str()]);
        assert!(imported.service.upstream.iter().eq(["http://10.0.0.1:80"]));
        assert!(!imported.service.tls.default_certificate);
        let message = imported.findings[0].kind.message();
        assert!(
            message.contains("nobody can tell where a host leads"),
            "{message}"
        );
        // Behind those of the service it leads all others.
        let own = "use_backend b if { hdr(host) -i a.test }";
        let (_, found) = read(&haproxy(&[own, line]), Form::Haproxy);
        assert_eq!(found, [told.replace('4', "5")]);
    }
    // A part of what a host has is left behind like a location.
    let part = "use_backend %[path,map(/paths.map)] if { path_beg /x }";
    let (_, found) = read(&haproxy(&[part, default]), Form::Haproxy);
    assert_eq!(found, [""; 0]);
}

#[test]
fn hosts_of_haproxy_that_cannot_be_read_are_not_lost_unsaid() {
    let own = "use_backend b if { hdr(host) -i a.test }";
    for backend in ["b", "c"] {
        let more = format!("use_backend {backend} if {{ hdr_dom(host) -i b.test }}");
        let (_, found) = read(&haproxy(&[own, &more]), Form::Haproxy);
        assert_eq!(found, [format!("5 {more}")]);
    }
    // Where all come to the same, they do as well.
    let more = "use_backend b if { hdr_dom(host) -i b.test }";
    let (_, found) = read(&haproxy(&[own, more, "default_backend b"]), Form::Haproxy);
    assert_eq!(found, [""; 0]);
}

#[test]
fn whoever_is_sent_elsewhere_by_haproxy_does_not_come_to_the_upstream() {
    let default = "default_backend b";
    for (line, is_sent) in [
        ("http-request redirect location https://c.test/", true),
        ("redirect prefix https://c.test code 301", true),
        (
            "http-request return status 200 content-type text/plain string ok",
            true,
        ),
        (
            "http-request redirect location https://c.test/ if { path / }",
            false,
        ),
        ("http-request return status 200 if { path /ok }", false),
    ] {
        let told: Vec<String> = [format!("4 {line}")]
            .into_iter()
            .filter(|_| is_sent)
            .collect();
        let front = haproxy(&[line, default]);
        let servers = "backend b\n  mode http\n  server";
        let behind = haproxy(&[default]).replace("\nbackend b\n  server", &format!("\n{servers}"));
        let behind = behind.replace(
            servers,
            &servers.replace("server", &format!("{line}\n  server")),
        );
        let told_behind = told.iter().map(|told| told.replacen('4', "7", 1)).collect();
        for (text, told) in [(front, told.clone()), (behind, told_behind)] {
            let (imported, found) = read(&text, Form::Haproxy);
            assert_eq!(found, told, "{text}");
            assert_eq!(imported.service.upstream.is_empty(), is_sent, "{text}");
        }
    }
}

#[test]
fn versions_of_tls_that_haproxy_speaks_are_kept() {
    let text = |global: &str, bind: &str| {
        format!("global\n  ssl-default-bind-options {global}\n")
            + &haproxy(&["default_backend b"]).replace("/b.pem", &format!("/b.pem {bind}"))
    };
    // Whether 1.2 is spoken, and whether 1.3 is.
    let (older, both, newer) = ((true, false), (true, true), (false, true));
    for (global, bind, versions, told) in [
        ("ssl-min-ver TLSv1.3", "", newer, ""),
        (
            "no-tls-tickets ssl-min-ver TLSv1.3",
            "ssl-min-ver TLSv1.2",
            both,
            "",
        ),
        ("no-sslv3 no-tlsv10 no-tlsv11 no-tlsv12", "", newer, ""),
        ("no-tlsv13", "", older, ""),
        ("no-sslv3", "force-tlsv13", newer, ""),
        ("no-sslv3", "force-tlsv12", older, ""),
        ("no-sslv3", "no-tlsv12", newer, ""),
        ("no-sslv3", "ssl-max-ver TLSv1.2", older, ""),
        (
            "no-sslv3",
            "ssl-max-ver TLSv1.1",
            both,
            "line 5: bind ssl-max-ver TLSv1.1",
        ),
        (
            "ssl-min-ver TLSv1.3 prefer-client-ciphers",
            "",
            newer,
            "line 2: global: ssl-default-bind-options ssl-min-ver TLSv1.3 prefer-client-ciphers",
        ),
        (
            "no-tlsv12",
            "no-tlsv13",
            both,
            "line 5: bind :443 with no version of TLS that is left",
        ),
    ] {
        let (imported, _) = read(&text(global, bind), Form::Haproxy);
        let tls = &imported.service.tls;
        let speaks = (
            tls.profile != Protocol::Modern && tls.min_version.is_none(),
            tls.max_version.is_none(),
        );
        assert_eq!(speaks, versions, "{global} {bind}");
        let is_told = imported.lost.iter().any(|lost| lost == told);
        assert!(is_told || told.is_empty(), "{:?}", imported.lost);
    }
}

/// A server of nginx on a line of its own.
fn server(listen: &str, names: &str, inside: &str) -> String {
    format!(
        "server {{ listen 443 ssl{listen}; server_name {names}; ssl_certificate a; ssl_certificate_key a; {inside} }}\n"
    )
}

fn pass(upstream: &str) -> String {
    format!("location / {{ proxy_pass http://10.0.0.{upstream}; }}")
}

#[test]
fn a_server_of_nginx_for_all_other_hosts_that_leads_elsewhere_is_an_error() {
    let own = server("", "a.test", &pass("1:80"));
    for (listen, inside, is_told) in [
        (" default_server", pass("2:80"), true),
        (" default_server", pass("1:80"), false),
        (" default_server", "return 444;".to_owned(), false),
        (
            " default_server",
            "return 301 https://a.test;".to_owned(),
            false,
        ),
        // The first one answers for them.
        ("", pass("2:80"), false),
    ] {
        let (imported, found) = read(&(own.clone() + &server(listen, "_", &inside)), Form::Nginx);
        let told = "2 server _: passes to http://10.0.0.2:80";
        let told: Vec<&str> = [told].into_iter().filter(|_| is_told).collect();
        assert_eq!(found, told, "{listen} {inside}");
        assert!(imported.service.host.iter().eq(["a.test"]));
    }
}

#[test]
fn a_name_of_nginx_that_begins_with_a_dot_is_that_host_and_all_below_it() {
    let (imported, found) = read(&server("", "a.test .w.test", &pass("1:80")), Form::Nginx);
    assert_eq!(found, [""; 0]);
    let mut hosts: Vec<&str> = imported.service.host.iter().collect();
    hosts.sort_unstable();
    assert_eq!(hosts, ["*.w.test", "a.test", "w.test"]);
    let text = server("", "x.w.test", &pass("1:80")) + &server("", ".w.test", &pass("2:80"));
    let (_, found) = read(&text, Form::Nginx);
    assert_eq!(
        found,
        ["2 server w.test *.w.test: passes to http://10.0.0.2:80"]
    );
    // Other patterns are hosts that nobody can name: they are lost where the server is not for all.
    let names = server("", "a.test a.*", &pass("1:80"));
    assert_eq!(read(&names, Form::Nginx).1, [""; 0]);
    let text = names + &server(" default_server", "b.test", &pass("2:80"));
    let told = [
        "1 server_name a.*",
        "2 server b.test: passes to http://10.0.0.2:80",
    ];
    assert_eq!(read(&text, Form::Nginx).1, told);
}

#[test]
fn an_upstream_of_nginx_that_nobody_reached_is_not_led_to() {
    for (line, is_sent) in [
        ("return 301 https://b.test$request_uri;", true),
        ("return 302 /elsewhere;", true),
        ("return https://b.test;", true),
        ("rewrite ^ https://b.test$request_uri? permanent;", true),
        ("rewrite ^/(.*)$ https://b.test/$1;", true),
        ("rewrite ^/old$ /new permanent;", false),
        ("rewrite ^/(.*)$ /x/$1;", false),
        ("location /old { return 301 https://b.test; }", false),
    ] {
        let (imported, found) = read(
            &server("", "a.test", &(line.to_owned() + &pass("1:80"))),
            Form::Nginx,
        );
        let told = format!("1 {}", line.trim_end_matches(';'));
        let told: Vec<String> = [told].into_iter().filter(|_| is_sent).collect();
        assert_eq!(found, told);
        assert_eq!(imported.service.upstream.is_empty(), is_sent, "{line}");
    }
}

/// An Ingress with this annotation of ingress-nginx.
fn ingress(name: &str, annotation: &str) -> String {
    format!(
        "---\napiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: {name}\n  annotations:\n    \
         nginx.ingress.kubernetes.io/{annotation}\nspec:\n  rules:\n  - host: a.test\n    http:\n      paths:\n      \
         - path: /\n        pathType: Prefix\n        backend: {{service: {{name: {name}, port: {{number: 80}}}}}}\n"
    )
}

#[test]
fn an_ingress_on_trial_is_not_the_service() {
    let (main, trial) = (ingress("web", "x: y"), ingress("trial", "canary: \"true\""));
    for text in [trial.clone() + &main, main + &trial] {
        let (imported, found) = read(&text, Form::KubernetesIngress);
        assert_eq!(found, [""; 0]);
        assert!(imported.service.upstream.iter().eq(["http://web:80"]));
        assert!(
            imported
                .lost
                .iter()
                .any(|lost| lost.contains("Ingress trial"))
        );
    }
    let alone = import(&trial, Form::KubernetesIngress).unwrap_err();
    assert!(alone.to_string().contains("it is a canary"), "{alone}");
    let off = trial.replace("\"true\"", "\"false\"");
    let (imported, _) = read(&off, Form::KubernetesIngress);
    assert!(imported.service.upstream.iter().eq(["http://trial:80"]));
}

#[test]
fn annotations_of_ingress_nginx_that_change_where_hosts_lead_are_read() {
    for (annotation, upstream, hosts, told) in [
        ("backend-protocol: GRPC", "h2c://web:80", "a.test", ""),
        ("backend-protocol: GRPCS", "https://web:80", "a.test", ""),
        (
            "server-alias: \"b.test,*.c.test\"",
            "http://web:80",
            "a.test b.test *.c.test",
            "",
        ),
        (
            "server-alias: \"~^b\"",
            "http://web:80",
            "a.test",
            "7 server-alias",
        ),
        (
            "permanent-redirect: https://b.test",
            "",
            "a.test",
            "7 permanent-redirect",
        ),
        (
            "temporal-redirect: https://b.test",
            "",
            "a.test",
            "7 temporal-redirect",
        ),
    ] {
        let (imported, found) = read(&ingress("web", annotation), Form::KubernetesIngress);
        assert_eq!(
            imported.service.upstream.0.join(" "),
            upstream,
            "{annotation}"
        );
        assert_eq!(imported.service.host.0.join(" "), hosts);
        let told = told.replace(' ', " metadata.annotations.nginx.ingress.kubernetes.io/");
        let told: Vec<String> = [told].into_iter().filter(|told| !told.is_empty()).collect();
        assert_eq!(found, told);
    }
}
