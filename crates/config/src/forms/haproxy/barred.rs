//! Backends that keep somebody out: who is led to one, and here to another, gets in.

use std::rc::Rc;

use super::conditions::{About, Named};
use super::fences::turns_all_away;
use super::guards::is_guard;
use super::sections::Line;
use super::variables::Variables;

/// Lines that give a backend servers (Configuration Manual, section 4.2).
const SERVERS: &[&str] = &["server", "server-template", "dispatch"];

/// What answers by itself, behind `http-request` or alone.
const ANSWERS: &[&str] = &["return", "redirect", "use-service", "stats"];

/// What keeps somebody out of a backend.
pub(super) struct Barred {
    /// The line that does it, if one does.
    pub(super) line: Option<usize>,
    /// As it is told, behind what leads there.
    pub(super) told: String,
}

/// Whether a section is off, by the last line that says it.
pub(super) fn is_off(lines: &[Line]) -> bool {
    let mut said = lines.iter().rev();
    let last =
        said.find(|(_, words)| words.iter().eq(["disabled"]) || words.iter().eq(["enabled"]));
    last.is_some_and(|(_, words)| words[0] == "disabled")
}

/// Whether a line is a server that is asked.
fn is_server(words: &[&str]) -> bool {
    let is_off = words.iter().skip(3).any(|word| *word == "disabled");
    words.first().is_some_and(|first| SERVERS.contains(first)) && !is_off
}

/// Whether somebody is behind a backend.
pub(super) fn has_server(lines: &[Line]) -> bool {
    lines.iter().any(|(_, words)| {
        let texts: Vec<&str> = words.iter().map(String::as_str).collect();
        is_server(&texts)
    })
}

/// Whether a backend answers somebody: by servers, or by itself.
pub(super) fn is_answering(lines: &[Line]) -> bool {
    let is_line = |is_it: fn(&[&str]) -> bool| {
        move |words: &Vec<String>| is_it(&words.iter().map(String::as_str).collect::<Vec<_>>())
    };
    let (is_refusal, is_closing) = (is_line(is_guard), is_line(turns_all_away));
    let mut words = lines.iter().map(|(_, words)| words);
    !is_off(lines)
        && !words.clone().any(is_closing)
        && words.any(|words| is_answer(words) && !is_refusal(words))
}

/// The lines of a section by which it turns somebody away.
pub(super) fn guards(
    lines: &[Line],
    variables: &Rc<Variables>,
) -> impl Iterator<Item = (usize, String)> {
    let mut named = Named::knowing(variables);
    lines.iter().filter_map(move |(line, words)| {
        let texts: Vec<&str> = words.iter().map(String::as_str).collect();
        if let ["acl", name, test @ ..] = texts.as_slice() {
            named.add(name, test);
        }
        let is_for_some = is_led_by_whom(&texts, &named);
        (is_guard(&texts) || is_for_some).then(|| (*line, texts.join(" ")))
    })
}

/// Whether a line answers some clients alone, or leads them elsewhere.
fn is_led_by_whom(words: &[&str], named: &Named) -> bool {
    let bare = words.strip_prefix(&["http-request"]).unwrap_or(words);
    let is_leading = |first: &&str| ANSWERS.contains(first) || *first == "use_backend";
    let is_away = ["return", "redirect"].contains(&bare.first().copied().unwrap_or_default());
    bare.first().is_some_and(is_leading) && named.about_line(bare) == Some(About::Who)
        || is_away && named.is_of_secret(bare)
}

/// Whether a line answers by itself, or is a server.
fn is_answer(words: &[String]) -> bool {
    let texts: Vec<&str> = words.iter().map(String::as_str).collect();
    let bare = texts.strip_prefix(&["http-request"]).unwrap_or(&texts);
    bare.first().is_some_and(|first| ANSWERS.contains(first)) || is_server(&texts)
}

impl Barred {
    /// The first line by which a backend turns somebody away, or that nobody is behind it: who comes gets an error.
    pub(super) fn of(lines: &[Line], variables: &Rc<Variables>) -> Option<Self> {
        if is_off(lines) {
            return Some(Self::whole("(disabled)"));
        }
        if let Some((line, told)) = guards(lines, variables).next() {
            let line = Some(line);
            return Some(Self { line, told });
        }
        let is_answered = lines.iter().any(|(_, words)| is_answer(words));
        (!is_answered).then(|| Self::whole("(without servers)"))
    }

    fn whole(why: &str) -> Self {
        Self {
            line: None,
            told: why.to_owned(),
        }
    }
}
