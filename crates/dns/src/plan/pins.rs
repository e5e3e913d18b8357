//! Pins that go, and those that stay where a name moves.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;

use keyway_report::{Finding as Found, Locus};

use super::follow::LEAD;
use super::prerequisites::host;
use super::{Plan, Set, State};
use crate::digest;
use crate::message::Question;
use crate::name::{self, Name};
use crate::rdata::{self, Type};
use crate::rules::Kind;
use crate::rules::foreign_pin_goes::ForeignPinGoes;
use crate::rules::pins_stay::PinsStay;
use crate::rules::tlsa_mismatch::TlsaMismatch;
use crate::rules::unknown_pin_goes::UnknownPinGoes;
use crate::zone::Finding;

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

/// Where clients look for the pins of a port (RFC 6698, section 3); `None` where that name would be too long.
pub fn pins_of_port(host: &Name, port: u16) -> Option<Question> {
    let name = host.child("_tcp").ok()?.child(&format!("_{port}")).ok()?;
    let kind = Type::TLSA;
    Some(Question { name, kind })
}

/// Whether all pins are of servers' keys: those of other kinds (a CA's, a whole certificate's) are not told by the key
/// alone.
pub(crate) fn is_of_keys(set: &Set) -> bool {
    set.data.iter().all(|data| data.starts_with(OF_KEY))
}

/// That all pins at a name are of servers' keys, and none of one that is `served` (RFC 7671, section 5.1).
pub(crate) fn of_other_keys(name: &Name, set: &Set, served: &[[u8; 32]]) -> Option<TlsaMismatch> {
    let is_pinned = |key: &[u8; 32]| set.data.contains(&[OF_KEY, key].concat());
    (is_of_keys(set) && !served.iter().any(is_pinned)).then(|| TlsaMismatch {
        name: name.to_string(),
        pins: set.texts(Type::TLSA),
        served: served.iter().map(digest::show).collect(),
    })
}

/// Pins of which a plan says nothing, at the ports of its service, and of which none is of a key that hosts are `served` with:
/// SHA-256 of each, by host.
pub fn pinned_elsewhere(
    plan: &Plan,
    state: &State,
    served: &BTreeMap<Name, Vec<[u8; 32]>>,
) -> Vec<Finding> {
    let own = served.iter().flat_map(|(host, keys)| {
        let places = plan.places_of_pins(host).into_iter();
        places.map(move |question| (question.name, keys))
    });
    let found = own.filter_map(|(name, keys)| {
        let known = state.around.pinned.get(&name);
        let set = state.set(&name, Type::TLSA).or(known?.as_ref())?;
        of_other_keys(&name, set, keys)
    });
    let placed = found.map(|kind| Found {
        kind: kind.into(),
        at: Locus::default(),
    });
    placed.collect()
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
            let ports = USUAL_PORTS.into_iter().chain([self.port]);
            ports.filter_map(|port| pins_of_port(host, port))
        });
        names.filter(|it| !named.contains(&it.name)).collect()
    }

    /// Where the pins of a host are at the ports that its clients come to, as far as the plan says nothing of them.
    pub fn places_of_pins(&self, host: &Name) -> BTreeSet<Question> {
        let named = self.pinned();
        let ports = self.places.iter().map(SocketAddr::port);
        let ports: BTreeSet<u16> = ports.chain([self.port]).collect();
        let places = ports
            .into_iter()
            .filter_map(|port| pins_of_port(host, port));
        places.filter(|it| !named.contains(&it.name)).collect()
    }

    /// Names that led somewhere, and get another place.
    pub(super) fn moved(&self) -> BTreeSet<&Name> {
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
    /// Notes pins of a name that nobody plans for, and which they are, where they are known and stand there themselves.
    pub fn is_pinned(&mut self, name: Name, pins: Option<Set>) {
        self.around.pinned.insert(name, pins);
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
        own.chain(self.around.pinned.keys()).collect()
    }
}
