//! `chain.malformed-name-constraints`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::check::{Profile, Role, Subject, constraint_fault, name_text};
use crate::rules::{Aspect, Evidence, Kind};
use crate::x509::oids;

/// A CA's name constraints are not written as the standard demands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MalformedNameConstraints {
    /// The CA, escaped.
    pub subject: String,
    /// What is wrong.
    pub fault: &'static str,
    /// The constraint it is about, escaped.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub constraint: Option<String>,
}

impl Evidence for MalformedNameConstraints {
    const RULE: Rule = Rule {
        code: "chain.malformed-name-constraints",
        severity: Severity::Error,
        title: "A CA's name constraints are malformed",
        why: "Clients read a malformed constraint differently: some refuse the chain, some ignore what \
              they do not understand, and then the CA can issue for names it should not.",
        fix: "Have the CA certificate issued again with well-formed constraints: DNS names without a \
              leading dot, addresses as network and mask, no minimum or maximum, at least one subtree.",
        sources: &[
            "RFC 5280, section 4.2.1.10",
            "CA/B Forum Baseline Requirements, section 7.1.2.10.8",
        ],
    };
    const ASPECT: Aspect = Aspect::Fit;
    const PROFILES: &'static [Profile] = Profile::STANDARD;

    fn message(&self) -> String {
        match &self.constraint {
            Some(constraint) => format!(
                "In the name constraints of \"{}\", {} ({constraint}).",
                self.subject, self.fault
            ),
            None => format!(
                "In the name constraints of \"{}\", {}.",
                self.subject, self.fault
            ),
        }
    }

    fn field(&self) -> Option<&'static str> {
        Some("extensions.nameConstraints")
    }
}

pub(crate) fn check(subject: &Subject<'_>, out: &mut Vec<Kind>) {
    let certificate = subject.certificate;
    if subject.role == Role::Leaf {
        return;
    }
    let Some(extension) = certificate.extensions.find(oids::NAME_CONSTRAINTS) else {
        return;
    };
    let mut blame = |fault, constraint| {
        let evidence = MalformedNameConstraints {
            subject: certificate.subject.short(),
            fault,
            constraint,
        };
        out.push(evidence.into());
    };
    let constraints = certificate.extensions.name_constraints.as_ref();
    let Some(constraints) = constraints.filter(|_| extension.readable) else {
        blame("nothing can be read", None);
        return;
    };
    let subtrees: Vec<_> = constraints
        .permitted
        .iter()
        .chain(&constraints.excluded)
        .flatten()
        .collect();
    if subtrees.is_empty() {
        blame("there is no subtree", None);
    }
    if constraints.has_bounds {
        blame("a subtree has a minimum or maximum distance", None);
    }
    // One is enough to mend the rest by.
    if let Some((base, fault)) = subtrees
        .iter()
        .find_map(|base| constraint_fault(base).map(|fault| (base, fault)))
    {
        blame(fault, Some(name_text(base)));
    }
}
