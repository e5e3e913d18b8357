//! Keys of session tickets: HAProxy has them in one file, a line of base64 each, and writes with the last but one of the
//! last three (Configuration Manual, section 5.1, "tls-ticket-keys"). Here each is a file of the bytes themselves, and
//! the first one is written with.

use keyway_report::escape;

use crate::forms::left::Left;
use crate::forms::words::quoted;
use crate::model::Listed;

/// Writes the files of keys as one of HAProxy's, for its owner alone, as a command for a shell, escaped; `None` where
/// there is no key.
pub(in crate::forms) fn joined(keys: &Listed) -> Option<String> {
    let keys: Vec<&str> = keys.iter().collect();
    let first = keys.first()?;
    let second = keys.get(1).unwrap_or(first);
    let third = keys.get(2).unwrap_or(second);
    let order = [second, first, third].map(|key| quoted(&escape::text(key)));
    Some(format!(
        "umask 077; for k in {}; do base64 -w0 \"$k\"; echo; done > FILE",
        order.join(" ")
    ))
}

/// The way back: files that are named by the numbers of their lines.
const SPLIT: &str = ", which tls.ticket_keys takes as files, a line each and the first to write with: umask 077; for n in 2 1 3; do \
    tail -n3 FILE | sed -n ${n}p | base64 -d > $n.key; done";

/// Leaves a file of HAProxy's behind, and says how its keys become files of their own.
pub(super) fn leave(line: usize, told: &str, left: &mut Left) {
    left.line_with(line, told, SPLIT);
}
