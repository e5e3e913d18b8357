//! Who is kept out by another tool is told to be let in here, and how upstreams are spoken to is not loosened.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

use keyway_config::forms::{Form, Imported, import_with};
use keyway_config::model::ClientMode;
use keyway_report::{Kind as _, Severity};

/// Every certificate stands with its key in one file, such as this one.
const PAIR: &str = "-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----\n";

/// An import with its findings, each as its code, its line and what it names.
fn read(text: &str, form: Form) -> (Imported, Vec<String>) {
    let imported = import_with(text, form, &|_| Some(PAIR.to_owned())).unwrap();
    let told = imported.findings.iter().map(|finding| {
        assert_eq!(finding.severity(), Severity::Error);
        let message = finding.kind.message();
        let what = message.split('`').nth(1).unwrap_or_default().to_owned();
        let line = finding.at.line.unwrap_or_default();
        format!("{} {line} {what}", finding.code().replace("config.", ""))
    });
    let told = told.collect();
    (imported, told)
}

fn nginx(more: &str) -> String {
    format!(
        "server {{ listen 443 ssl; server_name a.example; ssl_certificate a; ssl_certificate_key a;\n{more}\n\
         location / {{ proxy_pass http://10.0.0.1:80; }} }}\n"
    )
}

fn haproxy(bind: &str, front: &str, back: &str) -> String {
    format!(
        "frontend web\n mode http\n bind :443 ssl crt /a.pem {bind}\n {front}\n default_backend a\nbackend a\n \
         mode http\n server s 10.0.0.1:80 {back}\n"
    )
}

fn ingress(annotations: &str) -> String {
    format!(
        "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: web\n  annotations:\n{annotations}\
         spec:\n  rules:\n  - host: a.example\n    http: {{paths: [{{path: /, backend: {{service: {{name: web, port: \
         {{number: 8443}}}}}}}}]}}\n"
    )
}

#[test]
fn what_keeps_somebody_out_in_nginx_is_told_to_let_everybody_in() {
    for (given, told) in [
        ("allow 10.0.0.0/8; deny all;", "deny all"),
        (
            "auth_basic \"Staff\"; auth_basic_user_file /x;",
            "auth_basic [redacted]",
        ),
        ("auth_request /auth;", "auth_request /auth"),
        (
            "if ($ssl_client_verify != SUCCESS) { return 403; }",
            "if ($ssl_client_verify != SUCCESS) return 403",
        ),
        (
            "if ($ssl_client_verify != SUCCESS) { return 403; }",
            "if ($ssl_client_verify != SUCCESS) return 403",
        ),
        (
            "location ~ /\\.git { return 404; }",
            "location ~ /\\.git return 404",
        ),
        (
            "if ($ssl_client_verify != SUCCESS) { return 500; }",
            "if ($ssl_client_verify != SUCCESS) return 500",
        ),
        (
            "if ($remote_addr != 10.0.0.1) { proxy_pass http://10.0.0.2:80; }",
            "if ($remote_addr != 10.0.0.1) proxy_pass http://10.0.0.2:80",
        ),
        (
            "if ($geoip_country_code = XX) { rewrite ^ /denied last; }",
            "if ($geoip_country_code = XX) rewrite ^ /denied last",
        ),
        ("if ($deny) { return 403; }", "if ($deny) return 403"),
        ("auth_ldap Staff;", "auth_ldap [redacted]"),
        ("limit_req zone=one burst=5;", "limit_req zone=one burst=5"),
        ("limit_conn one 10;", "limit_conn one 10"),
        ("SecRulesEnabled;", "SecRulesEnabled"),
        (
            "location /u { dav_access user:rw; }",
            "location /u dav_access user:rw",
        ),
        ("perl Guard::handler;", "perl Guard::handler"),
        (
            "location /x { js_content main.guard; }",
            "location /x js_content main.guard",
        ),
        (
            "rewrite_by_lua_file /guard.lua;",
            "rewrite_by_lua_file /guard.lua",
        ),
        ("modsecurity on;", "modsecurity on"),
        ("location /in { internal; }", "location /in internal"),
        (
            "limit_except GET { deny all; }",
            "limit_except GET deny all",
        ),
        (
            "proxy_set_header X-Who $ssl_client_s_dn;",
            "proxy_set_header X-Who $ssl_client_s_dn",
        ),
    ] {
        let (_, found) = read(&nginx(given), Form::Nginx);
        assert_eq!(found, [format!("guard-left-behind 2 {told}")], "{given}");
    }
    for given in [
        "allow all;",
        "auth_basic off;",
        "ssl_verify_client optional; ssl_client_certificate ca;",
        "location /old { return 301 /new; }",
        "modsecurity off;",
        "limit_rate 10k; limit_req_status 429;",
        "set $way a; if ($way = b) { rewrite ^ /b last; }",
        "proxy_set_header X-Real-IP $remote_addr;",
    ] {
        assert_eq!(read(&nginx(given), Form::Nginx).1, [""; 0], "{given}");
    }
    // What another service does is no loss of this one.
    let other = nginx("deny all;").replace("a.example", "b.example");
    let other = other.replace("10.0.0.1", "10.0.0.2");
    let (imported, found) = read(&(nginx("") + &other), Form::Nginx);
    let apart = "upstream-left-behind 4 server b.example: passes to http://10.0.0.2:80";
    assert_eq!(found, [apart]);
    assert!(imported.lost.contains(&"line 5: deny all".to_owned()));
    assert_eq!(
        read(
            &format!("http {{ deny 10.0.0.1; {} }}", nginx("")),
            Form::Nginx
        )
        .1,
        ["guard-left-behind 1 deny 10.0.0.1"]
    );
}

