//! `name.wildcard-public-suffix`

use std::collections::BTreeSet;

use keyway_report::{Rule, Severity, escape};
use serde::Serialize;

use crate::check::{Profile, Subject};
use crate::name::{Pattern, Presented, PublicSuffix, Section, listed, suffix_under};
use crate::rules::entries::Entries;
use crate::rules::{Aspect, Evidence, Kind};
use crate::x509::Certificate;

/// A wildcard covers everything under a public suffix.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WildcardPublicSuffix {
    /// The entries, each with the suffix that it stands on.
    #[serde(flatten)]
    pub entries: Entries,
}

impl Evidence for WildcardPublicSuffix {
    const RULE: Rule = Rule {
        code: "name.wildcard-public-suffix",
        severity: Severity::Error,
        title: "A wildcard covers a whole public suffix",
        why: "Under a public suffix such as co.uk or s3.amazonaws.com strangers hold the names, \
              so nobody may have a certificate for all of them. CAs must refuse it, and strict \
              clients do. The holder of a suffix of its own may have one: the suffix itself then \
              stands among the names as well.",
        fix: "Have it issued again for your own names.",
        sources: &[
            "CA/B Forum Baseline Requirements, section 3.2.2.6",
            "publicsuffix.org",
        ],
    };
    const ASPECT: Aspect = Aspect::Fit;
    const PROFILES: &'static [Profile] = Profile::PUBLIC;

    fn message(&self) -> String {
        format!(
            "The certificate covers names of strangers: {}.",
            self.entries.text()
        )
    }

    fn field(&self) -> Option<&'static str> {
        Some("extensions.subjectAltName")
    }
}

pub(crate) fn check(subject: &Subject<'_>, out: &mut Vec<Kind>) {
    let certificate = subject.certificate;
    if !subject.is_server_leaf() {
        return;
    }
    let mut found: Vec<(&Presented, PublicSuffix)> = certificate
        .presented()
        .iter()
        .filter_map(|entry| Some((entry, suffix_under(entry)?)))
        .collect();
    // Whoever holds the suffix itself holds all below it; mostly it stands beside its wildcard.
    let mut doubtful: BTreeSet<String> = found
        .iter()
        .filter(|(_, suffix)| is_private(suffix))
        .map(|(_, suffix)| suffix.name.clone())
        .collect();
    if !doubtful.is_empty() {
        for name in exact(certificate) {
            doubtful.remove(name);
        }
    }
    if !doubtful.is_empty() {
        let holders = holders(certificate);
        doubtful.retain(|name| !holders.contains(holder(name)));
    }
    found.retain(|(_, suffix)| !is_private(suffix) || doubtful.contains(&suffix.name));
    let names: Vec<String> = found
        .iter()
        .map(|(entry, suffix)| text(entry, suffix))
        .collect();
    let entries = Entries::of(certificate, names);
    out.extend(entries.map(|entries| Kind::from(WildcardPublicSuffix { entries })));
}

fn is_private(suffix: &PublicSuffix) -> bool {
    suffix.section == Section::Private
}

fn text(entry: &Presented, suffix: &PublicSuffix) -> String {
    let section = match suffix.section {
        Section::Icann => "a public suffix",
        Section::Private => "a public suffix of the private section",
    };
    let name = escape::text(&suffix.name);
    format!("{entry} stands on {name}, {section}")
}

/// The names that stand there without a wildcard, in lower case.
fn exact(certificate: &Certificate) -> impl Iterator<Item = &str> {
    certificate
        .presented()
        .iter()
        .filter_map(Presented::pattern)
        .filter(|pattern| !pattern.is_wildcard())
        .map(Pattern::base)
}

/// The holders of the suffixes that the certificate names: of `s3.amazonaws.com`, for
/// `*.s3-accesspoint.us-east-1.amazonaws.com`.
fn holders(certificate: &Certificate) -> BTreeSet<&str> {
    exact(certificate)
        .filter(|name| listed(name).is_some_and(|(suffix, _)| suffix == *name))
        .map(holder)
        .collect()
}

/// The name directly below ICANN's suffix: `amazonaws.com` of `s3.amazonaws.com`.
fn holder(name: &str) -> &str {
    let mut held = name;
    while let Some((_, above)) = held.split_once('.') {
        if listed(above) == Some((above, Section::Icann)) {
            break;
        }
        held = above;
    }
    held
}
