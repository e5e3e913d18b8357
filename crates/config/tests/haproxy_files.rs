//! The files that a `bind` line of HAProxy names: certificates, their keys, lists of them, and keys of tickets.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

use keyway_config::forms::{
    Form, Imported, Sources, export, findings, import, import_from, import_with,
};
use keyway_config::model::Material;
use keyway_config::{Service, read};
use keyway_report::Kind as _;

const KEY: &str = "-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----\n";
const CERTIFICATE: &str = "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n";

/// What is found, each as a line.
fn found(imported: &Imported) -> Vec<String> {
    let findings = imported.findings.iter();
    findings
        .map(|finding| {
            let line = finding.at.line.unwrap_or_default();
            format!("{} {line}", finding.code())
        })
        .collect()
}

fn frontend(bind: &str) -> String {
    format!(
        "frontend web\n mode http\n bind :443 ssl {bind} alpn h2,http/1.1 strict-sni\n default_backend a\nbackend a\n \
         mode http\n server s 10.0.0.1:80\n"
    )
}

fn keys(service: &Service) -> Vec<&str> {
    let own = service.tls.certificates.iter().map(|own| &own.key);
    let all = service.tls.key.iter().chain(own);
    all.filter_map(Material::path).collect()
}

#[test]
fn the_key_of_a_certificate_is_where_haproxy_finds_it() {
    let text = frontend("crt /both.pem crt /apart.pem crt /gone.pem crt /locked.pem crt /gone.pem");
    let files = |path: &str| match path {
        "/both.pem" => Some(format!("{CERTIFICATE}{KEY}")),
        "/apart.pem" => Some(CERTIFICATE.to_owned()),
        // A file that nobody else may read, with the other beside it.
        "/apart.pem.key" | "/locked.pem.key" => Some(KEY.to_owned()),
        _ => None,
    };
    let imported = import_with(&text, Form::Haproxy, &files).unwrap();
    let expected = [
        "/both.pem",
        "/apart.pem.key",
        "/gone.pem",
        "/locked.pem.key",
    ];
    assert_eq!(keys(&imported.service), expected);
    let told = "line 3: bind crt /gone.pem, if /gone.pem.key holds its key";
    assert_eq!(imported.lost, [told]);
}

#[test]
fn paths_of_haproxy_count_from_the_folders_that_it_is_told() {
    let global = "global\n crt-base /etc/certs/\n ca-base /etc/cas\n";
    let bind = "crt a.pem crt /b.pem ca-file people.pem crl-file /x.crl verify required";
    let there = |path: &str| (path == "/etc/certs/a.pem.key").then(|| KEY.to_owned());
    let text = format!("{global}{}", frontend(bind));
    let imported = import_with(&text, Form::Haproxy, &there).unwrap();
    assert_eq!(keys(&imported.service), ["/etc/certs/a.pem.key", "/b.pem"]);
    let tls = &imported.service.tls;
    let certificate = tls.certificate.as_ref().and_then(Material::path);
    assert_eq!(certificate, Some("/etc/certs/a.pem"));
    let ca = tls.client.ca.as_ref().and_then(Material::path);
    assert_eq!(ca, Some("/etc/cas/people.pem"));
    assert!(tls.client.crl.iter().eq(["/x.crl"]));
    assert_eq!(
        imported.lost,
        ["line 6: bind crt /b.pem, if /b.pem.key holds its key"]
    );
}

#[test]
fn a_key_beside_its_certificate_is_read_back_or_told_to_be_another() {
    let text = "host = 'a.example'\nupstream = 'http://10.0.0.1:80'\n\
        tls = {certificate = '/a.pem', key = '/a.pem.key'}\n";
    let service = read(text).unwrap().service;
    let exported = export(&service, Form::Haproxy, &|_| None);
    assert!(exported.lost.contains(&"tls.key".to_owned()));
    let there = |path: &str| (path == "/a.pem.key").then(|| KEY.to_owned());
    let imported = import_with(&exported.text, Form::Haproxy, &there).unwrap();
    assert_eq!(imported.service, service, "{}", exported.text);
    assert_eq!(imported.lost, [""; 0]);
    let imported = import(&exported.text, Form::Haproxy).unwrap();
    assert_eq!(keys(&imported.service), ["/a.pem"]);
    assert!(imported.lost[0].contains("/a.pem.key holds its key"));
}

