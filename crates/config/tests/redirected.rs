//! Hosts that another tool sends elsewhere are not led to the upstream unsaid.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

use keyway_config::forms::{Form, Imported, import};
use keyway_report::Kind as _;

/// An import with its errors, each as its code, its line, what it names, and what becomes of the hosts.
fn read(text: &str, form: Form) -> (Imported, Vec<String>) {
    let imported = import(text, form).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let told = imported.findings.iter().map(|finding| {
        let message = finding.kind.message();
        let what = message.split('`').nth(1).unwrap_or_default();
        let instead = if message.contains("left out, and get no answer") {
            "left out"
        } else {
            "served"
        };
        let (code, line) = (finding.code(), finding.at.line.unwrap_or_default());
        format!("{code} {line} {what}: {instead}")
    });
    let told = told.collect();
    (imported, told)
}

/// A frontend with these lines, the first of which is the fourth of the file, and a backend with one.
fn haproxy(lines: &[&str], behind: &str) -> String {
    let lines: Vec<String> = lines.iter().map(|line| format!("  {line}\n")).collect();
    format!(
        "frontend f\n  mode http\n  bind :443 ssl crt /a.pem\n{}backend b\n  mode http\n  {behind}\n  server s 10.0.0.1:80\n",
        lines.concat()
    )
}

const TO_WWW: &str = "http-request redirect prefix https://www.b.test";
const DEFAULT: &str = "default_backend b";

#[test]
fn hosts_that_haproxy_sends_elsewhere_are_not_led_to_the_upstream_unsaid() {
    let of_b = format!("{TO_WWW} if {{ hdr(host) -i b.test }}");
    let (imported, told) = read(&haproxy(&[&of_b, DEFAULT], ""), Form::Haproxy);
    let served =
        |line: u32, what: &str| format!("config.redirect-left-behind {line} {what}: served");
    assert_eq!(told, [served(4, &of_b)]);
    assert!(imported.service.host.is_empty());
    // In the backend, too, and by any condition that asks for hosts.
    let (_, told) = read(&haproxy(&[DEFAULT], &of_b), Form::Haproxy);
    assert_eq!(told, [served(7, &of_b)]);
    for condition in [
        "unless { hdr(host) -i www.b.test }",
        "if !{ hdr(host) -i www.b.test }",
        "if { hdr_beg(host) -i b. }",
        "if { ssl_fc_sni -i b.test } { var(txn.x) -m beg x }",
        // Whoever asks for a host asks so.
        "if { hdr(host) -i b.test } { method GET HEAD }",
        "if { hdr(host) -i b.test } METH_GET",
    ] {
        let line = format!("redirect location https://www.b.test/ code 301 {condition}");
        let (_, told) = read(&haproxy(&[&line, DEFAULT], ""), Form::Haproxy);
        assert_eq!(told, [served(4, &line)]);
    }
    let acls = ["acl it hdr(host) -i b.test", "acl it hdr(host) -i c.test"];
    let line = format!("{TO_WWW} if it");
    let (_, told) = read(
        &haproxy(&[acls[0], acls[1], &line, DEFAULT], ""),
        Form::Haproxy,
    );
    assert_eq!(told, [served(6, &line)]);
}

#[test]
fn a_host_beside_others_is_left_out() {
    let line = format!("{TO_WWW} if {{ hdr(host) -i B.test }}");
    let hosts = "use_backend b if { hdr(host) -i b.test www.b.test }";
    let (imported, told) = read(&haproxy(&[&line, hosts], ""), Form::Haproxy);
    assert!(imported.service.host.iter().eq(["www.b.test"]));
    assert_eq!(
        told,
        [format!("config.redirect-left-behind 4 {line}: left out")]
    );
    // A wildcard stands for it all the same.
    let wide = "use_backend b if { hdr(host) -i b.test } or { hdr_end(host) -i .b.test }";
    let (_, told) = read(&haproxy(&[&line, wide], ""), Form::Haproxy);
    assert!(!told.is_empty(), "{told:?}");
}

