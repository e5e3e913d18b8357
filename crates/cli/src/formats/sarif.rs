//! SARIF 2.1.0 (OASIS Standard, 27 March 2020), for code scanning.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use keyway_chain::Report;
use keyway_report::{Finding, Kind, Locus, Rule, Severity};
use serde_json::{Value, json};

use super::connection::Answer;
use crate::intent::STDIN;

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// The report as one run, with the rules that it speaks of.
pub(crate) fn report(report: &Report) -> String {
    let mut log = Log::default();
    log.add(report, &place);
    log.text()
}

/// The same of what is served: of every address, and of the files beside it.
pub(crate) fn answer(answer: &Answer) -> String {
    let mut log = Log::default();
    for at in &answer.addresses {
        match &at.report {
            Some(report) => log.add(report, &served),
            // What did not come is wrong somewhere, too.
            None => log
                .artifacts
                .push((at.input.clone(), json!({ "location": served(&at.input) }))),
        }
    }
    if let Some(files) = &answer.files {
        log.add(files, &place);
    }
    for finding in &answer.findings {
        log.result(finding, None);
    }
    log.text()
}

/// What a run holds.
#[derive(Default)]
struct Log {
    rules: BTreeMap<&'static str, &'static Rule>,
    /// Each with the name that findings have for it.
    artifacts: Vec<(String, Value)>,
    results: Vec<(&'static str, Value)>,
}

impl Log {
    /// What a report says; `place` says where its inputs are.
    fn add(&mut self, report: &Report, place: &dyn Fn(&str) -> Value) {
        for input in &report.inputs {
            let artifact = json!({ "location": place(&input.name), "length": input.size });
            self.artifacts.push((input.name.clone(), artifact));
        }
        let first = report.inputs.first().map(|input| input.name.as_str());
        for finding in &report.findings {
            self.result(finding, first);
        }
    }

    /// A finding. What has no place of its own, such as a missing certificate, stands at the first input: code
    /// scanning drops results without a location.
    fn result<K: Kind>(&mut self, finding: &Finding<K>, first: Option<&str>) {
        self.rules.insert(finding.code(), finding.kind.rule());
        let name = finding.at.input.as_deref().or(first).unwrap_or_default();
        let result = json!({
            "ruleId": finding.code(),
            "level": level(finding.severity()),
            "message": { "text": format!("{} {}", finding.kind.message(), finding.kind.fix()) },
            "locations": [self.location(&finding.at, name)],
            "properties": { "evidence": finding.kind.evidence() },
        });
        self.results.push((finding.code(), result));
    }

    /// Where it was seen.
    fn location(&self, at: &Locus, name: &str) -> Value {
        let index = self.artifacts.iter().position(|(known, _)| known == name);
        let mut artifact = place(name);
        if let Some((index, (_, known))) = index.and_then(|at| Some((at, self.artifacts.get(at)?)))
        {
            artifact = known["location"].clone();
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

    fn text(self) -> String {
        let index = |code: &str| self.rules.keys().position(|known| *known == code);
        let results = self.results.into_iter().map(|(code, mut result)| {
            result["ruleIndex"] = index(code).into();
            result
        });
        let artifacts = self.artifacts.into_iter().map(|(_, artifact)| artifact);
        let log = json!({
            "$schema": SCHEMA,
            "version": "2.1.0",
            "runs": [{
                "tool": { "driver": {
                    "name": "keyway",
                    "version": env!("CARGO_PKG_VERSION"),
                    "informationUri": env!("CARGO_PKG_REPOSITORY"),
                    "rules": self.rules.values().map(|rule| descriptor(rule)).collect::<Vec<_>>(),
                } },
                "invocations": [{ "executionSuccessful": true }],
                "artifacts": artifacts.collect::<Vec<_>>(),
                "results": results.collect::<Vec<_>>(),
            }],
        });
        format!("{log:#}\n")
    }
}

fn descriptor(rule: &Rule) -> Value {
    json!({
        "id": rule.code,
        "shortDescription": { "text": rule.title },
        "fullDescription": { "text": rule.why },
        "help": { "text": format!("{}\n\nSources: {}", rule.fix, rule.sources.join("; ")) },
        "defaultConfiguration": { "level": level(rule.severity) },
        "properties": { "tags": [rule.area()] },
    })
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

/// Where what is served comes from: a URI of no file, which nobody looks for.
fn served(name: &str) -> Value {
    json!({ "uri": format!("tls:{}", uri(name)), "description": { "text": name } })
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
