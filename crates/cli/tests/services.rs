//! A service file through its life: enabled, updated, renewed, disabled; and what goes wrong.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

mod stage;

use std::fs;

use stage::service::{done, enabled, keyway, text, trust};
use stage::{Run, Stage};

fn host(stage: &Stage) -> String {
    let run = done(stage, "status --offline --format json");
    run.json()["hosts"][0].as_str().unwrap().to_owned()
}

#[test]
fn an_own_certificate_is_enabled_told_disabled_and_enabled_again() {
    let stage = Stage::new();
    enabled(&stage);
    let status = format!("status --offline --format json {}", trust());
    let told = done(&stage, &status).json();
    assert_eq!(told["status"], "enabled");
    assert_eq!(told["certificates"][0]["accepted"], "yes");
    assert_eq!(told["certificates"][0]["file"], "fullchain.pem");
    done(&stage, "disable");
    assert_eq!(done(&stage, &status).json()["status"], "disabled");
    assert!(text(&stage).contains("certificate = \"fullchain.pem\""));
    done(&stage, &format!("enable {}", trust()));
    assert_eq!(done(&stage, &status).json()["status"], "enabled");
}

#[test]
fn azures_flags_do_the_same() {
    let (ours, azure) = (Stage::new(), Stage::new());
    enabled(&ours);
    let flags = "--ssl-cert-file fullchain.pem --ssl-key-file key.pem --ssl-cname www.example.com";
    done(&azure, &format!("enable {flags} {}", trust()));
    assert_eq!(text(&ours), text(&azure));
}

#[test]
fn a_managed_name_stays_until_it_is_overwritten() {
    let stage = Stage::new();
    let label = "--leaf-domain-label contoso --region westeurope --zone cloudapp.example";
    done(&stage, &format!("enable {label}"));
    let first = host(&stage);
    let (made, parent) = first.split_once('.').unwrap();
    assert_eq!(parent, "westeurope.cloudapp.example");
    assert_eq!(made.len(), "contoso".len() + 6);
    done(&stage, "enable --ssl-leaf-domain-label contoso");
    assert_eq!(host(&stage), first);
    done(&stage, "update --ssl-renew");
    assert!(text(&stage).contains("renew = true"));
    assert_eq!(host(&stage), first);
    done(
        &stage,
        "enable --ssl-leaf-domain-label contoso --ssl-overwrite-domain True",
    );
    assert_ne!(host(&stage), first);
    let second = host(&stage);
    done(&stage, "enable --overwrite-existing-domain");
    assert_ne!(host(&stage), second);
}

#[test]
fn the_six_characters_are_no_part_of_the_label() {
    let stage = Stage::new();
    done(
        &stage,
        "enable --leaf-domain-label contoso --zone cloudapp.example",
    );
    let name = host(&stage);
    let label = name.split('.').next().unwrap();
    let run = keyway(&stage, &format!("update --leaf-domain-label {label}"));
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("six characters"), "{}", run.stderr);
}

#[test]
fn nothing_is_written_when_the_pair_is_wrong() {
    let stage = Stage::new();
    enabled(&stage);
    let before = text(&stage);
    let wrong = [
        (
            "--cert fullchain.pem --key other-key.pem --host www.example.com",
            1,
        ),
        (
            "--cert fullchain.pem --key key.pem --host other.example.org",
            1,
        ),
        ("--cert expired.pem --key key.pem --host www.example.com", 1),
        ("--cert leaf.pem --key key.pem --host www.example.com", 1),
        (
            "--cert fullchain.pem --key root.pem --host www.example.com",
            2,
        ),
        ("--cert nothing.pem --key key.pem --host www.example.com", 2),
    ];
    for (flags, code) in wrong {
        let run = keyway(&stage, &format!("update {flags} {}", trust()));
        assert_eq!(run.code, Some(code), "{flags}: {}", run.said());
        assert_eq!(text(&stage), before, "{flags}");
    }
    let run = keyway(&stage, &format!("update --renew {}", trust()));
    assert_eq!(run.code, Some(1));
    assert!(
        run.stdout.contains("config.renew-needs-auto"),
        "{}",
        run.stdout
    );
    assert_eq!(text(&stage), before);
}

