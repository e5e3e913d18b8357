//! Which records a need becomes.
#![allow(clippy::expect_used, reason = "a panic is the failure of the test")]

use keyway_dns::name::Name;
use keyway_dns::plan::file::PlanFile;
use keyway_dns::plan::{State, plan};
use keyway_dns::rdata::Type;
use keyway_dns::wanted::{
    Endpoint, Issuer, Need, NeedError, Pin, Standing, Wanted, wanted, wanted_in,
};
use keyway_dns::zone::{ReadOptions, read};
use keyway_report::Timestamp;

fn need(hosts: &[&str]) -> Need {
    let hosts = hosts.iter().map(|host| Name::read(host).expect("a name"));
    let addresses = ["192.0.2.1", "2001:db8::1"].map(|text| text.parse().expect("an address"));
    Need::new(hosts.collect(), Endpoint::Addresses(addresses.into()), 300)
}

fn lines(need: &Need) -> Vec<String> {
    let sets = wanted(need).expect("fits");
    let lines = sets.iter().flat_map(|set| {
        let texts = set.texts().into_iter();
        texts.map(move |text| format!("{} {} {text}", set.name, set.kind))
    });
    lines.collect()
}

#[test]
fn addresses_become_a_and_aaaa_and_no_cname() {
    assert_eq!(
        lines(&need(&["www.example.com"])),
        [
            "www.example.com. A 192.0.2.1",
            "www.example.com. AAAA 2001:db8::1"
        ]
    );
    let sets = wanted(&need(&["www.example.com"])).expect("fits");
    let cname = sets
        .iter()
        .find(|set| set.kind == Type::CNAME)
        .expect("is wanted away");
    assert!(cname.data.is_empty());
}

#[test]
fn a_name_becomes_a_cname_and_no_addresses() {
    let mut need = need(&["www.example.com"]);
    need.endpoint = Endpoint::Name(Name::read("lb.example.net").expect("a name"));
    need.issuers = vec![Issuer {
        domain: "ca.example".to_owned(),
        account: None,
        methods: Vec::new(),
    }];
    assert_eq!(lines(&need), ["www.example.com. CNAME lb.example.net."]);
}

#[test]
fn cas_are_let_in_at_the_name_above_a_wildcard_that_becomes_an_alias() {
    let mut need = need(&["*.example.com"]);
    need.endpoint = Endpoint::Name(Name::read("lb.example.net").expect("a name"));
    need.issuers = vec![Issuer {
        domain: "ca.example".to_owned(),
        account: None,
        methods: Vec::new(),
    }];
    let caa = "example.com. CAA 0 issuewild \"ca.example\"".to_owned();
    assert!(lines(&need).contains(&caa), "{:?}", lines(&need));
    assert!(need.idle().is_empty(), "{:?}", need.idle());
    // Where that becomes an alias itself, it has the records of where it leads.
    need.hosts.push(Name::read("example.com").expect("a name"));
    assert!(lines(&need).iter().all(|line| !line.contains("CAA")));
    assert_eq!(need.idle().len(), 1);
    // The name of a zone becomes none.
    let zone = Name::read("example.com").expect("a name");
    let sets = wanted_in(&need, Some(&zone)).expect("fits");
    let caa = sets.iter().find(|set| set.kind == Type::CAA);
    assert_eq!(caa.expect("is wanted").data.len(), 2);
}

const ONE: &str = "LHDhK3oGRvkiefQnx7OOczTY5Tic_xZ6HcMOc_gmtoM";
const TWO: &str = "gfj9Xq_Rg2R5yM1RtYVbWL8zb3JbB9iN-9vJ9V0w4aA";

#[test]
fn what_no_ca_looks_for_is_no_answer_to_a_challenge() {
    let mut need = need(&["example.com"]);
    for value in [
        "",
        "one",
        "a b\"c",
        &format!("{ONE}="),
        &ONE.replace('_', "/"),
    ] {
        need.challenges = vec![value.to_owned()];
        assert_eq!(wanted(&need), Err(NeedError::Challenge(value.to_owned())));
    }
}

