//! What several rules walk in the same way: the names of a certificate and the marks of its
//! extensions. Lists in messages are kept short: a certificate can hold thousands of entries.

use keyway_report::escape;
use serde::Serialize;

use crate::check::Subject;
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

/// Identifiers with their usual names, as far as they have one here.
pub(super) fn named(identifiers: &[String]) -> String {
    let words = identifiers.iter().map(|oid| {
        let name = NAMES.iter().find(|(known, _)| known == oid);
        name.map_or_else(|| oid.clone(), |(_, name)| format!("{name} ({oid})"))
    });
    words.collect::<Vec<_>>().join(", ")
}

/// Extensions and purposes of RFC 5280, RFC 6962 and RFC 7633, and Netscape's.
const NAMES: [(&str, &str); 28] = [
    ("2.5.29.9", "subjectDirectoryAttributes"),
    ("2.5.29.14", "subjectKeyIdentifier"),
    ("2.5.29.15", "keyUsage"),
    ("2.5.29.17", "subjectAltName"),
    ("2.5.29.18", "issuerAltName"),
    ("2.5.29.19", "basicConstraints"),
    ("2.5.29.30", "nameConstraints"),
    ("2.5.29.31", "cRLDistributionPoints"),
    ("2.5.29.32", "certificatePolicies"),
    ("2.5.29.33", "policyMappings"),
    ("2.5.29.35", "authorityKeyIdentifier"),
    ("2.5.29.36", "policyConstraints"),
    ("2.5.29.37", "extKeyUsage"),
    ("2.5.29.37.0", "anyExtendedKeyUsage"),
    ("2.5.29.46", "freshestCRL"),
    ("2.5.29.54", "inhibitAnyPolicy"),
    ("1.3.6.1.5.5.7.1.1", "authorityInfoAccess"),
    ("1.3.6.1.5.5.7.1.11", "subjectInfoAccess"),
    ("1.3.6.1.5.5.7.1.24", "tlsfeature"),
    ("1.3.6.1.4.1.11129.2.4.2", "signedCertificateTimestampList"),
    ("1.3.6.1.4.1.11129.2.4.3", "precertificate poison"),
    ("2.16.840.1.113730.1.1", "nsCertType"),
    ("1.3.6.1.5.5.7.3.1", "serverAuth"),
    ("1.3.6.1.5.5.7.3.2", "clientAuth"),
    ("1.3.6.1.5.5.7.3.3", "codeSigning"),
    ("1.3.6.1.5.5.7.3.4", "emailProtection"),
    ("1.3.6.1.5.5.7.3.8", "timeStamping"),
    ("1.3.6.1.5.5.7.3.9", "OCSPSigning"),
];

/// Extensions of a certificate that are critical, or are not, and should be the other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Marks {
    /// Subject, escaped.
    pub subject: String,
    /// Its part in the chain.
    pub part: &'static str,
    /// The extensions.
    pub extensions: Vec<&'static str>,
}

impl Marks {
    /// Those of some extensions, by identifier and name, that have this mark and are meant; `None`
    /// when there are none.
    pub(super) fn of(
        subject: &Subject<'_>,
        extensions: &[(&[u8], &'static str)],
        critical: bool,
        is_meant: impl Fn(&str) -> bool,
    ) -> Option<Self> {
        let certificate = subject.certificate;
        let has_mark = |oid: &[u8]| {
            let found = certificate.extensions.find(oid);
            found.is_some_and(|extension| extension.critical == critical)
        };
        let marked = extensions.iter().filter(|(oid, _)| has_mark(oid));
        let extensions: Vec<_> = marked
            .map(|(_, name)| *name)
            .filter(|name| is_meant(name))
            .collect();
        (!extensions.is_empty()).then(|| Self {
            subject: certificate.subject.short(),
            part: subject.part(),
            extensions,
        })
    }

    /// The certificate, what is said of its extensions, and which they are.
    pub(super) fn text(&self, what: &str) -> String {
        let extensions = self.extensions.join(", ");
        format!(
            "The {} \"{}\" {what}: {extensions}.",
            self.part, self.subject
        )
    }
}
