//! Service files: what is wrong with them, what changes, how they stand.

use std::fmt::Write as _;
use std::path::Path;

use keyway_chain::{CertificateFacts, Kind as ChainKind};
use keyway_config::model::{Listed, Status as Tls};
use keyway_config::rules::Kind;
use keyway_config::{Finding, Service};
use keyway_report::{Kind as _, Verdict, escape};

use super::findings::{place, tone};
use super::numbers::counted;
use super::page::{Page, Tone};
use super::subject;
use crate::intent::service::Judged;
use crate::intent::shown;
use crate::terminal::Look;

/// What a service is called that no file holds.
pub(crate) const COMMAND_LINE: &str = "the command line";

/// Most lists of hosts that are told.
const MOST_LISTS: usize = 4;

/// Why nothing was written.
pub(crate) fn refused(path: &Path, found: &[Finding], judged: &[&Judged], look: Look) -> String {
    let mut page = Page::new(look);
    page.row(&[
        (&shown(path), Tone::Strong),
        (" was not changed", Tone::Bad),
    ]);
    briefly(&mut page, found);
    for judged in judged {
        errors(&mut page, judged);
    }
    page.finish()
}

/// What is wrong with a service file and its certificates.
pub(crate) fn checked(
    path: &Path,
    service: &Service,
    found: &[Finding],
    judged: &[Judged],
    look: Look,
) -> String {
    let mut page = Page::new(look);
    let is_good = |judged: &Judged| {
        !judged.report.has_errors() && !is_closed(judged) && warnings(judged).is_empty()
    };
    let is_clean = found.is_empty() && judged.iter().all(is_good);
    let (word, tone) = if is_clean {
        (" is fine", Tone::Good)
    } else {
        (" was looked at", Tone::Plain)
    };
    page.row(&[(&shown(path), Tone::Strong), (word, tone)]);
    draw(&mut page, found);
    for judged in judged {
        if judged.report.has_errors() {
            errors(&mut page, judged);
        } else {
            line(&mut page, serves(service), &one(judged));
            if is_closed(judged) {
                line(&mut page, "key", &closed(judged));
            }
        }
        for warning in warnings(judged) {
            line(&mut page, "warning", &warning);
        }
    }
    page.finish()
}

/// A finding in one line, beside the output.
pub(crate) fn note(finding: &Finding) -> String {
    format!(
        "{}: {} ({})",
        finding.severity().word(),
        finding.kind.message(),
        finding.code()
    )
}

/// A warning in one line, beside the output.
pub(crate) fn warning(text: &str) -> String {
    format!("warning: {text}")
}

/// What is no error, and costs somebody: clients that mind what is stapled, and certificates that nobody gets.
pub(crate) fn warnings(judged: &Judged) -> Vec<String> {
    let staple = judged.staple.as_ref();
    let unusable = staple.and_then(|staple| {
        let why = staple.response.as_ref().err()?;
        let path = shown(&staple.path);
        Some(format!(
            "{path}: this OCSP response is not stapled: {why} (chain.ocsp-unusable)"
        ))
    });
    let is_stapled = staple.is_some() && unusable.is_none();
    let mut findings = judged.report.findings.iter();
    let is_demanded = findings.any(|found| matches!(found.kind, ChainKind::MustStaple(_)));
    let demanded = (is_demanded && !is_stapled).then(|| {
        let name = &judged.name;
        format!(
            "{name} demands an OCSP response with it, and none is stapled (`ocsp`): Firefox refuses the connection \
             (policy.must-staple)"
        )
    });
    let unserved = judged.unserved.iter().map(|other| {
        let name = &judged.name;
        let (key, names) = (super::key::words(&other.key), names(other));
        let other = subject::or_names(&other.subject, &names);
        format!(
            "{name} holds another certificate with its key ({key}; {other}), which is not served: give it a file of its own, in \
             `tls.certificates`"
        )
    });
    let stapled = unusable.into_iter().chain(demanded);
    stapled.chain(unserved).collect()
}

/// Said of what is to be added to what was imported.
pub(crate) fn still_open(finding: &Finding) -> String {
    format!(
        "still to be said: {} ({})",
        finding.kind.message(),
        finding.code()
    )
}

/// Said where a form names no hosts.
pub(crate) const NAMED_BY_CERTIFICATE: &str =
    "no host is named: those that the certificate names were taken";

/// Said of paths that count from a folder which nobody knows here.
pub(crate) const PATHS_COUNT_FROM_HERE: &str = "paths that begin with no slash count from the service file's folder, and \
     from another one there: write them in full";

