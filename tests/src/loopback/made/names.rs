//! Names that the certificate carries, or does not.

use keyway_testkit::{Chain, GeneralName, HOST, Name, oid};

use super::{Case, asked, leaf};

/// [`HOST`] as one writes it who wants no search list to be gone through.
const ROOTED: &str = "www.example.com.";

/// The cases.
pub(super) fn cases() -> Vec<Case> {
    let only = |name: &str, host: &str, san: &str| {
        asked(name, host, &Chain::with_leaf(|leaf| leaf.san_dns(&[san])))
    };
    let without = |name: &str, host: &str, cn: &str| {
        asked(
            name,
            host,
            &Chain::with_leaf(|leaf| leaf.cn(cn).without(oid::SUBJECT_ALT_NAME)),
        )
    };
    vec![
        without("a common name and no other", HOST, HOST),
        without(
            "a wildcard as common name and no other",
            HOST,
            "*.example.com",
        ),
        without("a common name of another host", HOST, "other.example.com"),
        without(
            "an address as common name and no other",
            "127.0.0.1",
            "127.0.0.1",
        ),
        leaf("a common name beside an e-mail address", |leaf| {
            leaf.san(&[GeneralName::Email("a@example.com".into())])
        }),
        leaf("a common name beside an address", |leaf| {
            leaf.san_ip(&["192.0.2.1"])
        }),
        leaf("a common name beside a locator", |leaf| {
            leaf.san(&[GeneralName::Uri("https://www.example.com/".into())])
        }),
        leaf("a common name beside a registered identifier", |leaf| {
            leaf.san(&[GeneralName::Raw(8, vec![0x2a, 3])])
        }),
        leaf("a common name beside a directory name", |leaf| {
            leaf.san(&[GeneralName::Directory(Name::common("x"))])
        }),
        leaf(
            "a common name beside a locator and an e-mail address",
            |leaf| {
                leaf.san(&[
                    GeneralName::Uri("https://www.example.com/".into()),
                    GeneralName::Email("a@example.com".into()),
                ])
            },
        ),
        asked(
            "an address in the form of IPv6",
            "127.0.0.1",
            &Chain::with_leaf(|leaf| leaf.san_ip(&["::ffff:127.0.0.1"])),
        ),
        asked(
            "an address in the form of IPv6 beside its own",
            "127.0.0.1",
            &Chain::with_leaf(|leaf| leaf.san_ip(&["::ffff:127.0.0.1", "127.0.0.1"])),
        ),
        only("a name with a dot at its end", HOST, "www.example.com."),
        only("a wildcard with a dot at its end", HOST, "*.example.com."),
        asked(
            "an address as a name",
            "127.0.0.1",
            &Chain::with_leaf(|leaf| leaf.san_dns(&["127.0.0.1"])),
        ),
        asked(
            "an address as a name and as common name",
            "127.0.0.1",
            &Chain::with_leaf(|leaf| leaf.cn("127.0.0.1").san_dns(&["127.0.0.1"])),
        ),
        asked(
            "an address",
            "127.0.0.1",
            &Chain::with_leaf(|leaf| leaf.san_ip(&["127.0.0.1"])),
        ),
        only("a wildcard within a label", HOST, "w*.example.com"),
        only("a wildcard as the second label", HOST, "www.*.com"),
        only("a wildcard for any name below com", "example.com", "*.com"),
        only("a wildcard for everything", "example", "*"),
        only("a wildcard on a public suffix", "shop.co.uk", "*.co.uk"),
        only(
            "a wildcard on a private suffix",
            "shop.github.io",
            "*.github.io",
        ),
        only(
            "a wildcard two labels above",
            "a.b.example.com",
            "*.example.com",
        ),
        only(
            "a name with an underscore",
            "a_b.example.com",
            "a_b.example.com",
        ),
        only(
            "a wildcard over a name with an underscore",
            "a_b.example.com",
            "*.example.com",
        ),
        only("a name of one label", "intranet", "intranet"),
        only("a name in capitals", HOST, "WWW.EXAMPLE.COM"),
        only(
            "a name with reserved hyphens",
            "ab--c.example.com",
            "ab--c.example.com",
        ),
        leaf("a name with a space beside the right one", |leaf| {
            leaf.san_dns(&[HOST, "a b.example.com"])
        }),
        leaf("an empty name beside the right one", |leaf| {
            leaf.san_dns(&[HOST, ""])
        }),
        leaf("a dot at the end beside the right one", |leaf| {
            leaf.san_dns(&[HOST, "a.example.com."])
        }),
        leaf("a star within a label beside the right one", |leaf| {
            leaf.san_dns(&[HOST, "a*.example.com"])
        }),
        leaf("an address of five bytes beside the right name", |leaf| {
            leaf.san(&[
                GeneralName::dns(HOST),
                GeneralName::Raw(7, vec![1, 2, 3, 4, 5]),
            ])
        }),
        leaf("a name that is not ASCII beside the right one", |leaf| {
            leaf.san(&[
                GeneralName::dns(HOST),
                GeneralName::Raw(2, "b\u{fc}cher.example".as_bytes().to_vec()),
            ])
        }),
        leaf("an address with a mask beside the right name", |leaf| {
            leaf.san(&[
                GeneralName::dns(HOST),
                GeneralName::Raw(7, vec![10, 0, 0, 0, 255, 0, 0, 0]),
            ])
        }),
        asked("a host with a dot at its end", ROOTED, &Chain::good()),
        only(
            "a host with a dot at its end, by a wildcard",
            ROOTED,
            "*.example.com",
        ),
        leaf("another name altogether", |leaf| {
            leaf.san_dns(&["other.example.com"])
        }),
    ]
}
