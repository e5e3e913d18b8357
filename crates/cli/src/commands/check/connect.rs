//! `keyway check --connect`: what is served, judged, and held against files.

use std::time::Duration;

use keyway_dns::verify::{self, Expected, Version, at_address};
use keyway_dns::zone::Finding;
use keyway_report::Severity;

use super::held::{Held, Service, asked_of};
use super::links::{Told, broken, links, same};
use super::sent::Judge;
use crate::arguments::{CheckArguments, JudgeArguments, ReportFormat, Starttls};
use crate::failure::Failure;
use crate::formats::connection::{Answer, At, Facts, SCHEMA};
use crate::formats::{github, json, sarif};
use crate::intent::{
    Connected, Manner, Place, Standard, Target, TargetFault, Unserved, connect_to, fingerprint,
    loaded_at,
};
use crate::terminal::{self, Exit, Look};
use crate::voice::connection as words;
use crate::voice::{self, Asked};

/// What came of connecting to a place.
type Seen = Result<Connected, Unserved>;

/// Connects, judges, compares, says.
pub(super) fn run(given: &str, arguments: &CheckArguments, look: Look) -> Result<Exit, Failure> {
    let typed = &arguments.connect;
    let input = &arguments.input;
    if input.files.is_empty() && !input.key.is_empty() {
        return Err(TargetFault::KeyAlone.into());
    }
    let mut target = Target::read(given, typed)?;
    let service = Service::read(arguments)?;
    if let Some(service) = &service {
        asked_of(service, &mut target);
    }
    let standard = Standard::resolve(&judged_by(
        &arguments.judge,
        &target,
        service.is_some() || typed.sni.is_some(),
    ))?;
    let files = match service {
        Some(service) => Some(service.held(&target.asked)),
        None => Held::in_heap(arguments, &standard)?,
    };
    let timeout = Duration::from_secs(typed.timeout);
    let found = target.resolve(timeout)?;
    let mut places: Vec<Place> = found
        .addresses
        .into_iter()
        .map(|address| Place {
            host: target.asked.clone(),
            address,
        })
        .collect();
    let manner = Manner {
        starttls: typed.starttls,
        timeout,
    };
    let wants_all = typed.all_addresses || files.is_some();
    let (seen, untried) = if wants_all {
        // Resolvers turn the order around from time to time; what is told stays.
        places.sort_by_key(|place| place.address);
        (connect_to(&places, manner), 0)
    } else {
        first_reached(&places, manner)
    };
    if let Some(fault) = out_of_reach(&target, &seen) {
        return Err(fault.into());
    }
    let metrics = typed.metrics.iter();
    let told = metrics.map(|address| (address.to_string(), loaded_at(*address, timeout)));
    let told: Vec<Told> = told.collect();
    let teller = Teller {
        target: &target,
        wants_all,
        judge: Judge {
            standard: &standard,
            input,
        },
        files: files.as_ref(),
        told: &told,
    };
    let mut answer = teller.tell(&places, &seen, untried + found.beyond)?;
    answer.starttls = typed.starttls.map(Starttls::word);
    if let Some(held) = files {
        answer.says_more = held.says_more;
        answer.files = held.reports.into_iter().next();
    }
    let asked = Asked {
        retold: None,
        purpose: standard.purpose,
    };
    terminal::print(&match arguments.format {
        ReportFormat::Text if arguments.quiet => words::brief(&answer),
        ReportFormat::Text => words::answer(&answer, &asked, look),
        ReportFormat::Json => json::ended(serde_json::to_string_pretty(&answer)),
        ReportFormat::Sarif => sarif::answer(&answer),
        ReportFormat::Github => github::answer(&answer),
    })?;
    Ok(exit(&answer))
}

/// The host that is connected to is the one that is judged, unless another was named; where a name was chosen to ask
/// for, as with a service file, that one.
fn judged_by(judge: &JudgeArguments, target: &Target, is_chosen: bool) -> JudgeArguments {
    let mut judge = judge.clone();
    if judge.host.is_empty() {
        judge.host.push(if is_chosen {
            target.asked.clone()
        } else {
            target.host.to_string()
        });
    }
    judge
}

/// Looks at the first place that takes the connection, as clients do (RFC 8305, section 5), and counts those
/// behind it.
fn first_reached(places: &[Place], manner: Manner) -> (Vec<Seen>, usize) {
    let mut seen = Vec::new();
    for place in places.chunks(1) {
        seen.extend(connect_to(place, manner));
        let is_reached = |seen: &Seen| !matches!(seen, Err(why) if why.is_unreached());
        if seen.last().is_some_and(is_reached) {
            break;
        }
    }
    let untried = places.len() - seen.len();
    (seen, untried)
}

