//! What an import leaves behind: escaped, cut and counted.

use keyway_report::{Finding as Found, Locus, escape};

use super::nginx::included;
use super::{Imported, hidden};
use crate::rules::Kind;
use crate::rules::certificates_left_behind::CertificatesLeftBehind;
use crate::rules::guard_left_behind::GuardLeftBehind;
use crate::rules::include_left_behind::IncludeLeftBehind;
use crate::rules::redirect_left_behind::RedirectLeftBehind;
use crate::rules::upstream_left_behind::{Reason, UpstreamLeftBehind};
use crate::{Finding, Service};

/// Entries of a list for people. A Secret or a server of everyday size leaves a dozen behind.
const MAX_ENTRIES: usize = 500;

/// Characters of an entry: more is no help to find it.
const MAX_LENGTH: usize = 120;

/// What nobody may overlook, as it is written there.
#[derive(Debug, PartialEq)]
enum Loss {
    Guard(String),
    Certificates(String),
    Upstream(String, Reason),
    /// And whether the service answers for its hosts.
    Redirect(String, bool),
    Include(String),
}

impl Loss {
    fn found(self, line: usize) -> Finding {
        let kind: Kind = match self {
            Self::Guard(what) => GuardLeftBehind { what, line }.into(),
            Self::Certificates(what) => CertificatesLeftBehind { what, line }.into(),
            Self::Upstream(what, reason) => UpstreamLeftBehind { what, line, reason }.into(),
            Self::Include(what) => IncludeLeftBehind { what, line }.into(),
            Self::Redirect(what, is_served) => RedirectLeftBehind {
                what,
                line,
                is_served,
            }
            .into(),
        };
        let at = Locus {
            line: u32::try_from(line).ok(),
            ..Locus::default()
        };
        Found { kind, at }
    }

    fn what_mut(&mut self) -> &mut String {
        match self {
            Self::Guard(what)
            | Self::Certificates(what)
            | Self::Upstream(what, _)
            | Self::Redirect(what, _)
            | Self::Include(what) => what,
        }
    }

    fn what(&self) -> &str {
        match self {
            Self::Guard(what)
            | Self::Certificates(what)
            | Self::Upstream(what, _)
            | Self::Redirect(what, _)
            | Self::Include(what) => what,
        }
    }
}

/// What was left behind.
#[derive(Debug, Default)]
pub(super) struct Left {
    /// With their lines.
    entries: Vec<(usize, String)>,
    more: usize,
    /// What the service must not be without, with its line.
    losses: Vec<(usize, Loss)>,
    /// Whether secrets may stand in what is noted.
    is_hiding: bool,
    /// Files that are included, each with how many lines are counted before it, which are more and more.
    files: Vec<(usize, String)>,
}

impl Left {
    /// What is left behind of a server's configuration, in which passwords and tokens stand.
    pub(super) fn of_server() -> Self {
        Self {
            is_hiding: true,
            ..Self::default()
        }
    }

    /// Says which lines are those of files that are included.
    pub(super) fn among(&mut self, files: Vec<(usize, String)>) {
        self.files = files;
    }

    /// The file that is included in which a line stands, and its number there.
    fn place(&self, line: usize) -> Option<(String, usize)> {
        let (path, line) = included::place(&self.files, line)?;
        Some((escape::text(path), line))
    }

    /// Where a line stands, for a sentence on another one. It is not escaped.
    pub(super) fn spot(&self, line: usize) -> String {
        match included::place(&self.files, line) {
            Some((path, line)) => format!("line {line} of {path}"),
            None => format!("line {line}"),
        }
    }

    /// As much of a text as can be told, of what stands around many.
    pub(super) fn cut(text: &str) -> String {
        text.chars().take(MAX_LENGTH).collect()
    }

    /// As it is told: without secrets, cut and escaped.
    fn told(&self, text: &str) -> String {
        let hidden = self.is_hiding.then(|| hidden::line(text));
        let text = hidden.as_deref().unwrap_or(text);
        let cut: String = text.chars().take(MAX_LENGTH).collect();
        let dots = if cut.len() < text.len() { "…" } else { "" };
        escape::text(&cut) + dots
    }

    fn push(&mut self, line: usize, told: String) {
        if self.entries.len() == MAX_ENTRIES {
            self.more += 1;
        } else {
            self.entries.push((line, told));
        }
    }

    /// Notes what stands in a line.
    pub(super) fn line(&mut self, line: usize, text: &str) {
        if self.entries.len() == MAX_ENTRIES {
            self.more += 1;
        } else {
            let told = self.told(&format!("line {line}: {text}"));
            self.push(line, told);
        }
    }

    /// Notes what stands in a line, with words of our own on what to do.
    pub(super) fn line_with(&mut self, line: usize, text: &str, advice: &str) {
        let told = self.told(&format!("line {line}: {text}"));
        self.push(line, told + advice);
    }

