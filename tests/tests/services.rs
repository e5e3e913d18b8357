//! Every rule about service files fires where it should and stays silent where it should. The vectors
//! are in `vectors/services/<code>/{fires,silent}-<behaviour>/`.

use std::collections::BTreeSet;
use std::path::Path;

use keyway_config::rules::clients_shut_out::ClientsShutOut;
use keyway_config::rules::duplicate_host::SameKind;
use keyway_config::{Finding, Surroundings, check, forms, read, rules};
use keyway_tests::services::{Vector, below, folder, name};

fn findings(vector: &Path) -> (String, Vec<Finding>) {
    let Vector { text, around, .. } = Vector::load(vector);
    let modes: Vec<(String, u32)> = around.modes.into_iter().collect();
    let no_ca = around.no_ca.map(|file| ClientsShutOut::NoCa { file });
    let shut_out: Vec<ClientsShutOut> = no_ca.into_iter().collect();
    let doubled = around.same_kind.map(|host| SameKind {
        index: 0,
        host,
        kind: "RSA",
    });
    let doubled: Vec<SameKind> = doubled.into_iter().collect();
    let surroundings = Surroundings {
        managed_name: around.managed_name.as_deref(),
        modes: &modes,
        shut_out: &shut_out,
        doubled: &doubled,
    };
    let draft = read(&text).unwrap_or_else(|error| panic!("{}: {error}", vector.display()));
    let mut findings = check(&draft, "service", &surroundings);
    if around.export.as_deref() == Some("azure-cli") {
        let form = forms::Form::AzureCli;
        let exported = forms::export(&draft.service, form, &|_| None);
        findings.extend(forms::findings(&exported, form, "service"));
    }
    if let Some(server) = &around.import {
        let imported = forms::import(server, forms::Form::Nginx);
        findings.extend(imported.expect("a server").findings);
    }
    (text, findings)
}

