//! What is no export: a form that would do less than the service file asks for.

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
