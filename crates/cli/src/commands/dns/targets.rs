//! Where aliases lead that are to stand.

use std::collections::BTreeMap;

use keyway_dns::name::Name;
use keyway_dns::net::{Held, Resolver, follow};
use keyway_dns::verify::{nowhere, unseen};
use keyway_dns::wanted::Wanted;
use keyway_dns::zone::Finding;

use super::deadline::Deadline;
use crate::intent::Asking;
use crate::voice;

/// Names that are to be aliases, and lead to no address, or to where nobody looked: as the resolvers say that count, else
/// the servers of the zone, which do not know of what is outside of it. What many lead to is looked at once.
pub(super) async fn aliases(
    wanted: &[Wanted],
    asking: &Asking,
    zones: &[Held],
    deadline: Deadline,
) -> Vec<Finding> {
    let mut targets: BTreeMap<Name, Vec<&Wanted>> = BTreeMap::new();
    for want in wanted {
        for target in want.targets() {
            targets.entry(target).or_default().push(want);
        }
    }
    let mut found = Vec::new();
    for (target, wants) in targets {
        let mut servers = asking.counted().to_vec();
        let has_resolver = !servers.is_empty();
        if !has_resolver {
            let is_held = |held: &&Held| wants.iter().any(|want| held.names.contains(&want.name));
            let masters = zones.iter().find(is_held);
            let masters = masters.map(|held| held.authority.addresses());
            servers.extend(masters.into_iter().flatten().map(|(server, _)| server));
        }
        let patience = asking.patience();
        let resolver = Resolver { servers, patience };
        let Some(followed) = deadline.bound(follow(&resolver, &target)).await else {
            let why = voice::verified::no_time_to_follow();
            found.extend(wants.iter().flat_map(|want| unseen(want, why)));
            continue;
        };
        let why = match followed {
            Ok(followed) if followed.is_whole && followed.addresses.is_empty() => {
                found.extend(wants.iter().map(|want| nowhere(&want.name)));
                continue;
            }
            Ok(followed) if followed.is_whole => continue,
            _ if !has_resolver => asking.no_resolver(),
            Ok(_) => voice::plan::not_followed().to_owned(),
            Err(error) => error.to_string(),
        };
        found.extend(wants.iter().flat_map(|want| unseen(want, &why)));
    }
    found
}
