//! What messages call a block.

/// `The CERTIFICATE block`; base64 without boundaries has no label.
pub(super) fn block(label: &str) -> String {
    if label.is_empty() {
        "The base64 text".to_owned()
    } else {
        format!("The {label} block")
    }
}
