//! `name.wildcard-public-suffix`

use keyway_report::{Rule, Severity, escape};
use serde::Serialize;

use crate::check::{Profile, Subject};
use crate::name::{Section, public_suffix, wildcard_on_public_suffix};
use crate::rules::entries::shown;
use crate::rules::{Aspect, Evidence, Kind};
use crate::x509::Certificate;

/// A wildcard covers everything under a public suffix.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WildcardPublicSuffix {
    /// Subject, escaped.
    pub subject: String,
    /// The first of the entries, escaped, each with what is wrong.
    pub names: Vec<String>,
    /// How many such entries there are.
    pub count: usize,
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
        sources: &["BR 3.2.2.6", "publicsuffix.org"],
    };
    const ASPECT: Aspect = Aspect::Fit;
    const PROFILES: &'static [Profile] = Profile::PUBLIC;

    fn message(&self) -> String {
        format!(
            "The certificate covers names of strangers: {}.",
            self.names.join("; ")
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
    let names: Vec<String> = certificate
        .dns_names()
        .filter_map(|raw| std::str::from_utf8(raw).ok())
        .filter_map(|pattern| fault(certificate, pattern))
        .collect();
    if !names.is_empty() {
        out.push(
            WildcardPublicSuffix {
                subject: certificate.subject.short(),
                count: names.len(),
                names: shown(names),
            }
            .into(),
        );
    }
}

fn fault(certificate: &Certificate, pattern: &str) -> Option<String> {
    let suffix = wildcard_on_public_suffix(pattern)?;
    let section = match suffix.section {
        Section::Icann => "a public suffix",
        // Whoever holds the suffix itself holds all below it.
        Section::Private if holds(certificate, &suffix.name) => return None,
        Section::Private => "a public suffix of the private section",
    };
    let (pattern, name) = (escape::text(pattern), escape::text(&suffix.name));
    Some(format!("{pattern} stands on {name}, {section}"))
}

/// Whether the certificate names a suffix of the same holder: `s3.amazonaws.com` for
/// `*.s3-accesspoint.us-east-1.amazonaws.com`.
fn holds(certificate: &Certificate, suffix: &str) -> bool {
    let holder = holder(suffix);
    let is_suffix = |name: &str| public_suffix(name).is_some_and(|own| own.name == name);
    certificate
        .dns_names()
        .filter_map(|raw| std::str::from_utf8(raw).ok())
        .map(str::to_ascii_lowercase)
        .any(|name| is_suffix(&name) && self::holder(&name) == holder)
}

/// The name directly below ICANN's suffix: `amazonaws.com` of `s3.amazonaws.com`.
fn holder(name: &str) -> &str {
    let mut held = name;
    while let Some((_, above)) = held.split_once('.') {
        let is_icann = public_suffix(above)
            .is_some_and(|own| own.section == Section::Icann && own.name == above);
        if is_icann {
            break;
        }
        held = above;
    }
    held
}
