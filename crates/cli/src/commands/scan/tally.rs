//! The sum over all files. Its size does not depend on how many there are.

use std::collections::BTreeMap;

use keyway_report::{Severity, Timestamp, Verdict};

use super::file::{Held, Outcome, Scanned};
use crate::terminal::Exit;
use crate::voice::{self, Standing};

/// Most different descriptions of files without certificates that are counted apart.
const MOST_KINDS: usize = 32;

/// What lines say of files from which no certificate could be judged.
const LACKING: [Standing; 2] = [Standing::Unreadable, Standing::NoCertificate];

/// Sums.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    /// Files that were judged, by what their lines say.
    pub(crate) standings: BTreeMap<Standing, u64>,
    /// Files with certificates that a careful client accepts, whether or not a server can use them.
    pub(crate) accepted: u64,
    /// Files with certificates that it refuses.
    pub(crate) refused: u64,
    /// Files with certificates of which it cannot be said.
    pub(crate) undecided: u64,
    /// Files in which something of severity error was found.
    pub(crate) with_errors: u64,
    /// Files in which a warning was the worst.
    pub(crate) with_warnings: u64,
    /// Files without certificates, by what they hold.
    pub(crate) aside: BTreeMap<Held, u64>,
    /// Files that could not be read.
    pub(crate) failed: u64,
    /// Those of them that somebody named.
    pub(crate) not_run: u64,
    /// Findings by code.
    pub(crate) codes: BTreeMap<&'static str, u64>,
    /// The accepted chain that ends first.
    pub(crate) first_end: Option<(Timestamp, String)>,
}

impl Tally {
    /// The sum of one file.
    pub(super) fn of(scanned: Scanned) -> Self {
        let mut tally = Self::default();
        match scanned.outcome {
            Outcome::Aside(held) => {
                tally.aside.insert(held, 1);
            }
            Outcome::Failed { .. } => {
                tally.failed = 1;
                tally.not_run = u64::from(scanned.named);
            }
            Outcome::Judged(report) => {
                let standing = Standing::of(&report);
                tally.standings.insert(standing, 1);
                match voice::holds(&report) {
                    _ if LACKING.contains(&standing) => {}
                    Verdict::Yes => tally.accepted = 1,
                    Verdict::No => tally.refused = 1,
                    Verdict::Unknown => tally.undecided = 1,
                }
                let worst = report
                    .findings
                    .iter()
                    .map(keyway_chain::Finding::severity)
                    .min();
                tally.with_errors = u64::from(worst == Some(Severity::Error));
                tally.with_warnings = u64::from(worst == Some(Severity::Warning));
                for finding in &report.findings {
                    *tally.codes.entry(finding.code()).or_default() += 1;
                }
                if tally.accepted == 1 {
                    tally.first_end = voice::first_end(&report).map(|end| (end, scanned.name));
                }
            }
        }
        tally
    }

    /// Adds another sum.
    pub(super) fn add(&mut self, other: Self) {
        self.accepted += other.accepted;
        self.refused += other.refused;
        self.undecided += other.undecided;
        self.with_errors += other.with_errors;
        self.with_warnings += other.with_warnings;
        self.failed += other.failed;
        self.not_run += other.not_run;
        for (standing, count) in other.standings {
            *self.standings.entry(standing).or_default() += count;
        }
        for (held, count) in other.aside {
            let known = self.aside.contains_key(&held) || self.aside.len() < MOST_KINDS;
            let held = if known {
                held
            } else {
                Held::Other(String::new())
            };
            *self.aside.entry(held).or_default() += count;
        }
        for (code, count) in other.codes {
            *self.codes.entry(code).or_default() += count;
        }
        // On a tie the first file stays, so that the sum does not depend on the order of work.
        let earlier = match (&self.first_end, &other.first_end) {
            (Some((mine, _)), Some((theirs, _))) => theirs < mine,
            (None, Some(_)) => true,
            (_, None) => false,
        };
        if earlier {
            self.first_end = other.first_end;
        }
    }

    /// Files whose lines say this.
    pub(crate) fn standing(&self, standing: Standing) -> u64 {
        self.standings.get(&standing).copied().unwrap_or(0)
    }

    /// Files with certificates.
    pub(crate) fn with_certificates(&self) -> u64 {
        self.accepted + self.refused + self.undecided
    }

    /// Files that should hold a certificate, and from which none could be read.
    pub(crate) fn lacking(&self) -> u64 {
        LACKING.iter().map(|&it| self.standing(it)).sum()
    }

    /// Files without certificates, and what else is no file with certificates.
    pub(crate) fn set_aside(&self) -> u64 {
        self.aside.values().sum()
    }

    /// Everything that the walk came upon.
    pub(crate) fn files(&self) -> u64 {
        self.with_certificates() + self.lacking() + self.set_aside() + self.failed
    }

    /// The exit code: 2 when something that was named could not be read, so that the job was not done
    /// as asked; else 1 when a file has errors, is refused, or cannot be read itself.
    pub(crate) fn exit(&self) -> Exit {
        if self.not_run > 0 {
            Exit::Failed
        } else if self.with_errors > 0 || self.refused > 0 || self.failed > 0 {
            Exit::Findings
        } else {
            Exit::Clean
        }
    }
}
