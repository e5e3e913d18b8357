//! What keeps nobody out of what is served here refuses no import, in nginx's language and in annotations of an Ingress.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

use keyway_config::forms::{Form, Imported, import};
use keyway_report::Kind as _;

/// An import with its findings, each as its code, its line and what it names.
fn read(text: &str, form: Form) -> (Imported, Vec<String>) {
    let imported = import(text, form).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let told = imported.findings.iter().map(|finding| {
        let message = finding.kind.message();
        let what = message.split('`').nth(1).unwrap_or_default().to_owned();
        let line = finding.at.line.unwrap_or_default();
        format!("{} {line} {what}", finding.code().replace("config.", ""))
    });
    let told = told.collect();
    (imported, told)
}

/// A server with more lines, and with more in its `location /`.
fn nginx(more: &str, inside: &str) -> String {
    format!(
        "server {{ listen 443 ssl; server_name a.example; ssl_certificate a; ssl_certificate_key a;\n{more}\n\
         location / {{ {inside} proxy_pass http://10.0.0.1:80; }} }}\n"
    )
}

#[test]
fn who_is_kept_out_of_what_nginx_answers_itself_is_kept_out_of_no_upstream() {
    for (given, told) in [
        (
            "error_page 500 502 503 /50x.html; location = /50x.html { internal; }",
            "location = /50x.html internal",
        ),
        (
            "error_page 404 /errors/404.html?a; location ^~ /errors/ { internal; }",
            "location ^~ /errors/ internal",
        ),
        (
            "location /files/ { internal; alias /srv/files/; }",
            "location /files/ internal",
        ),
        (
            "location /nginx_status { stub_status; allow 127.0.0.1; deny all; }",
            "location /nginx_status deny all",
        ),
        (
            "location = /basic_status { deny all; stub_status on; }",
            "location = /basic_status deny all",
        ),
        (
            "location /staff/ { root /srv; auth_basic x; }",
            "location /staff/ auth_basic [redacted]",
        ),
    ] {
        let (imported, found) = read(&nginx(given, ""), Form::Nginx);
        assert_eq!(found, [""; 0], "{given}");
        let told = format!(
            "line 2: {told}, of what nginx answers itself: here the upstream is asked for it"
        );
        assert!(imported.lost.contains(&told), "{:?}", imported.lost);
    }
    for given in [
        "error_page 500 /50x.html; location /5 { deny all; }",
        "error_page 500 /50x.html; location = /5 { internal; }",
        "error_page 500 @down; location /down { internal; }",
        "location /admin { deny all; }",
        "location /admin { root /srv; deny all; }",
        "location /admin { root /srv; return 404; }",
        "location /admin { root /srv; auth_basic x; try_files $uri @app; }",
        "location /admin { root /srv; auth_basic x; if ($a) { proxy_pass http://10.0.0.1:80; } }",
        "location /admin { proxy_pass http://10.0.0.1:80; allow 10.0.0.0/8; deny all; }",
    ] {
        let (_, found) = read(&nginx(given, ""), Form::Nginx);
        assert_eq!(found.len(), 1, "{given} {found:?}");
        assert!(
            found[0].starts_with("guard-left-behind 2 location "),
            "{found:?}"
        );
    }
}

#[test]
fn what_is_gone_from_nginx_is_kept_from_nobody() {
    let (imported, found) = read(&nginx("location /old { return 410; }", ""), Form::Nginx);
    assert_eq!(found, [""; 0]);
    assert!(imported.lost.contains(&"line 2: return 410".to_owned()));
    for given in [
        "location /old { return 404; }",
        "location /old { if ($http_x_key != a) { return 410; } }",
        "if ($remote_addr != 10.0.0.1) { return 410; }",
    ] {
        assert_eq!(read(&nginx(given, ""), Form::Nginx).1.len(), 1, "{given}");
    }
}

#[test]
fn nobody_is_asked_by_nginx_where_the_location_of_everything_turns_it_off() {
    let asks = "auth_basic Staff;";
    for text in [
        nginx(asks, "auth_basic off;"),
        format!("http {{ {asks} {} }}", nginx("", "auth_basic off;")),
        format!("http {{ {asks} {} }}", nginx("auth_basic off;", "")),
        nginx(
            &format!("{asks} error_page 500 /50x.html; location = /50x.html {{ internal; }}"),
            "auth_basic off;",
        ),
        nginx(
            "auth_request /auth; location /x { auth_request off; root /srv; }",
            "auth_request off;",
        ),
    ] {
        assert_eq!(read(&text, Form::Nginx).1, [""; 0], "{text}");
    }
    let other = format!("{asks} location /x {{ proxy_pass http://10.0.0.1:80; }}");
    for text in [
        nginx(asks, ""),
        nginx(asks, "auth_basic Other;"),
        // Another location is asked for still.
        nginx(&other, "auth_basic off;"),
        format!("http {{ {asks} {} }}", nginx("", "")),
    ] {
        let (_, found) = read(&text, Form::Nginx);
        assert_eq!(found.len(), 1, "{text} {found:?}");
        assert!(found[0].contains("auth_basic"), "{found:?}");
    }
}

