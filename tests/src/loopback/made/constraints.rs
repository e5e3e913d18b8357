//! Constraints of a CA, and names of every kind that they are about.

use keyway_testkit::{Chain, GeneralName as N, HOST};

use super::{Case, of};

/// The cases.
pub(super) fn cases() -> Vec<Case> {
    let case = |name: &str, [permitted, excluded, carried]: [&[&N]; 3]| {
        let owned = |names: &[&N]| names.iter().copied().cloned().collect::<Vec<N>>();
        let chain = Chain::assemble(
            |root| root,
            |ca| ca.name_constraints(&owned(permitted), &owned(excluded)),
            |ca| ca,
            |leaf| leaf.san(&owned(carried)),
        );
        of(name, &chain)
    };
    let (host, domain, wildcard) = (
        &N::dns(HOST),
        &N::dns("example.com"),
        &N::dns("*.example.com"),
    );
    let page = &N::Uri("https://page.example.net/".into());
    let mail = &N::Email("a@example.net".into());
    let address = &N::ip("192.0.2.1");
    let uri = |text: &str| N::Uri(text.into());
    let network =
        |first: &str| N::Network(first.parse().expect("v4"), "255.0.0.0".parse().expect("v4"));
    let allows =
        |name: &str, permitted: &N, carried: &[&N]| case(name, [&[permitted], &[], carried]);
    let excludes =
        |name: &str, excluded: &N, carried: &[&N]| case(name, [&[], &[excluded], carried]);
    vec![
        excludes(
            "a wildcard over an excluded name",
            &N::dns("not.example.com"),
            &[wildcard],
        ),
        excludes(
            "a wildcard beside an excluded name further down",
            &N::dns("a.not.example.com"),
            &[wildcard],
        ),
        excludes("a wildcard below an excluded domain", domain, &[wildcard]),
        allows("a wildcard over a permitted name", host, &[wildcard]),
        allows("a wildcard below a permitted domain", domain, &[wildcard]),
        case(
            "a locator of a host that is permitted",
            [&[domain, &uri("page.example.net")], &[], &[host, page]],
        ),
        allows(
            "a locator of a host that is not permitted",
            &uri("example.org"),
            &[host, page],
        ),
        excludes(
            "a locator of a host that is excluded",
            &uri("page.example.net"),
            &[host, page],
        ),
        excludes(
            "a locator below a domain that is excluded",
            &uri(".example.net"),
            &[host, page],
        ),
        allows(
            "an e-mail address that is not permitted",
            &N::Email("example.org".into()),
            &[host, mail],
        ),
        excludes(
            "an e-mail address that is excluded",
            &N::Email("example.net".into()),
            &[host, mail],
        ),
        allows(
            "an address that is not permitted",
            &network("10.0.0.0"),
            &[host, address],
        ),
        excludes(
            "an address that is excluded",
            &network("192.0.0.0"),
            &[host, address],
        ),
        excludes("a name that is excluded", host, &[host]),
        excludes(
            "a name below one that is excluded, of another kind",
            &network("192.0.0.0"),
            &[host],
        ),
    ]
}
