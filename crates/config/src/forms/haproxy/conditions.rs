//! What the conditions of lines ask for (Configuration Manual, section 7).

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::rc::Rc;

use super::variables::Variables;
use crate::forms::asking;

/// Samples that tell clients from each other: what they are led by keeps somebody out.
const WHO: &[&str] = &[
    "src",
    "fc_src",
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

/// Samples of the host that is asked for.
const HOSTS: &[&str] = &["base", "hdr", "req.hdr", "req.fhdr", "ssl_fc_sni"];

/// How a part of a text is looked for (section 7.1.3).
const OF_PARTS: &[&str] = &["beg", "dir", "dom", "end", "reg", "sub"];

/// Bytes of a backend's name: a line is some two thousand (section 2.2).
const MAX_NAME: usize = 256;

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

/// Whether a test begins with one of such samples.
fn is_one_of(test: &[String], samples: &[&str]) -> bool {
    let first = test.first().map(|sample| sample.to_ascii_lowercase());
    first.is_some_and(|test| samples.iter().any(|sample| test.starts_with(sample)))
}

/// Whether a test is of methods with that by which all is read: who asks for a host asks so.
fn is_of_reading(test: &[String]) -> bool {
    let mut words = test.iter();
    let is_of_methods = words
        .next()
        .is_some_and(|sample| sample.eq_ignore_ascii_case("method"));
    is_of_methods && words.any(|word| word.eq_ignore_ascii_case("GET"))
}

/// Whether a test looks at a field that is not the host's.
fn is_of_other_field(test: &[String]) -> bool {
    let sample = test.first().and_then(|sample| sample.split_once("hdr"));
    sample.is_some_and(|(_, rest)| !rest.to_ascii_lowercase().contains("(host"))
}

/// Samples of what is asked for in the place of a path, by their starts.
const PARAMETERS: &[&str] = &["url_param", "urlp", "query"];

/// Whether a test looks at a field that may hold what somebody is let in by.
fn is_of_secret(test: &[String]) -> bool {
    let Some((sample, rest)) = test.first().and_then(|sample| sample.split_once('(')) else {
        return false;
    };
    let field = rest.split([')', ',']).next().unwrap_or_default();
    sample.to_ascii_lowercase().contains("hdr") && asking::may_be_secret(field)
}

/// The backend that a test finds without a server, or, where it is turned around, with one ("nbsrv", section 7.3.2).
fn counted(test: &[String], is_turned: bool) -> Option<&str> {
    let words: Vec<&str> = test.iter().map(String::as_str).collect();
    let (sample, rest) = words.split_first()?;
    let backend = sample.strip_prefix("nbsrv(")?.strip_suffix(')')?;
    if backend.len() > MAX_NAME {
        return None;
    }
    let is_down = match rest {
        ["0"] | ["eq" | "le", "0"] | ["lt", "1"] => !is_turned,
        ["gt", "0"] | ["ge", "1"] => is_turned,
        _ => false,
    };
    is_down.then_some(backend)
}

/// What tests look at, those of one name taken together: several are as one (section 7.1).
#[derive(Clone, Default, PartialEq)]
pub(super) struct Facts {
    is_who: bool,
    /// Whether it is looked at whether somebody comes by TLS, and at nothing else.
    is_tls: bool,
    pub(super) is_part: bool,
    pub(super) is_host: bool,
    /// Whether a field is looked at that may hold a secret.
    is_secret: bool,
    /// Whether what is asked for beside the path is, which may hold one.
    is_parameter: bool,
    /// The backend that they find without a server.
    down: Option<String>,
    /// The one that they find without a server where they are turned around.
    down_turned: Option<String>,
}

impl Facts {
    fn of(test: &[String]) -> Self {
        Self {
            is_who: is_one_of(test, WHO),
            is_tls: matches!(test, [sample] if sample == "ssl_fc"),
            is_part: is_one_of(test, PARTS) && !is_of_reading(test),
            is_host: is_one_of(test, HOSTS) && !is_of_other_field(test),
            is_secret: is_of_secret(test),
            is_parameter: is_one_of(test, PARAMETERS),
            down: counted(test, false).map(str::to_owned),
            down_turned: counted(test, true).map(str::to_owned),
        }
    }

    /// Those of a name that is there in any case (section 7.4).
    fn of_predefined(name: &str) -> Self {
        Self {
            is_who: name == "LOCALHOST",
            is_part: ["METH_", "HTTP_URL_"]
                .iter()
                .any(|start| name.starts_with(start) && name != "METH_GET"),
            ..Self::default()
        }
    }

    /// Takes in what a variable is made of: a test of it looks at that, too.
    pub(super) fn is_of(&mut self, made_of: &Self) {
        self.is_who |= made_of.is_who;
        self.is_secret |= made_of.is_secret || made_of.is_parameter;
        self.is_host |= made_of.is_host;
    }

    fn down(&self, is_turned: bool) -> Option<&str> {
        let down = if is_turned {
            &self.down_turned
        } else {
            &self.down
        };
        down.as_deref()
    }

    fn take_in(&mut self, other: &Self) {
        self.is_who |= other.is_who;
        self.is_secret |= other.is_secret;
        self.is_parameter |= other.is_parameter;
        self.is_tls &= other.is_tls;
        self.is_part &= other.is_part;
        self.is_host |= other.is_host;
        if self.down != other.down {
            self.down = None;
        }
        if self.down_turned != other.down_turned {
            self.down_turned = None;
        }
    }
}

/// A term of a condition.
pub(super) enum Term<'w> {
    /// A test that stands there.
    Test(&'w [String]),
    /// The name of one that stands elsewhere.
    Name(&'w str),
}

/// The parts of a condition, behind `if` or `unless`, of which one has to hold (section 7.2).
pub(super) fn alternatives(condition: &[String]) -> impl Iterator<Item = &[String]> {
    condition.split(|word| word == "or" || word == "||")
}

/// The terms of such a part, which have to hold together, each with whether it is turned around.
pub(super) fn terms(words: &[String]) -> Vec<(Term<'_>, bool)> {
    let mut terms = Vec::new();
    let mut rest = words;
    while let Some((word, behind)) = rest.split_first() {
        rest = behind;
        let bare = word.trim_start_matches('!');
        let term = if bare == "{" {
            let end = rest.iter().position(|word| word == "}");
            let (test, behind) = rest.split_at(end.unwrap_or(rest.len()));
            rest = behind.get(1..).unwrap_or_default();
            Term::Test(test)
        } else {
            Term::Name(bare)
        };
        terms.push((term, bare != word));
    }
    terms
}

/// The variable that a test looks at.
fn variable(test: &[String]) -> Option<&str> {
    let rest = test.first()?.strip_prefix("var(")?;
    rest.split([')', ',']).next()
}

/// The conditions that have names, and what the variables are made of that lines set.
pub(super) struct Named {
    tests: BTreeMap<String, Facts>,
    variables: Rc<Variables>,
}

impl Named {
    /// None yet, where variables are known.
    pub(super) fn knowing(variables: &Rc<Variables>) -> Self {
        Self {
            tests: BTreeMap::new(),
            variables: Rc::clone(variables),
        }
    }

    /// Takes all of them out, as another section has others.
    pub(super) fn taken(&mut self) -> Self {
        let none = Self::knowing(&self.variables);
        std::mem::replace(self, none)
    }

    /// Whether a condition holds always, or never: of the names that are there in any case (section 7.4), or of the
    /// samples of section 7.3.1.
    pub(super) fn settled(&self, condition: &[&str]) -> Option<bool> {
        let (is_if, truth) = match condition {
            [word, name @ ("TRUE" | "FALSE")] if !self.tests.contains_key(*name) => {
                (*word == "if", *name == "TRUE")
            }
            [word, "{", sample @ ("always_true" | "always_false"), "}"] => {
                (*word == "if", *sample == "always_true")
            }
            _ => return None,
        };
        Some(is_if == truth)
    }

    /// Takes a test of a name in.
    pub(super) fn add(&mut self, name: &str, test: &[&str]) {
        let test: Vec<String> = test.iter().map(|word| (*word).to_owned()).collect();
        let facts = self.facts_of(&test);
        match self.tests.get_mut(name) {
            Some(known) => known.take_in(&facts),
            None => drop(self.tests.insert(name.to_owned(), facts)),
        }
    }

    /// A line whose condition is a name for who comes by TLS, with the test in its place.
    pub(super) fn spelled<'w>(&self, words: &[&'w str]) -> Vec<&'w str> {
        let Some((start, [word @ ("if" | "unless"), term])) = words.split_last_chunk() else {
            return words.to_vec();
        };
        let bare = term.trim_start_matches('!');
        let is_tls = self.tests.get(bare).is_some_and(|facts| facts.is_tls);
        let is_if = (*word == "if") == (*term == bare);
        let word = if is_if { "if" } else { "unless" };
        if is_tls {
            [start, &[word, "{", "ssl_fc", "}"]].concat()
        } else {
            words.to_vec()
        }
    }

    /// What a variable is made of, where a line sets it.
    pub(super) fn variable(&self, name: &str) -> Option<&Facts> {
        self.variables.get(name)
    }

    /// What a test looks at.
    pub(super) fn facts_of(&self, test: &[String]) -> Facts {
        let mut facts = Facts::of(test);
        let Some(variable) = variable(test) else {
            return facts;
        };
        if let Some(made_of) = self.variable(variable) {
            facts.is_of(made_of);
        } else {
            // Something else found it out, such as that somebody is let in. A part of a text is one of what is asked for.
            let mut words = test.iter().map(String::as_str);
            facts.is_secret |= !words.any(|how| OF_PARTS.contains(&how));
        }
        facts
    }

    /// What the terms of a part of a condition look at, each with whether it is turned around.
    pub(super) fn facts(&self, words: &[String]) -> Vec<(Cow<'_, Facts>, bool)> {
        let facts = |term: Term<'_>| match term {
            Term::Test(test) => Cow::Owned(self.facts_of(test)),
            Term::Name(name) => match self.tests.get(name) {
                Some(facts) => Cow::Borrowed(facts),
                None => Cow::Owned(Facts::of_predefined(name)),
            },
        };
        let terms = terms(words).into_iter();
        terms
            .map(|(term, is_turned)| (facts(term), is_turned))
            .collect()
    }

    /// What a condition asks for: words one after the other all have to hold, and those behind `or` instead of them
    /// (section 7.2).
    pub(super) fn about(&self, condition: &[String]) -> About {
        let Some((word, rest)) = condition.split_first() else {
            return About::Unclear;
        };
        let alternatives: Vec<_> = alternatives(rest).map(|all| self.facts(all)).collect();
        if alternatives.iter().flatten().any(|(facts, _)| facts.is_who) {
            return About::Who;
        }
        let is_if = word == "if";
        let is_part = |all: &Vec<(Cow<'_, Facts>, bool)>| {
            let mut terms = all.iter();
            terms.any(|(facts, is_turned)| facts.is_part && !is_turned)
        };
        if is_if && alternatives.iter().all(is_part) {
            return About::Part;
        }
        // `unless` turns one term around; of several it is something else.
        let is_one = matches!(alternatives.as_slice(), [all] if all.len() == 1);
        let mut downs = alternatives.iter().map(|all| {
            let mut terms = all.iter();
            terms.find_map(|(facts, is_turned)| facts.down(*is_turned == is_if))
        });
        match downs.next().flatten() {
            Some(first) if (is_if || is_one) && downs.all(|down| down == Some(first)) => {
                About::Down(first.to_owned())
            }
            _ => About::Unclear,
        }
    }

    /// Whether a condition, without its first word, asks for hosts.
    pub(super) fn is_of_hosts(&self, condition: &[String]) -> bool {
        let mut parts = alternatives(condition);
        parts.any(|all| self.facts(all).iter().any(|(facts, _)| facts.is_host))
    }

    /// Whether the condition of a line may be one of who knows a secret, or lacks it.
    pub(super) fn is_of_secret(&self, words: &[&str]) -> bool {
        let is_start = |word: &&str| ["if", "unless"].contains(word);
        let Some(at) = words.iter().position(is_start) else {
            return false;
        };
        let is_if = words[at] == "if";
        let condition = words[at + 1..].iter().map(|word| (*word).to_owned());
        let condition: Vec<String> = condition.collect();
        alternatives(&condition).any(|all| {
            let mut facts = self.facts(all).into_iter();
            facts.any(|(facts, is_turned)| {
                facts.is_secret || facts.is_parameter && is_turned == is_if
            })
        })
    }

    /// What the condition of a line asks for; `None` where it has none.
    pub(super) fn about_line(&self, words: &[&str]) -> Option<About> {
        let is_start = |word: &&str| ["if", "unless"].contains(word);
        let at = words.iter().position(is_start)?;
        let condition: Vec<String> = words[at..].iter().map(|word| (*word).to_owned()).collect();
        Some(self.about(&condition))
    }
}
