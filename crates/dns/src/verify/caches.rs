//! What resolvers give instead of what is wanted, and until when.

use super::Verify;
use crate::plan::Set;
use crate::rdata::Type;
use crate::rules::negative_cache::NegativeCache;
use crate::rules::old_in_cache::OldInCache;
use crate::rules::split_horizon::SplitHorizon;
use crate::view::{Said, View};
use crate::wanted::Wanted;

impl Verify<'_> {
    /// A resolver that has something else. While the zone is not right itself, it cannot be.
    pub(super) fn resolver(&mut self, want: &Wanted, view: &View, zone_is_right: bool) {
        match view.of(&want.name, want.kind) {
            Some(Said::Records { set, is_own: true }) if !self.is_said(want, &set.data) => {
                self.found(SplitHorizon {
                    server: view.server.clone(),
                    name: want.name.to_string(),
                    kind: want.kind.to_string(),
                    found: set.texts(want.kind),
                });
            }
            _ if !zone_is_right => {}
            Some(Said::Records { set, .. }) => self.old(want, view, want.kind, set),
            Some(Said::Nothing(ttl)) => match self.alias_of_before(want, view) {
                Some(alias) => self.old(want, view, Type::CNAME, alias),
                None => self.nothing(want, view, *ttl),
            },
            _ => {}
        }
    }

    /// The records of before, each set told once.
    fn old(&mut self, want: &Wanted, view: &View, kind: Type, set: &Set) {
        let until = self.now.plus(i64::from(set.ttl));
        let told = (view.server.clone(), want.name.clone(), kind);
        if self.told.insert(told) {
            self.found(OldInCache {
                server: view.server.clone(),
                name: want.name.to_string(),
                kind: kind.to_string(),
                found: set.texts(kind),
                until,
            });
        }
        self.until = self.until.max(Some(until));
    }

    /// That there is nothing.
    fn nothing(&mut self, want: &Wanted, view: &View, ttl: Option<u32>) {
        let until = ttl.map(|ttl| self.now.plus(i64::from(ttl)));
        self.found(NegativeCache {
            server: view.server.clone(),
            name: want.name.to_string(),
            kind: want.kind.to_string(),
            until,
        });
        self.until = self.until.max(until);
    }

    /// The alias by which a server answers for a name that is to be none: what it remembers is that one, be it the name's
    /// own of before or what a wildcard gave, and nothing of what is behind it.
    fn alias_of_before<'v>(&self, want: &Wanted, view: &'v View) -> Option<&'v Set> {
        let own = view.of(&want.name, Type::CNAME).and_then(Said::set);
        let alias = own.or_else(|| view.aliases.get(&want.name));
        let mut wanted = self.wanted.iter();
        let is_wanted = wanted.any(|other| {
            other.name == want.name && other.kind == Type::CNAME && !other.data.is_empty()
        });
        alias.filter(|_| want.kind != Type::CNAME && !is_wanted)
    }
}
