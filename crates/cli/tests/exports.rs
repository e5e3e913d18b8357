//! A service file in other tools' forms, and what they and editors make of it.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

mod stage;

use std::fs;

use stage::service::{done, enabled, keyway, text, trust};
use stage::{Run, Stage};

const MANAGED: &str = "host = \"contosoab12cd.west.cloudapp.example\"\n\
    upstream = \"http://score.models.svc:5001\"\n\
    [tls]\nstatus = \"auto\"\nleaf_domain_label = \"contoso\"\nregion = \"west\"\nzone = \"cloudapp.example\"\n";

#[test]
fn an_export_of_a_file_with_errors_says_them_and_is_no_success() {
    let stage = Stage::new();
    let service = "host = \"www.example.com\"\nupstrem = \"http://127.0.0.1:5001\"\n";
    stage.write("keyway.toml", service);
    let run = keyway(&stage, "config export --to nginx");
    assert_eq!(run.code, Some(1));
    assert!(run.stdout.contains("server_name www.example.com;"));
    assert!(
        run.stderr.contains("Did you mean `upstream`?"),
        "{}",
        run.stderr
    );
}

#[test]
fn what_is_exported_is_imported_again_save_what_was_told_to_be_lost() {
    let stage = Stage::new();
    enabled(&stage);
    for form in ["azure-cli", "azure-json", "azure-python"] {
        let exported = done(&stage, &format!("config export --to {form}"));
        stage.write("form.txt", &exported.stdout);
        let imported = done(&stage, &format!("config import form.txt --from {form}"));
        assert!(
            imported.stdout.contains("host = \"www.example.com\""),
            "{}",
            imported.stdout
        );
        assert!(
            imported.stdout.contains("status = \"enabled\""),
            "{}",
            imported.stdout
        );
    }
    let run = keyway(&stage, "config import root.pem --from azure-json");
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("root.pem:1: "), "{}", run.stderr);
}

#[test]
fn a_unit_of_a_managed_certificate_waits_for_the_first_and_goes_on_trying() {
    let stage = Stage::new();
    stage.write("keyway.toml", MANAGED);
    let unit = keyway(&stage, "config export --to systemd").stdout;
    for line in [
        "StartLimitIntervalSec=0\n",
        "RestartSec=5\n",
        "TimeoutStartSec=1200\n",
    ] {
        assert!(unit.contains(line), "{line}: {unit}");
    }
}

#[test]
fn every_form_is_exported_and_those_that_are_read_are_imported() {
    let stage = Stage::new();
    enabled(&stage);
    for (form, word, is_read) in [
        ("kubernetes-secret", "type: kubernetes.io/tls", true),
        ("kubernetes-ingress", "host: www.example.com", true),
        (
            "gateway --class internal",
            "gatewayClassName: internal",
            false,
        ),
        ("cert-manager", "- www.example.com", false),
        (
            &*format!("kubernetes-deployment --replicas 7 {}", trust()),
            "replicas: 7",
            false,
        ),
        ("nginx", "server_name www.example.com;", true),
        ("haproxy", "bind [::]:443", true),
        ("caddy", "https://www.example.com:443", false),
        (&*format!("systemd {}", trust()), "keyway.toml\"", false),
    ] {
        let exported = done(&stage, &format!("config export --to {form}"));
        assert!(
            exported.stdout.contains(word),
            "{form}: {}",
            exported.stdout
        );
        if is_read {
            stage.write("form.txt", &exported.stdout);
            let imported = done(&stage, &format!("config import form.txt --from {form}"));
            assert!(
                imported.stdout.contains("[tls]"),
                "{form}: {}",
                imported.stdout
            );
        }
    }
    // Who has nothing to wait for is started again at once.
    let unit = done(&stage, &format!("config export --to systemd {}", trust())).stdout;
    assert!(
        !unit.contains("TimeoutStartSec") && unit.contains("RestartSec=1\n"),
        "{unit}"
    );
    let told = done(&stage, "config export --to haproxy").stderr;
    assert!(
        told.contains("`tls.key` is said elsewhere than in haproxy"),
        "{told}"
    );
    assert!(told.contains("fullchain.pem.key: put it there"), "{told}");
    let none = keyway(
        &stage,
        "config export --to kubernetes-deployment --replicas 0",
    );
    assert_eq!(none.code, Some(2));
}