/// Where this machine gets to none of them, nothing was seen of the service.
fn out_of_reach(target: &Target, seen: &[Seen]) -> Option<TargetFault> {
    let mut why = None;
    for seen in seen {
        match seen {
            Err(reason @ Unserved::NoWay(_)) => why = why.or(Some(reason)),
            _ => return None,
        }
    }
    Some(TargetFault::OutOfReach {
        target: target.text(),
        why: why.map(voice::served::unserved).unwrap_or_default(),
    })
}

fn exit(answer: &Answer) -> Exit {
    let reports = answer.addresses.iter().filter_map(|at| at.report.as_ref());
    let mut reports = reports.chain(&answer.files);
    let is_error = |finding: &Finding| finding.severity() == Severity::Error;
    let has_errors = answer.findings.iter().any(is_error) || answer.broken.is_some();
    if has_errors || reports.any(|report| Exit::of(report) != Exit::Clean) {
        Exit::Findings
    } else {
        Exit::Clean
    }
}

/// Who tells what was seen.
struct Teller<'t> {
    target: &'t Target,
    /// Whether every address was asked for.
    wants_all: bool,
    judge: Judge<'t>,
    files: Option<&'t Held>,
    /// What running servers said of what they have loaded.
    told: &'t [Told],
}

impl Teller<'_> {
    /// All that was seen. `unseen` are addresses that were not looked at.
    fn tell(&self, places: &[Place], seen: &[Seen], unseen: usize) -> Result<Answer, Failure> {
        let mut addresses = Vec::new();
        let mut findings = Vec::new();
        let mut not_checked = Vec::new();
        // Where one that answers is enough, those before it are no fault.
        let is_reached = |seen: &Seen| !matches!(seen, Err(why) if why.is_unreached());
        let is_enough = !self.wants_all && seen.iter().any(is_reached);
        for (place, seen) in places.iter().zip(seen) {
            let at = self.at(place, seen)?;
            if at.is_out_of_reach || (is_enough && !is_reached(seen)) {
                not_checked.push(words::passed_over(&at));
            } else {
                findings.extend(self.findings(place, &at, seen));
            }
            addresses.push(at);
        }
        not_checked.extend(words::unseen(unseen, self.wants_all));
        let is_address = self.target.host.address().is_some();
        let links = self.files.map_or_else(Vec::new, |files| {
            if self.told.is_empty() {
                not_checked.push(words::LOADED.to_owned());
            }
            not_checked.extend(files.not_checked.iter().cloned());
            links(files, self.told, &addresses, unseen, is_address)
        });
        Ok(Answer {
            schema: SCHEMA,
            at: self.judge.standard.now(),
            target: self.target.text(),
            sni: self.target.name().map(str::to_owned),
            starttls: None,
            same: same(&addresses, unseen),
            addresses,
            files: None,
            says_more: "",
            broken: broken(&links),
            links,
            findings,
            not_checked,
        })
    }

    fn at(&self, place: &Place, seen: &Seen) -> Result<At, Failure> {
        let input = match self.target.host.address() {
            Some(_) => self.target.text(),
            None => format!("{} ({})", self.target.text(), place.address.ip()),
        };
        let chain = match seen {
            Ok(connected) => connected.served.chain.as_slice(),
            Err(why) => why.chain(),
        };
        let report = match chain {
            [] => None,
            chain => {
                let connection = seen.as_ref().ok().map(|connected| &connected.connection);
                let stapled = connection.and_then(|connection| connection.stapled.as_deref());
                let report = self.judge.report(&input, chain, stapled, seen.is_ok());
                Some(report?)
            }
        };
        let sent: Vec<String> = chain.iter().map(|der| fingerprint(der)).collect();
        Ok(At {
            address: place.address.to_string(),
            input,
            why: seen.as_ref().err().map(voice::served::unserved),
            sha256: sent.first().cloned(),
            connection: seen.as_ref().ok().map(|seen| Facts::from(&seen.connection)),
            report,
            sent,
            is_out_of_reach: matches!(seen, Err(Unserved::NoWay(_))),
        })
    }

    /// What is wrong beside the chain, by the rules about addresses.
    fn findings(&self, place: &Place, at: &At, seen: &Seen) -> Vec<Finding> {
        let leaves = self.files.into_iter().flat_map(Held::leaves);
        let expected = Expected {
            certificates: leaves.map(|leaf| leaf.sha256.clone()).collect(),
            oldest: Version::Tls12,
        };
        let served = match seen {
            Ok(connected) => Ok(connected.served.shown()),
            Err(why) => match why.told() {
                Some(told) => Err(told),
                None => return Vec::new(),
            },
        };
        let here = verify::At {
            address: place.address,
            served,
        };
        let mut findings = at_address(&self.target.host.to_string(), &here, &expected);
        for finding in &mut findings {
            finding.at.input = Some(at.input.clone());
        }
        findings
    }
}
