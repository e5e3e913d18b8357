//! A change of a service file: what it is, and who notices.

use std::fmt::Write as _;
use std::path::Path;

use keyway_config::model::{ClientMode, Status as Tls};
use keyway_config::{Draft, Finding, comments_gone};
use keyway_report::escape;
use similar::TextDiff;

use super::page::{Page, Tone};
use super::service::{briefly, line, names, one, serves};
use super::{numbers, subject};
use crate::intent::service::{Judged, gone, uncovered};
use crate::intent::shown;
use crate::terminal::Look;

/// Most names of a certificate that are spelled out.
const MOST_NAMES: usize = 8;

/// Most names that are lost and spelled out.
const MOST_LOST: usize = 4;

/// Most letters of a comment that is told.
const MOST_OF_COMMENT: usize = 60;

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
    pub(crate) notes: &'c [&'c str],
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
        line(&mut page, serves(service), &one(judged));
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

/// What a certificate says whose file lies where another lay before.
fn anew(judged: &Judged) -> String {
    let mut text = format!("anew: the key in {} belongs to it", judged.key);
    if let Some(leaf) = judged.report.certificates.first() {
        let names = numbers::some(&names(leaf), MOST_NAMES);
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
    let gone: Vec<String> = gone(old, new)
        .iter()
        .map(|host| escape::text(host))
        .collect();
    if !gone.is_empty() {
        let names = numbers::some(&gone, MOST_LOST);
        let mut note = format!(
            "no longer its name: {names}; clients and DNS records that use it lead nowhere"
        );
        if new.tls.leaf_domain_label.is_some() && old.tls.leaf_domain_label.is_none() {
            note += " (to keep one beside the managed name, write it into `host` again)";
        }
        notes.push(note);
    }
    if old.tls.certificate.is_some() && new.tls.certificate.is_none() {
        notes.push("its own certificate is no longer named; the files stay where they are".into());
    }
    if old.tls.renew && !new.tls.renew {
        let again = match new.tls.leaf_domain_label {
            Some(_) => "; once TLS is enabled, `keyway update --renew` asks for one again",
            None => "",
        };
        notes.push(format!(
            "the wish for a renewal (`tls.renew`) is taken out, with what is written beside it{again}"
        ));
    }
    if old.tls.password.is_some() && new.tls.password.is_none() && new.tls.key.is_some() {
        notes.push(
            "the password of the key before (`tls.password`) is taken out, with what is written beside it: \
             the key now is not encrypted"
                .into(),
        );
    }
    notes.extend(comments(change));
    if old.status() != Tls::Disabled && new.status() == Tls::Disabled {
        notes.push("clients that come by https get no answer".into());
        if old.tls.client.mode != ClientMode::None {
            notes.push(format!(
                "client certificates were {} (`tls.client.mode`), and none is asked for now: everybody who \
                 reaches it is let in",
                old.tls.client.mode.word()
            ));
        }
        if old.tls.hsts.is_some() {
            notes.push(
                "browsers that were told to keep to https (`tls.hsts`) do not come by http either"
                    .into(),
            );
        }
    }
    notes
}

/// The comments that go along with what they stand beside.
fn comments(change: &Change<'_>) -> Option<String> {
    let gone = comments_gone(change.old?, change.new);
    if gone.is_empty() {
        return None;
    }
    let quoted = |comment: &&str| {
        let cut: String = comment.chars().take(MOST_OF_COMMENT).collect();
        let dots = if cut.len() < comment.len() { "…" } else { "" };
        format!("`{}{dots}`", escape::text(&cut))
    };
    let quoted: Vec<String> = gone.iter().map(quoted).collect();
    let told = numbers::some(&quoted, MOST_LOST);
    Some(if change.dry_run {
        format!("comments that would go with what they stand beside: {told}")
    } else {
        let path = shown(change.path);
        format!("comments that went with what they stood beside: {told}; {path}.previous has them")
    })
}

/// The certificate that another one comes in the place of, and that one: of several, those of the same place in the
/// file.
fn replaced<'c>(change: &Change<'c>) -> Option<(&'c Judged, &'c Judged)> {
    let (before, now) = (change.before, change.now);
    let mut pairs = before.iter().zip(now).filter(|_| before.len() == now.len());
    let other = pairs.find(|(before, now)| before.name != now.name);
    let own = |judged: &'c [Judged]| judged.iter().find(|judged| judged.is_default);
    other.or_else(|| own(before).zip(own(now)))
}

/// What clients notice where another certificate comes in the place of one.
fn noticed(change: &Change<'_>) -> Vec<String> {
    let Some((before, now)) = replaced(change) else {
        return Vec::new();
    };
    let leaf = |judged: &'_ Judged| judged.report.certificates.first().cloned();
    let (Some(old), Some(new)) = (leaf(before), leaf(now)) else {
        return Vec::new();
    };
    if old.sha256 == new.sha256 {
        return vec!["the certificate is the same as before".to_owned()];
    }
    let mut notes = Vec::new();
    if old.spki_sha256 != new.spki_sha256 {
        notes.push(
            "the key is another: TLSA records and clients that pin the key notice".to_owned(),
        );
    }
    if old.issuer != new.issuer {
        let (old, new) = (subject::or_none(&old.issuer), subject::or_none(&new.issuer));
        notes.push(format!("the issuer was {old}, and is {new}"));
    }
    let lost = uncovered(before, change.now);
    if !lost.is_empty() {
        let names = numbers::some(&lost, MOST_LOST);
        notes.push(format!(
            "no longer covered: {names}; who comes by these names is refused"
        ));
    }
    if new.not_after.seconds() < old.not_after.seconds() {
        notes.push("it ends before the one that it replaces".to_owned());
    }
    notes
}
