//! What `enable` and `update` change of a service file, what they leave alone, and what they refuse.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

mod stage;

use stage::service::{done, enabled, keyway, text, trust};
use stage::{Run, Stage};

const MANAGED: &str = "[tls]\nstatus = \"auto\"\nleaf_domain_label = \"contoso\"\nregion = \"west\"\n\
                       zone = \"w.example.test\"\n";

/// What was said, on one line.
fn said(run: &Run) -> String {
    run.said().split_whitespace().collect::<Vec<_>>().join(" ")
}

fn hosts(stage: &Stage) -> Vec<String> {
    let status = done(stage, "status --offline --format json").json();
    let hosts = status["hosts"].as_array().unwrap().iter();
    hosts
        .map(|host| host.as_str().unwrap().to_owned())
        .collect()
}

fn refused(stage: &Stage, arguments: &str, words: &str) {
    let before = text(stage);
    let run = keyway(stage, arguments);
    assert_eq!(run.code, Some(2), "{arguments}: {}", run.said());
    assert!(said(&run).contains(words), "{arguments}: {}", run.said());
    assert_eq!(text(stage), before, "{arguments}");
}

#[test]
fn an_update_of_a_disabled_service_leaves_it_disabled_and_says_so() {
    let stage = Stage::new();
    enabled(&stage);
    done(&stage, "disable");
    let own = "--cert with-key.pem --key key.pem";
    let run = done(&stage, &format!("update {own} {}", trust()));
    assert!(said(&run).contains("TLS stays disabled; `keyway enable` turns it on"));
    assert!(text(&stage).contains("certificate = \"with-key.pem\""));
    assert!(
        text(&stage).contains("status = \"disabled\""),
        "{}",
        text(&stage)
    );
    done(
        &stage,
        "update --leaf-domain-label contoso --zone w.example.test",
    );
    assert!(
        text(&stage).contains("status = \"disabled\""),
        "{}",
        text(&stage)
    );
    done(&stage, "enable");
    assert!(
        text(&stage).contains("status = \"auto\""),
        "{}",
        text(&stage)
    );
    // A service that never was behind TLS is not put there by an update either.
    stage.write("keyway.toml", "host = \"www.example.com\"\n");
    done(&stage, &format!("update {own} {}", trust()));
    assert!(
        text(&stage).contains("status = \"disabled\""),
        "{}",
        text(&stage)
    );
}

#[test]
fn who_goes_over_to_a_managed_certificate_is_told_that_servers_start_anew() {
    let stage = Stage::new();
    enabled(&stage);
    let managed = "update --leaf-domain-label contoso --zone w.example.test";
    for is_told in [true, false] {
        let run = done(&stage, managed);
        let words = said(&run).split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(words.contains("has to be started anew"), is_told, "{words}");
    }
}

#[test]
fn enable_makes_the_name_of_a_file_that_was_written_by_hand() {
    let stage = Stage::new();
    stage.write("keyway.toml", MANAGED);
    refused(
        &stage,
        "update --renew",
        "no name was made for keyway.toml yet",
    );
    done(&stage, "enable");
    let [name] = <[String; 1]>::try_from(hosts(&stage)).unwrap();
    assert!(
        name.starts_with("contoso") && name.ends_with(".west.w.example.test"),
        "{name}"
    );
    done(&stage, "enable");
    assert_eq!(hosts(&stage), [name.as_str()]);
    // What somebody wrote beside it stays.
    stage.write(
        "keyway.toml",
        &format!("host = \"www.example.com\"\n{MANAGED}"),
    );
    done(&stage, "enable");
    assert_eq!(hosts(&stage), [name.as_str(), "www.example.com"]);
}

#[test]
fn enable_overwrites_the_name_once_where_the_file_says_so() {
    let stage = Stage::new();
    stage.write("keyway.toml", MANAGED);
    done(&stage, "enable");
    let first = hosts(&stage);
    stage.write(
        "keyway.toml",
        &format!("{}overwrite_existing_domain = true\n", text(&stage)),
    );
    done(&stage, "enable");
    let second = hosts(&stage);
    assert_ne!(first, second);
    assert_eq!(second.len(), 1);
    assert!(!text(&stage).contains("overwrite"), "{}", text(&stage));
    done(&stage, "enable");
    assert_eq!(hosts(&stage), second);
}

#[test]
fn a_label_without_a_zone_or_with_a_fault_is_told_at_its_line() {
    let stage = Stage::new();
    for (tls, code) in [
        (
            "leaf_domain_label = \"contoso\"\n",
            "config.no-managed-zone",
        ),
        (
            "leaf_domain_label = \"9a\"\nzone = \"w.example.test\"\n",
            "config.label-invalid",
        ),
    ] {
        stage.write("keyway.toml", &format!("[tls]\n{tls}"));
        for command in ["enable", "update --renew"] {
            let run = keyway(&stage, command);
            let is_early = run.code == Some(2) && command == "update --renew";
            assert!(
                is_early || run.code == Some(1) && run.stdout.contains(code),
                "{command}: {}",
                run.said()
            );
        }
    }
}

