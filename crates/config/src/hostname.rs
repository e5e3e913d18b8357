//! The form of DNS names (RFC 1034 section 3.5, RFC 1123 section 2.1).

/// Bytes of a name without its trailing dot (RFC 1035 section 2.3.4: 255 on the wire).
const MAX_NAME: usize = 253;

/// Bytes of a label (RFC 1035 section 2.3.4).
pub(crate) const MAX_LABEL: usize = 63;

/// What is wrong with a label; `None` when nothing is.
pub(crate) fn label_fault(label: &str) -> Option<&'static str> {
    let bytes = label.as_bytes();
    let is_wrong = |byte: &u8| !byte.is_ascii_alphanumeric() && *byte != b'-';
    if bytes.is_empty() {
        Some("is empty")
    } else if bytes.iter().any(is_wrong) {
        Some("holds something else than letters, digits and hyphens")
    } else if bytes.first() == Some(&b'-') || bytes.last() == Some(&b'-') {
        Some("begins or ends with a hyphen")
    } else if bytes.len() > MAX_LABEL {
        Some("is longer than 63 characters")
    } else {
        None
    }
}

/// Whether a text is a DNS name in ASCII, of at least two labels.
pub(crate) fn is_name(text: &str) -> bool {
    let relative = text.strip_suffix('.').unwrap_or(text);
    relative.len() <= MAX_NAME
        && relative.contains('.')
        && relative.split('.').all(|label| label_fault(label).is_none())
        // Four numbers are an address gone wrong.
        && relative
            .rsplit('.')
            .next()
            .is_some_and(|last| !last.bytes().all(|byte| byte.is_ascii_digit()))
}
