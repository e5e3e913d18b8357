//! What was seen of an order's end before it is spent.

use keyway_chain::name::Internal;
use keyway_dns::caa::Failed;
use keyway_issue::Identifier;
use keyway_report::{Timestamp, escape};

use super::super::numbers::some;
use super::all;
use crate::formats::caa::failure;
use crate::intent::issuing::{Answered, Barred, Obstacle, Seen, Why};

/// Most CAs that are named.
const MOST_NAMED: usize = 5;

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
        Obstacle::NotPublic(why) => not_public(why),
        Obstacle::NoAddress => {
            "leads nowhere: it has neither A nor AAAA; `keyway dns plan` says which are wanted"
                .to_owned()
        }
        Obstacle::Taken => {
            "somebody else has the place of http-01 on this machine, and no other way is open to this command (`keyway serve` at 443 \
             goes tls-alpn-01 itself): have a server before keyway hand on what comes to /.well-known/acme-challenge/, and \
             `tls.acme.http` name where to"
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

/// A name for which nothing is begun, as no public CA may vouch for it.
pub(crate) fn never_public(name: &Identifier, why: &Why) -> String {
    let text = format!(
        "{name} is no name for development, and {}: nothing was written",
        unvouched(why)
    );
    if matches!(why, Why::Suffix(_) | Why::Underscore) {
        // Nor may a development CA.
        return text;
    }
    format!("{text}. A development CA that may is made by `keyway dev ca --anew --permit {name}`")
}

/// Names for which nothing is begun, as no CA may vouch for both.
pub(crate) fn two_services(local: &Identifier, public: &Identifier) -> String {
    format!(
        "{local} is for the development CA alone, which may not vouch for {public}: nothing was written. They are two services, a file each"
    )
}

fn not_public(why: &Why) -> String {
    let unvouched = unvouched(why);
    if why.is_certain() {
        format!("{unvouched}; `tls.issuer = \"local\"` is the development CA")
    } else {
        unvouched
    }
}

fn unvouched(why: &Why) -> String {
    let why = match why {
        Why::Internal(Internal::SingleLabel) => "it has one label only".to_owned(),
        Why::Internal(Internal::SpecialUse { suffix, source }) => {
            format!(".{suffix} is set aside by {source}")
        }
        Why::Internal(_) => {
            return "its last label is no top-level domain of the Public Suffix List".to_owned();
        }
        Why::Underscore => "it has an underscore".to_owned(),
        Why::Suffix(suffix) => format!("{suffix} is a public suffix"),
        Why::Reserved(range) => {
            format!(
                "{} is for {} ({})",
                range.range, range.purpose, range.source
            )
        }
    };
    format!("no public CA may vouch for it, as {why}")
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
        Barred::Unknown {
            at,
            why,
            asked,
            zone,
            ..
        } => {
            let why = match why {
                Failed::Code(code) if !asked.is_empty() => format!("{} says {code}", all(asked)),
                Failed::Bogus if !asked.is_empty() => {
                    format!("{}, says {}", failure(why), all(asked))
                }
                _ => failure(why),
            };
            let zone = zone.as_ref().map_or_else(String::new, |zone| {
                format!(
                    "; it is in the zone {}, whose servers have to answer: {}",
                    zone.name,
                    some(&zone.servers, MOST_NAMED)
                )
            });
            format!("nobody says which CAA records {at} has: {why}{zone}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Step, note};
    use super::*;
    use crate::intent::issuing::Zone;

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
    fn who_does_not_say_which_caa_records_there_are_is_named_with_the_zone() {
        let at = "a.example.".to_owned();
        let barred = |why, zone| Barred::Unknown {
            at: at.clone(),
            why,
            asked: vec![([127, 0, 0, 53], 53).into()],
            zone,
            is_certain: true,
        };
        let zone = Zone {
            name: "example.".to_owned(),
            servers: vec!["ns.example. (192.0.2.1:53)".to_owned()],
        };
        let code = keyway_dns::message::Code::SERVFAIL;
        let told = caa(&barred(Failed::Code(code), Some(zone)));
        assert!(
            told.contains("127.0.0.53:53 says SERVFAIL; it is in the zone example., whose servers")
                && told.ends_with("ns.example. (192.0.2.1:53)"),
            "{told}"
        );
        let told = caa(&barred(Failed::Bogus, None));
        assert!(told.ends_with(", says 127.0.0.53:53"), "{told}");
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
