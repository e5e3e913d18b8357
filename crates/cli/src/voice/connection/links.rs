//! The links from the files to where DNS points.

use keyway_chain::CertificateFacts;
use keyway_report::{Verdict, escape};

use super::super::numbers::{counted, some};
use super::super::subject;
use super::MOST_ADDRESSES;
use crate::formats::connection::At;
use crate::intent::Unheard;

/// Most codes that a sentence spells out.
const MOST_CODES: usize = 3;

/// Where a link hangs on one that is broken.
pub(crate) const NO_FILE: &str = "there is nothing to compare with";

/// Where no name was given.
pub(crate) const NO_DNS: &str = "an address was given, so DNS was not asked where a name points";

/// Which certificate the files hold.
pub(crate) fn in_files(leaf: Option<&CertificateFacts>) -> String {
    leaf.map_or_else(
        || "the files hold no certificate of a server that can be read".to_owned(),
        |leaf| {
            let hash = leaf.sha256.get(..16).unwrap_or(&leaf.sha256);
            format!("the files hold {}, SHA-256 {hash}", subject::name(leaf))
        },
    )
}

/// Why the certificate in the files should not be served.
pub(crate) fn bad_in_files(leaf: &CertificateFacts, codes: Vec<&'static str>) -> String {
    let files = in_files(Some(leaf));
    format!("{files}, which is not to be served: {}", found(codes))
}

/// Why a service file is refused whole.
pub(crate) fn service_refused(codes: Vec<&'static str>) -> String {
    format!("a server refuses the service file: {}", found(codes))
}

/// The same for one of its certificates.
pub(crate) fn certificate_refused(name: &str, codes: Vec<&'static str>) -> String {
    format!(
        "a server refuses the service file for {name}: {}",
        found(codes)
    )
}

/// Said of a service file that serves no certificate.
pub(crate) const TLS_DISABLED: &str =
    "TLS is disabled in the service file: nobody gets a certificate";

/// Said of a service file without a certificate for the host.
pub(crate) fn for_nobody(host: &str) -> String {
    format!("no certificate of the service file is for {host}")
}

/// The other hosts of a service file.
pub(crate) fn other_hosts(count: usize) -> Option<String> {
    let more = counted(count, "more host", "more hosts");
    (count > 0).then(|| format!("{more} of the service file: --sni NAME asks for each"))
}

fn found(codes: Vec<&'static str>) -> String {
    if codes.is_empty() {
        return "its key was not to be read".to_owned();
    }
    let codes: Vec<String> = codes.into_iter().map(str::to_owned).collect();
    some(&codes, MOST_CODES)
}

/// Whether running servers have loaded the certificate of the files.
pub(crate) fn is_loaded(asked: &[String], without: &[String], unheard: &[String]) -> String {
    if !without.is_empty() {
        let them = some(without, MOST_ADDRESSES);
        return format!("{them} has not loaded it; its log says whether it refused it");
    }
    match unheard.first() {
        Some(why) => why.clone(),
        None if asked.is_empty() => {
            "not asked: --metrics ADDRESS asks the running server".to_owned()
        }
        None => format!("{} has loaded it", some(asked, MOST_ADDRESSES)),
    }
}

/// Why a running server did not say what it has loaded.
pub(crate) fn unheard(address: &str, why: &Unheard) -> String {
    let why = match why {
        Unheard::Unreached(why) => super::super::served::unserved(why),
        Unheard::Broken(error) => escape::text(&error.to_string()),
        Unheard::NoMetrics => {
            "what answers tells of no certificates, as /metrics of `keyway serve` does".to_owned()
        }
    };
    format!("{address} did not say: {why}")
}

/// Whether the certificate of the files is served; whether a server would take it says `is_good`.
pub(crate) fn is_served(at: Option<&At>, holds: Verdict, is_good: bool) -> String {
    match (at, holds) {
        (Some(at), _) => format!("{} serves it", at.address),
        (None, Verdict::Unknown) => "no address was reached from here".to_owned(),
        (None, _) if is_good => "no address serves it; was the server reloaded?".to_owned(),
        (None, _) => "no address serves it".to_owned(),
    }
}

/// At which addresses it is not served, and of which that is not known.
pub(crate) fn at_addresses(
    others: &[String],
    unknown: &[String],
    unseen: usize,
    all: usize,
) -> String {
    if !others.is_empty() {
        return format!(
            "not served at {}, of {} looked at",
            some(others, MOST_ADDRESSES),
            counted(all, "address", "addresses")
        );
    }
    if !unknown.is_empty() {
        return format!(
            "{} cannot be reached from here",
            some(unknown, MOST_ADDRESSES)
        );
    }
    match (unseen, all) {
        (0, 1) => "the one address that DNS gives serves it".to_owned(),
        (0, all) => format!("all {all} addresses that DNS gives serve it"),
        (more, _) => counted(
            more,
            "more address was not looked at",
            "more were not looked at",
        ),
    }
}
