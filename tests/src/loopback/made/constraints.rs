//! Constraints of a CA, and names of every kind that they are about.

use keyway_testkit::{Chain, Draft, GeneralName as N, HOST, Name, oid};

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

/// Constraints whose sense is not the same to all.
pub(super) fn odd() -> Vec<Case> {
    let under = |name: &str, [permitted, excluded]: [&[N]; 2], leaf: fn(Draft) -> Draft| {
        let chain = Chain::assemble(
            |root| root,
            |ca| ca.name_constraints(permitted, excluded),
            |ca| ca,
            leaf,
        );
        of(name, &chain)
    };
    let domain = || N::dns("example.com");
    let registered = || N::Raw(8, vec![0x2a, 3]);
    let directory = || N::Directory(Name::authority("x"));
    let four = || {
        N::Network(
            "10.0.0.0".parse().expect("v4"),
            "255.0.0.0".parse().expect("v4"),
        )
    };
    let six = || {
        N::Network(
            "2001:db8::".parse().expect("v6"),
            "ffff:ffff::".parse().expect("v6"),
        )
    };
    let host: fn(Draft) -> Draft = |leaf| leaf.san_dns(&[HOST]);
    let nameless: fn(Draft) -> Draft = |leaf| {
        leaf.subject(Name::empty())
            .san_dns(&[HOST])
            .critical(oid::SUBJECT_ALT_NAME, true)
    };
    let of_six: fn(Draft) -> Draft = |leaf| leaf.san(&[N::dns(HOST), N::ip("2001:db8::1")]);
    let of_four: fn(Draft) -> Draft = |leaf| leaf.san(&[N::dns(HOST), N::ip("10.0.0.1")]);
    let lax = |name: &str, permitted: &[N], excluded: &[N]| {
        let change = |ca: Draft| {
            ca.name_constraints(permitted, excluded)
                .critical(oid::NAME_CONSTRAINTS, false)
        };
        of(name, &Chain::assemble(|root| root, change, |ca| ca, host))
    };
    vec![
        lax(
            "a registered identifier is permitted, not critical",
            &[registered()],
            &[],
        ),
        lax("no directory, not critical", &[], &[directory()]),
        lax("every name is permitted, not critical", &[N::dns("")], &[]),
        under(
            "a dot, and the name of its domain itself",
            [&[N::dns(".www.example.com")], &[]],
            host,
        ),
        under(
            "a dot, and the name in another domain",
            [&[N::dns(".example.org")], &[]],
            host,
        ),
        under(
            "a dot, and the name two labels below",
            [&[N::dns(".com")], &[]],
            host,
        ),
        under(
            "a dot, and a wildcard of its domain",
            [&[N::dns(".example.com")], &[]],
            |leaf| leaf.san(&[N::dns(HOST), N::dns("*.example.com")]),
        ),
        under(
            "a dot that excludes the name's domain",
            [&[], &[N::dns(".example.com")]],
            host,
        ),
        under(
            "a dot that excludes the names below this one",
            [&[], &[N::dns(".www.example.com")]],
            host,
        ),
        under(
            "a dot that excludes another domain",
            [&[], &[N::dns(".example.org")]],
            host,
        ),
        under(
            "a dot that excludes below this one, and a wildcard",
            [&[], &[N::dns(".a.example.com")]],
            |leaf| leaf.san(&[N::dns(HOST), N::dns("*.example.com")]),
        ),
        under(
            "a dot beside the domain without it",
            [&[N::dns(".example.com"), domain()], &[]],
            host,
        ),
        under(
            "a registered identifier is permitted",
            [&[registered()], &[]],
            host,
        ),
        under(
            "a registered identifier is excluded",
            [&[], &[registered()]],
            host,
        ),
        under(
            "a registered identifier is permitted, and the domain",
            [&[registered(), domain()], &[]],
            host,
        ),
        under("every name is permitted", [&[N::dns("")], &[]], host),
        under("every name is excluded", [&[], &[N::dns("")]], host),
        under(
            "no directory, and no name of the server",
            [&[], &[directory()]],
            nameless,
        ),
        under(
            "one directory, and no name of the server",
            [&[directory()], &[]],
            nameless,
        ),
        under(
            "no directory, and a name of the server",
            [&[], &[directory()]],
            host,
        ),
        under(
            "addresses of IPv4 permitted, one of IPv6 carried",
            [&[four(), domain()], &[]],
            of_six,
        ),
        under(
            "addresses of IPv4 permitted and carried",
            [&[four(), domain()], &[]],
            of_four,
        ),
        under(
            "addresses of IPv6 permitted, one of IPv4 carried",
            [&[six(), domain()], &[]],
            of_four,
        ),
        under(
            "addresses of IPv4 excluded, one of IPv6 carried",
            [&[], &[four()]],
            of_six,
        ),
        under(
            "addresses of both permitted, one of IPv6 carried outside",
            [&[four(), six(), domain()], &[]],
            |leaf| leaf.san(&[N::dns(HOST), N::ip("2001:db9::1")]),
        ),
        under(
            "addresses of both permitted, one of IPv4 carried outside",
            [&[four(), six(), domain()], &[]],
            |leaf| leaf.san(&[N::dns(HOST), N::ip("192.0.2.1")]),
        ),
    ]
}
