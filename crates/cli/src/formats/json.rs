//! JSON: the report's contract `keyway.report/1`, and what is read out of it.

use keyway_chain::rules::Entry;
use keyway_chain::{Profile, Report};
use serde_json::{Value, json};

/// The report, indented, with a newline at the end.
pub(crate) fn report(report: &Report) -> String {
    report.to_json(true) + "\n"
}

/// Rules, as an array.
pub(crate) fn rules(entries: &[&Entry]) -> String {
    let rules: Vec<Value> = entries.iter().map(|entry| rule(entry)).collect();
    format!("{:#}\n", Value::Array(rules))
}

fn rule(entry: &Entry) -> Value {
    let rule = entry.rule;
    json!({
        "code": rule.code,
        "severity": rule.severity,
        "title": rule.title,
        "why": rule.why,
        "fix": rule.fix,
        "sources": rule.sources,
        "decides": super::markdown::aspect(entry.aspect),
        "profiles": entry.profiles,
    })
}

/// The word of a profile, as it is typed and written.
pub(crate) fn profile(profile: Profile) -> &'static str {
    match profile {
        Profile::Webpki => "webpki",
        Profile::Rfc5280 => "rfc5280",
        Profile::Private => "private",
    }
}

/// The facts of a report without its judgement: inputs, certificates, requests, lists, keys.
pub(crate) fn facts(report: &Report) -> String {
    let mut certificates = json!(report.certificates);
    for certificate in certificates.as_array_mut().into_iter().flatten() {
        if let Some(fields) = certificate.as_object_mut() {
            // Both depend on the chain, which nobody asked about.
            fields.remove("role");
            fields.remove("given");
        }
    }
    let facts = json!({
        "schema": "keyway.inspect/1",
        "inputs": report.inputs,
        "certificates": certificates,
        "requests": report.requests,
        "crls": report.crls,
        "keys": report.keys,
    });
    format!("{facts:#}\n")
}