#[test]
fn hosts_that_haproxy_sends_elsewhere_are_not_served_for_being_nobody_s() {
    let lines = [
        &format!("{TO_WWW} if {{ hdr(host) -i b.test }}"),
        &format!("{TO_WWW} if {{ hdr(host) -i c.test }}"),
        "use_backend b if { hdr(host) -i b.test www.b.test }",
        DEFAULT,
    ];
    let (imported, told) = read(&haproxy(&lines, ""), Form::Haproxy);
    let left_out = |line: usize| {
        format!(
            "config.redirect-left-behind {} {}: left out",
            line + 4,
            lines[line]
        )
    };
    assert_eq!(told, [left_out(0), left_out(1)]);
    assert!(!imported.service.tls.default_certificate);
    let note = "line 7: default_backend b for all other hosts";
    assert!(
        imported.lost.iter().any(|lost| lost == note),
        "{:?}",
        imported.lost
    );
    let (imported, told) = read(&haproxy(&lines[2..], ""), Form::Haproxy);
    assert_eq!(told, [""; 0]);
    assert!(imported.service.tls.default_certificate);
}

#[test]
fn whom_haproxy_lets_in_by_name_is_served_and_nobody_whom_it_leads_elsewhere() {
    let fence = "http-request deny unless { hdr(host) -i a.test b.test }";
    let own = "use_backend b if { hdr(host) -i a.test }";
    let (imported, told) = read(&haproxy(&[fence, own, DEFAULT], ""), Form::Haproxy);
    assert!(imported.service.host.iter().eq(["a.test", "b.test"]));
    assert!(!imported.service.tls.default_certificate);
    assert_eq!(told, [""; 0]);
    let other = "use_backend c if { hdr(host) -i b.test }";
    let text = haproxy(&[fence, own, other, DEFAULT], "")
        + "backend c\n  mode http\n  server s 10.0.0.2:80\n";
    let (imported, told) = read(&text, Form::Haproxy);
    assert!(imported.service.host.iter().eq(["a.test"]));
    assert!(imported.service.upstream.iter().eq(["http://10.0.0.1:80"]));
    let start = format!("config.upstream-left-behind 6 {other}");
    assert!(told.len() == 1 && told[0].starts_with(&start), "{told:?}");
}

#[test]
fn plain_text_that_haproxy_sends_on_but_for_a_path_is_redirected_here_as_well() {
    let part = "{ path_beg /.well-known/acme-challenge }";
    for (condition, is_it) in [
        (format!("unless {{ ssl_fc }} || {part}"), true),
        (format!("unless {part} or {{ ssl_fc }}"), true),
        ("unless { ssl_fc } || { src 10.0.0.1 }".to_owned(), false),
        (format!("if {{ ssl_fc }} || {part}"), false),
    ] {
        let line = format!("http-request redirect scheme https {condition}");
        let (imported, _) = read(&haproxy(&["bind :80", &line, DEFAULT], ""), Form::Haproxy);
        assert_eq!(imported.service.tls.redirect, is_it, "{condition}");
        let is_told = |lost: &String| lost.contains(&line);
        assert!(
            !is_it || imported.lost.iter().any(is_told),
            "{:?}",
            imported.lost
        );
    }
}

