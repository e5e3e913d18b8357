//! What is no export: a form that would do less than the service file asks for.

use std::fmt::Write as _;

use keyway_config::forms::{Form, export, import};
use keyway_config::model::Status;

fn refused(text: &str, form: Form) -> Option<String> {
    let draft = keyway_config::read(text).expect("a service file");
    export(&draft.service, form, &|_| None)
        .refused
        .map(|refusal| refusal.to_string())
}

#[test]
fn a_word_on_tls_without_a_certificate_is_not_exported_as_plain_text() {
    let rest = "host = \"www.example.com\"\nupstream = \"http://127.0.0.1:5001\"\n[tls]\n";
    for said in [
        "client = { mode = \"required\", ca = \"/ca.pem\" }",
        "client = { mode = \"none\", ca = \"/ca.pem\" }",
        "hsts = { max_age = 300 }",
        "redirect = true",
        "profile = \"modern\"",
        "min_version = \"1.3\"",
        "max_version = \"1.2\"",
        "key = \"/key.pem\"",
    ] {
        for form in [Form::Nginx, Form::Haproxy, Form::Caddy, Form::AzureJson] {
            let told = refused(&format!("{rest}{said}\n"), form);
            let told = told.unwrap_or_else(|| panic!("{said} in {form:?}"));
            assert!(told.contains("tls.certificate"), "{said}: {told}");
        }
        let plain = format!("{rest}status = \"disabled\"\n{said}\n");
        assert_eq!(refused(&plain, Form::Nginx), None, "{said}");
    }
    assert_eq!(refused(rest, Form::Nginx), None);
}

#[test]
fn a_plain_server_that_is_imported_stays_one() {
    let nginx = "server { listen 80; server_name a.example.com; \
        add_header Strict-Transport-Security max-age=300; location / { proxy_pass http://10.0.0.1:80; } }\n";
    let haproxy = "frontend web\n    bind :80\n    mode http\n    \
        http-response set-header Strict-Transport-Security max-age=300\n    default_backend app\n\
        backend app\n    server a 10.0.0.1:80\n";
    for (form, text) in [(Form::Nginx, nginx), (Form::Haproxy, haproxy)] {
        let imported = import(text, form).expect("a server");
        assert_eq!(imported.service.status(), Status::Disabled, "{form:?}");
    }
}

#[test]
fn what_a_form_cannot_be_led_to_is_not_exported_as_leading_nowhere() {
    let rest = "host = \"www.example.com\"\n[tls]\ncertificate = \"/c.pem\"\nkey = \"/k.pem\"\n";
    let leading = |mode: &str, to: &str| format!("mode = \"{mode}\"\nupstream = {to}\n{rest}");
    for (mode, to, form, words) in [
        (
            "http",
            "[\"https://127.0.0.1:8443\"]",
            Form::Nginx,
            "https://127.0.0.1:8443): it verifies the name",
        ),
        (
            "http",
            "\"https://[::1]:8443\"",
            Form::Haproxy,
            "write its name",
        ),
        ("http", "\"https://127.0.0.1:8443\"", Form::Caddy, ""),
        ("http", "\"https://app.example.com\"", Form::Nginx, ""),
        ("http", "\"http://10.0.0.1/path\"", Form::Caddy, "no path"),
        (
            "http",
            "\"http://me:secret@10.0.0.1/\"",
            Form::Haproxy,
            "[redacted]@10.0.0.1/): write http:// or",
        ),
        (
            "http",
            "\"https://app.shop.svc:8443\"",
            Form::KubernetesIngress,
            "without TLS",
        ),
        (
            "http",
            "\"https://app.shop.svc:8443\"",
            Form::Gateway,
            "without TLS",
        ),
        ("http", "\"http://app.shop.svc:8080\"", Form::Gateway, ""),
        (
            "http",
            "\"http://b\u{fc}cher.example:8080\"",
            Form::Nginx,
            "",
        ),
        (
            "http",
            "\"http://a.example:80\"",
            Form::KubernetesIngress,
            "leads to Services of the cluster alone",
        ),
        (
            "http",
            "\"http://127.0.0.1:5001\"",
            Form::Gateway,
            "Services",
        ),
        (
            "http",
            "\"http://localhost:5001\"",
            Form::Gateway,
            "Services",
        ),
        (
            "http",
            "[\"http://a.example:80\", \"http://web:80\"]",
            Form::KubernetesIngress,
            "",
        ),
        ("http", "[]", Form::KubernetesIngress, ""),
        (
            "http",
            "[\"http://app.shop.svc:8080\", \"http://127.1:80\"]",
            Form::KubernetesDeployment,
            "is the pod itself there",
        ),
        (
            "tcp",
            "\"localhost.:5432\"",
            Form::KubernetesDeployment,
            "is the pod itself there",
        ),
        ("tcp", "\"db:5432\"", Form::KubernetesDeployment, ""),
        ("tcp", "\"db:5432\"", Form::KubernetesIngress, "HTTP alone"),
        ("tcp", "\"db:5432\"", Form::Gateway, "HTTP alone"),
        ("tcp", "\"db:5432\"", Form::Caddy, "HTTP alone"),
        ("http", "\"HTTPS://app.example.com\"", Form::Nginx, ""),
        ("http", "\"Http://10.0.0.1\"", Form::Haproxy, ""),
        ("tcp", "[]", Form::Haproxy, "needs an upstream"),
        ("tcp", "\"http://10.0.0.1:5432\"", Form::Nginx, "no scheme"),
    ] {
        let told = refused(&leading(mode, to), form);
        match told {
            Some(told) => assert!(!words.is_empty() && told.contains(words), "{to}: {told}"),
            None => assert!(words.is_empty(), "{to} in {form:?}"),
        }
    }
    let idn = keyway_config::read(&leading("http", "\"http://b\u{fc}cher.example:8080\""))
        .expect("a service file");
    let exported = export(&idn.service, Form::Haproxy, &|_| None);
    assert!(
        exported.text.contains(" xn--bcher-kva.example:8080\n"),
        "{}",
        exported.text
    );
    let none = keyway_config::read(rest).expect("a service file");
    let exported = export(&none.service, Form::Nginx, &|_| None);
    assert!(
        exported.notes[0].contains("no upstream is said"),
        "{:?}",
        exported.notes
    );
}

