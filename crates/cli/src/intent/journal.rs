//! Which steps of a plan were made, and when, and since when every server has them: a file beside the plan.

mod memory;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use keyway_dns::name::Name;
use keyway_dns::plan::file::PlanFile;
use keyway_dns::plan::{Cached, Older, Plan, Step};
use keyway_dns::rdata::Type;
use keyway_report::Timestamp;
use serde::{Deserialize, Serialize};

use memory::{Memory, left};

use super::service::save_alone;
use super::unreadable;
use crate::failure::Failure;
use crate::terminal;
use crate::voice;

/// What the first field of the file says.
const SCHEMA: &str = "keyway.dns-applied/1";

/// What the name of a plan's file has behind it.
const SUFFIX: &str = ".applied";

/// Most journals of a folder that are looked at, and the most bytes of each: more than anybody's plans of a week, which
/// is how long caches keep anything (RFC 8767, section 4).
const MOST_JOURNALS: usize = 1_000;
const MAX_BYTES: u64 = 1 << 20;

/// How long caches keep anything, seconds: a week (RFC 8767, section 4).
const LONGEST_KEPT: i64 = 7 * 86_400;

/// Which steps of a plan were made.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Journal {
    schema: String,
    /// The plan's checksum: steps of another plan do not count.
    plan: String,
    steps: Vec<Made>,
    /// Since when every server of the zone is known to have what a step left; step 0 is what the plan starts from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    everywhere: Vec<Made>,
    /// The longest TTL, in seconds, of older records that a server of the zone was seen to give still.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    older: Option<u32>,
    /// Until when caches may have what is older than sets of the plan, as was seen.
    #[serde(default, skip_serializing_if = "Memory::is_empty")]
    remembered: Memory,
    #[serde(skip)]
    path: PathBuf,
    /// Whether what is noted is forgotten with it.
    #[serde(skip)]
    is_unwritten: bool,
}

#[derive(Debug, Serialize, Deserialize)]
struct Made {
    /// From 1; 0 is before the first.
    step: usize,
    /// When, as seconds since 1970.
    at: i64,
}

impl Journal {
    /// That of a plan's file: `FILE.applied`, if it is there and of that plan.
    pub(crate) fn of(plan: &Path, checksum: &str) -> Result<Self, Failure> {
        let mut path = plan.as_os_str().to_owned();
        path.push(SUFFIX);
        let path = PathBuf::from(path);
        let known = match fs::read(&path) {
            Ok(bytes) => {
                let known = Self::read(&bytes);
                if known.is_none() && !bytes.is_empty() {
                    terminal::note(&voice::applied::journal_unread(&path));
                }
                known
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(source) => return Err(unreadable(&path, source)),
        };
        let known = known.filter(|journal| journal.plan == checksum);
        let mut journal = known.unwrap_or_else(|| Self {
            schema: SCHEMA.to_owned(),
            plan: checksum.to_owned(),
            steps: Vec::new(),
            everywhere: Vec::new(),
            older: None,
            remembered: Memory::default(),
            path: PathBuf::new(),
            is_unwritten: false,
        });
        journal.path = path;
        Ok(journal)
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let journal = serde_json::from_slice::<Self>(bytes).ok()?;
        (journal.schema == SCHEMA).then_some(journal)
    }

    /// Takes what was noted while the clock was ahead as noted now: nothing was made later than that, and no cache keeps
    /// anything for longer than [`LONGEST_KEPT`]. Whether there was such a thing.
    pub(crate) fn not_ahead(&mut self, now: Timestamp) -> Result<bool, Failure> {
        let mut was_ahead = false;
        let mut limit = |at: &mut i64, most: Timestamp| {
            was_ahead |= *at > most.seconds();
            *at = most.seconds().min(*at);
        };
        for made in self.steps.iter_mut().chain(&mut self.everywhere) {
            limit(&mut made.at, now);
        }
        self.remembered
            .each(|until| limit(until, now.plus(LONGEST_KEPT)));
        if was_ahead {
            self.keep()?;
        }
        Ok(was_ahead)
    }

    /// Notes how long from `now` caches may have what is older than sets.
    pub(crate) fn remember(&mut self, cached: &Cached, now: Timestamp) -> Result<(), Failure> {
        if cached.is_empty() {
            return Ok(());
        }
        self.remembered.note(cached, now);
        self.keep()
    }

    /// Until when caches may have what is older than one of these sets, as was seen.
    pub(crate) fn remembered<'n>(
        &self,
        sets: impl Iterator<Item = (&'n Name, Type)>,
    ) -> Option<Timestamp> {
        self.remembered.until(sets)
    }

    /// How long from `now` caches may have what plans for a zone replaced that were carried out and lie in a folder, or
    /// what was seen of older sets then.
    pub(crate) fn earlier(folder: &Path, zone: &Name, now: Timestamp) -> Cached {
        let mut cached = Cached::new();
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        let journals = entries.filter_map(|entry| {
            let path = entry.path();
            let is_small = entry.metadata().is_ok_and(|it| it.len() <= MAX_BYTES);
            let name = path.file_name()?.to_str()?.strip_suffix(SUFFIX)?;
            is_small.then(|| (path.with_file_name(name), path.clone()))
        });
        for (plan, journal) in journals.take(MOST_JOURNALS) {
            let journal = fs::read(journal).ok();
            let Some(mut journal) = journal.and_then(|bytes| Self::read(&bytes)) else {
                continue;
            };
            journal.write_nothing();
            let _ = journal.not_ahead(now);
            let mut note = |name: &Name, kind: Type, older: Older| {
                if older.seconds > 0 && name.is_within(zone) {
                    let known = cached.entry((name.clone(), kind)).or_default();
                    *known = older.max(*known);
                }
            };
            for (name, kind, older) in journal.remembered.left(now) {
                note(&name, kind, older);
            }
            let plan = fs::read(plan).ok();
            let Some(plan) = plan.and_then(|bytes| PlanFile::read(&bytes).ok()) else {
                continue;
            };
            if plan.zone == *zone && plan.checksum().to_string() == journal.plan {
                for (name, kind, older) in journal.replaced(&plan, now) {
                    note(name, kind, older);
                }
            }
        }
        cached
    }

    /// What the steps that were made replaced, and how long from `now` caches may have it.
    fn replaced<'p>(&self, plan: &'p Plan, now: Timestamp) -> Vec<(&'p Name, Type, Older)> {
        let mut replaced = Vec::new();
        for made in &self.steps {
            let step = made.step.checked_sub(1).and_then(|at| plan.steps.get(at));
            let since = self.everywhere(made.step);
            let since = since.unwrap_or_else(|| Timestamp::from_seconds(made.at));
            let sets = step.into_iter().flat_map(Step::replaced);
            replaced.extend(sets.map(|(name, kind, older)| {
                let seconds = left(since.plus(self.kept_for(older.seconds)), now);
                let elsewhere = if older.elsewhere > 0 { seconds } else { 0 };
                (name, kind, Older { seconds, elsewhere })
            }));
        }
        replaced
    }

