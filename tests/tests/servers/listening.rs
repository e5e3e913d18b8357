//! Where a service listens, and what it asks of its clients there: nothing of it is loosened on the way.

use keyway_config::forms::{Form, export, findings};
use keyway_config::model::{ClientMode, Material, Protocol, Status};
use keyway_config::{Surroundings, check, read};
use keyway_report::Kind as _;

use crate::judges::{SERVERS, accepted, folder, full, import};

/// A server of nginx that lets in whom a CA vouches for.
fn closed(listen: &str) -> String {
    format!(
        "server {{ {listen} server_name www.contoso.com;\nssl_certificate a.pem; ssl_certificate_key a.key;\n\
         ssl_client_certificate ca.pem; ssl_verify_client on;\nlocation / {{ proxy_set_header Host $host; proxy_pass http://127.0.0.1:1; }} }}\n"
    )
}

#[test]
fn a_word_of_listen_that_is_not_known_is_told_and_tls_stays() {
    for (listen, listens, told) in [
        (
            "listen 443 ssl reuseport;",
            "0.0.0.0:443",
            "line 1: listen reuseport",
        ),
        (
            "listen 8443 ssl proxy_protocol backlog=9;",
            "0.0.0.0:8443",
            "line 1: listen backlog=9\nline 1: listen proxy_protocol, whoever comes: here proxy_protocol.from says who \
             is believed",
        ),
        (
            "listen localhost:443 ssl;",
            "127.0.0.1:443",
            "line 1: listen localhost:443 ssl, here 127.0.0.1:443",
        ),
        (
            "listen [::]:8443 ssl ipv6only=on;",
            "[::]:8443",
            "line 1: listen [::]:8443 of IPv6 alone",
        ),
        ("listen 192.0.2.1 ssl;", "192.0.2.1:80", ""),
        ("listen 443; ssl on;", "0.0.0.0:443", ""),
        ("listen [::]:8443 ssl ipv6only=off;", "[::]:8443", ""),
        (
            "listen 443 ssl; listen unix:/run/x.sock ssl;",
            "0.0.0.0:443",
            "line 1: listen unix:/run/x.sock ssl",
        ),
    ] {
        let imported = import(&closed(listen), Form::Nginx).expect("a server");
        let service = &imported.service;
        assert_eq!(service.status(), Status::Enabled, "{listen}");
        assert_eq!(service.tls.status, None, "{listen}");
        assert_eq!(service.tls.client.mode, ClientMode::Required, "{listen}");
        assert_eq!(service.listen.0.join(" "), listens, "{listen}");
        assert_eq!(imported.lost.join("\n"), told, "{listen}");
        let again = export(service, Form::Nginx, &|_| None).text;
        assert!(again.contains(" ssl default_server;"), "{listen}: {again}");
        assert!(again.contains("ssl_verify_client on;"), "{listen}: {again}");
    }
}

#[test]
fn tls_at_an_address_is_that_of_every_server_there() {
    let text = "http {\n  ssl_certificate a.pem;\n  ssl_certificate_key a.key;\n  server { listen 443 ssl; \
        server_name a.example.com;\n    location / { proxy_set_header Host $host; proxy_pass http://10.0.0.1:80; } }\n  \
        server { listen 443; server_name b.example.com; ssl_certificate b.pem; ssl_certificate_key b.key;\n    \
        location / { proxy_set_header Host $host; proxy_pass http://10.0.0.1:80; } }\n}\n";
    let imported = import(text, Form::Nginx).expect("servers");
    assert_eq!(imported.lost, [""; 0]);
    let tls = &imported.service.tls;
    assert_eq!(imported.service.status(), Status::Enabled);
    assert_eq!(tls.certificates[0].certificate, Material::new("b.pem"));
}

