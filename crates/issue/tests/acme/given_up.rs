//! Orders that are given up in the middle.

use std::future::pending;
use std::sync::Mutex;

use keyway_issue::Identifier;
use keyway_issue::acme::challenge::Solving;
use keyway_issue::acme::{
    AcmeError, Challenge, Kind, Patience, Progress, Solver, Unsolved, obtain,
};
use keyway_testkit::pebble::Pebble;
use rcgen::KeyPair;
use tokio::sync::Notify;

use super::stage::{PATIENCE, Stage, identifiers, named, url_of, wanted};

const HOSTS: [&str; 2] = ["a.example.com", "b.example.com"];

/// Shows things for ever, and notes what it takes away.
#[derive(Default)]
struct Endless {
    begun: Notify,
    shown: Mutex<Vec<String>>,
    withdrawn: Mutex<Vec<String>>,
}

fn tokens(challenges: &[Challenge]) -> Vec<String> {
    challenges.iter().map(|it| it.token.clone()).collect()
}

impl Solver for Endless {
    fn kind(&self) -> Kind {
        Kind::Http01
    }

    fn can(&self, _: &Identifier) -> bool {
        true
    }

    fn present<'a>(&'a self, challenges: &'a [Challenge]) -> Solving<'a, Result<(), Unsolved>> {
        self.shown.lock().unwrap().extend(tokens(challenges));
        self.begun.notify_one();
        Box::pin(pending())
    }

    fn withdraw<'a>(&'a self, challenges: &'a [Challenge]) -> Solving<'a, ()> {
        self.withdrawn.lock().unwrap().extend(tokens(challenges));
        Box::pin(std::future::ready(()))
    }
}

#[test]
fn what_was_shown_is_taken_away_and_the_order_gone_on_with() {
    let stage = Stage::with(&Pebble::default());
    let account = stage.account().unwrap();
    let identifiers = identifiers(&HOSTS);
    let key = KeyPair::generate().unwrap();
    let solver = Endless::default();
    let mut url = String::new();
    let ended = stage.runtime.block_on(async {
        let asked = wanted(&identifiers, &key);
        let patience = Patience::of(PATIENCE);
        let begun = |told: Progress<'_>| url.extend(url_of(&told));
        let given_up = solver.begun.notified();
        obtain(&account, &asked, &[&solver], patience, begun, given_up).await
    });
    assert!(matches!(ended, Err(AcmeError::GivenUp)), "{ended:?}");
    let shown = solver.shown.into_inner().unwrap();
    assert_eq!(shown.len(), HOSTS.len());
    assert_eq!(solver.withdrawn.into_inner().unwrap(), shown);
    let mut same = String::new();
    let issued = stage.runtime.block_on(async {
        let mut asked = wanted(&identifiers, &key);
        asked.order = Some(&url);
        let patience = Patience::of(PATIENCE);
        let begun = |told: Progress<'_>| same.extend(url_of(&told));
        obtain(
            &account,
            &asked,
            &[&stage.answers],
            patience,
            begun,
            pending(),
        )
        .await
    });
    assert_eq!(named(&issued.unwrap()), HOSTS);
    assert_eq!(same, url);
}
