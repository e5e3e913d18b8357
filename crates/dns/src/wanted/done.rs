//! What has done its work, and goes.

use std::collections::BTreeSet;

use super::{NeedError, Wanted, data};
use crate::name::Name;
use crate::rdata::Type;

impl Wanted {
    /// That values at `_acme-challenge` of hosts go, which have done their work: those of others stay. What is wanted
    /// there beside that is kept.
    ///
    /// # Errors
    /// [`NeedError`] where a value or a name does not fit into a record.
    pub fn without_challenges(
        wanted: &mut Vec<Self>,
        hosts: &[Name],
        values: &[String],
    ) -> Result<(), NeedError> {
        let data = values.iter().map(|value| data::string(value));
        let away: BTreeSet<Vec<u8>> = data.collect::<Result<_, _>>()?;
        for host in hosts.iter().filter(|_| !away.is_empty()) {
            let base = host.parent().filter(|_| host.is_wildcard());
            let name = base.as_ref().unwrap_or(host).child(data::CHALLENGE);
            let host = host.clone();
            let name = name.map_err(|fault| NeedError::Name { host, fault })?;
            let mut here = wanted.iter_mut();
            if let Some(want) = here.find(|want| want.name == name && want.kind == Type::TXT) {
                let mut both = values.iter().filter(|value| {
                    data::string(value).is_ok_and(|value| want.data.contains(&value))
                });
                if let Some(value) = both.next() {
                    return Err(NeedError::ChallengeDone(value.clone()));
                }
                want.away.extend(away.iter().cloned());
                continue;
            }
            wanted.push(Self {
                name,
                kind: Type::TXT,
                ttl: 0,
                data: BTreeSet::new(),
                away: away.clone(),
                is_alone: false,
                is_any: false,
                reason: "the CA has seen it",
            });
        }
        wanted.sort_by(|left, right| (&left.name, left.kind).cmp(&(&right.name, right.kind)));
        Ok(())
    }
}