#[test]
fn a_plain_listen_beside_tls_is_no_part_of_the_service() {
    let both = closed("listen 80;\nlisten 443 ssl;\nlisten [::]:443 ssl;");
    let imported = import(&both, Form::Nginx).expect("a server");
    assert!(imported.service.listen.is_empty());
    assert_eq!(imported.lost, ["line 1: listen 80 in plain text"]);
    let again = export(&imported.service, Form::Nginx, &|_| None).text;
    assert!(!again.contains("listen 80"), "{again}");
    let plain = import(
        "server { listen 80; location / { proxy_set_header Host $host; proxy_pass http://x; } }",
        Form::Nginx,
    );
    let plain = plain.expect("a server").service;
    assert!(plain.listen.iter().eq(["0.0.0.0:80"]) && plain.status() == Status::Disabled);
}

#[test]
fn a_bind_with_settings_of_its_own_is_left_behind_whichever_comes_first() {
    let strict = "bind :443 ssl crt /etc/a.pem ca-file /etc/ca.pem verify required";
    let open = "bind 10.0.0.5:8443 ssl crt /etc/a.pem verify none";
    let frontend = |binds: [&str; 2]| {
        let [first, second] = binds;
        let text = format!(
            "frontend web\n    mode http\n    {first}\n    {second}\n    default_backend app\n\
             backend app\n    server a 10.0.0.1:80\n"
        );
        import(&text, Form::Haproxy).expect("a frontend")
    };
    let imported = frontend([strict, open]);
    assert!(imported.service.listen.iter().eq(["0.0.0.0:443"]));
    assert_eq!(imported.service.tls.client.mode, ClientMode::Required);
    assert_eq!(
        imported.lost,
        ["line 4: bind 10.0.0.5:8443 with settings of its own: tls.client.ca, tls.client.mode"]
    );
    let imported = frontend([open, strict]);
    assert!(imported.service.listen.iter().eq(["10.0.0.5:8443"]));
    assert_eq!(imported.service.tls.client.mode, ClientMode::None);
    assert_eq!(
        imported.lost,
        ["line 4: bind :443 with settings of its own: tls.client.ca, tls.client.mode"]
    );
    for (other, field) in [
        ("bind :8443 ssl crt /etc/b.pem", "tls.certificate, tls.key"),
        (
            "bind :8443 ssl crt /etc/a.pem ssl-min-ver TLSv1.3",
            "tls.profile",
        ),
        ("bind :8443 ssl crt /etc/a.pem alpn h2", "tls.alpn"),
    ] {
        let imported = frontend(["bind :443 ssl crt /etc/a.pem", other]);
        let tls = &imported.service.tls;
        assert!(imported.service.listen.iter().eq(["0.0.0.0:443"]));
        assert_eq!(tls.certificate, Some(Material::new("/etc/a.pem")));
        assert!(tls.certificates.is_empty() && tls.profile == Protocol::Intermediate);
        let told = format!("bind :8443 with settings of its own: {field}");
        // Another certificate is missed by whoever gets it there.
        let mut findings = imported.findings.iter().map(|it| it.kind.message());
        let is_found = findings.any(|message| message.contains(&told));
        assert_eq!(is_found, other.contains("/etc/b.pem"), "{other}");
        let noted = format!("line 4: {told}");
        assert_eq!(
            imported.lost.contains(&noted),
            !is_found,
            "{:?}",
            imported.lost
        );
    }
    let alike = strict.replace(":443", "[::]:443");
    let imported = frontend([strict, &alike]);
    assert!(
        imported.service.listen.is_empty(),
        "both families, the default"
    );
    assert_eq!(imported.lost, [""; 0]);
}