#[test]
fn a_wildcard_and_its_base_share_caa_and_challenges() {
    let mut need = need(&["example.com", "*.example.com"]);
    need.challenges = [ONE, TWO].map(str::to_owned).to_vec();
    need.issuers = vec![Issuer {
        domain: "letsencrypt.org".to_owned(),
        account: Some("https://acme.example/1".to_owned()),
        methods: vec!["dns-01".to_owned()],
    }];
    let lines = lines(&need);
    let value = "\"letsencrypt.org; accounturi=https://acme.example/1; validationmethods=dns-01\"";
    for line in [
        &format!("example.com. CAA 0 issue {value}"),
        &format!("example.com. CAA 0 issuewild {value}"),
        &format!("_acme-challenge.example.com. TXT \"{ONE}\""),
        &format!("_acme-challenge.example.com. TXT \"{TWO}\""),
    ] {
        assert!(
            lines.iter().any(|found| found == line),
            "{line}: {lines:#?}"
        );
    }
    assert_eq!(
        lines.iter().filter(|line| line.contains("_acme")).count(),
        2
    );
}

#[test]
fn an_account_may_validate_a_name_and_all_below_it_until_a_moment() {
    let mut need = need(&["example.com", "*.example.com", "www.example.net"]);
    need.standing = Some(Standing {
        until: Some(Timestamp::from_seconds(1_800_000_000)),
    });
    assert_eq!(wanted(&need), Err(NeedError::NoAccount));
    let mut issuer = Issuer {
        domain: "letsencrypt.org".to_owned(),
        account: None,
        methods: Vec::new(),
    };
    need.issuers = vec![issuer.clone()];
    assert_eq!(wanted(&need), Err(NeedError::NoAccount));
    let account = format!("https://acme.example/{}", "a".repeat(240));
    issuer.account = Some(account.clone());
    need.issuers = vec![issuer];
    let lines = lines(&need);
    let found: Vec<&String> = lines
        .iter()
        .filter(|line| line.starts_with("_validation-persist"))
        .collect();
    let (front, back) = (&account[..227], &account[227..]);
    let of = |name: &str, policy: &str| {
        format!(
            "_validation-persist.{name}. TXT \"letsencrypt.org; accounturi={front}\" \"{back};{policy} \
             persistUntil=1800000000\""
        )
    };
    assert_eq!(
        found,
        [
            &of("www.example.net", ""),
            &of("example.com", " policy=wildcard;")
        ]
    );
}

#[test]
fn pins_stand_below_their_port_and_https_at_the_host() {
    let mut need = need(&["www.example.com"]);
    need.pins = vec![Pin {
        port: 443,
        spki_sha256: [0xab; 32],
    }];
    need.alpn = vec!["h2".to_owned(), "http/1.1".to_owned()];
    let lines = lines(&need);
    let pin = format!("_443._tcp.www.example.com. TLSA 3 1 1 {}", "AB".repeat(32));
    assert!(lines.contains(&pin), "{lines:#?}");
    let https = "www.example.com. HTTPS 1 . alpn=\"h2,http/1.1\"".to_owned();
    assert!(lines.contains(&https), "{lines:#?}");
}

#[test]
fn what_a_plan_keeps_is_wanted_as_what_it_changes() {
    let text = b"www 300 A 192.0.2.1\n";
    let read = read(text, "example.com", &ReadOptions::default()).expect("reads");
    let state = State::of_zone(&read.zone);
    let zone = Name::read("example.com").expect("a name");
    let sets = wanted(&need(&["www.example.com"])).expect("fits");
    let made = plan(&zone, &state, &sets, 100).expect("leads there");
    let json = serde_json::to_vec(&PlanFile::of(&made)).expect("is JSON");
    let kept = Wanted::of_plan(&PlanFile::read(&json).expect("reads"));
    let texts: Vec<_> = kept.iter().map(|want| (want.kind, want.texts())).collect();
    let expected = [
        (Type::A, vec!["192.0.2.1".to_owned()]),
        // What has to stay away, too.
        (Type::CNAME, Vec::new()),
        (Type::AAAA, vec!["2001:db8::1".to_owned()]),
    ];
    assert_eq!(texts, expected);
}
