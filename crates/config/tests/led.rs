//! An import leads where the other tool leads, and nowhere else; what it knows of upstreams and of who comes is read.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

use keyway_config::forms::{Form, Imported, import_with};
use keyway_config::model::{Balance, Health, ProxyVersion};
use keyway_report::Kind as _;

/// Every certificate stands with its key in one file, such as this one.
const PAIR: &str = "-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----\n";

fn read(text: &str, form: Form) -> Imported {
    import_with(text, form, &|_| Some(PAIR.to_owned()))
        .unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// What is found, each as a line.
fn found(imported: &Imported) -> String {
    let findings = imported.findings.iter();
    let told = findings.map(|finding| finding.kind.message());
    told.collect::<Vec<_>>().join("\n")
}

fn nginx(group: &str, to: &str) -> String {
    format!(
        "upstream app {{ {group} }}\nserver {{ listen 443 ssl; server_name a.example; ssl_certificate a;\n\
         ssl_certificate_key a; location / {{ proxy_set_header Host $host; proxy_pass {to}; }} }}\n"
    )
}

#[test]
fn servers_of_a_group_share_the_load_unless_they_wait_for_others() {
    for (group, upstreams, told) in [
        (
            "server 10.0.0.1:1 weight=5; server 10.0.0.2:2 max_fails=3 fail_timeout=9s;",
            "http://10.0.0.1:1 http://10.0.0.2:2",
            "line 1: server 10.0.0.1:1 weight=5\nline 1: server 10.0.0.2:2 max_fails=3 fail_timeout=9s",
        ),
        (
            "server 10.0.0.1:1; server 10.0.0.2:2 backup; server 10.0.0.3:3 down; server unix:/run/x;",
            "http://10.0.0.1:1",
            "line 1: server 10.0.0.2:2 backup\nline 1: server 10.0.0.3:3 down\nline 1: server unix:/run/x",
        ),
    ] {
        let imported = read(&nginx(group, "http://app"), Form::Nginx);
        assert_eq!(imported.service.upstream.0.join(" "), upstreams);
        assert_eq!(imported.lost.join("\n"), told);
        assert_eq!(found(&imported), "");
    }
    for (group, to, told) in [
        (
            "server unix:/run/x;",
            "http://app",
            "`server unix:/run/x` in line 1",
        ),
        (
            "server 10.0.0.1:1 down;",
            "http://app",
            "`server 10.0.0.1:1 down` in line 1",
        ),
        (
            "",
            "http://unix:/run/x",
            "`proxy_pass http://unix:/run/x` in line 3",
        ),
        (
            "",
            "http://10.0.0.1/app/",
            "`proxy_pass http://10.0.0.1/app/` in line 3",
        ),
        ("", "$where", "`proxy_pass $where` in line 3"),
    ] {
        let imported = read(&nginx(group, to), Form::Nginx);
        assert!(imported.service.upstream.is_empty(), "{to}");
        assert!(found(&imported).contains(told), "{}", found(&imported));
    }
    let slash = read(&nginx("", "http://10.0.0.1:80/"), Form::Nginx);
    assert!(slash.service.upstream.iter().eq(["http://10.0.0.1:80"]));
    let haproxy = "frontend w\n mode http\n bind :443 ssl crt /a.pem strict-sni\n default_backend a\nbackend a\n mode http\n \
        server a 10.0.0.1:80\n server b 10.0.0.2:80 backup\n server c 10.0.0.3:80 disabled\n server d 10.0.0.4:80 weight 0\n";
    let imported = read(haproxy, Form::Haproxy);
    assert!(imported.service.upstream.iter().eq(["http://10.0.0.1:80"]));
    assert_eq!(imported.lost.len(), 3);
    let resting = haproxy.replace(" server a 10.0.0.1:80\n", "");
    let none = read(&resting.replace("backup", "disabled"), Form::Haproxy);
    assert!(none.service.upstream.is_empty());
    assert_eq!(none.findings.len(), 3);
}

#[test]
fn the_server_that_leads_somewhere_is_the_service() {
    let files = "server { listen 443 ssl; server_name f.example; ssl_certificate a; ssl_certificate_key a; root /srv; }\n";
    let imported = read(
        &(files.to_owned() + &nginx("server 10.0.0.1:1;", "http://app")),
        Form::Nginx,
    );
    assert!(imported.service.host.iter().eq(["a.example"]));
    assert!(imported.service.upstream.iter().eq(["http://10.0.0.1:1"]));
    assert!(found(&imported).contains("`server f.example` in line 1 is left behind"));
    let stats = "frontend stats\n mode http\n bind :8404 ssl crt /a.pem\n stats enable\n";
    let text = format!(
        "{stats}frontend web\n mode http\n bind :443 ssl crt /a.pem\n default_backend a\nbackend a\n server s 10.0.0.1:80\n"
    );
    assert_eq!(
        read(&text, Form::Haproxy).service.name.as_deref(),
        Some("web")
    );
}

#[test]
fn hosts_that_have_a_backend_of_their_own_are_not_led_to_another() {
    let web = |uses: &str| {
        format!(
            "frontend web\n mode http\n bind :443 ssl crt /a.pem\n{uses}backend a\n server s 10.0.0.1:80\nbackend b\n \
             server s 10.0.0.2:80\n"
        )
    };
    let named = " acl is_a hdr(host) -i a.example www.a.example\n acl is_b hdr(host) -i b.example\n use_backend a if is_a\n \
        use_backend b if is_b\n";
    let imported = read(&web(named), Form::Haproxy);
    assert!(
        imported
            .service
            .host
            .iter()
            .eq(["a.example", "www.a.example"])
    );
    assert!(!imported.service.tls.default_certificate);
    let apart = "`use_backend b if is_b` in line 7 is left behind: it is for hosts of its own, which get no answer";
    assert!(found(&imported).contains(apart), "{}", found(&imported));
    let free = " default_backend a\n use_backend b if { hdr(host) -i b.example }\n";
    let imported = read(&web(free), Form::Haproxy);
    assert!(
        found(&imported)
            .contains("`use_backend b if { hdr(host) -i b.example }` in line 5 is left behind")
    );
    let both = " use_backend a if { hdr(host) -i a.example }\n use_backend b if { hdr(host) -i b.example }\n default_backend a\n";
    let imported = read(&web(both), Form::Haproxy);
    assert!(!imported.service.tls.default_certificate);
    assert!(
        imported
            .lost
            .contains(&"line 6: default_backend a for all other hosts".to_owned())
    );
}

#[test]
fn looks_at_upstreams_and_proxies_in_front_are_read_from_haproxy() {
    let text = |bind: &str, front: &str, back: &str, server: &str| {
        format!(
            "frontend w\n mode tcp\n bind :443 ssl crt /a.pem {bind}\n {front}\n default_backend a\nbackend a\n mode tcp\n \
             {back}\n server a 10.0.0.1:80 {server}\n"
        )
    };
    let front = "tcp-request connection expect-proxy layer4 if { src 10.0.0.0/8 2001:db8::/32 }";
    let given = text(
        "strict-sni",
        front,
        "balance leastconn",
        "check inter 5s send-proxy-v2",
    );
    let imported = read(&given, Form::Haproxy);
    let service = &imported.service;
    assert_eq!(imported.lost, [""; 0]);
    assert_eq!(service.balance, Balance::LeastBusy);
    assert!(
        service
            .proxy_protocol
            .from
            .iter()
            .eq(["10.0.0.0/8", "2001:db8::/32"])
    );
    assert_eq!(service.proxy_protocol.send, Some(ProxyVersion::V2));
    let every = Some(5);
    assert_eq!(service.health, Some(Health { path: None, every }));
    assert!(!service.tls.default_certificate);
    for (bind, back, server, told) in [
        (
            "accept-proxy",
            "",
            "",
            "bind accept-proxy, whoever comes: here proxy_protocol.from says who is believed",
        ),
        ("", "option httpchk GET /up", "check", "option httpchk /up"),
        ("", "balance source", "", "balance source"),
        (
            "",
            "",
            "check inter 500ms",
            "server 10.0.0.1:80 check inter 500ms",
        ),
    ] {
        let imported = read(&text(bind, "", back, server), Form::Haproxy);
        assert!(imported.service.proxy_protocol.from.is_empty());
        assert!(imported.service.tls.default_certificate);
        assert_eq!(imported.lost.len(), 1, "{:?}", imported.lost);
        assert!(imported.lost[0].ends_with(told), "{:?}", imported.lost);
    }
    let web = text("", "", "option httpchk /up", "check").replace("mode tcp", "mode http");
    let imported = read(&web, Form::Haproxy);
    let path = imported.service.health.and_then(|health| health.path);
    assert_eq!(path.as_deref(), Some("/up"));
    assert_eq!(imported.lost, ["line 8: option httpchk /up, here by GET"]);
}

#[test]
fn stapling_tickets_and_proxies_in_front_are_read_from_nginx() {
    let server = |listen: &str, more: &str| {
        format!(
            "upstream app {{ least_conn; server 10.0.0.1:1; }}\nserver {{ listen 443 ssl {listen}; ssl_certificate a;\n\
             ssl_certificate_key a; {more}\nlocation / {{ proxy_set_header Host $host; proxy_pass http://app; }} }}\n"
        )
    };
    let more = "ssl_stapling on; ssl_stapling_file a.ocsp; ssl_session_ticket_key 1; ssl_session_ticket_key 2;\n\
        set_real_ip_from 10.0.0.0/8; set_real_ip_from ::1; real_ip_header proxy_protocol;";
    for text in [
        server("proxy_protocol", more),
        format!("http {{ {more} {} }}", server("proxy_protocol", "")),
    ] {
        let imported = read(&text, Form::Nginx);
        let (service, tls) = (&imported.service, &imported.service.tls);
        assert_eq!(imported.lost, [""; 0]);
        assert_eq!(service.balance, Balance::LeastBusy);
        assert_eq!(tls.ocsp.as_deref(), Some("a.ocsp"));
        assert!(tls.ticket_keys.iter().eq(["1", "2"]) && tls.default_certificate);
        assert!(service.proxy_protocol.from.iter().eq(["10.0.0.0/8", "::1"]));
    }
    for (listen, more, told) in [
        ("", "ssl_stapling_file a.ocsp;", "ssl_stapling_file a.ocsp"),
        (
            "",
            "ssl_session_tickets off; ssl_session_ticket_key 1;",
            "ssl_session_ticket_key 1",
        ),
        (
            "",
            "set_real_ip_from 10.0.0.0/8;",
            "set_real_ip_from 10.0.0.0/8",
        ),
        (
            "proxy_protocol",
            "",
            "listen proxy_protocol, whoever comes: here proxy_protocol.from says who is believed",
        ),
        (
            "proxy_protocol; listen 8443 ssl",
            "",
            "listen proxy_protocol, and not everywhere",
        ),
    ] {
        let imported = read(&server(listen, more), Form::Nginx);
        assert!(imported.service.proxy_protocol.from.is_empty());
        assert!(imported.service.tls.ticket_keys.is_empty() && imported.service.tls.ocsp.is_none());
        assert_eq!(imported.lost.len(), 1, "{:?}", imported.lost);
        assert!(imported.lost[0].ends_with(told), "{:?}", imported.lost);
    }
    let stream = "stream { server { listen 5432 ssl proxy_protocol; ssl_certificate a; ssl_certificate_key a;\n\
        set_real_ip_from 10.0.0.0/8; proxy_protocol on; proxy_pass 10.0.0.1:5432; } }";
    let said = read(stream, Form::Nginx).service.proxy_protocol;
    assert_eq!(said.send, Some(ProxyVersion::V1));
    assert!(said.from.iter().eq(["10.0.0.0/8"]));
}

#[test]
fn a_frontend_of_haproxy_that_shows_certificates_of_its_own_is_missed() {
    let front = |name: &str, bind: &str| {
        format!("frontend {name}\n mode http\n bind {bind}\n default_backend b\n")
    };
    let backend = "backend b\n mode http\n server s 10.0.0.1:80\n";
    for (other, is_told) in [
        (":8443 ssl crt /c.pem ca-file /ca.pem verify required", true),
        (":8443 ssl crt /a.pem", false),
        (":80", false),
    ] {
        let text = front("f", ":443 ssl crt /a.pem") + &front("g", other) + backend;
        let told = found(&read(&text, Form::Haproxy));
        assert_eq!(
            told.contains("certificates of `frontend g`"),
            is_told,
            "{told}"
        );
        assert_eq!(told.is_empty(), !is_told, "{told}");
    }
}

#[test]
fn a_header_of_nginx_is_gone_where_a_location_sets_others() {
    let hsts = "add_header Strict-Transport-Security max-age=1000;";
    for (above, inside, is_sent) in [
        (hsts, "", true),
        (hsts, "add_header X-A b;", false),
        ("add_header X-A b;", hsts, true),
    ] {
        let text = format!(
            "server {{ listen 443 ssl; server_name a.example; ssl_certificate /a; ssl_certificate_key /a; {above}\n location \
             / {{ {inside} proxy_pass http://10.0.0.1; }} }}\n"
        );
        let tls = read(&text, Form::Nginx).service.tls;
        assert_eq!(tls.hsts.is_some(), is_sent, "{text}");
    }
}

#[test]
fn hosts_that_are_said_twice_are_one() {
    let front = "frontend f\n mode http\n bind :443 ssl crt /a.pem\n use_backend b if { hdr(host) -i a.example A.example }\n \
                 use_backend b if { hdr(host) -i a.example b.example }\nbackend b\n server s 10.0.0.1:80\n";
    let host = read(front, Form::Haproxy).service.host;
    assert!(host.iter().eq(["a.example", "b.example"]), "{host:?}");
    let server = "server { listen 443 ssl; server_name a.example A.example a.example; ssl_certificate /a; ssl_certificate_key \
                  /a; location / { proxy_pass http://10.0.0.1; } }";
    let host = read(server, Form::Nginx).service.host;
    assert!(host.iter().eq(["a.example"]), "{host:?}");
}

#[test]
fn what_leads_nowhere_is_an_error_where_nothing_else_says_so() {
    let server = |inside: &str| {
        format!(
            "server {{ listen 443 ssl; server_name a.example; ssl_certificate /a; ssl_certificate_key /a;\n {inside} }}\n"
        )
    };
    let front =
        |line: &str| format!("frontend f\n mode http\n bind :443 ssl crt /a.pem\n {line}\n");
    let nowhere = "config.upstream-left-behind";
    let elsewhere = "config.redirect-left-behind";
    for (text, form, code, what) in [
        (
            server("root /var/www;"),
            Form::Nginx,
            nowhere,
            "server a.example",
        ),
        (
            server("return 200 ok;"),
            Form::Nginx,
            nowhere,
            "server a.example",
        ),
        (
            server("return 301 https://b.example$request_uri;"),
            Form::Nginx,
            elsewhere,
            "server a.example",
        ),
        (
            front("http-request return status 200"),
            Form::Haproxy,
            nowhere,
            "http-request return status 200",
        ),
        (
            front("http-request redirect prefix https://b.example"),
            Form::Haproxy,
            elsewhere,
            "http-request redirect prefix https://b.example",
        ),
    ] {
        let imported = read(&text, form);
        let [finding] = imported.findings.as_slice() else {
            panic!("{text} {:?}", imported.findings);
        };
        assert_eq!(finding.code(), code);
        let message = finding.kind.message();
        assert!(message.contains(&format!("`{what}`")), "{message}");
    }
}
