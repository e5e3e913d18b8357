//! Rules in full.

use keyway_chain::rules::RuleFacts;
use keyway_report::Severity;

use super::findings::tone;
use super::page::{Page, Tone};
use crate::formats::json;
use crate::terminal::Look;

/// The rules, one after the other.
pub(crate) fn explanations(rules: &[RuleFacts], look: Look) -> String {
    let mut page = Page::new(look);
    for (index, rule) in rules.iter().enumerate() {
        if index > 0 {
            page.blank();
        }
        one(&mut page, rule);
    }
    page.finish()
}

fn one(page: &mut Page, rule: &RuleFacts) {
    let lead = [
        (rule.severity.word(), tone(rule.severity)),
        ("  ", Tone::Plain),
        (rule.code, Tone::Strong),
    ];
    page.row(&lead);
    page.paragraph(&[], "", &format!("{}.", rule.title), Tone::Plain);
    field(page, "why", rule.why);
    field(page, "fix", rule.fix);
    if let Some(verdict) = rule.decides {
        let decides = if rule.severity == Severity::Error {
            format!("the verdict \"{verdict}\"")
        } else {
            format!("nothing; it is about the verdict \"{verdict}\"")
        };
        field(page, "decides", &decides);
    }
    if !rule.profiles.is_empty() {
        let profiles = rule.profiles.iter().map(|each| json::profile(*each));
        let profiles: Vec<&str> = profiles.collect();
        field(page, "profiles", &profiles.join(", "));
    }
    for source in rule.sources {
        field(page, "source", source);
    }
}

fn field(page: &mut Page, name: &str, text: &str) {
    let lead = format!("  {name:<9} ");
    page.paragraph(&[(&lead, Tone::Dim)], "            ", text, Tone::Plain);
}
