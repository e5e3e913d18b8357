//! The calls of `azureml.core` that are read, and where their arguments stand.

use std::collections::BTreeSet;
use std::ops::Range;

use super::tokens::{Placed, Token};

/// Calls that are read, with what they are called on where the name alone says too little, and the names of
/// the arguments that come without one.
const CALLS: &[(Option<&str>, &str, &[&str])] = &[
    (
        None,
        "SslConfiguration",
        &[
            "status",
            "cert",
            "key",
            "cname",
            "leaf_domain_label",
            "overwrite_existing_domain",
            "renew",
        ],
    ),
    (
        None,
        "enable_ssl",
        &[
            "ssl_cname",
            "ssl_cert_pem_file",
            "ssl_key_pem_file",
            "leaf_domain_label",
            "overwrite_existing_domain",
        ],
    ),
    (None, "deploy_configuration", &[]),
    (None, "provisioning_configuration", &[]),
    (None, "attach_configuration", &[]),
    (None, "AksUpdateConfiguration", &["ssl_configuration"]),
    (None, "update", &["update_configuration"]),
    (None, "AksCompute", &["workspace", "name"]),
    (None, "Webservice", &["workspace", "name"]),
    (None, "AksWebservice", &["workspace", "name"]),
    (None, "AciWebservice", &["workspace", "name"]),
    (
        Some("ComputeTarget"),
        "create",
        &["workspace", "name", "provisioning_configuration"],
    ),
    (
        Some("ComputeTarget"),
        "attach",
        &["workspace", "name", "attach_configuration"],
    ),
];

/// Arguments that hand on what another call has made.
pub(super) const HANDED_ON: &[&str] = &[
    "ssl",
    "ssl_configuration",
    "update_configuration",
    "provisioning_configuration",
    "attach_configuration",
];

/// Whether an argument is about TLS, whatever is called with it.
pub(super) fn is_ours(name: &str) -> bool {
    name.starts_with("ssl_") || ["leaf_domain_label", "overwrite_existing_domain"].contains(&name)
}

/// Names that get a value outside of every bracket.
pub(super) fn assigned<'t>(tokens: &[Placed<'t>]) -> BTreeSet<&'t str> {
    let mut names = BTreeSet::new();
    let mut at = 0;
    while let Some(placed) = tokens.get(at) {
        if let Token::Name(name) = placed.token
            && is_sign(tokens, at + 1, '=')
        {
            names.insert(name);
        }
        at = placed.close + 1;
    }
    names
}

pub(super) fn is_sign(tokens: &[Placed<'_>], at: usize, sign: char) -> bool {
    matches!(tokens.get(at), Some(Placed { token: Token::Sign(there), .. }) if *there == sign)
}

pub(super) fn name_at<'t>(tokens: &[Placed<'t>], at: usize) -> Option<&'t str> {
    match tokens.get(at)?.token {
        Token::Name(name) => Some(name),
        _ => None,
    }
}

/// What is called here, if anything; a definition is no call.
pub(super) fn called<'t>(tokens: &[Placed<'t>], at: usize) -> Option<&'t str> {
    let name = name_at(tokens, at).filter(|_| is_sign(tokens, at + 1, '('))?;
    let before = at.checked_sub(1).and_then(|at| name_at(tokens, at));
    (before != Some("def") && before != Some("class")).then_some(name)
}

/// The names of the arguments of a known call that come without one.
pub(super) fn known(tokens: &[Placed<'_>], at: usize) -> Option<&'static [&'static str]> {
    let name = called(tokens, at)?;
    let on = at
        .checked_sub(2)
        .filter(|_| is_sign(tokens, at - 1, '.'))
        .and_then(|at| name_at(tokens, at));
    let is_it = |call: &&(Option<&str>, &str, &[&str])| {
        call.1 == name && (call.0.is_none() || call.0 == on)
    };
    CALLS.iter().find(is_it).map(|(_, _, positions)| *positions)
}

/// The arguments between two brackets. Brackets inside are passed over: together all calls look at each word
/// once.
pub(super) fn arguments(tokens: &[Placed<'_>], open: usize) -> Vec<Range<usize>> {
    let close = tokens[open].close;
    let mut ranges = Vec::new();
    let mut from = open + 1;
    let mut at = from;
    while at < close {
        if is_sign(tokens, at, ',') {
            ranges.push(from..at);
            from = at + 1;
        }
        at = tokens[at].close + 1;
    }
    ranges.push(from..close);
    ranges.retain(|range| !range.is_empty());
    ranges
}

/// The name before `=` in an argument.
pub(super) fn keyword<'t>(tokens: &[Placed<'t>], range: &Range<usize>) -> Option<&'t str> {
    let is_named = range.len() > 1 && is_sign(tokens, range.start + 1, '=');
    name_at(tokens, range.start).filter(|_| is_named)
}

/// Whether a value is what a call makes that is read on its own: the call itself, or a variable that was
/// set.
pub(super) fn is_made(
    tokens: &[Placed<'_>],
    range: &Range<usize>,
    assigned: &BTreeSet<&str>,
) -> bool {
    let name = name_at(tokens, range.start);
    let is_variable = range.len() == 1 && name.is_some_and(|name| assigned.contains(name));
    // `azureml.core.compute.aks.SslConfiguration(…)`
    let mut at = range.start;
    while at < range.end && name_at(tokens, at).is_some() && is_sign(tokens, at + 1, '.') {
        at += 2;
    }
    is_variable || (at < range.end && known(tokens, at).is_some())
}
