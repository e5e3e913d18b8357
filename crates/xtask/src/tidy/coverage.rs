//! Every rule has a page, a vector on which it fires and one on which it stays silent; codes are unique.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::built;
use crate::failure::Failure;
use crate::tidy::complaint::Complaint;

/// Below them, a folder for each code, with folders `fires-...` and `silent-...`: rules about service
/// files and about zones have places of their own, as their vectors are read by other tests.
const VECTORS: [&str; 3] = [RULES, SERVICES, ZONES];
const RULES: &str = "tests/vectors/rules";
const SERVICES: &str = "tests/vectors/services";
const ZONES: &str = "tests/vectors/zones";

/// Below it, a page for each code.
const PAGES: &str = "docs/rules";

/// Complains about rules, as the binary knows them, without pages or vectors.
pub(crate) fn check(files: &[String]) -> Result<Vec<Complaint>, Failure> {
    let answer = built::keyway()?
        .args(["explain", "--all", "--format", "json"])
        .output()?;
    let codes = read(&answer).ok_or_else(|| Failure::Answer {
        program: "keyway explain --all --format json".into(),
        detail: "not a list of rules with codes".into(),
    })?;
    Ok(judge(&codes, files))
}

/// The codes in a list of rules.
fn read(answer: &str) -> Option<Vec<String>> {
    let rules: Value = serde_json::from_str(answer).ok()?;
    let code = |rule: &Value| rule["code"].as_str().map(str::to_owned);
    rules.as_array()?.iter().map(code).collect()
}

fn judge(codes: &[String], files: &[String]) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    if codes.is_empty() {
        complaints.push(Complaint::about("keyway explain", "knows no rules"));
    }
    let mut seen = BTreeSet::new();
    for code in codes {
        if !seen.insert(code.as_str()) {
            complaints.push(Complaint::about(code, "two rules have this code"));
        }
        let page = format!("{PAGES}/{code}.md");
        if !files.contains(&page) {
            complaints.push(Complaint::about(
                code,
                "has no page: run `cargo xtask docs`",
            ));
        }
        // What befalls a connection is in no file: the server's tests of behaviour bring it about.
        if code.starts_with("connection.") {
            continue;
        }
        for kind in ["fires", "silent"] {
            let vectors = format!("{}/{code}/{kind}", place(code));
            if !files.iter().any(|file| file.starts_with(&vectors)) {
                complaints.push(Complaint::about(
                    code,
                    format!("has no vector {vectors}-..."),
                ));
            }
        }
    }
    complaints.extend(left_over(&seen, files));
    complaints
}

/// Where the vectors of a rule are.
fn place(code: &str) -> &'static str {
    match code.split_once('.') {
        Some(("config", _)) => SERVICES,
        Some(("dns", _)) => ZONES,
        _ => RULES,
    }
}

/// Vectors of codes that no rule has: a rule was renamed and half of it stayed behind.
fn left_over(codes: &BTreeSet<&str>, files: &[String]) -> Vec<Complaint> {
    let below = |file: &String| {
        let rest = VECTORS.iter().find_map(|place| file.strip_prefix(place))?;
        Some(rest.trim_start_matches('/').split_once('/')?.0.to_owned())
    };
    let folders: BTreeSet<String> = files.iter().filter_map(below).collect();
    folders
        .into_iter()
        .filter(|folder| !codes.contains(folder.as_str()))
        .map(|folder| {
            let about = format!("{}/{folder}", place(&folder));
            Complaint::about(&about, "no rule has this code")
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaints(codes: &[&str], files: &[&str]) -> usize {
        let own = |words: &[&str]| {
            words
                .iter()
                .map(|word| (*word).to_owned())
                .collect::<Vec<_>>()
        };
        judge(&own(codes), &own(files)).len()
    }

    const COVERED: [&str; 3] = [
        "docs/rules/pem.bom.md",
        "tests/vectors/rules/pem.bom/fires-at-the-start/case.json",
        "tests/vectors/rules/pem.bom/silent-without/case.json",
    ];

    #[test]
    fn rules_without_pages_or_vectors_are_refused() {
        assert_eq!(complaints(&[], &[]), 1);
        assert_eq!(complaints(&["pem.bom"], &[]), 3);
        assert_eq!(complaints(&["pem.bom"], &COVERED[..2]), 1);
        assert_eq!(complaints(&["pem.bom", "pem.bom"], &COVERED), 1);
        assert_eq!(complaints(&["pem.empty", "pem.bom"], &COVERED), 3);
    }

    #[test]
    fn covered_rules_are_fine_and_left_over_vectors_are_not() {
        assert_eq!(complaints(&["pem.bom"], &COVERED), 0);
        let more = [
            &COVERED[..],
            &["tests/vectors/rules/pem.gone/fires-x/case.json"],
        ]
        .concat();
        assert_eq!(complaints(&["pem.bom"], &more), 1);
    }

    #[test]
    fn codes_are_read_from_the_binarys_answer() {
        assert_eq!(
            read(r#"[{"code":"a.b","title":"x"}]"#),
            Some(vec!["a.b".to_owned()])
        );
        assert_eq!(read(""), None);
    }
}
