//! Vectors of the rules about names.

use crate::case::Case;
use keyway_testkit::{Certificate, Chain, GeneralName, HOST, oid};

pub(crate) fn cases() -> Vec<Case> {
    [
        matching(),
        presence(),
        common_names(),
        wildcards(),
        entries(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn matching() -> Vec<Case> {
    vec![
        Case::fires(
            "name.mismatch",
            "for-another-name",
            "Only example.com and www are there.",
        )
        .chain(&Chain::good())
        .hosts(&["shop.example.com"])
        .verdict("named", "no"),
        Case::silent(
            "name.mismatch",
            "whatever-the-letter-case",
            "DNS names have none.",
        )
        .chain(&Chain::good())
        .hosts(&["WWW.Example.COM"])
        .verdict("named", "yes"),
        Case::fires(
            "name.wildcard-too-deep",
            "two-labels-below",
            "The star is one label.",
        )
        .chain(&Chain::with_leaf(|leaf| {
            leaf.san_dns(&["*.example.com", HOST])
        }))
        .hosts(&["a.b.example.com"])
        .verdict("named", "no"),
        Case::silent(
            "name.wildcard-too-deep",
            "one-label-below",
            "The star covers it.",
        )
        .chain(&Chain::with_leaf(|leaf| {
            leaf.san_dns(&["*.example.com", HOST])
        }))
        .hosts(&["a.example.com"])
        .verdict("named", "yes"),
        Case::silent(
            "name.wildcard-too-deep",
            "on-the-name-itself",
            "That is too high, not too deep.",
        )
        .chain(&Chain::with_leaf(|leaf| {
            leaf.san_dns(&["*.example.com", HOST])
        }))
        .hosts(&["example.com"])
        .verdict("named", "no"),
    ]
}

fn presence() -> Vec<Case> {
    vec![
        Case::fires(
            "name.no-san",
            "without-the-extension",
            "The subject does not count.",
        )
        .chain(&Chain::with_leaf(|leaf| {
            leaf.without(oid::SUBJECT_ALT_NAME)
        }))
        .verdict("named", "no"),
        Case::fires(
            "name.no-san",
            "with-an-e-mail-address-alone",
            "No name of a server.",
        )
        .chain(&Chain::with_leaf(|leaf| {
            leaf.san(&[GeneralName::Email("web@example.com".to_owned())])
        }))
        .verdict("named", "no"),
        Case::silent(
            "name.no-san",
            "with-an-address-alone",
            "An address is enough.",
        )
        .chain(&Chain::with_leaf(|leaf| {
            leaf.cn("8.8.8.8").san_ip(&["8.8.8.8"])
        }))
        .hosts(&["8.8.8.8"])
        .verdict("accepted", "yes"),
        Case::fires(
            "name.no-san",
            "on-a-ca-whose-common-name-is-a-host",
            "As `openssl req -x509` makes a server certificate: a CA, named in the subject only.",
        )
        .input("cert.pem", Certificate::root(HOST).build().pem())
        .verdict("named", "no"),
        Case::silent(
            "name.no-san",
            "on-a-ca-that-names-no-server",
            "The server's own certificate is missing; a CA needs no such names.",
        )
        .input("ca.pem", Chain::good().issuing.pem())
        .roots(Chain::good().root_pem())
        .verdict("named", "no")
        .verdict("accepted", "no"),
        Case::fires(
            "name.common-name-only",
            "without-subject-alt-name",
            "The name is in the subject.",
        )
        .chain(&Chain::with_leaf(|leaf| {
            leaf.without(oid::SUBJECT_ALT_NAME)
        })),
        Case::silent(
            "name.common-name-only",
            "when-the-common-name-is-no-host",
            "A title.",
        )
        .chain(&Chain::with_leaf(|leaf| {
            leaf.cn("Web server 7").without(oid::SUBJECT_ALT_NAME)
        })),
    ]
}

fn common_names() -> Vec<Case> {
    vec![
        Case::fires("name.cn-not-in-san", "for-a-sibling", "shop is not www.")
            .chain(&Chain::with_leaf(|leaf| leaf.cn("shop.example.com")))
            .verdict("accepted", "no"),
        Case::fires(
            "name.cn-not-in-san",
            "in-other-letters",
            "Character for character.",
        )
        .chain(&Chain::with_leaf(|leaf| leaf.cn("WWW.example.com")))
        .verdict("accepted", "no"),
        Case::fires(
            "name.cn-not-in-san",
            "for-an-address-with-leading-zeros",
            "The same address in another spelling.",
        )
        .chain(&Chain::with_leaf(|leaf| {
            leaf.cn("008.008.008.008").san_ip(&["8.8.8.8"])
        }))
        .hosts(&["8.8.8.8"])
        .verdict("accepted", "no"),
        Case::silent(
            "name.cn-not-in-san",
            "for-one-of-the-names",
            "The second of two.",
        )
        .chain(&Chain::with_leaf(|leaf| leaf.cn("example.com")))
        .verdict("accepted", "yes"),
        Case::silent(
            "name.cn-not-in-san",
            "for-an-address-in-canonical-form",
            "RFC 5952.",
        )
        .chain(&Chain::with_leaf(|leaf| {
            leaf.cn("2606:4700::6810:1").san_ip(&["2606:4700::6810:1"])
        }))
        .hosts(&["2606:4700::6810:1"])
        .verdict("accepted", "yes"),
        Case::silent(
            "name.cn-not-in-san",
            "with-an-internal-name",
            "No public CA made it.",
        )
        .chain(&Chain::with_leaf(|leaf| {
            leaf.cn("Test machine").san_dns(&["localhost"])
        }))
        .hosts(&["localhost"])
        .verdict("accepted", "yes"),
        Case::fires(
            "name.cn-above-san",
            "when-the-domain-is-missing",
            "Only www is covered.",
        )
        .chain(&Chain::with_leaf(|leaf| {
            leaf.cn("example.com").san_dns(&[HOST])
        }))
        .verdict("accepted", "yes"),
        Case::silent(
            "name.cn-above-san",
            "when-the-domain-is-there-too",
            "Both are covered.",
        )
        .chain(&Chain::with_leaf(|leaf| leaf.cn("example.com")))
        .verdict("accepted", "yes"),
    ]
}

fn wildcards() -> Vec<Case> {
    vec![
        Case::fires(
            "name.wildcard-public-suffix",
            "under-a-public-suffix",
            "Everybody's shop in Britain.",
        )
        .chain(&Chain::with_leaf(|leaf| leaf.san_dns(&["*.co.uk", HOST])))
        .verdict("accepted", "no"),
        Case::fires(
            "name.wildcard-public-suffix",
            "under-a-private-suffix",
            "Everybody's page there.",
        )
        .chain(&Chain::with_leaf(|leaf| {
            leaf.san_dns(&["*.github.io", HOST])
        }))
        .verdict("accepted", "no"),
        Case::silent(
            "name.wildcard-public-suffix",
            "one-label-further-down",
            "One holder's names.",
        )
        .chain(&Chain::with_leaf(|leaf| {
            leaf.san_dns(&["*.example.co.uk", HOST])
        }))
        .verdict("accepted", "yes"),
        Case::silent(
            "name.wildcard-public-suffix",
            "for-the-holder-of-the-suffix",
            "The suffix itself is among the names.",
        )
        .chain(&Chain::with_leaf(|leaf| {
            leaf.san_dns(&["*.github.io", "github.io", HOST])
        }))
        .verdict("accepted", "yes"),
    ]
}

fn entries() -> Vec<Case> {
    vec![
        Case::fires(
            "name.ip-as-dns",
            "for-an-address-in-a-dns-entry",
            "Clients look among the IP entries.",
        )
        .chain(&Chain::with_leaf(|leaf| leaf.san_dns(&["8.8.8.8", HOST]))),
        Case::silent(
            "name.ip-as-dns",
            "for-an-address-in-an-ip-entry",
            "Where it belongs.",
        )
        .chain(&Chain::with_leaf(|leaf| {
            leaf.san(&[GeneralName::dns(HOST), GeneralName::ip("8.8.8.8")])
        }))
        .verdict("accepted", "yes"),
        Case::fires(
            "name.malformed",
            "for-a-star-within-a-label",
            "Not a whole label.",
        )
        .chain(&Chain::with_leaf(|leaf| {
            leaf.san_dns(&["ww*.example.com", HOST])
        })),
        Case::fires("name.malformed", "for-an-address-of-five-bytes", "4 or 16.").chain(
            &Chain::with_leaf(|leaf| {
                leaf.san(&[GeneralName::dns(HOST), GeneralName::Raw(7, vec![8; 5])])
            }),
        ),
        Case::silent(
            "name.malformed",
            "for-a-star-as-first-label",
            "A whole label.",
        )
        .chain(&Chain::with_leaf(|leaf| {
            leaf.san_dns(&["*.example.com", HOST])
        }))
        .verdict("accepted", "yes"),
        Case::fires("name.internal-name", "for-dot-local", "Everybody's.").chain(
            &Chain::with_leaf(|leaf| leaf.san_dns(&["server.local", HOST])),
        ),
        Case::fires(
            "name.internal-name",
            "for-a-private-address",
            "Everybody's.",
        )
        .chain(&Chain::with_leaf(|leaf| {
            leaf.san(&[GeneralName::dns(HOST), GeneralName::ip("10.0.0.1")])
        })),
        Case::silent(
            "name.internal-name",
            "for-local-further-up-front",
            "A public name.",
        )
        .chain(&Chain::with_leaf(|leaf| {
            leaf.san_dns(&["server.local.example.com", HOST])
        }))
        .verdict("accepted", "yes"),
        Case::fires("name.idn", "for-an-a-label", "It reads bücher.")
            .chain(&Chain::with_leaf(|leaf| {
                leaf.san_dns(&["xn--bcher-kva.example.com", HOST])
            }))
            .verdict("accepted", "yes"),
        Case::silent("name.idn", "for-plain-letters", "Nothing to decode.")
            .chain(&Chain::with_leaf(|leaf| {
                leaf.san_dns(&["buecher.example.com", HOST])
            }))
            .verdict("accepted", "yes"),
        Case::fires(
            "name.other-kinds",
            "for-an-e-mail-address",
            "It names nobody that a TLS client asks for.",
        )
        .chain(&Chain::with_leaf(|leaf| {
            let mail = GeneralName::Email("hostmaster@example.com".to_owned());
            leaf.san(&[GeneralName::dns(HOST), mail])
        }))
        .verdict("accepted", "yes"),
        Case::silent(
            "name.other-kinds",
            "for-an-address",
            "Servers have addresses.",
        )
        .chain(&Chain::with_leaf(|leaf| {
            leaf.san(&[GeneralName::dns(HOST), GeneralName::ip("8.8.8.8")])
        }))
        .verdict("accepted", "yes"),
        Case::fires("name.underscore", "in-a-host-name", "Forbidden since 2019.").chain(
            &Chain::with_leaf(|leaf| leaf.san_dns(&["my_host.example.com", HOST])),
        ),
        Case::silent("name.underscore", "for-an-own-ca", "Clients let it pass.")
            .chain(&Chain::with_leaf(|leaf| {
                leaf.san_dns(&["my_host.example.com", HOST])
            }))
            .profile("private")
            .verdict("accepted", "yes"),
        Case::silent("name.underscore", "for-a-hyphen", "A host name.")
            .chain(&Chain::with_leaf(|leaf| {
                leaf.san_dns(&["my-host.example.com", HOST])
            }))
            .verdict("accepted", "yes"),
        Case::fires(
            "name.reserved-label",
            "with-hyphens-in-third-and-fourth-place",
            "Reserved.",
        )
        .chain(&Chain::with_leaf(|leaf| {
            leaf.san_dns(&["ab--cd.example.com", HOST])
        })),
        Case::silent(
            "name.reserved-label",
            "for-an-a-label",
            "The one encoding there is.",
        )
        .chain(&Chain::with_leaf(|leaf| {
            leaf.san_dns(&["xn--bcher-kva.example.com", HOST])
        }))
        .verdict("accepted", "yes"),
    ]
}