#[test]
fn plain_text_that_haproxy_sends_on_is_redirected_here_wherever_and_however_it_says_so() {
    let scheme = "redirect scheme https";
    let asked = "http-request redirect location https://%[hdr(host)]%[capture.req.uri] code 301";
    for (front, back, is_it) in [
        (vec![], format!("{scheme} if !{{ ssl_fc }}"), true),
        (
            vec![],
            format!("http-request {scheme} unless {{ ssl_fc }}"),
            true,
        ),
        (vec![], format!("{scheme} if {{ path_beg /x }}"), false),
        (
            vec![format!("{scheme} if {{ ssl_fc 0 }}")],
            String::new(),
            true,
        ),
        (
            vec![
                "acl is_ssl ssl_fc".to_owned(),
                format!("http-request {scheme} if !is_ssl"),
            ],
            String::new(),
            true,
        ),
        (
            vec![
                "acl is_ssl ssl_fc".to_owned(),
                format!("{scheme} unless is_ssl"),
            ],
            String::new(),
            true,
        ),
        (
            vec![
                "acl is_ssl ssl_fc".to_owned(),
                format!("{scheme} if is_ssl"),
            ],
            String::new(),
            false,
        ),
        (
            vec![
                "acl is_ssl ssl_fc".to_owned(),
                "acl is_ssl src 10.0.0.1".to_owned(),
                format!("{scheme} unless is_ssl"),
            ],
            String::new(),
            false,
        ),
        (
            vec![format!("{asked} if !{{ ssl_fc }}")],
            String::new(),
            true,
        ),
    ] {
        let mut lines = vec!["bind :80"];
        lines.extend(front.iter().map(String::as_str));
        lines.push(DEFAULT);
        let (imported, _) = read(&haproxy(&lines, &back), Form::Haproxy);
        let service = imported.service;
        assert_eq!(service.tls.redirect, is_it, "{front:?} {back}");
        assert!(
            service.upstream.iter().eq(["http://10.0.0.1:80"]),
            "{front:?} {back}"
        );
        let is_refused = imported
            .lost
            .iter()
            .any(|lost| lost.contains("in plain text"));
        assert_eq!(is_refused, !is_it, "{:?}", imported.lost);
    }
    // A frontend of its own.
    let text =
        haproxy(&[DEFAULT], "") + "frontend http\n  mode http\n  bind :80\n  " + asked + "\n";
    let (imported, told) = read(&text, Form::Haproxy);
    assert!(imported.service.tls.redirect && told.is_empty(), "{told:?}");
}

#[test]
fn what_is_sent_elsewhere_for_others_is_an_error_and_for_a_part_a_note() {
    let own = "use_backend b if { hdr(host) -i a.test }";
    for more in ["", " { var(txn.x) -m beg x }"] {
        let line = format!("{TO_WWW} if {{ hdr(host) -i b.test }}{more}");
        let (imported, told) = read(&haproxy(&[&line, own], ""), Form::Haproxy);
        assert_eq!(
            told,
            [format!("config.redirect-left-behind 4 {line}: left out")]
        );
        assert!(imported.service.host.iter().eq(["a.test"]));
    }
    for (line, hosts) in [
        (
            format!("{TO_WWW} if {{ hdr(host) -i a.test }} {{ path_beg /old }}"),
            DEFAULT,
        ),
        (
            format!("{TO_WWW} if {{ hdr(host) -i a.test }} {{ method POST }}"),
            DEFAULT,
        ),
        (format!("{TO_WWW} if {{ var(txn.x) -m beg x }}"), DEFAULT),
        (
            "http-request redirect scheme https if { hdr(host) -i a.test } !{ ssl_fc }".to_owned(),
            DEFAULT,
        ),
    ] {
        let (imported, told) = read(&haproxy(&[&line, hosts], ""), Form::Haproxy);
        assert_eq!(told, [""; 0], "{line}");
        assert!(
            imported.lost.iter().any(|lost| lost.contains(&line)),
            "{:?}",
            imported.lost
        );
    }
}

/// A server with lines before and in its location of everything.
fn nginx(line: &str, inner: &str) -> String {
    format!(
        "server {{\n listen 443 ssl; server_name b.test www.b.test; ssl_certificate /a; ssl_certificate_key /a;\n {line}\n \
         location / {{ {inner} proxy_pass http://10.0.0.1; }}\n}}\n"
    )
}

#[test]
fn hosts_that_nginx_sends_elsewhere_by_a_condition_are_not_led_to_the_upstream_unsaid() {
    let to = "return 301 https://www.b.test$request_uri";
    for condition in ["$host ~ b.test", "$http_host != 'www.b.test'", "$host ~ ^b"] {
        let given = format!("if ({condition}) {{ {to}; }}");
        for (text, line) in [(nginx(&given, ""), 3), (nginx("", &given), 4)] {
            let (_, told) = read(&text, Form::Nginx);
            let start = format!("config.redirect-left-behind {line} if (");
            let is_it = |told: &String| {
                told.starts_with(&start) && told.ends_with(&format!("{to}: served"))
            };
            assert!(told.len() == 1 && told.iter().all(is_it), "{told:?}");
        }
    }
    let (imported, told) = read(
        &nginx(&format!("if ($host = B.test) {{ {to}; }}"), ""),
        Form::Nginx,
    );
    assert!(imported.service.host.iter().eq(["www.b.test"]));
    assert_eq!(
        told,
        [format!(
            "config.redirect-left-behind 3 if ($host = B.test) {to}: left out"
        )]
    );
    // What stands below a path is a part, and https in the place of http is none of it.
    for line in [
        "location /old { if ($host = b.test) { return 301 https://www.b.test$request_uri; } }",
        "if ($host = b.test) { return 301 https://$host$request_uri; }",
        "if ($request_method = TRACE) { return 301 https://www.b.test/; }",
    ] {
        let (_, told) = read(&nginx(line, ""), Form::Nginx);
        assert_eq!(told, [""; 0], "{line}");
    }
}

