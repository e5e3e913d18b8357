//! `policy.unknown-critical`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::check::{Role, Subject};
use crate::rules::entries::{identifiers, named};
use crate::rules::{Aspect, Evidence, Kind};
use crate::x509::{Oid, oids};

/// A critical extension is none that the verifier processes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UnknownCritical {
    /// Subject, escaped.
    pub subject: String,
    /// Its part in the chain.
    pub part: &'static str,
    /// Object identifiers of the extensions.
    pub unknown: Vec<String>,
}

impl Evidence for UnknownCritical {
    const RULE: Rule = Rule {
        code: "policy.unknown-critical",
        severity: Severity::Error,
        title: "A critical extension is unknown",
        why: "Critical means: whoever does not understand this must refuse the certificate. \
              rustls processes key usage, names, basic and name constraints, CRL distribution \
              points and extended key usage; most others also know what there is about policies: \
              policyConstraints and inhibitAnyPolicy, which the standard wants critical, make a CA \
              that rustls refuses and curl accepts.",
        fix: "Have it issued again without that extension, or with it not critical. \
              policyConstraints and inhibitAnyPolicy have to be critical: for clients with rustls \
              use a CA without them.",
        sources: &[
            "RFC 5280, sections 4.2, 4.2.1.11, 4.2.1.14",
            "rustls-webpki: remember_cert_extension",
        ],
    };
    const ASPECT: Aspect = Aspect::Fit;

    fn message(&self) -> String {
        format!(
            "The {} \"{}\" has critical extensions that are not processed: {}.",
            self.part,
            self.subject,
            named(&self.unknown)
        )
    }

    fn fix(&self) -> String {
        let is_demanded = |oid: &String| CRITICAL_BY_STANDARD.contains(&oid.as_str());
        let (demanded, others): (Vec<String>, Vec<String>) =
            self.unknown.iter().cloned().partition(is_demanded);
        let again = "Have it issued again with that extension not critical, or without it";
        if demanded.is_empty() {
            return format!("{again}.");
        }
        let keep = format!(
            "{} must stay critical (RFC 5280), and rustls-webpki does not know it: for clients with \
             rustls use a CA without it, for others nothing has to change",
            named(&demanded)
        );
        if others.is_empty() {
            format!("{keep}.")
        } else {
            format!("{again}: {}. {keep}.", named(&others))
        }
    }

    fn field(&self) -> Option<&'static str> {
        Some("extensions")
    }
}

/// What RFC 5280 wants critical and rustls-webpki does not process: policyConstraints (4.2.1.11) and
/// inhibitAnyPolicy (4.2.1.14).
const CRITICAL_BY_STANDARD: [&str; 2] = ["2.5.29.36", "2.5.29.54"];

pub(crate) fn check(subject: &Subject<'_>, out: &mut Vec<Kind>) {
    let certificate = subject.certificate;
    let all = certificate.extensions.all.iter();
    let unknown = all
        .filter(|extension| extension.critical && !is_processed(subject.role, &extension.oid))
        .map(|extension| &extension.oid);
    let unknown = identifiers(unknown);
    if !unknown.is_empty() {
        out.push(
            UnknownCritical {
                subject: certificate.subject.short(),
                part: subject.part(),
                unknown,
            }
            .into(),
        );
    }
}

/// Of a root only the name and the key matter to most, so there whatever RFC 5280 defines is known.
fn is_processed(role: Role, oid: &Oid) -> bool {
    let is_one_of = |list: &[&[u8]]| list.iter().any(|known| oid.is(known));
    // A precertificate has a rule of its own.
    is_one_of(&BY_VERIFIER) || oid.is(oids::CT_POISON) || role == Role::Root && is_one_of(&BY_NAME)
}

const BY_VERIFIER: [&[u8]; 7] = [
    oids::KEY_USAGE,
    oids::SUBJECT_ALT_NAME,
    oids::BASIC_CONSTRAINTS,
    oids::NAME_CONSTRAINTS,
    oids::CRL_DISTRIBUTION_POINTS,
    oids::EXTENDED_KEY_USAGE,
    oids::SCT_LIST,
];

const BY_NAME: [&[u8]; 8] = [
    oids::SUBJECT_KEY_ID,
    oids::AUTHORITY_KEY_ID,
    oids::AUTHORITY_INFO_ACCESS,
    oids::ISSUER_ALT_NAME,
    oids::CERTIFICATE_POLICIES,
    oids::POLICY_MAPPINGS,
    oids::POLICY_CONSTRAINTS,
    oids::INHIBIT_ANY_POLICY,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_told_to_make_that_not_critical_which_has_to_be() {
        let fix = |unknown: &[&str]| {
            let evidence = UnknownCritical {
                subject: String::new(),
                part: "intermediate",
                unknown: unknown.iter().map(|&oid| oid.to_owned()).collect(),
            };
            evidence.fix()
        };
        assert!(fix(&["1.2.3.4"]).contains("not critical"));
        for oid in CRITICAL_BY_STANDARD {
            let said = fix(&[oid]);
            assert!(!said.contains("not critical"), "{said}");
            assert!(said.contains("must stay critical"), "{said}");
            assert!(said.contains("rustls-webpki"), "{said}");
            assert!(fix(&["1.2.3.4", oid]).contains("not critical, or without it: 1.2.3.4."));
        }
    }
}
