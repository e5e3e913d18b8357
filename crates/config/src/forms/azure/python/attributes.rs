//! What is set on something that a call has made: `ssl_configuration.renew = True`, or `setattr(ssl_configuration, 'renew',
//! True)`.

use std::collections::BTreeSet;
use std::ops::Range;

use super::calls::{arguments, called, is_ours, is_sign, name_at};
use super::tokens::{Placed, Token};

/// The call whose result has attributes that are read.
pub(super) const MADE_BY: &str = "SslConfiguration";

/// Its attributes, beside those whose names say that they are about TLS.
const FIELDS: &[&str] = &["status", "cert", "key", "cname", "renew"];

/// The function of Python that sets an attribute by its name (The Python Standard Library, "Built-in Functions").
pub(super) const SETTER: &str = "setattr";

/// The end of the names that hold what it makes, wherever they have it from.
const HOLDERS: &str = "ssl_configuration";

/// An attribute that is set.
pub(super) struct Attribute<'t> {
    pub(super) name: &'t str,
    /// The name that it is set on, where there is one.
    pub(super) on: Option<&'t str>,
    /// Where its value stands; `None` where it is not simply set to one.
    pub(super) value: Option<Range<usize>>,
}

/// Where the names and dots that end at a word begin.
fn chain(tokens: &[Placed<'_>], mut at: usize) -> usize {
    while at >= 2 && is_sign(tokens, at - 1, '.') && name_at(tokens, at - 2).is_some() {
        at -= 2;
    }
    at
}

/// Variables that `SslConfiguration(…)` was given to, be it with an annotation or several at a time.
pub(super) fn variables<'t>(tokens: &[Placed<'t>]) -> BTreeSet<&'t str> {
    let mut names = BTreeSet::new();
    for at in 0..tokens.len() {
        if called(tokens, at) != Some(MADE_BY) {
            continue;
        }
        let mut at = chain(tokens, at);
        while at >= 2 && is_sign(tokens, at - 1, '=') {
            let end = at - 2;
            at = chain(tokens, end);
            names.extend(name_at(tokens, end));
            if at >= 2 && is_sign(tokens, at - 1, ':') {
                names.extend(name_at(tokens, at - 2));
            }
        }
    }
    names
}

/// Whether the word ends what stands in front of `+=` or a comma at the start of a statement: there it is set.
fn begins_others(tokens: &[Placed<'_>], at: usize) -> bool {
    if !(is_sign(tokens, at + 1, '?') || is_sign(tokens, at + 1, ',')) {
        return false;
    }
    let start = chain(tokens, at);
    let is_behind = |sign| start > 0 && is_sign(tokens, start - 1, sign);
    tokens[start].begins || is_behind(';') || is_behind(':')
}

/// The attribute about TLS that is set by the word here, if it is one.
pub(super) fn set<'t>(tokens: &[Placed<'t>], at: usize) -> Option<Attribute<'t>> {
    let name = name_at(tokens, at).filter(|_| at > 0 && is_sign(tokens, at - 1, '.'))?;
    if !(is_ours(name) || FIELDS.contains(&name)) {
        return None;
    }
    let is_simple = is_sign(tokens, at + 1, '=');
    if !is_simple && !begins_others(tokens, at) {
        return None;
    }
    Some(Attribute {
        name,
        on: at.checked_sub(2).and_then(|at| name_at(tokens, at)),
        value: is_simple.then(|| statement(tokens, at + 2)),
    })
}

/// What is set by a call of [`SETTER`], where it may be about TLS.
pub(super) fn set_by_call<'t>(
    tokens: &'t [Placed<'_>],
    variables: &BTreeSet<&str>,
    at: usize,
) -> Option<Attribute<'t>> {
    let arguments = arguments(tokens, at + 1);
    let [on, name, value] = arguments.as_slice() else {
        return None;
    };
    let name = match &tokens[name.clone()] {
        [
            Placed {
                token: Token::Text(text),
                ..
            },
        ] => Some(text.as_str()),
        _ => None,
    };
    let on = name_at(tokens, on.end - 1);
    let is_meant = match name {
        Some(name) => is_ours(name) || FIELDS.contains(&name),
        // Much else is set by a name that is computed.
        None => on.is_some_and(|on| is_read(on, variables)),
    };
    is_meant.then(|| Attribute {
        // Which one is computed, and may be any.
        name: name.unwrap_or("an attribute"),
        on,
        value: name.map(|_| value.clone()),
    })
}

/// From here to the end of the statement, or to the sign by which something else is set to the same.
fn statement(tokens: &[Placed<'_>], from: usize) -> Range<usize> {
    let mut at = from;
    while let Some(placed) = tokens.get(at) {
        if at > from && placed.begins || is_sign(tokens, at, ';') {
            break;
        }
        at = placed.close + 1;
        if is_sign(tokens, at - 1, '=') {
            break;
        }
    }
    from..at
}

/// Whether a name holds what `SslConfiguration(…)` makes.
pub(super) fn is_read(name: &str, variables: &BTreeSet<&str>) -> bool {
    variables.contains(name) || name.ends_with(HOLDERS)
}