#[test]
fn variables_of_nginx_that_are_made_of_who_a_client_is_say_it_too() {
    for (made, inside) in [
        ("geo $deny { default 1; 10.0.0.0/8 0; }", "if ($deny)"),
        ("geo $http_x_from $deny { default 1; }", "if ($deny)"),
        ("map $remote_addr $deny { default 1; }", "if ($deny = 1)"),
        (
            "map $deny $no { default 1; } map \"a${http_cookie}b\" $deny { default 1; }",
            "if ($no)",
        ),
        ("js_set $deny main.deny;", "if ($deny)"),
        ("perl_set $deny Guard::deny;", "if ($deny)"),
        (
            "",
            "set $deny 1; if ($remote_addr = 10.0.0.1) { set $deny 0; } if ($deny)",
        ),
    ] {
        for end in [
            "return 302 /login",
            "rewrite ^ /login last",
            "proxy_pass http://10.0.0.2:80",
        ] {
            let server = nginx(&format!("{inside} {{ {end}; }}"));
            let text = format!("http {{ {made}\n {server} }}");
            let (_, found) = read(&text, Form::Nginx);
            let condition = &inside[inside.rfind("if (").unwrap()..];
            let told = format!("guard-left-behind 3 {condition} {end}");
            assert_eq!(found, [told], "{text}");
        }
    }
    // Where everybody is alike nobody is kept out.
    for (made, inside) in [
        ("map $uri $old { default 0; /a 1; }", "if ($old)"),
        ("map $http_user_agent $old { default 0; }", "if ($old)"),
    ] {
        let server = nginx(&format!("{inside} {{ return 302 /new; }}"));
        let (_, found) = read(&format!("http {{ {made}\n {server} }}"), Form::Nginx);
        assert_eq!(found, [""; 0], "{made}");
    }
    let told = "http { map $ssl_client_s_dn $who { default a; }\n";
    let server = nginx("proxy_set_header X-Who $who;");
    let (_, found) = read(&format!("{told} {server} }}"), Form::Nginx);
    assert_eq!(found, ["guard-left-behind 3 proxy_set_header X-Who $who"]);
}

