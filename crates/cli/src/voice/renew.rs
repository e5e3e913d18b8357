//! What is said of certificates that are made and renewed.

mod looks;
mod places;
mod refused;
mod steps;

use std::fmt::Display;
use std::io;
use std::path::Path;

use keyway_chain::x509::Certificate;
use keyway_issue::Identifier;
use keyway_issue::acme::Kind;
use keyway_issue::renewal::Why;
use keyway_issue::store::{LeaseError, StoreError};
use keyway_report::{Timestamp, escape};

use super::dev::Attempt;
use super::numbers::joined;
use super::page::{Page, Tone};
use crate::failure::Failure;
use crate::intent::shown;
use crate::terminal::Look;

pub(crate) use looks::{clocks, looked, never_public, two_services};
pub(crate) use places::{
    closed, no_place, not_retained, others_place, out_of_reach, place_unusable, taken_elsewhere,
    warning, will_be_out_of_reach,
};
pub(crate) use refused::{refused, texts};
pub(crate) use steps::{Step, note, step};

/// Said of a managed certificate without a name.
pub(crate) const NO_NAME: &str = "the certificate is managed, and there is no name for it yet: `keyway enable FILE --leaf-domain-label LABEL` makes one, or give `host`";

/// Said of a chain whose first certificate is another key's.
pub(crate) const NO_PAIR: &str =
    "the certificate that came is not for the key that was asked for; what was served before stays";

/// Said where what a CA gives is judged by no roots.
pub(crate) const NO_ROOTS: &str = "without a root that vouches for it, whatever a CA gives is refused here: nothing was ordered; --roots names the file of its root, or `mozilla`";

/// Said where a certificate is to be made that is due at a moment that somebody named.
pub(crate) const AT_ANOTHER_MOMENT: &str = "--at: a certificate would be made by then, and what a CA gives out is valid from now on: nothing was asked for. `--dry-run --at` looks at that moment; leave --at out to renew now";

/// Said where another certificate is served than the new one.
pub(crate) const ANOTHER: &str = "another certificate is served; a server that does not follow its files has to be told to read them again";

/// Said of a service whose certificate is its own.
pub(crate) fn not_managed(path: &Path) -> String {
    format!(
        "{} has a certificate of its own, or none: `tls.status = \"auto\"` has one made and renewed; `keyway update --cert --key` gives it new files",
        shown(path)
    )
}

/// A public name without anything behind it.
pub(crate) fn no_upstream(name: &Identifier) -> String {
    format!(
        "{name} is no name for development: a public CA has to vouch for it, and --upstream says what is to be served there; a development CA that may is made by `keyway dev ca --anew --permit {name}`"
    )
}

/// A service file that names nothing behind.
pub(crate) fn nothing_behind(path: &Path) -> String {
    let path = shown(path);
    format!(
        "{path} does not say what is to be served: write `upstream = \"http://127.0.0.1:5001\"` at its top, as what is behind is called, and `keyway up {path}` goes on"
    )
}

/// A service file that says something else than what was typed.
pub(crate) fn another_service(path: &Path) -> String {
    let path = shown(path);
    format!(
        "{path} is there, and has other hosts or another upstream: `keyway up {path}` brings that one up; where it was a slip, change or remove it, else type this in another folder"
    )
}

/// What to do with what is up.
pub(crate) fn up(path: &Path, attempt: Option<&Attempt>, look: Look) -> String {
    let mut page = Page::new(look);
    page.blank();
    if let Some(attempt) = attempt {
        page.row(&[("  try it   ", Tone::Dim), (&attempt.curl(), Tone::Strong)]);
    }
    let verify = format!("keyway dns verify {}", shown(path));
    page.row(&[("  the DNS  ", Tone::Dim), (&verify, Tone::Plain)]);
    page.row(&[("  end it   ", Tone::Dim), ("Ctrl-C", Tone::Plain)]);
    page.finish()
}

/// Said where nobody has asked for a certificate by hand.
pub(crate) const NO_REQUEST: &str = "there is no request that this would answer: `keyway renew --csr FILE` writes one, with a key that waits here";

/// A wish for a renewal that was done, and stays in the file.
pub(crate) fn still_asked(failure: &Failure) -> String {
    format!(
        "warning: the renewal that `tls.renew` asks for was done, and cannot be taken out of the file; it is passed over from now on: {}",
        super::failure(failure)
    )
}

/// The same later on.
pub(crate) const PASSED_OVER: &str = "note: the renewal that `tls.renew` asks for was done, and could not be taken out of the file: it is passed over until it is gone from there; `keyway renew --force` renews all the same";

/// A wish for a renewal that stands under another name, which edits do not reach.
pub(crate) fn still_there(path: &Path) -> String {
    format!(
        "{}: `renew` stands there under another name than `tls.renew`, and could not be taken out: take it out by hand",
        shown(path)
    )
}