/// Said of nginx's main file beside a file that may be included there.
pub(crate) fn main_was_not_read(main: &Path) -> String {
    let main = escape::text(&main.to_string_lossy());
    format!(
        "where {main} includes this file, what stands around it there counts, too, and was not read: import that one, or what \
         `nginx -T` prints, for what keeps somebody out of all servers"
    )
}

/// Said of a certificate that was left out.
pub(crate) fn for_no_host(certificate: &str) -> String {
    let certificate = escape::text(certificate);
    format!(
        "`{certificate}` is for none of the hosts, or for what an earlier one is for, and is left behind"
    )
}

/// Said of a certificate among several that could not be looked into.
pub(crate) fn hosts_unknown(certificate: &str) -> String {
    let certificate = escape::text(certificate);
    format!(
        "`{certificate}` cannot be read here, so nobody looked which hosts it is for: write them as its `host`, in \
         `tls.certificates`"
    )
}

/// Said of a host.
pub(crate) fn no_certificate_fits(host: &str) -> String {
    let host = escape::text(host);
    format!("error: no certificate that is named fits {host} (name.mismatch)")
}

/// Said of what holds a secret in the open.
pub(crate) const HOLDS_SECRETS: &str = "the text holds a private key or a password: let nobody read it who is not to \
     have it";

/// Said of a key that belongs to another certificate.
pub(crate) fn stranger(certificate: &str, key: &str) -> String {
    format!("error: the key in {key} does not belong to {certificate} (key.mismatch)")
}

/// Said of a certificate that a server which is started elsewhere would refuse.
pub(crate) fn is_not_served(judged: &Judged) -> String {
    let name = escape::text(&judged.name);
    let brief = super::brief(&judged.report);
    let why = brief.lines().next();
    let why = why
        .unwrap_or("whether its chain is good is not known, as where `--roots none` trusts nobody");
    format!(
        "error: `keyway serve` would not start with {name}, by --roots and --profile as they are given here: {why}"
    )
}

/// Said of a file that is named, and could not be looked at.
pub(crate) fn not_here(path: &Path) -> String {
    let path = shown(path);
    format!("{path} cannot be read here; whether it is right nobody looked")
}

/// Said of a folder where a certificate is named.
pub(crate) fn folder_of_certificates(path: &str) -> String {
    let path = escape::text(path);
    format!(
        "`{path}` is a folder, and a service file names the certificate itself: put its file there"
    )
}

/// Said of something in another tool's form that has no place in a service file.
pub(crate) fn left_behind(what: &str) -> String {
    format!("`{what}` has no place in a service file, and is left behind")
}

/// Said where a file has no name, and one is kept for it.
pub(crate) const NAME_AGAIN: &str = "the name that was kept for this file is taken again; where the service was moved and \
     has it still, give this one another with --overwrite-existing-domain";

/// Said of a password beside no key.
pub(crate) const NOTHING_TO_OPEN: &str =
    "it names no key that a password would open; give --cert and --key as well";

/// Said where hosts are given, and no certificate of several is for them, or more than one is.
pub(crate) fn no_certificate_of(given: &[String], all: &[&Listed], are_several: bool) -> String {
    let lists = all.iter().filter(|hosts| !hosts.is_empty());
    let lists: Vec<String> = lists
        .map(|hosts| format!("`{}`", hosts.iter().collect::<Vec<_>>().join("`, `")))
        .collect();
    let which = if are_several {
        "more than one of its certificates is"
    } else {
        "none of its certificates is"
    };
    format!(
        "{which} for {}: beside --cert or --key, --host says whose they are by hosts of one of them ({}); hosts that are \
         new are written into the file",
        given.join(", "),
        lists[..lists.len().min(MOST_LISTS)].join(" or ")
    )
}

/// Said of a new certificate that is not for a host that stood in the old one alone.
pub(crate) fn not_for_host(certificate: &Path, host: &str, number: usize) -> String {
    format!(
        "{} is not for {}, and `tls.certificates[{number}]` says no `host`: nobody would answer for it any more",
        shown(certificate),
        escape::text(host)
    )
}

/// Said where a new file stands at the place of one that was moved, and took its name along.
pub(crate) fn name_moved(name: &str, to: &str) -> String {
    let name = escape::text(name);
    format!(
        "{name} went along with the file that stood here, which is {to} now; this one has another name"
    )
}

/// Said of a file that was moved, whose name another one at its old place was given meanwhile.
pub(crate) fn name_back(name: &str, later: &str) -> String {
    let name = escape::text(name);
    format!(
        "{name} is this file's, which had it first; {later} was given it, too, where this file had stood: give that one \
         another with --overwrite-existing-domain"
    )
}

