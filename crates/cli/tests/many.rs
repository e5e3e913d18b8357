//! What commands do for each host, certificate or address of a file does not grow with the number of the others: where
//! it did, each of these would take minutes.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

mod stage;

use stage::Stage;
use stage::service::{done, keyway, text};

const MANY: usize = 10_000;

/// Each takes more of a file than a host does.
const MANY_CERTIFICATES: usize = 4_000;

const REST: &str = "[tls]\ncertificate = \"c.pem\"\nkey = \"k.pem\"\n";

fn hosts() -> String {
    let hosts: Vec<String> = (0..MANY)
        .map(|it| format!("\"h{it}.example.com\""))
        .collect();
    format!(
        "host = [{}]\nupstream = \"http://127.0.0.1:1\"\n{REST}",
        hosts.join(", ")
    )
}

fn certificates() -> String {
    let own = |it: usize| {
        format!(
            "[[tls.certificates]]\nhost = \"h{it}.example.com\"\ncertificate = \"c{it}.pem\"\nkey = \"k{it}.pem\"\n"
        )
    };
    let own: Vec<String> = (0..MANY_CERTIFICATES).map(own).collect();
    format!(
        "host = \"a.example.com\"\nupstream = \"http://127.0.0.1:1\"\n{REST}{}",
        own.concat()
    )
}

#[test]
fn a_service_of_many_hosts_is_changed_and_exported() {
    let stage = Stage::new();
    stage.write("keyway.toml", &hosts());
    done(&stage, "disable");
    assert!(text(&stage).contains("status = \"disabled\""));
    stage.write("keyway.toml", &hosts());
    for form in ["haproxy", "nginx", "kubernetes-ingress"] {
        let run = keyway(&stage, &format!("config export --to {form}"));
        assert!(run.code.is_some(), "{form}: {}", run.said());
    }
}

#[test]
fn a_service_of_many_certificates_is_changed_and_exported() {
    let stage = Stage::new();
    stage.write("keyway.toml", &certificates());
    done(&stage, "disable");
    stage.write("keyway.toml", &certificates());
    for form in ["haproxy", "nginx", "kubernetes-ingress"] {
        let run = keyway(&stage, &format!("config export --to {form}"));
        assert!(run.code.is_some(), "{form}: {}", run.said());
    }
}
