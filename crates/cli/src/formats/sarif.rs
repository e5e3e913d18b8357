//! SARIF 2.1.0 (OASIS Standard, 27 March 2020), for code scanning.

use std::fmt::Write as _;

use keyway_chain::rules::Entry;
use keyway_chain::{Finding, Report};
use keyway_report::{Kind as _, Locus, Severity};
use serde_json::{Value, json};

use crate::intent::STDIN;

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// The report as one run, with the rules that it speaks of.
pub(crate) fn report(report: &Report) -> String {
    let rules = rules(report);
    let results: Vec<Value> = report
        .findings
        .iter()
        .map(|finding| result(finding, &rules, report))
        .collect();
    let artifacts: Vec<Value> = report
        .inputs
        .iter()
        .map(|input| json!({ "location": place(&input.name), "length": input.size }))
        .collect();
    let log = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "keyway",
                "version": env!("CARGO_PKG_VERSION"),
                "informationUri": env!("CARGO_PKG_REPOSITORY"),
                "rules": rules.iter().map(|entry| descriptor(entry)).collect::<Vec<_>>(),
            } },
            "invocations": [{ "executionSuccessful": true }],
            "artifacts": artifacts,
            "results": results,
        }],
    });
    format!("{log:#}\n")
}

/// The rules of the findings, each once, by code.
fn rules(report: &Report) -> Vec<&'static Entry> {
    let mut rules: Vec<_> = report
        .findings
        .iter()
        .map(|finding| finding.kind.entry())
        .collect();
    rules.sort_by_key(|entry| entry.rule.code);
    rules.dedup_by_key(|entry| entry.rule.code);
    rules
}

fn descriptor(entry: &Entry) -> Value {
    let rule = entry.rule;
    json!({
        "id": rule.code,
        "shortDescription": { "text": rule.title },
        "fullDescription": { "text": rule.why },
        "help": { "text": format!("{}\n\nSources: {}", rule.fix, rule.sources.join("; ")) },
        "defaultConfiguration": { "level": level(rule.severity) },
        "properties": { "tags": [rule.area()] },
    })
}

fn result(finding: &Finding, rules: &[&'static Entry], report: &Report) -> Value {
    let index = rules
        .iter()
        .position(|entry| entry.rule.code == finding.code());
    json!({
        "ruleId": finding.code(),
        "ruleIndex": index,
        "level": level(finding.severity()),
        "message": { "text": format!("{} {}", finding.kind.message(), finding.kind.fix()) },
        "locations": [location(&finding.at, report)],
        "properties": { "evidence": finding.kind.evidence() },
    })
}

/// Where it was seen. What has no place of its own, such as a missing certificate, stands at the
/// first input: code scanning drops results without a location.
fn location(at: &Locus, report: &Report) -> Value {
    let name = at
        .input
        .as_deref()
        .or_else(|| report.inputs.first().map(|input| input.name.as_str()));
    let name = name.unwrap_or_default();
    let index = report.inputs.iter().position(|input| input.name == name);
    let mut artifact = place(name);
    if let Some(index) = index {
        artifact["index"] = index.into();
    }
    let mut physical = json!({ "artifactLocation": artifact });
    let mut region = json!({});
    if let Some(line) = at.line {
        region["startLine"] = line.into();
    }
    if let Some([from, to]) = at.bytes {
        region["byteOffset"] = from.into();
        region["byteLength"] = to.saturating_sub(from).into();
    }
    if region.as_object().is_some_and(|fields| !fields.is_empty()) {
        physical["region"] = region;
    }
    json!({ "physicalLocation": physical })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Notice => "note",
    }
}

/// Where an input is. What came through standard input has no address (3.4.1, 3.4.5: a `description`
/// says what it is); a URI that looks like a file would be looked for.
fn place(name: &str) -> Value {
    if name == STDIN {
        json!({ "uri": "stdin:", "description": { "text": "standard input" } })
    } else {
        json!({ "uri": uri(name) })
    }
}

/// A path as a URI reference (RFC 3986, section 4.1): relative as it is, absolute with its scheme.
fn uri(path: &str) -> String {
    let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
    let mut out = String::from(if path.starts_with('/') { "file://" } else { "" });
    for byte in path.bytes() {
        if unreserved(byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_uri_references() {
        assert_eq!(uri("certs/a b.pem"), "certs/a%20b.pem");
        assert_eq!(uri("/etc/ü.pem"), "file:///etc/%C3%BC.pem");
        assert_eq!(uri("c:x"), "c%3Ax");
    }
}
