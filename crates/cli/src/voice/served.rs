//! What others say of a service and serve in its name, and why that is not known.

use std::time::Duration;

use keyway_dns::view::Said;
use keyway_report::escape;

use super::numbers::counted;
use crate::intent::Unserved;

/// Two things that `keyway status` may not have looked at.
pub(crate) const SERVED: &str = "what the endpoint serves";
pub(crate) const DNS: &str = "what DNS says";

/// A third, where files alone are read.
pub(crate) const CLOSED: &str =
    "whether the key belongs to the certificate: a program prints its password, and none is run";

/// Why nobody connects for a wildcard.
pub(crate) const WILDCARD: &str = "nobody asks for a wildcard by that name";

/// Why nobody connects to a host that was looked up.
pub(crate) const NO_ADDRESS: &str = "it has no address";

/// A system without a resolver.
pub(crate) const NO_RESOLVER: &str = "there is no resolver to ask; name one with --resolver";

/// Servers took longer than they may, together.
pub(crate) fn late(limit: Duration) -> String {
    format!("no answer came within {} s", limit.as_secs())
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
        Said::Failed(why) => escape::text(why),
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
        Unserved::NoTls(why) => format!("what answers does not speak TLS: {}", escape::text(why)),
        Unserved::Refused(why) => format!("no certificate came: {}", escape::text(why)),
    }
}
