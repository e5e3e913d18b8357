//! What is imported, and what is told of the rest, with its place.

use keyway_config::Finding;
use keyway_config::forms::Form;
use keyway_config::model::{ClientMode, Material, Protocol};

use crate::judges::import;

#[test]
fn servers_of_nginx_are_imported() {
    let text = "http {\n  gzip on;\n  upstream app { server 10.0.0.1:80; server 10.0.0.2:80 weight=2; }\n  \
        server {\n    listen 443 ssl http2;\n    listen [::]:443 ssl http2;\n    \
        server_name www.example.com example.com;\n    ssl_certificate '/a b.pem'; # ours\n    \
        ssl_certificate_key /key.pem;\n    ssl_protocols TLSv1.2 TLSv1.3;\n    \
        ssl_client_certificate /ca.pem;\n    ssl_verify_client optional;\n    \
        add_header Strict-Transport-Security \"max-age=300\" always;\n    \
        location / { proxy_set_header Host $host; proxy_pass http://app; proxy_buffering off; }\n    location /x { deny all; }\n  }\n  \
        server {\n    listen 80;\n    server_name www.example.com example.com;\n    \
        location / { return 301 https://$host$request_uri; }\n  }\n}\n";
    let imported = import(text, Form::Nginx).expect("servers");
    let service = &imported.service;
    assert!(service.host.iter().eq(["www.example.com", "example.com"]));
    assert_eq!(service.tls.certificate, Some(Material::new("/a b.pem")));
    assert_eq!(service.tls.client.mode, ClientMode::Optional);
    assert_eq!(
        service.tls.hsts.as_ref().map(|hsts| hsts.max_age),
        Some(300)
    );
    assert!(service.tls.redirect && service.listen.is_empty());
    let upstreams = ["http://10.0.0.1:80", "http://10.0.0.2:80"];
    assert!(service.upstream.iter().eq(upstreams));
    assert_eq!(
        imported.lost,
        [
            "line 2: gzip on",
            "line 3: server 10.0.0.2:80 weight=2",
            "line 14: proxy_buffering off",
            "line 15: location /x",
        ]
    );
    let found: Vec<_> = imported
        .findings
        .iter()
        .map(|found| found.at.line)
        .collect();
    assert_eq!(found, [Some(15)]);
}

#[test]
fn a_frontend_of_haproxy_is_imported() {
    let text = "global\n    daemon\nfrontend web\n    bind :443 ssl crt /etc/site.pem alpn h2,http/1.1 \
        ssl-min-ver TLSv1.2 strict-sni\n    mode http\n    acl slow path /x\n    default_backend app\n\
        backend app\n    mode http\n    server a 10.0.0.1:80 check\n";
    let imported = import(text, Form::Haproxy).expect("a frontend");
    let service = &imported.service;
    assert_eq!(
        service.tls.certificate,
        Some(Material::new("/etc/site.pem"))
    );
    assert!(service.upstream.iter().eq(["http://10.0.0.1:80"]));
    assert_eq!(service.name.as_deref(), Some("web"));
    assert_eq!(
        imported.lost,
        ["line 2: global: daemon", "line 6: acl slow path /x",]
    );
    let every = service.health.as_ref().and_then(|health| health.every);
    assert_eq!((every, service.tls.default_certificate), (Some(2), false));
}

