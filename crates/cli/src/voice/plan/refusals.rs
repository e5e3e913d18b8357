//! Plans that are not made, and what to do.

use std::path::Path;

use keyway_dns::name::Name;
use keyway_dns::plan::PlanError;
use keyway_dns::rdata::Type;
use keyway_dns::view::Said;
use keyway_dns::zone::Fault;
use keyway_report::escape;

use super::bare;
use crate::intent::shown;
use crate::voice::applied::other_zone;

/// A plan that was not made, and what to do.
pub(crate) fn refused(error: &PlanError) -> String {
    match error {
        PlanError::TooMuch { .. } => {
            format!("{error}; if that is meant, say so with --yes-really")
        }
        PlanError::Occupied { kinds, .. } if kinds.iter().all(|kind| is_made_here(kind)) => {
            format!(
                "{error}. Where they are, --https takes HTTPS away in the same step, and --ca CA what names that CA in CAA"
            )
        }
        other => other.to_string(),
    }
}

/// Whether it is a type of records that options make at a host.
fn is_made_here(kind: &str) -> bool {
    matches!(kind, "HTTPS" | "CAA")
}

/// A zone file of which not every line was read: what would be planned against is not the zone.
pub(crate) fn faulty_zone(file: &str, fault: &Fault) -> String {
    format!(
        "{file}: line {} is no record ({}); `keyway dns check-zone` says all that is wrong",
        fault.line, fault.kind
    )
}

/// A zone file of which nobody says whose it is.
pub(crate) fn no_origin(path: &Path) -> String {
    format!(
        "{} does not say of which zone it is: its SOA record has no name that is written whole, and no $ORIGIN stands \
         before it; give --zone, for example --zone example.com",
        shown(path)
    )
}

/// A zone file that is another zone's.
pub(crate) fn of_other_zone(file: &str, zone: &Name, other: &Name) -> String {
    format!(
        "{file} is the zone {}, and not {}: what is planned against is not the zone",
        bare(other),
        bare(zone)
    )
}

/// A file that was there, and had nothing in it.
pub(crate) fn was_empty(path: &Path) -> String {
    format!("{} was there, and empty: it has the plan now", shown(path))
}

/// A file that is there, and is no plan.
pub(crate) fn not_overwritten(why: &str) -> String {
    format!("{why}; it is left as it is. Name another file with --out, or remove this one")
}

/// A resolver that is not named by its address.
pub(crate) fn not_a_resolver(given: &str) -> String {
    format!(
        "{:?} is no resolver: write its address, for example 192.0.2.53 or [2001:db8::53]:5353; nobody is there who could \
         look up its name",
        escape::text(given)
    )
}

/// A name that other servers answer for.
pub(crate) fn delegated(server: &str, zone: &Name, name: &Name) -> String {
    format!(
        "{server} speaks for {}, and sends whoever asks for {} to other servers: plan that with --zone, for \
         the zone that it is in",
        bare(zone),
        bare(name)
    )
}

/// A name that is in another zone of the same server.
pub(crate) fn below_zone(server: &str, zone: &Name, name: &Name, own: &Name) -> String {
    format!(
        "{server} has a zone {own} of its own, and {name} is in that: nobody is given what stands for it in {zone}. Make \
         a plan with --zone {}, or with that as dns.zone in the service file, or with no zone",
        bare(own)
    )
}

/// A zone of which no resolver says who has it.
pub(crate) fn zone_unfound(zone: &Name) -> String {
    format!(
        "no resolver says which servers the zone {} has; name one with --server",
        bare(zone)
    )
}

/// A name in a zone below which others register theirs, or in the root.
pub(crate) fn unregistered(name: &Name, zone: &Name) -> String {
    format!(
        "{name} is in no zone below {zone}, where anybody registers one: nobody has registered its domain, or that is \
         mistyped, or not handed on to servers yet; if {zone} is yours, say --zone {zone}"
    )
}

/// A zone that somebody said, and that a resolver takes for a name in another one.
pub(crate) fn no_such_zone(zone: &Name, other: &Name) -> String {
    format!(
        "no zone begins at {}, as {}; name the zone that the records are in, or a server that has this one with --server",
        bare(zone),
        other_zone(zone, other)
    )
}

/// A zone without a server that could be told.
pub(crate) fn no_server(zone: &Name) -> String {
    format!("none of the servers of {zone} has an address; name one with --server")
}

/// A zone that is none.
pub(crate) fn no_zone(server: &str, zone: &Name) -> String {
    format!(
        "{server} has no zone {}: no SOA record is there; is it the zone's server, and does a zone begin at that name?",
        bare(zone)
    )
}

/// An answer that is none.
pub(crate) fn unanswered(server: &str, name: &Name, kind: Type, said: &Said) -> String {
    let what = match said {
        Said::Lame => {
            "does not speak for it: is it the zone's server, and the zone the right one?".to_owned()
        }
        Said::Refused(code) => format!("says {code}"),
        _ => "gave no answer".to_owned(),
    };
    format!("{server} was asked for {name} {kind} and {what}")
}
