//! What goes well.

use std::future::pending;
use std::net::SocketAddr;

use keyway_issue::acme::challenge::Solving;
use keyway_issue::acme::tls_alpn01::{self, Certificates};
use keyway_issue::acme::{
    Challenge, External, Kind, Patience, Progress, Reserved, Solver, Unsolved, Wanted, obtain,
};
use keyway_issue::{Identifier, acme::AcmeError};
use keyway_testkit::pebble::{Pebble, Running, TLS_PORT};
use rcgen::KeyPair;

use super::between::{Between, Reply, Turn};
use super::stage::{PATIENCE, Stage, certificates, identifiers, named, url_of, wanted};

/// Puts records into the name server that Pebble asks.
pub(crate) struct Records<'a>(pub(crate) &'a Running);

impl Solver for Records<'_> {
    fn kind(&self) -> Kind {
        Kind::Dns01
    }

    fn can(&self, identifier: &Identifier) -> bool {
        matches!(identifier, Identifier::Dns(_))
    }

    fn present<'a>(&'a self, challenges: &'a [Challenge]) -> Solving<'a, Result<(), Unsolved>> {
        for challenge in challenges {
            let (name, value) = (challenge.txt_name().unwrap(), challenge.txt());
            let json = format!("{{\"host\": \"{name}.\", \"value\": \"{value}\"}}");
            self.0.tell("set-txt", &json);
        }
        Box::pin(std::future::ready(Ok(())))
    }

    fn withdraw<'a>(&'a self, challenges: &'a [Challenge]) -> Solving<'a, ()> {
        for challenge in challenges {
            let name = challenge.txt_name().unwrap();
            self.0
                .tell("clear-txt", &format!("{{\"host\": \"{name}.\"}}"));
        }
        Box::pin(std::future::ready(()))
    }
}

#[test]
fn one_name_by_http() {
    let stage = Stage::new();
    let issued = stage.obtain(&["a.example.com"]).unwrap();
    assert_eq!(named(&issued), ["a.example.com"]);
    // Nothing of what was shown is left.
    let left = std::fs::read_dir(stage.answers.folder()).unwrap();
    assert_eq!(left.count(), 0);
}

#[test]
fn three_names_though_half_of_the_nonces_are_refused() {
    let stage = Stage::with(&Pebble::default().refusing_nonces(50));
    let hosts = ["a.example.com", "b.example.com", "c.example.com"];
    assert_eq!(named(&stage.obtain(&hosts).unwrap()), hosts);
}

#[test]
fn a_wildcard_and_the_name_above_it_by_records() {
    let stage = Stage::silent(&Pebble::default());
    let records = Records(&stage.pebble);
    let hosts = ["*.example.com", "example.com"];
    let issued = stage.obtain_by(&hosts, &[&records], |_| {}).unwrap();
    assert_eq!(named(&issued), hosts);
}

#[test]
fn each_name_is_shown_in_a_way_that_can_be_gone_for_it() {
    let stage = Stage::new();
    let records = Records(&stage.pebble);
    let hosts = ["*.example.com", "www.example.net"];
    let issued = stage.obtain_by(&hosts, &[&stage.answers, &records], |_| {});
    assert_eq!(named(&issued.unwrap()), hosts);
}

#[test]
fn a_name_by_tls() {
    let stage = Stage::silent(&Pebble::default());
    let certificates = Certificates::default();
    let at = SocketAddr::from((stage.pebble.ip, TLS_PORT));
    let entered = stage.runtime.enter();
    let listener = tls_alpn01::Listener::start(&[at], &Reserved::default(), &certificates).unwrap();
    let issued = stage.obtain_by(&["a.example.com"], &[&certificates], |_| {});
    assert_eq!(named(&issued.unwrap()), ["a.example.com"]);
    drop((listener, entered));
}

#[test]
fn an_address_by_http_and_by_tls() {
    let stage = Stage::new();
    let host = stage.pebble.ip.to_string();
    let bytes = format!("{:?}", stage.pebble.ip.octets());
    assert_eq!(named(&stage.obtain(&[&host]).unwrap()), [bytes.as_str()]);
    let certificates = Certificates::default();
    let at = SocketAddr::from((stage.pebble.ip, TLS_PORT));
    let entered = stage.runtime.enter();
    let listener = tls_alpn01::Listener::start(&[at], &Reserved::default(), &certificates).unwrap();
    let issued = stage.obtain_by(&[&host], &[&certificates], |_| {});
    assert_eq!(named(&issued.unwrap()), [bytes.as_str()]);
    drop((listener, entered));
}

#[test]
fn what_the_ca_has_seen_lately_is_not_shown_again() {
    let stage = Stage::with(&Pebble::default().reusing_authorizations(100));
    stage.obtain(&["a.example.com"]).unwrap();
    let issued = stage.obtain_by(&["a.example.com"], &[], |_| {}).unwrap();
    assert_eq!(named(&issued), ["a.example.com"]);
}