#[test]
fn an_address_that_another_stands_for_is_written_once_and_found() {
    let folder = folder(&["pair.pem", "other.pem"]);
    let mut service = full(folder.path());
    for (listen, left) in [
        (["0.0.0.0:8443", "[::]:8443"], "0.0.0.0:8443"),
        (["[::]:8443", "127.0.0.1:8443"], "127.0.0.1:8443"),
        (["0.0.0.0:8443", "127.0.0.1:8443"], "127.0.0.1:8443"),
    ] {
        service.listen = listen.into_iter().collect();
        for form in SERVERS {
            let exported = export(&service, form, &|_| None);
            let answer = accepted(form, &service, &exported.text, folder.path());
            assert!(answer.is_ok(), "{form:?} {answer:?}: {}", exported.text);
            let told = findings(&exported, form, "service");
            let told = serde_json::to_string(&told).expect("plain values");
            let expected = format!("left out are {left}, which another address stands for");
            assert!(told.contains(&expected), "{form:?} {told}");
        }
        let text = format!("listen = {listen:?}\n[tls]\ncertificate = \"a\"\nkey = \"b\"\n");
        let found = check(
            &read(&text).expect("a service"),
            "x",
            &Surroundings::default(),
        );
        let told = serde_json::to_string(&found).expect("plain values");
        assert!(told.contains("config.duplicate-listen"), "{told}");
        assert!(told.contains(&format!("\"listen\":\"{left}\"")), "{told}");
    }
}

#[test]
fn caddy_listens_at_each_port_on_the_addresses_that_are_said_for_it() {
    let folder = folder(&["pair.pem", "other.pem"]);
    let mut service = full(folder.path());
    for (listen, expected) in [
        (
            &["[::]:8443", "127.0.0.1:9443"][..],
            &[("8443", None), ("9443", Some("127.0.0.1"))][..],
        ),
        (&["0.0.0.0:8443"], &[("8443", Some("0.0.0.0"))]),
        (
            &["[::]:8443", "[::]:9443"],
            &[("8443", None), ("9443", None)],
        ),
        (
            &["127.0.0.1:8443", "192.0.2.1:8443", "127.0.0.1:9443"],
            &[
                ("8443", Some("127.0.0.1 192.0.2.1")),
                ("9443", Some("127.0.0.1")),
            ],
        ),
    ] {
        service.listen = listen.iter().copied().collect();
        let exported = export(&service, Form::Caddy, &|_| None);
        assert!(!exported.lost.contains(&"listen".to_owned()));
        let answer = accepted(Form::Caddy, &service, &exported.text, folder.path());
        assert!(answer.is_ok(), "{answer:?}: {}", exported.text);
        for (port, bind) in expected {
            let sites = exported.text.split("\n\n").filter(|site| {
                let head = site.lines().next().unwrap_or_default();
                head.contains("www.contoso.com") && head.contains(&format!(":{port}"))
            });
            let sites: Vec<&str> = sites.collect();
            assert_eq!(sites.len(), 1, "{}", exported.text);
            let line = sites[0]
                .lines()
                .find_map(|line| line.strip_prefix("\tbind "));
            assert_eq!(line, *bind, "{}", exported.text);
        }
    }
}

