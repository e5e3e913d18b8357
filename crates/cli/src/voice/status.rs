//! How a service stands, on one screen.

use std::fmt::Write as _;

use keyway_config::model::Status as Tls;
use keyway_dns::zone::Finding;
use keyway_report::Verdict;

use super::numbers::counted;
use super::page::{Page, Tone};
use super::service::line;
use super::subject;
use crate::formats::outside::{Leads, Led, ServedAt, ServedCertificate, Serves};
use crate::formats::status::{CertificateStatus, Renewal, Status};
use crate::terminal::Look;

/// How a service stands.
pub(crate) fn status(status: &Status, look: Look) -> String {
    let mut page = Page::new(look);
    let tone = match status.tls {
        "disabled" => Tone::Caution,
        _ => Tone::Good,
    };
    page.row(&[
        (&status.file, Tone::Strong),
        (": TLS is ", Tone::Plain),
        (status.tls, tone),
    ]);
    for host in &status.hosts {
        let managed = if status.managed { " (managed)" } else { "" };
        line(&mut page, "host", &format!("{host}{managed}"));
    }
    for upstream in &status.upstreams {
        line(&mut page, "behind", upstream);
    }
    line(&mut page, "listens", &listens(status));
    for record in &status.records {
        let text = format!("{} {} {}", record.name, record.kind, record.value);
        line(
            &mut page,
            "record",
            &format!("{text}, which the DNS has to hold"),
        );
    }
    for certificate in &status.certificates {
        of(&mut page, certificate, status);
    }
    if let Some(missing) = &status.missing {
        line(&mut page, "missing", missing);
    }
    if let Some(renewal) = &status.renewal {
        renewed(&mut page, status, renewal);
    } else if status.tls == Tls::Auto.word() {
        let text = if status.is_unnamed {
            let file = &status.file;
            format!(
                "nothing yet: its label has no name; `keyway enable {file} --leaf-domain-label LABEL` makes one"
            )
        } else {
            "nothing: `auto` is a certificate that is made here, and there is none to make"
                .to_owned()
        };
        line(&mut page, "serves", &text);
    }
    if status.renew {
        line(&mut page, "renewal", "asked for, and not done yet");
    }
    if status.findings > 0 {
        let (count, file) = (status.findings, &status.file);
        let text = format!("{count}; `keyway config check {file}` lists them");
        line(&mut page, "findings", &text);
    }
    outside(&mut page, status);
    page.finish()
}

/// Where it listens, and what it speaks there.
fn listens(status: &Status) -> String {
    let addresses = status.listen.join(", ");
    match status.versions.as_slice() {
        [] => format!("{addresses}, in plain text"),
        versions => format!("{addresses}, with {}", versions.join(" and ")),
    }
}

fn of(page: &mut Page, certificate: &CertificateStatus, status: &Status) {
    let subject = subject::or_names(&certificate.subject, &certificate.names);
    let text = format!("{}, {subject}", certificate.file);
    line(page, "names", &text);
    line(page, "issuer", subject::or_none(&certificate.issuer));
    let days = certificate.days_left;
    let left = if days < 0 {
        format!("ended on {}", certificate.not_after.date())
    } else {
        format!(
            "{days} days, {} % of its life, until {}",
            certificate.percent_left,
            certificate.not_after.date()
        )
    };
    line(page, "left", &left);
    let due = if certificate.is_overdue {
        "overdue since"
    } else {
        "due on"
    };
    // Of one that is renewed by itself more is known.
    if status.renewal.is_none() {
        let text = format!("{due} {}", certificate.renewal_due.date());
        line(page, "renewal", &text);
    }
    let file = &status.file;
    let why = format!("refuse it; `keyway config check {file}` says why");
    let clients = match certificate.accepted {
        Verdict::Yes => "accept it",
        Verdict::No => why.as_str(),
        Verdict::Unknown => "could not be asked: nothing to judge by",
    };
    line(page, "clients", clients);
}

/// How it goes with a certificate that is made and renewed.
fn renewed(page: &mut Page, status: &Status, renewal: &Renewal) {
    if status.certificates.is_empty() {
        let text = format!(
            "a managed certificate, which is not made yet; `keyway renew {}` asks for it",
            status.file
        );
        line(page, "serves", &text);
    }
    if let Some(why) = &renewal.refused {
        line(page, "renewal", &format!("none: {why}"));
        return;
    }
    if let Some(error) = &renewal.error {
        let text = format!(
            "failed {}: {error}",
            counted(
                usize::try_from(renewal.failures).unwrap_or(usize::MAX),
                "time",
                "times"
            )
        );
        line(page, "renewal", &text);
    }
    match (renewal.next, renewal.why) {
        (Some(next), Some("again")) => line(page, "renewal", &format!("tried again at {next}")),
        (Some(next), Some("asked")) => {
            line(
                page,
                "renewal",
                &format!("tried again at {next}, as the CA asks"),
            );
        }
        (Some(next), Some("suggested")) => {
            line(
                page,
                "renewal",
                &format!("by itself at {next}, as the CA suggests"),
            );
        }
        (Some(next), _) => line(page, "renewal", &format!("by itself at {next}")),
        (None, _) if !status.certificates.is_empty() => line(page, "renewal", "due now"),
        (None, _) => {}
    }
}

