//! What a server refuses a step for: what it starts from does not stand.

use std::collections::BTreeSet;

use keyway_dns::message::Code;
use keyway_dns::name::Name;
use keyway_dns::net::Authority;
use keyway_dns::plan::{Drift, Holds, Plan, Prerequisite, State};
use keyway_dns::rdata::Type;

use super::plan::of_kinds_at_primary;
use crate::failure::Failure;
use crate::intent::Asking;
use crate::voice;

/// Why a step is not made of which the server says so by a code: the sets that it starts from and that are others there.
/// Nothing where nobody sees that from outside.
pub(super) async fn unmet(
    plan: &Plan,
    number: usize,
    code: Code,
    authority: &Authority,
    asking: &Asking,
) -> Option<String> {
    let mut all = plan.prerequisites(number);
    // Nobody is asked for all that a name has (RFC 8482).
    all.retain(|it| it.holds != Holds::NoName);
    let names: BTreeSet<Name> = all.iter().map(|it| it.name.as_ref().clone()).collect();
    let kinds: BTreeSet<Type> = all.iter().map(|it| it.kind).collect();
    let kinds: Vec<Type> = kinds.into_iter().collect();
    let state = match of_kinds_at_primary(authority, names, &kinds, asking).await {
        Ok(state) => state,
        // As where other servers speak for a name by now.
        Err(Failure::Ask(why)) => return Some(voice::applied::refused_for(code, &[why])),
        Err(_) => return None,
    };
    let (mut drifts, mut astray) = (Vec::new(), Vec::new());
    for unmet in all.iter().filter(|it| !holds(it, &state)) {
        let (name, kind) = (unmet.name.as_ref().clone(), unmet.kind);
        let expected = match unmet.holds {
            Holds::Exactly(set) => Some(set.clone()),
            Holds::Nothing => None,
            _ => {
                astray.push(voice::applied::astray(&name, kind));
                continue;
            }
        };
        let seen = state.set(&name, kind).cloned();
        drifts.push(Drift {
            name,
            kind,
            expected,
            seen,
        });
    }
    let mut told = voice::applied::drifts(&drifts);
    told.extend(astray);
    if !told.is_empty() {
        return Some(voice::applied::refused_for(code, &told));
    }
    // What a wildcard seems to give is there itself.
    let nothing = all.iter().filter(|it| it.holds == Holds::Nothing);
    let seeming = nothing.map(|it| &it.name);
    let seeming = seeming.map(AsRef::as_ref).find(|name| state.seems(name));
    seeming.map(|name| voice::applied::seems(code, name))
}

/// Whether it is so. No server is told to look at a TTL (RFC 2136, section 2.4.2).
fn holds(prerequisite: &Prerequisite<'_>, state: &State) -> bool {
    let set = state.set(&prerequisite.name, prerequisite.kind);
    match prerequisite.holds {
        Holds::Exactly(expected) => set.is_some_and(|set| set.data == expected.data),
        Holds::Alias(target) => set.is_some_and(|set| set.targets().eq([target.clone()])),
        Holds::Something => set.is_some(),
        Holds::Nothing => set.is_none(),
        Holds::NoName => true,
    }
}
