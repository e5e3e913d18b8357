//! A service out of frontends and backends of HAProxy: the first frontend with a certificate, and the
//! backend that it uses.

use std::collections::{BTreeMap, BTreeSet};

use super::barred::{Barred, has_server, is_answering, is_off};
use super::bind::Bind;
use super::chained::Chains;
use super::defaults::{Defaults, is_back};
use super::front::Front;
use super::lists::Lists;
use super::pairs::Around;
use super::sections::{self, Line, Section};
use super::variables::Variables;
use crate::forms::left::Left;
use crate::forms::served::Served;
use crate::forms::{ImportError, Imported, Sources, called, settings};
use crate::model::Status;
use crate::rules::upstream_left_behind::Reason;

/// Leaves the lines of a section that is off behind.
fn leave(section: &Section, left: &mut Left) {
    let Section { kind, name, .. } = section;
    for (line, words) in &section.lines {
        left.line(*line, &format!("{kind} {name}: {}", words.join(" ")));
    }
}

/// Reads frontends and backends of HAProxy without conditions around lines; the files that are at hand say which
/// certificates hold their keys, and what was left behind before is told with the rest.
pub(super) fn import(
    text: &str,
    sources: &Sources<'_>,
    mut left: Left,
) -> Result<Imported, ImportError> {
    let mut fronts: Vec<(usize, String, Front)> = Vec::new();
    let mut backs: BTreeMap<String, (usize, Vec<Line>)> = BTreeMap::new();
    let mut barred: BTreeMap<String, Barred> = BTreeMap::new();
    let mut chains = Chains::default();
    let mut off = None;
    let mut defaults = Defaults::default();
    let mut around = Around::new(sources);
    let lists = Lists::new();
    let sections = sections::read(text)?;
    let variables = Variables::of(&sections);
    let sections = sections.into_iter();
    for section in sections.filter(|section| !section.is_taken_name()) {
        for (line, word) in &section.filled {
            left.line(*line, &format!("{word}, which the environment fills in"));
        }
        let lines = lists.put(defaults.before(&section), &around);
        if ["backend", "listen"].contains(&section.kind.as_str())
            && let Some(bar) = Barred::of(&lines, &variables)
        {
            barred.insert(section.name.clone(), bar);
        }
        if ["frontend", "backend", "listen"].contains(&section.kind.as_str()) && !is_off(&lines) {
            chains.take(&section, &lines, &variables);
        }
        match section.kind.as_str() {
            "frontend" | "listen" if is_off(&lines) => {
                off.get_or_insert(section.line);
                leave(&section, &mut left);
            }
            "frontend" | "listen" => {
                let mut front = Front::new(&variables);
                front.mode(&section, &lines, defaults.is_there);
                if section.kind == "listen" {
                    front.own = Some((section.line, section.name.clone()));
                }
                for (line, words) in lines {
                    if section.kind == "listen" && is_back(&words) {
                        front.back(line, &words);
                    } else {
                        front.line(line, &words, &around)?;
                    }
                }
                fronts.push((section.line, section.name, front));
            }
            "backend" => drop(backs.insert(section.name, (section.line, lines))),
            "defaults" => defaults.take(section, &mut left),
            kind => {
                for (line, words) in section.lines {
                    if kind == "global" && around.take(&words) {
                        continue;
                    }
                    left.line(line, &format!("{kind}: {}", words.join(" ")));
                }
            }
        }
    }
    let (redirects, mut fronts): (Vec<_>, Vec<_>) = fronts
        .into_iter()
        .partition(|(_, _, front)| front.only_redirects());
    fronts.sort_by_key(|(_, _, front)| (!front.has_tls, front.leads_nowhere()));
    // What listens on no address is no service: in its place one would listen on all of them.
    let (nowhere, fronts): (Vec<_>, Vec<_>) = fronts
        .into_iter()
        .partition(|(_, _, front)| front.nowhere().is_some());
    for (line, name, _) in &nowhere {
        left.line(*line, &format!("frontend {name}"));
    }
    let mut fronts = fronts.into_iter();
    let Some((own, name, mut front)) = fronts.next() else {
        if let Some((line, told)) = nowhere.iter().find_map(|(_, _, front)| front.nowhere()) {
            return Err(settings::listens_nowhere(line, &told));
        }
        let message = match off {
            Some(_) => "every `frontend` and `listen` in it is disabled: none of them is served",
            None => "there is no `frontend` or `listen` in it",
        };
        return Err(sections::wrong(off.unwrap_or(1), message));
    };
    for (_, _, front) in nowhere {
        left.take_in(front.into_left(), false);
    }
    let chains = chains.linked();
    chains.bar(&mut barred);
    // A frontend may be called by its address, and the backend by the service.
    let mut called = vec![name];
    let lines = |name: &str| backs.get(name).map(|(_, lines)| lines.as_slice());
    let is_served = |name: &str| lines(name).is_some_and(has_server);
    let is_answering = |name: &str| lines(name).is_some_and(is_answering);
    let chosen = front.choose(&barred, is_served, is_answering, &mut left);
    let backend = chosen.as_ref().map(|(name, ..)| name.as_str());
    let chained = chains.tell(own, backend, &mut left);
    let is_missed = |line: &usize, front: &Front| {
        let is_beside = front.leads_beside(backend.unwrap_or_default(), is_answering);
        front.has_tls && is_beside && !chained.contains(line)
    };
    let missed = fronts.as_slice().iter();
    let missed = missed.filter(|(line, _, front)| is_missed(line, front));
    let missed: BTreeSet<usize> = missed.map(|(line, ..)| *line).collect();
    let leading = fronts.as_slice().iter();
    let leading = leading
        .filter(|(line, _, front)| !chained.contains(line) && front.leads_beside("", is_answering));
    let leading: BTreeSet<usize> = leading.map(|(line, ..)| *line).collect();
    if let Some((chosen, line, told)) = chosen {
        called.push(chosen.clone());
        match backs.remove(&chosen) {
            Some((_, lines)) if is_off(&lines) => {
                let told = format!("{told}, which is disabled");
                left.upstream(line, &told, Reason::NoneLeft);
            }
            Some((_, lines)) => {
                for (line, words) in lines {
                    front.back(line, &words);
                }
            }
            None => left.upstream(
                line,
                &format!("{told}, which is not here"),
                Reason::NoneLeft,
            ),
        }
    }
    front.settle();
    let has_tls = front.has_tls;
    left.take_in(front.left, true);
    let mut service = front.service;
    let mut called = called.into_iter();
    service.name = called.find(|name| !name.is_empty() && !called::is_made(name));
    service.tls.redirect |= !redirects.is_empty();
    let tls = &mut service.tls;
    if !has_tls && tls.certificate.is_none() && tls.is_wanted() {
        tls.status = tls.status.or(Some(Status::Disabled));
    }
    for (line, name, redirect) in redirects {
        if redirect.binds.iter().any(Bind::is_elsewhere) {
            left.line(
                line,
                &format!("frontend {name}: redirect from another port"),
            );
        }
        left.take_in(redirect.into_left(), false);
    }
    let served = Served::by(&service.host.0);
    for (line, name, front) in fronts {
        let told = format!("frontend {name}");
        if let Some((at, host)) = front
            .sends_to()
            .filter(|(_, host)| has_tls && served.has(host))
        {
            service.tls.redirect = true;
            let told = format!(
                "redirect to https://{host}, whatever host is asked for: here that one stays"
            );
            left.line(at, &told);
        } else if missed.contains(&line) {
            left.upstream(line, &told, Reason::Apart);
        } else if leading.contains(&line) && front.shows_others(&service.tls) {
            left.certificates(line, &told);
        } else {
            left.line(line, &told);
        }
        left.take_in(front.into_left(), false);
    }
    for (name, (start, lines)) in backs {
        // What it takes from `defaults` is told there.
        for (line, words) in lines.into_iter().filter(|(line, _)| *line > start) {
            left.line(line, &format!("backend {name}: {}", words.join(" ")));
        }
    }
    Ok(left.imported(service))
}
