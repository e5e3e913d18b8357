//! Vectors of the rules about time.

use crate::case::Case;
use keyway_testkit::{Chain, DAY, Draft, NOW, der};

pub(crate) fn cases() -> Vec<Case> {
    [moments(), forms(), lifetimes(), limits()]
        .into_iter()
        .flatten()
        .collect()
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
        Case::silent(
            "time.expired",
            "for-a-root-that-was-renewed-with-its-key",
            "Both stand among the roots, the old one first.",
        )
        .chain(&Chain::good())
        .roots(
            Chain::with_root(|root| root.not_after(NOW - 1)).root_pem() + &Chain::good().root_pem(),
        )
        .verdict("accepted", "yes"),
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

const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;

/// The good chain with these bytes for the moments of its leaf: 2026-10-12 and 90 days.
fn written(first: (u8, &str), last: (u8, &str)) -> Chain {
    let moments = [first, last].map(|(tag, text)| der::tlv(tag, text.as_bytes()));
    Chain::with_leaf(|leaf| leaf.validity_der(&der::sequence(&moments)))
}

fn forms() -> Vec<Case> {
    vec![
        Case::fires(
            "time.malformed",
            "with-a-fraction-of-a-second",
            "GeneralizedTime could have one, certificates must not.",
        )
        .chain(&written(
            (UTC_TIME, "261012000000Z"),
            (GENERALIZED_TIME, "20270109235959.5Z"),
        ))
        .verdict("accepted", "no"),
        Case::fires("time.malformed", "without-seconds", "As of 1988.")
            .chain(&written(
                (UTC_TIME, "2610120000Z"),
                (UTC_TIME, "270109235959Z"),
            ))
            .verdict("accepted", "no"),
        Case::fires(
            "time.malformed",
            "in-another-time-zone",
            "An hour east of Z.",
        )
        .chain(&written(
            (UTC_TIME, "261012000000+0100"),
            (UTC_TIME, "270109235959Z"),
        ))
        .verdict("accepted", "no"),
        Case::silent(
            "time.malformed",
            "in-whole-seconds-of-z",
            "The same moments, written right.",
        )
        .chain(&written(
            (UTC_TIME, "261012000000Z"),
            (UTC_TIME, "270109235959Z"),
        ))
        .verdict("accepted", "yes"),
        Case::fires(
            "time.wrong-form",
            "for-generalized-time-before-2050",
            "Both moments, on the leaf.",
        )
        .chain(&Chain::with_leaf(Draft::generalized_times))
        .verdict("accepted", "no"),
        Case::silent(
            "time.wrong-form",
            "for-generalized-time-in-2050",
            "A root until the first second of 2050.",
        )
        .chain(&Chain::with_root(|root| root.not_after(2_524_608_000)))
        .verdict("accepted", "yes"),
        Case::silent(
            "time.wrong-form",
            "for-utc-time-in-2049",
            "A root until the last second of 2049.",
        )
        .chain(&Chain::with_root(|root| root.not_after(2_524_607_999)))
        .verdict("accepted", "yes"),
        Case::silent("time.wrong-form", "for-an-own-ca", "Clients read it.")
            .chain(&Chain::with_leaf(Draft::generalized_times))
            .profile("private")
            .verdict("accepted", "yes"),
    ]
}

/// First second of the day from which each limit applies, the same as people write it, and the days
/// (BR 6.3.2 and the versions before it).
const LIMITS: [(i64, &str, i64); 5] = [
    (1_519_862_400, "2018-03-01", 825),
    (1_598_918_400, "2020-09-01", 398),
    (1_773_532_800, "2026-03-15", 200),
    (1_805_068_800, "2027-03-15", 100),
    (1_868_227_200, "2029-03-15", 47),
];

fn midnight(date: &str) -> String {
    format!("{date}T00:00:00Z")
}

/// The good chain with a leaf of that first and last second.
fn lasting(first: i64, last: i64) -> Chain {
    Chain::with_leaf(|leaf| leaf.issued(first).not_after(last))
}

/// Each limit at its first second: the longest that is allowed, one second more, and the longest of
/// the limit before in the second before. Both ends count (RFC 5280, section 4.1.2.5).
fn limits() -> Vec<Case> {
    let mut out = Vec::new();
    for (from, date, days) in LIMITS {
        let longest = from + days * DAY - 1;
        let case = |case: Case, first, last| case.chain(&lasting(first, last)).at(&midnight(date));
        out.push(case(
            Case::silent(
                "time.too-long",
                &format!("with-all-{days}-days-from-{date}"),
                "Its last second is the last that is allowed.",
            ),
            from,
            longest,
        ));
        out.push(case(
            Case::fires(
                "time.too-long",
                &format!("one-second-after-{days}-days-from-{date}"),
                "A second more counts as another day.",
            ),
            from,
            longest + 1,
        ));
    }
    for [(_, _, days), (from, date, _)] in LIMITS.windows(2).map(|pair| [pair[0], pair[1]]) {
        out.push(
            Case::silent(
                "time.too-long",
                &format!("with-{days}-days-one-second-before-{date}"),
                "The limit before still applies.",
            )
            .chain(&lasting(from - 1, from - 1 + days * DAY - 1))
            .at(&midnight(date)),
        );
    }
    out.push(
        Case::fires(
            "time.too-long-public",
            "with-200-days-and-a-second-below-a-public-root",
            "The root is in a browser's list.",
        )
        .chain(&lasting(NOW - 42 * DAY, NOW + 158 * DAY))
        .public_roots()
        .verdict("accepted", "no"),
    );
    out.push(
        Case::silent(
            "time.too-long-public",
            "with-200-days-below-a-public-root",
            "The longest that is allowed.",
        )
        .chain(&lasting(NOW - 42 * DAY, NOW + 158 * DAY - 1))
        .public_roots()
        .verdict("accepted", "yes"),
    );
    out.push(
        Case::silent(
            "time.too-long-public",
            "below-a-root-of-ones-own",
            "A warning is enough: nobody but the owner is bound.",
        )
        .chain(&lasting(NOW - 42 * DAY, NOW + 158 * DAY))
        .verdict("accepted", "yes"),
    );
    out
}
