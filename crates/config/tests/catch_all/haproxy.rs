//! HAProxy.

use keyway_config::forms::Form;
use keyway_config::model::Protocol;
use keyway_report::Kind as _;

use super::read;

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
            vec![
                "5 use_backend b if { hdr(host) -i b.test } { path_beg /b }",
                "6 default_backend c",
            ],
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

#[test]
fn a_redirect_of_haproxy_but_for_some_paths_is_one() {
    for (line, redirects) in [
        ("http-request redirect scheme https unless challenge", true),
        ("redirect scheme https code 301 if !challenge", true),
        (
            "redirect scheme https if !{ path_beg /.well-known/acme-challenge/ }",
            true,
        ),
        ("redirect scheme https if challenge", false),
        ("redirect scheme https unless { src 10.0.0.0/8 }", false),
        (
            "redirect scheme https if !challenge !{ src 10.0.0.0/8 }",
            false,
        ),
    ] {
        let plain = format!(
            "frontend plain\n  mode http\n  bind :80\n  acl challenge path_beg /.well-known/acme-challenge/\n  {line}\n  \
             use_backend c if challenge\n"
        );
        let (imported, _) = read(&(haproxy(&["default_backend b"]) + &plain), Form::Haproxy);
        assert_eq!(imported.service.tls.redirect, redirects, "{line}");
    }
}

#[test]
fn a_server_of_haproxy_for_when_others_fail_is_asked_where_there_is_no_other() {
    for (servers, upstream) in [
        (
            "server x 10.0.0.8:80 backup\n  server y 10.0.0.9:80 backup",
            "8",
        ),
        (
            "server x 10.0.0.8:80 disabled\n  server y 10.0.0.9:80 backup",
            "9",
        ),
        ("server x 10.0.0.8:80 backup\n  server y 10.0.0.9:80", "9"),
    ] {
        let text = haproxy(&["default_backend b"]).replace("server s 10.0.0.1:80", servers);
        let (imported, found) = read(&text, Form::Haproxy);
        assert_eq!(found, [""; 0]);
        assert!(
            imported
                .service
                .upstream
                .iter()
                .eq([format!("http://10.0.0.{upstream}:80")])
        );
    }
}