#[test]
fn a_long_chain_comes_whole() {
    let stage = Stage::with(&Pebble::default().chain_of(4));
    let issued = stage.obtain(&["a.example.com"]).unwrap();
    assert_eq!(certificates(&issued).len(), 5);
}

#[test]
fn the_chain_that_is_asked_for_comes_and_else_the_first() {
    let stage = Stage::with(&Pebble::default().alternates(2).chain_of(2));
    let root = stage.pebble.issuing_root(1);
    let root = keyway_issue::acme::Issued {
        chain: root,
        is_as_wished: true,
    };
    let name = certificates(&root)[0].subject.common_names()[0].clone();
    let last = |issuer: Option<&str>| {
        let solvers: [&dyn Solver; 1] = [&stage.answers];
        let issued = stage
            .obtain_by(&["a.example.com"], &solvers, |wanted| {
                wanted.issuer = issuer.map(|it| &*it.to_owned().leak());
            })
            .unwrap();
        assert_eq!(issued.is_as_wished, issuer.is_none_or(|it| it == name));
        let chain = certificates(&issued);
        chain.last().unwrap().issuer.text().to_owned()
    };
    assert!(last(Some(&name)).contains(&name));
    assert!(!last(None).contains(&name));
    assert!(!last(Some("a CA that nobody has")).contains(&name));
}

#[test]
fn an_account_that_is_bound_to_one_with_the_ca() {
    let key = "zWNDZM6eQGHWpSRTPal5eIUYFTu7EajVIoguysqZ9wG44nMEtx3MUAsUDkMTQ12W";
    let stage = Stage::with(&Pebble::default().external("kid-1", key));
    let error = stage.account().err().unwrap();
    let AcmeError::Refused { refusal, .. } = &error else {
        panic!("{error}");
    };
    assert_eq!(refusal.kind, "externalAccountRequired", "{error}");
    let external = External::read("kid-1", key).unwrap();
    let account = stage.account_of(&[], Some(&external)).unwrap();
    // The next time it is there, and nobody has to know the key any more.
    assert_eq!(stage.account().unwrap().id(), account.id());
    stage.obtain(&["a.example.com"]).unwrap();
    // What binds it may be taken but once: it is found by its key where its name is lost.
    std::fs::remove_file(stage.folder.path().join("account/account.url")).unwrap();
    let found = stage.account_of(&[], Some(&external)).unwrap();
    assert_eq!(found.id(), account.id());
}

#[test]
fn a_bound_account_is_made_once_when_the_cas_answer_is_lost() {
    let key = "zWNDZM6eQGHWpSRTPal5eIUYFTu7EajVIoguysqZ9wG44nMEtx3MUAsUDkMTQ12W";
    let external = External::read("kid-1", key).unwrap();
    let settings = Pebble::default().external("kid-1", key).refusing_nonces(0);
    let mut is_first = true;
    let (stage, between) = Between::on_stage_of(&settings, move |asked| {
        if asked.is("/sign-me-up") && std::mem::take(&mut is_first) {
            return Turn::change(Reply::cut);
        }
        Turn::HandOn
    });
    stage.account_of(&[], Some(&external)).unwrap();
    assert_eq!(between.asked("/sign-me-up").len(), 2);
    let log = stage.pebble.log();
    assert!(log.contains("There are now 1 accounts"), "{log}");
    assert!(!log.contains("There are now 2 accounts"), "{log}");
    assert_eq!(
        named(&stage.obtain(&["a.example.com"]).unwrap()),
        ["a.example.com"]
    );
}

#[test]
fn an_account_is_found_by_its_key_when_its_making_broke_off() {
    let stage = Stage::silent(&Pebble::default());
    let contact = ["mailto:somebody@example.com".to_owned()];
    let id = stage.account_of(&contact, None).unwrap().id().to_owned();
    assert_eq!(stage.account().unwrap().id(), id);
    std::fs::remove_file(stage.folder.path().join("account/account.url")).unwrap();
    assert_eq!(stage.account().unwrap().id(), id);
}

#[test]
fn an_order_that_broke_off_is_gone_on_with() {
    let stage = Stage::new();
    let account = stage.account().unwrap();
    let identifiers = identifiers(&["a.example.com"]);
    let key = KeyPair::generate().unwrap();
    let mut asked = wanted(&identifiers, &key);
    let mut url = None;
    // Nobody shows anything: it breaks off when the order is made.
    let patience = || Patience::of(PATIENCE);
    let begun = |told: Progress<'_>| url = url_of(&told).or(url.take());
    let tried = obtain(&account, &asked, &[], patience(), begun, pending());
    let error = stage.runtime.block_on(tried).unwrap_err();
    assert!(matches!(error, AcmeError::NoWay { .. }), "{error}");
    let url = url.unwrap();
    for _ in 0..2 {
        asked.order = Some(&url);
        let mut same = String::new();
        let solvers: [&dyn Solver; 1] = [&stage.answers];
        let begun = |told: Progress<'_>| same.extend(url_of(&told));
        let gone_on = obtain(&account, &asked, &solvers, patience(), begun, pending());
        let issued = stage.runtime.block_on(gone_on).unwrap();
        // The second time it is there already.
        assert_eq!((named(&issued)[0].as_str(), &same), ("a.example.com", &url));
    }
}

