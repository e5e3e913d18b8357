//! `name.other-kinds`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::check::{Profile, Subject, name_text};
use crate::rules::entries::Entries;
use crate::rules::{Aspect, Evidence, Kind};
use crate::x509::GeneralName;

/// A public server certificate carries names that are no servers'.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OtherKinds {
    /// The entries.
    #[serde(flatten)]
    pub entries: Entries,
}

impl Evidence for OtherKinds {
    const RULE: Rule = Rule {
        code: "name.other-kinds",
        severity: Severity::Warning,
        title: "The certificate carries names that are no servers' names",
        why: "TLS clients look at DNS names and IP addresses only. Public CAs must not put e-mail \
              addresses, URIs or anything else into a server certificate, so none will renew this \
              one as it is.",
        fix: "Ask for DNS names and IP addresses only; for mail or people use another certificate.",
        sources: &["CA/B Forum Baseline Requirements, section 7.1.2.7.12"],
    };
    const ASPECT: Aspect = Aspect::Fit;
    const PROFILES: &'static [Profile] = Profile::PUBLIC;

    fn message(&self) -> String {
        format!(
            "Names that are neither DNS names nor IP addresses: {}.",
            self.entries.text()
        )
    }

    fn field(&self) -> Option<&'static str> {
        Some("extensions.subjectAltName")
    }
}

pub(crate) fn check(subject: &Subject<'_>, out: &mut Vec<Kind>) {
    if !subject.is_server_leaf() {
        return;
    }
    let is_other = |name: &&GeneralName| !matches!(name, GeneralName::Dns(_) | GeneralName::Ip(_));
    let names = subject.certificate.alt_names().iter().filter(is_other);
    let entries = Entries::of(subject.certificate, names.map(name_text).collect());
    out.extend(entries.map(|entries| Kind::from(OtherKinds { entries })));
}
