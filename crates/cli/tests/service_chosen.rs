//! A change of a file with several certificates is about the one that is meant, and says what it takes along.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

mod stage;

use std::fs;

use keyway_testkit::{Chain, DAY, Draft, Extension, GeneralName, NOW, Name};
use stage::service::{done, keyway, text, trust};
use stage::{Run, Stage};

/// What was said, on one line.
fn said(run: &Run) -> String {
    run.said().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A certificate for this name alone.
fn named(leaf: Draft, name: &str) -> Draft {
    let mut names = Extension::subject_alt_name(&[GeneralName::dns(name)]);
    names.critical = true;
    leaf.subject(Name::empty()).extension(names)
}

/// A certificate for a name and its key, beside the others.
fn certificate(stage: &Stage, file: &str, name: &str) {
    let chain = Chain::with_leaf(|leaf| named(leaf, name));
    stage.write(&format!("{file}.pem"), &chain.fullchain_pem());
    stage.write(&format!("{file}.key"), &chain.key_pem());
}

const SEVERAL: &str = "host = \"a.example.com\"\nupstream = \"http://127.0.0.1:1\"\n\n[tls]\ncertificate = \"a.pem\"\nkey = \"a.key\"\n\n\
    [[tls.certificates]]\nhost = [\"b.example.com\", \"B2.example.com\"]\ncertificate = \"b.pem\"\nkey = \"b.key\" # b's\n\n\
    [[tls.certificates]]\nhost = \"c.example.com\"\ncertificate = \"c.pem\"\nkey = \"c.key\"\n";

fn several() -> Stage {
    let stage = Stage::new();
    for name in ["a", "b", "c", "new"] {
        let host = if name == "b" || name == "new" {
            "*"
        } else {
            name
        };
        certificate(&stage, name, &format!("{host}.example.com"));
    }
    stage.write("keyway.toml", SEVERAL);
    stage
}

#[test]
fn the_hosts_that_are_given_say_whose_certificate_is_changed() {
    let stage = several();
    let own = "--cert new.pem --key new.key";
    for (host, before, now) in [
        ("--host b2.example.com", "b", "new"),
        ("--host B2.Example.com.", "b", "new"),
        ("--host b.example.com --host b2.example.com", "b", "new"),
        ("--host c.example.com", "c", "new"),
        ("--host a.example.com", "a", "new"),
    ] {
        stage.write("keyway.toml", SEVERAL);
        let run = done(&stage, &format!("update {host} {own} {}", trust()));
        let wanted = SEVERAL
            .replace(&format!("\"{before}.pem\""), &format!("\"{now}.pem\""))
            .replace(&format!("\"{before}.key\""), &format!("\"{now}.key\""));
        // What the service has is enabled, what it has beside that stays.
        let changed = match host {
            "--host a.example.com" => text(&stage).replace("status = \"enabled\"\n", ""),
            _ => text(&stage),
        };
        assert_eq!(changed, wanted, "{host}");
        assert!(!said(&run).contains("no longer its name"), "{}", run.said());
    }
    // What clients notice is told of that one.
    let soon = Chain::with_leaf(|leaf| named(leaf, "c.example.com").not_after(NOW + 10 * DAY));
    stage.write("soon.pem", &soon.fullchain_pem());
    stage.write("soon.key", &soon.key_pem());
    stage.write("keyway.toml", SEVERAL);
    let soon = "enable --host c.example.com --cert soon.pem --key soon.key";
    let told = said(&done(&stage, &format!("{soon} {}", trust())));
    assert!(
        told.contains("it ends before the one that it replaces"),
        "{told}"
    );
}

#[test]
fn hosts_of_no_certificate_or_of_several_are_refused_with_those_that_there_are() {
    let stage = several();
    let lists = "(`a.example.com` or `b.example.com`, `B2.example.com` or `c.example.com`)";
    for (host, which) in [
        (
            "--host d.example.com",
            "none of its certificates is for d.example.com:",
        ),
        (
            "--host a.example.com --host c.example.com",
            "none of its certificates is for a.example.com, c.example.com:",
        ),
    ] {
        let run = keyway(
            &stage,
            &format!("update {host} --cert new.pem --key new.key {}", trust()),
        );
        assert_eq!(run.code, Some(2), "{}", run.said());
        let told = said(&run);
        assert!(told.contains(which) && told.contains(lists), "{told}");
        assert_eq!(text(&stage), SEVERAL);
    }
    let twice = SEVERAL.replace("\"c.example.com\"", "\"b.example.com\"");
    stage.write("keyway.toml", &twice);
    let run = keyway(
        &stage,
        &format!(
            "update --host b.example.com --cert new.pem --key new.key {}",
            trust()
        ),
    );
    assert_eq!(run.code, Some(2), "{}", run.said());
    assert!(said(&run).contains("more than one of its certificates is for b.example.com:"));
    // A certificate that is not for its hosts is refused as ever.
    stage.write("keyway.toml", SEVERAL);
    let run = keyway(
        &stage,
        &format!(
            "update --host c.example.com --cert a.pem --key a.key {}",
            trust()
        ),
    );
    assert_eq!(run.code, Some(1), "{}", run.said());
    assert_eq!(text(&stage), SEVERAL);
}

#[test]
fn comments_that_go_with_what_is_taken_out_are_said() {
    let stage = several();
    let given = "host = \"a.example.com\"\n\n[tls]\n# ours\nleaf_domain_label = \"contoso\" # it stands\nzone = \"w.example.test\"\n";
    stage.write("keyway.toml", given);
    let own = "--cert a.pem --key a.key --host a.example.com";
    let dry = done(&stage, &format!("enable {own} --dry-run {}", trust()));
    let told = said(&dry);
    assert!(
        told.contains("comments that would go with what they stand beside: `# it stands`"),
        "{told}"
    );
    assert_eq!(text(&stage), given);
    let told = said(&done(&stage, &format!("enable {own} {}", trust())));
    let wanted = "comments that went with what they stood beside: `# it stands`; keyway.toml.previous has them";
    assert!(told.contains(wanted), "{told}");
    assert!(text(&stage).contains("# ours\n"), "{}", text(&stage));
    let previous = fs::read_to_string(stage.path().join("keyway.toml.previous")).unwrap();
    assert_eq!(previous, given);
    // Nothing goes where a value alone is another.
    let told = said(&done(
        &stage,
        &format!("update --cert new.pem --key new.key {}", trust()),
    ));
    assert!(!told.contains("comments"), "{told}");
}

#[test]
fn a_file_of_json_stays_as_it_is_written() {
    let stage = several();
    let given = "{\n    \"host\": [\"a.example.com\"],\n    \"tls\": {\"certificate\": \"a.pem\",\n            \"key\": \"a.key\"}\n}\n";
    let path = stage.write("keyway.json", given);
    done(
        &stage,
        &format!(
            "update keyway.json --cert new.pem --key new.key {}",
            trust()
        ),
    );
    let wanted = given.replace("\"a.pem\"", "\"new.pem\"").replace(
        "\"a.key\"",
        "\"new.key\",\n            \"status\": \"enabled\"",
    );
    assert_eq!(fs::read_to_string(path).unwrap(), wanted);
}

#[test]
fn a_certificate_without_hosts_is_chosen_by_the_names_in_it() {
    let stage = several();
    let without = SEVERAL.replace("host = \"c.example.com\"\n", "");
    stage.write("keyway.toml", &without);
    certificate(&stage, "renewed", "c.example.com");
    let change = "update --cert renewed.pem --key renewed.key";
    done(
        &stage,
        &format!("{change} --host c.example.com {}", trust()),
    );
    let expected = without.replace("c.pem", "renewed.pem");
    assert_eq!(text(&stage), expected.replace("c.key", "renewed.key"));
    let run = keyway(
        &stage,
        &format!("{change} --host d.example.com {}", trust()),
    );
    assert_eq!(run.code, Some(2), "{}", run.said());
    assert!(
        said(&run).contains("none of its certificates is for d.example.com"),
        "{}",
        run.said()
    );
}

#[test]
fn a_folder_in_the_place_of_the_version_before_is_called_by_its_name() {
    let stage = several();
    fs::create_dir(stage.path().join("keyway.toml.previous")).unwrap();
    let run = keyway(&stage, "disable");
    assert_eq!(
        (run.code, text(&stage).as_str()),
        (Some(2), SEVERAL),
        "{}",
        run.said()
    );
    assert!(
        run.stderr.contains("keyway.toml.previous: Is a directory"),
        "{}",
        run.said()
    );
}

#[test]
fn a_host_that_stands_in_a_certificate_alone_is_not_lost_with_it() {
    let stage = several();
    let open = SEVERAL.replace("host = \"c.example.com\"\n", "");
    stage.write("keyway.toml", &open);
    let change = |cert: &str| {
        format!(
            "update --host c.example.com --cert {cert}.pem --key {cert}.key {}",
            trust()
        )
    };
    let run = keyway(&stage, &change("a"));
    assert_eq!(run.code, Some(2), "{}", run.said());
    let told = "is not for c.example.com, and `tls.certificates[1]` says no `host`";
    assert!(said(&run).contains(told), "{}", run.said());
    assert_eq!(text(&stage), open);
    // A wildcard is for it.
    done(&stage, &change("new"));
    assert_eq!(
        text(&stage),
        open.replace("c.pem", "new.pem").replace("c.key", "new.key")
    );
}

#[test]
fn of_two_certificates_for_one_host_that_of_the_same_kind_of_key_is_renewed() {
    let stage = Stage::new();
    let chains = [
        ("ec", Chain::good()),
        ("rsa", Chain::rsa()),
        ("ec-new", Chain::good()),
        ("rsa-new", Chain::rsa()),
    ];
    for (file, chain) in chains {
        stage.write(&format!("{file}.pem"), &chain.fullchain_pem());
        stage.write(&format!("{file}.key"), &chain.key_pem());
    }
    let roots = [Chain::good(), Chain::rsa()].map(|chain| chain.root_pem());
    stage.write("root.pem", &roots.concat());
    let both = "host = \"www.example.com\"\nupstream = \"http://127.0.0.1:1\"\n\n[tls]\ncertificate = \"ec.pem\"\nkey = \
                \"ec.key\"\n\n[[tls.certificates]]\nhost = \"www.example.com\"\ncertificate = \"rsa.pem\"\nkey = \"rsa.key\"\n";
    for host in ["", "--host www.example.com "] {
        for kind in ["ec", "rsa"] {
            stage.write("keyway.toml", both);
            let files = format!("--cert {kind}-new.pem --key {kind}-new.key");
            done(&stage, &format!("update {host}{files} {}", trust()));
            let wanted = both
                .replace(&format!("\"{kind}.pem\""), &format!("\"{kind}-new.pem\""))
                .replace(&format!("\"{kind}.key\""), &format!("\"{kind}-new.key\""));
            let changed = text(&stage).replace("status = \"enabled\"\n", "");
            assert_eq!(changed, wanted, "{host}{kind}");
        }
    }
}
