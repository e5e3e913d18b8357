//! `name.internal-name`

use keyway_report::{Rule, Severity, escape};
use serde::Serialize;

use crate::check::{Profile, Subject};
use crate::name::{Internal, Presented, internal_entry, reserved_range};
use crate::rules::entries::shown;
use crate::rules::{Aspect, Evidence, Kind};

/// A public certificate is for a name or address that only exists inside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InternalName {
    /// Subject, escaped.
    pub subject: String,
    /// The first of the entries, escaped, each with what is wrong.
    pub names: Vec<String>,
    /// How many such entries there are.
    pub count: usize,
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
        sources: &["BR 4.2.2", "BR 7.1.2.7.12"],
    };
    const ASPECT: Aspect = Aspect::Fit;
    const PROFILES: &'static [Profile] = Profile::PUBLIC;

    fn message(&self) -> String {
        format!("Internal names: {}.", self.names.join("; "))
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
    if !names.is_empty() {
        out.push(
            InternalName {
                subject: certificate.subject.short(),
                count: names.len(),
                names: shown(names),
            }
            .into(),
        );
    }
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
