//! `chain.name-constraints`

use std::collections::BTreeSet;

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::check::{Cover, PathView, excludes, name_text, permits};
use crate::rules::{Aspect, Evidence, Kind};
use crate::x509::{Certificate, GeneralName, NameConstraints as Constraints};

/// A CA may not issue certificates for a name that one below it carries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NameConstraints {
    /// The CA, escaped.
    pub issuer: String,
    /// The certificate that carries the name, escaped.
    pub subject: String,
    /// The name, escaped.
    pub name: String,
    /// The constraint that excludes it; absent when it is in none of the permitted ones.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub excluded_by: Option<String>,
    /// What is permitted of this kind of name, escaped.
    pub permitted: Vec<String>,
    /// Whether the two could not be compared, and so have to be refused.
    pub not_comparable: bool,
    /// Whether the name is a wildcard, and only some of what it stands for is excluded.
    pub partly: bool,
    /// Whether it is an address, and only addresses of the other family are permitted.
    #[serde(skip)]
    pub other_family: bool,
}

/// Most names that one pair of CA and certificate is blamed for, and most constraints listed: one is
/// enough to refuse it.
const MAX_BLAMED: usize = 4;

/// Most comparisons on one path, as rustls-webpki allows (`Budget::name_constraint_comparisons`,
/// after Go's `crypto/x509`).
pub(super) const MAX_COMPARISONS: usize = 250_000;

impl Evidence for NameConstraints {
    const RULE: Rule = Rule {
        code: "chain.name-constraints",
        severity: Severity::Error,
        title: "A CA is not allowed to issue for this name",
        why: "A CA certificate can be limited to some names, typically those of one organisation. \
              Clients refuse everything below it that carries another name.",
        fix: "Have the certificate issued by a CA that may, or without that name.",
        sources: &[
            "RFC 5280, section 4.2.1.10",
            "RFC 5280, section 6.1.3 (b, c)",
        ],
    };
    const ASPECT: Aspect = Aspect::Chains;

    fn message(&self) -> String {
        let why = match &self.excluded_by {
            Some(base) if self.not_comparable => {
                format!("has a constraint ({base}) that cannot be compared with it")
            }
            Some(base) if self.partly => {
                format!("excludes {base}, which is one of the names that the wildcard stands for")
            }
            Some(base) => format!("excludes {base}"),
            None => format!("only permits {}", self.permitted.join(", ")),
        };
        format!(
            "\"{}\" carries {}, but \"{}\" {why}.",
            self.subject, self.name, self.issuer
        )
    }

    fn field(&self) -> Option<&'static str> {
        Some("extensions.nameConstraints")
    }
}

pub(crate) fn check(view: &PathView<'_>, out: &mut Vec<(usize, Kind)>) {
    let mut comparisons = MAX_COMPARISONS;
    for above in view.issuers() {
        let listed = view.constraints(above);
        let Some(constraints) = listed.as_ref() else {
            continue;
        };
        for below in 0..above {
            let Some(certificate) = view.certificate(below) else {
                continue;
            };
            // A CA that certifies itself anew is not bound by its own constraints.
            if below > 0 && certificate.is_self_issued() {
                continue;
            }
            for violation in violations(constraints, certificate, &mut comparisons) {
                let evidence = NameConstraints {
                    issuer: view.title(above),
                    subject: certificate.subject.short(),
                    ..violation
                };
                out.push((below, evidence.into()));
            }
        }
    }
}

/// The names of a certificate that constraints above it exclude.
pub(super) fn violations(
    constraints: &Constraints,
    certificate: &Certificate,
    comparisons: &mut usize,
) -> Vec<NameConstraints> {
    let subject = (!certificate.subject.is_empty())
        .then(|| GeneralName::Directory(certificate.subject.clone()));
    let mut blamed = Vec::new();
    let mut seen = BTreeSet::new();
    for name in certificate.alt_names().iter().chain(&subject) {
        if blamed.len() == MAX_BLAMED {
            break;
        }
        let found = excluded(constraints, name, comparisons)
            .or_else(|| not_permitted(constraints, name, comparisons));
        blamed.extend(found.filter(|violation| seen.insert(violation.name.clone())));
    }
    blamed
}

fn excluded(
    constraints: &Constraints,
    name: &GeneralName,
    comparisons: &mut usize,
) -> Option<NameConstraints> {
    let bases = constraints.excluded.as_deref().unwrap_or_default();
    bases.iter().find_map(|base| {
        *comparisons = comparisons.checked_sub(1)?;
        let cover = excludes(base, name);
        let is_hit = matches!(cover, Cover::Inside | Cover::Partly | Cover::Unclear);
        is_hit.then(|| NameConstraints {
            excluded_by: Some(name_text(base)),
            not_comparable: cover == Cover::Unclear,
            partly: cover == Cover::Partly,
            ..blank(name)
        })
    })
}

fn not_permitted(
    constraints: &Constraints,
    name: &GeneralName,
    comparisons: &mut usize,
) -> Option<NameConstraints> {
    let bases = constraints.permitted.as_deref().unwrap_or_default();
    let mut permitted = Vec::new();
    for base in bases {
        *comparisons = comparisons.checked_sub(1)?;
        match permits(base, name) {
            Cover::OtherKind => {}
            Cover::Inside => return None,
            Cover::Outside | Cover::Partly => permitted.push(base),
            Cover::Unclear => {
                return Some(NameConstraints {
                    excluded_by: Some(name_text(base)),
                    not_comparable: true,
                    ..blank(name)
                });
            }
        }
    }
    (!permitted.is_empty()).then(|| NameConstraints {
        other_family: permitted.iter().all(|base| is_of_other_family(base, name)),
        permitted: permitted
            .into_iter()
            .take(MAX_BLAMED)
            .map(name_text)
            .collect(),
        ..blank(name)
    })
}

/// Whether a well-formed constraint is about addresses of the family that an address is not of.
fn is_of_other_family(base: &GeneralName, name: &GeneralName) -> bool {
    match (base, name) {
        (GeneralName::Ip(base), GeneralName::Ip(name)) => base.len() != 2 * name.len(),
        _ => false,
    }
}

fn blank(name: &GeneralName) -> NameConstraints {
    NameConstraints {
        issuer: String::new(),
        subject: String::new(),
        name: name_text(name),
        excluded_by: None,
        permitted: Vec::new(),
        not_comparable: false,
        partly: false,
        other_family: false,
    }
}
