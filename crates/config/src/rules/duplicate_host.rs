//! `config.duplicate-host`

use std::collections::{BTreeMap, BTreeSet};

use keyway_report::{Evidence, Rule, Severity, escape};
use serde::Serialize;

use crate::check::Examination;
use crate::hostname::plain;
use crate::model::{Listed, Material};

/// Most certificates of a host: one with an RSA key for who verifies nothing else, and one that costs less.
const MOST: usize = 2;

/// A host has more certificates than a server can choose between.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DuplicateHost {
    /// The host, escaped.
    pub host: String,
    /// The kind of key that two of its certificates have; absent where the file by itself names it too often.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
}

/// Two certificates for one host with keys of one kind. Who reads the files says so
/// ([`crate::Surroundings::doubled`]).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SameKind {
    /// The later of the two, by its place in `tls.certificates`.
    pub index: usize,
    /// The host, escaped.
    pub host: String,
    /// The kind, as `RSA`.
    pub kind: &'static str,
}

impl Evidence for DuplicateHost {
    const RULE: Rule = Rule {
        code: "config.duplicate-host",
        severity: Severity::Error,
        title: "Two certificates are for one host",
        why: "Which of them a client sees would be left to the order of lines, and a renewed one may never be served. Two with keys of different kinds, RSA and ECDSA, are chosen by what a client verifies.",
        fix: "Keep one certificate for each host, or one for each kind of key.",
        sources: &["RFC 6066, section 3", "RFC 8446, section 4.4.2.2"],
    };

    fn message(&self) -> String {
        match &self.kind {
            None => format!("{} is named too often.", self.host),
            Some(kind) => format!(
                "{} has two certificates with {kind} keys: the later one is never served.",
                self.host
            ),
        }
    }
}

/// A set of hosts, the field that names them, and the certificate that is for them.
type Set<'s> = (String, &'s Listed, Option<&'s Material>);

pub(super) fn check(on: &mut Examination<'_>) {
    let service = &on.draft.service;
    let tls = &service.tls;
    let own = tls.certificates.iter().enumerate();
    let own = own.map(|(index, own)| -> Set<'_> {
        let field = format!("tls.certificates[{index}].host");
        (field, &own.host, Some(&own.certificate))
    });
    let first: Set<'_> = ("host".to_owned(), &service.host, tls.certificate.as_ref());
    // Without a certificate for them, the hosts of the service are those of the others.
    let has_first = tls.certificate.is_some() || tls.key.is_some() || tls.certificates.is_empty();
    let mut seen: BTreeMap<String, Vec<Option<&Material>>> = BTreeMap::new();
    let mut doubled = Vec::new();
    for (field, hosts, certificate) in std::iter::once(first).chain(own) {
        let mut here = BTreeSet::new();
        for host in hosts.iter() {
            let name = plain(host);
            let before = seen.entry(name.clone()).or_default();
            if !here.insert(name) || before.len() >= MOST || before.contains(&certificate) {
                doubled.push((field.clone(), escape::text(host)));
            } else {
                before.push(certificate);
            }
        }
        if field == "host" && !has_first {
            seen.clear();
        }
    }
    for (field, host) in doubled {
        on.found(&field, DuplicateHost { host, kind: None });
    }
    for SameKind { index, host, kind } in on.around.doubled {
        let host = host.clone();
        let kind = Some((*kind).to_owned());
        on.found(
            &format!("tls.certificates[{index}].certificate"),
            DuplicateHost { host, kind },
        );
    }
}
