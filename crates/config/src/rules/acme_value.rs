//! `config.acme-value`

use std::collections::BTreeSet;

use keyway_report::{Evidence, Rule, Severity, escape};
use serde::Serialize;

use crate::check::Examination;
use crate::hostname::is_domain;
use crate::model::AcmeChallenge;

/// A value in `tls.acme` is none that a CA takes, or is there twice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AcmeValue {
    /// The field.
    pub field: &'static str,
    /// What is written, escaped.
    pub value: String,
    /// What is wrong with it.
    pub wrong: WrongValue,
}

/// What is wrong with a value for a CA.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum WrongValue {
    /// It is no URL.
    NoUrl,
    /// It is no URL of one mailbox.
    NoMailbox,
    /// It is there twice.
    Twice,
}

impl Evidence for AcmeValue {
    const RULE: Rule = Rule {
        code: "config.acme-value",
        severity: Severity::Error,
        title: "A value in `tls.acme` is none that a CA takes, or is there twice",
        why: "A CA refuses an account whose contact is no URL, or a `mailto:` of several mailboxes or with a subject; what is written twice was probably meant to be something else.",
        fix: "Write a contact as `mailto:somebody@example.com`, each in a text of its own, and each challenge once.",
        sources: &["RFC 8555, section 7.3", "RFC 6068, section 2"],
    };

    fn message(&self) -> String {
        let wrong = match self.wrong {
            WrongValue::NoUrl => "is no URL",
            WrongValue::NoMailbox => "is no URL of one mailbox",
            WrongValue::Twice => "is there twice",
        };
        format!("`{}` holds \"{}\", which {wrong}.", self.field, self.value)
    }

    fn fix(&self) -> String {
        match self.wrong {
            WrongValue::NoUrl if is_mailbox(&self.value) => {
                format!("Write `mailto:{}`.", self.value)
            }
            WrongValue::NoUrl | WrongValue::NoMailbox => {
                "Write `mailto:somebody@example.com`, each mailbox in a text of its own.".to_owned()
            }
            WrongValue::Twice => "Write it once.".to_owned(),
        }
    }
}

const CONTACT: &str = "tls.acme.contact";
const CHALLENGES: &str = "tls.acme.challenges";

pub(super) fn check(on: &mut Examination<'_>) {
    let acme = &on.draft.service.tls.acme;
    let mut wrong = Vec::new();
    let mut seen = BTreeSet::new();
    for text in acme.contact.iter() {
        let fault = fault(text).or_else(|| (!seen.insert(text)).then_some(WrongValue::Twice));
        wrong.extend(fault.map(|fault| (CONTACT, escape::text(text), fault)));
    }
    let mut seen = BTreeSet::new();
    for way in &acme.challenges {
        if !seen.insert(word(*way)) {
            wrong.push((CHALLENGES, word(*way).to_owned(), WrongValue::Twice));
        }
    }
    for (field, value, wrong) in wrong {
        let evidence = AcmeValue {
            field,
            value,
            wrong,
        };
        on.found(field, evidence);
    }
}

/// What a CA has against a contact. Other schemes than `mailto` are up to it.
fn fault(contact: &str) -> Option<WrongValue> {
    let is_scheme = |scheme: &str| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
    };
    match contact.split_once(':') {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("mailto") => {
            (!is_mailbox(rest)).then_some(WrongValue::NoMailbox)
        }
        Some((scheme, rest)) if is_scheme(scheme) && !rest.is_empty() => None,
        _ => Some(WrongValue::NoUrl),
    }
}

/// Whether a text is one mailbox, as mail goes to it over the Internet.
fn is_mailbox(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else {
        return false;
    };
    let is_plain = |c: char| c.is_ascii_graphic() && !"@,?&:;<>()[]\"\\".contains(c);
    !local.is_empty() && local.chars().all(is_plain) && is_domain(domain)
}

fn word(way: AcmeChallenge) -> &'static str {
    match way {
        AcmeChallenge::Http01 => "http-01",
        AcmeChallenge::TlsAlpn01 => "tls-alpn-01",
        AcmeChallenge::Dns01 => "dns-01",
    }
}