#[test]
fn a_list_of_an_ingress_that_everybody_is_on_keeps_nobody_out() {
    let ingress = |annotation: &str| {
        format!(
            "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: web\n  annotations:\n    {annotation}\n\
             spec:\n  rules:\n  - host: a.example\n    http: {{paths: [{{path: /, backend: {{service: {{name: web, port: \
             {{number: 80}}}}}}}}]}}\n"
        )
    };
    for (annotation, is_guard) in [
        (
            "nginx.ingress.kubernetes.io/whitelist-source-range: 0.0.0.0/0",
            false,
        ),
        (
            "nginx.ingress.kubernetes.io/whitelist-source-range: \"10.0.0.0/8, 0.0.0.0/0,::/0\"",
            false,
        ),
        ("haproxy.org/allow-list: 0.0.0.0/0", false),
        ("alb.ingress.kubernetes.io/inbound-cidrs: 0.0.0.0/0", false),
        (
            "nginx.ingress.kubernetes.io/whitelist-source-range: 10.0.0.0/8",
            true,
        ),
        (
            "nginx.ingress.kubernetes.io/whitelist-source-range: ::/0",
            true,
        ),
        (
            "nginx.ingress.kubernetes.io/denylist-source-range: 0.0.0.0/0",
            true,
        ),
    ] {
        let (_, found) = read(&ingress(annotation), Form::KubernetesIngress);
        assert_eq!(!found.is_empty(), is_guard, "{annotation}");
    }
}

#[test]
fn who_lacks_a_secret_and_is_sent_away_for_it_is_kept_out() {
    let away = "return 302 https://sso.example/;";
    for (condition, is_guard) in [
        ("$http_x_api_key != s3cret", true),
        ("$http_x_origin_token !~ ^s3cret$", true),
        ("$arg_token != s3cret", true),
        ("$arg_token = \"\"", true),
        ("$query_string !~ token", true),
        ("$arg_page = 5", false),
        ("$http_x_forwarded_proto != https", false),
        ("$http_user_agent ~ mobile", false),
        ("$http_accept_language ~ de", false),
        ("$request_uri = /old", false),
    ] {
        let (_, told) = read(
            &nginx("", &format!("if ({condition}) {{ {away} }}")),
            Form::Nginx,
        );
        assert_eq!(told.len(), usize::from(is_guard), "{condition}: {told:?}");
    }
    for (condition, is_guard) in [
        ("unless { req.hdr(x-token) s3cret }", true),
        ("if !{ req.fhdr(x-token) s3cret }", true),
        ("unless { url_param(token) s3cret }", true),
        ("if { req.hdr_cnt(x-token) 0 }", true),
        ("if { url_param(page) 5 }", false),
        ("if { req.hdr(x-forwarded-proto) http }", false),
        ("if { req.hdr(user-agent) -m sub mobile }", false),
        ("unless { path_beg /x }", false),
    ] {
        let text = format!(
            "frontend f\n mode http\n bind :443 ssl crt /a.pem\n http-request redirect location https://sso.example/ \
             {condition}\n default_backend b\nbackend b\n mode http\n server s 10.0.0.1:80\n"
        );
        let (_, told) = read(&text, Form::Haproxy);
        assert_eq!(told.len(), usize::from(is_guard), "{condition}: {told:?}");
    }
}

#[test]
fn who_is_sent_away_for_what_earlier_lines_found_out_is_kept_out() {
    let front = |found: &str, test: &str| {
        format!(
            "frontend f\n bind :443 ssl crt /a.pem\n http-request set-var(txn.it) {found}\n acl it var(txn.it) {test}\n \
             http-request redirect location https://vpn.example/ if !it\n default_backend b\nbackend b\n server s 10.0.0.1:80\n"
        )
    };
    for (found, test) in [
        ("bool(true) if { src 10.0.0.0/8 }", "-m bool"),
        ("str(yes) if { req.cook(sid) -m found }", "-m str yes"),
        ("src,map_ip(/roles)", "-m str staff"),
        ("req.hdr(x-key)", "-m found"),
    ] {
        let (_, told) = read(&front(found, test), Form::Haproxy);
        let is_told = |told: &String| told.starts_with("guard-left-behind 5");
        assert!(told.iter().any(is_told), "{found} {test} {told:?}");
    }
    // What is asked for tells nobody from others.
    for (found, test) in [
        ("req.hdr(host),lower", "-m beg www."),
        ("base,map(/moved)", "-m found"),
        ("bool(true) if { path_beg /blog }", "-m bool"),
    ] {
        let (_, told) = read(&front(found, test), Form::Haproxy);
        assert!(
            !told.iter().any(|told| told.starts_with("guard")),
            "{found} {told:?}"
        );
    }
    // What nobody sees set may be who somebody is.
    for test in ["-m bool", "-m str deny", "-m int 1"] {
        let unseen = front("str(a)", test).replace("it var(txn.it)", "it var(txn.lua)");
        let (_, told) = read(&unseen, Form::Haproxy);
        let is_told = told.iter().any(|told| told.starts_with("guard"));
        assert!(is_told, "{test}: {told:?}");
    }
}