#[test]
fn the_schema_takes_good_files_and_refuses_bad_ones() {
    let stage = Stage::new();
    let schema = done(&stage, "config schema").json();
    let secret = &schema["$defs"]["Secret"]["properties"];
    for place in ["file", "env", "command"] {
        assert!(secret[place]["description"].is_string(), "{secret}");
    }
    let validator = jsonschema::validator_for(&schema).unwrap();
    for (file, is_good) in [
        (
            r#"{"host": "a.example.com", "tls": {"certificate": "a", "key": "b"}}"#,
            true,
        ),
        (
            r#"{"host": ["a.example.com"], "tls": {"min_version": "1.2", "hsts": {"max_age": 1}}}"#,
            true,
        ),
        (r#"{"tls": {"password": {"env": "P"}}}"#, true),
        (
            r#"{"ssl_cname": "a.example", "ssl_enabled": true, "ssl_cert_file": "a"}"#,
            true,
        ),
        (
            r#"{"ssl": {"cert_pem_file": "a", "key_pem_file": "b", "ssl_renew": true}}"#,
            true,
        ),
        (r#"{"tls": {"issuer": "letsencrypt-staging"}}"#, true),
        (
            r#"{"tls": {"issuer": "https://acme.example.com/directory"}}"#,
            true,
        ),
        (r#"{"tls": {"issuer": "letsencript"}}"#, false),
        (r#"{"tls": {"issuer": "htp:/foo"}}"#, false),
        (
            r#"{"dns": {"tsig": {"name": "k", "algorithm": "hmac-md5", "secret": {"env": "K"}}}}"#,
            false,
        ),
        (r#"{"ssl_cname": 3}"#, false),
        (r#"{"ssl_cnam": "a.example"}"#, false),
        (r#"{"tls": {"password": "p"}}"#, false),
        (r#"{"upstrem": "x"}"#, false),
        (r#"{"tls": {"status": "on"}}"#, false),
        (r#"{"tls": {"min_version": "1.1"}}"#, false),
    ] {
        let value = serde_json::from_str(file).unwrap();
        assert_eq!(validator.is_valid(&value), is_good, "{file}");
    }
}

fn refused(stage: &Stage, form: &str) -> Run {
    let run = keyway(stage, &format!("config export --to {form}"));
    assert_eq!(run.code, Some(2), "{form}: {}", run.said());
    assert_eq!(run.stdout, "", "{form}");
    run
}

#[test]
fn a_managed_service_stays_behind_tls_or_is_refused_in_every_form() {
    let stage = Stage::new();
    stage.write("keyway.toml", MANAGED);
    for form in ["nginx", "haproxy", "caddy", "kubernetes-secret"] {
        let told = refused(&stage, form).stderr;
        assert!(told.contains("`tls.status` is auto"), "{form}: {told}");
    }
    let told = refused(&stage, "azure-container").stderr;
    assert!(told.contains("azure-cluster"), "{told}");
    let deployment = done(&stage, "config export --to kubernetes-deployment").stdout;
    assert!(deployment.contains("containerPort: 443"), "{deployment}");
    assert!(!deployment.contains("plain-80"), "{deployment}");
    assert!(
        deployment.contains("/etc/keyway/tls/tls.crt"),
        "{deployment}"
    );
    assert!(deployment.contains("secretName: contosoab12cd-west-cloudapp-example-tls"));
    for form in ["kubernetes-ingress", "gateway", "cert-manager"] {
        let text = done(&stage, &format!("config export --to {form}")).stdout;
        assert!(
            text.contains("contosoab12cd-west-cloudapp-example-tls"),
            "{form}: {text}"
        );
    }
    let nameless = MANAGED.split_once('\n').unwrap().1;
    stage.write("keyway.toml", nameless);
    refused(&stage, "cert-manager");
    refused(&stage, "kubernetes-deployment");
}

#[test]
fn a_server_that_could_be_given_no_certificate_is_not_written() {
    let stage = Stage::new();
    for tls in [
        "status = \"enabled\"",
        "certificate = \"a{b\\nc}.pem\"\nkey = \"k.pem\"",
        "certificate = \"c.pem\"\nkey = \"\"\"-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----\n\"\"\"",
    ] {
        stage.write(
            "keyway.toml",
            &format!("host = \"www.example.com\"\n[tls]\n{tls}\n"),
        );
        for form in ["nginx", "haproxy", "caddy"] {
            let told = refused(&stage, form).stderr;
            assert!(told.contains("can be given no certificate"), "{told}");
        }
    }
}

#[test]
fn a_key_in_the_file_of_the_certificate_stays_out_of_what_is_public() {
    let stage = Stage::new();
    enabled(&stage);
    let read = |name: &str| fs::read_to_string(stage.path().join(name)).unwrap();
    let (chain, key) = (read("fullchain.pem"), read("key.pem"));
    stage.write("fullchain.pem", &(key.clone() + &chain));
    let run = done(&stage, "config export --to azure-json");
    assert!(
        run.stderr
            .contains("a private key stands in the file of the certificate")
    );
    let cert = run.json()["cert"].as_str().unwrap().to_owned();
    assert!(!cert.contains("PRIVATE"), "{cert}");
    assert_eq!(cert.trim(), chain.trim());
    let run = done(&stage, "config export --to kubernetes-secret");
    let imported = {
        stage.write("secret.yaml", &run.stdout);
        done(&stage, "config import secret.yaml --from kubernetes-secret").stdout
    };
    assert_eq!(
        imported.matches("PRIVATE KEY-----").count(),
        2,
        "begin and end"
    );
}

#[test]
fn files_that_are_missing_wrong_or_locked_are_no_secret() {
    let stage = Stage::new();
    enabled(&stage);
    let good = text(&stage);
    for (from, to, words) in [
        ("fullchain.pem", "nofile", "nofile"),
        ("key.pem", "nofile", "nofile"),
        ("key.pem", "root.pem", "no private key is in it"),
        ("fullchain.pem", "key.pem", "no certificate is in it"),
    ] {
        stage.write("keyway.toml", &good.replace(from, to));
        for form in ["kubernetes-secret", "azure-json"] {
            let told = refused(&stage, form).stderr;
            assert!(told.contains(words), "{told}");
        }
    }
    stage.write(
        "keyway.toml",
        &good.replace(
            "[tls]",
            "[tls]\nclient = { mode = \"required\", ca = \"nofile\" }",
        ),
    );
    assert!(
        refused(&stage, "kubernetes-secret")
            .stderr
            .contains("`tls.client.ca` could not be read")
    );
    stage.write("keyway.toml", &good.replace("key.pem", "nofile"));
    let run = done(&stage, "config export --to nginx");
    assert!(
        run.stderr.contains("nofile cannot be read here"),
        "{}",
        run.stderr
    );
    stage.write("keyway.toml", &good);
    stage.write(
        "key.pem",
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAA==\n-----END ENCRYPTED PRIVATE KEY-----\n",
    );
    for form in [
        "kubernetes-secret",
        "azure-json",
        "azure-cli",
        "haproxy",
        "caddy",
        "nginx",
    ] {
        let told = refused(&stage, form).stderr;
        assert!(told.contains("is encrypted"), "{form}: {told}");
    }
}

#[test]
fn a_key_of_another_certificate_is_told_and_is_no_success() {
    let stage = Stage::new();
    enabled(&stage);
    let written = text(&stage);
    stage.write("keyway.toml", &written.replace("key.pem", "other-key.pem"));
    for form in ["kubernetes-secret", "azure-json", "nginx", "azure-cli"] {
        let run = keyway(&stage, &format!("config export --to {form}"));
        assert_eq!(run.code, Some(1), "{form}: {}", run.said());
        assert!(run.stderr.contains("does not belong to"), "{}", run.stderr);
    }
}

#[test]
fn paths_are_written_in_full_from_the_folder_of_the_service_file() {
    let stage = Stage::new();
    stage.write(
        "etc/keyway.toml",
        "host = \"www.example.com\"\nupstream = \"http://127.0.0.1:5001\"\n\
         [tls]\ncertificate = \"tls/c.pem\"\nkey = \"/srv/k.pem\"\n",
    );
    let full = stage.path().join("etc/tls/c.pem");
    for form in [
        "nginx",
        "haproxy",
        "caddy",
        "azure-cli",
        "azure-cluster",
        "azure-container",
        "azure-python",
    ] {
        let run = keyway(
            &stage,
            &format!("config export etc/keyway.toml --to {form}"),
        );
        assert!(
            run.stdout.contains(&*full.to_string_lossy()),
            "{form}: {}",
            run.said()
        );
        assert!(
            run.stderr.contains("paths are written in full"),
            "{}",
            run.stderr
        );
        assert!(!run.stdout.contains("etc//srv"), "{}", run.stdout);
    }
}

#[test]
fn pods_listen_on_all_addresses() {
    let stage = Stage::new();
    enabled(&stage);
    let listen = "listen = [\"127.0.0.1:9443\", \"192.0.2.1:9443\"]\n";
    stage.write("keyway.toml", &(listen.to_owned() + &text(&stage)));
    let run = done(
        &stage,
        &format!("config export --to kubernetes-deployment {}", trust()),
    );
    assert!(
        run.stdout.contains("listen = \"[::]:9443\""),
        "{}",
        run.stdout
    );
    assert!(
        run.stderr.contains("pods listen on all addresses"),
        "{}",
        run.stderr
    );
}

#[test]
fn what_becomes_of_a_field_is_told_with_the_part_the_place_or_the_advice() {
    let stage = Stage::new();
    enabled(&stage);
    let two = text(&stage).replace(
        "\"www.example.com\"",
        "[\"www.example.com\", \"b.example.com\"]",
    );
    stage.write("keyway.toml", &two);
    for (form, words) in [
        (
            "azure-json",
            "`host` is only partly said in azure-json: it takes one name, and these are left out: b.example.com.",
        ),
        (
            "kubernetes-ingress",
            "`tls.key` is said elsewhere than in kubernetes-ingress: in the Secrets",
        ),
        (
            "nginx",
            "`tls.profile (X25519MLKEM768)` is only partly said in nginx: `keyway config export --post-quantum`",
        ),
        ("haproxy", "put it there"),
    ] {
        let told = done(&stage, &format!("config export --to {form}")).stderr;
        assert!(told.contains(words), "{form}: {told}");
    }
}

#[test]
fn what_is_exported_to_serve_judges_by_the_roots_that_were_named() {
    let stage = Stage::new();
    enabled(&stage);
    let file = format!("{}/root.pem", stage.path().display());
    let [root, key] =
        ["root.pem", "key.pem"].map(|name| fs::read_to_string(stage.path().join(name)).unwrap());
    // The key of a CA that lies beside its certificate goes nowhere.
    stage.write("root.pem", &(root.clone() + &key));
    let trust = trust() + " --profile private";
    let run = done(&stage, &format!("config export --to systemd {trust}"));
    let told = format!(" --roots \"{file}\" --profile \"private\"\n");
    assert!(run.stdout.contains(&told), "{}", run.said());
    let to_pods = format!("config export --to kubernetes-deployment --roots mozilla {trust}");
    let run = done(&stage, &to_pods);
    let arguments = [
        "\"--roots\"",
        "mozilla",
        "\"--roots\"",
        "\"/etc/keyway/service/roots.pem\"",
        "\"--profile\"",
        "private",
    ];
    let told: String = arguments.map(|it| format!("            - {it}\n")).concat();
    assert!(run.stdout.contains(&told), "{}", run.said());
    assert!(run.stdout.contains("  roots.pem: |"), "{}", run.said());
    assert!(run.stdout.contains(root.lines().nth(1).unwrap()));
    assert!(!run.stdout.contains("PRIVATE KEY"), "{}", run.said());
    assert!(!run.stdout.contains(key.lines().nth(1).unwrap()));
    // Of a folder pods are given what can be trusted, each once.
    let folder = stage.path().join("roots");
    fs::create_dir(&folder).unwrap();
    for name in ["a.pem", "b.pem"] {
        fs::copy(stage.path().join("root.pem"), folder.join(name)).unwrap();
    }
    fs::copy(stage.path().join("fullchain.pem"), folder.join("c.pem")).unwrap();
    let to_pods = "config export --to kubernetes-deployment --profile private --roots roots";
    let run = done(&stage, to_pods);
    assert!(run.stdout.contains("  roots.pem: |"), "{}", run.said());
    let mine = root.lines().nth(1).unwrap();
    assert_eq!(run.stdout.matches(mine).count(), 1, "{}", run.said());
    // What is not there is of no use to anybody, nor is a folder without any.
    fs::create_dir(stage.path().join("none")).unwrap();
    stage.write("none/a.txt", "nothing");
    for wrong in [
        "kubernetes-deployment --roots ./none",
        "kubernetes-deployment --roots none.pem",
        "systemd --roots none.pem",
    ] {
        let run = keyway(&stage, &format!("config export --to {wrong}"));
        assert_eq!(run.code, Some(2), "{}", run.said());
    }
}

#[test]
fn an_export_says_that_what_it_starts_would_refuse_the_certificate() {
    let stage = Stage::new();
    enabled(&stage);
    let at = format!("--at @{}", keyway_testkit::NOW);
    for to in ["systemd", "kubernetes-deployment"] {
        let run = keyway(&stage, &format!("config export --to {to} {at}"));
        assert_eq!(run.code, Some(1), "{}", run.said());
        for told in ["would not start with", "chain.missing-intermediate"] {
            assert!(run.stderr.contains(told), "{}", run.said());
        }
        for option in ["--roots", "--profile"] {
            assert!(!run.stdout.contains(option), "{}", run.said());
        }
    }
    // Who serves otherwise is not asked.
    done(&stage, "config export --to nginx");
}

#[test]
fn an_export_says_what_is_not_known_to_be_good_where_nobody_is_trusted() {
    let stage = Stage::new();
    enabled(&stage);
    let run = keyway(&stage, "config export --to systemd --roots none");
    assert_eq!(run.code, Some(1), "{}", run.said());
    let told = "as they are given here: whether its chain is good is not known";
    assert!(run.stderr.contains(told), "{}", run.said());
}

#[test]
fn an_export_of_a_host_with_two_certificates_of_one_kind_is_no_success() {
    let stage = Stage::new();
    enabled(&stage);
    for (from, to) in [("fullchain.pem", "b.pem"), ("key.pem", "b.key")] {
        fs::copy(stage.path().join(from), stage.path().join(to)).unwrap();
    }
    let path = stage.path().join("keyway.toml");
    let text = fs::read_to_string(&path).unwrap();
    let other = "\n[[tls.certificates]]\nhost = \"www.example.com\"\ncertificate = \"b.pem\"\nkey = \"b.key\"\n";
    stage.write("keyway.toml", &(text + other));
    for to in ["nginx", "haproxy", "caddy", "systemd"] {
        let run = keyway(&stage, &format!("config export --to {to} {}", trust()));
        assert_eq!(run.code, Some(1), "{to}: {}", run.said());
        let is_told = run.stderr.contains("config.duplicate-host");
        assert!(is_told, "{to}: {}", run.said());
    }
}