#[test]
fn comments_and_order_stay_and_the_version_before_is_kept() {
    let stage = Stage::new();
    let before = "# ours\nhost = \"www.example.com\" # the name\n\n[tls]\n# files\n\
                  key = \"key.pem\"\ncertificate = \"fullchain.pem\"\nstatus = \"enabled\" # for now\n";
    stage.write("keyway.toml", before);
    let dry = done(&stage, "disable --dry-run");
    assert!(
        dry.stdout.contains("+status = \"disabled\" # for now"),
        "{}",
        dry.stdout
    );
    assert_eq!(text(&stage), before);
    done(&stage, "disable");
    assert_eq!(text(&stage), before.replace("\"enabled\"", "\"disabled\""));
    let kept = fs::read_to_string(stage.path().join("keyway.toml.previous")).unwrap();
    assert_eq!(kept, before);
}

#[test]
fn a_field_is_changed_under_the_name_that_the_file_gives_it() {
    let stage = Stage::new();
    let azure = "ssl_cname = \"old.example.com\"\nssl_cert_pem_file = \"x.pem\"\n\
                 ssl_key_pem_file = \"y.pem\"\n";
    stage.write("keyway.toml", azure);
    let own = "--cert fullchain.pem --key key.pem --host www.example.com";
    done(&stage, &format!("update {own} {}", trust()));
    let after = text(&stage);
    assert!(after.contains("ssl_cname = \"www.example.com\""), "{after}");
    assert!(
        after.contains("ssl_cert_pem_file = \"fullchain.pem\""),
        "{after}"
    );
}

#[test]
fn a_switch_of_a_single_container_is_read_and_turned() {
    let stage = Stage::new();
    let switched = |on: &str| {
        format!(
            "{{\n  \"ssl_enabled\": {on},\n  \"ssl_cname\": \"www.example.com\",\n  \
             \"ssl_cert_pem_file\": \"fullchain.pem\",\n  \"ssl_key_pem_file\": \"key.pem\"\n}}\n"
        )
    };
    stage.write("keyway.toml", &switched("true"));
    done(&stage, "disable");
    assert_eq!(text(&stage), switched("false"));
    assert_eq!(
        done(
            &stage,
            &format!("status --offline --format json {}", trust())
        )
        .json()["status"],
        "disabled"
    );
    done(&stage, &format!("enable {}", trust()));
    assert_eq!(text(&stage), switched("true"));
    // Azure's switch has no word for a managed name: the field's own name comes in its place.
    done(
        &stage,
        "enable --leaf-domain-label contoso --zone cloudapp.example",
    );
    let after = text(&stage);
    assert!(
        !after.contains("ssl_enabled") && after.contains("\"status\": \"auto\""),
        "{after}"
    );
}

#[test]
fn an_endpoint_says_what_the_dns_has_to_hold() {
    let stage = Stage::new();
    for (endpoint, kind, value) in [
        (
            "http://104.214.29.152:80/api/v1/service/score/score",
            "A",
            "104.214.29.152",
        ),
        ("https://[2001:db8::1]/", "AAAA", "2001:db8::1"),
        (
            "contoso.westeurope.cloudapp.example",
            "CNAME",
            "contoso.westeurope.cloudapp.example",
        ),
    ] {
        let service =
            format!("host = [\"a.example.com\", \"192.0.2.1\"]\nendpoint = \"{endpoint}\"\n");
        stage.write("keyway.toml", &service);
        let status = done(&stage, "status --offline --format json").json();
        let record = serde_json::json!([{"name": "a.example.com", "type": kind, "value": value}]);
        assert_eq!(status["records"], record);
    }
}

