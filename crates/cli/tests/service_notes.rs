//! What commands say of a service file and of a change: who notices, what is lost, what is kept.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

mod stage;

use std::fs;
use std::path::Path;

use keyway_testkit::{Certificate, Chain, Crl, DAY, Draft, Extension, GeneralName, NOW, Name};
use stage::service::{done, enabled, keyway, text, trust};
use stage::{Run, Stage};

/// What was said, on one line.
fn said(run: &Run) -> String {
    run.said().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A certificate that has no other names than these (RFC 5280, section 4.1.2.6).
fn bare(leaf: Draft, names: &[GeneralName]) -> Draft {
    let mut names = Extension::subject_alt_name(names);
    names.critical = true;
    leaf.subject(Name::empty()).extension(names)
}

/// A certificate for these names and its key, beside the others; all of the kit's have one root.
fn certificate(stage: &Stage, file: &str, names: &[GeneralName]) {
    let chain = Chain::with_leaf(|leaf| bare(leaf, names));
    stage.write(&format!("{file}.pem"), &chain.fullchain_pem());
    stage.write(&format!("{file}.key"), &chain.key_pem());
}

fn update(stage: &Stage, file: &str, more: &str) -> String {
    let own = format!("--cert {file}.pem --key {file}.key");
    said(&done(stage, &format!("update {own} {more}{}", trust())))
}

#[test]
fn what_a_wildcard_covers_is_not_lost_and_an_address_is() {
    let stage = Stage::new();
    enabled(&stage);
    certificate(&stage, "wide", &[GeneralName::dns("*.example.com")]);
    let told = update(&stage, "wide", "");
    assert!(told.contains("no longer covered: example.com;"), "{told}");
    let told = update(&stage, "wide", "--host *.example.com ");
    assert!(!told.contains("no longer its name"), "{told}");
    let both = [
        GeneralName::dns("www.example.com"),
        GeneralName::ip("192.0.2.1"),
    ];
    certificate(&stage, "both", &both);
    certificate(&stage, "one", &[GeneralName::dns("www.example.com")]);
    let told = update(&stage, "both", "--host www.example.com ");
    assert!(told.contains("no longer covered: *.example.com;"), "{told}");
    assert!(
        told.contains("no longer its name: *.example.com;"),
        "{told}"
    );
    let told = update(&stage, "one", "");
    assert!(told.contains("no longer covered: 192.0.2.1;"), "{told}");
}

#[test]
fn a_certificate_for_hosts_of_its_own_is_not_held_against_one_that_stands_beside_it() {
    let stage = Stage::new();
    certificate(&stage, "other", &[GeneralName::dns("other.example.org")]);
    certificate(&stage, "www", &[GeneralName::dns("www.example.com")]);
    let own = "[[tls.certificates]]\nhost = \"other.example.org\"\ncertificate = \"other.pem\"\nkey = \"other.key\"\n";
    stage.write("keyway.toml", own);
    let told = update(&stage, "www", "--host www.example.com ");
    for words in [
        "no longer",
        "the issuer was",
        "the key is another",
        "the same as before",
    ] {
        assert!(!told.contains(words), "{told}");
    }
}

#[test]
fn a_certificate_without_a_subject_goes_by_its_names() {
    let stage = Stage::new();
    let names = [
        GeneralName::dns("www.example.com"),
        GeneralName::ip("192.0.2.1"),
    ];
    certificate(&stage, "bare", &names);
    let own = "--cert bare.pem --key bare.key --host www.example.com";
    let told = said(&done(&stage, &format!("enable {own} {}", trust())));
    let called = "bare.pem, www.example.com and 192.0.2.1";
    assert!(told.contains(called), "{told}");
    let told = said(&done(&stage, &format!("status --offline {}", trust())));
    assert!(told.contains(called), "{told}");
}

#[test]
fn a_label_whose_name_is_not_made_yet_is_said_to_wait_for_it() {
    let stage = Stage::new();
    stage.write(
        "keyway.toml",
        "[tls]\nleaf_domain_label = \"contoso\"\nzone = \"w.example.test\"\n",
    );
    let told = said(&done(&stage, "status --offline"));
    assert!(
        told.contains("nothing yet: its label has no name; `keyway enable keyway.toml"),
        "{told}"
    );
    assert!(!told.contains("none to make"), "{told}");
}

/// A service whose clients have to show a certificate.
fn with_clients(stage: &Stage, client: &str) {
    let service =
        "host = \"www.example.com\"\n[tls]\ncertificate = \"fullchain.pem\"\nkey = \"key.pem\"\n";
    stage.write(
        "keyway.toml",
        &format!("{service}client = {{ {client} }}\n"),
    );
}

#[test]
fn a_service_that_is_disabled_says_that_no_client_certificate_is_asked_for() {
    let stage = Stage::new();
    with_clients(&stage, "mode = \"required\", ca = \"root.pem\"");
    let told = said(&done(&stage, "disable"));
    assert!(told.contains("client certificates were required"), "{told}");
    assert!(
        told.contains("everybody who reaches it is let in"),
        "{told}"
    );
    let checked = said(&done(&stage, &format!("config check {}", trust())));
    assert!(checked.contains("config.clients-let-in"), "{checked}");
    // It names its certificate, and serves none.
    assert!(checked.contains("names fullchain.pem,"), "{checked}");
    assert!(!checked.contains("serves"), "{checked}");
}

#[test]
fn a_wish_for_a_renewal_that_goes_is_told() {
    let stage = Stage::new();
    let label = "--leaf-domain-label contoso --zone w.example.test";
    for away in [
        "disable",
        "enable --cert fullchain.pem --key key.pem --host www.example.com ",
    ] {
        done(&stage, &format!("enable {label}"));
        done(&stage, "update --renew");
        let trust = if away == "disable" {
            String::new()
        } else {
            trust()
        };
        let told = said(&done(&stage, &format!("{away}{trust}")));
        let words =
            "the wish for a renewal (`tls.renew`) is taken out, with what is written beside it";
        assert!(told.contains(words), "{told}");
        fs::remove_file(stage.path().join("keyway.toml")).unwrap();
    }
}

#[test]
fn lists_of_revoked_clients_have_to_be_such_lists() {
    let stage = Stage::new();
    let ca = Certificate::root("Clients").build();
    stage.write("clients.pem", &ca.pem());
    stage.write("revoked.pem", &Crl::by(&ca).build().pem());
    fs::write(stage.path().join("revoked.crl"), Crl::by(&ca).build().der()).unwrap();
    for crl in ["revoked.pem", "revoked.crl"] {
        with_clients(
            &stage,
            &format!("mode = \"required\", ca = \"clients.pem\", crl = \"{crl}\""),
        );
        done(&stage, &format!("config check {}", trust()));
    }
    with_clients(
        &stage,
        "mode = \"required\", ca = \"clients.pem\", crl = \"leaf.pem\"",
    );
    let before = text(&stage);
    for command in ["config check", "enable", "update"] {
        let run = keyway(&stage, &format!("{command} {}", trust()));
        assert_eq!(run.code, Some(2), "{command}: {}", run.said());
        assert!(
            said(&run).contains("leaf.pem: no revocation list is in it"),
            "{}",
            run.said()
        );
        assert_eq!(text(&stage), before);
    }
}

#[test]
fn a_password_that_opens_nothing_is_told_by_the_field_that_names_it() {
    let stage = Stage::new();
    let keys = Path::new(env!("CARGO_MANIFEST_DIR")).join("../chain/tests/vectors/keys");
    fs::copy(keys.join("p8-aes128.pem"), stage.path().join("locked.pem")).unwrap();
    stage.write("wrong", "battery staple\n");
    let service = "host = \"www.example.com\"\n[tls]\ncertificate = \"fullchain.pem\"\nkey = \"locked.pem\"\n";
    for (password, code, words) in [
        ("", 0, "does not say where its password is"),
        (
            "password = { file = \"wrong\" }\n",
            1,
            "the password from `tls.password` does not open it",
        ),
    ] {
        stage.write("keyway.toml", &format!("{service}{password}"));
        let run = keyway(&stage, &format!("config check {}", trust()));
        assert_eq!(run.code, Some(code), "{}", run.said());
        assert!(said(&run).contains(words), "{}", run.said());
        assert!(!run.said().contains("battery"), "{}", run.said());
    }
}

#[cfg(unix)]
#[test]
fn a_password_that_everybody_can_read_is_told() {
    use std::os::unix::fs::PermissionsExt as _;
    let stage = Stage::new();
    enabled(&stage);
    let password = stage.write("password", "battery staple\n");
    let named = text(&stage).replace("[tls]", "[tls]\npassword = { file = \"password\" }");
    stage.write("keyway.toml", &named);
    for (file, mode) in [("key.pem", 0o600), ("password", 0o644)] {
        let path = stage.path().join(file);
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }
    let told = said(&done(&stage, &format!("config check {}", trust())));
    assert!(told.contains("password has the permissions 0644"), "{told}");
    fs::set_permissions(password, fs::Permissions::from_mode(0o600)).unwrap();
    let told = said(&done(&stage, &format!("config check {}", trust())));
    assert!(!told.contains("config.world-readable-key"), "{told}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_change_that_nobody_can_be_told_of_is_said_to_be_made() {
    let stage = Stage::new();
    enabled(&stage);
    let full = fs::OpenOptions::new()
        .write(true)
        .open("/dev/full")
        .unwrap();
    let run = stage
        .command()
        .arg("disable")
        .stdout(full)
        .output()
        .unwrap();
    assert_eq!(run.status.code(), Some(2));
    let told = String::from_utf8(run.stderr).unwrap();
    assert!(
        told.contains("keyway.toml was changed, and what is said of that"),
        "{told}"
    );
    assert!(
        text(&stage).contains("status = \"disabled\""),
        "{}",
        text(&stage)
    );
    // Where nothing was changed, nothing is said to be.
    let full = fs::OpenOptions::new()
        .write(true)
        .open("/dev/full")
        .unwrap();
    let run = stage
        .command()
        .arg("disable")
        .stdout(full)
        .output()
        .unwrap();
    let told = String::from_utf8(run.stderr).unwrap();
    assert!(told.contains("cannot write the output"), "{told}");
}

#[test]
fn nobody_connects_to_port_0() {
    let stage = Stage::new();
    enabled(&stage);
    for command in [
        "status --connect-port 0",
        "dns verify --cert leaf.pem --connect-port 0",
    ] {
        let run = keyway(&stage, command);
        assert_eq!(run.code, Some(2), "{}", run.said());
        assert!(
            run.stderr.contains("'--connect-port <PORT>'"),
            "{}",
            run.stderr
        );
    }
}

#[test]
fn files_that_shut_every_client_out_are_errors() {
    let stage = Stage::new();
    let (ca, other) = (Certificate::root("Clients"), Certificate::root("Others"));
    let (ca, other) = (ca.build(), other.build());
    stage.write("clients.pem", &ca.pem());
    stage.write("both.pem", &(ca.pem() + &other.pem()));
    stage.write("pinned.pem", &Certificate::self_signed("c").build().pem());
    stage.write("list.pem", &Crl::by(&ca).build().pem());
    stage.write("other.pem", &Crl::by(&other).build().pem());
    let over = Crl::by(&ca)
        .this_update(NOW - 9 * DAY)
        .next_update(Some(NOW - DAY));
    stage.write("over.pem", &over.build().pem());
    for (client, words) in [
        ("ca = \"leaf.pem\"", "No certificate in leaf.pem is a CA's"),
        ("ca = \"pinned.pem\"", ""),
        (
            "ca = \"clients.pem\", crl = \"over.pem\"",
            "\"Clients\" in over.pem is over",
        ),
        (
            "ca = \"clients.pem\", crl = \"other.pem\"",
            "no list that \"Clients\" in clients.pem signed",
        ),
        (
            "ca = \"both.pem\", crl = \"list.pem\"",
            "no list that \"Others\" in both.pem signed",
        ),
        ("ca = \"both.pem\", crl = [\"list.pem\", \"other.pem\"]", ""),
        // A newer list of the same CA counts.
        (
            "ca = \"clients.pem\", crl = [\"over.pem\", \"list.pem\"]",
            "",
        ),
    ] {
        with_clients(&stage, &format!("mode = \"required\", {client}"));
        let before = text(&stage);
        for command in ["config check", "update"] {
            let run = keyway(&stage, &format!("{command} {}", trust()));
            let is_good = words.is_empty();
            assert_eq!(
                run.code,
                Some(i32::from(!is_good)),
                "{client}: {}",
                run.said()
            );
            assert!(said(&run).contains(words), "{client}: {}", run.said());
            assert_eq!(text(&stage), before);
        }
    }
}

#[test]
fn a_password_stays_for_a_key_that_wants_one_and_is_told_where_it_goes() {
    let stage = Stage::new();
    enabled(&stage);
    let plain = stage.path().join("key.pem");
    let locked = stage.path().join("locked.pem");
    let made = std::process::Command::new("openssl")
        .args(["pkey", "-aes256", "-passout", "pass:sesame", "-in"])
        .args([&plain, Path::new("-out"), &locked])
        .status();
    assert!(made.unwrap().success());
    stage.write("password", "sesame\n");
    let flags = trust();
    done(
        &stage,
        &format!("update --key locked.pem --password-file password {flags}"),
    );
    let noted = text(&stage).replace("[tls]", "[tls]\n# of the store");
    stage.write("keyway.toml", &noted);
    fs::copy(&locked, stage.path().join("new.pem")).unwrap();
    let told = said(&done(&stage, &format!("update --key new.pem {flags}")));
    assert!(!told.contains("taken out"), "{told}");
    assert_eq!(text(&stage), noted.replace("locked.pem", "new.pem"));
    // One that was moved, with a key or without: what stands beside it stays.
    let beside = text(&stage).replace("\"password\" }", "\"password\" } # of ours");
    stage.write("keyway.toml", &beside);
    stage.write("moved", "sesame\n");
    for (from, to, key) in [
        ("password", "moved", ""),
        ("moved", "password", "--key new.pem "),
    ] {
        done(&stage, &format!("update {key}--password-file {to} {flags}"));
        let file = |name: &str| format!("file = \"{name}\" }} # of ours");
        assert!(text(&stage).contains(&file(to)), "{from}: {}", text(&stage));
    }
    let told = said(&done(&stage, &format!("update --key key.pem {flags}")));
    assert!(
        told.contains("the password of the key before (`tls.password`) is taken out"),
        "{told}"
    );
    assert!(!text(&stage).contains("password"), "{}", text(&stage));
    assert!(text(&stage).contains("# of the store"), "{}", text(&stage));
}
