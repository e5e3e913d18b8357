//! `keyway config prove`: what a file says is what is seen.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

mod stage;

use stage::Stage;
use stage::service::trust;

/// Everything that can be seen of HTTP.
const WHOLE: &str = "host = \"www.example.com\"\nupstream = \"http://127.0.0.1:9\"\nlisten = \"[::]:8443\"\n\
                     [tls]\ncertificate = \"fullchain.pem\"\nkey = \"key.pem\"\nprofile = \"modern\"\nalpn = \
                     \"http/1.1\"\nredirect = true\nhsts = { max_age = 63072000 }\nclient = { mode = \
                     \"required\", ca = \"root.pem\" }\n[limits]\nbody_bytes = 10\nheader_bytes = 9000\nbody_rate = 240\n";

fn proven(stage: &Stage, text: &str) -> (Option<i32>, serde_json::Value) {
    stage.write("keyway.toml", text);
    let run = stage.run(&format!("config prove --format json {}", trust()));
    assert!(run.code < Some(2), "{}", run.said());
    (run.code, run.json())
}

/// What was seen of a setting.
fn seen<'a>(told: &'a serde_json::Value, setting: &str) -> &'a str {
    let mut proofs = told["proofs"].as_array().unwrap().iter();
    let proof = proofs.find(|proof| proof["setting"].as_str().unwrap().starts_with(setting));
    let proof = proof.unwrap_or_else(|| panic!("nothing of {setting} in {told}"));
    assert_eq!(proof["holds"], true, "{proof}");
    proof["seen"].as_str().unwrap()
}

#[test]
fn each_setting_is_seen_on_the_wire() {
    let stage = Stage::new();
    let (code, told) = proven(&stage, WHOLE);
    assert_eq!(code, Some(0), "{told}");
    for (setting, said) in [
        ("tls.profile, min_version", "TLS 1.3 yes and TLS 1.2 no"),
        ("tls.alpn", "h2 no and http/1.1 yes"),
        ("a name that is not served", "refused"),
        ("tls.client", "no answer"),
        ("a request", "passed on"),
        ("tls.hsts", "max-age=63072000"),
        ("limits.body_bytes", "413"),
        ("limits.header_bytes", "431"),
        ("limits.body_rate", "408"),
        ("an open connection", "stays"),
        ("tls.redirect", "308 https://www.example.com:8443/"),
    ] {
        assert_eq!(seen(&told, setting), said);
    }
    assert!(seen(&told, "certificate of www.example.com").starts_with("SHA-256 "));
    assert!(seen(&told, "tls.profile: groups").starts_with("X25519MLKEM768 yes"));
}

#[test]
fn what_is_not_served_is_not_proved() {
    let stage = Stage::new();
    let text =
        "host = \"www.example.com\"\n[tls]\ncertificate = \"fullchain.pem\"\nkey = \"key.pem\"\n";
    stage.write("keyway.toml", text);
    for command in ["config prove", "serve keyway.toml --check"] {
        let run = stage.run(&format!("{command} {}", trust()));
        assert_eq!(run.code, Some(2), "{command}: {}", run.said());
        assert!(
            run.stderr.contains("`upstream` names nothing"),
            "{}",
            run.stderr
        );
    }
}

#[test]
fn bytes_of_any_protocol_are_seen_to_pass() {
    let stage = Stage::new();
    let text = "host = \"www.example.com\"\nupstream = \"127.0.0.1:9\"\nmode = \"tcp\"\n[tls]\ncertificate = \
                \"fullchain.pem\"\nkey = \"key.pem\"\nalpn = \"acme-tls/1\"\n";
    let (code, told) = proven(&stage, text);
    assert_eq!(code, Some(0), "{told}");
    assert_eq!(seen(&told, "a request"), "passed on");
}

#[test]
fn a_service_in_plain_text_is_seen_to_be_that() {
    let stage = Stage::new();
    let text = "host = \"www.example.com\"\nupstream = \"http://127.0.0.1:9\"\n[tls]\nstatus = \"disabled\"\n\
                [limits]\nbody_bytes = 10\nheader_bytes = 9000\nbody_rate = 500\n";
    let (code, told) = proven(&stage, text);
    assert_eq!(code, Some(0), "{told}");
    for (setting, said) in [
        ("tls.status", "200"),
        ("a request", "passed on"),
        ("limits.body_bytes", "413"),
        ("limits.header_bytes", "431"),
        ("limits.body_rate", "408"),
    ] {
        assert_eq!(seen(&told, setting), said);
    }
}

#[test]
fn the_least_of_the_limits_on_connections_is_seen_to_hold() {
    let stage = Stage::new();
    let service = "host = \"www.example.com\"\nupstream = \"http://127.0.0.1:9\"\n";
    let pair = "[tls]\ncertificate = \"fullchain.pem\"\nkey = \"key.pem\"\n";
    for (limits, setting) in [
        ("connections = 9\nhandshakes = 20\n", "limits.connections"),
        (
            "connections_per_address = 9\n",
            "limits.connections_per_address",
        ),
        ("connections = 20\nhandshakes = 9\n", "limits.handshakes"),
    ] {
        let (code, told) = proven(&stage, &format!("{service}{pair}[limits]\n{limits}"));
        assert_eq!(code, Some(0), "{told}");
        assert_eq!(seen(&told, &format!("{setting}: one more")), "turned away");
    }
}

