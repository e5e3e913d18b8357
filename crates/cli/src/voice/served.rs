//! What others say of a service and serve in its name, and why that is not known.

use std::net::SocketAddr;
use std::time::Duration;

use keyway_chain::x509::Certificate;
use keyway_dns::view::Said;
use keyway_report::escape;

use super::numbers::counted;
use crate::arguments::Starttls;
use crate::intent::{Fault, Unserved};

/// Two things that `keyway status` may not have looked at.
pub(crate) const SERVED: &str = "what the endpoint serves";
pub(crate) const DNS: &str = "what DNS says";

/// A third, where files alone are read.
pub(crate) const CLOSED: &str =
    "whether the key belongs to the certificate: a program prints its password, and none is run";

/// An alias that was not followed to its end.
pub(crate) const UNFOLLOWED: &str = "nobody who was asked follows the alias to its end";

/// A system without a resolver.
pub(crate) const NO_RESOLVER: &str = "there is no resolver to ask; name one with --resolver";

/// Servers took longer than they may, together.
pub(crate) fn late(limit: Duration) -> String {
    format!("no answer came within {} s", limit.as_secs())
}

/// Nobody says where to look for a host, which is asked for by this name.
pub(crate) fn nowhere(here: SocketAddr, name: &str) -> String {
    format!(
        "DNS has no address of it, and the file says no endpoint: nothing was looked at; `keyway check --connect {here} --sni \
         {name}` looks at what this machine serves, and with `endpoint` in the file it is looked at here"
    )
}

/// How much of what is served was not seen; nothing where all was.
pub(crate) fn unseen(count: usize, all: usize) -> Option<String> {
    match count {
        0 => None,
        _ if count == all => Some(SERVED.to_owned()),
        _ => {
            let all = counted(all, "address", "addresses");
            Some(format!("what is served at {count} of {all}"))
        }
    }
}

/// How much DNS did not say; nothing where it said all.
pub(crate) fn unsaid(count: usize, all: usize) -> Option<String> {
    match count {
        0 => None,
        _ if count == all => Some(DNS.to_owned()),
        _ => Some(format!(
            "{DNS} of {count} of {}",
            counted(all, "host", "hosts")
        )),
    }
}

/// More resolvers or servers than are tried.
pub(crate) fn too_many(count: usize, most: usize) -> String {
    format!("{count} resolvers or servers are named, and at most {most} are tried; name fewer")
}

/// Hosts and addresses past those that are looked at.
pub(crate) fn beyond(hosts: usize, addresses: usize) -> String {
    let hosts = (hosts > 0).then(|| counted(hosts, "more host", "more hosts"));
    let addresses = (addresses > 0).then(|| counted(addresses, "more address", "more addresses"));
    let parts: Vec<String> = hosts.into_iter().chain(addresses).collect();
    parts.join(" and ")
}

/// Why a server did not say what it was asked.
pub(crate) fn unanswered(server: &str, said: &Said) -> String {
    match said {
        Said::Lame => format!("{server} has no authority over it"),
        Said::Refused(code) => format!("{server} says {code}"),
        Said::Bogus => format!("{server} refuses the answer, as its signatures do not hold"),
        Said::Failed(why) | Said::Cut(why) => escape::text(why),
        Said::Records { .. } | Said::Nothing(_) => format!("{server} answered"),
    }
}

/// Why no certificate came.
pub(crate) fn unserved(why: &Unserved) -> String {
    match why {
        Unserved::NoWay(why) => format!("it cannot be reached from here: {}", escape::text(why)),
        Unserved::Nobody(why) => format!("nothing answers: {}", escape::text(why)),
        Unserved::Silent(limit) => format!(
            "it takes the connection, and says nothing for {} s",
            limit.as_secs()
        ),
        Unserved::Slow(limit) => {
            format!(
                "it did not finish the handshake within {} s",
                limit.as_secs()
            )
        }
        Unserved::Http => "it answers in plain HTTP, and does not speak TLS".to_owned(),
        Unserved::NoTls => "what answers does not speak TLS".to_owned(),
        Unserved::Starttls(protocol, fault) => unstarted(*protocol, fault),
        Unserved::HungUp => "it ends the connection when it is offered TLS".to_owned(),
        Unserved::UnknownName => {
            "it serves nobody by the name that it was asked for, or was asked for none (alert unrecognized_name)".to_owned()
        }
        Unserved::Refused(why) => format!("the handshake fails: {}", escape::text(why)),
        Unserved::Unproven(chain) => {
            let first = chain.first().and_then(|der| Certificate::read(der).ok());
            let key = first.map_or_else(String::new, |first| {
                format!(" with a key of {}", escape::text(&first.public_key.text()))
            });
            format!("a certificate came{key}, and nobody accepts the server's signature with it")
        }
    }
}

/// Why TLS did not begin within another protocol.
fn unstarted(protocol: Starttls, fault: &Fault) -> String {
    let protocol = protocol.word();
    match fault {
        Fault::Silent(limit) => format!(
            "it said too little of {protocol} within {} s",
            limit.as_secs()
        ),
        Fault::Ended(heard) if heard.is_empty() => {
            format!("it ended the connection before TLS was offered in {protocol}")
        }
        Fault::Ended(heard) => {
            format!(
                "it ended the connection within its answer in {protocol}: {}",
                answer(heard)
            )
        }
        Fault::System(why) => format!(
            "the conversation in {protocol} ended: {}",
            escape::text(why)
        ),
        Fault::TooMuch(limit) => {
            format!("it says more than {limit} bytes before TLS, which nobody does in {protocol}")
        }
        Fault::Foreign(heard) => {
            format!("it does not answer as {protocol} has it: {}", answer(heard))
        }
        Fault::NotOffered(heard) => format!("it offers no TLS in {protocol}: {}", answer(heard)),
        Fault::Refused(heard) => {
            format!("it refuses to begin TLS in {protocol}: {}", answer(heard))
        }
        Fault::Injected(heard) => {
            let heard = match heard.as_slice() {
                [] => String::new(),
                heard => format!(": {}", answer(heard)),
            };
            format!(
                "something in plain text stands between its go-ahead in {protocol} and TLS, where anybody may \
                 have put it{heard}"
            )
        }
    }
}

/// What came, in quotes.
fn answer(heard: &[u8]) -> String {
    format!("\"{}\"", escape::bytes(heard))
}
