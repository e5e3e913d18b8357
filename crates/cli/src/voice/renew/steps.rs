//! Steps on the way to a certificate, a line each.

use std::path::Path;

use keyway_chain::x509::Certificate;
use keyway_issue::Identifier;
use keyway_issue::renewal::Why;
use keyway_report::{Timestamp, escape};

use super::super::numbers::some;
use super::super::page::{Page, Tone};
use super::all;
use crate::formats::caa::failure;
use crate::intent::issuing::{Answered, Barred, Issuer, Obstacle, Pins, Planned, Seen};
use crate::intent::shown;
use crate::terminal::Look;

const HANG: &str = "                     ";

/// Most CAs that are named.
const MOST_NAMED: usize = 5;

/// One step on the way to a certificate.
pub(crate) enum Step<'a> {
    /// A service file was written.
    Written(&'a Path),
    /// A signing request was written.
    Requested(&'a Path),
    /// A CA is asked, by its directory.
    Asking(&'a str),
    /// The account, as the CA calls it.
    Account(&'a str),
    /// A store had a new pair.
    Fetched(&'a str),
    /// A store had none, and has the pair of the state folder now.
    Brought(&'a str),
    /// What TLSA records say of the certificate that is served.
    Pinned(&'a Pins),
    /// The clocks of this machine and of the CA differ by too much.
    Clocks { ours: Timestamp, cas: Timestamp },
    /// What was seen of a host before.
    Looked(&'a Seen),
    /// It is ordered all the same, as this certificate ends soon, or has ended.
    AllTheSame(&'a Certificate),
    /// What is ordered, and the ways that can be gone.
    Ordering(&'a [Identifier], &'a [String]),
    /// What would be ordered, and from whom.
    WouldOrder(&'a [Identifier], &'a Issuer),
    /// The CA has no chain that ends at this issuer.
    OtherChain(&'a str),
    /// It was checked.
    Checked(&'a Certificate),
    /// It is in its place.
    Renewed(&'a Path),
    /// It is served at this address.
    Served(&'a str),
    /// It is not served at this address, and why.
    NotServed(&'a str, &'a str),
    /// Nothing listens there.
    Nobody(&'a str),
    /// There is nothing to do before this moment.
    NotDue(&'a Planned),
    /// It is due, and can be served.
    Due(&'a Certificate),
}

/// A step in a line.
pub(crate) fn step(step: &Step<'_>, look: Look) -> String {
    let mut page = Page::new(look);
    let (word, name, tone, text) = match step {
        Step::Written(path) => ("done", "file", Tone::Good, shown(path)),
        Step::Requested(path) => (
            "done",
            "request",
            Tone::Good,
            format!(
                "{}; what the CA makes of it is put in place by `keyway renew --signed FILE`",
                shown(path)
            ),
        ),
        Step::Asking(url) => (
            "doing",
            "account",
            Tone::Dim,
            format!("asking {}", escape::text(url)),
        ),
        Step::Account(id) => ("done", "account", Tone::Good, escape::text(id)),
        Step::Fetched(address) => (
            "done",
            "files",
            Tone::Good,
            format!("fetched from {}", escape::text(address)),
        ),
        Step::Brought(address) => (
            "done",
            "files",
            Tone::Good,
            format!("brought to {}, which had none", escape::text(address)),
        ),
        Step::Pinned(pins) => pinned(pins),
        Step::Clocks { ours, cas } => ("missing", "clock", Tone::Bad, clocks(*ours, *cas)),
        Step::Looked(seen) if seen.is_clear() => ("done", "DNS", Tone::Good, looked(seen)),
        Step::Looked(seen) if !seen.is_hopeless() => {
            ("doubtful", "DNS", Tone::Caution, looked(seen))
        }
        Step::Looked(seen) => ("missing", "DNS", Tone::Bad, looked(seen)),
        Step::AllTheSame(certificate) => (
            "doubtful",
            "order",
            Tone::Caution,
            format!(
                "the CA is asked all the same, as the certificate in place ends at {}",
                certificate.not_after
            ),
        ),
        Step::Ordering(hosts, ways) => (
            "doing",
            "order",
            Tone::Dim,
            format!("{}, to be shown by {}", all(hosts), all(ways)),
        ),
        Step::WouldOrder(hosts, issuer) => (
            "would",
            "order",
            Tone::Plain,
            match issuer {
                Issuer::Local => format!("{}, from the development CA", all(hosts)),
                Issuer::Acme(url) => format!("{}, from {}", all(hosts), escape::text(url)),
            },
        ),
        Step::OtherChain(wanted) => (
            "doubtful",
            "chain",
            Tone::Caution,
            format!(
                "the CA has none that ends at {}, as `tls.acme.chain` wants it: its first choice is taken",
                escape::text(wanted)
            ),
        ),
        Step::Checked(certificate) => (
            "done",
            "certificate",
            Tone::Good,
            format!(
                "by {}, until {}; checked",
                escape::text(&certificate.issuer.short()),
                certificate.not_after
            ),
        ),
        Step::Renewed(path) => ("done", "files", Tone::Good, shown(path)),
        Step::Served(place) => ("done", "served", Tone::Good, (*place).to_owned()),
        Step::NotServed(place, why) => (
            "missing",
            "served",
            Tone::Bad,
            format!("{place}: {}", escape::text(why)),
        ),
        Step::Nobody(place) => (
            "missing",
            "served",
            Tone::Dim,
            format!("nobody listens at {place}; `keyway serve` serves it"),
        ),
        Step::Due(certificate) => (
            "kept",
            "certificate",
            Tone::Caution,
            format!(
                "until {}; it is due, and renewed while it is served",
                certificate.not_after
            ),
        ),
        Step::NotDue(planned) => (
            "kept",
            "certificate",
            Tone::Good,
            format!(
                "until {}; {} {}, and --force renews it now",
                planned.certificate.not_after,
                match planned.why {
                    Why::Suggested => "the CA wants it to be renewed at",
                    Why::Used | Why::Ended => "to be renewed at",
                    Why::Again => "renewing failed, and is tried again at",
                    Why::Asked => "renewing failed, and the CA may be asked again at",
                },
                planned.until
            ),
        ),
    };
    let lead = format!("{word:<8} {name:<12}");
    page.paragraph(&[(&lead, tone)], HANG, &text, Tone::Plain);
    page.finish()
}

/// The same for a log.
pub(crate) fn note(said: &Step<'_>) -> String {
    let line = step(said, Look::of_a_log());
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What becomes of the key.
fn pinned(pins: &Pins) -> (&'static str, &'static str, Tone, String) {
    let (word, tone, text) = match pins {
        Pins::Key(name) => (
            "done",
            Tone::Good,
            format!("kept, as TLSA records at {} pin it", escape::text(name)),
        ),
        Pins::Certificate(name) => (
            "doubtful",
            Tone::Caution,
            format!(
                "TLSA records at {} are of the certificate itself (selector 0), which no renewal keeps: who checks them will refuse the new one; publish 3 1 1, of the key",
                escape::text(name)
            ),
        ),
        Pins::Unknown(name, why) => (
            "doubtful",
            Tone::Caution,
            format!(
                "kept, as nobody says whether TLSA records at {} pin it: {}",
                escape::text(name),
                escape::text(why)
            ),
        ),
    };
    (word, "key", tone, text)
}

/// Two clocks that differ by too much.
pub(crate) fn clocks(ours: Timestamp, cas: Timestamp) -> String {
    format!(
        "it is {ours} by this machine, and {cas} by the CA: set the clock, as its certificates are not valid by a wrong one"
    )
}

/// Where a host leads, who answers there, and what stands in the way.
pub(crate) fn looked(seen: &Seen) -> String {
    let places = seen.addresses.iter().map(|(address, answered)| {
        let who = match answered {
            Answered::Here => ", which answers the CA from here".to_owned(),
            Answered::Other(line) => {
                format!(
                    ", where somebody else answers at port 80 ({})",
                    escape::text(line)
                )
            }
            Answered::Nobody(why) => {
                format!(
                    ", which is not come to from here at port 80 ({})",
                    escape::text(why)
                )
            }
            Answered::Unasked => String::new(),
        };
        format!("leads to {address}{who}")
    });
    let split = seen.is_split().then(|| {
        "CAs come by IPv6 first, and few of them again by IPv4: where others meet the same there, have it answered, or take its AAAA record away"
            .to_owned()
    });
    let obstacles = seen.obstacles.iter().map(stands_in_the_way);
    let all: Vec<String> = places.chain(split).chain(obstacles).collect();
    format!("{} {}", seen.identifier, all.join("; "))
}

fn stands_in_the_way(obstacle: &Obstacle) -> String {
    match obstacle {
        Obstacle::NoName(why) => format!("is no name of the DNS: {}", escape::text(why)),
        Obstacle::NoAddress => {
            "leads nowhere: it has neither A nor AAAA; `keyway dns plan` says which are wanted"
                .to_owned()
        }
        Obstacle::Unknown(kinds, why) => {
            format!(
                "nobody says which {} records it has: {}",
                all(kinds),
                escape::text(why)
            )
        }
        Obstacle::Unreachable(address, range) => {
            format!(
                "{address} is {range}: this CA, which comes over the Internet, does not come there"
            )
        }
        Obstacle::Caa(barred) => caa(barred),
    }
}

fn caa(barred: &Barred) -> String {
    match barred {
        Barred::Forbidden {
            at,
            is_limited: false,
        } => format!(
            "the CAA records of {at} let this CA issue nothing; `keyway dns caa` says which record would"
        ),
        Barred::Forbidden {
            at,
            is_limited: true,
        } => format!(
            "the CAA records of {at} let this CA issue nothing to this account, or by a way that can be gone here \
             (`accounturi`, `validationmethods`)"
        ),
        Barred::Unnamed { at, others } => {
            let others: Vec<String> = others.iter().map(|name| escape::text(name)).collect();
            format!(
                "the CAA records of {at} let {} issue, and the CA does not say (`caaIdentities`) whether it is one of them",
                some(&others, MOST_NAMED)
            )
        }
        Barred::Unknown { at, why, .. } => {
            format!("nobody says which CAA records {at} has: {}", failure(why))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_that_answers_by_ipv4_alone_has_its_ipv6_told() {
        let seen = |six| Seen {
            identifier: Identifier::Dns("a.test".to_owned()),
            addresses: vec![
                ([127, 0, 0, 1].into(), Answered::Here),
                (std::net::Ipv6Addr::LOCALHOST.into(), six),
            ],
            obstacles: Vec::new(),
        };
        let line = |six| {
            let seen = seen(six);
            assert!(!seen.is_hopeless());
            note(&Step::Looked(&seen))
        };
        for six in [
            Answered::Nobody("connection refused".to_owned()),
            Answered::Other("HTTP/1.1 404 Not Found".to_owned()),
        ] {
            let told = line(six);
            assert!(
                told.starts_with("doubtful DNS a.test") && told.contains("CAs come by IPv6 first"),
                "{told}"
            );
        }
        let told = line(Answered::Here);
        assert!(
            told.starts_with("done DNS") && !told.contains("CAs come"),
            "{told}"
        );
    }

    #[test]
    fn what_one_look_up_does_not_say_is_no_reason_to_refuse_where_the_other_leads_somewhere() {
        let unknown = || {
            let why = "127.0.0.53:53 says SERVFAIL: it could not; its log says why";
            Obstacle::Unknown(vec![keyway_dns::rdata::Type::AAAA], why.to_owned())
        };
        let mut seen = Seen {
            identifier: Identifier::Dns("a.test".to_owned()),
            addresses: vec![([127, 0, 0, 1].into(), Answered::Here)],
            obstacles: vec![unknown()],
        };
        assert!(!seen.is_hopeless());
        assert!(note(&Step::Looked(&seen)).starts_with("doubtful DNS"));
        seen.addresses.clear();
        assert!(seen.is_hopeless());
    }
}