#[test]
fn every_vector_fires_or_stays_silent_as_its_name_says() {
    let mut failures = Vec::new();
    for code in below(&folder()) {
        for vector in below(&code) {
            let (_, findings) = findings(&vector);
            let codes: Vec<&str> = findings.iter().map(Finding::code).collect();
            let is_to_fire = name(&vector).starts_with("fires-");
            assert!(is_to_fire || name(&vector).starts_with("silent-"));
            if codes.contains(&name(&code).as_str()) != is_to_fire {
                failures.push(format!("{}: {codes:?}", vector.display()));
            }
        }
    }
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

#[test]
fn silent_vectors_find_nothing_else_of_severity_error() {
    for code in below(&folder()) {
        for vector in below(&code) {
            let (_, findings) = findings(&vector);
            let errors: Vec<&str> = findings
                .iter()
                .filter(|finding| finding.severity() == keyway_report::Severity::Error)
                .map(Finding::code)
                .collect();
            let is_silent = name(&vector).starts_with("silent-");
            assert!(
                !is_silent || errors.is_empty(),
                "{}: {errors:?}",
                vector.display()
            );
        }
    }
}

#[test]
fn every_rule_has_a_vector_that_fires_and_one_that_stays_silent() {
    let vectors: BTreeSet<(String, bool)> = below(&folder())
        .iter()
        .flat_map(|code| {
            let all = below(code).into_iter();
            all.map(|vector| (name(code), name(&vector).starts_with("fires-")))
        })
        .collect();
    let wanted: BTreeSet<(String, bool)> = rules::all()
        .iter()
        .flat_map(|rule| [(rule.code.to_owned(), true), (rule.code.to_owned(), false)])
        .collect();
    assert_eq!(vectors, wanted);
}

#[test]
fn every_finding_names_a_line_of_the_file_and_bytes_inside_it() {
    for code in below(&folder()) {
        for vector in below(&code) {
            let (text, findings) = findings(&vector);
            let lines = u32::try_from(text.lines().count()).expect("a readable vector");
            // An export speaks of a field, wherever it stands, and an import of another text.
            let of_file = |finding: &Finding| {
                finding.code() != "config.target-cannot-express"
                    && !finding.code().ends_with("-left-behind")
            };
            for finding in findings.into_iter().filter(of_file) {
                let line = finding.at.line.expect("a line");
                let [start, end] = finding.at.bytes.expect("bytes");
                assert!((1..=lines).contains(&line), "{}", vector.display());
                assert!(start <= end && end <= text.len(), "{}", vector.display());
            }
        }
    }
}

#[test]
fn secrets_are_in_no_finding() {
    for vector in below(&folder().join("config.secret-inline")) {
        let (_, findings) = findings(&vector);
        let told = serde_json::to_string(&findings).expect("a readable vector");
        assert!(
            !told.contains("opensesame") && !told.contains("AA=="),
            "{told}"
        );
    }
}

#[test]
fn names_of_fields_are_escaped_wherever_they_are_told() {
    for text in [
        "\"up\\u001b[2J\\u202estream\" = 1\n",
        "{\"a\\u001b[31m\": 1, \"a\\u001b[31m\": 2}",
    ] {
        let draft = read(text).expect("a service");
        let findings = check(&draft, "service", &Surroundings::default());
        assert!(!findings.is_empty());
        for finding in findings {
            let told = serde_json::to_value(&finding).expect("plain values");
            let field = told["where"]["field"].as_str().expect("a field");
            assert!(field.contains("\\u{1b}"), "{field}");
            assert!(!told.to_string().contains(['\u{1b}', '\u{202e}']));
            assert!(!told.to_string().contains("u001b"), "{told}");
        }
    }
}

#[test]
fn secrets_are_in_no_debug_output() {
    let key = "-----BEGIN PRIVATE KEY-----\nT3BlblNlc2FtZQ==\n-----END PRIVATE KEY-----\n";
    let text = format!(
        "[tls]\ncertificate = \"a.pem\"\nkey = \"\"\"{key}\"\"\"\npassword = \"opensesame\"\n"
    );
    let draft = read(&text).expect("a service");
    let exported = forms::export(&draft.service, forms::Form::AzureJson, &|_| None);
    assert!(exported.text.contains("T3BlblNlc2FtZQ=="));
    let shown = draft.shown();
    for told in [format!("{draft:?}"), format!("{exported:?}"), shown] {
        assert!(
            !told.contains("T3Blbl") && !told.contains("opensesame"),
            "{told}"
        );
    }
}

/// Where somebody pastes a key by mistake.
const NO_PLACES: &[&str] = &[
    "host = KEY\n",
    "name = KEY\n",
    "upstream = [\"http://127.0.0.1:1\", KEY]\n",
    "[tls]\npassword = { file = KEY }\n",
    "[tls]\npassword = { command = [\"pass\", KEY] }\n",
    "[[tls.certificates]]\ncertificate = \"a.pem\"\nkey = \"a.key\"\npassword = { env = KEY }\n",
    "[dns]\nserver = KEY\n",
    "[tls]\nstatus = KEY\n",
    "[tls]\npassword = { KEY = \"x\" }\n",
];

#[test]
fn the_text_of_a_key_is_refused_where_it_has_no_place_and_is_not_told() {
    for key in [
        "\"-----BEGIN PRIVATE KEY-----\\nT3BlblNlc2FtZQ==\\n-----END PRIVATE KEY-----\\n\"",
        "\"-----BEGIN EC PRIVATE KEY-----T3BlblNlc2FtZQ==-----END EC PRIVATE KEY-----\"",
    ] {
        for text in NO_PLACES {
            let told = read(&text.replace("KEY", key)).expect_err(text).to_string();
            assert!(!told.contains("T3Blbl"), "{told}");
        }
    }
    let error = read("[tls]\npassword = { file = \"-----BEGIN PRIVATE KEY-----\" }\n");
    let told = error.expect_err("no path").to_string();
    assert!(
        told.starts_with("`tls.password.file`: the text of a private key"),
        "{told}"
    );
}

#[test]
fn users_in_addresses_are_told_and_not_shown() {
    for field in [
        "upstream = ADDRESS\n",
        "endpoint = ADDRESS\n",
        "endpoint = \"https://admin:opensesame@:x\"\n",
        "host = ADDRESS\n",
        "[tls]\nissuer = ADDRESS\n",
        "[dns]\nserver = ADDRESS\n",
    ] {
        let text = field.replace("ADDRESS", "\"https://admin:opensesame@acme.example/dir\"");
        let draft = read(&text).expect("a service");
        let findings = check(&draft, "service", &Surroundings::default());
        let codes: Vec<&str> = findings.iter().map(Finding::code).collect();
        assert!(codes.contains(&"config.secret-inline"), "{text}: {codes:?}");
        let told = serde_json::to_string(&findings).expect("plain values");
        let shown = draft.service.clone().redacted().to_toml();
        for told in [told, shown, draft.shown()] {
            assert!(!told.contains("opensesame"), "{told}");
        }
    }
}

#[test]
fn a_date_is_no_text() {
    for text in ["host = 2026-11-29\n", "host = [\"a.example\", 12:00:00]\n"] {
        let told = read(text).expect_err(text).to_string();
        assert!(told.contains("a date or a time where a text"), "{told}");
    }
}
