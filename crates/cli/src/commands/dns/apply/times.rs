//! When a step may be made.

use std::time::{Duration, Instant};

use keyway_dns::plan::{Spread, Step, older};
use keyway_report::Timestamp;

use super::Work;
use crate::commands::dns::earlier::at_resolvers;
use crate::commands::dns::everywhere::{Others, Servers, servers};
use crate::failure::Failure;
use crate::formats::applied as form;
use crate::intent::{Journal, moment};
use crate::terminal;
use crate::voice;

/// Pause before servers that are behind are asked again, and the longest one: each is twice as long.
const FIRST_PAUSE: Duration = Duration::from_secs(2);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// How long servers that are behind are waited for: the hour in which secondaries ask again by themselves, where
/// the zone says what is usual (RFC 1912, section 2.2).
const LONGEST_SPREAD: Duration = Duration::from_secs(3_600);

impl Work<'_> {
    /// Looks for the servers of the zone that nobody named, once, when they come to matter.
    pub(super) async fn find_servers(&mut self) {
        if self.are_found {
            return;
        }
        let asking = self.deadline.hurry(&self.asking);
        let found = servers(
            self.arguments,
            self.plan,
            self.known,
            &self.authority,
            &asking,
        );
        self.servers = match self.deadline.bound(found).await {
            Some(found) => found,
            None => Servers::of(&self.authority).and(Others::unsaid_in_time()),
        };
        self.are_found = true;
    }

    /// Whether a step may be made by now, if need be after waiting: its time after every server has what the step
    /// before left.
    pub(super) async fn is_time(
        &mut self,
        number: usize,
        step: &Step,
        journal: &mut Journal,
        answer: &mut form::Answer,
    ) -> Result<bool, Failure> {
        if step.wait == 0 {
            return Ok(true);
        }
        self.find_servers().await;
        let since = match journal.everywhere(number) {
            Some(since) => since,
            None if self.spread(number, journal, answer).await? => {
                // By the clock of the machine, whatever moment signatures are made for.
                let now = moment(None)?;
                journal.seen_everywhere(number, now)?;
                now
            }
            None => return Ok(false),
        };
        let mut due = since.plus(journal.kept_for(step.wait));
        if !self.plan.settled {
            due = due.max(self.remembered(number, journal).await?);
        }
        let now = moment(None)?;
        if due > now {
            let left = due.since(now);
            let pause = Duration::from_secs(u64::try_from(left).unwrap_or(0));
            // What cannot be reached in time is not waited for until then.
            if !self.arguments.wait || self.deadline.left().is_some_and(|most| pause > most) {
                answer.not_before(number, due);
                return Ok(false);
            }
            let is_settled = self.plan.settled;
            terminal::note(&voice::applied::waiting(number + 1, left, is_settled));
            tokio::time::sleep(pause).await;
        }
        Ok(true)
    }

    /// Until when caches are known to have what is older than what the steps before one leave: the resolvers that count are
    /// asked, and what was seen before counts.
    async fn remembered(&self, number: usize, journal: &mut Journal) -> Result<Timestamp, Failure> {
        let spread = match number {
            0 => self.before(number).in_caches(),
            _ => self.before(number),
        };
        let asking = self.deadline.hurry(&self.asking);
        let views = at_resolvers(self.plan, &asking, &spread, self.deadline).await;
        let now = moment(None)?;
        let cached = spread.cached(&views);
        journal.remember(&cached, now)?;
        let seen = cached.into_values().map(|older| older.seconds);
        let seen = seen.max().unwrap_or(0);
        let made = self.plan.steps[..number].iter();
        let made = made.flat_map(|step| &step.changes);
        let until = journal.remembered(made.map(|change| (&change.name, change.kind)));
        Ok(now.plus(i64::from(seen)).max(until.unwrap_or(now)))
    }

    /// What the steps before one leave.
    fn before(&self, number: usize) -> Spread {
        if number == 0 {
            Spread::start(self.plan)
        } else {
            let made = self.plan.steps[..number].iter();
            Spread::left(made.flat_map(|step| &step.changes))
        }
    }

    /// Whether every server has what the steps before one leave. Who does not is told, where it is not waited for, or
    /// that comes to nothing.
    async fn spread(
        &self,
        number: usize,
        journal: &mut Journal,
        answer: &mut form::Answer,
    ) -> Result<bool, Failure> {
        let spread = self.before(number);
        let limit = self.deadline.left().unwrap_or(LONGEST_SPREAD);
        let (start, mut pause, mut before) = (Instant::now(), FIRST_PAUSE, Vec::new());
        // How long a look takes: the last one begins so long before the end.
        let mut longest = Duration::ZERO;
        loop {
            let began = Instant::now();
            let asking = self.deadline.hurry(&self.asking);
            let views = self.servers.look(&asking, &spread, self.deadline).await;
            longest = longest.max(began.elapsed());
            if let Some(ttl) = older(self.plan, views.all()) {
                journal.seen_older(ttl)?;
            }
            let behind = views.behind(&spread);
            let told: Vec<String> = behind.iter().map(voice::applied::behind).collect();
            let unknown = self.servers.unknown();
            if !unknown.is_empty() && !self.arguments.no_other_servers {
                answer.wait_for_servers(number, [&told, unknown].concat(), true);
                return Ok(false);
            }
            if told.is_empty() {
                return Ok(true);
            }
            let left = limit.saturating_sub(start.elapsed() + longest);
            if !self.arguments.wait || left.is_zero() {
                answer.wait_for_servers(number, told, false);
                return Ok(false);
            }
            if told != before {
                terminal::note(&voice::applied::waiting_for(number, &told, left.as_secs()));
            }
            before = told;
            tokio::time::sleep(pause.min(left)).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }
}
