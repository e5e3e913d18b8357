//! `name.idn`

use keyway_report::{Rule, Severity, escape};
use serde::Serialize;

use crate::check::{Role, Subject};
use crate::name::idn;
use crate::rules::entries::shown;
use crate::rules::{Aspect, Evidence, Kind};

/// A name is international: both its forms.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InternationalName {
    /// Subject, escaped.
    pub subject: String,
    /// The first of the entries, escaped, each with what is wrong.
    pub names: Vec<String>,
    /// How many such entries there are.
    pub count: usize,
}

impl Evidence for InternationalName {
    const RULE: Rule = Rule {
        code: "name.idn",
        severity: Severity::Notice,
        title: "A name is international",
        why: "Certificates and the DNS hold international names in ASCII, starting with xn--. \
              People read the other form, in which different letters can look alike, so here are \
              both.",
        fix: "Nothing, if it reads as you expect. Do not compare such names by eye.",
        sources: &["RFC 5890, section 2.3.2", "UTS 46"],
    };
    const ASPECT: Aspect = Aspect::Fit;

    fn message(&self) -> String {
        format!("International names: {}.", self.names.join("; "))
    }

    fn field(&self) -> Option<&'static str> {
        Some("extensions.subjectAltName")
    }
}

pub(crate) fn check(subject: &Subject<'_>, out: &mut Vec<Kind>) {
    let certificate = subject.certificate;
    if subject.role != Role::Leaf {
        return;
    }
    let names: Vec<String> = certificate
        .dns_names()
        .filter_map(|raw| std::str::from_utf8(raw).ok())
        .filter_map(idn)
        .filter_map(|name| {
            let unicode = name.unicode?;
            Some(format!(
                "{} reads {}",
                escape::text(&name.ascii),
                escape::text(&unicode)
            ))
        })
        .collect();
    if !names.is_empty() {
        out.push(
            InternationalName {
                subject: certificate.subject.short(),
                count: names.len(),
                names: shown(names),
            }
            .into(),
        );
    }
}
