//! What the names of a zone hold, as far as others depend on it.

use std::collections::{HashMap, HashSet};

use super::Zone;
use crate::name;
use crate::rdata::Type;

/// Most aliases that are followed to see where a way ends: more than resolvers follow (BIND 16, unbound 11).
const MOST_ALIASES: usize = 64;

/// What one name owns.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Held {
    pub(super) address: bool,
    pub(super) alias: bool,
    pub(super) servers: bool,
    pub(super) is_outside: bool,
    /// Whether everything below it is elsewhere, by a DNAME.
    redirect: bool,
}

/// The names of a zone.
#[derive(Debug)]
pub(super) struct Names<'z> {
    zone: &'z Zone,
    /// By the numbers of the names.
    held: Vec<Held>,
    /// Names that own nothing and have some below them, in lower case.
    between: HashSet<Box<[u8]>>,
    has_redirect: bool,
    /// Where names that are aliases lead, by their numbers.
    targets: HashMap<u32, &'z [u8]>,
}

impl<'z> Names<'z> {
    pub(super) fn of(zone: &'z Zone) -> Self {
        let mut held = vec![Held::default(); zone.names.len()];
        let (mut between, mut lower) = (HashSet::new(), Vec::new());
        for (name, held) in zone.names.iter().zip(&mut held) {
            lower.clear();
            name::push_lower(name, &mut lower);
            held.is_outside = !name::is_within(&lower, zone.origin());
            if held.is_outside {
                continue;
            }
            let mut above = name::parent(&lower);
            // What is above a name that is known is known with it.
            while let Some(here) = above.filter(|here| here.len() > zone.origin().len()) {
                if zone.number(here).is_some() || !between.insert(here.into()) {
                    break;
                }
                above = name::parent(here);
            }
        }
        let (mut has_redirect, mut targets) = (false, HashMap::new());
        for record in zone.records() {
            let held = &mut held[record.owner_number as usize];
            held.address |= matches!(record.kind, Type::A | Type::AAAA);
            held.alias |= record.kind == Type::CNAME;
            held.servers |= record.kind == Type::NS;
            held.redirect |= record.kind == Type::DNAME;
            has_redirect |= held.redirect;
            if record.kind == Type::CNAME {
                targets.entry(record.owner_number).or_insert(record.data);
            }
        }
        Self {
            zone,
            held,
            between,
            has_redirect,
            targets,
        }
    }

    /// What an owner holds itself.
    pub(super) fn by(&self, number: u32) -> Held {
        self.held[number as usize]
    }

    /// What a name has, by itself or by a wildcard (RFC 4592); `None` outside of the zone. Below a DNAME it is an
    /// alias (RFC 6672, section 3).
    pub(super) fn held(&self, name: &[u8]) -> Option<Held> {
        let top = self.zone.origin();
        if !name::is_within(name, top) {
            return None;
        }
        if self.redirect(name).is_some() {
            return Some(Held {
                alias: true,
                ..Held::default()
            });
        }
        let giver = self.giver(name);
        Some(giver.map_or_else(Held::default, |number| self.by(number)))
    }

    /// Who answers for a name in the zone: it itself, or a wildcard.
    fn giver(&self, name: &[u8]) -> Option<u32> {
        if let Some(number) = self.zone.number(name) {
            return Some(number);
        }
        let top = self.zone.origin();
        // The wildcard of the nearest name above that is there, though it may own nothing (RFC 4592, section
        // 3.3.1). One that only has names below it is there, too, and has nothing (section 2.2.2).
        let is_there = |here: &[u8]| {
            here == top || self.between.contains(here) || self.zone.number(here).is_some()
        };
        let mut above = std::iter::successors(Some(name), |here| name::parent(here));
        let encloser = above
            .find(|here| is_there(here))
            .filter(|here| *here != name);
        encloser.and_then(|here| self.zone.number(&[b"\x01*", here].concat()))
    }

    /// Where the way of an alias ends at a name of the zone that is not there, or comes to again; in lower case all.
    pub(super) fn nowhere(&self, owner: &[u8], target: &[u8]) -> Option<(Vec<u8>, bool)> {
        let is_elses = |here: &[u8]| {
            let is_within = name::is_within(here, self.zone.origin());
            !is_within || self.cut(here).is_some() || self.redirect(here).is_some()
        };
        if is_elses(owner) {
            return None;
        }
        let mut seen = HashSet::from([owner.to_vec()]);
        let mut here = target.to_vec();
        for _ in 0..MOST_ALIASES {
            if is_elses(&here) {
                return None;
            }
            if !seen.insert(here.clone()) {
                return Some((here, true));
            }
            let Some(giver) = self.giver(&here) else {
                return (!self.between.contains(here.as_slice())).then_some((here, false));
            };
            let next = self.targets.get(&giver)?;
            here.clear();
            name::push_lower(next, &mut here);
        }
        None
    }

    /// The highest name at or above a name that is delegated to another zone; in lower case both.
    pub(super) fn cut<'n>(&self, name: &'n [u8]) -> Option<&'n [u8]> {
        let is_below_top = |here: &&[u8]| here.len() > self.zone.origin().len();
        let above = std::iter::successors(Some(name), |here| name::parent(here));
        let cuts = above.take_while(is_below_top).filter(|here| {
            let number = self.zone.number(here);
            number.is_some_and(|number| self.by(number).servers)
        });
        cuts.last()
    }

    /// The nearest name above a name that redirects it by a DNAME; in lower case both. One where a delegation is,
    /// or below it, is not asked: servers refer to the other zone first (RFC 6672, section 3.2).
    pub(super) fn redirect<'n>(&self, name: &'n [u8]) -> Option<&'n [u8]> {
        if !self.has_redirect {
            return None;
        }
        let is_in_zone = |here: &&[u8]| here.len() >= self.zone.origin().len();
        let above = std::iter::successors(name::parent(name), |here| name::parent(here));
        let redirect = above.take_while(is_in_zone).find(|here| {
            let number = self.zone.number(here);
            number.is_some_and(|number| self.by(number).redirect)
        });
        redirect.filter(|here| self.cut(here).is_none())
    }
}