#[test]
fn hosts_that_nginx_sends_elsewhere_are_not_served_for_being_nobody_s() {
    let to = "return 301 https://www.b.test$request_uri";
    let other = "server { listen 443 ssl; server_name c.test; ssl_certificate /c; ssl_certificate_key /c; \
        location / { proxy_pass http://10.0.0.1; } }\n";
    for host in ["b.test", "c.test"] {
        let line = format!("if ($host = {host}) {to}");
        let text = nginx(&format!("if ($host = {host}) {{ {to}; }}"), "");
        let (imported, told) = read(&text, Form::Nginx);
        let left_out = format!("config.redirect-left-behind 3 {line}: left out");
        assert_eq!(told, [left_out]);
        assert!(!imported.service.tls.default_certificate);
        let note = "line 1: server for all other hosts";
        assert!(
            imported.lost.iter().any(|lost| lost == note),
            "{:?}",
            imported.lost
        );
        // Where another server has the name, or answers for names that nobody has, it stays what it was.
        let (imported, told) = read(&(text.clone() + other), Form::Nginx);
        assert_eq!(told.len(), usize::from(host == "b.test"), "{told:?}");
        assert!(imported.service.tls.default_certificate == (host == "c.test"));
        let (_, told) = read(&(other.replace("c.test", "d.test") + &text), Form::Nginx);
        assert_eq!(told.len(), usize::from(host == "b.test"), "{told:?}");
    }
    let (imported, _) = read(&nginx("", ""), Form::Nginx);
    assert!(imported.service.tls.default_certificate);
}

#[test]
fn a_server_of_nginx_that_only_sends_elsewhere_has_no_upstream_that_is_left_behind() {
    let text = "server { listen 443 ssl; server_name www.a.test; ssl_certificate /a; ssl_certificate_key /a; return 301 https://a.test; }\n\
        server { listen 443 ssl; server_name a.test; ssl_certificate /a; ssl_certificate_key /a; location / { proxy_pass http://10.0.0.1; } }\n\
        server { listen 80 default_server; server_name _; return 301 https://$host$request_uri; }\n";
    let (imported, told) = read(text, Form::Nginx);
    assert_eq!(
        told,
        ["config.redirect-left-behind 1 server www.a.test: left out"]
    );
    assert!(imported.service.tls.redirect);
    assert!(
        !imported
            .lost
            .iter()
            .any(|lost| lost.contains("redirect from")),
        "{:?}",
        imported.lost
    );
}

