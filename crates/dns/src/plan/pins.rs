//! Pins that go, and those that stay where a name moves.

use std::collections::{BTreeMap, BTreeSet};

use super::follow::LEAD;
use super::prerequisites::host;
use super::{Plan, Set, State};
use crate::message::Question;
use crate::name::{self, Name};
use crate::rdata::{self, Type};
use crate::rules::Kind;
use crate::rules::foreign_pin_goes::ForeignPinGoes;
use crate::rules::pins_stay::PinsStay;
use crate::rules::unknown_pin_goes::UnknownPinGoes;

/// A server's own key, by its SHA-256 (DANE-EE, RFC 7671, section 5.1).
const OF_KEY: &[u8] = &[3, 1, 1];

/// Ports at which pins are looked for that nobody named: of the web (RFC 9110, section 4.2.2), and of mail (RFC 7672,
/// section 1.3; RFC 8314, section 3.3), where most of DANE is.
const USUAL_PORTS: [u16; 4] = [443, 25, 465, 587];

/// Whether a name is one at which clients look for pins of a port (RFC 6698, section 3).
pub(super) fn is_place(name: &Name) -> bool {
    let mut labels = name::labels(name.wire());
    let mut is_service = || labels.next().is_some_and(|label| label.starts_with(b"_"));
    is_service() && is_service()
}

/// What is known of pins that a plan takes away, or leaves.
pub(super) fn told(plan: &Plan, state: &State) -> Vec<Kind> {
    let mut told = gone(plan);
    told.extend(left(plan, state));
    told
}

/// Pins that go: those that are not made here, and those of keys that nobody named.
fn gone(plan: &Plan) -> Vec<Kind> {
    let changes = plan.changes().filter(|change| change.kind == Type::TLSA);
    let gone = changes.flat_map(|change| {
        let removed = change.removed().into_iter();
        let (of_keys, foreign): (Vec<&[u8]>, Vec<&[u8]>) =
            removed.partition(|data| data.starts_with(OF_KEY));
        let texts = |pins: Vec<&[u8]>| -> Vec<String> {
            let texts = pins.into_iter().map(|data| rdata::show(change.kind, data));
            texts.collect()
        };
        let name = change.name.to_string();
        let foreign = ForeignPinGoes {
            name: name.clone(),
            pins: texts(foreign),
        };
        let unknown = UnknownPinGoes {
            name,
            pins: texts(of_keys),
        };
        let foreign = (!foreign.pins.is_empty()).then(|| foreign.into());
        let unknown = (!unknown.pins.is_empty()).then(|| unknown.into());
        [foreign, unknown]
            .into_iter()
            .flatten()
            .collect::<Vec<Kind>>()
    });
    gone.collect()
}

/// Pins of names that come to lead elsewhere, which nobody wants anything of.
fn left(plan: &Plan, state: &State) -> Vec<Kind> {
    let mut moved: BTreeMap<Name, Vec<String>> = BTreeMap::new();
    moved.extend(
        plan.moved()
            .into_iter()
            .map(|name| (name.clone(), Vec::new())),
    );
    if moved.is_empty() {
        return Vec::new();
    }
    let named = plan.pinned();
    let stay = state.pins().into_iter();
    for name in stay.filter(|name| !named.contains(name)) {
        if let Some(pins) = moved.get_mut(&host(name)) {
            pins.push(name.to_string());
        }
    }
    let moved = moved.into_iter().filter(|(_, pins)| !pins.is_empty());
    let told = moved.map(|(name, pins)| PinsStay {
        name: name.to_string(),
        pins,
    });
    told.map(Kind::from).collect()
}

impl Plan {
    /// Where pins are usual of names that it leads elsewhere, and at its port, that it says nothing of: what to ask, so that
    /// [`foreseen`](super::foreseen) can tell of them.
    pub fn usual_pins(&self) -> BTreeSet<Question> {
        let named = self.pinned();
        let hosts = self.moved().into_iter().filter(|name| !name.is_wildcard());
        let names = hosts.flat_map(|host| {
            let at = |port: u16| host.child("_tcp").ok()?.child(&format!("_{port}")).ok();
            let ports = USUAL_PORTS.into_iter().chain([self.port]);
            ports.filter_map(at)
        });
        let names = names.filter(|name| !named.contains(name));
        let kind = Type::TLSA;
        names.map(|name| Question { name, kind }).collect()
    }

    /// Names that led somewhere, and get another place.
    fn moved(&self) -> BTreeSet<&Name> {
        let leading = || self.changes().filter(|change| LEAD.contains(&change.kind));
        let led = leading().filter(|it| it.before.is_some() || it.given.is_some());
        let led: BTreeSet<&Name> = led.map(|change| &change.name).collect();
        let moves = leading().filter(|change| !change.added().is_empty());
        let moves = moves.map(|change| &change.name);
        moves.filter(|name| led.contains(name)).collect()
    }

    /// Names of pins that it says something of.
    fn pinned(&self) -> BTreeSet<&Name> {
        let kept = self.kept.iter().map(|kept| (&kept.name, kept.kind));
        let sets = kept.chain(self.changes().map(|change| (&change.name, change.kind)));
        let pins = sets.filter(|(_, kind)| *kind == Type::TLSA);
        pins.map(|(name, _)| name).collect()
    }
}

impl State {
    /// Notes pins of a name that nobody plans for.
    pub fn is_pinned(&mut self, name: Name) {
        self.around.pinned.insert(name);
    }

    /// The names of all pins that are known: those that lead to some as aliases, too.
    fn pins(&self) -> BTreeSet<&Name> {
        let is_led = |set: &Set| set.targets().any(|it| self.set(&it, Type::TLSA).is_some());
        let own = self.sets.iter().filter(|((name, kind), set)| match *kind {
            Type::TLSA => true,
            Type::CNAME => is_place(name) && is_led(set),
            _ => false,
        });
        let own = own.map(|((name, _), _)| name);
        own.chain(&self.around.pinned).collect()
    }
}
