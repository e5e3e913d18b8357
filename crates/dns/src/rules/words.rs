//! Parts of messages that several rules have.

use keyway_report::Timestamp;

/// Most values that one message lists.
const MOST: usize = 6;

/// A name at the end of a sentence, whose own dot would stand before the sentence's. The root is that dot.
pub(super) fn bare(name: &str) -> &str {
    let shorter = name.strip_suffix('.').filter(|it| !it.is_empty());
    shorter.unwrap_or(name)
}

/// A question or a sentence at the end of another one, without its own mark.
pub(super) fn unended(text: &str) -> &str {
    text.trim_end_matches(['.', '?'])
}

/// `a, b and 3 more`; "none" where there is nothing.
pub(super) fn listed(values: &[String]) -> String {
    if values.is_empty() {
        return "none".to_owned();
    }
    let shown = values.iter().take(MOST).map(|value| bare(value));
    let shown = shown.collect::<Vec<_>>().join(", ");
    match values.len().saturating_sub(MOST) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

/// What there should be in its place.
pub(super) fn instead(wanted: &[String]) -> String {
    if wanted.is_empty() {
        ", and should have none".to_owned()
    } else {
        format!(", not {}", listed(wanted))
    }
}

/// Two versions of a zone, where they are known and differ.
pub(super) fn versions(serial: Option<u32>, newest: Option<u32>) -> String {
    match (serial, newest) {
        (Some(serial), Some(newest)) if serial != newest => {
            format!(" (its zone is version {serial}, the newest is {newest})")
        }
        _ => String::new(),
    }
}

/// Until when, where it is known.
pub(super) fn until(moment: Option<Timestamp>) -> String {
    moment.map_or_else(String::new, |moment| format!(" until {moment}"))
}