    /// Since when every server is known to have what so many steps leave.
    pub(crate) fn everywhere(&self, steps: usize) -> Option<Timestamp> {
        let mut seen = self.everywhere.iter();
        let seen = seen.find(|made| made.step == steps);
        seen.map(|made| Timestamp::from_seconds(made.at))
    }

    /// Notes that every server has what so many steps leave. Who is seen to have it later has it no less.
    pub(crate) fn seen_everywhere(&mut self, steps: usize, at: Timestamp) -> Result<(), Failure> {
        if self.everywhere(steps).is_none() {
            self.everywhere.push(Made {
                step: steps,
                at: at.seconds(),
            });
        }
        self.keep()
    }

    /// How long after that caches may have what was there before, seconds, where the plan says `planned`: older records
    /// that were seen count, too.
    pub(crate) fn kept_for(&self, planned: u32) -> i64 {
        i64::from(planned.max(self.older.unwrap_or(0)))
    }

    /// Notes the TTL of older records that a server of the zone gives: from then on nothing is everywhere.
    pub(crate) fn seen_older(&mut self, ttl: u32) -> Result<(), Failure> {
        self.older = self.older.max(Some(ttl));
        self.everywhere.clear();
        self.keep()
    }

    /// Notes that one step after so many others does not stand. Where it was known to, somebody has taken it back, and
    /// nothing that was seen before that counts.
    pub(crate) fn not_made(&mut self, steps: usize) -> Result<(), Failure> {
        let mut noted = self.steps.iter().chain(&self.everywhere);
        if noted.any(|made| made.step > steps) {
            self.steps.retain(|made| made.step <= steps);
            self.everywhere.clear();
            self.keep()?;
        }
        Ok(())
    }

    /// Notes that not every server has what so many steps leave.
    pub(crate) fn not_everywhere(&mut self, steps: usize) -> Result<(), Failure> {
        if self.everywhere.iter().any(|made| made.step >= steps) {
            self.everywhere.retain(|made| made.step < steps);
            self.keep()?;
        }
        Ok(())
    }

