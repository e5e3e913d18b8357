//! What a plan leads to that whoever asks for it may not know.

use std::collections::BTreeMap;
use std::net::IpAddr;

use keyway_report::{Finding as Found, Locus};

use super::follow::LEAD;
use super::private::{documentation, private};
use super::{
    Plan, PlanError, Share, State, binds, browsers, elsewhere, pins, plan_within, servers, shadows,
};
use crate::caa;
use crate::name::Name;
use crate::rdata::{self, Type};
use crate::rules::Kind;
use crate::rules::alias_leads_nowhere::AliasLeadsNowhere;
use crate::rules::below_dname::BelowDname;
use crate::rules::cname_at_apex::CnameAtApex;
use crate::rules::documentation_address::DocumentationAddress;
use crate::rules::name_not_yours::NameNotYours;
use crate::rules::others_stay::OthersStay;
use crate::rules::private_address_in_public_zone::PrivateAddressInPublicZone;
use crate::rules::server_moves::ServerMoves;
use crate::rules::target_is_alias::TargetIsAlias;
use crate::rules::ttl_too_long_for_change::TtlTooLongForChange;
use crate::wanted::Wanted;
use crate::zone::Finding;

/// TTL of records that are about to go, above which waiting for it is worse than lowering it first, seconds.
pub const LONG_TTL: u32 = 3_600;

/// All that should be known before a plan is carried out. `untried` says why nobody was asked about names for which others
/// speak, where the state says nothing of them.
pub fn foreseen(plan: &Plan, state: &State, wanted: &[Wanted], untried: &str) -> Vec<Finding> {
    let mut findings = advice(plan, state);
    findings.extend(shut_out(plan, state, wanted));
    findings.extend(strangers(plan, state, wanted));
    findings.extend(elsewhere(plan, state, untried));
    findings
}

/// What should be known before a plan is carried out. `state` is what it was made from.
pub fn advice(plan: &Plan, state: &State) -> Vec<Finding> {
    let after = state.after(plan);
    let mut kinds: Vec<Kind> = Vec::new();
    for change in plan.changes() {
        let (name, kind) = (change.name.to_string(), change.kind.to_string());
        let before = change
            .before
            .as_ref()
            .filter(|_| !change.removed().is_empty());
        // Caches may have it for longer than it says by now.
        let ttl = before.and_then(|before| state.kept_for(&change.name, change.kind, Some(before)));
        if let Some(ttl) = ttl.filter(|ttl| *ttl > LONG_TTL) {
            let name = name.clone();
            kinds.push(TtlTooLongForChange { name, kind, ttl }.into());
        }
        for data in change.added() {
            if let Some((address, range)) = private(change.kind, data) {
                let (name, address) = (name.clone(), address.to_string());
                let range = range.to_owned();
                kinds.push(
                    PrivateAddressInPublicZone {
                        name,
                        address,
                        range,
                    }
                    .into(),
                );
            }
        }
    }
    kinds.extend(shadows::told(plan, state, &after));
    kinds.extend(servers::told(plan, state, &after));
    kinds.extend(renamed(plan, state));
    kinds.extend(binds::told(plan, state));
    kinds.extend(pins::told(plan, state));
    kinds.extend(browsers::told(plan, state, &after));
    kinds.extend(examples(plan));
    kinds.into_iter().map(placed).collect()
}

/// Addresses that are kept for examples, each told once.
fn examples(plan: &Plan) -> Vec<Kind> {
    let mut found = BTreeMap::<IpAddr, (&str, Vec<String>)>::new();
    for change in plan.changes() {
        let added = change.added().into_iter();
        for (address, range) in added.filter_map(|data| documentation(change.kind, data)) {
            let (_, names) = found.entry(address).or_insert((range, Vec::new()));
            names.push(change.name.to_string());
        }
    }
    let told = found
        .into_iter()
        .map(|(address, (range, names))| DocumentationAddress {
            names,
            address: address.to_string(),
            range: range.to_owned(),
        });
    told.map(Kind::from).collect()
}

/// CAs that are wanted and may not issue all the same when a plan is carried out, as records stay that shut them out.
fn shut_out(plan: &Plan, state: &State, wanted: &[Wanted]) -> Vec<Finding> {
    let after = state.after(plan);
    let wanted = wanted.iter().filter(|want| want.kind == Type::CAA);
    let kinds = wanted.flat_map(|want| {
        let set = after.set(&want.name, want.kind);
        set.map_or_else(Vec::new, |set| {
            caa::shut_out(&want.name, &set.data, &want.requests())
        })
    });
    kinds.map(placed).collect()
}

