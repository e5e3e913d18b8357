//! Service files: what is wrong with them, what changes, how they stand.

use std::fmt::Write as _;
use std::path::Path;

use keyway_chain::Report;
use keyway_config::model::Status as Tls;
use keyway_config::rules::Kind;
use keyway_config::{Draft, Finding};
use keyway_report::{Kind as _, Verdict, escape};
use similar::TextDiff;

use super::findings::{place, tone};
use super::numbers::counted;
use super::page::{Page, Tone};
use crate::intent::service::Judged;
use crate::intent::shown;
use crate::terminal::Look;

/// Most names of a certificate that are spelled out.
const MOST_NAMES: usize = 8;

/// A change that is made, or would be.
pub(crate) struct Change<'c> {
    pub(crate) path: &'c Path,
    /// The file before; `None` where it is new.
    pub(crate) old: Option<&'c Draft>,
    pub(crate) new: &'c Draft,
    /// A managed name that was made.
    pub(crate) made: Option<&'c str>,
    /// The certificates before, where others come in their place.
    pub(crate) before: &'c [Judged],
    /// The certificates now.
    pub(crate) now: &'c [Judged],
    pub(crate) found: &'c [Finding],
    /// What the command has to say beside.
    pub(crate) notes: &'c [&'static str],
    /// Whether the files were read anew, and nothing else was asked for.
    pub(crate) anew: bool,
    pub(crate) dry_run: bool,
}

