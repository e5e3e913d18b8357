//! What a service file names: each file in its role, nothing that could hold a command up.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

mod stage;

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::time::{Duration, Instant};

use stage::service::{done, enabled, keyway, text, trust};
use stage::{Run, Stage};

const SWAPPED: &str = "host = \"www.example.com\"\n[tls]\ncertificate = \"key.pem\"\n\
                       key = \"fullchain.pem\"\n";

fn named(certificate: &str, key: &str, rest: &str) -> String {
    format!(
        "host = \"www.example.com\"\n[tls]\ncertificate = \"{certificate}\"\nkey = \"{key}\"\n{rest}"
    )
}

fn said(run: &Run, words: &str) {
    // Lines are broken to fit a page.
    let said = run.said().split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains(words), "{words:?} in {}", run.said());
}

#[test]
fn a_certificate_and_a_key_in_each_others_place_are_told_and_not_written() {
    let stage = Stage::new();
    let flags = "--cert key.pem --key fullchain.pem --host www.example.com";
    let run = keyway(&stage, &format!("enable {flags} {}", trust()));
    assert_eq!(run.code, Some(2), "{}", run.said());
    said(&run, "certificate and key are swapped: key.pem");
    assert!(!stage.path().join("keyway.toml").exists());
    stage.write("keyway.toml", SWAPPED);
    let run = keyway(&stage, &format!("config check {}", trust()));
    assert_eq!(run.code, Some(2), "{}", run.said());
    said(&run, "certificate and key are swapped");
    let run = keyway(&stage, &format!("status --offline {}", trust()));
    assert_eq!(run.code, Some(1), "{}", run.said());
    said(&run, "certificate and key are swapped");
}

#[test]
fn what_is_in_the_other_file_alone_is_told() {
    let stage = Stage::new();
    for (certificate, key, words) in [
        (
            "root.pem",
            "with-key.pem",
            "the certificate is not in root.pem",
        ),
        ("with-key.pem", "other-key.pem", "is not in other-key.pem"),
    ] {
        stage.write("keyway.toml", &named(certificate, key, ""));
        let run = keyway(&stage, &format!("config check {}", trust()));
        assert_eq!(run.code, Some(2), "{certificate}: {}", run.said());
        said(&run, words);
    }
}

#[test]
fn a_file_that_holds_both_may_be_named_for_both_and_for_either() {
    let stage = Stage::new();
    for (certificate, key) in [
        ("with-key.pem", "with-key.pem"),
        ("with-key.pem", "key.pem"),
        ("fullchain.pem", "with-key.pem"),
    ] {
        let flags = format!("--cert {certificate} --key {key} --host www.example.com");
        done(&stage, &format!("enable {flags} {}", trust()));
    }
}

#[test]
fn a_program_that_prints_without_end_gives_no_password() {
    let stage = Stage::new();
    let endless = named(
        "fullchain.pem",
        "key.pem",
        "password = { command = [\"yes\"] }\n",
    );
    stage.write("keyway.toml", &endless);
    let run = keyway(&stage, &format!("config check {}", trust()));
    assert_eq!(run.code, Some(2), "{}", run.said());
    said(
        &run,
        "the program yes gave no password: it printed more than 64 KiB",
    );
}

#[test]
fn offline_runs_no_program_and_says_what_it_leaves_out() {
    let stage = Stage::new();
    let rest = "password = { command = [\"sh\", \"-c\", \"touch ran; echo opensesame\"] }\n";
    let status = format!("status --offline {}", trust());
    for (key, is_told) in [("key.pem", false), ("locked.pem", true)] {
        locked(&stage);
        stage.write("keyway.toml", &named("fullchain.pem", key, rest));
        let run = done(&stage, &status);
        let words = "a program prints its password, and none is run";
        let told = run.said().split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(told.contains(words), is_told, "{}", run.said());
        assert!(!stage.path().join("ran").exists(), "{key}");
    }
    done(&stage, &format!("config check {}", trust()));
    assert!(stage.path().join("ran").exists());
}

fn facts(stage: &Stage, name: &str) -> (u32, u32, u32) {
    let facts = fs::metadata(stage.path().join(name)).unwrap();
    (facts.uid(), facts.gid(), facts.mode() & 0o7777)
}

#[test]
fn a_file_stays_its_owners_when_root_changes_it() {
    let stage = Stage::new();
    enabled(&stage);
    let file = stage.path().join("keyway.toml");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
    let (owner, group, _) = facts(&stage, "keyway.toml");
    // Nobody but root gives files away; for others it stays their own.
    let theirs = match std::os::unix::fs::chown(&file, Some(1), Some(1)) {
        Ok(()) => (1, 1, 0o640),
        Err(_) => (owner, group, 0o640),
    };
    done(&stage, "disable");
    assert_eq!(facts(&stage, "keyway.toml"), theirs);
    assert_eq!(facts(&stage, "keyway.toml.previous"), theirs);
}

#[test]
fn a_secret_that_stands_in_a_file_for_everybody_is_told_and_its_version_before_is_the_owners_alone()
{
    let stage = Stage::new();
    let key = fs::read_to_string(stage.path().join("key.pem")).unwrap();
    let open = format!(
        "host = \"www.example.com\"\n[tls]\ncertificate = \"fullchain.pem\"\nkey = '''\n{key}'''\n"
    );
    let file = stage.write("keyway.toml", &open);
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
    let checked = keyway(&stage, &format!("config check {}", trust()));
    said(
        &checked,
        "keyway.toml has the permissions 0644: others may read it.",
    );
    done(&stage, &format!("update --key key.pem {}", trust()));
    assert!(!text(&stage).contains("PRIVATE KEY"), "{}", text(&stage));
    assert_eq!(facts(&stage, "keyway.toml").2, 0o644);
    assert_eq!(facts(&stage, "keyway.toml.previous").2, 0o600);
    fs::set_permissions(
        stage.path().join("key.pem"),
        fs::Permissions::from_mode(0o600),
    )
    .unwrap();
    let checked = done(&stage, &format!("config check {}", trust()));
    assert!(
        !checked.stdout.contains("world-readable"),
        "{}",
        checked.stdout
    );
}