#[test]
fn certificates_that_no_file_is_named_for_are_told_to_be_missed() {
    for bind in [
        "crt-list /list",
        "crt /a.pem crt-list /list",
        "crt /etc/certs/",
        "crt /a.pem crt /etc/certs/",
    ] {
        let imported = import(&frontend(bind), Form::Haproxy).unwrap();
        let told = ["config.certificates-left-behind 3"];
        assert_eq!(found(&imported), told, "{bind}");
        let message = imported.findings[0].kind.message();
        assert!(
            message.contains(bind.split(' ').next_back().unwrap()),
            "{message}"
        );
    }
    // Those of another frontend nobody misses.
    let other = "frontend other\n mode http\n bind :8443 ssl crt-list /list\n default_backend a\n";
    let text = frontend("crt /a.pem") + other;
    let imported = import(&text, Form::Haproxy).unwrap();
    assert_eq!(found(&imported), [""; 0]);
    assert!(
        imported
            .lost
            .contains(&"line 10: bind crt-list /list".to_owned()),
        "{:?}",
        imported.lost
    );
    let nginx = "server { listen 443 ssl; server_name a.example;\nssl_certificate /c/$ssl_server_name.pem;\n\
        ssl_certificate_key /c/$ssl_server_name.key; location / { proxy_set_header Host $host; proxy_pass http://10.0.0.1:80; } }\n";
    let imported = import(nginx, Form::Nginx).unwrap();
    assert_eq!(found(&imported), ["config.certificates-left-behind 2"]);
    // One of no host could not be named.
    let both = "ssl_certificate /rsa.pem; ssl_certificate_key /rsa.key;\nssl_certificate /ec.pem; ssl_certificate_key /ec.key;";
    let to = "location / { proxy_set_header Host $host; proxy_pass http://10.0.0.1:80; } }\n";
    let nginx = format!("server {{ listen 443 ssl; {both} {to}");
    let imported = import(&nginx, Form::Nginx).unwrap();
    assert_eq!(found(&imported), ["config.certificates-left-behind 2"]);
    assert_eq!(imported.lost, ["line 2: ssl_certificate_key /ec.key"]);
}

#[test]
fn a_host_of_nginx_keeps_a_certificate_for_each_kind_of_key() {
    let server = |name: &str, certificates: &str| {
        let more = "location / { proxy_set_header Host $host; proxy_pass http://10.0.0.1:80; }";
        format!("server {{ listen 443 ssl; server_name {name}; {certificates} {more} }}\n")
    };
    let pair =
        |file: &str| format!("ssl_certificate /{file}.pem; ssl_certificate_key /{file}.key; ");
    let both = |name: &str| pair(&format!("{name}-rsa")) + &pair(&format!("{name}-ec"));
    // The n-th key belongs to the n-th certificate, wherever it stands.
    let apart = "ssl_certificate /c-rsa.pem; ssl_certificate /c-ec.pem; ssl_certificate_key /c-rsa.key;\
        ssl_certificate_key /c-ec.key;";
    let nginx = server("a.example", &both("a"))
        + &server("b.example", &both("b"))
        + &server("c.example", apart);
    let imported = import(&nginx, Form::Nginx).unwrap();
    assert_eq!(found(&imported), [""; 0]);
    let all = [
        "/a-rsa.key",
        "/a-ec.key",
        "/b-rsa.key",
        "/b-ec.key",
        "/c-rsa.key",
        "/c-ec.key",
    ];
    assert_eq!(keys(&imported.service), all);
    let hosts = imported
        .service
        .tls
        .certificates
        .iter()
        .map(|own| own.host.0.join(" "));
    let hosts: Vec<String> = hosts.collect();
    assert_eq!(
        hosts,
        [
            "a.example",
            "b.example",
            "b.example",
            "c.example",
            "c.example"
        ]
    );
    let exported = export(&imported.service, Form::Nginx, &|_| None);
    assert_eq!(
        keys(&import(&exported.text, Form::Nginx).unwrap().service),
        all
    );
    // Those above the servers are of each that has none of its own.
    let above = both("x") + &server("a.example", "") + &server("b.example", &pair("b"));
    let above = import(&above, Form::Nginx).unwrap();
    assert_eq!(
        (keys(&above.service), found(&above)),
        (vec!["/x-rsa.key", "/x-ec.key", "/b.key"], Vec::new())
    );
    // The same pair once more is one.
    let again = import(&server("a.example", &(pair("a") + &pair("a"))), Form::Nginx).unwrap();
    assert_eq!(
        (keys(&again.service), found(&again)),
        (vec!["/a.key"], Vec::new())
    );
    // More than there are kinds is more than a server has, and each would have all of its names.
    let many: String = (0..100).map(|number| pair(&number.to_string())).collect();
    let many = import(&server("a.example b.example", &many), Form::Nginx).unwrap();
    assert_eq!(many.service.tls.certificates.len(), 8);
    let told = ["config.certificates-left-behind 1"; 91];
    assert_eq!(found(&many), told);
}