#[test]
fn what_variables_are_made_of_is_known_wherever_it_is_said() {
    let away = "http-request redirect location https://vpn.example/";
    let file = |front: &str, back: &str| {
        format!(
            "frontend f\n mode http\n bind :443 ssl crt /a.pem\n{front} default_backend b\n\
             backend b\n mode http\n{back} server s 10.0.0.1:80\n"
        )
    };
    let set = " http-request set-var(txn.ok) str(yes) if { src 10.0.0.0/8 }\n";
    let unless = |test: &str| format!(" {away} unless {{ {test} }}\n");
    let is_ok = unless("var(txn.ok) -m str yes");
    for text in [
        file(
            &format!(" acl ok var(txn.ok) -m str yes\n{set} {away} unless ok\n"),
            "",
        ),
        file("", &format!("{set}{is_ok}")),
        file(set, &is_ok),
        file(
            &format!(
                " http-request set-var-fmt(txn.ip) a-%[src]\n{}",
                unless("var(txn.ip) -m beg a-10.")
            ),
            "",
        ),
        file(
            &format!(
                " http-request set-var(txn.a) src\n http-request set-var(txn.b) str(x),concat(-,txn.a)\n{}",
                unless("var(txn.b) -m beg x-10.")
            ),
            "",
        ),
        file(
            &format!(
                " http-request set-header x-ip %[src,set-var(txn.ip)]\n{}",
                unless("var(txn.ip) -m ip 10.0.0.0/8")
            ),
            "",
        ),
        file(
            &format!(
                " http-request set-var(txn.out) bool(true)\n http-request unset-var(txn.out) if {{ src 10.0.0.0/8 }}\n \
                 {away} if {{ var(txn.out) -m bool }}\n"
            ),
            "",
        ),
    ] {
        let (_, told) = read(&text, Form::Haproxy);
        let is_told = told
            .iter()
            .any(|told| told.starts_with("guard-left-behind"));
        assert!(is_told, "{text}{told:?}");
    }
    // What is asked for tells nobody from others, wherever that is said.
    let path = " http-request set-var(txn.old) bool(true) if { path_beg /old }\n";
    let to = " http-request redirect prefix https://old.example if";
    for text in [
        file(
            &format!(" acl old var(txn.old) -m bool\n{path}{to} old\n"),
            "",
        ),
        file(path, &format!("{to} {{ var(txn.old) -m bool }}\n")),
        // It is so for the whole process.
        "global\n set-var proc.old str(a)\n".to_owned()
            + &file(
                "",
                &format!("{to} {{ var(proc.old) -m str a }} {{ path_beg /old }}\n"),
            ),
        // It is set again by what it was.
        file(
            &format!(
                " http-request set-var(txn.old) int(1) if !{{ var(txn.old) -m found }} {{ path_beg /old }}\n\
                 {to} {{ var(txn.old) -m found }}\n"
            ),
            "",
        ),
    ] {
        let (_, told) = read(&text, Form::Haproxy);
        let is_told = told.iter().any(|told| told.starts_with("guard"));
        assert!(!is_told, "{text}{told:?}");
    }
}

#[test]
fn hosts_that_are_sent_elsewhere_by_a_variable_are_told() {
    let file = |lines: &str| {
        format!(
            "frontend f\n mode http\n bind :443 ssl crt /a.pem\n{lines} default_backend b\n\
             backend b\n mode http\n server s 10.0.0.1:80\n"
        )
    };
    let to = " http-request redirect prefix https://a.test if { var(txn.it)";
    for (set, test, is_host) in [
        ("req.hdr(host),field(1,:),lower", "-m str www.a.test", true),
        ("bool(true) if { hdr_beg(host) -i www. }", "-m bool", true),
        (
            "bool(true) if { hdr(host) a.test } { path_beg /old }",
            "-m bool",
            false,
        ),
        ("base,map(/moved)", "-m found", false),
    ] {
        let text = file(&format!(
            " http-request set-var(txn.it) {set}\n{to} {test} }}\n"
        ));
        let (_, told) = read(&text, Form::Haproxy);
        let is_told = told
            .iter()
            .any(|told| told.starts_with("redirect-left-behind 5"));
        assert_eq!(is_told, is_host, "{set}: {told:?}");
        assert_eq!(told.is_empty(), !is_host, "{set}: {told:?}");
    }
}
