//! Policies that a CA demands or forbids.

use keyway_testkit::{Chain, Draft, Extension, der, oid};

use super::{Case, issuing, of, root};

/// anyPolicy.
const ANY: &str = "2.5.29.32.0";

/// The cases.
pub(super) fn cases() -> Vec<Case> {
    let (demand, inhibit) = (
        |ca: Draft| ca.extension(demands()),
        |ca: Draft| ca.extension(no_any()),
    );
    let leaf_and_ca = |name: &str, policies: [&[&str]; 3], mark: fn(Draft) -> Draft| {
        let [above, ca, leaf] = policies;
        let with = |draft: Draft, policies: &[&str]| {
            if policies.is_empty() {
                draft.without(oid::CERTIFICATE_POLICIES)
            } else {
                draft.extension(Extension::certificate_policies(policies))
            }
        };
        let chain = Chain::assemble(
            |root| root,
            |draft| with(draft, above),
            |draft| with(mark(draft), ca),
            |draft| with(draft, leaf),
        );
        of(name, &chain)
    };
    let own: &[&str] = &["1.2.3.4"];
    let both: fn(Draft) -> Draft = |ca| ca.extension(demands()).extension(no_any());
    vec![
        issuing("a CA that demands a policy, and all carry it", demand),
        issuing("a CA that forbids any policy", inhibit),
        issuing("a CA that demands a policy and forbids any", both),
        issuing("a CA that demands a policy later", |ca| {
            ca.extension(policy_constraints(&der::implicit(0, &[5])))
        }),
        issuing("a CA that forbids mappings", |ca| {
            ca.extension(policy_constraints(&der::implicit(1, &[0])))
        }),
        issuing("a CA that forbids any policy, not critical", |ca| {
            ca.extension(no_any())
                .critical(oid::INHIBIT_ANY_POLICY, false)
        }),
        issuing("a CA that demands a policy, not critical", |ca| {
            ca.extension(demands())
                .critical(oid::POLICY_CONSTRAINTS, false)
        }),
        leaf_and_ca(
            "a policy demanded, and the server has none",
            [own, own, &[]],
            demand,
        ),
        leaf_and_ca(
            "a policy demanded, and the server has another",
            [own, own, &["1.2.3.5"]],
            demand,
        ),
        leaf_and_ca(
            "a policy demanded, and the CA above has none",
            [&[], own, own],
            demand,
        ),
        leaf_and_ca(
            "any policy forbidden, and all have it",
            [&[ANY], &[ANY], &[ANY]],
            inhibit,
        ),
        leaf_and_ca(
            "any policy forbidden and one demanded, and all have any",
            [&[ANY], &[ANY], &[ANY]],
            both,
        ),
        leaf_and_ca(
            "any policy forbidden, and nobody has one",
            [&[], &[], &[]],
            inhibit,
        ),
        root("a root that demands a policy, and all carry it", demand),
        root("a root that forbids any policy", inhibit),
        of(
            "a root that demands a policy, and the server has none",
            &Chain::assemble(
                demand,
                |ca| ca,
                |ca| ca,
                |leaf| leaf.without(oid::CERTIFICATE_POLICIES),
            ),
        ),
        leaf_and_ca(
            "a policy demanded by an extension that is not critical, and the server has none",
            [own, own, &[]],
            |ca| {
                ca.extension(demands())
                    .critical(oid::POLICY_CONSTRAINTS, false)
            },
        ),
        leaf_and_ca("a CA that maps a policy", [own, own, own], maps),
        leaf_and_ca(
            "a CA that maps a policy and demands one",
            [own, own, &["1.2.3.5"]],
            |ca| maps(ca).extension(demands()),
        ),
        leaf_and_ca(
            "a policy demanded later, and the server has none",
            [own, own, &[]],
            |ca| ca.extension(policy_constraints(&der::implicit(0, &[5]))),
        ),
    ]
}

/// policyMappings, critical: what is 1.2.3.4 above is 1.2.3.5 below.
fn maps(ca: Draft) -> Draft {
    let pair = der::sequence(&[der::oid("1.2.3.4"), der::oid("1.2.3.5")]);
    ca.extension(Extension::new(
        oid::POLICY_MAPPINGS,
        true,
        der::sequence(&[pair]),
    ))
}

/// policyConstraints: from here on a policy is demanded.
fn demands() -> Extension {
    policy_constraints(&der::implicit(0, &[0]))
}

fn policy_constraints(fields: &[u8]) -> Extension {
    Extension::new(oid::POLICY_CONSTRAINTS, true, der::sequence(&[fields]))
}

/// inhibitAnyPolicy: from here on anyPolicy counts for nothing.
fn no_any() -> Extension {
    Extension::new(oid::INHIBIT_ANY_POLICY, true, der::integer(0))
}