/// Said where somebody answers at an address already.
pub(crate) fn taken(address: &str) -> String {
    format!(
        "somebody answers at {} already: end that one first, or listen elsewhere",
        escape::text(address)
    )
}

/// Said of a check where there is no certificate to be checked.
pub(crate) fn not_made(path: &Path) -> String {
    let path = shown(path);
    format!(
        "the certificate of {path} has not been made yet: `keyway serve {path}` asks for it when it starts, `keyway renew {path}` now"
    )
}

/// Said of what cannot be served before a certificate has come.
pub(crate) const COMING: &str = "where it is the certificate that is missing, it is asked for within a minute, and this is read again then";

/// Said where a damaged pair leads to the one before.
pub(crate) fn put_back(certificate: &Certificate) -> String {
    format!(
        "warning: the pair in place is damaged; the one before it, which ends at {}, takes its place again",
        certificate.not_after
    )
}

/// Said of hosts that the certificate in place is not for.
pub(crate) fn not_yet(hosts: &[Identifier]) -> String {
    let (it, is) = match hosts {
        [_] => ("it", "is"),
        _ => ("them", "are"),
    };
    format!(
        "{} {is} not served yet: the certificate in place is not for {it}, and one for all hosts is asked for",
        all(hosts)
    )
}

/// Said where a running server is to begin with renewing.
pub(crate) const START_ANEW: &str = "`tls.status` is `auto` now, and this server began with a certificate that others renew: since then it may write nothing, so that it can neither ask for one nor renew it. Start the server anew (with --no-sandbox, and without --user, it would begin by itself)";

/// Said where a service file has its certificate made from now on.
pub(crate) const SERVERS_START_ANEW: &str = "a `keyway serve` that runs already has to be started anew, once: it may write nothing since it began, and serves what it has until then";

/// Said where a CA has no environment for trying things that is known here.
pub(crate) const NO_STAGING: &str = "--staging is Let's Encrypt's; of another CA, name the directory for trying things as `tls.issuer`";

/// A host that cannot be shown in any of the ways that can be gone, and what stands in the way of others.
pub(crate) fn no_way(host: &Identifier, kinds: &[Kind], closed: &[String]) -> String {
    let ways = if kinds.is_empty() {
        "no way can be gone from here".to_owned()
    } else {
        format!("{} cannot", all(kinds))
    };
    let is_wildcard = matches!(host, Identifier::Dns(name) if name.starts_with("*."));
    // What there is to say of other ways is no matter of a wildcard's.
    let is_told = |it: &&String| !is_wildcard || it.starts_with(Kind::Dns01.word());
    let told: Vec<&String> = closed.iter().filter(is_told).collect();
    let mut text = format!("{host} cannot be shown to a CA: {ways}");
    for closed in &told {
        text += "; ";
        text += closed;
    }
    if is_wildcard && told.is_empty() {
        text += "; a wildcard needs dns-01, which needs `dns.tsig` or `tls.acme.hook`";
    }
    text
}

/// Said of `--signed` and `--csr` where a file is there already.
pub(crate) fn there_already(path: &Path) -> String {
    format!(
        "{} is there already: remove it, or name another file",
        shown(path)
    )
}

/// Two services whose certificates would take turns in one folder.
pub(crate) fn shared(hosts: &[Identifier], other: &Path) -> String {
    let first = hosts.first().map(ToString::to_string).unwrap_or_default();
    format!(
        "{} has a managed certificate for {first}, too: name another host first here, or give each a state folder of its own (KEYWAY_STATE); where that is another release of this service, take it away, or name both by one path that stays, as a link",
        shown(other)
    )
}

/// Said where too much failed lately, and nothing good is there; the error is safe to show.
pub(crate) fn held_off(until: Timestamp, why: Why, error: Option<&str>) -> String {
    let error = error.unwrap_or("several attempts failed");
    let why = match why {
        Why::Asked => "the CA says so",
        Why::Spent => "CAs let few of their looks at a name fail in an hour",
        _ => "CAs count failures",
    };
    format!(
        "{error}\nnothing is asked for before {until}, as {why}; `keyway renew --force` asks now"
    )
}

/// An address at which no store is to be had.
pub(crate) fn no_store(address: &str) -> String {
    let objects = if cfg!(feature = "object-store") {
        "s3://BUCKET/PREFIX, az://CONTAINER/PREFIX, gs://BUCKET/PREFIX"
    } else {
        "this keyway was built without object stores (`cargo build --features object-store` has them)"
    };
    format!("--store {address}: no such store; file:///FOLDER is one, and {objects}")
}

/// A store whose folder is not there: a typing error, or a file system that is not mounted.
pub(crate) fn no_folder(address: &str) -> String {
    format!(
        "--store {}: there is no such folder; mount it, or make it, as Keyway makes none: what is meant to be shared would not be",
        escape::text(address)
    )
}

