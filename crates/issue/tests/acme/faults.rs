//! What does not go well, and what is said then.

use keyway_issue::Identifier;
use keyway_issue::acme::challenge::Solving;
use keyway_issue::acme::{AcmeError, Challenge, Kind, Solver, Unsolved};
use keyway_testkit::pebble::Pebble;

use super::stage::Stage;
use super::ways::Records;

/// What the CA says that it saw for the one name.
fn unproven(error: AcmeError, by: Kind) -> (String, String) {
    let AcmeError::Unproven {
        challenge, refusal, ..
    } = error
    else {
        panic!("{error}");
    };
    let identifier = challenge.identifier.to_string();
    assert_eq!((identifier.as_str(), challenge.kind), ("a.example.com", by));
    (refusal.kind, refusal.detail)
}

#[test]
fn nobody_answers_at_port_80() {
    let stage = Stage::silent(&Pebble::default());
    let error = stage.obtain(&["a.example.com"]).unwrap_err();
    let (kind, detail) = unproven(error, Kind::Http01);
    assert_eq!(kind, "connection");
    assert!(detail.contains("refused"), "{detail}");
    assert_eq!(
        std::fs::read_dir(stage.answers.folder()).unwrap().count(),
        0
    );
}

#[test]
fn the_name_leads_elsewhere() {
    let stage = Stage::new();
    // An address of this machine that is nobody's.
    stage.pebble.lead("a.example.com", "127.255.255.1");
    let error = stage.obtain(&["a.example.com"]).unwrap_err();
    let (_, detail) = unproven(error, Kind::Http01);
    assert!(detail.contains("a.example.com"), "{detail}");
}

#[test]
fn the_name_server_fails() {
    let stage = Stage::new();
    stage
        .pebble
        .tell("set-servfail", r#"{"host": "a.example.com."}"#);
    let error = stage.obtain(&["a.example.com"]).unwrap_err();
    let (_, detail) = unproven(error, Kind::Http01);
    assert!(detail.contains("could not resolve"), "{detail}");
}

#[test]
fn a_record_that_is_not_there() {
    struct Nobody;
    impl Solver for Nobody {
        fn kind(&self) -> Kind {
            Kind::Dns01
        }
        fn can(&self, _: &Identifier) -> bool {
            true
        }
        fn present<'a>(&'a self, _: &'a [Challenge]) -> Solving<'a, Result<(), Unsolved>> {
            Box::pin(std::future::ready(Ok(())))
        }
        fn withdraw<'a>(&'a self, _: &'a [Challenge]) -> Solving<'a, ()> {
            Box::pin(std::future::ready(()))
        }
    }
    let stage = Stage::silent(&Pebble::default());
    let error = stage
        .obtain_by(&["a.example.com"], &[&Nobody], |_| {})
        .unwrap_err();
    let (kind, _) = unproven(error, Kind::Dns01);
    assert_eq!(kind, "unauthorized");
}

#[test]
fn a_wildcard_without_records_has_no_way() {
    let stage = Stage::new();
    let error = stage.obtain(&["*.example.com"]).unwrap_err();
    let AcmeError::NoWay {
        identifier,
        offered,
    } = error
    else {
        panic!("{error}");
    };
    assert_eq!(identifier.to_string(), "*.example.com");
    assert_eq!(offered, ["dns-01"]);
}

#[test]
fn what_cannot_be_shown_is_taken_away_and_said() {
    struct Fails<'a>(Records<'a>);
    impl Solver for Fails<'_> {
        fn kind(&self) -> Kind {
            Kind::Dns01
        }
        fn can(&self, identifier: &Identifier) -> bool {
            self.0.can(identifier)
        }
        fn present<'a>(&'a self, _: &'a [Challenge]) -> Solving<'a, Result<(), Unsolved>> {
            let refused = std::io::Error::other("REFUSED by 192.0.2.1");
            Box::pin(std::future::ready(Err(refused.into())))
        }
        fn withdraw<'a>(&'a self, challenges: &'a [Challenge]) -> Solving<'a, ()> {
            self.0.withdraw(challenges)
        }
    }
    let stage = Stage::silent(&Pebble::default());
    let fails = Fails(Records(&stage.pebble));
    let error = stage
        .obtain_by(&["*.example.com"], &[&fails], |_| {})
        .unwrap_err();
    let text = error.to_string();
    assert!(
        text.contains("*.example.com") && text.contains("REFUSED by 192.0.2.1"),
        "{text}"
    );
}

#[test]
fn who_answers_is_no_acme_server() {
    let stage = Stage::silent(&Pebble::default());
    let open = |url: String| {
        let mut directory = stage.directory();
        directory.url = url;
        let folder = stage.folder.path().join("account");
        let opened = keyway_issue::acme::Account::open(&directory, &folder, &[], None);
        stage.runtime.block_on(opened).err().unwrap()
    };
    // Pebble's answer to what it does not know is a text.
    let error = open(stage.pebble.directory().replace("/dir", "/nothing"));
    assert!(error.to_string().contains("404"), "{error}");
    let error = open(stage.pebble.directory().replace("https", "http"));
    assert!(error.to_string().contains("https"), "{error}");
}

#[test]
fn a_server_that_another_ca_vouches_for_is_told_nothing() {
    let stage = Stage::silent(&Pebble::default());
    let mut directory = stage.directory();
    directory.roots.clear();
    let folder = stage.folder.path().join("account");
    let opened = keyway_issue::acme::Account::open(&directory, &folder, &[], None);
    let error = stage.runtime.block_on(opened).err().unwrap();
    assert!(error.to_string().contains("UnknownIssuer"), "{error}");
    assert!(!error.is_passing());
}
