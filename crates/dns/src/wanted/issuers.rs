//! CAs that are wanted, beside those that are there.

use std::collections::{BTreeMap, BTreeSet};

use super::{ALONE, Need, NeedError, Type, Wanted, data};
use crate::caa::{Issuer, Property, Request, RequestFault, Tag};
use crate::name::Name;
use crate::plan::Set;

/// That what names CAs that are wanted goes where a host becomes an alias: it has the records of where that leads. Those of
/// others stay, and keep it from becoming one.
pub(super) fn make_room(
    need: &Need,
    zone: Option<&Name>,
    sets: &mut BTreeMap<(Name, Type), Wanted>,
) -> Result<(), NeedError> {
    let own = need.issuers.iter().map(|issuer| data::caa(issuer, false));
    let away: BTreeSet<Vec<u8>> = own.collect::<Result<_, _>>()?;
    // At a wildcard's own name nobody looks for CAA.
    let hosts = need.hosts.iter();
    let hosts = hosts.filter(|host| !host.is_wildcard() && need.makes_alias(host, zone));
    for host in hosts.filter(|_| !away.is_empty()) {
        let want = Wanted {
            name: host.clone(),
            kind: Type::CAA,
            ttl: need.ttl,
            data: BTreeSet::new(),
            away: away.clone(),
            is_alone: false,
            is_any: false,
            reason: ALONE,
        };
        sets.insert((host.clone(), Type::CAA), want);
    }
    Ok(())
}

impl Wanted {
    /// What other CAs need so that they may issue for wildcards as before, where the first `issuewild` comes: it puts
    /// `issue` out of force for these (RFC 8659, section 4.3).
    pub(crate) fn taken_over(&self, before: Option<&Set>) -> Vec<Vec<u8>> {
        let properties = before.into_iter().flat_map(|set| &set.data);
        let properties: Vec<Property> = properties.filter_map(|it| Property::read(it)).collect();
        let is_wild = |property: &Property| property.kind() == Tag::IssueWild;
        let mut own = self.data.iter().filter_map(|data| Property::read(data));
        let is_first = self.kind == Type::CAA
            && !properties.iter().any(is_wild)
            && own.any(|property| is_wild(&property));
        let may = |property: &&Property| {
            let issuer = Issuer::read(&property.value).ok();
            property.kind() == Tag::Issue && issuer.is_some_and(|it| it.domain.is_some())
        };
        let others = properties.iter().filter(|_| is_first).filter(may);
        let wild = others.map(|property| {
            let tag = b"issuewild".to_vec();
            Property {
                tag,
                ..property.clone()
            }
            .data()
        });
        wild.filter(|data| self.is_elses(data)).collect()
    }

    /// What each CA that is wanted in CAA may be asked for, by whom and how.
    pub(crate) fn requests(&self) -> Vec<Request> {
        let data = self.data.iter().filter(|_| self.kind == Type::CAA);
        let properties = data.filter_map(|data| Property::read(data));
        let request = |property: Property| {
            let is_wild = match property.kind() {
                Tag::Issue => false,
                Tag::IssueWild => true,
                _ => return None,
            };
            let issuer = Issuer::read(&property.value).ok()?;
            Request::of(&issuer).map(|request| request.wildcard(is_wild))
        };
        properties.filter_map(request).collect()
    }
}

impl super::Issuer {
    /// What it is asked for a name that is no wildcard: by each of its methods.
    ///
    /// # Errors
    /// [`RequestFault`] where something of it cannot stand in a record.
    pub fn requests(&self) -> Result<Vec<Request>, RequestFault> {
        let mut request = Request::to_public(&self.domain)?;
        if let Some(account) = &self.account {
            request = request.with_account(account)?;
        }
        if self.methods.is_empty() {
            return Ok(vec![request]);
        }
        let methods = self.methods.iter();
        methods
            .map(|method| request.clone().with_method(method))
            .collect()
    }
}
