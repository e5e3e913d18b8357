//! Roots from files: what can be trusted is, what cannot is said, and the run goes on.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

mod stage;

use keyway_testkit::{Certificate, Chain, Extension, NOW, Name};
use stage::{HOSTILE, Stage};

/// A root that says one thing twice, which rustls-webpki does not read.
fn unusable(subject: &str) -> Certificate {
    Certificate::root("x")
        .subject(Name::common(subject))
        .repeated_extension(Extension::basic_constraints(true, None))
        .build()
}

fn check(stage: &Stage, roots: &str) -> stage::Run {
    stage.run(&format!(
        "check fullchain.pem key.pem --host www.example.com --format json --at @{NOW} --roots {roots}"
    ))
}

#[test]
fn a_root_that_cannot_be_trusted_takes_nothing_from_the_others() {
    let stage = Stage::new();
    let good = Chain::good().root_pem();
    let bad = unusable(HOSTILE).pem();
    stage.write("roots.pem", &[bad.as_str(), &good].concat());
    stage.write("roots/bad.pem", &bad);
    stage.write("roots/good.pem", &good);
    for roots in ["roots.pem", "roots"] {
        let run = check(&stage, roots);
        assert_eq!(run.code, Some(0), "{roots}: {}", run.said());
        assert_eq!(run.json()["verdicts"]["accepted"], "yes", "{roots}");
        for words in ["evil", "cannot be a trust anchor", "it is not trusted"] {
            assert!(
                run.stderr.contains(words),
                "{roots} {words}: {}",
                run.stderr
            );
        }
        assert!(
            !run.stderr.contains(['\u{1b}', '\u{202e}']),
            "{}",
            run.stderr
        );
    }
}

#[test]
fn without_a_usable_root_the_chain_is_still_judged() {
    let stage = Stage::new();
    let bad: Vec<String> = (0..10)
        .map(|number| unusable(&format!("Root {number}")).pem())
        .collect();
    stage.write("roots.pem", &bad.concat());
    stage.write("roots/bad.pem", &bad[0]);
    for roots in ["roots.pem", "roots"] {
        let run = check(&stage, roots);
        assert_ne!(run.code, Some(2), "{roots}: {}", run.said());
        let verdicts = &run.json()["verdicts"];
        assert_eq!(verdicts["chains"], "unknown", "{roots}");
        assert_ne!(verdicts["accepted"], "yes", "{roots}");
        let words = "none of its certificates is trusted";
        assert!(run.stderr.contains(words), "{roots}: {}", run.stderr);
    }
    let said = check(&stage, "roots.pem").stderr;
    assert!(
        said.contains("Root 7") && !said.contains("Root 8"),
        "{said}"
    );
    assert!(said.contains("2 more certificates"), "{said}");
}

#[test]
fn roots_without_any_certificate_are_refused() {
    let stage = Stage::new();
    stage.write("keys/key.pem", &Chain::good().key_pem());
    for roots in ["key.pem", "keys", "page.html"] {
        let run = check(&stage, roots);
        assert_eq!(run.code, Some(2), "{roots}: {}", run.said());
        assert!(run.stdout.is_empty(), "{roots}");
    }
}

#[test]
fn nobody_and_somebody_are_not_trusted_together() {
    let stage = Stage::new();
    let chain = Chain::good();
    stage.write("fullchain.pem", &chain.fullchain_pem());
    stage.write("root.pem", &chain.root_pem());
    let run = stage.run("check fullchain.pem --roots none --roots root.pem");
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("--roots none"), "{}", run.stderr);
}

#[test]
fn a_limit_that_was_asked_for_is_no_clients() {
    let stage = Stage::new();
    let chain = Chain::good();
    stage.write("fullchain.pem", &chain.fullchain_pem());
    stage.write("root.pem", &chain.root_pem());
    let run = stage.run(&format!(
        "check fullchain.pem --roots root.pem --at @{NOW} --max-intermediates 1"
    ));
    assert_eq!(run.code, Some(1));
    assert!(
        run.stdout.starts_with("REFUSED  Refused by the limit"),
        "{}",
        run.stdout
    );
}
