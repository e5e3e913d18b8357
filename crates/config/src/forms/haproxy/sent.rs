//! Lines that send some hosts elsewhere, or answer them, before a backend is chosen (Configuration Manual, section 4.2:
//! "http-request redirect", "http-request return").

use super::conditions::{Term, alternatives, terms};
use super::hosts::{are_others, hosts};
use super::uses::Acl;
use crate::Service;
use crate::forms::left::Left;
use crate::forms::served::Served;

/// A term of a condition: the hosts that it asks for, if it asks for hosts that are understood, and whether it is turned
/// around.
type Asking = (Option<Vec<String>>, bool);

/// Such a line.
pub(super) struct Sent {
    line: usize,
    told: String,
    is_if: bool,
    /// Its condition, without `if` or `unless`.
    pub(super) condition: Vec<String>,
    /// The parts of its condition, of which one has to hold.
    parts: Vec<Vec<Asking>>,
}

/// The hosts of a condition that has a name: of several all have to ask for hosts (section 7.1).
fn of_name(name: &str, acls: &[Acl]) -> Option<Vec<String>> {
    let mut all = Vec::new();
    for acl in acls.iter().filter(|acl| acl.name == name) {
        all.extend(Some(&acl.hosts).filter(|hosts| !hosts.is_empty())?.clone());
    }
    Some(all).filter(|all| !all.is_empty())
}

/// Whether a line sends somebody elsewhere, or answers by itself, other than by https in the place of http.
pub(super) fn is_sending(words: &[&str]) -> bool {
    let is_https = words
        .windows(2)
        .any(|pair| matches!(pair, ["scheme", "https"]));
    let is_it = matches!(
        words,
        ["http-request", "redirect" | "return", ..] | ["redirect", ..]
    );
    is_it && !is_https
}

impl Sent {
    /// A line with its condition, by what conditions with names are known there.
    pub(super) fn of(line: usize, words: &[&str], acls: &[Acl]) -> Option<Self> {
        let at = words
            .iter()
            .position(|word| ["if", "unless"].contains(word))?;
        let condition: Vec<String> = words[at + 1..]
            .iter()
            .map(|word| (*word).to_owned())
            .collect();
        let asking = |term: Term<'_>| match term {
            Term::Name(name) => of_name(name, acls),
            Term::Test(test) => {
                let test: Vec<&str> = test.iter().map(String::as_str).collect();
                Some(hosts(&test)).filter(|hosts| !hosts.is_empty())
            }
        };
        let parts = alternatives(&condition).map(|part| {
            let terms = terms(part).into_iter();
            terms
                .map(|(term, is_turned)| (asking(term), is_turned))
                .collect()
        });
        let parts = parts.collect();
        Some(Self {
            line,
            told: words.join(" "),
            is_if: words[at] == "if",
            parts,
            condition,
        })
    }

    /// The hosts that are sent elsewhere, where it is these and whatever else they ask for.
    fn all(&self) -> Option<Vec<String>> {
        let mut all = Vec::new();
        for part in self.parts.iter().filter(|_| self.is_if) {
            match part.as_slice() {
                [(Some(hosts), false)] => all.extend(hosts.iter().cloned()),
                _ => return None,
            }
        }
        Some(all).filter(|all| !all.is_empty())
    }

    /// Notes it where its hosts are nobody's.
    pub(super) fn leave(self, left: &mut Left) {
        left.line(self.line, &self.told);
    }

    /// Takes the hosts that are sent elsewhere out of a service, where it has others, and tells of it. Returns whether it
    /// is not for all hosts for that, if it seemed to be.
    pub(super) fn settle(
        self,
        service: &mut Service,
        seems_for_all: bool,
        left: &mut Left,
    ) -> bool {
        let served = Served::by(&service.host.0);
        let is_other = |(hosts, is_turned): &Asking| {
            !is_turned
                && hosts
                    .as_ref()
                    .is_some_and(|hosts| are_others(hosts, &served))
        };
        let mut parts = self.parts.iter();
        if self.is_if && parts.all(|part| part.iter().any(is_other)) {
            left.redirect(self.line, &self.told, false);
            return seems_for_all;
        }
        let sent = self.all().unwrap_or_default();
        let is_sent = |host: &String| sent.iter().any(|sent| sent.eq_ignore_ascii_case(host));
        let kept = service.host.iter().map(str::to_owned);
        let kept: Vec<String> = kept.filter(|host| !is_sent(host)).collect();
        let is_left_out = !sent.is_empty()
            && !kept.is_empty()
            && !sent.iter().any(|sent| Served::by(&kept).covers(sent));
        if is_left_out {
            service.host.0 = kept;
        }
        left.redirect(self.line, &self.told, !is_left_out);
        is_left_out
    }
}