#[test]
fn another_name_comes_only_where_it_is_asked_for() {
    let stage = Stage::new();
    done(
        &stage,
        "enable --leaf-domain-label contoso --region west --zone w.example.test",
    );
    let first = hosts(&stage);
    for other in [
        "enable --leaf-domain-label fabrikam",
        "update --leaf-domain-label fabrikam",
        "enable --leaf-domain-label contoso --region east",
        "enable --leaf-domain-label contoso --zone v.example.test",
        "enable --leaf-domain-label fabrikam --dry-run",
    ] {
        refused(
            &stage,
            other,
            "--overwrite-existing-domain makes another in its place",
        );
    }
    refused(
        &stage,
        "update --host www.example.com",
        "the name of this service is managed",
    );
    assert_eq!(hosts(&stage), first);
    // Also where the file was lost: the name is kept.
    std::fs::remove_file(stage.path().join("keyway.toml")).unwrap();
    let again = "enable --leaf-domain-label contoso --region west --zone w.example.test --dry-run";
    let told = said(&done(&stage, again));
    assert!(
        told.contains("the name that was kept for this file is taken again"),
        "{told}"
    );
    let run = keyway(
        &stage,
        "enable --leaf-domain-label fabrikam --zone w.example.test",
    );
    assert_eq!(run.code, Some(2), "{}", run.said());
    done(
        &stage,
        "enable --leaf-domain-label fabrikam --zone w.example.test --overwrite-existing-domain",
    );
    assert!(hosts(&stage)[0].starts_with("fabrikam"));
}

#[test]
fn the_name_of_another_service_is_no_label() {
    let stage = Stage::new();
    done(
        &stage,
        "enable other.toml --leaf-domain-label contoso --zone w.example.test",
    );
    let other = done(&stage, "status other.toml --offline --format json").json();
    let name = other["hosts"][0].as_str().unwrap().to_owned();
    let label = name.split('.').next().unwrap();
    let flags = format!("--leaf-domain-label {label} --zone w.example.test");
    let run = keyway(&stage, &format!("enable {flags}"));
    assert_eq!(run.code, Some(2), "{}", run.said());
    let words = format!("is the beginning of {name}, the name of another service here");
    assert!(said(&run).contains(&words), "{}", run.said());
    done(
        &stage,
        "enable --leaf-domain-label contoso --zone w.example.test",
    );
}

#[test]
fn two_services_never_have_one_name() {
    let stage = Stage::new();
    let path = |name: &str| stage.path().join(name);
    let label = "--leaf-domain-label contoso --zone w.example.test";
    done(&stage, &format!("enable {label}"));
    let first = hosts(&stage);
    // A file that was moved takes its name along, and the next one gets its own.
    std::fs::rename(path("keyway.toml"), path("prod.toml")).unwrap();
    let told = said(&done(&stage, &format!("enable {label}")));
    assert!(!told.contains("taken again"), "{told}");
    let second = hosts(&stage);
    assert_ne!(first, second);
    let prod = done(&stage, "status prod.toml --offline --format json").json();
    assert_eq!(prod["hosts"][0].as_str(), Some(first[0].as_str()));
    done(&stage, "enable prod.toml");
    let prod = done(&stage, "status prod.toml --offline --format json").json();
    assert_eq!(prod["hosts"][0].as_str(), Some(first[0].as_str()));
    // One that was copied is another service, and says so.
    std::fs::copy(path("keyway.toml"), path("copy.toml")).unwrap();
    let run = keyway(&stage, "enable copy.toml");
    assert_eq!(run.code, Some(2), "{}", run.said());
    let words = format!("{} is the name of another service here", second[0]);
    assert!(said(&run).contains(&words), "{}", run.said());
    done(&stage, "enable copy.toml --overwrite-existing-domain");
    let copy = done(&stage, "status copy.toml --offline --format json").json();
    assert_ne!(copy["hosts"][0].as_str(), Some(second[0].as_str()));
    done(&stage, "enable");
    assert_eq!(hosts(&stage), second);
}

#[test]
fn hosts_beside_a_managed_name_stay_and_those_of_an_own_certificate_are_told() {
    let stage = Stage::new();
    let label = "--leaf-domain-label contoso --zone w.example.test";
    stage.write("keyway.toml", "host = \"www.example.com\"\n");
    for flags in [
        label,
        label,
        "--leaf-domain-label fabrikam --overwrite-existing-domain",
    ] {
        done(&stage, &format!("enable {flags}"));
        assert_eq!(hosts(&stage).len(), 2, "{}", text(&stage));
        assert_eq!(hosts(&stage)[1], "www.example.com");
    }
    std::fs::remove_file(stage.path().join("keyway.toml")).unwrap();
    enabled(&stage);
    let told = said(&done(
        &stage,
        "enable --leaf-domain-label fabrikam --zone w.example.test",
    ));
    assert!(
        told.contains("no longer its name: www.example.com"),
        "{told}"
    );
    assert!(told.contains("write it into `host` again"), "{told}");
    assert_eq!(hosts(&stage).len(), 1, "{}", text(&stage));
}