/// What others say of it, and serve.
fn outside(page: &mut Page, status: &Status) {
    let outside = &status.outside;
    for led in &outside.dns {
        line(page, "dns", &leads(led));
    }
    let is_disabled = status.tls == Tls::Disabled.word();
    for at in &outside.served {
        line(page, "served", &serves(at, is_disabled));
    }
    let found = outside.dns_findings.iter().map(Finding::code);
    let sent = outside
        .served
        .iter()
        .flat_map(|at| at.codes.iter().copied());
    if let Some(code) = found.chain(sent).next() {
        let mut text = format!("`keyway explain {code}` says what to do");
        // Without an endpoint it has nothing to look for.
        if outside.dns.iter().any(|led| !led.wanted.is_empty()) {
            let _ = write!(
                text,
                "; `keyway dns verify {}` asks every server",
                status.file
            );
        }
        line(page, "see", &text);
    }
    if !outside.not_checked.is_empty() {
        line(page, "not seen", &outside.not_checked.join(", "));
    }
}

/// Where a host leads.
fn leads(led: &Led) -> String {
    let wanted = led.wanted.join(", ");
    let (found, is_alias) = (names(&led.found), led.found != led.addresses);
    let ends = match led.addresses.as_slice() {
        _ if !is_alias => String::new(),
        [] if led.standing == Leads::Missing => ", which leads to no address".to_owned(),
        [] => String::new(),
        ends => format!(", which is at {}", ends.join(", ")),
    };
    let leads = format!("points to {found}{ends}");
    let is_there = |wanted: &String| led.found.contains(wanted) || led.addresses.contains(wanted);
    let why = led.why.as_deref().unwrap_or_default();
    let text = match led.standing {
        Leads::Right if led.wanted.iter().any(is_there) || found == wanted => {
            format!("{leads}, as it has to")
        }
        Leads::Right => format!("{leads}, where {wanted} is, as it has to"),
        Leads::Elsewhere if found.is_empty() => format!("does not point to {wanted}"),
        // Next to what is wanted there is more.
        Leads::Elsewhere if led.wanted.iter().any(is_there) => {
            format!("{leads}, and has to point to {wanted} alone")
        }
        Leads::Missing if found.is_empty() && wanted.is_empty() => "has no record".to_owned(),
        Leads::Missing if found.is_empty() => {
            format!("has no record, and has to point to {wanted}")
        }
        Leads::Missing if wanted.is_empty() => leads,
        Leads::Elsewhere | Leads::Missing => format!("{leads}, and has to point to {wanted}"),
        Leads::Seen => format!("{leads}; the file says no endpoint to compare"),
        Leads::Unknown => format!("unknown: {why}"),
    };
    format!("{} {text}{}", led.host, rules(&led.codes))
}

/// Names without their dots at the end, which would stand before a comma.
fn names(texts: &[String]) -> String {
    let bare = texts.iter().map(|text| text.trim_end_matches('.'));
    bare.collect::<Vec<_>>().join(", ")
}

/// What is served at an address.
fn serves(at: &ServedAt, is_disabled: bool) -> String {
    let place = match &at.address {
        Some(address) if at.is_led => format!("{} at {address}", at.host),
        Some(address) => format!("{} at {address}, the endpoint", at.host),
        None => at.host.clone(),
    };
    let why = at.why.as_deref().unwrap_or_default();
    let text = match (at.standing, &at.certificate) {
        (Serves::Unknown, _) => format!("unknown: {why}"),
        (Serves::Nothing | Serves::NoTls, _) if is_disabled => {
            format!("no certificate, as TLS is disabled ({why})")
        }
        (Serves::Same | Serves::Other | Serves::Seen, Some(sent)) if is_disabled => {
            let shown = shown(sent);
            format!("TLS is disabled in the file, and {shown} is served here all the same")
        }
        (standing @ (Serves::Same | Serves::Other | Serves::Seen), Some(sent)) => {
            certificate(at, standing, sent)
        }
        _ => why.to_owned(),
    };
    format!("{place}: {text}{}", rules(&at.codes))
}

/// A certificate that came, by how it stands to the file's, and what clients say of it.
fn certificate(at: &ServedAt, standing: Serves, sent: &ServedCertificate) -> String {
    let shown = shown(sent);
    let mut text = match standing {
        Serves::Same => "the certificate of the file".to_owned(),
        Serves::Other if sent.is_older => {
            format!("another certificate, older than the file's: {shown}")
        }
        Serves::Other => format!("another certificate: {shown}"),
        _ => format!("{shown}; the file names none to compare"),
    };
    if let Some(version) = at.version {
        let _ = write!(text, ", over {version}");
    }
    if standing == Serves::Other && sent.is_older {
        text += "; has the server been reloaded?";
    }
    let count = counted(
        sent.sent,
        "certificate that is sent",
        "certificates that are sent",
    );
    match sent.accepted {
        Verdict::Yes => {}
        Verdict::No => {
            let _ = write!(text, "; clients refuse the {count}");
        }
        Verdict::Unknown => text += "; nothing to judge by whether clients accept it",
    }
    text
}

fn shown(certificate: &ServedCertificate) -> String {
    let subject = certificate.subject.as_deref().map(subject::or_none);
    match (subject, certificate.not_after) {
        (Some(subject), Some(end)) if certificate.is_expired => {
            format!("{subject}, expired on {}", end.date())
        }
        (Some(subject), Some(end)) => format!("{subject}, until {}", end.date()),
        _ => format!("{}, which does not read", certificate.sha256),
    }
}

fn rules(codes: &[&str]) -> String {
    if codes.is_empty() {
        return String::new();
    }
    format!(" ({})", codes.join(", "))
}
