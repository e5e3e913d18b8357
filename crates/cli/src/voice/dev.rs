//! What is said of certificates for development, and of `keyway up`.

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

use keyway_chain::x509::{Certificate, GeneralName};
use keyway_dns::verify::Version;
use keyway_issue::{DevCa, Identifier};
use keyway_report::escape;

use super::numbers::joined;
use super::page::{Page, Tone};
use crate::intent::shown;
use crate::intent::trust_store::{Came, Change, Outcome};
use crate::intent::workshop::Found;
use crate::terminal::Look;

/// Said where a bug made a certificate that nobody can read.
pub(crate) const FAULTY: &str =
    "the certificate that was made cannot be read: a bug, please report it";
/// Said where nothing is listened at.
pub(crate) const NOWHERE: &str = "nothing is listened at";
/// The same of an address that somebody named.
pub(crate) fn unlistened(ip: IpAddr) -> String {
    let place = SocketAddr::new(ip, 8443);
    format!("nothing is listened at {ip}: `--listen {place}` has it listened there")
}

/// Said where another certificate came.
pub(crate) const ANOTHER: &str = "another certificate came than the one that was made";

/// What was seen of what is served.
pub(crate) struct Proved {
    pub(crate) attempt: Attempt,
    pub(crate) version: Version,
    /// The status of the answer to a request.
    pub(crate) status: String,
}

/// A CA of before that is in its place again.
pub(crate) fn taken_up(ca: &DevCa) -> String {
    format!(
        "the development CA that is valid until {} is used again: the one in its place was made by a clock that was wrong",
        ca.certificate().not_after
    )
}

/// A pair that was made anew while it was served.
pub(crate) fn renewed(certificate: &Certificate) -> String {
    format!(
        "renewed: the certificate is valid until {}",
        certificate.not_after
    )
}

/// How somebody tries what is served.
pub(crate) struct Attempt {
    pub(crate) url: String,
    /// Host, port and address of who has to be led there, where a client would not find it by itself.
    pub(crate) resolve: Option<String>,
    /// Whom a client has to be told to trust.
    pub(crate) ca: Option<PathBuf>,
}

impl Attempt {
    /// The line to type.
    pub(crate) fn curl(&self) -> String {
        let mut words = vec!["curl".to_owned()];
        if let Some(ca) = &self.ca {
            words.extend(["--cacert".to_owned(), quoted(&shown(ca))]);
        }
        if let Some(resolve) = &self.resolve {
            words.extend(["--resolve".to_owned(), escape::text(resolve)]);
        }
        words.push(escape::text(&self.url));
        words.join(" ")
    }
}

