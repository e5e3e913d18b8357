//! `name.idn`

use keyway_report::{Rule, Severity, escape};
use serde::Serialize;

use crate::check::{Role, Subject};
use crate::name::idn;
use crate::rules::entries::Entries;
use crate::rules::{Aspect, Evidence, Kind};

/// A name is international: both its forms.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InternationalName {
    /// The entries.
    #[serde(flatten)]
    pub entries: Entries,
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
        format!("International names: {}.", self.entries.text())
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
    let entries = Entries::of(certificate, names);
    out.extend(entries.map(|entries| Kind::from(InternationalName { entries })));
}
