//! Redirects to https, as frontends say them.

use crate::forms::settings;

/// What a redirect is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Redirect {
    /// Everything that comes to the frontend.
    All,
    /// What comes to it in plain text.
    Plain,
}

/// The host that was asked for, in a place.
const ASKED: &[&str] = &[
    "%[req.hdr(host),field(1,:)]",
    "%[hdr(host),field(1,:)]",
    "%[req.hdr(host)]",
    "%[hdr(host)]",
];

/// Whether a place is what was asked for by https, maybe at another port, as keyway's own export has it.
fn is_location(to: &str) -> bool {
    let Some((to, path)) = PATHS
        .iter()
        .find_map(|path| Some((to.strip_prefix("https://")?.strip_suffix(path)?, path)))
    else {
        return false;
    };
    let to = to.to_ascii_lowercase();
    let mut behind = ASKED.iter().filter_map(|host| to.strip_prefix(host));
    behind.any(|rest| {
        let port = rest.strip_prefix(':');
        rest.is_empty() || *path == "%[pathq]" && port.is_some_and(|it| it.parse::<u16>().is_ok())
    })
}

/// The redirect that a line is (Configuration Manual, section 4.2, "redirect").
pub(super) fn of(words: &[&str]) -> Option<Redirect> {
    let words = words.strip_prefix(&["http-request"]).unwrap_or(words);
    let rest = match words {
        ["redirect", "scheme", "https", rest @ ..] => rest,
        ["redirect", "location", to, rest @ ..] if is_location(to) => rest,
        _ => return None,
    };
    let behind_code = match rest {
        ["code", "301" | "302" | "307" | "308", behind @ ..] => Some(behind),
        _ => None,
    };
    let rest = behind_code.unwrap_or(rest);
    match rest {
        [] => Some(Redirect::All),
        ["unless", "{", "ssl_fc", "}"]
        | ["if", "!{", "ssl_fc", "}"]
        | ["if", "{", "ssl_fc", "0", "}"] => Some(Redirect::Plain),
        _ => None,
    }
}

/// The condition of whom a redirect to https is not for, as one of `if`.
pub(super) fn but_for<'w>(words: &[&'w str]) -> Option<Vec<&'w str>> {
    let bare = words.strip_prefix(&["http-request"]).unwrap_or(words);
    let ["redirect", "scheme", "https", rest @ ..] = bare else {
        return None;
    };
    let at = rest
        .iter()
        .position(|word| ["if", "unless"].contains(word))?;
    of(&[&["redirect", "scheme", "https"], &rest[..at]].concat())?;
    match rest[at..] {
        ["unless", ref condition @ ..] => Some([&["if"], condition].concat()),
        ["if", ref condition @ ..] => turned(condition),
        _ => None,
    }
}

/// The condition that holds where another one does not, of terms that all are turned around: `!a !b` does not hold where
/// `a or b` does.
fn turned<'w>(condition: &[&'w str]) -> Option<Vec<&'w str>> {
    let mut others = Vec::new();
    let mut is_inside = false;
    for word in condition {
        if is_inside {
            is_inside = *word != "}";
            others.push(*word);
            continue;
        }
        let bare = word.strip_prefix('!')?;
        is_inside = bare == "{";
        others.push(if others.is_empty() { "if" } else { "or" });
        others.push(bare);
    }
    Some(others)
}

/// What is left of such a condition without those who come by TLS: the redirect is for who comes in plain text.
pub(super) fn but_tls<'w>(others: &[&'w str]) -> Option<Vec<&'w str>> {
    let parts = others.strip_prefix(&["if"])?;
    let parts = parts.split(|word| ["or", "||"].contains(word));
    let (by_tls, rest): (Vec<&[&str]>, Vec<_>) =
        parts.partition(|part| *part == ["{", "ssl_fc", "}"]);
    if by_tls.is_empty() || rest.is_empty() {
        return None;
    }
    let mut others = vec!["if"];
    others.extend(rest.join(&"or"));
    Some(others)
}

/// The condition of whom a redirect to https is for.
pub(super) fn only_for<'a, 'w>(words: &'a [&'w str]) -> Option<&'a [&'w str]> {
    let bare = words.strip_prefix(&["http-request"]).unwrap_or(words);
    let at = bare.iter().position(|word| *word == "if")?;
    of(&bare[..at]).map(|_| &bare[at + 1..])
}

/// Behind the host of a place: the path that was asked for (section 7.3.6).
const PATHS: &[&str] = &["%[capture.req.uri]", "%[pathq]", "%[url]", "%HU"];

/// The one host that a line sends everybody to by https, with the path that was asked for.
pub(super) fn host_to(told: &str) -> Option<&str> {
    let words: Vec<&str> = told.split(' ').collect();
    let bare = words.strip_prefix(&["http-request"]).unwrap_or(&words);
    let (["redirect", way, to] | ["redirect", way, to, "code", "301" | "302" | "307" | "308"]) =
        *bare
    else {
        return None;
    };
    let rest = to.strip_prefix("https://")?;
    let host = match way {
        "prefix" => rest,
        "location" => PATHS.iter().find_map(|path| rest.strip_suffix(path))?,
        _ => return None,
    };
    let bare = host.strip_suffix(":443").unwrap_or(host);
    settings::is_plain(bare).then_some(bare)
}

/// Whether everybody is sent elsewhere, or answered, before a backend is chosen (section 4.2, "http-request").
pub(super) fn is_for_all(words: &[&str]) -> bool {
    let bare = words.strip_prefix(&["http-request"]);
    let is_it =
        matches!(bare, Some(["redirect" | "return", ..])) || words.first() == Some(&"redirect");
    is_it && !words.iter().any(|word| ["if", "unless"].contains(word))
}
