//! From the files to where DNS points, link by link.

use keyway_chain::CertificateFacts;
use keyway_report::Verdict;

use super::held::Held;
use crate::formats::connection::{At, Link};
use crate::intent::{Loaded, Unheard};
use crate::voice::connection::links as words;

/// What a running server said of what it has loaded, by where it was asked.
pub(super) type Told = (String, Result<Vec<Loaded>, Unheard>);

/// Every link, the nearest to the files first. `told` is what running servers said, `unseen` counts addresses that
/// were not looked at, `is_address` says that DNS was not asked.
pub(super) fn links(
    held: &Held,
    told: &[Told],
    seen: &[At],
    unseen: usize,
    is_address: bool,
) -> Vec<Link> {
    let file = held.link();
    let leaves: Vec<&CertificateFacts> = held.leaves().collect();
    let ours: Vec<&str> = leaves.iter().map(|leaf| leaf.sha256.as_str()).collect();
    let others = if ours.is_empty() {
        ["loaded", "served", "addresses"].map(|name| Link {
            name,
            holds: Verdict::Unknown,
            why: words::NO_FILE.to_owned(),
        })
    } else {
        [
            loaded(&leaves, told),
            served(&ours, seen, file.holds == Verdict::Yes),
            addresses(&ours, seen, unseen, is_address),
        ]
    };
    [file].into_iter().chain(others).collect()
}

/// Whether every running server that was asked has loaded all that is for the host.
fn loaded(leaves: &[&CertificateFacts], told: &[Told]) -> Link {
    let has = |all: &[Loaded], leaf: &CertificateFacts| {
        all.iter()
            .any(|one| one.serial == leaf.serial && one.not_after == leaf.not_after.seconds())
    };
    let mut without = Vec::new();
    let mut unheard = Vec::new();
    for (address, said) in told {
        match said {
            Ok(all) if leaves.iter().all(|leaf| has(all, leaf)) => {}
            Ok(_) => without.push(address.clone()),
            Err(why) => unheard.push(words::unheard(address, why)),
        }
    }
    let asked: Vec<String> = told.iter().map(|(address, _)| address.clone()).collect();
    Link {
        name: "loaded",
        holds: match (without.is_empty(), unheard.is_empty() && !told.is_empty()) {
            (false, _) => Verdict::No,
            (true, true) => Verdict::Yes,
            (true, false) => Verdict::Unknown,
        },
        why: words::is_loaded(&asked, &without, &unheard),
    }
}

/// The first that does not hold.
pub(super) fn broken(links: &[Link]) -> Option<&'static str> {
    let mut links = links.iter();
    let broken = links.find(|link| link.holds == Verdict::No);
    broken.map(|link| link.name)
}

/// Whether a server has it at all.
fn served(ours: &[&str], seen: &[At], is_good: bool) -> Link {
    let mut has = seen.iter().map(|at| holds(ours, at));
    let holds = has.clone().reduce(either).unwrap_or(Verdict::Unknown);
    let at = has.position(|held| held == Verdict::Yes);
    Link {
        name: "served",
        holds,
        why: words::is_served(at.and_then(|at| seen.get(at)), holds, is_good),
    }
}

/// Whether every address has it.
fn addresses(ours: &[&str], seen: &[At], unseen: usize, is_address: bool) -> Link {
    let of = |verdict| -> Vec<String> {
        let such = seen.iter().filter(|at| holds(ours, at) == verdict);
        such.map(|at| at.address.clone()).collect()
    };
    let (others, unknown) = (of(Verdict::No), of(Verdict::Unknown));
    let is_open = unseen > 0 || !unknown.is_empty() || is_address;
    let holds = match (others.is_empty(), is_open) {
        (false, _) => Verdict::No,
        (true, true) => Verdict::Unknown,
        (true, false) => Verdict::Yes,
    };
    let why = if is_address && others.is_empty() {
        words::NO_DNS.to_owned()
    } else {
        words::at_addresses(&others, &unknown, unseen, seen.len())
    };
    Link {
        name: "addresses",
        holds,
        why,
    }
}