#[test]
fn findings_of_a_file_are_said_though_its_certificate_cannot_be_read() {
    let stage = Stage::new();
    let service = "host = \"a.example.com\"\nupstrem = \"x\"\n[tls]\ncertificate = \"gone.pem\"\nkey = \"key.pem\"\n";
    stage.write("keyway.toml", service);
    let run = keyway(&stage, "config check");
    assert_eq!(run.code, Some(2));
    assert!(
        run.stdout.contains("config.unknown-field"),
        "{}",
        run.stdout
    );
    assert!(run.stderr.contains("gone.pem"), "{}", run.stderr);
    let json = keyway(&stage, "config check --format json").json();
    assert_eq!(json["findings"][0]["code"], "config.unknown-field");
    assert!(json["missing"].as_str().unwrap().contains("gone.pem"));
}

#[test]
fn bad_files_are_told_with_their_line_and_nothing_is_written() {
    let stage = Stage::new();
    for (bad, line) in [
        ("host = \"a.example.com\"\n[tls\n", ":2:"),
        ("\n\ntls = 5\n", ":3:"),
        ("{\n  \"tls\": {\"redirect\": \"yes\"}\n}", ":2:"),
        ("[tls]\nstatus = \"on\"\n", ":2:"),
        ("{\"host\": [1]}", ":1:"),
    ] {
        stage.write("keyway.toml", bad);
        for command in [
            "config check",
            "disable",
            "status --offline",
            "config show",
            "update --renew",
        ] {
            let run = keyway(&stage, command);
            assert_eq!(run.code, Some(2), "{command} {bad}: {}", run.said());
            assert!(run.stderr.contains(line), "{command} {bad}: {}", run.stderr);
        }
        assert_eq!(text(&stage), bad);
    }
}

#[test]
fn standard_input_is_read_and_is_never_changed() {
    let stage = Stage::new();
    enabled(&stage);
    let run = |arguments: &str| {
        let mut command = stage.command();
        command.args(arguments.split(' '));
        // As a file, so that nobody writes to who does not read.
        command.stdin(fs::File::open(stage.path().join("keyway.toml")).unwrap());
        Run::of(&command.output().unwrap())
    };
    let checked = run(&format!("config check - {}", trust()));
    assert_eq!(checked.code, Some(0), "{}", checked.said());
    for change in ["disable -", "enable -", "update - --renew"] {
        let refused = run(change);
        assert_eq!(refused.code, Some(2), "{}", refused.said());
        assert!(
            refused.stderr.contains("standard input"),
            "{}",
            refused.stderr
        );
    }
    assert!(!stage.path().join("-").exists());
}

#[test]
fn secrets_are_shown_by_no_command() {
    let stage = Stage::new();
    let upstream = "host = \"www.example.com\"\nupstream = \"http://me:opensesame@10.0.0.1\"\n";
    let key = fs::read_to_string(stage.path().join("key.pem")).unwrap();
    let body = key.lines().nth(1).unwrap();
    let service = format!(
        "host = \"www.example.com\"\n[tls]\ncertificate = \"fullchain.pem\"\nkey = '''\n{key}'''\n\
         password = \"opensesame\"\n"
    );
    stage.write("keyway.toml", &service);
    for command in [
        "config show",
        "config check",
        "config check --format json",
        "config export --to azure-cli",
        "status --offline",
        "status --offline --format json",
        "disable --dry-run",
        "enable --leaf-domain-label a --zone b.example --dry-run",
        "config export --to nginx",
        "config export --to kubernetes-deployment",
    ] {
        stage.write("keyway.toml", &service);
        let said = keyway(&stage, command).said();
        stage.write("keyway.toml", upstream);
        let said = said + &keyway(&stage, command).said();
        assert!(
            !said.contains(body) && !said.contains("opensesame"),
            "{command}: {said}"
        );
    }
}

#[test]
fn a_host_that_is_none_is_told_at_its_line_beside_the_certificate() {
    let stage = Stage::new();
    enabled(&stage);
    let bad = text(&stage).replace("www.example.com", "https://www.example.com/");
    stage.write("keyway.toml", &bad);
    let run = keyway(&stage, &format!("config check {}", trust()));
    assert_eq!(run.code, Some(1), "{}", run.said());
    assert!(
        run.stdout.contains("config.not-an-address"),
        "{}",
        run.stdout
    );
    assert!(run.stdout.contains("keyway.toml:1"), "{}", run.stdout);
    assert!(!run.said().contains("--host"), "{}", run.said());
}

