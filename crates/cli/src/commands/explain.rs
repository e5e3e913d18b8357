//! `keyway explain`

use keyway_chain::rules::RuleFacts;
use keyway_report::spelling::distance;

use crate::arguments::{ExplainArguments, ProseFormat};
use crate::failure::Failure;
use crate::formats::{json, markdown};
use crate::terminal::{self, Exit, Look};
use crate::voice;

/// Most codes that an unknown one is answered with.
const MOST_SUGGESTIONS: usize = 3;

/// Explains the rules that were named, or all.
pub(crate) fn run(arguments: &ExplainArguments, look: Look) -> Result<Exit, Failure> {
    let rules: Vec<RuleFacts> = if arguments.all {
        rulebook()
    } else {
        let codes = arguments.codes.iter();
        codes.map(|code| named(code)).collect::<Result<_, _>>()?
    };
    terminal::print(&match arguments.format {
        ProseFormat::Text => voice::explanations(&rules, look),
        ProseFormat::Json => json::rules(&rules),
        ProseFormat::Markdown => markdown::pages(&rules),
    })?;
    Ok(Exit::Clean)
}

/// Every rule there is.
pub(crate) fn rulebook() -> Vec<RuleFacts> {
    let chains = keyway_chain::rules::all().iter().map(RuleFacts::from);
    let services = keyway_config::rules::all().iter().copied();
    let zones = keyway_dns::rules::all().iter().copied();
    let connections = keyway_termination::rules::ALL.iter().copied();
    let others = services
        .chain(zones)
        .chain(connections)
        .map(RuleFacts::from);
    chains.chain(others).collect()
}

fn named(code: &str) -> Result<RuleFacts, Failure> {
    let wanted = code.trim().to_ascii_lowercase();
    let found = rulebook().into_iter().find(|rule| rule.code == wanted);
    found.ok_or_else(|| Failure::UnknownCode {
        given: code.to_owned(),
        nearest: nearest(code.trim()),
    })
}

/// The codes that were probably meant: those that hold the text, else those a few letters away.
fn nearest(given: &str) -> Vec<&'static str> {
    let codes: Vec<&'static str> = rulebook().iter().map(|rule| rule.code).collect();
    let given = given.to_ascii_lowercase().replace('_', "-");
    let longest = codes.iter().map(|code| code.len()).max().unwrap_or(0);
    // A third of a code may be wrong; past that another one is as near.
    let tolerance = longest.min(given.len()) / 3;
    if given.is_empty() || given.len() > 2 * longest {
        return Vec::new();
    }
    let mut ranked: Vec<(usize, &str)> = codes
        .into_iter()
        .map(|code| {
            let name = code.split_once('.').map_or(code, |(_, name)| name);
            let holds = code.contains(&given);
            let far = distance(&given, code).min(distance(&given, name));
            (if holds { 0 } else { far }, code)
        })
        .filter(|(far, _)| *far <= tolerance)
        .collect();
    ranked.sort_unstable();
    ranked
        .into_iter()
        .map(|(_, code)| code)
        .take(MOST_SUGGESTIONS)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_without_its_area_or_with_a_slip_is_recognised() {
        assert_eq!(nearest("leaf-not-first"), ["chain.leaf-not-first"]);
        assert_eq!(nearest("chain.leaf_not_frist")[0], "chain.leaf-not-first");
        assert_eq!(nearest("pem.missing-ned")[0], "pem.missing-end");
    }

    #[test]
    fn what_is_far_from_every_code_gets_no_suggestion() {
        assert!(nearest("").is_empty());
        assert!(nearest("zzzzzzzzzzzz").is_empty());
        assert!(nearest(&"x".repeat(100_000)).is_empty());
    }
}