    /// Whether so many steps are known to have been made.
    pub(crate) fn has_made(&self, steps: usize) -> bool {
        self.steps.iter().any(|made| made.step == steps)
    }

    /// Starts anew, for a plan that was made anew. What was seen of older records counts on, and what caches are `cached` to
    /// have from `now` on.
    pub(crate) fn renew(mut self, cached: &Cached, now: Timestamp) -> Result<(), Failure> {
        self.steps.clear();
        self.everywhere.clear();
        self.remembered.forget(now);
        self.remember(cached, now)?;
        if self.older.is_some() || !self.remembered.is_empty() {
            return self.keep();
        }
        match fs::remove_file(&self.path) {
            Err(source) if source.kind() != io::ErrorKind::NotFound => {
                Err(unreadable(&self.path, source))
            }
            _ => Ok(()),
        }
    }

    /// Notes that a step was made.
    pub(crate) fn done(&mut self, number: usize, at: Timestamp) -> Result<(), Failure> {
        // What was seen of it before was seen of an earlier time that it was made.
        self.everywhere.retain(|made| made.step <= number);
        self.steps.push(Made {
            step: number + 1,
            at: at.seconds(),
        });
        self.keep()
    }

    /// Writes nothing from now on: what is noted counts for this command alone.
    pub(crate) fn write_nothing(&mut self) {
        self.is_unwritten = true;
    }

    /// Writes it beside the plan.
    ///
    /// # Errors
    /// [`Failure`] where nothing can be written there.
    pub(crate) fn keep(&self) -> Result<(), Failure> {
        if self.is_unwritten {
            return Ok(());
        }
        let text = serde_json::to_string_pretty(self).unwrap_or_default() + "\n";
        save_alone(&self.path, &text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_seconds(second)
    }

    fn of(folder: &Path) -> Journal {
        Journal::of(&folder.join("a.plan"), "sum").unwrap()
    }

    #[test]
    fn a_step_that_was_made_and_does_not_stand_voids_all_that_was_seen() {
        let folder = tempfile::tempdir().unwrap();
        let mut journal = of(folder.path());
        journal.seen_everywhere(0, at(1)).unwrap();
        journal.not_made(0).unwrap();
        assert_eq!(of(folder.path()).everywhere(0), Some(at(1)));
        journal.done(0, at(2)).unwrap();
        journal.not_made(1).unwrap();
        assert_eq!(of(folder.path()).everywhere(0), Some(at(1)));
        journal.not_made(0).unwrap();
        let again = of(folder.path());
        assert_eq!((again.everywhere(0), again.has_made(1)), (None, false));
    }

    #[test]
    fn what_was_noted_while_the_clock_was_ahead_counts_from_now() {
        let folder = tempfile::tempdir().unwrap();
        let mut journal = of(folder.path());
        journal.done(0, at(2_000_000_000)).unwrap();
        journal.seen_everywhere(1, at(2_000_000_000)).unwrap();
        let name = Name::read("www.example.com").unwrap();
        let older = Older {
            seconds: 300,
            elsewhere: 300,
        };
        let cached = Cached::from([((name.clone(), Type::A), older)]);
        journal.remember(&cached, at(2_000_000_000)).unwrap();
        assert!(journal.not_ahead(at(1_000)).unwrap());
        let again = of(folder.path());
        assert_eq!(again.everywhere(1), Some(at(1_000)));
        let until = again.remembered([(&name, Type::A)].into_iter());
        assert_eq!(until, Some(at(1_000 + LONGEST_KEPT)));
    }

    #[test]
    fn what_is_not_everywhere_any_more_is_noted_no_more() {
        let folder = tempfile::tempdir().unwrap();
        let mut journal = of(folder.path());
        for steps in 0..3 {
            journal.seen_everywhere(steps, at(1)).unwrap();
        }
        journal.not_everywhere(1).unwrap();
        let again = of(folder.path());
        let seen = [0, 1, 2].map(|steps| again.everywhere(steps).is_some());
        assert_eq!(seen, [true, false, false]);
    }

    #[test]
    fn a_plan_made_anew_has_the_ttls_of_older_records_alone() {
        let folder = tempfile::tempdir().unwrap();
        let mut journal = of(folder.path());
        journal.done(0, at(1)).unwrap();
        of(folder.path()).renew(&Cached::new(), at(5)).unwrap();
        assert!(!folder.path().join("a.plan.applied").exists());
        journal.seen_older(900).unwrap();
        of(folder.path()).renew(&Cached::new(), at(5)).unwrap();
        let again = of(folder.path());
        assert_eq!((again.has_made(1), again.kept_for(60)), (false, 900));
    }
}
