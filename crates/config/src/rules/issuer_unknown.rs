//! `config.issuer-unknown`

use keyway_report::spelling::distance;
use keyway_report::{Evidence, Rule, Severity, escape};
use serde::Serialize;

use crate::check::Examination;
use crate::hostname;
use crate::model::ISSUERS;

/// Nobody issues certificates there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct IssuerUnknown {
    /// What is written, escaped, without a user and a password in front.
    pub issuer: String,
    /// The word that was probably meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub meant: Option<&'static str>,
}

impl Evidence for IssuerUnknown {
    const RULE: Rule = Rule {
        code: "config.issuer-unknown",
        severity: Severity::Error,
        title: "Nobody issues certificates there",
        why: "A managed certificate is asked for at an ACME directory: one that has a word here, or one at a URL with https, over which ACME is always spoken.",
        fix: "Write `letsencrypt`, `letsencrypt-staging` or `local`, or the URL of the directory: `https://acme.example.com/directory`.",
        sources: &["RFC 8555, sections 6.1 and 7.1.1"],
    };

    fn message(&self) -> String {
        format!(
            "`tls.issuer` is \"{}\", which is no word for an issuer, and no URL with https.",
            self.issuer
        )
    }

    fn fix(&self) -> String {
        match self.meant {
            Some(word) => format!("Did you mean `{word}`?"),
            None => Self::RULE.fix.to_owned(),
        }
    }
}

/// Letters of a word that may be wrong, and it is still taken for the one that was meant.
const MOST_SLIPS: usize = 2;

pub(super) fn check(on: &mut Examination<'_>) {
    let Some(issuer) = &on.draft.service.tls.issuer else {
        return;
    };
    let mut words = ISSUERS.iter().map(|(word, _)| *word);
    if words.any(|word| word == issuer) || is_directory(issuer) {
        return;
    }
    let lower = issuer.to_ascii_lowercase();
    let ranked = ISSUERS
        .iter()
        .map(|(word, _)| (distance(&lower, word), *word));
    let nearest = ranked.min().filter(|(far, _)| *far <= MOST_SLIPS);
    let evidence = IssuerUnknown {
        issuer: escape::text(&hostname::without_user(issuer)),
        meant: nearest.map(|(_, word)| word),
    };
    on.found("tls.issuer", evidence);
}

/// Whether a text is a URL with https, a host, and perhaps a port. A user in front is told of by
/// `config.secret-inline`.
fn is_directory(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once("://") else {
        return false;
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let authority = authority.rsplit('@').next().unwrap_or_default();
    scheme.eq_ignore_ascii_case("https")
        && hostname::is_authority(authority, false)
        && !rest.contains(char::is_whitespace)
}