/// What was changed, or would be, and who notices.
pub(crate) fn changed(change: &Change<'_>, look: Look) -> String {
    let mut page = Page::new(look);
    let old = change.old.map_or_else(String::new, Draft::shown);
    let new = change.new.shown();
    let is_same = change.old.is_some() && old == new;
    let verb = match (is_same, change.dry_run, change.old.is_some()) {
        (true, _, _) => "stays as it is",
        (_, true, _) => "would change",
        (_, _, true) => "changed",
        (_, _, false) => "written",
    };
    let service = &change.new.service;
    let lead = [
        (shown(change.path), Tone::Strong),
        (
            format!(" {verb}: TLS is {}", service.status().word()),
            Tone::Plain,
        ),
    ];
    page.row(&[(&lead[0].0, lead[0].1), (&lead[1].0, lead[1].1)]);
    if let Some(name) = change.made {
        let told = if change.dry_run {
            "would be made for it: another one each time until it is kept"
        } else {
            "was made for it, and is kept"
        };
        line(&mut page, "name", &format!("{name} {told}"));
    }
    for host in service.host.iter() {
        line(&mut page, "host", &escape::text(host));
    }
    for judged in change.now {
        line(&mut page, "serves", &one(judged));
        if change.anew {
            line(&mut page, "read", &anew(judged));
        }
    }
    let notes = change.notes.iter().map(|note| (*note).to_owned());
    for text in left(change).into_iter().chain(noticed(change)).chain(notes) {
        line(&mut page, "note", &text);
    }
    if change.dry_run && !is_same {
        page.blank();
        let diff = TextDiff::from_lines(&old, &new);
        let name = shown(change.path);
        let unified = diff.unified_diff().header(&name, &name).to_string();
        for text in unified.lines() {
            let tone = match text.chars().next() {
                Some('+') => Tone::Good,
                Some('-') => Tone::Bad,
                Some('@') => Tone::Dim,
                _ => Tone::Plain,
            };
            page.row(&[(&escape::text(text), tone)]);
        }
    }
    briefly(&mut page, change.found);
    page.finish()
}

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
pub(crate) fn checked(path: &Path, found: &[Finding], judged: &[Judged], look: Look) -> String {
    let mut page = Page::new(look);
    let is_clean = found.is_empty() && judged.iter().all(|judged| !judged.report.has_errors());
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
            line(&mut page, "serves", &one(judged));
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

/// Said of what holds a secret in the open.
pub(crate) const HOLDS_SECRETS: &str = "the text holds a private key or a password: let nobody read it who is not to \
     have it";

/// Said of a key that belongs to another certificate.
pub(crate) fn stranger(certificate: &str, key: &str) -> String {
    format!("error: the key in {key} does not belong to {certificate} (key.mismatch)")
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

/// Said where a renewal is asked for.
pub(crate) const NOTHING_RENEWS: &str = "the wish is written down, and nothing follows it yet: Keyway does not issue \
     certificates, and none is renewed by itself";

/// Said where a service that is not behind TLS is updated.
pub(crate) const STAYS_DISABLED: &str = "TLS stays disabled; `keyway enable` turns it on";

/// The findings beside a change. Names from elsewhere are counted: whoever edits a file time and again knows of
/// them.
fn briefly(page: &mut Page, found: &[Finding]) {
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
    if judged.report.verdicts.pairs == Verdict::Unknown {
        let text = "The key could not be compared with the certificate. If it is encrypted, give its \
                    password: --password-file or --password-env.";
        page.paragraph(&[("  ", Tone::Plain)], "  ", text, Tone::Plain);
    }
    for text in super::brief(&judged.report).lines() {
        page.paragraph(&[("  ", Tone::Plain)], "  ", text, Tone::Plain);
    }
    let command = format!(
        "keyway check {} --key {} says more",
        judged.name, judged.key
    );
    line(page, "see", &command);
}

/// A certificate in one line.
fn one(judged: &Judged) -> String {
    let mut text = judged.name.clone();
    if let Some(leaf) = judged.report.certificates.first() {
        // Writing to a string cannot fail.
        let _ = write!(text, ", {}, until {}", leaf.subject, leaf.not_after.date());
    }
    text
}

/// What a certificate says whose file lies where another lay before.
fn anew(judged: &Judged) -> String {
    let mut text = format!("anew: the key in {} belongs to it", judged.key);
    if let Some(leaf) = judged.report.certificates.first() {
        let names: Vec<String> = leaf
            .dns_names
            .iter()
            .chain(&leaf.ip_addresses)
            .cloned()
            .collect();
        let names = super::numbers::some(&names, MOST_NAMES);
        // Writing to a string cannot fail.
        let _ = write!(
            text,
            "; it is for {names}, from {} until {}; SHA-256 {}",
            leaf.not_before.date(),
            leaf.not_after.date(),
            leaf.sha256
        );
    }
    text
}

/// What was there before and is no more, and who notices.
fn left(change: &Change<'_>) -> Vec<String> {
    let Some(old) = change.old.map(|old| &old.service) else {
        return Vec::new();
    };
    let new = &change.new.service;
    let mut notes = Vec::new();
    let is_kept = |host: &&str| new.host.iter().any(|kept| kept.eq_ignore_ascii_case(host));
    let gone = old.host.iter().filter(|host| !is_kept(host));
    let gone: Vec<String> = gone.map(escape::text).collect();
    if !gone.is_empty() {
        let names = super::numbers::some(&gone, 4);
        notes.push(format!(
            "no longer its name: {names}; clients and DNS records that use it lead nowhere"
        ));
    }
    if old.tls.certificate.is_some() && new.tls.certificate.is_none() {
        notes.push("its own certificate is no longer named; the files stay where they are".into());
    }
    if old.status() != Tls::Disabled && new.status() == Tls::Disabled {
        notes.push("clients that come by https get no answer".into());
        if old.tls.hsts.is_some() {
            notes.push(
                "browsers that were told to keep to https (`tls.hsts`) do not come by http either"
                    .into(),
            );
        }
    }
    notes
}

/// What clients notice of a change of certificates.
fn noticed(change: &Change<'_>) -> Vec<String> {
    let first = |judged: &[Judged]| judged.first().map(|judged| judged.report.clone());
    let (Some(old), Some(new)) = (first(change.before), first(change.now)) else {
        return Vec::new();
    };
    let leaf = |report: &Report| report.certificates.first().cloned();
    let (Some(old), Some(new)) = (leaf(&old), leaf(&new)) else {
        return Vec::new();
    };
    let mut notes = Vec::new();
    if old.sha256 == new.sha256 {
        return vec!["the certificate is the same as before".to_owned()];
    }
    if old.spki_sha256 != new.spki_sha256 {
        notes.push(
            "the key is another: TLSA records and clients that pin the key notice".to_owned(),
        );
    }
    if old.issuer != new.issuer {
        notes.push(format!(
            "the issuer was {}, and is {}",
            old.issuer, new.issuer
        ));
    }
    let lost: Vec<String> = old
        .dns_names
        .iter()
        .filter(|name| !new.dns_names.contains(name))
        .cloned()
        .collect();
    if !lost.is_empty() {
        let names = super::numbers::some(&lost, 4);
        notes.push(format!(
            "no longer covered: {names}; who comes by these names is refused"
        ));
    }
    if new.not_after.seconds() < old.not_after.seconds() {
        notes.push("it ends before the one that it replaces".to_owned());
    }
    notes
}

pub(super) fn line(page: &mut Page, name: &str, text: &str) {
    let lead = format!("  {name:<9} ");
    page.paragraph(&[(&lead, Tone::Dim)], "            ", text, Tone::Plain);
}