/// One step on the way to https.
pub(crate) enum Step<'a> {
    Name(&'a [Identifier]),
    Ca(&'a Found, &'a Path),
    Certificate(&'a Certificate, bool),
    Proof(&'a Proved),
    /// What is behind.
    Behind(&'a Proved),
    NoProof(&'a str),
    Dns(&'a [Identifier]),
    /// How it is tried, and whether what is behind is our own page.
    Try(&'a Proved, bool),
}

/// The steps, a line each.
pub(crate) fn steps(steps: &[Step<'_>], look: Look) -> String {
    let mut page = Page::new(look);
    for step in steps {
        draw(&mut page, step);
    }
    page.finish()
}

fn draw(page: &mut Page, step: &Step<'_>) {
    let mut done = |name: &str, text: &str| {
        let lead = format!("done     {name:<12}");
        page.paragraph(&[(&lead, Tone::Good)], HANG, text, Tone::Plain);
    };
    match step {
        Step::Name(asked) => done("name", &names(asked)),
        Step::Ca(found, path) => {
            let word = if found.is_new { "made" } else { "kept" };
            let until = found.ca.certificate().not_after.date();
            let text = format!("development CA {word}, until {until}: {}", shown(path));
            done("CA", &text);
        }
        Step::Certificate(certificate, is_new) => {
            let word = if *is_new { "made" } else { "kept" };
            let until = certificate.not_after.date();
            done("certificate", &format!("{word}, until {until}"));
        }
        Step::Proof(proved) => {
            let text = format!(
                "{} speaks TLS {}, with this certificate",
                proved.attempt.url,
                match proved.version {
                    Version::Tls13 => "1.3",
                    Version::Tls12 => "1.2",
                }
            );
            done("TLS", &text);
        }
        // What a proxy says of a service that does not (RFC 9110, section 15.6).
        Step::Behind(Proved { status, .. })
            if ["", "502", "503", "504"].contains(&status.as_str()) =>
        {
            let lead = format!("missing  {:<12}", "service");
            let text = match status.as_str() {
                "" => "nothing came from what is behind; start it, and it is passed on".to_owned(),
                status => format!(
                    "what is behind does not answer ({status}); start it, and it is passed on"
                ),
            };
            page.paragraph(&[(&lead, Tone::Bad)], HANG, &text, Tone::Plain);
        }
        Step::Behind(proved) => done("service", &format!("answers {}", proved.status)),
        Step::NoProof(why) => {
            let lead = format!("missing  {:<12}", "TLS");
            page.paragraph(&[(&lead, Tone::Bad)], HANG, &escape::text(why), Tone::Plain);
        }
        Step::Dns(asked) => done("DNS", dns(asked)),
        Step::Try(proved, is_own) => {
            page.blank();
            page.row(&[
                ("  try it   ", Tone::Dim),
                (&proved.attempt.curl(), Tone::Strong),
            ]);
            if *is_own {
                let more = "keyway up --upstream http://127.0.0.1:3000";
                page.row(&[("  your own ", Tone::Dim), (more, Tone::Plain)]);
            }
            page.row(&[("  end it   ", Tone::Dim), ("Ctrl-C", Tone::Plain)]);
        }
    }
}

const HANG: &str = "                     ";

/// For a shell, where it needs that.
fn quoted(path: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/._-+@%".contains(c);
    if path.chars().all(is_plain) {
        path.to_owned()
    } else {
        format!("'{}'", path.replace('\'', "'\\''"))
    }
}

fn names(asked: &[Identifier]) -> String {
    let all: Vec<String> = asked.iter().map(ToString::to_string).collect();
    joined(&all)
}

fn dns(asked: &[Identifier]) -> &'static str {
    let is_here = |it: &Identifier| match it {
        Identifier::Dns(name) => name == "localhost" || name.ends_with(".localhost"),
        Identifier::Ip(_) => true,
    };
    if asked.iter().all(is_here) {
        "nothing to do: every machine knows these by itself (RFC 6761, section 6.3)"
    } else {
        "names for development are in no public DNS: write them into /etc/hosts, or ask your router"
    }
}

/// Said where what is listened at is no address.
pub(crate) fn no_place(given: &str) -> String {
    let port = given.trim_start_matches(':').parse::<u16>().unwrap_or(8443);
    format!(
        "--listen {}: that is no address with a port; 127.0.0.1:{port} is, for this machine alone, and [::]:{port} for everybody",
        escape::text(given)
    )
}

/// Said where what is behind is no URL.
pub(crate) fn no_url(given: &str) -> String {
    format!(
        "{:?} is no URL; write http://HOST:PORT",
        escape::text(given)
    )
}

/// The CA, and what to do with it.
pub(crate) fn ca(found: &Found, path: &Path, look: Look) -> String {
    let mut page = Page::new(look);
    let word = if found.is_new { "made" } else { "is there" };
    page.row(&[("Development CA ", Tone::Strong), (word, Tone::Good)]);
    let certificate = found.ca.certificate();
    let mut field = |name: &str, text: &str| {
        let lead = format!("  {name:<12}");
        page.paragraph(&[(&lead, Tone::Dim)], "              ", text, Tone::Plain);
    };
    field("certificate", &shown(path));
    field("subject", certificate.subject.text());
    field("until", &certificate.not_after.date());
    field("vouches for", &permitted(found));
    field(
        "trust it",
        &format!("curl --cacert {}", quoted(&shown(path))),
    );
    field("", "keyway dev ca --install, and --uninstall");
    page.finish()
}

fn permitted(found: &Found) -> String {
    let texts: Vec<String> = found
        .ca
        .permitted()
        .iter()
        .filter_map(|name| match name {
            GeneralName::Dns(name) => Some(escape::bytes(name)),
            GeneralName::Ip(bytes) => subnet(bytes),
            _ => None,
        })
        .collect();
    joined(&texts)
}

/// An address and the length of its prefix.
fn subnet(bytes: &[u8]) -> Option<String> {
    let (base, mask) = bytes.split_at(bytes.len() / 2);
    let length: u32 = mask.iter().map(|octet| octet.count_ones()).sum();
    let address = if let Ok(four) = <[u8; 4]>::try_from(base) {
        std::net::Ipv4Addr::from(four).to_string()
    } else {
        std::net::Ipv6Addr::from(<[u8; 16]>::try_from(base).ok()?).to_string()
    };
    Some(format!("{address}/{length}"))
}

/// Who trusts the CA now, and who does not yet.
pub(crate) fn stores(what: Change, outcomes: &[Outcome], look: Look) -> String {
    let mut page = Page::new(look);
    for Outcome { store, came } in outcomes {
        let (lead, tone, text) = match (came, what) {
            (Ok(Came::Absent), _) => ("done     ", Tone::Dim, format!("{store} does not have it")),
            (Ok(Came::NotYet), _) => (
                "missing  ",
                Tone::Dim,
                format!(
                    "{store} have no store so far: whoever uses one starts it once, and types this again"
                ),
            ),
            (Ok(Came::Changed), Change::Install) => {
                ("done     ", Tone::Good, format!("{store} trusts it"))
            }
            (Ok(Came::Changed), Change::Uninstall) => (
                "done     ",
                Tone::Good,
                format!("{store} trusts it no more"),
            ),
            (Err(why), _) => (
                "missing  ",
                Tone::Bad,
                format!("{store}: {}", escape::text(why)),
            ),
        };
        page.paragraph(&[(lead, tone)], "         ", &text, Tone::Plain);
    }
    page.finish()
}

/// Said where there is no CA that could be taken out of a store.
pub(crate) fn no_ca(path: &Path) -> String {
    format!(
        "there is no development CA here ({}), so nobody knows which one is meant: with sudo keep HOME (`sudo -E`), or name the folder with --state",
        shown(path)
    )
}

/// Said of a pair that another user made, who was root.
pub(crate) fn others_pair(folder: &Path) -> String {
    let folder = quoted(&shown(folder));
    format!(
        "{folder} cannot be read: another user made it, as with sudo. `sudo chown -R \"$(id -u)\" {folder}` makes it yours"
    )
}

/// A CA's key that others could read, and cannot any more.
pub(crate) fn open_key(path: &Path, mode: u32) -> String {
    format!(
        "warning: others could read the development CA's key {} ({:04o}); it is for its owner alone now. Whoever may have read it can pretend to be any name for development here: `keyway dev ca --anew` makes another CA",
        shown(path),
        mode & 0o7777
    )
}

/// Said where `keyway up` is told of what only names that others visit have.
pub(crate) fn for_others(option: &str) -> String {
    format!(
        "{option} is for names that others visit, and here the development CA of this machine vouches for all of them: leave it out, or name a --host of the public"
    )
}

/// A certificate was made.
pub(crate) fn made(
    found: &Found,
    asked: &[Identifier],
    days: i64,
    [chain, key]: [&Path; 2],
    ca: &Path,
    look: Look,
) -> String {
    let mut page = Page::new(look);
    if found.is_new {
        page.row(&[
            ("A development CA was made: ", Tone::Plain),
            (&shown(ca), Tone::Strong),
        ]);
    }
    let days = super::numbers::counted(usize::try_from(days).unwrap_or_default(), "day", "days");
    let text = format!("Certificate for {}, {days}", names(asked));
    page.row(&[(&text, Tone::Good)]);
    for (name, path) in [("chain", chain), ("key", key), ("CA", ca)] {
        let lead = format!("  {name:<7}");
        page.row(&[(&lead, Tone::Dim), (&shown(path), Tone::Plain)]);
    }
    page.finish()
}
