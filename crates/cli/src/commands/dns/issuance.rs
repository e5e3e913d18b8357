//! Whether CAs may issue for hosts that become aliases: their CAA records stand where those lead, or above the hosts.

use std::collections::BTreeSet;

use keyway_dns::caa::{check, judge};
use keyway_dns::name::Name;
use keyway_dns::net::{Authority, climb_as};
use keyway_dns::wanted::Idle;
use keyway_dns::zone::Finding;
use keyway_report::Verdict;

use crate::intent::{Asking, Needed};

/// Most hosts that are looked at: those of a zone have the same records above them, and one stands for all.
const MOST_HOSTS: usize = 16;

/// CAs that are wanted, and that records shut out which a plan does not make. What nobody can say is no finding: that these
/// records are not planned is told in any case.
pub(super) async fn barred(
    needed: &Needed,
    authority: &Authority,
    asking: &Asking,
) -> Vec<Finding> {
    let mut seen = BTreeSet::new();
    let idle = needed.idle(Some(&authority.zone));
    let aliases = idle.iter().filter_map(|idle| match idle {
        Idle::AtAlias { host, target, .. } if !host.is_wildcard() => Some((host, target)),
        _ => None,
    });
    let aliases = aliases.filter(|(host, target)| seen.insert((host.parent(), *target)));
    let aliases: Vec<(&Name, &Name)> = aliases.take(MOST_HOSTS).collect();
    let mut found = Vec::new();
    let requests = needed.issuers().iter().filter_map(|it| it.requests().ok());
    let requests: Vec<_> = requests.flatten().collect();
    for (host, target) in aliases.into_iter().filter(|_| !requests.is_empty()) {
        let resolver = asking.counting();
        let (climbed, dnssec) = climb_as(&resolver, Some(authority), host, Some(target)).await;
        for request in &requests {
            let judgement = judge(&climbed, request);
            if judgement.verdict == Verdict::No {
                found.extend(check(&climbed, request, &judgement, dnssec));
            }
        }
    }
    found
}
