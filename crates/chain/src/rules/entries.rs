//! What several rules walk in the same way: the names of a certificate and the marks of its
//! extensions. Lists in messages are kept short: a certificate can hold thousands of entries.

use keyway_report::escape;
use serde::Serialize;

use crate::name::PatternFault;
use crate::x509::Certificate;

/// Entries that a message shows; the rest would not help a reader.
const MAX_SHOWN: usize = 8;

/// Entries of subjectAltName that a rule speaks of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Entries {
    /// Subject, escaped.
    pub subject: String,
    /// The first of the entries, escaped, each with what there is to say of it.
    pub names: Vec<String>,
    /// How many such entries there are.
    pub count: usize,
}

impl Entries {
    /// Those that a rule has found, as escaped texts; `None` when there are none.
    pub(super) fn of(certificate: &Certificate, found: Vec<String>) -> Option<Self> {
        (!found.is_empty()).then(|| Self {
            subject: certificate.subject.short(),
            count: found.len(),
            names: shown(found),
        })
    }

    /// Those with a fault that clients tolerate, each with the fault.
    pub(super) fn tolerated(
        certificate: &Certificate,
        is_meant: fn(&PatternFault) -> bool,
    ) -> Option<Self> {
        let presented = certificate.presented().iter();
        let found = presented
            .filter_map(crate::name::Presented::pattern)
            .flat_map(|pattern| {
                let faults = pattern.tolerated().into_iter().filter(is_meant);
                faults.map(move |fault| format!("{}: {fault}", escape::text(&pattern.to_string())))
            });
        Self::of(certificate, found.collect())
    }

    /// The entries in one line; how many more there are.
    pub(super) fn text(&self) -> String {
        let listed = self.names.join("; ");
        match self.count - self.names.len() {
            0 => listed,
            more => format!("{listed}; and {more} more"),
        }
    }
}

/// The first few of the entries that a rule speaks of.
pub(super) fn shown(mut entries: Vec<String>) -> Vec<String> {
    entries.truncate(MAX_SHOWN);
    entries
}

/// The first few of these identifiers as text, each cut like any untrusted text.
pub(super) fn identifiers<T: ToString>(all: impl Iterator<Item = T>) -> Vec<String> {
    all.take(MAX_SHOWN)
        .map(|oid| escape::text(&oid.to_string()))
        .collect()
}

/// Those of some extensions, by identifier and name, that a certificate has with this mark.
pub(super) fn marked(
    certificate: &Certificate,
    extensions: &[(&[u8], &'static str)],
    critical: bool,
) -> Vec<&'static str> {
    let has_mark = |oid: &[u8]| {
        let found = certificate.extensions.find(oid);
        found.is_some_and(|extension| extension.critical == critical)
    };
    let marked = extensions.iter().filter(|(oid, _)| has_mark(oid));
    marked.map(|(_, name)| *name).collect()
}
