//! What is beside what a plan was made from: at the other servers of the zone, and at names that it says nothing of.

use keyway_dns::message::Question;
use keyway_dns::name::Name;
use keyway_dns::net::Authority;
use keyway_dns::plan::{Plan, Set, Spread, State};
use keyway_dns::rdata::Type;
use keyway_dns::verify::differing;
use keyway_dns::view::{Said, View};
use keyway_dns::zone::Finding;

use super::deadline::Deadline;
use super::everywhere::Servers;
use super::plan::ask_primary;
use crate::intent::Asking;

/// Notes pins of names that move, and of those that are `served` with known keys, and HTTPS records for the port of the service, as the primary server says; and tells
/// which servers do not give what the plan starts from.
pub(super) async fn beside(
    state: &mut State,
    plan: &Plan,
    served: impl Iterator<Item = &Name>,
    authority: &Authority,
    asking: &Asking,
) -> Vec<Finding> {
    let mut questions = plan.usual_pins();
    questions.extend(served.flat_map(|host| plan.places_of_pins(host)));
    questions.extend(plan.bindings_of_port());
    if !questions.is_empty()
        && let Ok(view) = ask_primary(authority, asking, questions.clone()).await
    {
        for question in questions {
            note(state, question, &view, asking).await;
        }
    }
    // Where there is one alone, it has been asked.
    if authority.addresses().len() < 2 {
        return Vec::new();
    }
    let views = Servers::of(authority)
        .look(asking, &Spread::start(plan), Deadline::after(None))
        .await;
    let planned = views.all().next().and_then(|view| view.serial);
    differing(plan, views.by_server(), planned)
}

/// Notes what a server says of one of them.
async fn note(state: &mut State, question: Question, view: &View, asking: &Asking) {
    let Question { name, kind } = &question;
    let set = view.of(name, *kind).and_then(Said::set);
    match (*kind, set) {
        (Type::HTTPS, Some(set)) => state.binds(question.name, set.clone()),
        (Type::TLSA, Some(set)) => state.is_pinned(question.name, Some(set.clone())),
        (Type::TLSA, None) => {
            if let Some(led) = led(&question, view, asking).await {
                state.is_pinned(question.name, Some(led));
            }
        }
        _ => {}
    }
}

/// The records that a name leads to as an alias: in the zone, as the server says, or beyond it, as a resolver does that
/// follows the same alias.
async fn led(question: &Question, view: &View, asking: &Asking) -> Option<Set> {
    let Question { name, kind } = question;
    let own = view.set_led_to(name, *kind);
    if own.is_some() {
        return own;
    }
    let alias = view.aliases.get(name)?;
    let answer = asking.resolver.ask(question).await.ok()?;
    let seen = Said::alias(question, &answer)?;
    let data = Said::led(question, &answer, &Said::way(question, &answer));
    let is_same = seen.data == alias.data;
    let ttl = alias.ttl;
    (is_same && !data.is_empty()).then_some(Set { ttl, data })
}
