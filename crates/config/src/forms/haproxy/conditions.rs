//! What the conditions of lines ask for (Configuration Manual, section 7).

use std::collections::BTreeMap;

use super::uses::Named;

/// Samples that tell clients from each other: what they are led by keeps somebody out.
const WHO: &[&str] = &[
    "src",
    "ssl_c_",
    "ssl_fc_has_crt",
    "http_auth",
    "auth_",
    "sc_",
    "sc0_",
    "sc1_",
    "sc2_",
    "cook",
    "req.cook",
    "hdr(cookie",
    "req.hdr(cookie",
    "hdr(authorization",
    "req.hdr(authorization",
    "hdr_ip(",
    "req.hdr_ip(",
];

/// Samples of a part of what a host has: its paths and methods are left behind like a location of nginx.
const PARTS: &[&str] = &[
    "path",
    "url",
    "capture.req.uri",
    "method",
    "query",
    "hdr(upgrade",
    "req.hdr(upgrade",
];

/// What a condition that is no plain list of hosts asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum About {
    /// Who asks.
    Who,
    /// A part of what is asked for.
    Part,
    /// Whether no server of this backend is up.
    Down(String),
    /// Something else, such as hosts that cannot be read, or an address.
    Unclear,
}

/// The tests of the conditions that have names. Several of one name are as one (section 7.1).
pub(super) type Tests<'n> = BTreeMap<&'n str, Vec<&'n [String]>>;

/// Gathers them.
pub(super) fn tests(named: &[Named]) -> Tests<'_> {
    let mut tests = Tests::new();
    for known in named {
        let all = tests.entry(&known.name).or_default();
        all.push(&known.test);
    }
    tests
}

/// Whether a test begins with one of such samples.
fn is_one_of(test: &[String], samples: &[&str]) -> bool {
    let first = test.first().map(|sample| sample.to_ascii_lowercase());
    first.is_some_and(|test| samples.iter().any(|sample| test.starts_with(sample)))
}

/// The backend that a test finds without a server, or, where it is turned around, with one ("nbsrv", section 7.3.2).
fn counted(test: &[String], is_turned: bool) -> Option<&str> {
    let words: Vec<&str> = test.iter().map(String::as_str).collect();
    let (sample, rest) = words.split_first()?;
    let backend = sample.strip_prefix("nbsrv(")?.strip_suffix(')')?;
    let is_down = match rest {
        ["0"] | ["eq" | "le", "0"] | ["lt", "1"] => !is_turned,
        ["gt", "0"] | ["ge", "1"] => is_turned,
        _ => false,
    };
    is_down.then_some(backend)
}

/// One term of a condition: the tests that it stands for, and whether it is turned around.
struct Term<'n> {
    tests: Vec<&'n [String]>,
    is_turned: bool,
}

impl Term<'_> {
    fn is_part(&self) -> bool {
        let mut tests = self.tests.iter();
        !self.is_turned && !self.tests.is_empty() && tests.all(|test| is_one_of(test, PARTS))
    }

    fn down(&self, is_turned: bool) -> Option<&str> {
        let is_turned = is_turned != self.is_turned;
        let mut tests = self.tests.iter();
        let first = counted(tests.next()?, is_turned)?;
        tests
            .all(|test| counted(test, is_turned) == Some(first))
            .then_some(first)
    }
}

/// The terms of a part of a condition that have to hold together.
fn terms<'n>(words: &'n [String], named: &Tests<'n>) -> Vec<Term<'n>> {
    let mut terms = Vec::new();
    let mut rest = words;
    while let Some((word, behind)) = rest.split_first() {
        rest = behind;
        let bare = word.trim_start_matches('!');
        let tests = if bare == "{" {
            let end = rest.iter().position(|word| word == "}");
            let (test, behind) = rest.split_at(end.unwrap_or(rest.len()));
            rest = behind.get(1..).unwrap_or_default();
            vec![test]
        } else {
            named.get(bare).cloned().unwrap_or_default()
        };
        let is_turned = bare != word;
        terms.push(Term { tests, is_turned });
    }
    terms
}

/// What a condition asks for: words one after the other all have to hold, and those behind `or` instead of them
/// (section 7.2).
pub(super) fn about(condition: &[String], named: &Tests<'_>) -> About {
    let Some((word, rest)) = condition.split_first() else {
        return About::Unclear;
    };
    let alternatives = rest.split(|word| word == "or" || word == "||");
    let alternatives: Vec<Vec<Term<'_>>> = alternatives.map(|all| terms(all, named)).collect();
    let mut tests = alternatives.iter().flatten().flat_map(|term| &term.tests);
    if tests.any(|test| is_one_of(test, WHO)) {
        return About::Who;
    }
    let is_if = word == "if";
    let is_part = |all: &Vec<Term<'_>>| all.iter().any(Term::is_part);
    if is_if && alternatives.iter().all(is_part) {
        return About::Part;
    }
    // `unless` turns one term around; of several it is something else.
    let is_one = matches!(alternatives.as_slice(), [all] if all.len() == 1);
    let down = |all: &Vec<Term<'_>>| {
        let mut downs = all.iter().filter_map(|term| term.down(!is_if));
        downs.next().map(str::to_owned)
    };
    let mut downs = alternatives.iter().map(down);
    match downs.next().flatten() {
        Some(first) if (is_if || is_one) && downs.all(|down| down.as_ref() == Some(&first)) => {
            About::Down(first)
        }
        _ => About::Unclear,
    }
}

/// What the condition of a line asks for; `None` where it has none.
pub(super) fn about_line(words: &[&str], named: &[Named]) -> Option<About> {
    let at = words
        .iter()
        .position(|word| ["if", "unless"].contains(word))?;
    let condition: Vec<String> = words[at..].iter().map(|word| (*word).to_owned()).collect();
    Some(about(&condition, &tests(named)))
}
