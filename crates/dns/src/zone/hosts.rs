//! Names of hosts, where records name them and where they stand: what was hardly meant, and where aliases lead.

use super::check::{Check, lower};
use super::{Record, looks};
use crate::name;
use crate::rdata::{self, Type};
use crate::rules::address_as_name::AddressAsName;
use crate::rules::alias_of_nothing::AliasOfNothing;
use crate::rules::name_beyond_ascii::NameBeyondAscii;
use crate::rules::no_host_name::NoHostName;
use crate::rules::target_is_alias::TargetIsAlias;

impl Check<'_> {
    /// A host that a record names, by what was hardly meant.
    pub(super) fn named(&mut self, record: &Record<'_>) {
        let Some(target) = rdata::host(record.kind, record.data).map(lower) else {
            return;
        };
        // What is there is told of where it stands.
        if self.zone.number(&target).is_some() {
            return;
        }
        let (line, name) = (Some(record.line), name::show(&target));
        if looks::is_address(&target, self.zone.origin()) {
            let found = AddressAsName {
                name: record.owner_text(),
                kind: record.kind.to_string(),
                target: name,
            };
            self.found(line, found);
        } else if looks::is_beyond_ascii(&target) {
            self.found(line, NameBeyondAscii { name });
        } else if matches!(record.kind, Type::NS | Type::MX | Type::SRV)
            && !looks::is_host(&target, false)
        {
            let kind = record.kind.to_string();
            self.found(line, NoHostName { name, kind });
        }
    }

    /// A name with records that only hosts have.
    pub(super) fn named_as_hosts(&mut self, owner: &[Record<'_>]) {
        if looks::is_host(owner[0].owner, true) {
            return;
        }
        let name = lower(owner[0].owner);
        let mut hosts = owner.iter();
        let host = hosts.find(|record| match record.kind {
            Type::MX => true,
            kind => matches!(kind, Type::A | Type::AAAA) && !looks::is_excepted(&name, kind),
        });
        if let Some(host) = host {
            let (name, kind) = (host.owner_text(), host.kind.to_string());
            self.found(Some(host.line), NoHostName { name, kind });
        }
    }

    /// A host that a record names by the name that it really has.
    pub(super) fn host(&mut self, record: &Record<'_>) {
        let target = rdata::host(record.kind, record.data).map(lower);
        let held = target.as_deref().and_then(|target| self.names.held(target));
        if let Some(target) = target.filter(|_| held.is_some_and(|held| held.alias)) {
            let found = TargetIsAlias {
                name: record.owner_text(),
                kind: record.kind.to_string(),
                target: name::show(&target),
                becomes: false,
            };
            self.found(Some(record.line), found);
        }
    }

    /// Where an alias leads, within the zone.
    pub(super) fn leads(&mut self, record: &Record<'_>) {
        let (owner, target) = (lower(record.owner), lower(record.data));
        let Some((at, is_loop)) = self.names.nowhere(&owner, &target) else {
            return;
        };
        // What is looked for now and then may be made now and then (RFC 8555, section 8.4).
        let is_place = owner.get(1) == Some(&b'_');
        let is_told = looks::is_address(&target, self.zone.origin()) || looks::is_beyond_ascii(&at);
        if is_loop || !is_place && !is_told {
            let found = AliasOfNothing {
                name: record.owner_text(),
                target: name::show(&target),
                at: name::show(&at),
                is_loop,
            };
            self.found(Some(record.line), found);
        }
    }
}
