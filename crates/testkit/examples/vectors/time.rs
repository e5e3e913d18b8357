//! Vectors of the rules about time.

use crate::case::Case;
use keyway_testkit::{Chain, DAY, NOW};

pub(crate) fn cases() -> Vec<Case> {
    [moments(), lifetimes()].into_iter().flatten().collect()
}

fn moments() -> Vec<Case> {
    vec![
        Case::fires(
            "time.expired",
            "one-second-after-the-last",
            "The last second was the one before.",
        )
        .chain(&Chain::with_leaf(|leaf| leaf.not_after(NOW - 1)))
        .verdict("accepted", "no"),
        Case::silent(
            "time.expired",
            "in-the-last-second",
            "It is valid through its last second.",
        )
        .chain(&Chain::with_leaf(|leaf| leaf.not_after(NOW)))
        .verdict("accepted", "yes"),
        Case::fires(
            "time.expired",
            "for-an-intermediate",
            "The leaf is in time.",
        )
        .chain(&Chain::with_issuing(|ca| ca.not_after(NOW - 1)))
        .verdict("timely", "no"),
        Case::fires(
            "time.not-yet-valid",
            "one-second-before-the-first",
            "It begins with the next second.",
        )
        .chain(&Chain::with_leaf(|leaf| leaf.issued(NOW + 1)))
        .verdict("accepted", "no"),
        Case::silent(
            "time.not-yet-valid",
            "in-the-first-second",
            "It begins now.",
        )
        .chain(&Chain::with_leaf(|leaf| leaf.issued(NOW)))
        .verdict("accepted", "yes"),
        Case::fires(
            "time.inverted",
            "when-the-end-lies-before-the-beginning",
            "One second before.",
        )
        .chain(&Chain::with_leaf(|leaf| {
            leaf.not_before(NOW).not_after(NOW - 1)
        }))
        .verdict("accepted", "no"),
        Case::silent(
            "time.inverted",
            "for-a-single-second",
            "Beginning and end are one second.",
        )
        .chain(&Chain::with_leaf(|leaf| {
            leaf.not_before(NOW).not_after(NOW)
        }))
        .verdict("accepted", "yes"),
    ]
}

fn lifetimes() -> Vec<Case> {
    vec![
        Case::fires(
            "time.expires-soon",
            "with-29-of-90-days-left",
            "32 percent.",
        )
        .chain(&Chain::with_leaf(|leaf| leaf.issued(NOW - 61 * DAY)))
        .verdict("accepted", "yes"),
        Case::silent(
            "time.expires-soon",
            "with-30-of-90-days-left",
            "33 percent.",
        )
        .chain(&Chain::with_leaf(|leaf| leaf.issued(NOW - 60 * DAY)))
        .verdict("accepted", "yes"),
        Case::silent(
            "time.expires-soon",
            "with-three-of-six-days-left",
            "Days do not count, the share does.",
        )
        .chain(&Chain::with_leaf(|leaf| {
            leaf.not_before(NOW - 3 * DAY).days(6)
        }))
        .verdict("accepted", "yes"),
        Case::fires(
            "time.expires-soon",
            "at-the-share-asked-for",
            "53 percent are left, 60 were asked for.",
        )
        .chain(&Chain::good())
        .verdict("accepted", "yes")
        .warn_at(60),
        Case::fires(
            "time.intermediate-expires-first",
            "by-one-second",
            "The leaf ends at NOW + 48 days - 1 second.",
        )
        .chain(&Chain::with_issuing(|ca| ca.not_after(NOW + 48 * DAY - 2)))
        .verdict("accepted", "yes"),
        Case::silent(
            "time.intermediate-expires-first",
            "when-both-end-at-once",
            "The same last second.",
        )
        .chain(&Chain::with_issuing(|ca| ca.not_after(NOW + 48 * DAY - 1)))
        .verdict("accepted", "yes"),
        Case::silent(
            "time.intermediate-expires-first",
            "when-only-the-root-ends-first",
            "A root is trusted for itself.",
        )
        .chain(&Chain::with_root(|root| root.not_after(NOW + DAY))),
        Case::fires(
            "time.too-long",
            "with-201-days-since-2026-03-15",
            "One day over.",
        )
        .chain(&Chain::with_leaf(|leaf| leaf.days(201))),
        Case::fires(
            "time.too-long",
            "with-200-days-and-a-second",
            "Any excess counts as another day.",
        )
        .chain(&Chain::with_leaf(|leaf| {
            leaf.days(200).not_after(NOW + 158 * DAY)
        })),
        Case::silent(
            "time.too-long",
            "with-200-days-since-2026-03-15",
            "The limit of 2026-03-15.",
        )
        .chain(&Chain::with_leaf(|leaf| leaf.days(200)))
        .verdict("accepted", "yes"),
        Case::silent(
            "time.too-long",
            "with-398-days-before-2026-03-15",
            "Issued on 2026-03-14, the last day of the old limit.",
        )
        .chain(&Chain::with_leaf(|leaf| {
            leaf.issued(NOW - 254 * DAY).days(398)
        }))
        .verdict("accepted", "yes"),
        Case::silent("time.too-long", "for-an-own-ca", "Its rules are its own.")
            .chain(&Chain::with_leaf(|leaf| leaf.days(3650)))
            .verdict("accepted", "yes")
            .profile("private"),
    ]
}
