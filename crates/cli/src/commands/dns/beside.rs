//! What is beside what a plan was made from: at the other servers of the zone, and at names that it says nothing of.

use keyway_dns::net::Authority;
use keyway_dns::plan::{Plan, Spread, State};
use keyway_dns::rdata::Type;
use keyway_dns::verify::differing;
use keyway_dns::view::Said;
use keyway_dns::zone::Finding;

use super::everywhere::Servers;
use super::plan::ask_primary;
use crate::intent::Asking;

/// Notes pins of names that move, as the primary server says; and tells which servers do not give what the plan starts
/// from.
pub(super) async fn beside(
    state: &mut State,
    plan: &Plan,
    authority: &Authority,
    asking: &Asking,
) -> Vec<Finding> {
    let usual = plan.usual_pins();
    if !usual.is_empty()
        && let Ok(view) = ask_primary(authority, asking, usual).await
    {
        let pinned = view.said.into_iter();
        let pinned = pinned.filter(|((_, kind), said)| {
            *kind == Type::TLSA && matches!(said, Said::Records { .. })
        });
        for ((name, _), _) in pinned {
            state.is_pinned(name);
        }
    }
    // Where there is one alone, it has been asked.
    if authority.addresses().len() < 2 {
        return Vec::new();
    }
    let views = Servers::of(authority)
        .look(asking, &Spread::start(plan))
        .await;
    let planned = views.all().next().and_then(|view| view.serial);
    differing(plan, views.by_server(), planned)
}
