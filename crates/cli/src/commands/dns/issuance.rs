//! Whether CAs may issue for hosts that become aliases: their CAA records stand where those lead, or above the hosts.

use std::collections::BTreeSet;

use keyway_dns::caa::{Climb, Climbed, Dnssec, Failed, Found, Lookup, check, judge};
use keyway_dns::name::Name;
use keyway_dns::net::{Authority, climb_as};
use keyway_dns::plan::State;
use keyway_dns::rdata::Type;
use keyway_dns::wanted::Idle;
use keyway_dns::zone::Finding;
use keyway_report::Verdict;

use crate::intent::{Asking, Needed};
use crate::voice;

/// Most hosts that are looked at: those of a zone have the same records above them, and one stands for all.
const MOST_HOSTS: usize = 16;

/// CAs that are wanted, and that records shut out which a plan does not make. What nobody can say is no finding: that these
/// records are not planned is told in any case.
pub(super) async fn barred(
    needed: &Needed,
    authority: &Authority,
    asking: &Asking,
) -> Vec<Finding> {
    let resolver = asking.counting();
    let mut found = Vec::new();
    for (host, target) in aliases(needed, &authority.zone) {
        let (climbed, dnssec) = climb_as(&resolver, Some(authority), &host, Some(&target)).await;
        found.extend(denied(needed, &climbed, dnssec));
    }
    found
}

/// The same by what a zone file says.
pub(super) fn barred_in(needed: &Needed, zone: &Name, state: &State) -> Vec<Finding> {
    let aliases = aliases(needed, zone).into_iter();
    let found = aliases.flat_map(|(host, target)| {
        let climbed = Climb::with(&host, |name| {
            let alias = state
                .set(name, Type::CNAME)
                .and_then(|alias| alias.targets().next());
            Lookup::from(match state.set(name, Type::CAA) {
                _ if *name == host => Found::Alias(target.clone()),
                _ if !name.is_within(zone) => {
                    Found::Failed(Failed::NoAnswer(voice::plan::file_alone().to_owned()))
                }
                Some(records) => Found::Records(records.data.iter().cloned().collect()),
                None => alias.map_or(Found::Nothing, Found::Alias),
            })
        });
        denied(needed, &climbed, Dnssec::Unknown)
    });
    found.collect()
}

/// Hosts that become aliases, for which CAs are wanted, each with where it comes to lead: one of those that have the same
/// names above them.
fn aliases(needed: &Needed, zone: &Name) -> Vec<(Name, Name)> {
    let mut seen = BTreeSet::new();
    let aliases = needed.idle(Some(zone)).into_iter();
    let aliases = aliases.filter_map(|idle| match idle {
        Idle::AtAlias { host, target, .. } if !host.is_wildcard() => Some((host, target)),
        _ => None,
    });
    let has_wishes = !needed.issuers().is_empty();
    let aliases =
        aliases.filter(|(host, target)| has_wishes && seen.insert((host.parent(), target.clone())));
    aliases.take(MOST_HOSTS).collect()
}

/// CAs that are wanted and may not issue, by the records on the way up from a host.
fn denied(needed: &Needed, climbed: &Climbed, dnssec: Dnssec) -> Vec<Finding> {
    let requests = needed.issuers().iter().filter_map(|it| it.requests().ok());
    let found = requests.flatten().flat_map(|request| {
        let judgement = judge(climbed, &request);
        if judgement.verdict == Verdict::No {
            check(climbed, &request, &judgement, dnssec)
        } else {
            Vec::new()
        }
    });
    found.collect()
}
