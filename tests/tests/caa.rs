//! Whether a CA may issue, from what zone files hold: the vectors of `vectors/zones` that come with a question,
//! and those of the rules about single records, which are also read as zones.

use std::fs;
use std::path::{Path, PathBuf};

use keyway_dns::caa::{
    Climb, Dnssec, End, Failed, Finding, Found, Judgement, Lookup, Request, check, judge,
};
use keyway_dns::name::Name;
use keyway_dns::rdata::Type;
use keyway_dns::zone::{ReadOptions, Zone, read};
use keyway_report::Verdict;
use keyway_tests::services::{below, name};
use serde::Deserialize;

/// Codes that these vectors are about.
const CODES: [&str; 4] = [
    "dns.caa-critical",
    "dns.caa-denies",
    "dns.caa-malformed",
    "dns.dnssec-bogus",
];

/// `question.json`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Question {
    name: String,
    ca: String,
    #[serde(default)]
    wildcard: bool,
    account: Option<String>,
    method: Option<String>,
    /// Names whose signatures do not hold.
    #[serde(default)]
    bogus: Vec<String>,
    /// Names that servers fail at.
    #[serde(default)]
    failing: Vec<String>,
    verdict: Option<String>,
    /// The name where the way up ends.
    at: Option<String>,
}

struct Vector {
    path: PathBuf,
    question: Question,
    judgement: Judgement,
    at: Option<String>,
    findings: Vec<Finding>,
}

/// What a server of the zone answers (RFC 1034, section 4.3.2, as far as CAA needs it).
fn held(zone: &Zone, asked: &Name) -> Found {
    let at = |owner: &Name| {
        let records = zone.records();
        let own: Vec<_> = records
            .filter(|record| record.owner.eq_ignore_ascii_case(owner.wire()))
            .collect();
        let of = |kind: Type| own.iter().filter(move |record| record.kind == kind);
        let mut alias = of(Type::CNAME).map(|record| {
            let text = record.data_text();
            Name::read(&text).expect("a name")
        });
        let records = of(Type::CAA).map(|record| record.data.to_vec()).collect();
        alias
            .next_back()
            .map_or(Found::Records(records), Found::Alias)
    };
    let exists = |name: &Name| {
        let mut owners = zone.records().map(|record| record.owner_text());
        owners.any(|owner| Name::read(&owner).is_ok_and(|owner| owner.is_within(name)))
    };
    if exists(asked) {
        return at(asked);
    }
    let mut above = asked.parent();
    while let Some(encloser) = above {
        if exists(&encloser) {
            return at(&encloser.child("*").expect("a name"));
        }
        above = encloser.parent();
    }
    Found::Nothing
}

fn vector(path: PathBuf) -> Vector {
    let asked = fs::read(path.join("question.json"));
    let asked =
        asked.unwrap_or_else(|_| br#"{"name": "example.com", "ca": "letsencrypt.org"}"#.into());
    let question: Question = serde_json::from_slice(&asked).expect("a question");
    let text = fs::read(path.join("zone.db")).expect("a zone");
    let read = read(&text, "example.com", &ReadOptions::default()).expect("a zone file");
    assert!(read.faults.is_empty(), "{}", path.display());
    let mut request = Request::to(&question.ca)
        .expect("a CA")
        .wildcard(question.wildcard);
    if let Some(account) = &question.account {
        request = request.with_account(account).expect("an account");
    }
    if let Some(method) = &question.method {
        request = request.with_method(method).expect("a method");
    }
    let asked = Name::read(&question.name).expect("a name");
    let climbed = Climb::with(&asked, |name| {
        let name_text = name.to_string();
        Lookup::from(if question.bogus.contains(&name_text) {
            Found::Failed(Failed::Bogus)
        } else if question.failing.contains(&name_text) {
            Found::Failed(Failed::NoAnswer("time is out".to_owned()))
        } else {
            held(&read.zone, name)
        })
    });
    let judgement = judge(&climbed, &request);
    let dnssec = Dnssec::of(&climbed, None);
    let at = match climbed.end() {
        End::Records { at, .. } | End::Failed { at, .. } => Some(at.to_string()),
        End::Nothing => None,
    };
    Vector {
        findings: check(&climbed, &request, &judgement, dnssec),
        path,
        question,
        judgement,
        at,
    }
}

fn vectors() -> Vec<(&'static str, Vector)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors/zones");
    let of = |code| {
        below(&folder.join(code))
            .into_iter()
            // Others of the same rules are about what a service needs: see `needs.rs`.
            .filter(|path| path.join("question.json").exists())
            .map(move |path| (code, vector(path)))
    };
    CODES.into_iter().flat_map(of).collect()
}

#[test]
fn every_vector_fires_or_stays_silent_as_its_name_says() {
    let mut failures = Vec::new();
    for (code, vector) in vectors() {
        let codes: Vec<&str> = vector.findings.iter().map(Finding::code).collect();
        let is_to_fire = name(&vector.path).starts_with("fires-");
        // A silent vector finds nothing of all that these rules are about.
        let is_right = if is_to_fire {
            codes.contains(&code)
        } else {
            codes.is_empty()
        };
        if !is_right {
            failures.push(format!("{}: {codes:?}", vector.path.display()));
        }
    }
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

#[test]
fn every_question_has_its_verdict_at_its_name() {
    for (_, vector) in vectors() {
        let Some(wanted) = &vector.question.verdict else {
            continue;
        };
        let said = match vector.judgement.verdict {
            Verdict::Yes => "allowed",
            Verdict::No => "denied",
            Verdict::Unknown => "unknown",
        };
        assert_eq!(said, wanted, "{}", vector.path.display());
        assert_eq!(vector.at, vector.question.at, "{}", vector.path.display());
    }
}
