//! What is imported is told with what cannot be used of it, and what lets in more clients is no export.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

mod stage;

use std::fmt::Write as _;

use stage::Stage;
use stage::service::{done, enabled, keyway, text};

#[test]
fn what_cannot_be_used_of_an_import_is_told_beside_it() {
    let stage = Stage::new();
    for (form, given, code) in [
        (
            "azure-cluster",
            "{\"ssl_cname\": \"a.example.com\", \"ssl_cert_pem_file\": \"c\", \"ssl_key_pem_file\": \"k\", \
             \"leaf_domain_label\": \"a\"}",
            "config.both-certificate-and-label",
        ),
        (
            "azure-python",
            "a.enable_ssl(ssl_cname='a.example.com', ssl_cert_pem_file='c', ssl_key_pem_file='k')\n\
             b.enable_ssl(leaf_domain_label='a')",
            "config.both-certificate-and-label",
        ),
        (
            "nginx",
            "server { listen 80; server_name a.example.com; location / { proxy_pass http://-:99999; } }",
            "config.not-an-address",
        ),
        (
            "nginx",
            "server { listen 80; deny all; server_name a.example.com; location / { proxy_pass http://127.0.0.1:1; } }",
            "`deny all` in line 1 keeps somebody out, and has no place in a service file: everybody gets in. \
             (config.guard-left-behind)",
        ),
    ] {
        stage.write("form.txt", given);
        let run = keyway(&stage, &format!("config import form.txt --from {form}"));
        assert!(run.stderr.contains(code), "{form}: {}", run.said());
        // It is written all the same, as an export is.
        assert_eq!(run.code, Some(1), "{form}: {}", run.said());
        assert!(
            run.stdout.contains("a.example.com"),
            "{form}: {}",
            run.said()
        );
    }
    let whole = "{\"ssl_cname\": \"a.example.com\", \"ssl_cert_pem_file\": \"c\", \"ssl_key_pem_file\": \"k\"}";
    stage.write("form.txt", whole);
    let run = done(&stage, "config import form.txt --from azure-cluster");
    assert_eq!(run.stderr, "");
}

#[test]
fn an_export_that_would_let_in_more_clients_is_refused_for_that_reason() {
    let stage = Stage::new();
    enabled(&stage);
    let good = text(&stage);
    let asked = |client: &str| good.replace("[tls]", &format!("[tls]\nclient = {{ {client} }}"));
    stage.write(
        "keyway.toml",
        &asked("mode = \"required\", ca = \"root.pem\""),
    );
    for form in [
        "kubernetes-ingress",
        "gateway",
        "azure-json",
        "azure-cli",
        "azure-container",
    ] {
        let run = keyway(&stage, &format!("config export --to {form}"));
        assert_eq!(
            (run.code, run.stdout.as_str()),
            (Some(2), ""),
            "{form}: {}",
            run.said()
        );
        assert!(
            run.stderr.contains("everybody would be let in"),
            "{form}: {}",
            run.stderr
        );
    }
    stage.write(
        "keyway.toml",
        &asked("mode = \"required\", ca = \"root.pem\", crl = \"a.crl\""),
    );
    let run = keyway(&stage, "config export --to caddy");
    assert_eq!(
        (run.code, run.stdout.as_str()),
        (Some(2), ""),
        "{}",
        run.said()
    );
    assert!(
        run.stderr.contains("whose certificates are revoked"),
        "{}",
        run.stderr
    );
    stage.write(
        "keyway.toml",
        &asked("mode = \"optional\", ca = \"nofile\""),
    );
    let run = done(&stage, "config export --to azure-json");
    assert!(
        run.stderr
            .contains("`tls.client.ca` has no place in azure-json"),
        "{}",
        run.stderr
    );
}

#[test]
fn a_key_that_lies_beside_its_certificate_is_found_where_haproxy_finds_it() {
    let stage = Stage::new();
    enabled(&stage);
    let at = |name: &str| stage.path().join(name).to_string_lossy().into_owned();
    let key = std::fs::read(at("key.pem")).unwrap();
    std::fs::write(at("fullchain.pem.key"), key).unwrap();
    let service = text(&stage).replace("\"key.pem\"", "\"fullchain.pem.key\"");
    stage.write("keyway.toml", &service);
    let exported = done(&stage, "config export --to haproxy");
    let told = format!("finds the key {} beside", at("fullchain.pem.key"));
    assert!(exported.stderr.contains(&told), "{}", exported.stderr);
    stage.write("haproxy.cfg", &exported.stdout);
    let imported = done(&stage, "config import haproxy.cfg --from haproxy");
    let line = format!("key = \"{}\"", at("fullchain.pem.key"));
    assert!(imported.stdout.contains(&line), "{}", imported.said());
    assert_eq!(imported.stderr, "");
    // Where nothing is there nobody knows.
    std::fs::remove_file(at("fullchain.pem")).unwrap();
    std::fs::remove_file(at("fullchain.pem.key")).unwrap();
    let imported = done(&stage, "config import haproxy.cfg --from haproxy");
    let told = format!("if {} holds its key", at("fullchain.pem.key"));
    assert!(imported.stderr.contains(&told), "{}", imported.stderr);
}