#[test]
fn a_response_that_is_named_is_seen_to_be_stapled_or_to_have_no_effect() {
    let stage = Stage::new();
    let good = keyway_testkit::Chain::good();
    let write = |about| {
        let response = keyway_testkit::OcspResponse::by(&good.issuing, about).build();
        std::fs::write(stage.path().join("leaf.ocsp"), response.der()).unwrap();
    };
    let text = "host = \"www.example.com\"\nupstream = \"http://127.0.0.1:9\"\n[tls]\ncertificate = \
                \"fullchain.pem\"\nkey = \"key.pem\"\nocsp = \"leaf.ocsp\"\n";
    write(&good.leaf);
    let (code, told) = proven(&stage, text);
    assert_eq!(code, Some(0), "{told}");
    assert_eq!(seen(&told, "tls.ocsp for www.example.com"), "stapled");
    // One that says nothing of the certificate has no effect, which is an error here.
    write(&good.issuing);
    let (code, told) = proven(&stage, text);
    assert_eq!(code, Some(1), "{told}");
    assert!(told.to_string().contains("not stapled"), "{told}");
}

#[test]
fn a_pair_that_is_none_is_told_and_nothing_is_served() {
    let stage = Stage::new();
    stage.write(
        "keyway.toml",
        &WHOLE.replace("\"key.pem\"", "\"other-key.pem\""),
    );
    let run = stage.run(&format!("config prove {}", trust()));
    assert_eq!(run.code, Some(1), "{}", run.said());
    assert!(run.stdout.contains("key.mismatch"), "{}", run.said());
}

#[test]
fn what_is_not_looked_at_is_said() {
    let stage = Stage::new();
    let text = "host = \"www.example.com\"\nupstream = [\"http://127.0.0.1:9\", \"http://127.0.0.1:10\"]\nhealth = {}\n\
                proxy_protocol = { from = \"127.0.0.0/8\" }\n[tls]\ncertificate = \"fullchain.pem\"\nkey = \
                \"key.pem\"\ndefault_certificate = true\n";
    let (code, told) = proven(&stage, text);
    assert_eq!(code, Some(0), "{told}");
    let open = told["not_looked_at"].to_string();
    for field in ["balance", "health", "proxy_protocol", "timeouts"] {
        assert!(open.contains(field), "{field}: {open}");
    }
    let default = "tls.default_certificate: a name that is not served";
    assert_eq!(seen(&told, default), "a certificate");
}

#[test]
fn settings_without_effect_are_no_proof() {
    let stage = Stage::new();
    let disabled = "host = \"www.example.com\"\nupstream = \"http://127.0.0.1:9\"\nlisten = \"127.0.0.1:8080\"\n\
                    [tls]\nstatus = \"disabled\"\nmin_version = \"1.3\"\nredirect = true\n";
    let bytes = "host = \"www.example.com\"\nupstream = \"127.0.0.1:9\"\nmode = \"tcp\"\n[tls]\ncertificate = \
                 \"fullchain.pem\"\nkey = \"key.pem\"\n[limits]\nbody_bytes = 100\n";
    for (text, setting) in [
        (disabled, "tls.min_version, tls.redirect"),
        (bytes, "limits.body_bytes"),
    ] {
        let (code, told) = proven(&stage, text);
        assert_eq!(code, Some(1), "{told}");
        let mut proofs = told["proofs"].as_array().unwrap().iter();
        let proof = proofs.find(|proof| proof["setting"] == setting);
        assert_eq!(proof.unwrap()["holds"], false, "{told}");
    }
}

#[test]
fn one_connection_at_a_time_is_enough_to_see_all_else() {
    let stage = Stage::new();
    let text = "host = \"www.example.com\"\nupstream = \"http://127.0.0.1:9\"\n[tls]\ncertificate = \
                \"fullchain.pem\"\nkey = \"key.pem\"\n[limits]\nconnections = 1\n";
    let (code, told) = proven(&stage, text);
    assert_eq!(code, Some(0), "{told}");
    assert_eq!(seen(&told, "an open connection"), "stays");
    assert_eq!(seen(&told, "limits.connections: one more"), "turned away");
}

#[test]
fn who_would_be_let_in_by_a_certificate_is_said_not_to_be_looked_at() {
    let stage = Stage::new();
    let root = keyway_testkit::Chain::good().root;
    let list = keyway_testkit::Crl::by(&root).build();
    stage.write("root.crl", &list.pem());
    let ca = "ca = \"root.pem\"";
    let (code, told) = proven(
        &stage,
        &WHOLE.replace(ca, &format!("{ca}, crl = \"root.crl\"")),
    );
    assert_eq!(code, Some(0), "{told}");
    let open = told["not_looked_at"].to_string();
    for field in ["tls.client.ca", "tls.client.crl"] {
        assert!(open.contains(field), "{field}: {open}");
    }
}
