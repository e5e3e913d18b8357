//! Where other servers, or other zones of the same one, take over.

use std::collections::BTreeSet;

use keyway_dns::message::Question;
use keyway_dns::name::Name;
use keyway_dns::rdata::Type;
use keyway_dns::view::{Said, View};

use crate::failure::Failure;
use crate::voice;

/// Whether a zone begins at the name of a zone, and at the names above others in it, and at themselves.
pub(super) fn starts<'n>(
    names: impl IntoIterator<Item = &'n Name>,
    zone: &Name,
) -> BTreeSet<Question> {
    let mut starts = BTreeSet::from([zone.clone()]);
    for name in names {
        let above = std::iter::successors(Some(name.clone()), Name::parent);
        let above = above.take_while(|at| at.is_within(zone));
        // Those above a name that is known are known.
        let new: Vec<Name> = above.take_while(|at| !starts.contains(at)).collect();
        starts.extend(new);
    }
    let kind = Type::SOA;
    starts
        .into_iter()
        .map(|name| Question { name, kind })
        .collect()
}

/// Refuses names for which a server has another zone than this one: records in this one would be hidden by that one's.
pub(super) fn beyond<'n>(
    view: &View,
    names: impl IntoIterator<Item = &'n Name>,
    zone: &Name,
) -> Result<(), Failure> {
    for name in names {
        let above = std::iter::successors(Some(name.clone()), Name::parent);
        let mut above = above.take_while(|at| at != zone && at.is_within(zone));
        let is_start = |at: &Name| matches!(view.of(at, Type::SOA), Some(Said::Records { .. }));
        if let Some(own) = above.find(is_start) {
            let server = &view.server;
            return Err(Failure::Ask(voice::plan::below_zone(
                server, zone, name, &own,
            )));
        }
    }
    Ok(())
}

/// Whether the server that speaks for the zone does not speak for a name.
pub(super) fn is_referred(view: &View, name: &Name, kinds: &[Type]) -> bool {
    let speaks = |said: &Said| matches!(said, Said::Records { .. } | Said::Nothing(_));
    let mut kinds = kinds.iter();
    let is_lame = kinds.any(|kind| view.of(name, *kind) == Some(&Said::Lame));
    is_lame && view.said.values().any(speaks)
}
