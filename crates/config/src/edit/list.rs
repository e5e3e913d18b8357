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
    for index in (0..list.len()).rev() {
        if !list.get(index).is_some_and(is_wanted) {
            take(list, index);
        }
    }
    for text in rest {
        add(list, text);
    }
    true
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

/// Adds a value as the last one, on a line of its own where the others have one.
fn add(list: &mut Array, added: &str) {
    let last = list.iter().last().map(|value| text(value.decor().prefix()));
    let mut value = Value::from(added);
    let prefix = match last {
        Some(last) if last.contains('\n') => {
            let indent = last.rsplit('\n').next().unwrap_or_default();
            let trailing = text(Some(list.trailing()));
            let (comment, rest) = split(&trailing);
            let prefix = format!("{comment}\n{indent}");
            list.set_trailing(rest);
            prefix
        }
        Some(_) => " ".to_owned(),
        None => String::new(),
    };
    value.decor_mut().set_prefix(prefix);
    list.push_formatted(value);
}