#[test]
fn a_service_that_is_disabled_is_enabled_by_no_form_of_azure() {
    let text = "host = \"a.example\"\n[tls]\nstatus = \"disabled\"\ncertificate = \"c.pem\"\nkey = \"k.pem\"\n";
    let told = refused(text, Form::AzureCluster).expect("a refusal");
    assert!(told.contains("turn TLS on"), "{told}");
    let service = keyway_config::read(text).expect("a service file").service;
    for (form, word) in [
        (Form::AzureJson, "Disabled"),
        (Form::AzureContainer, "false"),
        (Form::AzureCli, "--ssl-disable"),
        (Form::AzurePython, "Disabled"),
    ] {
        assert_eq!(refused(text, form), None, "{form:?}");
        let exported = export(&service, form, &|_| None);
        assert!(exported.text.contains(word), "{form:?}: {}", exported.text);
    }
}

#[test]
fn more_upstreams_than_a_text_could_name_are_refused_with_the_line_of_their_server() {
    let mut group = String::new();
    for number in 0..11_000 {
        let _ = write!(group, "server a:{number};");
    }
    let server = "server { listen 80; location / { proxy_pass http://u; } }\n";
    let text = format!("upstream u {{ {group} }}\n{}", server.repeat(100));
    let told = import(&text, Form::Nginx).unwrap_err().to_string();
    assert!(told.starts_with("line 92: more than 1000000 up"), "{told}");
}

#[test]
fn caddy_redirects_from_each_of_several_addresses() {
    for (listen, redirect) in [
        (
            "[\"127.0.0.1:8443\", \"[::1]:8443\"]",
            Some("\tbind 127.0.0.1 ::1\n\tredir https://{host}:8443{uri} 308\n}\n"),
        ),
        // By itself it does from one, and from all.
        ("\"127.0.0.1:443\"", None),
        ("\"[::]:443\"", None),
    ] {
        let text = format!(
            "host = \"a.example\"\nupstream = \"http://10.0.0.1:80\"\nlisten = {listen}\n[tls]\ncertificate = \"/c\"\nkey = \
             \"/k\"\nredirect = true\n"
        );
        let text = export(
            &keyway_config::read(&text).expect("a service").service,
            Form::Caddy,
            &|_| None,
        )
        .text;
        assert_eq!(
            text.contains("auto_https off"),
            redirect.is_some(),
            "{text}"
        );
        let whole = redirect.map(|redirect| format!("http://a.example:80 {{\n{redirect}"));
        assert!(text.ends_with(&whole.unwrap_or_default()), "{text}");
        assert_eq!(text.contains("redir "), redirect.is_some(), "{text}");
    }
}
