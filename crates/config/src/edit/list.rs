//! A list of texts in TOML: what stays in it keeps its comments.

use toml_edit::{Array, RawString, Value};

/// Makes a list hold these texts, in this order. `false` where that would move what is there: then the list
/// is better written anew.
pub(super) fn change(list: &mut Array, texts: &[String]) -> bool {
    let is_wanted = |value: &Value| {
        let text = value.as_str();
        texts.iter().any(|wanted| Some(wanted.as_str()) == text)
    };
    let kept = list.iter().filter(|value| is_wanted(value));
    let kept: Vec<&str> = kept.filter_map(Value::as_str).collect();
    let (first, rest) = texts.split_at(kept.len().min(texts.len()));
    if kept != first {
        return false;
    }
    let indent = indent(list);
    for index in (0..list.len()).rev() {
        if !list.get(index).is_some_and(is_wanted) {
            take(list, index);
        }
    }
    for text in rest {
        add(list, text, &indent);
    }
    true
}

/// What stands in front of a value on a line of its own.
fn indent(list: &Array) -> String {
    let last = list.iter().last().map(|value| text(value.decor().prefix()));
    let last = last.as_deref().and_then(|last| last.rsplit_once('\n'));
    last.map_or("  ", |(_, indent)| indent).to_owned()
}

/// The comment that ends the line before, and what begins on a line of its own.
fn split(blank: &str) -> (&str, &str) {
    blank.split_at(blank.find('\n').unwrap_or(0))
}

fn text(raw: Option<&RawString>) -> String {
    raw.and_then(RawString::as_str)
        .unwrap_or_default()
        .to_owned()
}

/// Takes a value out. In front of it stands the comment of the one before it, which stays, with the end of its
/// line; what is said of the value itself stands behind it, or above it, and goes.
fn take(list: &mut Array, index: usize) {
    let removed = list.remove(index);
    let before = text(removed.decor().prefix());
    let (stays, _) = split(&before);
    if let Some(next) = list.get_mut(index) {
        let after = text(next.decor().prefix());
        let whole = if after.contains('\n') {
            format!("{stays}{}", split(&after).1)
        } else if let Some((_, indent)) = before.rsplit_once('\n') {
            format!("{stays}\n{indent}")
        } else {
            before
        };
        next.decor_mut().set_prefix(whole);
    } else {
        let after = text(Some(list.trailing()));
        let whole = if after.contains('\n') || !stays.contains('#') {
            format!("{stays}{}", split(&after).1)
        } else {
            format!("{stays}\n")
        };
        list.set_trailing(whole);
    }
}

/// Adds a value as the last one, on a line of its own where the others have one, or where the list ends on one.
fn add(list: &mut Array, added: &str, indent: &str) {
    let last = list.iter().last().map(|value| text(value.decor().prefix()));
    let trailing = text(Some(list.trailing()));
    let in_lines = last.as_ref().unwrap_or(&trailing).contains('\n');
    let mut value = Value::from(added);
    let prefix = if in_lines {
        let (comment, rest) = split(&trailing);
        list.set_trailing(rest);
        format!("{comment}\n{indent}")
    } else {
        last.map_or("", |_| " ").to_owned()
    };
    value.decor_mut().set_prefix(prefix);
    list.push_formatted(value);
}
