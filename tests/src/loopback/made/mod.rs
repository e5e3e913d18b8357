//! Chains with one thing about them that clients judge differently, or might.

mod constraints;
mod issuers;
mod keys;
mod leaves;
mod names;
mod own;
mod policies;
mod roots;

use keyway_testkit::{Chain, Draft, HOST};

use super::Case;

/// Chains made by the kit.
pub fn cases() -> Vec<Case> {
    let all = [
        names::cases(),
        leaves::cases(),
        issuers::cases(),
        issuers::twins(),
        issuers::renewed(),
        constraints::odd(),
        constraints::cases(),
        roots::cases(),
        keys::cases(),
        own::cases(),
        policies::cases(),
    ];
    all.into_iter().flatten().collect()
}

fn of(name: &str, chain: &Chain) -> Case {
    asked(name, HOST, chain)
}

fn asked(name: &str, host: &str, chain: &Chain) -> Case {
    Case::new(
        name,
        host,
        &[&chain.leaf, &chain.issuing, &chain.policy],
        &chain.root,
    )
}

fn leaf(name: &str, change: impl FnOnce(Draft) -> Draft) -> Case {
    of(name, &Chain::with_leaf(change))
}

fn issuing(name: &str, change: impl FnOnce(Draft) -> Draft) -> Case {
    of(name, &Chain::with_issuing(change))
}

fn root(name: &str, change: impl FnOnce(Draft) -> Draft) -> Case {
    of(name, &Chain::with_root(change))
}
