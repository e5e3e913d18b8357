//! What messages call a block, and how many there are.

/// `The CERTIFICATE block`; base64 without boundaries has no label.
pub(super) fn block(label: &str) -> String {
    if label.is_empty() {
        "The base64 text".to_owned()
    } else {
        format!("The {label} block")
    }
}

/// `1 certificate`, `2 certificates`.
pub(super) fn counted(count: usize, what: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {what}{plural}")
}
