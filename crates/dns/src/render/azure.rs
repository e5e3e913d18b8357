//! Command lines of `az network dns record-set`, for a POSIX shell. The resource group is a variable.

use std::fmt::Write as _;
use std::net::{Ipv4Addr, Ipv6Addr};

use super::{data, one_by_one};
use crate::name;
use crate::plan::{Change, Plan, Step};
use crate::rdata::Type;

pub(super) fn step(plan: &Plan, step: &Step, gaps: &[String], lost: &mut Vec<Type>) -> String {
    let gaps: Vec<String> = gaps.iter().map(|gap| format!("# {gap}.\n")).collect();
    let mut out = gaps.concat();
    for change in one_by_one(step) {
        if words(change.kind, &[]).is_none() {
            lost.push(change.kind);
            continue;
        }
        // Azure holds one TTL for a set, and makes a set of one record by `set-record` where there is one at most.
        write(plan, change, &mut out);
    }
    out
}

fn write(plan: &Plan, change: &Change, out: &mut String) {
    let zone = plan.zone.to_string();
    let zone = quoted(zone.trim_end_matches('.'));
    let name = quoted(&data::host_part(&change.name, &plan.zone));
    let kind = change.kind.to_string().to_ascii_lowercase();
    let command = |verb: &str| {
        format!(
            "az network dns record-set {kind} {verb} --resource-group \"$RESOURCE_GROUP\" \
             --zone-name {zone}"
        )
    };
    let one = |verb: &str, record: &[u8], rest: &str| {
        let (verb, arguments) = (
            command(verb),
            words(change.kind, record).unwrap_or_default(),
        );
        format!("{verb} --record-set-name {name} {rest}{arguments}\n")
    };
    let Some(after) = &change.after else {
        let _ = writeln!(out, "{} --name {name} --yes", command("delete"));
        return;
    };
    let (ttl, before) = (after.ttl, change.before.as_ref());
    let with_ttl = format!("--ttl {ttl} ");
    if change.kind == Type::CNAME {
        let new = after.data.iter();
        out.extend(new.map(|new| one("set-record", new, &with_ttl)));
        return;
    }
    if before.is_some_and(|before| before.ttl != ttl) {
        let _ = writeln!(out, "{} --name {name} --set ttl={ttl}", command("update"));
    }
    // What comes stands before what goes: a set without records is deleted.
    let (added, removed) = (change.added(), change.removed());
    out.extend(added.iter().map(|new| one("add-record", new, &with_ttl)));
    out.extend(removed.iter().map(|gone| one("remove-record", gone, "")));
}

/// A record as arguments; `None` for types that Azure DNS does not hold.
fn words(kind: Type, data: &[u8]) -> Option<String> {
    Some(match kind {
        Type::A => {
            let octets: [u8; 4] = data.try_into().unwrap_or_default();
            format!("--ipv4-address {}", Ipv4Addr::from(octets))
        }
        Type::AAAA => {
            let octets: [u8; 16] = data.try_into().unwrap_or_default();
            format!("--ipv6-address {}", Ipv6Addr::from(octets))
        }
        Type::CNAME => {
            let target = name::show(data);
            format!("--cname {}", quoted(target.trim_end_matches('.')))
        }
        Type::TXT => format!("--value {}", quoted(&data::txt(data).unwrap_or_default())),
        Type::CAA => data::caa(data).map_or_else(String::new, |caa| {
            let (tag, value) = (quoted(&caa.tag), quoted(&caa.value));
            format!("--flags {} --tag {tag} --value {value}", caa.flags)
        }),
        Type::TLSA => {
            data::tlsa(data).map_or_else(String::new, |([usage, selector, kind], hex)| {
                format!(
                    "--certificate-usage {usage} --selector {selector} --matching-type {kind} \
                 --certificate-data {hex}"
                )
            })
        }
        _ => return None,
    })
}

/// A word for a POSIX shell.
fn quoted(text: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    if !text.is_empty() && text.bytes().all(is_plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', "'\\''"))
    }
}