/// Said where a development CA's certificates are to be shared.
pub(crate) const LOCAL_IS_NOT_SHARED: &str = "`tls.issuer = \"local\"` is the development CA of one machine, and --store (KEYWAY_STORE) is for replicas: name a CA that all of them ask";

/// A store that cannot be used.
pub(crate) fn unusable_store(error: &StoreError) -> Failure {
    match error {
        StoreError::Folder { path, source } => Failure::Unwritable {
            path: path.clone(),
            source: io::Error::new(source.kind(), source.to_string()),
        },
        StoreError::Unreadable { place, .. } => {
            Failure::Need(format!("{error}; {}", unreadable(place)))
        }
        other => Failure::Need(other.to_string()),
    }
}

/// What a folder calls the file with its last lease.
const LEASE: &str = "lease.json";

/// What to do where nobody can read what is kept.
fn unreadable(place: &str) -> &'static str {
    let is_lease = Path::new(place)
        .file_name()
        .is_some_and(|name| name == LEASE);
    if is_lease {
        "where a later keyway wrote it, use that one; else remove the file, which holds no key and no certificate"
    } else {
        "where a later keyway wrote it, use that one; else move it away: a replica whose state folder has a good certificate brings that back"
    }
}

/// What could not be kept, as the store cannot be used or somebody else decides now.
pub(crate) fn unkept(error: &LeaseError) -> Failure {
    match error {
        LeaseError::Store(error) => unusable_store(error),
        lost @ LeaseError::Lost { .. } => Failure::Need(lost.to_string()),
    }
}

/// Something that was broken off by a signal.
pub(crate) fn broken_off(signal: u8) -> String {
    format!(
        "broken off by signal {signal}; what was shown to a CA is taken away, and the next attempt goes on with the order"
    )
}

/// An order that would come to nothing, and what stands in its way.
pub(crate) fn hopeless(why: &str) -> Failure {
    Failure::Unissued(format!(
        "nothing is ordered, as by what is seen from here the CA would say no: {}. Mend that, or order all the same with `keyway renew --no-preflight`",
        refused::told(why)
    ))
}

/// A renewal that came to nothing, and how long what is served is still good.
pub(crate) fn failed(failure: &Failure, certificate: Option<&Certificate>) -> String {
    let left = certificate.map_or_else(String::new, |certificate| {
        format!(
            "; the certificate that is served ends at {}",
            certificate.not_after
        )
    });
    format!("error: not renewed: {}{left}", super::failure(failure))
}

/// The certificate that is in place, where another one did not come.
pub(crate) fn stays(certificate: &Certificate, now: Timestamp) -> String {
    let end = certificate.not_after;
    if now <= end {
        format!("the certificate that is in place stays, and ends at {end}")
    } else {
        format!(
            "the certificate that is in place has ended at {end}, by the clock of this machine: where that is right, clients refuse it"
        )
    }
}

/// All of them, as a list of words.
fn all(of: &[impl Display]) -> String {
    joined(&of.iter().map(ToString::to_string).collect::<Vec<_>>())
}

/// A certificate that clients would refuse.
pub(crate) fn unfit(report: &str, is_usual_trust: bool) -> String {
    let advice = if is_usual_trust {
        "\nIt was judged by the roots of Mozilla: of a CA of your own, `--roots FILE --profile private` names its root"
    } else {
        ""
    };
    format!(
        "the certificate that came is not put in place, as something speaks against it; what was served before stays:\n{}{advice}",
        report.trim_end()
    )
}

/// A profile that a CA does not have, and those that it has.
pub(crate) fn no_profile(wanted: &str, profiles: &[(String, String)]) -> String {
    let names: Vec<String> = profiles
        .iter()
        .map(|(name, _)| escape::text(name))
        .collect();
    let has = if names.is_empty() {
        "this CA has no profiles".to_owned()
    } else {
        format!("this CA has {}", joined(&names))
    };
    format!(
        "`tls.acme.profile` is {}, and {has}: nothing is ordered",
        escape::text(wanted)
    )
}

/// A secret that is no key.
pub(crate) fn no_key(field: &str) -> String {
    format!("`{field}` is no key in base64url, as CAs give them out")
}

/// A file for a CA by hand without a certificate.
pub(crate) fn no_certificate(path: &Path) -> String {
    format!("{} holds no certificate", shown(path))
}

/// Said of `--csr -`.
pub(crate) const CSR_TO_A_FILE: &str = "--csr: name a file; `-` is none";

/// Somebody else has the certificate in hand.
pub(crate) fn held(holder: &str) -> String {
    format!(
        "somebody else has been at this certificate for minutes ({}); try again when they have ended",
        escape::text(holder)
    )
}

/// The same while they are waited for.
pub(crate) fn waiting(holder: &str) -> String {
    format!(
        "waiting for who is at this certificate ({})",
        escape::text(holder)
    )
}
