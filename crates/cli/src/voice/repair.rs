//! What was repaired, what was not, and what came of it.

use std::path::Path;

use keyway_chain::{Purpose, Repair, Report};

use super::numbers::counted;
use super::page::{Page, Tone};
use super::verdict;
use crate::commands::fix::Kept;
use crate::intent::shown;
use crate::terminal::Look;

/// A repair that was written.
pub(crate) struct Repaired<'a> {
    /// Where to.
    pub(crate) folder: &'a Path,
    /// What.
    pub(crate) repair: &'a Repair,
    /// Files from before that were given another name.
    pub(crate) kept: &'a [Kept],
    /// The report on what was given.
    pub(crate) before: &'a Report,
    /// The report on what was written.
    pub(crate) after: &'a Report,
    /// What the certificate is for.
    pub(crate) purpose: Purpose,
}

/// The verdict on what was written, the files, the changes, and what is left to do.
pub(crate) fn repair(repaired: &Repaired<'_>, look: Look) -> String {
    let mut page = Page::new(look);
    let no_key = verdict::key_left_out(repaired.before);
    verdict::draw_without_key(&mut page, repaired.after, repaired.purpose, no_key);
    page.heading("Written");
    for file in &repaired.repair.files {
        let path = shown(&repaired.folder.join(&file.name));
        let size = counted(file.bytes.len(), "byte", "bytes");
        let note = if file.private {
            ", for its owner only"
        } else {
            ""
        };
        let lead = [
            ("  ", Tone::Plain),
            (path.as_str(), Tone::Strong),
            ("  ", Tone::Plain),
        ];
        page.paragraph(&lead, "    ", &format!("{size}{note}"), Tone::Plain);
    }
    if !repaired.kept.is_empty() {
        page.heading("Kept under another name");
    }
    for Kept { was, is } in repaired.kept {
        let path = |name: &String| shown(&repaired.folder.join(name));
        let text = format!(
            "is now {}: it is from before, and no part of what was written",
            path(is)
        );
        let was = path(was);
        let lead = [
            ("  ", Tone::Plain),
            (was.as_str(), Tone::Strong),
            ("  ", Tone::Plain),
        ];
        page.paragraph(&lead, "    ", &text, Tone::Plain);
    }
    page.heading("Changed");
    for change in &repaired.repair.changes {
        let code = change
            .code
            .map_or_else(String::new, |code| format!(" [{code}]"));
        let text = format!("{}; {}{code}", change.what, change.why);
        page.paragraph(&[("  - ", Tone::Dim)], "    ", &text, Tone::Plain);
    }
    if repaired.repair.changes.is_empty() {
        page.row(&[("  nothing: the files were in order", Tone::Plain)]);
    }
    if !repaired.repair.unrepaired.is_empty() {
        page.heading("Not repaired");
    }
    for what in &repaired.repair.unrepaired {
        page.paragraph(&[("  - ", Tone::Bad)], "    ", what, Tone::Plain);
    }
    page.finish()
}

/// Only what is left to do, a line each.
pub(crate) fn unrepaired(repaired: &Repaired<'_>) -> String {
    let lines = repaired.repair.unrepaired.iter();
    lines.fold(String::new(), |out, what| out + what + "\n")
}
