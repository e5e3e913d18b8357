//! What makes room where a name becomes an alias.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

mod example;

use example::{name, need, state, steps};
use keyway_dns::plan::{PlanError, State, plan};
use keyway_dns::rdata::Type;
use keyway_dns::wanted::{Issuer, Need, Wanted, wanted};

#[test]
fn what_the_service_made_itself_makes_room_for_an_alias_and_what_others_did_does_not() {
    let mut zone =
        state("www 60 A 192.0.2.1\nwww 60 HTTPS 1 . alpn=h2\nwww 60 CAA 0 issue \"ca.example\"\n");
    zone.leads_to(name("lb.example.net"), &["192.0.2.9".parse().unwrap()]);
    zone.has_stood();
    let mut need = need("lb.example.net");
    let refused = |need: &Need, zone: &State| {
        let sets = wanted(need).unwrap();
        match plan(&name("example.com"), zone, &sets, 100) {
            Err(PlanError::Occupied { kinds, .. }) => kinds.join(" "),
            other => panic!("{other:?}"),
        }
    };
    // Nobody said that they are the service's.
    assert_eq!(refused(&need, &zone), "HTTPS CAA");
    need.alpn = vec!["h2".to_owned()];
    assert_eq!(refused(&need, &zone), "CAA");
    need.issuers = vec![Issuer {
        domain: "ca.example".to_owned(),
        account: None,
        methods: Vec::new(),
    }];
    let sets = wanted(&need).unwrap();
    let alias = plan(&name("example.com"), &zone, &sets, 100).unwrap();
    let all = "delete A, create CNAME, delete HTTPS, delete CAA".to_owned();
    assert_eq!(steps(&alias), [(0, all)]);
    // Another CA's stays, and is no reason to make it again elsewhere.
    let mut both = zone.clone();
    let other = [&[0, 5][..], b"issueother.example"].concat();
    both.add(name("www.example.com"), Type::CAA, 60, &other);
    assert_eq!(refused(&need, &both), "CAA");
    let mut alone = wanted(&need).unwrap();
    Wanted::replace_others(&mut alone);
    assert!(plan(&name("example.com"), &both, &alone, 100).is_ok());
    // What is said above says as much of the alias, and is not taken over.
    let mut above = state("www 60 A 192.0.2.1\n@ 60 CAA 0 issue \"other.example\"\n");
    above.leads_to(name("lb.example.net"), &["192.0.2.9".parse().unwrap()]);
    above.has_stood();
    let alias = plan(&name("example.com"), &above, &sets, 100).unwrap();
    assert_eq!(steps(&alias), [(0, "delete A, create CNAME".to_owned())]);
}