/// Said where a renewal is asked for.
pub(crate) const NOTHING_RENEWS: &str =
    "the wish is written down: `keyway serve` follows it within a minute, and `keyway renew` now";

/// Said where a service that is not behind TLS is updated.
pub(crate) const STAYS_DISABLED: &str = "TLS stays disabled; `keyway enable` turns it on";

/// The findings beside a change. Names from elsewhere are counted: whoever edits a file time and again knows of
/// them.
pub(super) fn briefly(page: &mut Page, found: &[Finding]) {
    let is_alias = |finding: &&Finding| matches!(finding.kind, Kind::Alias(_));
    let aliases = found.iter().filter(is_alias).count();
    if aliases > 0 {
        let fields = counted(aliases, "field has", "fields have");
        let text = format!(
            "{fields} a name from elsewhere, which is read all the same; `keyway config check` lists them"
        );
        line(page, "note", &text);
    }
    draw(page, found.iter().filter(|finding| !is_alias(finding)));
}

fn draw<'f>(page: &mut Page, found: impl IntoIterator<Item = &'f Finding>) {
    for finding in found {
        let rule = finding.kind.rule();
        page.blank();
        page.row(&[
            (finding.severity().word(), tone(finding.severity())),
            ("  ", Tone::Plain),
            (rule.code, Tone::Strong),
        ]);
        if let Some(place) = place(&finding.at) {
            line(page, "at", &place);
        }
        page.paragraph(
            &[("  ", Tone::Plain)],
            "  ",
            &finding.kind.message(),
            Tone::Plain,
        );
        line(page, "why", rule.why);
        line(page, "fix", &finding.kind.fix());
    }
}

/// The errors of a certificate, one a line, and the command that shows all.
fn errors(page: &mut Page, judged: &Judged) {
    page.blank();
    let files = format!("{} with {}", judged.name, judged.key);
    page.row(&[(&files, Tone::Strong)]);
    if is_closed(judged) {
        page.paragraph(&[("  ", Tone::Plain)], "  ", &closed(judged), Tone::Plain);
    }
    for text in super::brief(&judged.report).lines() {
        page.paragraph(&[("  ", Tone::Plain)], "  ", text, Tone::Plain);
    }
    // What stands in the service file itself is no file that could be named.
    if ![&judged.name, &judged.key]
        .into_iter()
        .any(|name| is_field(name))
    {
        let command = format!(
            "keyway check {} --key {} says more",
            judged.name, judged.key
        );
        line(page, "see", &command);
    }
}

/// Whether a certificate or a key is called after the field that holds it.
fn is_field(name: &str) -> bool {
    ["tls.certificate", "tls.key"].contains(&name) || name.starts_with("tls.certificates[")
}

/// Whether nobody could say that a key belongs to its certificate.
fn is_closed(judged: &Judged) -> bool {
    judged.report.verdicts.pairs == Verdict::Unknown
}

/// Why a key could not be held against its certificate.
fn closed(judged: &Judged) -> String {
    match &judged.password {
        _ if !judged.is_locked => {
            "The key could not be compared with the certificate.".to_owned()
        }
        Some(field) => format!("The key is encrypted, and the password from `{field}` does not open it."),
        None => "The key is encrypted, and the service file does not say where its password is: name it as \
                 `password`, beside the key; `keyway update --key FILE` takes --password-file and --password-env."
            .to_owned(),
    }
}

/// What a certificate of a file is to it: without TLS it is named, and nobody sees it.
pub(super) fn serves(service: &Service) -> &'static str {
    match service.status() {
        Tls::Disabled => "names",
        Tls::Auto | Tls::Enabled => "serves",
    }
}

/// A certificate in one line.
pub(super) fn one(judged: &Judged) -> String {
    let mut text = judged.name.clone();
    if let Some(leaf) = judged.report.certificates.first() {
        let names = subject::or_names(&leaf.subject, &names(leaf));
        // Writing to a string cannot fail.
        let _ = write!(text, ", {names}, until {}", leaf.not_after.date());
    }
    text
}

/// The names that a certificate is for, and the addresses.
pub(super) fn names(leaf: &CertificateFacts) -> Vec<String> {
    let names = leaf.dns_names.iter().chain(&leaf.ip_addresses);
    names.cloned().collect()
}

pub(super) fn line(page: &mut Page, name: &str, text: &str) {
    let lead = format!("  {name:<9} ");
    page.paragraph(&[(&lead, Tone::Dim)], "            ", text, Tone::Plain);
}