#[test]
fn what_leads_to_another_upstream_is_another_service_and_is_told_with_its_line() {
    let text = "upstream spare { server 10.9.9.9:80; }\nupstream a { server 10.0.0.1:80; server 10.0.0.2:80; }\n\
        upstream b { server 10.0.0.3:80; }\n\
        server { listen 443 ssl; server_name a.example.com; ssl_certificate a.pem; ssl_certificate_key a.key;\n\
        location / { proxy_set_header Host $host; proxy_pass http://a; }\nlocation /b { proxy_pass http://b; } }\n\
        server { listen 443 ssl; server_name b.example.com; ssl_certificate b.pem; ssl_certificate_key b.key;\n\
        location / { proxy_set_header Host $host; proxy_pass http://b; } }\n\
        server { listen 443 ssl; server_name c.example.com; ssl_certificate c.pem; ssl_certificate_key c.key;\n\
        client_max_body_size 5; location / { proxy_set_header Host $host; proxy_pass http://a; } }\n";
    let imported = import(text, Form::Nginx).expect("servers");
    let service = &imported.service;
    assert!(service.host.iter().eq(["a.example.com"]));
    let upstreams = ["http://10.0.0.1:80", "http://10.0.0.2:80"];
    assert!(service.upstream.iter().eq(upstreams));
    // The certificate of what leads elsewhere is not this service's; the third server's is.
    assert_eq!(service.tls.certificates.len(), 1);
    assert!(
        service.tls.certificates[0]
            .host
            .iter()
            .eq(["c.example.com"])
    );
    assert_eq!(
        imported.lost,
        [
            "line 1: upstream spare: 10.9.9.9:80",
            "line 3: upstream b: 10.0.0.3:80",
            "line 4: server for all other hosts",
            "line 6: location /b",
            "line 6: proxy_pass http://b",
            "line 9: server with settings of its own: limits.body_bytes",
        ]
    );
    let text = "frontend web\n    mode http\n    bind :443 ssl crt /a.pem alpn h2,http/1.1\n    \
        use_backend files if { path_beg /files }\n    use_backend b if { req.hdr(host) -i b.example.com }\n    \
        use_backend b if { req.hdr(host) -i c.example.com }\n    \
        use_backend a if { req.hdr(host) -i a.example.com }\n    default_backend gone\n\
        backend a\n    server s 10.0.0.1:80\nbackend b\n    server s 10.0.0.2:80\n";
    let imported = import(text, Form::Haproxy).expect("a frontend");
    let hosts = ["b.example.com", "c.example.com"];
    assert!(imported.service.host.iter().eq(hosts));
    assert!(imported.service.upstream.iter().eq(["http://10.0.0.2:80"]));
    assert_eq!(
        imported.lost,
        [
            "line 4: use_backend files if { path_beg /files }",
            "line 8: default_backend gone",
            "line 10: backend a: server s 10.0.0.1:80",
        ]
    );
}

#[test]
fn a_server_of_a_group_without_a_port_is_at_port_80_of_nginx() {
    for (scheme, server, upstream) in [
        ("https", "app.example.com", "https://app.example.com:80"),
        ("http", "[2001:db8::1]", "http://[2001:db8::1]:80"),
        (
            "https",
            "app.example.com:8443",
            "https://app.example.com:8443",
        ),
    ] {
        let text = format!(
            "upstream app {{ server {server}; }}\nserver {{ listen 443 ssl; ssl_certificate a; \
             ssl_certificate_key a; location / {{ proxy_set_header Host $host; proxy_pass {scheme}://app; }} }}\n"
        );
        let imported = import(&text, Form::Nginx).expect("a server");
        assert!(imported.service.upstream.iter().eq([upstream]), "{server}");
    }
}

#[test]
fn an_upstream_with_tls_that_nobody_verified_is_told_to_be_verified_here() {
    let server = |more: &str| {
        format!(
            "server {{ listen 443 ssl http2; ssl_certificate a.pem; ssl_certificate_key a.key;\n\
             location / {{ proxy_set_header Host $host; proxy_pass https://score.example.com:8443; {more} }} }}\n"
        )
    };
    let imported = import(&server(""), Form::Nginx).expect("servers");
    assert_eq!(
        imported.lost,
        ["line 2: proxy_pass without proxy_ssl_verify: here it is verified"]
    );
    let verified = server("proxy_ssl_verify on; proxy_ssl_name score.example.com;");
    assert_eq!(
        import(&verified, Form::Nginx).expect("servers").lost,
        Vec::<String>::new()
    );
    let renamed = server("proxy_ssl_verify on; proxy_ssl_name other.example.com;");
    assert_eq!(
        import(&renamed, Form::Nginx).expect("servers").lost,
        ["line 2: proxy_ssl_name other.example.com"]
    );
}

#[test]
fn texts_in_no_form_are_refused_with_their_line() {
    for (form, text, line) in [
        (Form::Nginx, "server {\n", 1),
        (Form::Nginx, "server {\n}\n}\n", 3),
        (Form::Nginx, "server {\n listen 443\n}\n", 2),
        (Form::Nginx, "server { listen 'x; }\n", 1),
        (Form::Nginx, "gzip on;\n", 1),
        (Form::Haproxy, "\nbind :443\n", 2),
        (Form::Haproxy, "frontend x\n bind 'a\n", 2),
        (Form::Haproxy, "global\n", 1),
    ] {
        let told = import(text, form).expect_err("nothing").to_string();
        assert!(
            told.starts_with(&format!("line {line}: ")),
            "{text}: {told}"
        );
    }
    let deep = "a {".repeat(300_000);
    assert!(import(&deep, Form::Nginx).is_err());
}

