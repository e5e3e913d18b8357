//! Services whose certificates are all for hosts of their own, in the forms of servers.

use keyway_config::forms::{Exported, Form, export, import};

const SERVERS: [Form; 3] = [Form::Nginx, Form::Haproxy, Form::Caddy];

fn exported(head: &str, certificates: &str, form: Form) -> Exported {
    let text = format!(
        "{head}\nupstream = \"http://127.0.0.1:5001\"\n[tls]\ncertificates = [ {certificates} ]\n"
    );
    let draft = keyway_config::read(&text).expect("a service file");
    export(&draft.service, form, &|_| None)
}

const BOTH: &str = "{ host = \"a.test\", certificate = \"/a.pem\", key = \"/a.pem\" }, \
    { host = \"b.test\", certificate = \"/b.pem\", key = \"/b.pem\" }";

#[test]
fn each_is_shown_to_who_asks_for_its_host() {
    let hosts = "host = [\"a.test\", \"b.test\"]";
    for (form, lines) in [
        (
            Form::Nginx,
            ["server_name a.test;", "ssl_certificate_key /b.pem;"],
        ),
        (
            Form::Haproxy,
            ["crt /a.pem crt /b.pem strict-sni", "b.test"],
        ),
        (
            Form::Caddy,
            [
                "https://a.test:443 {\n\ttls \"/a.pem\"",
                "https://b.test:443 {\n\ttls \"/b.pem\"",
            ],
        ),
    ] {
        let exported = exported(hosts, BOTH, form);
        assert_eq!(exported.refused, None, "{form:?}");
        for line in lines {
            assert!(exported.text.contains(line), "{line}: {}", exported.text);
        }
        // HAProxy leads by the names in a certificate; the group is one that not every server knows.
        let is_meant = |field: &String| {
            field.starts_with("tls.profile (")
                || (form == Form::Haproxy && field.ends_with("].host"))
        };
        assert!(exported.lost.iter().all(is_meant), "{:?}", exported.lost);
        if form.is_read() {
            let back = import(&exported.text, form).expect("a server").service;
            assert!(back.host.iter().any(|host| host == "a.test"), "{back:?}");
            assert_eq!(back.tls.certificates.len(), 1, "{form:?}");
        }
    }
}

#[test]
fn it_is_the_same_as_with_the_first_for_the_service_itself() {
    let rest = "upstream = \"http://127.0.0.1:5001\"\n[tls]\n";
    let first = format!(
        "host = \"a.test\"\n{rest}certificate = \"/a.pem\"\nkey = \"/a.pem\"\ncertificates = [ \
         {{ host = \"b.test\", certificate = \"/b.pem\", key = \"/b.pem\" }} ]\n"
    );
    let first = keyway_config::read(&first).expect("a service file").service;
    let hosts = "host = [\"a.test\", \"b.test\"]";
    for form in SERVERS {
        let same = export(&first, form, &|_| None);
        assert_eq!(exported(hosts, BOTH, form).text, same.text, "{form:?}");
    }
}

#[test]
fn strangers_get_the_first_of_them_where_they_get_one() {
    let text = format!(
        "host = [\"a.test\", \"b.test\"]\nupstream = \"http://127.0.0.1:5001\"\n\
         [tls]\ndefault_certificate = true\ncertificates = [ {BOTH} ]\n"
    );
    let draft = keyway_config::read(&text).expect("a service file");
    let caddy = export(&draft.service, Form::Caddy, &|_| None).text;
    let first = "https://a.test:443, https://:443 {\n\ttls \"/a.pem\"";
    assert!(caddy.contains(first), "{caddy}");
    assert_eq!(caddy.matches("https://:443").count(), 1, "{caddy}");
}

#[test]
fn hosts_that_none_of_them_is_for_are_told() {
    for form in SERVERS {
        let exported = exported("host = [\"a.test\", \"c.test\"]", BOTH, form);
        assert_eq!(exported.refused, None, "{form:?}");
        let is_told = exported.lost.iter().any(|field| field == "host");
        assert!(is_told, "{form:?}: {:?}", exported.lost);
    }
}

#[test]
fn where_none_can_be_said_the_reason_is_theirs() {
    for (certificates, word) in [
        (
            "{ host = \"a.test\", certificate = \"/a\\n.pem\", key = \"/a.pem\" }",
            "`tls.certificates[0].certificate` is no path",
        ),
        (
            "{ certificate = \"/a.pem\", key = \"/a.pem\" }",
            "`tls.certificates[0].host` names nobody",
        ),
    ] {
        for form in SERVERS {
            let refused = exported("host = \"a.test\"", certificates, form).refused;
            let told = refused.map(|refusal| refusal.to_string());
            let told = told.unwrap_or_else(|| panic!("{certificates} in {form:?}"));
            assert!(told.contains(word), "{told}");
        }
    }
}

#[test]
fn in_tcp_mode_nginx_looks_at_no_names_and_takes_none_of_them() {
    let head = "mode = \"tcp\"\nhost = [\"a.test\", \"b.test\"]";
    let refused = exported(head, BOTH, Form::Nginx).refused;
    let told = refused.map(|refusal| refusal.to_string());
    let told = told.unwrap_or_default();
    assert!(told.contains("`tls.certificate` is not set"), "{told}");
    assert_eq!(
        exported(head, BOTH, Form::Haproxy)
            .text
            .matches(" crt ")
            .count(),
        2
    );
}
