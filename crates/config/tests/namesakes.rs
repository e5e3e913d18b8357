//! Which server of nginx has a name, and which shows its certificate to whoever asks for another one.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

use keyway_config::forms::{Form, Imported, import};
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