#[test]
fn servers_of_nginx_inherit_what_is_set_above_them_and_keep_their_plain_names() {
    let text = "http {\n  ssl_certificate /c.pem;\n  ssl_certificate_key /k.pem;\n  ssl_protocols TLSv1.3;\n  \
        ssl_crl /unused.pem;\n  gzip on;\n  server {\n    listen 443 ssl http2;\n    \
        server_name www.example.com ~^w\\d+\\.example\\.com$ example.com;\n    ssl_crl /own.pem;\n    \
        location / { proxy_set_header Host $host; proxy_pass http://10.0.0.1:80; }\n  }\n  server {\n    listen 80;\n    \
        server_name www.example.com example.com;\n    return 301 https://$host:443$request_uri;\n  }\n}\n";
    let imported = import(text, Form::Nginx).expect("servers");
    let service = &imported.service;
    assert!(service.host.iter().eq(["www.example.com", "example.com"]));
    assert_eq!(service.tls.certificate, Some(Material::new("/c.pem")));
    assert_eq!(service.tls.key, Some(Material::new("/k.pem")));
    assert_eq!(service.tls.profile, Protocol::Modern);
    assert!(service.tls.client.crl.iter().eq(["/own.pem"]));
    assert!(service.tls.redirect);
    assert_eq!(
        imported.lost,
        [
            "line 5: ssl_crl /unused.pem",
            "line 6: gzip on",
            "line 9: server_name ~^w\\d+\\.example\\.com$",
        ]
    );
}

#[test]
fn a_plain_bind_and_a_folder_of_certificates_are_no_part_of_a_service() {
    let frontend = |lines: &str| {
        let text = format!(
            "frontend web\n{lines}    mode http\n    default_backend app\nbackend app\n    server a 10.0.0.1:80\n"
        );
        import(&text, Form::Haproxy).expect("a frontend")
    };
    let tls = "    bind :443 ssl crt /etc/haproxy/certs/ alpn h2,http/1.1\n";
    let imported = frontend(&format!("    bind :80\n{tls}"));
    assert!(imported.service.listen.iter().eq(["0.0.0.0:443"]));
    assert_eq!(imported.service.tls.certificate, None);
    assert_eq!(imported.lost, ["line 2: bind 0.0.0.0:80 in plain text"]);
    let found = imported.findings.first().map(Finding::code);
    assert_eq!(found, Some("config.certificates-left-behind"));
    let file = tls.replace("certs/", "certs");
    let redirect = "    http-request redirect scheme https code 301 if !{ ssl_fc }\n";
    let imported = frontend(&format!("    bind :80\n{file}{redirect}"));
    assert!(imported.service.tls.redirect);
    assert_eq!(
        imported.lost,
        ["line 3: bind crt /etc/haproxy/certs, if it is a folder"]
    );
    let imported = frontend("    bind :8080\n");
    assert!(imported.service.listen.iter().eq(["0.0.0.0:8080"]));
}

#[test]
fn a_server_of_haproxy_whose_port_nothing_says_is_left_behind() {
    let text = "frontend w\n mode http\n bind :443 ssl crt /a.pem alpn h2,http/1.1\n default_backend b\nbackend b\n \
        server a 10.0.0.1\n server b 10.0.0.2:+1\n server c /run/x.sock\n server d ipv4@10.0.0.3:90\n \
        server e 10.0.0.4:443 ssl verify none\n";
    let imported = import(text, Form::Haproxy).expect("a frontend");
    let upstreams = ["http://10.0.0.3:90", "https://10.0.0.4:443"];
    assert!(imported.service.upstream.iter().eq(upstreams));
    assert_eq!(
        imported.lost,
        [
            "line 6: server a 10.0.0.1",
            "line 7: server b 10.0.0.2:+1",
            "line 8: server c /run/x.sock",
            "line 10: server 10.0.0.4:443 verify none: here it is verified",
        ]
    );
}