#[test]
fn a_name_that_was_left_for_a_certificate_of_ones_own_is_said_to_have_been_the_name() {
    let stage = Stage::new();
    let label = |label: &str| format!("enable --leaf-domain-label {label} --zone w.example.test");
    done(&stage, &label("contoso"));
    let name = hosts(&stage)[0].clone();
    let refused = keyway(&stage, &label("fabrikam"));
    assert!(
        refused
            .stderr
            .contains(&format!("its name is {name}, and stays;")),
        "{}",
        refused.said()
    );
    enabled(&stage);
    let refused = keyway(&stage, &label("fabrikam"));
    assert_eq!(refused.code, Some(2), "{}", refused.said());
    assert!(
        refused
            .stderr
            .contains(&format!("its name was {name}, which is kept")),
        "{}",
        refused.said()
    );
    done(&stage, &label("contoso"));
    assert_eq!(hosts(&stage), [name]);
}

#[test]
fn a_renewal_that_is_asked_for_is_said_to_wait() {
    let stage = Stage::new();
    done(
        &stage,
        "enable --leaf-domain-label contoso --zone w.example.test",
    );
    for _ in 0..2 {
        let run = done(&stage, "update --renew");
        assert!(
            said(&run).contains("`keyway serve` follows it"),
            "{}",
            run.said()
        );
    }
}

#[test]
fn files_that_lie_where_others_lay_are_read_anew_and_told() {
    let stage = Stage::new();
    enabled(&stage);
    let before = text(&stage);
    let run = done(&stage, &format!("update {}", trust()));
    let told = said(&run);
    assert!(
        told.contains("anew: the key in key.pem belongs to it"),
        "{told}"
    );
    assert!(told.contains("it is for www.example.com"), "{told}");
    assert!(told.contains("until 2027-01-09; SHA-256 "), "{told}");
    let expired = std::fs::read_to_string(stage.path().join("expired.pem")).unwrap();
    stage.write("fullchain.pem", &expired);
    let run = keyway(&stage, &format!("update {}", trust()));
    assert_eq!(run.code, Some(1), "{}", run.said());
    assert!(run.stdout.contains("time.expired"), "{}", run.stdout);
    assert_eq!(text(&stage), before);
}

#[test]
fn a_field_that_is_not_understood_is_noted_where_the_file_is_shown() {
    let stage = Stage::new();
    stage.write(
        "keyway.toml",
        "host = \"a.example.com\"\n[tls]\npasswrd = \"opensesame\"\n",
    );
    let run = keyway(&stage, "config show");
    assert_eq!(run.code, Some(1), "{}", run.said());
    assert!(run.stdout.contains("a.example.com"), "{}", run.stdout);
    assert!(run.stderr.contains("passwrd"), "{}", run.stderr);
    assert!(
        run.stderr.contains("config.unknown-field"),
        "{}",
        run.stderr
    );
    assert!(!run.said().contains("opensesame"), "{}", run.said());
}

#[test]
fn names_from_elsewhere_are_counted_beside_a_change_and_listed_by_the_check() {
    let stage = Stage::new();
    let azure = "ssl_cname = \"www.example.com\"\nssl_cert_pem_file = \"fullchain.pem\"\n\
                 ssl_key_pem_file = \"key.pem\"\n";
    stage.write("keyway.toml", azure);
    let checked = done(&stage, &format!("config check {}", trust()));
    assert_eq!(checked.stdout.matches("config.alias").count(), 3);
    for command in [format!("update {}", trust()), "disable".to_owned()] {
        let run = done(&stage, &command);
        assert!(
            said(&run).contains("3 fields have a name from elsewhere"),
            "{}",
            run.said()
        );
        assert!(!run.stdout.contains("config.alias"), "{}", run.stdout);
    }
}

#[cfg(unix)]
#[test]
fn paths_in_a_file_that_is_named_by_a_link_count_from_the_folder_of_the_link() {
    let stage = Stage::new();
    let service =
        "host = \"www.example.com\"\n[tls]\ncertificate = \"fullchain.pem\"\nkey = \"key.pem\"\n";
    let there = stage.write("shared/service.toml", service);
    std::os::unix::fs::symlink(&there, stage.path().join("keyway.toml")).unwrap();
    done(&stage, &format!("config check {}", trust()));
    let run = keyway(&stage, "config check shared/service.toml");
    assert_eq!(run.code, Some(2), "{}", run.said());
    assert!(
        run.stderr.contains("shared/fullchain.pem"),
        "{}",
        run.stderr
    );
}

#[test]
fn what_a_killed_change_left_goes_with_the_next_even_where_that_changes_nothing() {
    let stage = Stage::new();
    enabled(&stage);
    done(&stage, "disable");
    let left = stage.path().join(".keyway-new-aB3dE6");
    for (arguments, code) in [
        ("disable", 0),
        ("update --cert missing.pem --key missing.pem", 2),
    ] {
        std::fs::write(&left, "key = \"secret\"\n").unwrap();
        let run = keyway(&stage, arguments);
        assert_eq!(run.code, Some(code), "{}", run.said());
        assert!(!left.exists(), "{arguments}");
    }
}