#[test]
fn what_keeps_somebody_out_in_haproxy_is_told_to_let_everybody_in() {
    for front in [
        "http-request deny if !{ ssl_c_used }",
        "http-request auth unless { http_auth(people) }",
        "http-request return status 403 if { src 10.0.0.1 }",
        "http-response return status 403 if { res.hdr(x-no) -m found }",
        "http-request set-header X-Who %[ssl_c_s_dn]",
        "tcp-request connection reject unless { src 10.0.0.0/8 }",
        "tcp-request content silent-drop if { src 10.0.0.1 }",
        "http-request lua.auth",
        "http-request use-service lua.auth if { path /x }",
        "http-request redirect location https://login.example if { src 10.0.0.1 }",
        "redirect location https://login.example unless { req.cook(s) -m found }",
    ] {
        let (_, found) = read(&haproxy("", front, ""), Form::Haproxy);
        let told: String = front.split(' ').take(2).collect::<Vec<_>>().join(" ");
        assert_eq!(found.len(), 1, "{front}");
        let start = format!("guard-left-behind 4 {told}");
        assert!(found[0].starts_with(&start), "{found:?}");
    }
    let (imported, found) = read(
        &haproxy("interface eth1 ca-file /c verify optional", "", ""),
        Form::Haproxy,
    );
    assert_eq!(found, ["guard-left-behind 3 bind interface eth1"]);
    assert_eq!(imported.service.tls.client.mode, ClientMode::Optional);
    let back = "\n http-request deny if { path_beg /admin }";
    let (_, found) = read(&haproxy("", "", back), Form::Haproxy);
    assert_eq!(
        found,
        ["guard-left-behind 9 http-request deny if { path_beg /admin }"]
    );
    let (_, found) = read(
        &haproxy(
            "",
            "http-request use-service prometheus-exporter if { path /m }",
            "",
        ),
        Form::Haproxy,
    );
    assert_eq!(found, [""; 0]);
    for (back, told) in [
        (
            "use-server s if { src 10.0.0.0/8 }",
            "guard-left-behind 9 use-server s if { src 10.0.0.0/8 }",
        ),
        (
            "acl staff src 10.0.0.0/8\n use-server s unless staff",
            "guard-left-behind 10 use-server s unless staff",
        ),
        (
            "acl staff src 10.0.0.0/8\n http-request redirect location / if staff",
            "guard-left-behind 10 http-request redirect location / if staff",
        ),
        (
            "use-server s if { hdr(host) -i b.example }",
            "upstream-left-behind 9 use-server s if { hdr(host) -i b.example }",
        ),
        ("use-server s if { path_beg /s }", ""),
    ] {
        let (_, found) = read(&haproxy("", "", &format!("\n {back}")), Form::Haproxy);
        assert_eq!(found.join(""), told, "{back}");
    }
    // A backend for some alone, and there is no other.
    let text =
        haproxy("", "", "").replace("default_backend a", "use_backend a if { src 10.0.0.0/8 }");
    let (_, found) = read(&text, Form::Haproxy);
    assert_eq!(
        found,
        ["guard-left-behind 5 use_backend a if { src 10.0.0.0/8 }"]
    );
    let other = "frontend other\n mode http\n bind :80 interface eth0\n http-request deny\n default_backend a\n";
    let (imported, found) = read(&(haproxy("", "", "") + other), Form::Haproxy);
    assert_eq!(found, [""; 0]);
    assert!(
        imported
            .lost
            .contains(&"line 12: http-request deny".to_owned())
    );
}

#[test]
fn what_keeps_somebody_out_of_an_ingress_is_told_to_let_everybody_in() {
    let own = "    nginx.ingress.kubernetes.io/";
    for (given, told) in [
        (
            format!("{own}auth-tls-verify-client: \"on\"\n"),
            "auth-tls-verify-client",
        ),
        (
            format!("{own}auth-tls-secret: a/b\n{own}auth-tls-verify-client: \"on\"\n"),
            "auth-tls-secret",
        ),
        (
            format!("{own}whitelist-source-range: 10.0.0.0/8\n"),
            "whitelist-source-range",
        ),
        (
            format!("{own}auth-type: basic\n{own}auth-secret: x\n"),
            "auth-type",
        ),
        (
            format!("{own}configuration-snippet: \"deny all;\"\n"),
            "configuration-snippet",
        ),
    ] {
        let (_, found) = read(&ingress(&given), Form::KubernetesIngress);
        let told = format!("metadata.annotations.{}{told}", own.trim());
        assert_eq!(found, [format!("guard-left-behind 6 {told}")], "{given}");
    }
    for annotation in [
        "haproxy.org/client-ca: a/b",
        "traefik.ingress.kubernetes.io/router.tls.options: a-mtls@kubernetescrd",
        "konghq.com/plugins: key-auth",
        "nginx.ingress.kubernetes.io/limit-rps: 5",
        "nginx.ingress.kubernetes.io/enable-modsecurity: \"true\"",
        "nginx.ingress.kubernetes.io/server-snippet: \"limit_req zone=a;\"",
        "nginx.ingress.kubernetes.io/server-snippet: \"return  503;\"",
        "nginx.ingress.kubernetes.io/server-snippet: \"if ($http_user_agent ~ bot) { return 500; }\"",
        "nginx.ingress.kubernetes.io/server-snippet: \"ssl_verify_client on;\"",
        "nginx.ingress.kubernetes.io/configuration-snippet: \"modsecurity on;\"",
        "nginx.ingress.kubernetes.io/configuration-snippet: \"access_by_lua_block { x() }\"",
        "nginx.ingress.kubernetes.io/configuration-snippet: \"proxy_set_header X-DN $ssl_client_s_dn;\"",
        "alb.ingress.kubernetes.io/wafv2-acl-arn: arn:x",
        "alb.ingress.kubernetes.io/security-groups: sg-1",
        "haproxy.org/rate-limit-requests: \"10\"",
        "nginx.ingress.kubernetes.io/auth-tls-match-cn: CN=a",
        "haproxy-ingress.github.io/auth-secret: people",
        "haproxy-ingress.github.io/config-backend: \"http-request deny if { path /x }\"",
        "k8s.apisix.apache.org/plugin-config-name: keys",
        "zalando.org/skipper-filter: oauthTokeninfoAnyScope(\"uid\")",
        "appprotect.f5.com/app-protect-enable: \"True\"",
    ] {
        let given = format!("    {annotation}\n");
        let (_, found) = read(&ingress(&given), Form::KubernetesIngress);
        let (told, _) = annotation.split_once(": ").unwrap();
        let told = format!("guard-left-behind 6 metadata.annotations.{told}");
        assert_eq!(found, [told], "{given}");
    }
    for given in [
        format!("{own}auth-tls-secret: a/b\n{own}auth-tls-verify-client: \"off\"\n"),
        format!("{own}limit-rps: 0\n{own}limit-rate: 10\n"),
        format!("{own}limit-whitelist: 10.0.0.0/8\n{own}enable-cors: \"true\"\n"),
        format!("{own}configuration-snippet: \"gzip on;\"\n"),
        format!("{own}configuration-snippet: \"more_set_headers 'X-Frame-Options: DENY';\"\n"),
        format!("{own}configuration-snippet: \"proxy_hide_header X-Auth;\"\n"),
        "    haproxy-ingress.github.io/config-backend: http-request set-header X-A b\n".to_owned(),
        "    zalando.org/skipper-filter: compress()\n".to_owned(),
    ] {
        assert_eq!(
            read(&ingress(&given), Form::KubernetesIngress).1,
            [""; 0],
            "{given}"
        );
    }
}

