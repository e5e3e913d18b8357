//! Which server of nginx has a name, and which shows its certificate to whoever asks for another one.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

use keyway_config::forms::{Form, Imported, Main, Sources, import, import_from};
use keyway_config::model::Material;

fn server(listen: &str, names: &str, certificate: &str, inside: &str) -> String {
    format!(
        "server {{ listen {listen}; server_name {names}; ssl_certificate {certificate}; ssl_certificate_key \
         {certificate}; {inside} }}\n"
    )
}

const PASS: &str = "location / { proxy_pass http://10.0.0.1; }";

fn read(text: &str) -> Imported {
    import(text, Form::Nginx).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

#[test]
fn the_first_server_of_a_name_has_it() {
    for closed in [
        server("443 ssl", "b.test", "/b", "return 403;"),
        server("443 ssl", "b.test", "/b", "ssl_reject_handshake on;"),
    ] {
        let imported = read(&(closed + &server("443 ssl", "a.test B.test", "/a", PASS)));
        let host = &imported.service.host;
        assert!(host.iter().eq(["a.test"]), "{host:?}");
        let note = "line 2: server_name B.test, which the server of line 1 has";
        assert!(
            imported.lost.iter().any(|lost| lost == note),
            "{:?}",
            imported.lost
        );
    }
    // One that has no name left is asked by nobody; at an address of its own it is.
    let other = "location / { proxy_pass http://10.0.0.2; }";
    let first = server("443 ssl", "a.test", "/a", PASS);
    let imported = read(&(first.clone() + &server("443 ssl", "a.test", "/c", other)));
    assert!(imported.findings.is_empty(), "{:?}", imported.findings);
    assert!(imported.service.upstream.iter().eq(["http://10.0.0.1"]));
    let imported = read(&(first + &server("127.0.0.1:443 ssl", "a.test", "/c", other)));
    assert!(!imported.findings.is_empty());
}

#[test]
fn a_pair_that_is_said_for_others_too_is_written_once() {
    let (named, all) = (
        server("443 ssl", "a.test", "/a", PASS),
        server("443 ssl", "_", "/a", PASS),
    );
    for text in [named.clone() + &all, all + &named] {
        let imported = read(&text);
        let service = imported.service;
        assert!(service.host.iter().eq(["a.test"]), "{service:?}");
        assert!(service.tls.certificates.is_empty() && service.tls.default_certificate);
        assert!(imported.findings.is_empty(), "{:?}", imported.findings);
    }
}

#[test]
fn strangers_are_shown_the_certificate_of_the_server_that_answers_them() {
    let (one, other) = (
        server("443 ssl", "a.test", "/a", PASS),
        server("443 ssl default_server", "c.test", "/c", PASS),
    );
    for text in [one.clone() + &other, other + &one] {
        let service = read(&text).service;
        assert!(service.tls.default_certificate);
        assert!(service.host.iter().eq(["c.test"]), "{service:?}");
        assert_eq!(service.tls.certificate, Some(Material::new("/c")));
        let [own] = service.tls.certificates.as_slice() else {
            panic!("{service:?}");
        };
        assert!(own.host.iter().eq(["a.test"]), "{own:?}");
        assert_eq!(own.key, Material::new("/a"));
    }
}

#[test]
fn where_nobody_comes_to_it_what_sends_on_to_it_is_no_service_either() {
    let own = server("443 ssl", "c.test", "/c", PASS);
    let site = "server { listen 80; server_name c.test; return 301 https://$host$request_uri; }\n"
        .to_owned()
        + &own;
    let named = "server { listen 80; server_name c.test; return 301 https://c.test$request_uri; }\n"
        .to_owned() + &own;
    let maintenance = server("443 ssl", "c.test", "/c", "return 503;");
    let files = |path: &str| {
        (path == "conf.d/*.conf")
            .then(|| vec![("/n/conf.d/0.conf".to_owned(), maintenance.clone())])
    };
    for site in [site, named] {
        let text = "http { include conf.d/*.conf;\n include site; }\n";
        let included = |path: &str| match path {
            "site" => Some(vec![("/n/site".to_owned(), site.clone())]),
            path => files(path),
        };
        let is_own = |path: &str| path == "/n/site";
        let sources = Sources {
            files: &|_| None,
            included: &included,
            folder: None,
            main: Some(Main {
                path: "/n/nginx.conf",
                text,
                is_own: &is_own,
            }),
        };
        let refused = import_from(&site, Form::Nginx, &sources).unwrap_err();
        let told = refused.to_string();
        assert!(told.starts_with("line 2: "), "{told}");
        assert!(
            told.contains("that of line 1 of /n/conf.d/0.conf, have all"),
            "{told}"
        );
        assert!(import(&site, Form::Nginx).is_ok());
    }
}