#[test]
fn a_server_in_plain_text_that_sends_on_to_a_host_of_the_service_is_its_redirect() {
    let own = "server { listen 443 ssl; server_name www.a.test; ssl_certificate /a; ssl_certificate_key /a;\n \
        location / { proxy_pass http://10.0.0.1; } }\n";
    let of_a = "config.redirect-left-behind 1 server a.test: redirect to https://www.a.test";
    let stays = "redirect to https://www.a.test, whatever host is asked for: here that one stays";
    let to_www = "https://www.a.test$request_uri";
    let to_first = "https://$server_name$request_uri";
    for (names, to, is_it, told, note) in [
        // Here it would be sent to itself by https, where nobody has its certificate.
        ("a.test www.a.test", to_www, true, Some(of_a), ""),
        ("www.a.test a.test", to_first, true, Some(of_a), ""),
        ("www.a.test", to_first, true, None, stays),
        ("_", "https://www.a.test:443$request_uri", true, None, stays),
        (
            "www.a.test a.test",
            "https://$host$request_uri",
            true,
            None,
            "redirect of a.test",
        ),
        ("a.test", to_www, false, None, "server a.test"),
        (
            "www.a.test",
            "https://www.b.test$request_uri",
            false,
            None,
            "server www.a.test",
        ),
        (
            "www.a.test",
            "https://www.a.test/",
            false,
            None,
            "server www.a.test",
        ),
    ] {
        let plain = format!("server {{ listen 80; server_name {names}; return 301 {to}; }}\n");
        let (imported, found) = read(&(plain + own), Form::Nginx);
        assert_eq!(imported.service.tls.redirect, is_it, "{names} {to}");
        assert!(imported.service.host.iter().eq(["www.a.test"]));
        // Whoever asks for another host is led to the upstream.
        let told: Vec<String> = told.iter().map(|told| format!("{told}: served")).collect();
        assert_eq!(found, told);
        let is_noted = |lost: &String| lost.ends_with(&format!("line 1: {note}"));
        assert!(
            note.is_empty() || imported.lost.iter().any(is_noted),
            "{:?}",
            imported.lost
        );
    }
    let both = own.replace(
        "listen 443 ssl;",
        "listen 80; listen 443 ssl; if ($scheme = http) { return 301 https://$server_name$request_uri; }",
    );
    let (imported, found) = read(&both, Form::Nginx);
    assert!(imported.service.tls.redirect && found.is_empty());
    let stays = "line 1: return 301 https://$server_name$request_uri, whatever host is asked for: here that one stays";
    assert!(
        imported.lost.iter().any(|lost| lost == stays),
        "{:?}",
        imported.lost
    );
}

#[test]
fn whatever_nginx_sends_on_to_https_is_redirected_here_as_well() {
    let own = "server { listen 443 ssl; server_name a.test; ssl_certificate /a; ssl_certificate_key /a; location / { \
        proxy_pass http://10.0.0.1; } }\n";
    for (line, is_it) in [
        ("return 301 https://$http_host$request_uri;", true),
        ("return 302 https://$server_name$request_uri;", true),
        ("return https://$host$request_uri;", true),
        ("return 301 https://${host}${request_uri};", true),
        ("return 301 https://$host$uri$is_args$args;", true),
        ("return 301 https://$host/;", true),
        ("rewrite ^ https://$host$request_uri? permanent;", true),
        ("rewrite ^(.*)$ https://$host$1 permanent;", true),
        ("rewrite ^/(.*)$ https://a.test/$1 redirect;", true),
        (
            "location ~ .* { return 301 https://$host$request_uri; }",
            true,
        ),
        (
            "if ($scheme != \"https\") { return 301 https://$host$request_uri; }",
            true,
        ),
        (
            "if ($host = a.test) { return 301 https://$host$request_uri; } return 404;",
            true,
        ),
        ("rewrite ^/old https://$host$request_uri? permanent;", false),
        ("rewrite ^(.*)$ https://$host/$1/x permanent;", false),
        (
            "location /a { return 301 https://$host$request_uri; }",
            false,
        ),
        ("location / { proxy_pass http://10.0.0.2; }", false),
    ] {
        let plain = format!("server {{ listen 80; server_name a.test www.a.test; {line} }}\n");
        let imported = import(&(plain + own), Form::Nginx).unwrap();
        assert_eq!(imported.service.tls.redirect, is_it, "{line} {imported:?}");
        // Whoever asks for another host by TLS is answered as before, whatever is said of plain text.
        assert!(imported.service.tls.default_certificate, "{line}");
    }
}

