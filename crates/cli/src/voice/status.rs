//! How a service stands, on one screen.

use std::fmt::Write as _;

use keyway_config::model::Status as Tls;
use keyway_report::Verdict;

use super::page::{Page, Tone};
use super::service::line;
use crate::formats::outside::{Leads, Led, ServedAt, ServedCertificate, Serves};
use crate::formats::status::{CertificateStatus, Status};
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
        of(&mut page, certificate, &status.file);
    }
    if let Some(missing) = &status.missing {
        line(&mut page, "missing", missing);
    }
    if status.managed && status.certificates.is_empty() {
        line(
            &mut page,
            "serves",
            "a managed certificate, which is not made yet",
        );
    }
    if status.tls == Tls::Auto.word() && !status.managed {
        let text = "nothing: `auto` wants a label for a managed name, and there is none";
        line(&mut page, "serves", text);
    }
    if status.renew {
        line(&mut page, "renewal", "asked for, and not done yet");
    }
    if status.findings > 0 {
        let text = format!("{}; `keyway config check` lists them", status.findings);
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

fn of(page: &mut Page, certificate: &CertificateStatus, file: &str) {
    let text = format!("{}, {}", certificate.file, certificate.subject);
    line(page, "names", &text);
    line(page, "issuer", &certificate.issuer);
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
    line(
        page,
        "renewal",
        &format!("due on {}", certificate.renewal_due.date()),
    );
    let why = format!("refuse it; `keyway config check {file}` says why");
    let clients = match certificate.accepted {
        Verdict::Yes => "accept it",
        Verdict::No => why.as_str(),
        Verdict::Unknown => "could not be asked: nothing to judge by",
    };
    line(page, "clients", clients);
}

/// What others say of it, and serve.
fn outside(page: &mut Page, status: &Status) {
    let outside = &status.outside;
    for led in &outside.dns {
        line(page, "dns", &leads(led));
    }
    for at in &outside.served {
        line(page, "served", &serves(at));
    }
    if !outside.dns.is_empty() && status.tls == Tls::Disabled.word() {
        let text = "not looked at: TLS is disabled, and no certificate is served";
        line(page, "served", text);
    }
    if let Some(finding) = outside.dns_findings.first() {
        let mut text = format!("`keyway explain {}` says what to do", finding.code());
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
    let (found, wanted) = (led.found.join(", "), led.wanted.join(", "));
    let why = led.why.as_deref().unwrap_or_default();
    let text = match led.standing {
        Leads::Right => format!("points to {found}, as it has to"),
        Leads::Elsewhere if found.is_empty() => format!("does not point to {wanted}"),
        // Next to what is wanted there is more.
        Leads::Elsewhere if led.found.iter().any(|found| led.wanted.contains(found)) => {
            format!("points to {found}, and has to point to {wanted} alone")
        }
        Leads::Missing if wanted.is_empty() => "has no record".to_owned(),
        Leads::Missing if found.is_empty() => {
            format!("has no record, and has to point to {wanted}")
        }
        Leads::Elsewhere | Leads::Missing => {
            format!("points to {found}, and has to point to {wanted}")
        }
        Leads::Seen => format!("points to {found}; the file says no endpoint to compare"),
        Leads::Unknown => format!("unknown: {why}"),
    };
    format!("{} {text}{}", led.host, rules(&led.codes))
}

/// What is served at an address.
fn serves(at: &ServedAt) -> String {
    let place = match &at.address {
        Some(address) => format!("{} at {address}", at.host),
        None => at.host.clone(),
    };
    let shown = at.certificate.as_ref().map(shown).unwrap_or_default();
    let why = at.why.as_deref().unwrap_or_default();
    let text = match at.standing {
        Serves::Same => "the certificate of the file".to_owned(),
        Serves::Other => format!("another certificate: {shown}"),
        Serves::Seen => format!("{shown}; the file names none to compare"),
        Serves::Nothing | Serves::NoTls => why.to_owned(),
        Serves::Unknown => format!("unknown: {why}"),
    };
    format!("{place}: {text}{}", rules(&at.codes))
}

fn shown(certificate: &ServedCertificate) -> String {
    match (&certificate.subject, certificate.not_after) {
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
