//! What servers and resolvers say together, and what the latter are asked.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

mod example;

use std::collections::{BTreeMap, BTreeSet};

use example::{name, need};
use keyway_dns::message::Question;
use keyway_dns::plan::Set;
use keyway_dns::rdata::Type;
use keyway_dns::verify::{Verified, of_resolvers, verify};
use keyway_dns::view::{Role, Said, View};
use keyway_dns::wanted::{Wanted, wanted};
use keyway_report::Timestamp;

fn set(data: &[u8]) -> Set {
    Set {
        ttl: 60,
        data: [data.to_vec()].into(),
    }
}

/// A server that says of each set what is given, or that there is nothing.
fn view(role: Role, said: &[(&str, Type, Option<&[u8]>)]) -> View {
    let said = said.iter().map(|(owner, kind, data)| {
        let records = |data| Said::Records {
            set: set(data),
            is_own: role == Role::Authoritative,
        };
        (
            (name(owner), *kind),
            data.map_or(Said::Nothing(Some(60)), records),
        )
    });
    View {
        server: format!("{role:?}"),
        role,
        serial: None,
        said: said.collect(),
        aliases: BTreeMap::new(),
        ways: BTreeMap::new(),
        led: BTreeMap::new(),
    }
}

fn seen(wanted: &[Wanted], views: &[View]) -> Verified {
    verify(
        wanted,
        views,
        &BTreeMap::new(),
        Timestamp::from_seconds(1_795_000_000),
    )
}

#[test]
fn what_a_ca_or_a_client_follows_into_another_zone_is_what_a_resolver_finds_there() {
    let mut need = need("192.0.2.1");
    need.challenges = vec!["LHDhK3oGRvkiefQnx7OOczTY5Tic_xZ6HcMOc_gmtoM".to_owned()];
    need.pins = vec![keyway_dns::wanted::Pin {
        port: 443,
        spki_sha256: [7; 32],
    }];
    let all = wanted(&need).unwrap();
    for (kind, owner) in [
        (Type::TXT, "_acme-challenge.www.example.com"),
        (Type::TLSA, "_443._tcp.www.example.com"),
    ] {
        let want = all.iter().find(|want| want.kind == kind).unwrap().clone();
        let right = want.data.first().unwrap().clone();
        let agrees = |alias: &str, data: Vec<u8>| {
            let with_alias = |role, target: &str| {
                let mut view = view(role, &[(owner, kind, None)]);
                let alias = set(name(target).wire());
                view.aliases.insert(name(owner), alias);
                view
            };
            let master = with_alias(Role::Authoritative, "x.example.net");
            let mut resolver = with_alias(Role::Resolver, alias);
            resolver.led.insert((name(owner), kind), [data].into());
            seen(std::slice::from_ref(&want), &[master, resolver])
        };
        let led = agrees("x.example.net", right.clone());
        assert!(led.agrees && led.findings.is_empty(), "{led:?}");
        let other = agrees("x.example.net", [&right[..3], &[9; 32]].concat());
        assert!(!other.agrees, "{other:?}");
        let codes: Vec<&str> = other
            .findings
            .iter()
            .map(keyway_dns::zone::Finding::code)
            .collect();
        assert_ne!(codes, ["dns.missing"]);
        // By an older alias a resolver comes to something else.
        assert!(!agrees("y.example.net", right).agrees);
    }
}

#[test]
fn resolvers_are_asked_for_what_is_there_and_for_what_shall_not_be() {
    let mut need = need("192.0.2.1");
    need.alpn = vec!["h2".to_owned()];
    let wanted = wanted(&need).unwrap();
    let host = "www.example.com";
    let asked = |said: &[(&str, Type, Option<&[u8]>)]| -> Vec<String> {
        let questions = said.iter().map(|(owner, kind, _)| Question {
            name: name(owner),
            kind: *kind,
        });
        let questions: BTreeSet<Question> = questions.collect();
        let master = view(Role::Authoritative, said);
        let asked = of_resolvers(&questions, &wanted, &[master]);
        asked.iter().map(|it| it.kind.to_string()).collect()
    };
    let four: Option<&[u8]> = Some(&[192, 0, 2, 1]);
    let nothing = [
        (host, Type::A, None),
        (host, Type::AAAA, None),
        (host, Type::CNAME, None),
        (host, Type::HTTPS, None),
    ];
    assert!(asked(&nothing).is_empty());
    // What shall not be there may be in caches still, and the name is there.
    let some = [(host, Type::A, four), nothing[1], nothing[2], nothing[3]];
    assert_eq!(asked(&some), ["A", "CNAME", "AAAA"]);
    // Nobody has said.
    let silent = of_resolvers(
        &[Question {
            name: name(host),
            kind: Type::A,
        }]
        .into(),
        &wanted,
        &[view(Role::Authoritative, &[])],
    );
    assert_eq!(silent.len(), 1);
}