#[test]
fn whatever_haproxy_redirects_to_https_in_plain_text_is_redirected_here_as_well() {
    let named = "use_backend b if { hdr(host) -i a.test }";
    let le = "acl le path_beg /.well-known/acme-challenge/\n  ";
    for (line, is_it) in [
        ("redirect scheme https if !{ ssl_fc }", true),
        ("redirect scheme https code 301 if !{ ssl_fc } !le", true),
        ("redirect scheme https code 301 if !le !{ ssl_fc }", true),
        ("redirect scheme https unless le or { ssl_fc }", true),
        (
            "redirect scheme https if !{ ssl_fc } !{ src 10.0.0.0/8 }",
            false,
        ),
        ("redirect scheme https if !{ ssl_fc } le", false),
        ("redirect scheme https if !{ ssl_fc } or !le", false),
    ] {
        // In one frontend with the service, and in one of its own.
        let one = haproxy(&["bind :80", &format!("{le}{line}"), named], "");
        let own = haproxy(&[named], "");
        let other = format!("{own}frontend p\n  mode http\n  bind :80\n  {le}{line}\n");
        for text in [one, other] {
            let (imported, _) = read(&text, Form::Haproxy);
            assert_eq!(imported.service.tls.redirect, is_it, "{text}");
            assert!(imported.service.host.iter().eq(["a.test"]));
        }
    }
    // Of its hosts alone, where nothing else is done there.
    let line = "http-request redirect scheme https if { hdr(host) -i a.test }";
    for (more, is_it) in [
        ("", true),
        ("use_backend b if { hdr(host) -i b.test }", false),
    ] {
        let own = haproxy(&[named], "");
        let text = format!("{own}frontend p\n  mode http\n  bind :80\n  {line}\n  {more}\n");
        let (imported, _) = read(&text, Form::Haproxy);
        assert_eq!(imported.service.tls.redirect, is_it, "{text}");
    }
}

#[test]
fn a_frontend_in_plain_text_that_sends_on_to_a_host_of_the_service_is_its_redirect() {
    let own = haproxy(&["use_backend b if { hdr(host) -i a.test }"], "");
    for (line, is_it) in [
        ("redirect prefix https://a.test code 301", true),
        (
            "http-request redirect location https://a.test%[capture.req.uri]",
            true,
        ),
        ("redirect prefix https://b.test", false),
        ("redirect location https://a.test/", false),
        ("redirect prefix http://a.test", false),
    ] {
        let text = format!("{own}frontend p\n  mode http\n  bind :80\n  {line}\n");
        let (imported, told) = read(&text, Form::Haproxy);
        assert_eq!(imported.service.tls.redirect, is_it, "{line}");
        assert_eq!(told, [""; 0]);
        let note =
            "line 12: redirect to https://a.test, whatever host is asked for: here that one stays";
        let is_noted = imported.lost.iter().any(|lost| lost == note);
        assert_eq!(is_noted, is_it, "{:?}", imported.lost);
    }
}

#[test]
fn who_asks_nginx_for_other_hosts_is_turned_away_here_as_well() {
    for (condition, is_ours) in [
        ("$host !~* ^(b\\.test|www\\.b\\.test)$", true),
        ("$host !~ ^(b.test|www.b.test)$", false),
        ("$host !~ ^(b\\.test|www\\.b\\.test)", false),
        ("$host !~ ^www\\.b\\.test$", false),
        ("$host != b.test", false),
        ("$host !~ ^(b\\.test|www\\.b\\.test|c\\.test)$", true),
    ] {
        let line = format!("if ({condition} ) {{ return 444; }}");
        let imported = import(&nginx(&line, ""), Form::Nginx).unwrap();
        assert_eq!(imported.findings.is_empty(), is_ours, "{line}");
        let is_told = |lost: &String| lost.starts_with("line 3: if ($host");
        assert!(
            !is_ours || !imported.service.tls.default_certificate,
            "{line}"
        );
        assert!(
            !is_ours || imported.lost.iter().any(is_told),
            "{:?}",
            imported.lost
        );
    }
}

#[test]
fn a_host_that_nginx_sends_to_the_first_name_of_the_server_is_told() {
    let server = |condition: &str| {
        format!(
            "server {{ listen 443 ssl; server_name a.test www.a.test; ssl_certificate /a; ssl_certificate_key /a;\n \
             if ({condition}) {{ return 301 https://$server_name$request_uri; }}\n location / {{ proxy_pass http://10.0.0.1; }} }}\n"
        )
    };
    let (_, told) = read(&server("$host != $server_name"), Form::Nginx);
    let start = "config.redirect-left-behind 2 ";
    assert!(told.len() == 1 && told[0].starts_with(start), "{told:?}");
    let (_, told) = read(&server("$http_user_agent ~ old"), Form::Nginx);
    assert!(told.iter().all(|told| !told.starts_with(start)), "{told:?}");
}
