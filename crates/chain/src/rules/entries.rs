//! Lists in messages, kept short: a certificate can hold thousands of entries.

use keyway_report::escape;

/// Entries that a message shows; the rest would not help a reader.
const MAX_SHOWN: usize = 8;

/// The first few of the entries that a rule speaks of.
pub(super) fn shown(mut entries: Vec<String>) -> Vec<String> {
    entries.truncate(MAX_SHOWN);
    entries
}

/// The first few of these identifiers as text, each cut like any untrusted text.
pub(super) fn identifiers<T: ToString>(all: impl Iterator<Item = T>) -> Vec<String> {
    all.take(MAX_SHOWN)
        .map(|oid| escape::text(&oid.to_string()))
        .collect()
}