#[test]
fn a_list_of_certificates_that_is_left_behind_is_no_success() {
    let stage = Stage::new();
    let form = "frontend web\n mode http\n bind :443 ssl crt /a.pem crt-list /list\n default_backend a\nbackend a\n \
        mode http\n server s 127.0.0.1:1\n";
    stage.write("haproxy.cfg", form);
    let run = keyway(&stage, "config import haproxy.cfg --from haproxy");
    assert_eq!(run.code, Some(1), "{}", run.said());
    let told = "`bind crt-list /list` in line 3 are left behind";
    assert!(run.stderr.contains(told), "{}", run.said());
}

/// Runs an import of a large text with so many seconds of processor time, and so many KiB of address space.
#[cfg(target_os = "linux")]
fn bounded(stage: &Stage, form: &str, text: &str) -> std::process::Output {
    const SHELL: &str = "ulimit -t 20 && ulimit -v 2000000 && exec \"$0\" \"$@\"";
    stage.write("form.txt", text);
    let keyway = stage.command();
    let mut command = std::process::Command::new("sh");
    command.args(["-c", SHELL]).arg(keyway.get_program());
    command.current_dir(keyway.get_current_dir().unwrap());
    command.args(["config", "import", "form.txt", "--from", form]);
    command.output().unwrap()
}

#[cfg(target_os = "linux")]
#[test]
fn what_imports_cost_grows_as_their_texts_do() {
    let stage = Stage::new();
    // With the ends of all lines for each object, it would be 40 GB.
    let objects = "---\nkind: Secret\n".repeat(50_000);
    let run = bounded(&stage, "kubernetes-ingress", &objects);
    let said = String::from_utf8_lossy(&run.stderr);
    assert_eq!(run.status.code(), Some(2), "{said}");
    assert!(said.contains("there is no Ingress"), "{said}");
    // With the service's certificates copied for each server, it would be a minute.
    let mut servers = String::new();
    for number in 0..6_000 {
        let _ = writeln!(
            servers,
            "server {{ listen 443 ssl; server_name s{number}.example.com; ssl_certificate c{number}; \
             ssl_certificate_key k{number}; location / {{ proxy_pass http://10.0.0.1:80; }} }}"
        );
    }
    let run = bounded(&stage, "nginx", &servers);
    let said = String::from_utf8_lossy(&run.stderr);
    assert_eq!(run.status.code(), Some(0), "{said}");
    assert!(String::from_utf8_lossy(&run.stdout).contains("s5999.example.com"));
}

#[test]
fn the_zone_that_azure_has_by_itself_is_still_to_be_said_and_no_error() {
    let stage = Stage::new();
    stage.write("form.txt", "{\"leaf_domain_label\": \"contoso\"}");
    let run = done(&stage, "config import form.txt --from azure-cluster");
    let told = "still to be said: `tls.leaf_domain_label` is given without `tls.zone`";
    assert!(run.stderr.contains(told), "{}", run.said());
}

#[test]
fn hosts_that_a_server_does_not_name_are_those_of_its_certificate() {
    let stage = Stage::new();
    enabled(&stage);
    let path = stage.path().join("fullchain.pem");
    let text = format!(
        "server {{ listen 443 ssl; ssl_certificate {path}; ssl_certificate_key {path}; location / {{ proxy_pass \
         http://127.0.0.1:1; }} }}\n",
        path = path.display()
    );
    stage.write("n.conf", &text);
    let run = done(&stage, "config import n.conf --from nginx");
    assert!(run.stdout.contains("www.example.com"), "{}", run.said());
    assert!(
        run.stderr
            .contains("those that the certificate names were taken"),
        "{}",
        run.said()
    );
}

#[test]
fn a_folder_in_the_place_of_a_certificate_is_what_cannot_be_used() {
    let stage = Stage::new();
    std::fs::create_dir(stage.path().join("all")).unwrap();
    let text = format!(
        "frontend f\n mode http\n bind :443 ssl crt {}\n default_backend b\nbackend b\n mode http\n server s 127.0.0.1:1\n",
        stage.path().join("all").display()
    );
    stage.write("haproxy.cfg", &text);
    let run = keyway(&stage, "config import haproxy.cfg --from haproxy");
    assert_eq!(run.code, Some(1), "{}", run.said());
    assert!(run.stderr.contains("is a folder"), "{}", run.said());
}
