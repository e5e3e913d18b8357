//! What the names of a zone hold, as far as others depend on it.

use std::collections::HashSet;

use super::Zone;
use crate::name;
use crate::rdata::Type;

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
        let mut has_redirect = false;
        for record in zone.records() {
            let held = &mut held[record.owner_number as usize];
            held.address |= matches!(record.kind, Type::A | Type::AAAA);
            held.alias |= record.kind == Type::CNAME;
            held.servers |= record.kind == Type::NS;
            held.redirect |= record.kind == Type::DNAME;
            has_redirect |= held.redirect;
        }
        Self {
            zone,
            held,
            between,
            has_redirect,
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
        if let Some(number) = self.zone.number(name) {
            return Some(self.by(number));
        }
        // The wildcard of the nearest name above that is there, though it may own nothing (RFC 4592, section
        // 3.3.1). One that only has names below it is there, too, and has nothing (section 2.2.2).
        let is_there = |here: &[u8]| {
            here == top || self.between.contains(here) || self.zone.number(here).is_some()
        };
        let mut above = std::iter::successors(Some(name), |here| name::parent(here));
        let encloser = above
            .find(|here| is_there(here))
            .filter(|here| *here != name);
        let wildcard = encloser.and_then(|here| self.zone.number(&[b"\x01*", here].concat()));
        Some(wildcard.map_or_else(Held::default, |number| self.by(number)))
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