    fn lose(&mut self, line: usize, loss: Loss) {
        let entry = (line, loss);
        // What several servers take from above is told once.
        if self.losses.contains(&entry) {
            return;
        }
        if self.losses.len() == MAX_ENTRIES {
            self.more += 1;
        } else {
            self.losses.push(entry);
        }
    }

    /// Notes what keeps somebody out, and has no place here.
    pub(super) fn guard(&mut self, line: usize, text: &str) {
        let told = self.told(text);
        self.lose(line, Loss::Guard(told));
    }

    /// Notes certificates that are left out.
    pub(super) fn certificates(&mut self, line: usize, text: &str) {
        let told = self.told(text);
        self.lose(line, Loss::Certificates(told));
    }

    /// Notes an upstream that is left out.
    pub(super) fn upstream(&mut self, line: usize, text: &str, reason: Reason) {
        let told = self.told(text);
        self.lose(line, Loss::Upstream(told, reason));
    }

    /// Notes a file that is included and was not read.
    pub(super) fn include(&mut self, line: usize, text: &str) {
        let told = self.told(text);
        self.lose(line, Loss::Include(told));
    }

    /// Notes what sends hosts elsewhere, which the service answers for or not.
    pub(super) fn redirect(&mut self, line: usize, text: &str, is_served: bool) {
        let told = self.told(text);
        self.lose(line, Loss::Redirect(told, is_served));
    }

    /// Notes that a service leads nowhere, where nothing else says why; a text of which all was taken is of one that leads
    /// nowhere itself.
    pub(super) fn leads_nowhere(&mut self, line: usize, text: &str) {
        if self.losses.is_empty() && !self.entries.is_empty() {
            self.upstream(line, text.trim_end(), Reason::NoneLeft);
        }
    }

    /// Whether something was noted that keeps somebody out.
    pub(super) fn keeps_out(&self) -> bool {
        let mut losses = self.losses.iter();
        losses.any(|(_, loss)| matches!(loss, Loss::Guard(_)))
    }

    /// Takes in what was noted of a part. Of one that is no part of the service nobody needs anything: there it is
    /// left behind like all else.
    pub(super) fn take_in(&mut self, part: Self, is_ours: bool) {
        self.take(part, |_| is_ours);
    }

    /// Takes in what was noted of a part whose hosts are served without it: what keeps somebody out of them is missed.
    pub(super) fn take_in_guards(&mut self, part: Self) {
        self.take(part, |loss| {
            matches!(loss, Loss::Guard(_) | Loss::Include(_))
        });
    }

    /// Takes in what was noted of a part that is told as a whole, whose hosts are served without it: what keeps somebody
    /// out of them, and of what that was said.
    pub(super) fn take_in_guards_alone(&mut self, part: Self, of: &str) {
        let of = self.told(of);
        for (line, loss) in part.losses {
            if let Loss::Guard(what) = loss {
                self.lose(line, Loss::Guard(format!("{of}: {what}")));
            }
        }
    }

    fn take(&mut self, part: Self, is_missed: impl Fn(&Loss) -> bool) {
        for (line, told) in part.entries {
            self.push(line, told);
        }
        for (line, loss) in part.losses {
            if is_missed(&loss) {
                self.lose(line, loss);
            } else {
                self.push(line, format!("line {line}: {}", loss.what()));
            }
        }
        self.more += part.more;
    }

    /// What became of it, in the order of the lines.
    pub(super) fn imported(mut self, service: Service) -> Imported {
        self.losses.sort_by_key(|(line, _)| *line);
        let losses = std::mem::take(&mut self.losses).into_iter();
        let findings = losses.map(|(line, mut loss)| match self.place(line) {
            Some((path, line)) => {
                loss.what_mut().insert_str(0, &format!("{path}: "));
                loss.found(line)
            }
            None => loss.found(line),
        });
        let findings = findings.collect();
        Imported {
            service,
            lost: self.list(),
            findings,
        }
    }

    /// The list, in the order of the lines.
    fn list(mut self) -> Vec<String> {
        self.entries.sort_by_key(|(line, _)| *line);
        // What several servers take from above is told once.
        self.entries.dedup();
        let entries = std::mem::take(&mut self.entries).into_iter();
        let told = entries.map(|(line, text)| match self.place(line) {
            Some((path, within)) => {
                let start = format!("line {line}: ");
                text.replacen(&start, &format!("{path}, line {within}: "), 1)
            }
            None => text,
        });
        let mut list: Vec<String> = told.collect();
        if self.more > 0 {
            list.push(format!("… and {} more", self.more));
        }
        list
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_list_ends_with_the_number_of_the_others() {
        let mut left = Left::default();
        for number in 0..MAX_ENTRIES + 7 {
            left.line(3, &format!("a\u{1b}b{number}"));
        }
        let list = left.list();
        assert_eq!(list.len(), MAX_ENTRIES + 1);
        assert!(!list[0].contains('\u{1b}'));
        assert_eq!(list.last().unwrap(), "… and 7 more");
    }
}
