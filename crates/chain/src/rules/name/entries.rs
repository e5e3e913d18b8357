/// Entries that a message shows; a certificate can hold thousands.
const MAX_SHOWN: usize = 8;

/// The first few of the entries that a rule speaks of.
pub(super) fn shown(mut entries: Vec<String>) -> Vec<String> {
    entries.truncate(MAX_SHOWN);
    entries
}