/// Records that may be somebody else's, and stay.
fn strangers(plan: &Plan, state: &State, wanted: &[Wanted]) -> Vec<Finding> {
    let after = state.after(plan);
    let found = wanted.iter().filter_map(|want| {
        let strangers = want
            .strangers(after.set(&want.name, want.kind)?)
            .into_iter();
        let records: Vec<String> = strangers.map(|it| rdata::show(want.kind, it)).collect();
        let (name, kind) = (want.name.to_string(), want.kind.to_string());
        let told = OthersStay {
            name,
            kind,
            records,
        };
        (!told.records.is_empty()).then(|| placed(told.into()))
    });
    found.collect()
}

/// Makes a plan as [`plan_within`] does; where the zone's own name cannot become an alias, for the other names, with why
/// that one is left out.
///
/// # Errors
/// [`PlanError`] as of [`plan_within`].
pub fn plan_possible(
    zone: &Name,
    state: &State,
    wanted: &[Wanted],
    share: Share,
) -> Result<(Plan, Option<Finding>), PlanError> {
    let error = match plan_within(zone, state, wanted, share) {
        Ok(made) => return Ok((made, None)),
        Err(error) => error,
    };
    let others = without_lead(zone, wanted);
    match (&error, refusal(&error)) {
        (PlanError::AliasAtTop { .. }, Some(finding)) if !others.is_empty() => {
            Ok((plan_within(zone, state, &others, share)?, Some(finding)))
        }
        _ => Err(error),
    }
}

/// What is wanted save where the name of the zone leads, and how its clients speak to the service.
pub fn without_lead(zone: &Name, wanted: &[Wanted]) -> Vec<Wanted> {
    let leads = |want: &Wanted| want.name == *zone && LEAD.contains(&want.kind);
    let others = wanted
        .iter()
        .filter(|want| !leads(want) && !is_for_clients_of(zone, want));
    others.cloned().collect()
}

/// Whether it says how the service is spoken to that a name leads to: as long as nobody knows that the name leads there,
/// clients of another place would go by it.
fn is_for_clients_of(host: &Name, want: &Wanted) -> bool {
    let mut owner = Some(want.name.clone());
    while let Some(below) = owner.take_if(|owner| owner.to_string().starts_with('_')) {
        owner = below.parent();
    }
    matches!(want.kind, Type::HTTPS | Type::TLSA) && owner.as_ref() == Some(host)
}

/// A plan that cannot be, as a finding, where there is one for it.
pub fn refusal(error: &PlanError) -> Option<Finding> {
    let kind: Kind = match error {
        PlanError::AliasAtTop { zone, target } => CnameAtApex {
            zone: zone.to_string(),
            target: target.to_string(),
        }
        .into(),
        PlanError::NotInZone { name, zone } | PlanError::Delegated { name, zone, .. } => {
            NameNotYours {
                name: name.to_string(),
                zone: zone.to_string(),
            }
            .into()
        }
        PlanError::BelowDname { name, above } => BelowDname {
            name: name.to_string(),
            above: above.to_string(),
        }
        .into(),
        PlanError::LeadsNowhere {
            name,
            target,
            at,
            is_loop,
        }
        | PlanError::LosesTarget {
            name,
            target,
            at,
            is_loop,
        } => AliasLeadsNowhere {
            name: name.to_string(),
            target: target.to_string(),
            at: at.to_string(),
            is_loop: *is_loop,
            stays: matches!(error, PlanError::LosesTarget { .. }),
        }
        .into(),
        PlanError::ServerOfZone { name, zone } => TargetIsAlias {
            name: zone.to_string(),
            kind: Type::NS.to_string(),
            target: name.to_string(),
            becomes: true,
        }
        .into(),
        PlanError::MovesServer {
            name,
            zone,
            removed,
            added,
        } => ServerMoves {
            name: name.to_string(),
            zone: zone.to_string(),
            removed: removed.clone(),
            added: added.clone(),
        }
        .into(),
        _ => return None,
    };
    Some(placed(kind))
}

/// Names that become aliases, and that other records name as hosts.
fn renamed(plan: &Plan, state: &State) -> Vec<Kind> {
    let aliases = plan.changes().filter(|change| change.kind == Type::CNAME);
    let aliases = aliases.filter(|change| change.after.is_some());
    let named = aliases.filter_map(|change| {
        let (name, kind) = state.named_by(&change.name)?;
        let (name, kind) = (name.to_string(), kind.to_string());
        let target = change.name.to_string();
        let becomes = true;
        Some(
            TargetIsAlias {
                name,
                kind,
                target,
                becomes,
            }
            .into(),
        )
    });
    named.collect()
}

fn placed(kind: Kind) -> Finding {
    Found {
        kind,
        at: Locus::default(),
    }
}
