//! Command lines of `az network dns record-set`, for a POSIX shell. The resource group is a variable.

use std::fmt::Write as _;
use std::net::{Ipv4Addr, Ipv6Addr};

use super::data;
use crate::name;
use crate::plan::{Change, Plan, Step};
use crate::rdata::Type;

pub(super) fn step(plan: &Plan, step: &Step, lost: &mut Vec<Type>) -> String {
    let mut out = String::new();
    for change in &step.changes {
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
    let is_alias = change.kind == Type::CNAME;
    for gone in change.removed() {
        if is_alias && change.after.is_some() {
            continue;
        }
        let arguments = words(change.kind, gone).unwrap_or_default();
        let verb = command("remove-record");
        let _ = writeln!(out, "{verb} --record-set-name {name} {arguments}");
    }
    let Some(after) = &change.after else {
        return;
    };
    let ttl = after.ttl;
    let has_other_ttl = change
        .before
        .as_ref()
        .is_some_and(|before| before.ttl != ttl);
    if is_alias {
        for new in &after.data {
            let arguments = words(change.kind, new).unwrap_or_default();
            let verb = command("set-record");
            let _ = writeln!(
                out,
                "{verb} --record-set-name {name} --ttl {ttl} {arguments}"
            );
        }
        return;
    }
    if has_other_ttl {
        let verb = command("update");
        let _ = writeln!(out, "{verb} --name {name} --set ttl={ttl}");
    }
    for new in change.added() {
        let arguments = words(change.kind, new).unwrap_or_default();
        let verb = command("add-record");
        let _ = writeln!(
            out,
            "{verb} --record-set-name {name} --ttl {ttl} {arguments}"
        );
    }
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
