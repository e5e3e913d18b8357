//! `name.internal-name`

use keyway_report::{Rule, Severity, escape};
use serde::Serialize;

use crate::check::{Profile, Subject};
use crate::name::{Internal, Presented, internal_entry, reserved_range};
use crate::rules::entries::Entries;
use crate::rules::{Aspect, Evidence, Kind};

/// A public certificate is for a name or address that only exists inside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InternalName {
    /// The entries.
    #[serde(flatten)]
    pub entries: Entries,
}

impl Evidence for InternalName {
    const RULE: Rule = Rule {
        code: "name.internal-name",
        severity: Severity::Warning,
        title: "The certificate is for a name that the public internet does not have",
        why: "Names without a dot, under .local, .internal or .lan, and private addresses belong \
              to everybody and nobody. Public CAs have not been allowed to certify them since \
              2015-11-01, so this certificate will not be renewed by one.",
        fix: "Use a name of a domain you own, or a CA of your own (profile private).",
        sources: &[
            "CA/B Forum Baseline Requirements, section 4.2.2",
            "CA/B Forum Baseline Requirements, section 7.1.2.7.12",
        ],
    };
    const ASPECT: Aspect = Aspect::Fit;
    const PROFILES: &'static [Profile] = Profile::PUBLIC;

    fn message(&self) -> String {
        format!("Internal names: {}.", self.entries.text())
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
    let names: Vec<String> = certificate.presented().iter().filter_map(reason).collect();
    let entries = Entries::of(certificate, names);
    out.extend(entries.map(|entries| Kind::from(InternalName { entries })));
}

fn reason(entry: &Presented) -> Option<String> {
    match entry {
        Presented::Dns { raw, .. } => {
            let why = match internal_entry(entry)? {
                Internal::SingleLabel => "it has one label only".to_owned(),
                Internal::SpecialUse { suffix, source } => {
                    format!(".{suffix} is set aside by {source}")
                }
                Internal::UnknownTopLevel => "its last label is no top-level domain".to_owned(),
            };
            Some(format!("{} ({why})", escape::bytes(raw)))
        }
        Presented::Ip { address, .. } => {
            let address = *address.as_ref().ok()?;
            let range = reserved_range(address)?;
            Some(format!("{address} ({}: {})", range.range, range.purpose))
        }
    }
}