#[cfg(unix)]
#[test]
fn a_pipe_or_a_device_is_no_service_file_and_nobody_waits_for_it() {
    let stage = Stage::new();
    let fifo = stage.path().join("fifo");
    let made = std::process::Command::new("mkfifo").arg(&fifo).status();
    assert!(made.unwrap().success());
    for command in [
        "status --offline fifo",
        "config check fifo",
        "config show /dev/zero",
        "enable fifo",
        "disable fifo",
        "config import fifo --from nginx",
        "config import /dev/zero --from haproxy",
    ] {
        let run = keyway(&stage, command);
        assert_eq!(run.code, Some(2), "{command}: {}", run.said());
        assert!(
            run.stderr.contains("is a socket, pipe or device"),
            "{}",
            run.stderr
        );
    }
}

#[test]
fn a_renewal_of_a_disabled_service_wants_it_enabled_first() {
    let stage = Stage::new();
    let service =
        "[tls]\nstatus = \"disabled\"\nleaf_domain_label = \"contoso\"\nzone = \"a.example\"\n";
    stage.write("keyway.toml", service);
    let run = keyway(&stage, "update --renew");
    assert_eq!(run.code, Some(1), "{}", run.said());
    assert!(
        run.stdout.contains("Enable the service first"),
        "{}",
        run.stdout
    );
    assert!(!run.stdout.contains("Take `renew` out"), "{}", run.stdout);
    done(&stage, "enable");
    done(&stage, "update --renew");
}

#[test]
fn auto_without_a_label_is_told_and_serves_nothing() {
    let stage = Stage::new();
    enabled(&stage);
    let own = text(&stage).replace("\"enabled\"", "\"auto\"");
    for service in [
        own.as_str(),
        "upstream = \"http://127.0.0.1:1\"\ntls.status = \"auto\"\n",
    ] {
        stage.write("keyway.toml", service);
        let checked = keyway(&stage, "config check");
        assert_eq!(checked.code, Some(1), "{}", checked.said());
        assert!(
            checked.stdout.contains("config.auto-without-label"),
            "{}",
            checked.stdout
        );
        let status = keyway(&stage, "status --offline");
        assert!(
            status.stdout.contains("serves    nothing: `auto`"),
            "{}",
            status.stdout
        );
    }
}

#[test]
fn a_renewal_is_asked_for_as_azure_writes_it() {
    let stage = Stage::new();
    let label = "--leaf-domain-label contoso --region west --zone cloudapp.example";
    done(&stage, &format!("enable {label}"));
    let told = keyway(&stage, "update --ssl-renew False").stderr;
    assert!(!text(&stage).contains("renew = true"), "{told}");
    for flag in ["--ssl-renew True", "--ssl-renew", "--ssl-renew=true"] {
        done(&stage, &format!("enable {label}"));
        done(&stage, &format!("update {flag}"));
        assert!(text(&stage).contains("renew = true"), "{flag}");
    }
    let run = keyway(&stage, "update --ssl-renew maybe");
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("True or False"), "{}", run.stderr);
}

#[test]
fn cas_of_clients_that_are_missing_or_none_are_told_by_a_check() {
    let stage = Stage::new();
    enabled(&stage);
    let good = text(&stage);
    for (ca, words) in [
        ("nofile.pem", "nofile.pem"),
        ("key.pem", "no certificate is in it"),
    ] {
        let client = format!("[tls]\nclient = {{ mode = \"required\", ca = \"{ca}\" }}");
        stage.write("keyway.toml", &good.replace("[tls]", &client));
        let run = keyway(&stage, &format!("config check {}", trust()));
        assert_eq!(run.code, Some(2), "{}", run.said());
        assert!(run.stderr.contains(words), "{}", run.stderr);
    }
    let client = "[tls]\nclient = { mode = \"required\", ca = \"root.pem\" }";
    stage.write("keyway.toml", &good.replace("[tls]", client));
    done(&stage, &format!("config check {}", trust()));
}
