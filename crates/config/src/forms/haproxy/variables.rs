//! What the variables are made of that lines set (Configuration Manual, section 2.8).

use std::collections::BTreeMap;
use std::rc::Rc;

use super::conditions::{Facts, Named, alternatives};
use super::sections::Section;

/// Lines that set a variable, or take it away ("set-var", "unset-var", section 4.3).
const SETTING: &[&str] = &["set-var(", "set-var-fmt(", "unset-var("];

/// How often it is looked at what variables are made of that others are made of. People name one after the other.
const MAX_ROUNDS: usize = 4;

/// The variables of a whole file, by their names: where and in which order they are set says nothing of when.
#[derive(Default, PartialEq)]
pub(super) struct Variables(BTreeMap<String, Facts>);

/// In the middle of a sample, which is what the variable is made of then (section 7.3.1).
const CONVERTER: &str = ",set-var(";

/// The variable that a line sets, and what says of what it is made.
fn set(words: &[String]) -> Option<(&str, &[String])> {
    // Of the whole process ("set-var", section 3.1).
    if let [first, name, ..] = words
        && ["set-var", "set-var-fmt"].contains(&first.as_str())
    {
        return Some((name, &words[2..]));
    }
    let is_setting = |word: &str| SETTING.iter().any(|it| word.starts_with(it));
    for (at, word) in words.iter().enumerate() {
        let (rest, from) = match word.split_once(CONVERTER) {
            Some((_, rest)) => (rest, at),
            None if is_setting(word) => (word.split_once('(')?.1, at + 1),
            None => continue,
        };
        return Some((rest.split([')', ',']).next()?, &words[from..]));
    }
    None
}

impl Variables {
    /// Those that the lines of any section set. What one is made of, and where it is set, is what a test of it looks at.
    pub(super) fn of(sections: &[Section]) -> Rc<Self> {
        let lines = sections.iter().flat_map(|section| &section.lines);
        let names = lines.filter_map(|(_, words)| set(words));
        let names = names.map(|(name, _)| (name.to_owned(), Facts::default()));
        let mut known = Rc::new(Self(names.collect()));
        if known.0.is_empty() {
            return known;
        }
        for _ in 0..MAX_ROUNDS {
            let next = Rc::new(Self::by(sections, &known));
            if next == known {
                break;
            }
            known = next;
        }
        known
    }

    fn by(sections: &[Section], known: &Rc<Self>) -> Self {
        let mut variables = Self::default();
        for section in sections {
            let mut named = Named::knowing(known);
            for (_, words) in &section.lines {
                let texts: Vec<&str> = words.iter().map(String::as_str).collect();
                if let ["acl", name, test @ ..] = texts.as_slice() {
                    named.add(name, test);
                }
            }
            for (name, words) in section.lines.iter().filter_map(|(_, words)| set(words)) {
                variables.set(name, words, &named);
            }
        }
        variables
    }

    fn set(&mut self, name: &str, words: &[String], named: &Named) {
        let is_start = |word: &String| ["if", "unless"].contains(&word.as_str());
        let end = words.iter().position(is_start);
        let (made_of, condition) = words.split_at(end.unwrap_or(words.len()));
        let known = self.0.entry(name.to_owned()).or_default();
        let mut facts = named.facts_of(made_of);
        // Mostly the path of it counts.
        facts.is_host &= !made_of.iter().any(|sample| sample.starts_with("base"));
        known.is_of(&facts);
        for word in made_of {
            // Samples in the middle of a text (section 8.2.6), and variables that samples are made with.
            for sample in word.split("%[").skip(1) {
                known.is_of(&named.facts_of(&[sample.to_owned()]));
            }
            let is_apart =
                |letter: char| !letter.is_alphanumeric() && letter != '_' && letter != '.';
            for other in word.split(is_apart) {
                known.is_of(named.variable(other).unwrap_or(&Facts::default()));
            }
        }
        for part in alternatives(condition.get(1..).unwrap_or_default()) {
            let all = named.facts(part);
            let is_part = all
                .iter()
                .any(|(facts, is_turned)| facts.is_part && !is_turned);
            for (facts, _) in all {
                let mut facts = facts.into_owned();
                facts.is_host &= !is_part;
                known.is_of(&facts);
            }
        }
    }

    pub(super) fn get(&self, name: &str) -> Option<&Facts> {
        self.0.get(name)
    }
}