fn holds(ours: &[&str], at: &At) -> Verdict {
    match at.proven() {
        Some(sha256) if ours.contains(&sha256) => Verdict::Yes,
        None if at.is_out_of_reach => Verdict::Unknown,
        _ => Verdict::No,
    }
}

/// One "yes" is enough; without any, "unknown" leaves it open.
fn either(one: Verdict, other: Verdict) -> Verdict {
    match (one, other) {
        (Verdict::Yes, _) | (_, Verdict::Yes) => Verdict::Yes,
        (Verdict::Unknown, _) | (_, Verdict::Unknown) => Verdict::Unknown,
        (Verdict::No, Verdict::No) => Verdict::No,
    }
}

/// Whether all addresses serve one certificate; unknown where not all were seen.
pub(super) fn same(seen: &[At], unseen: usize) -> Verdict {
    let mut proven = seen.iter().map(At::proven);
    let first = proven.clone().flatten().next();
    if proven.clone().flatten().any(|sha256| Some(sha256) != first) {
        Verdict::No
    } else if unseen > 0 || first.is_none() || proven.any(|sha256| sha256.is_none()) {
        Verdict::Unknown
    } else {
        Verdict::Yes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(address: &str, sha256: Option<&str>, is_out_of_reach: bool) -> At {
        At {
            address: address.to_owned(),
            input: address.to_owned(),
            why: sha256.is_none().then(|| "nothing answers".to_owned()),
            sha256: sha256.map(str::to_owned),
            connection: None,
            report: None,
            sent: Vec::new(),
            is_out_of_reach,
        }
    }

    #[test]
    fn one_address_with_another_certificate_breaks_the_last_link_alone() {
        let seen = [
            at("192.0.2.1:443", Some("aa"), false),
            at("[2001:db8::1]:443", Some("bb"), false),
        ];
        assert_eq!(same(&seen, 0), Verdict::No);
        assert_eq!(served(&["aa"], &seen, true).holds, Verdict::Yes);
        let last = addresses(&["aa"], &seen, 0, false);
        assert_eq!(last.holds, Verdict::No);
        assert!(last.why.contains("[2001:db8::1]:443"), "{}", last.why);
        assert_eq!(served(&["cc"], &seen, true).holds, Verdict::No);
    }

    #[test]
    fn what_was_not_seen_is_never_the_same() {
        let one = [at("192.0.2.1:443", Some("aa"), false)];
        assert_eq!(same(&one, 0), Verdict::Yes);
        assert_eq!(same(&one, 1), Verdict::Unknown);
        assert_eq!(addresses(&["aa"], &one, 0, false).holds, Verdict::Yes);
        assert_eq!(addresses(&["aa"], &one, 1, false).holds, Verdict::Unknown);
        assert_eq!(addresses(&["aa"], &one, 0, true).holds, Verdict::Unknown);
        let far = [
            at("192.0.2.1:443", Some("aa"), false),
            at("[2001:db8::1]:443", None, true),
        ];
        assert_eq!(same(&far, 0), Verdict::Unknown);
        assert_eq!(addresses(&["aa"], &far, 0, false).holds, Verdict::Unknown);
        let dead = [at("192.0.2.1:443", None, false)];
        assert_eq!(served(&["aa"], &dead, true).holds, Verdict::No);
        assert_eq!(same(&[], 0), Verdict::Unknown);
    }

    #[test]
    fn the_first_link_that_does_not_hold_is_named() {
        let link = |name, holds| Link {
            name,
            holds,
            why: String::new(),
        };
        let links = [
            link("file", Verdict::Yes),
            link("served", Verdict::No),
            link("addresses", Verdict::No),
        ];
        assert_eq!(broken(&links), Some("served"));
        assert_eq!(broken(&links[..1]), None);
    }
}
