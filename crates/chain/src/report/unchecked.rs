use keyway_report::Verdict;

use crate::check::{Context, Purpose};

/// What was not checked, and why.
pub(super) fn not_checked(context: &Context<'_>) -> Vec<String> {
    let mut out = Vec::new();
    let mut add = |missing: bool, what: &str| {
        if missing {
            out.push(what.to_owned());
        }
    };
    let has_none = context.bundle.certificates.is_empty();
    let unread = context.bundle.has_unread_certificate();
    add(
        has_none && !unread,
        "everything about certificates: none was given",
    );
    add(
        has_none && unread,
        "everything about certificates: none could be read",
    );
    add(
        !has_none && context.leaf.is_none(),
        "everything about the server's certificate: it cannot be read",
    );
    let needs_key = !context.options.key_is_proven;
    add(
        needs_key && context.bundle.keys.is_empty(),
        "whether a key belongs to it: no private key could be read",
    );
    let cannot_compare = context
        .leaf_certificate()
        .is_some_and(|leaf| context.bundle.pairing(leaf) == Verdict::Unknown);
    add(
        needs_key && cannot_compare && !context.bundle.keys.is_empty(),
        "whether a key belongs to it: their curves cannot be compared",
    );
    // A client's certificate is named for no host.
    add(
        context.options.hosts.is_empty() && context.options.purpose == Purpose::Server,
        "whether it carries your name: no host was given",
    );
    add(
        context.options.anchors.is_empty(),
        "trust: no anchors were given",
    );
    add(
        context.has_unverified,
        "every signature: one of the path is of a kind that is not verified here",
    );
    add(
        context.options.purpose == Purpose::Client,
        "which clients accept it: servers judge a client's certificate",
    );
    let has_word = !(context.bundle.crls.is_empty() && context.bundle.ocsp_responses.is_empty());
    add(!has_word, "revocation: no revocation list was given");
    add(
        context.memo.exhausted(),
        "further paths: the limit on signatures was reached",
    );
    if has_word {
        out.extend(context.revocation_not_checked());
    }
    out
}