#[test]
fn an_upstream_that_is_spoken_to_with_tls_never_becomes_plain_text() {
    let defaults = "defaults\n mode http\n default-server ssl verify required ca-file @system-ca\n";
    for text in [
        haproxy("", "", "ssl verify required ca-file @system-ca"),
        haproxy("", "", "").replace(
            " server s",
            " default-server ssl verify required ca-file @system-ca\n server s",
        ),
        defaults.to_owned() + &haproxy("", "", ""),
        defaults.to_owned() + "listen web\n bind :443 ssl crt /a.pem\n server s 10.0.0.1:80\n",
    ] {
        let (imported, found) = read(&text, Form::Haproxy);
        assert!(
            imported.service.upstream.iter().eq(["https://10.0.0.1:80"]),
            "{text}"
        );
        assert_eq!((imported.lost, found), (vec![], vec![]), "{text}");
        let bytes = text.replace("mode http", "mode tcp");
        let (imported, found) = read(&bytes, Form::Haproxy);
        assert!(imported.service.upstream.is_empty(), "{text}");
        assert!(found[0].starts_with("upstream-left-behind"), "{found:?}");
    }
    let plain = defaults.to_owned() + &haproxy("", "", "no-ssl");
    let (imported, _) = read(&plain, Form::Haproxy);
    assert!(imported.service.upstream.iter().eq(["http://10.0.0.1:80"]));
    let stream = "stream { proxy_ssl on;\nserver { listen 5432 ssl; ssl_certificate a; ssl_certificate_key a;\n\
        proxy_pass db.example:5432; } }";
    let (imported, found) = read(stream, Form::Nginx);
    assert!(imported.service.upstream.is_empty());
    assert_eq!(found, ["upstream-left-behind 3 proxy_pass db.example:5432"]);
    let (imported, found) = read(&stream.replace("ssl on", "ssl off"), Form::Nginx);
    assert!(imported.service.upstream.iter().eq(["db.example:5432"]) && found.is_empty());
    for (given, upstream) in [
        (
            "nginx.ingress.kubernetes.io/backend-protocol: HTTPS",
            "https://web:8443",
        ),
        (
            "nginx.ingress.kubernetes.io/backend-protocol: grpcs",
            "https://web:8443",
        ),
        ("haproxy.org/server-ssl: \"true\"", "https://web:8443"),
        (
            "nginx.ingress.kubernetes.io/backend-protocol: AUTO_HTTP",
            "",
        ),
        ("nginx.ingress.kubernetes.io/backend-protocol: FCGI", ""),
        (
            "ingress.citrix.com/secure_backend: '{\"web\":\"true\"}'",
            "",
        ),
        ("nginx.ingress.kubernetes.io/ssl-passthrough: \"true\"", ""),
        (
            "nginx.ingress.kubernetes.io/backend-protocol: HTTP",
            "http://web:8443",
        ),
    ] {
        let (imported, found) = read(&ingress(&format!("    {given}\n")), Form::KubernetesIngress);
        assert_eq!(imported.service.upstream.0.join(" "), upstream, "{given}");
        assert_eq!(found.is_empty(), !upstream.is_empty(), "{given}");
        let is_told = imported
            .lost
            .iter()
            .any(|lost| lost.contains("is verified"));
        assert_eq!(is_told, upstream.starts_with("https"), "{given}");
    }
}