/// Shows something where no CA looks.
struct Elsewhere(Kind);

impl Solver for Elsewhere {
    fn kind(&self) -> Kind {
        self.0
    }

    fn can(&self, _: &Identifier) -> bool {
        true
    }

    fn present<'a>(&'a self, _: &'a [Challenge]) -> Solving<'a, Result<(), Unsolved>> {
        Box::pin(std::future::ready(match self.0 {
            Kind::Dns01 => Err(std::io::Error::other("no server takes it").into()),
            _ => Ok(()),
        }))
    }

    fn withdraw<'a>(&'a self, _: &'a [Challenge]) -> Solving<'a, ()> {
        Box::pin(std::future::ready(()))
    }
}

#[test]
fn where_one_way_leads_nowhere_the_next_is_gone_and_each_once() {
    let stage = Stage::new();
    let account = stage.account().unwrap();
    let identifiers = identifiers(&["a.example.com", "b.example.com"]);
    let key = KeyPair::generate().unwrap();
    let asked = wanted(&identifiers, &key);
    let attempt = |solvers: &[&dyn Solver]| {
        let (mut orders, mut failed) = (0, Vec::new());
        let told = |told: Progress<'_>| match told {
            Progress::Begun(_) => orders += 1,
            Progress::AnotherWay(error) => failed.push(error.to_string()),
            Progress::Looked { .. } => {}
        };
        let tried = obtain(
            &account,
            &asked,
            solvers,
            Patience::of(PATIENCE),
            told,
            pending(),
        );
        let tried = stage.runtime.block_on(tried);
        (tried, orders, failed)
    };
    let [records, tls] = [Kind::Dns01, Kind::TlsAlpn01].map(Elsewhere);
    let (issued, orders, failed) = attempt(&[&records, &tls, &stage.answers]);
    assert_eq!(named(&issued.unwrap()), ["a.example.com", "b.example.com"]);
    // What could not be shown spent no order.
    assert_eq!(orders, 2, "{failed:?}");
    assert!(failed[0].contains("no server takes it") && failed[1].contains("by tls-alpn-01"));
    // Where none leads to the end, that is the end.
    let (refused, orders, _) = attempt(&[&records, &tls]);
    assert!(
        matches!(refused, Err(AcmeError::Unproven { .. })),
        "{refused:?}"
    );
    assert_eq!(orders, 1);
}

#[test]
fn the_way_that_led_there_is_gone_first_and_no_other_one_where_a_ca_lets_no_more_looks_fail() {
    let stage = Stage::new();
    let account = stage.account().unwrap();
    let identifiers = identifiers(&["a.example.com", "b.example.com"]);
    let key = KeyPair::generate().unwrap();
    let tls = Elsewhere(Kind::TlsAlpn01);
    let attempt = |led: &[(Identifier, Kind)], may_miss| {
        let asked = Wanted {
            led,
            may_miss,
            ..wanted(&identifiers, &key)
        };
        let mut looked = Vec::new();
        let told = |told: Progress<'_>| {
            if let Progress::Looked {
                identifier,
                way,
                is_found,
            } = told
            {
                looked.push((identifier.to_string(), way, is_found));
            }
        };
        let patience = Patience::of(PATIENCE);
        let solvers: [&dyn Solver; 2] = [&tls, &stage.answers];
        let tried = obtain(&account, &asked, &solvers, patience, told, pending());
        (stage.runtime.block_on(tried), looked)
    };
    let (refused, looked) = attempt(&[], 1);
    assert!(
        matches!(refused, Err(AcmeError::Unproven { .. })),
        "{refused:?}"
    );
    assert!(
        looked
            .iter()
            .all(|(_, way, is_found)| (*way, *is_found) == (Kind::TlsAlpn01, false))
    );
    // Each look at each name is told: a CA counts by names.
    let (issued, looked) = attempt(&[], 2);
    assert_eq!(named(&issued.unwrap()).len(), 2);
    assert!(
        looked.iter().any(|(_, _, is_found)| !is_found),
        "{looked:?}"
    );
    let found = |name: &str| (name.to_owned(), Kind::Http01, true);
    assert!(looked.contains(&found("a.example.com")), "{looked:?}");
    let led = identifiers.iter().map(|it| (it.clone(), Kind::Http01));
    let (issued, looked) = attempt(&led.collect::<Vec<_>>(), 1);
    assert_eq!(named(&issued.unwrap()).len(), 2);
    let is_by_http = |it: &(_, Kind, bool)| (it.1, it.2) == (Kind::Http01, true);
    assert!(looked.iter().all(is_by_http), "{looked:?}");
}
