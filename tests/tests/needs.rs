//! Every rule about what a service needs of the DNS fires where it should and stays silent where it should. The
//! vectors are those of `vectors/zones` with a `need.json`: what the service needs, and, where servers are
//! compared, what each of them says; without more, it says what the zone file does.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use keyway_chain::name::{Host, Presented};
use keyway_dns::message::Question;
use keyway_dns::name::Name;
use keyway_dns::plan::{MAX_SHARE, State, foreseen, plan, refusal};
use keyway_dns::rdata::Type;
use keyway_dns::verify::{
    At, Expected, Shown, Standing, Unserved, Verified, Version, at_addresses, differing,
    not_for_host, other_port, verify,
};
use keyway_dns::view::{Role, Said, View};
use keyway_dns::wanted::{Endpoint, Issuer, Need, Pin, Wanted, wanted};
use keyway_dns::zone::{Finding, ReadOptions, read};
use keyway_report::{Severity, Timestamp};
use keyway_tests::services::{below, name};
use serde::Deserialize;

const NOW: i64 = 1_795_000_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    hosts: Vec<String>,
    endpoint: serde_json::Value,
    #[serde(default)]
    ttl: Option<u32>,
    #[serde(default)]
    tlsa: Vec<String>,
    #[serde(default)]
    served: Option<String>,
    #[serde(default)]
    servers: Vec<Server>,
    #[serde(default)]
    on_disk: Option<String>,
    #[serde(default)]
    at: Vec<Place>,
    #[serde(default)]
    oldest: Option<String>,
    /// Protocols of an HTTPS record.
    #[serde(default)]
    alpn: Vec<String>,
    /// Domains of CAs.
    #[serde(default)]
    ca: Vec<String>,
    /// The account at these.
    #[serde(default)]
    account: Option<String>,
    /// Whether what others may have made goes, too.
    #[serde(default)]
    replace_others: bool,
    /// Names that the certificate on disk is for.
    #[serde(default)]
    names: Vec<String>,
    /// Names of other zones that a resolver knows no address of.
    #[serde(default)]
    nowhere: Vec<String>,
    /// Whether the servers are held against a plan that was made from the zone.
    #[serde(default)]
    from_zone: bool,
    /// Where the service is said to be at other ports than that of its endpoint.
    #[serde(default)]
    other_ports: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Server {
    role: String,
    #[serde(default)]
    zone: Option<String>,
    #[serde(default)]
    own: bool,
    #[serde(default)]
    lame: bool,
    #[serde(default)]
    failed: Option<String>,
    #[serde(default)]
    bogus: bool,
    /// Types about which its answers are cut off over TCP, too.
    #[serde(default)]
    cut: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Place {
    address: String,
    served: Option<String>,
    #[serde(default)]
    version: Option<String>,
    #[serde(default)]
    handshake: Option<String>,
}

impl Place {
    fn served(&self) -> Result<Shown, Unserved> {
        match (&self.served, &self.handshake) {
            (Some(certificate), _) => Ok(Shown {
                certificate: certificate.clone(),
                version: version(self.version.as_deref()),
            }),
            (None, Some(why)) => Err(Unserved::Handshake(why.clone())),
            (None, None) => Err(Unserved::NoService("connection refused".to_owned())),
        }
    }
}

/// The newest where none is named.
fn version(text: Option<&str>) -> Version {
    let all = [Version::Tls12, Version::Tls13];
    let mut named = all
        .into_iter()
        .filter(|version| text.is_none_or(|text| version.text() == text));
    named.next_back().expect("a version")
}

fn parsed(text: &str) -> Name {
    Name::read(text).expect("a name")
}

fn hash(hex: &str) -> [u8; 32] {
    let byte = |at: usize| u8::from_str_radix(&hex[at * 2..at * 2 + 2], 16).expect("a digit");
    std::array::from_fn(byte)
}

fn need(case: &Case) -> Need {
    let endpoint = match &case.endpoint {
        serde_json::Value::String(name) => Endpoint::Name(parsed(name)),
        addresses => {
            let addresses: Vec<String> =
                serde_json::from_value(addresses.clone()).expect("addresses");
            let parsed = addresses
                .iter()
                .map(|text| text.parse().expect("an address"));
            Endpoint::Addresses(parsed.collect())
        }
    };
    let pin = |hex: &String| Pin {
        port: 443,
        spki_sha256: hash(hex),
    };
    let issuer = |domain: &String| Issuer {
        domain: domain.clone(),
        account: case.account.clone(),
        methods: Vec::new(),
    };
    let hosts = case.hosts.iter().map(|host| parsed(host)).collect();
    Need {
        pins: case.tlsa.iter().map(pin).collect(),
        alpn: case.alpn.clone(),
        issuers: case.ca.iter().map(issuer).collect(),
        ..Need::new(hosts, endpoint, case.ttl.unwrap_or(300))
    }
}

fn state(text: &str) -> State {
    let read = read(text.as_bytes(), "example.com", &ReadOptions::default()).expect("a zone");
    assert!(read.faults.is_empty(), "{:?}", read.faults);
    State::of_zone(&read.zone)
}

/// The view of a server that has this zone.
fn view(number: usize, server: &Server, zone: &str, questions: &[Question]) -> View {
    let text = server.zone.as_deref().unwrap_or(zone);
    let held = state(text);
    let role = match server.role.as_str() {
        "authoritative" => Role::Authoritative,
        "resolver" => Role::Resolver,
        other => panic!("{other}"),
    };
    let said = |question: &Question| {
        if let Some(why) = &server.failed {
            return Said::Failed(why.clone());
        }
        if server.lame {
            return Said::Lame;
        }
        if server.bogus {
            return Said::Bogus;
        }
        if server.cut.contains(&question.kind.to_string()) {
            return Said::Cut("it is cut off".to_owned());
        }
        match held.set(&question.name, question.kind) {
            Some(set) => Said::Records {
                set: set.clone(),
                is_own: server.own || role == Role::Authoritative,
            },
            None => Said::Nothing(Some(60)),
        }
    };
    let said = questions.iter().map(|question| {
        let key = (question.name.clone(), question.kind);
        (key, said(question))
    });
    View {
        server: format!("192.0.2.{}:53", number + 53),
        role,
        serial: Some(if text == zone { 7 } else { 6 }),
        said: said.collect::<BTreeMap<_, _>>(),
        aliases: [].into(),
        ways: [].into(),
        led: [].into(),
    }
}

fn findings(zone: &str, case: &Case) -> Vec<Finding> {
    let need = need(case);
    let mut wanted = wanted(&need).expect("fits");
    if case.replace_others {
        Wanted::replace_others(&mut wanted);
    }
    if !case.other_ports.is_empty() {
        return vec![other_port(
            &[Type::HTTPS],
            need.port,
            case.other_ports.clone(),
        )];
    }
    if case.from_zone {
        return differing_from(zone, case, &wanted);
    }
    if case.servers.is_empty() {
        let mut state = state(zone);
        for target in &case.nowhere {
            state.leads_to(parsed(target), &[]);
        }
        return match plan(&parsed("example.com"), &state, &wanted, MAX_SHARE) {
            Ok(plan) => foreseen(&plan, &state, &wanted, "nobody was asked"),
            Err(error) => refusal(&error).into_iter().collect(),
        };
    }
    let mut questions: Vec<Question> = Vec::new();
    for want in &wanted {
        questions.push(Question {
            name: want.name.clone(),
            kind: want.kind,
        });
    }
    for host in &need.hosts {
        for kind in [Type::A, Type::AAAA, Type::HTTPS] {
            questions.push(Question {
                name: host.clone(),
                kind,
            });
        }
    }
    let views = case.servers.iter().enumerate();
    let views: Vec<View> = views
        .map(|(number, server)| view(number, server, zone, &questions))
        .collect();
    let served: Vec<[u8; 32]> = case.served.iter().map(|hex| hash(hex)).collect();
    let hosts = need.hosts.iter().filter(|_| !served.is_empty());
    let served = hosts.map(|host| (host.clone(), served.clone())).collect();
    let mut verified = verify(&wanted, &views, &served, Timestamp::from_seconds(NOW));
    if let Some(on_disk) = &case.on_disk {
        let at = case.at.iter().map(|at| At {
            address: at.address.parse().expect("an address"),
            served: at.served(),
        });
        let seen: Vec<At> = at.collect();
        let oldest = case.oldest.as_deref();
        let expected = Expected {
            certificates: vec![on_disk.clone()],
            oldest: oldest.map_or(Version::Tls12, |oldest| version(Some(oldest))),
        };
        let found = at_addresses(&need.hosts[0], &seen, &expected);
        verified.findings.extend(found);
        let host = Host::parse(case.hosts[0].trim_end_matches('.')).expect("a host");
        let mut names = case.names.iter();
        if !names.any(|it| Presented::dns(it.as_bytes()).matches(&host)) {
            let finding = not_for_host(&need.hosts[0], case.names.clone());
            verified.findings.push(finding);
        }
        return verified.findings;
    }
    let is_error = |finding: &Finding| finding.severity() == Severity::Error;
    let any_error = verified.findings.iter().any(is_error);
    assert_eq!(verified.agrees, is_right(&verified) && !any_error);
    verified.findings
}

/// What servers have that is not what a plan starts from.
fn differing_from(zone: &str, case: &Case, wanted: &[Wanted]) -> Vec<Finding> {
    let plan = plan(&parsed("example.com"), &state(zone), wanted, MAX_SHARE).expect("a plan");
    let questions = plan.names().into_iter().flat_map(|name| {
        let kinds = plan.kinds().into_iter();
        kinds.map(|kind| Question {
            name: name.clone(),
            kind,
        })
    });
    let questions: Vec<Question> = questions.collect();
    let views = case.servers.iter().enumerate();
    let views: Vec<View> = views
        .map(|(number, server)| view(number, server, zone, &questions))
        .collect();
    let servers = views.iter().map(std::slice::from_ref);
    differing(&plan, servers, Some(7))
}

fn is_right(verified: &Verified) -> bool {
    let mut standings = verified.rows.iter().flat_map(|row| &row.standings);
    standings.all(|standing| *standing == Standing::Right)
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors/zones")
}

#[test]
fn every_vector_fires_or_stays_silent_as_its_name_says() {
    let (mut failures, mut count) = (Vec::new(), 0);
    for code in below(&folder()) {
        for vector in below(&code) {
            let path = vector.join("need.json");
            if !path.exists() {
                continue;
            }
            count += 1;
            let zone = fs::read_to_string(vector.join("zone.db")).expect("a zone");
            let text = fs::read_to_string(path).expect("a need");
            let case: Case =
                serde_json::from_str(&text).unwrap_or_else(|error| panic!("{vector:?}: {error}"));
            let found = findings(&zone, &case);
            let codes: Vec<&str> = found.iter().map(Finding::code).collect();
            let is_to_fire = name(&vector).starts_with("fires-");
            if codes.contains(&name(&code).as_str()) != is_to_fire {
                failures.push(format!("{vector:?}: {codes:?}"));
            }
        }
    }
    assert!(count >= 40, "{count} vectors");
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}