/// The key under a password, as OpenSSL writes it.
fn locked(stage: &Stage) {
    let made = std::process::Command::new("openssl")
        .args(["pkcs8", "-topk8", "-in", "key.pem", "-out", "locked.pem"])
        .args(["-passout", "pass:opensesame"])
        .current_dir(stage.path())
        .output()
        .unwrap();
    assert!(made.status.success(), "{made:?}");
}

#[test]
fn nobody_waits_for_a_pipe_or_a_device_that_a_service_names() {
    let stage = Stage::new();
    let fifo = stage.path().join("fifo");
    let made = std::process::Command::new("mkfifo").arg(&fifo).status();
    assert!(made.unwrap().success());
    let began = Instant::now();
    for service in [
        named("fifo", "key.pem", ""),
        named("fullchain.pem", "fifo", ""),
        named("/dev/zero", "key.pem", ""),
        named("-", "key.pem", ""),
        named(
            "fullchain.pem",
            "key.pem",
            "password = { file = \"fifo\" }\n",
        ),
    ] {
        stage.write("keyway.toml", &service);
        let run = keyway(&stage, &format!("config check {}", trust()));
        assert_eq!(run.code, Some(2), "{}", run.said());
        said(&run, "is a socket, pipe or device");
        let run = keyway(&stage, &format!("status --offline {}", trust()));
        assert_eq!(run.code, Some(1), "{}", run.said());
        said(&run, "is a socket, pipe or device");
    }
    enabled(&stage);
    let before = text(&stage);
    let run = keyway(
        &stage,
        &format!("update --cert fifo --key key.pem {}", trust()),
    );
    assert_eq!(run.code, Some(2), "{}", run.said());
    assert_eq!(text(&stage), before);
    assert!(began.elapsed() < Duration::from_secs(60));
}

#[test]
fn what_is_wrong_with_a_file_names_no_flag_that_the_command_does_not_have() {
    let stage = Stage::new();
    let file = |host: &str, key: &str| {
        format!("host = \"{host}\"\n[tls]\ncertificate = \"fullchain.pem\"\nkey = \"{key}\"\n")
    };
    for (host, key, told) in [
        ("1.2.3", "key.pem", "keyway.toml:1"),
        ("a.example.0x7f", "key.pem", "keyway.toml:1"),
        ("-a.example", "key.pem", "keyway.toml:1"),
        ("אa.example", "key.pem", "keyway.toml: the host אa.example"),
        (
            "www.example.com",
            "root.pem",
            "root.pem: no private key is in it",
        ),
    ] {
        stage.write("keyway.toml", &file(host, key));
        for command in ["config check", "status --offline"] {
            let run = keyway(&stage, &format!("{command} {}", trust()));
            let is_told = run.said().replace('\n', " ").contains(told) || command != "config check";
            assert!(is_told, "{host}: {}", run.said());
            assert_ne!(run.code, Some(0), "{host}: {}", run.said());
            for flag in ["--host", "--key"] {
                assert!(!run.said().contains(flag), "{host}: {}", run.said());
            }
        }
    }
    fs::remove_file(stage.path().join("keyway.toml")).unwrap();
    let run = keyway(&stage, "enable --password-env NONE --host www.example.com");
    assert_eq!(run.code, Some(2), "{}", run.said());
    assert!(!run.stderr.contains("--renew"), "{}", run.stderr);
}

#[test]
fn a_file_that_calls_its_table_ssl_is_changed_like_any_other() {
    let stage = Stage::new();
    let pair = "cert_file = \"fullchain.pem\"\nkey = \"key.pem\"";
    for file in [
        format!("[ssl]\ncname = \"www.example.com\"\nenabled = true\n{pair}\n"),
        format!("host = \"www.example.com\"\n[ssl]\nstatus = \"enabled\"\n{pair}\n"),
    ] {
        stage.write("keyway.toml", &file);
        done(&stage, "disable");
        let disabled = text(&stage);
        assert!(
            ["= false", "= \"disabled\""]
                .iter()
                .any(|word| disabled.contains(word))
        );
        done(&stage, &format!("enable {}", trust()));
        assert_eq!(text(&stage), file);
        done(
            &stage,
            &format!("update --cert with-key.pem --key with-key.pem {}", trust()),
        );
        let updated = file
            .replace("fullchain.pem", "with-key.pem")
            .replace("key = \"key.pem\"", "key = \"with-key.pem\"");
        assert_eq!(text(&stage), updated);
    }
    stage.write(
        "keyway.toml",
        "[ssl]\nstatus = \"auto\"\nssl_leaf_domain_label = \"contoso\"\nzone = \"w.example.test\"\n",
    );
    done(&stage, "enable");
    done(&stage, "disable");
    done(&stage, "enable");
    done(&stage, "update --renew");
    let asked = text(&stage);
    assert!(asked.ends_with("renew = true\n"), "{asked}");
    done(&stage, "disable");
    let disabled = text(&stage);
    assert!(
        !disabled.contains("renew") && !disabled.contains("tls"),
        "{disabled}"
    );
}