#[test]
fn keys_of_tickets_are_told_with_what_makes_them_the_others() {
    let imported = import(&frontend("crt /a.x tls-ticket-keys /k"), Form::Haproxy).unwrap();
    let command =
        "umask 077; for n in 2 1 3; do tail -n3 FILE | sed -n ${n}p | base64 -d > $n.key; done";
    let told = &imported.lost[1];
    let start = "line 3: bind tls-ticket-keys /k, which";
    assert!(told.starts_with(start) && told.ends_with(command), "{told}");
    let text = "host = 'a.example'\nupstream = 'http://10.0.0.1:80'\n\
        tls = {certificate = '/a', key = '/a', ticket_keys = ['/a b', '/c']}\n";
    let service = read(text).unwrap().service;
    let exported = export(&service, Form::Haproxy, &|_| None);
    let told = findings(&exported, Form::Haproxy, "x");
    let told = told.iter().map(|finding| finding.kind.message());
    let told = told.collect::<String>();
    let command = "`umask 077; for k in /c '/a b' /c; do base64 -w0 \"$k\"; echo; done > FILE`";
    assert!(told.contains(command), "{told}");
}

#[test]
fn paths_that_count_from_where_haproxy_is_started_are_told() {
    let sources = Sources {
        files: &|_| None,
        included: &|_| None,
        folder: Some("/etc/haproxy"),
        main: None,
    };
    let read = |head: &str, bind: &str| {
        let text = head.to_owned() + &frontend(bind);
        import_from(&text, Form::Haproxy, &sources).unwrap()
    };
    let path = |imported: &Imported| {
        let certificate = imported.service.tls.certificate.clone().unwrap();
        certificate.path().unwrap().to_owned()
    };
    let imported = read("", "crt a.pem");
    assert_eq!(path(&imported), "a.pem");
    let told = "bind crt a.pem from the folder where HAProxy is started";
    assert!(
        imported.lost.iter().any(|lost| lost.contains(told)),
        "{:?}",
        imported.lost
    );
    for (said, whole) in [
        ("default-path config", "/etc/haproxy/certs/a.pem"),
        ("default-path origin /srv", "/srv/certs/a.pem"),
    ] {
        let head = format!("global\n {said}\n crt-base certs\n");
        let imported = read(&head, "crt a.pem");
        assert_eq!(path(&imported), whole);
        assert!(
            !imported
                .lost
                .iter()
                .any(|lost| lost.contains("started") || lost.contains(said))
        );
    }
    // The system's CAs are in no file.
    let imported = read("", "crt /a.pem verify required ca-file @system-ca");
    assert_eq!(imported.service.tls.client.ca, None);
    assert!(
        imported
            .lost
            .iter()
            .any(|lost| lost.ends_with("bind ca-file @system-ca"))
    );
    let nginx = "server { listen 443 ssl; server_name a.example; ssl_certificate /a.pem; ssl_certificate_key engine:pkcs11:x;\n\
        location / { proxy_set_header Host $host; proxy_pass http://10.0.0.1:80; } }\n";
    let imported = import(nginx, Form::Nginx).unwrap();
    assert_eq!(found(&imported), ["config.certificates-left-behind 1"]);
    assert_eq!(imported.service.tls.key, None);
}

#[test]
fn hosts_that_stand_in_a_file_are_read_or_told_as_unread() {
    let front = |test: &str| {
        format!(
            "global\n default-path origin /etc/haproxy\nfrontend f\n mode http\n bind :443 ssl crt /a.pem\n {test}\nbackend b\n \
             mode http\n server s 10.0.0.1:80\n"
        )
    };
    let files = |path: &str| {
        let list = "# ours\na.example\n\n  b.example \n";
        (path == "/etc/haproxy/hosts.lst").then(|| list.to_owned())
    };
    let read = |text: &str| import_with(text, Form::Haproxy, &files).expect("a frontend");
    for test in [
        "acl it hdr(host) -i -f /etc/haproxy/hosts.lst\n use_backend b if it",
        "use_backend b if { hdr(host) -f hosts.lst }",
        "use_backend b if !{ path_beg /x } or { hdr(host) -f hosts.lst }",
    ] {
        let imported = read(&front(test));
        let is_whole = imported.service.host.iter().eq(["a.example", "b.example"]);
        assert_eq!(is_whole, !test.contains(" or "), "{imported:?}");
        assert_eq!(imported.findings.is_empty(), is_whole, "{imported:?}");
    }
    // One that is not at hand, or of what is no host: nobody is said to be kept out.
    for test in [
        "use_backend b if { hdr(host) -f /other.lst }",
        "use_backend b if { hdr_reg(host) -f /etc/haproxy/hosts.lst }",
    ] {
        let imported = read(&front(test));
        let [finding] = imported.findings.as_slice() else {
            panic!("{imported:?}");
        };
        assert_eq!(finding.code(), "config.upstream-left-behind");
        let message = finding.kind.message();
        assert!(
            message.ends_with("for which hosts it is: write them in `host`."),
            "{message}"
        );
    }
}