#[test]
fn what_listens_on_no_address_that_can_be_read_is_no_service() {
    let haproxy = |bind: &str| {
        format!(
            "frontend web\n mode http\n {bind}\n default_backend a\nbackend a\n server s 10.0.0.1:80\n"
        )
    };
    let redirect = "server { listen 80; return 301 https://$host$request_uri; }\n";
    let plain = "bind :80\n bind unix@/run/x.sock ssl crt /a.pem";
    for (form, text, told) in [
        (
            Form::Nginx,
            closed("listen unix:/run/x.sock ssl;"),
            "line 1: `listen unix:/run/x.sock ssl`",
        ),
        (
            Form::Nginx,
            closed("listen 443 quic;"),
            "line 1: `listen 443 quic`",
        ),
        (
            Form::Nginx,
            closed("listen 10.0.0.1:1000-1010 ssl;"),
            "line 1: `listen 10.0.0.1:1000-1010",
        ),
        (
            Form::Nginx,
            closed("listen web.internal:443 ssl;"),
            "line 1: `listen web.internal:443",
        ),
        (
            Form::Nginx,
            closed("listen 80; listen unix:/x ssl;"),
            "line 1: `listen unix:/x ssl`",
        ),
        (
            Form::Nginx,
            closed("listen unix:/x ssl;") + redirect,
            "line 1: `listen unix:/x ssl`",
        ),
        (
            Form::Haproxy,
            haproxy("bind 10.0.0.1:1000-1010 ssl crt /a.pem"),
            "line 3: `bind 10.0.0.1:1000-1010`",
        ),
        (
            Form::Haproxy,
            haproxy("bind /run/x.sock ssl crt /a.pem"),
            "line 3: `bind /run/x.sock`",
        ),
        (
            Form::Haproxy,
            haproxy("bind ipv4@[::1]:443 ssl crt /a.pem"),
            "line 3: `bind ipv4@[::1]:443`",
        ),
        (
            Form::Haproxy,
            haproxy(plain),
            "line 4: `bind unix@/run/x.sock`",
        ),
    ] {
        let refused = import(&text, form).expect_err("no service").to_string();
        assert!(refused.starts_with(told), "{text}: {refused}");
    }
    let both = closed("listen unix:/x ssl;") + &closed("listen 443 ssl;").replace("www", "shop");
    let imported = import(&both, Form::Nginx).expect("a server");
    assert!(imported.service.host.iter().eq(["shop.contoso.com"]));
    let told = [
        "line 1: listen unix:/x ssl",
        "line 1: server www.contoso.com",
    ];
    assert_eq!(imported.lost, told);
    for (bind, listens) in [
        ("ipv4@10.0.0.1:443", "10.0.0.1:443"),
        ("ipv4@:8443", "0.0.0.0:8443"),
        ("ipv6@[2001:db8::1]:443", "[2001:db8::1]:443"),
        ("ipv6@:8443", "[::]:8443"),
    ] {
        let text = haproxy(&format!("bind {bind} ssl crt /a.pem"));
        let service = import(&text, Form::Haproxy).expect("a frontend").service;
        assert!(service.listen.iter().eq([listens]), "{bind}");
    }
}

#[test]
fn a_word_that_nobody_knows_where_clients_are_asked_is_an_error() {
    let nginx = closed("listen 443 ssl;");
    for (form, text, told) in [
        (
            Form::Nginx,
            nginx.replace("client on", "client foo"),
            "line 3: `ssl_verify_client foo`",
        ),
        (
            Form::Nginx,
            nginx.replace("client on", "client"),
            "line 3: `ssl_verify_client`",
        ),
        (
            Form::Haproxy,
            "frontend web\n bind :443 ssl crt /a.pem ca-file /ca.pem verify Required\n".to_owned(),
            "line 2: `bind :443 verify Required`",
        ),
    ] {
        let refused = import(&text, form).expect_err("no service").to_string();
        assert!(refused.starts_with(told), "{text}: {refused}");
    }
}

#[test]
fn what_caddy_takes_for_a_mistake_is_not_exported() {
    let folder = folder(&["pair.pem", "other.pem"]);
    let mut service = full(folder.path());
    service.tls.redirect = false;
    for (status, listen, is_good) in [
        (Status::Disabled, "[::]:443", false),
        (Status::Disabled, "[::]:8443", true),
        (Status::Enabled, "127.0.0.1:80", false),
        (Status::Enabled, "127.0.0.1:8080", true),
    ] {
        service.tls.status = Some(status);
        service.listen = [listen].into_iter().collect();
        let exported = export(&service, Form::Caddy, &|_| None);
        let answer = accepted(Form::Caddy, &service, &exported.text, folder.path());
        assert_eq!(answer.is_ok(), is_good, "{listen} {answer:?}");
        assert_eq!(exported.refused.is_none(), is_good, "{listen}");
    }
}
