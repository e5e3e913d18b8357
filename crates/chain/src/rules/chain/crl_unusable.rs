//! `chain.crl-unusable`

use keyway_report::{Rule, Severity, escape};
use serde::Serialize;

use crate::algorithms::Outcome;
use crate::check::{Coverage, PathView};
use crate::read::Source;
use crate::rules::{Aspect, Evidence, Kind};

/// A revocation list for a certificate of the path cannot be relied on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CrlUnusable {
    /// The input that holds the list, escaped.
    pub list: String,
    /// Who issued it, escaped.
    pub issuer: String,
    /// Why not.
    pub reason: String,
    #[serde(skip)]
    source: Option<Source>,
}

impl Evidence for CrlUnusable {
    const RULE: Rule = Rule {
        code: "chain.crl-unusable",
        severity: Severity::Error,
        title: "A revocation list cannot be used",
        why: "A list that is not signed by the issuer, or is of a kind that clients cannot evaluate, \
              says nothing. Who was told to check revocation with it, and has no other list for the \
              certificate, has to refuse.",
        fix: "Fetch the list again; in an own CA, make a complete version 2 list, signed with the CA's \
              own key, whose keyUsage has cRLSign.",
        sources: &[
            "RFC 5280, sections 5.2, 5.2.1",
            "RFC 5280, section 6.3.3 (f, g)",
        ],
    };
    const ASPECT: Aspect = Aspect::Chains;

    fn source(&self) -> Option<&Source> {
        self.source.as_ref()
    }

    fn message(&self) -> String {
        format!(
            "The revocation list of \"{}\" in {} cannot be used: {}.",
            self.issuer, self.list, self.reason
        )
    }
}

pub(crate) fn check(view: &PathView<'_>, out: &mut Vec<(usize, Kind)>) {
    let mut told = Vec::new();
    for covered in view.revocation.decisive(view) {
        if told.contains(&covered.list.index) {
            continue;
        }
        let Some(reason) = reason(view, &covered) else {
            continue;
        };
        told.push(covered.list.index);
        let evidence = CrlUnusable {
            list: covered.list.input.clone(),
            source: covered.list.source.clone(),
            issuer: covered.list.issuer.short(),
            reason,
        };
        out.push((covered.position, evidence.into()));
    }
}

pub(super) fn reason(view: &PathView<'_>, covered: &Coverage<'_>) -> Option<String> {
    if let Some(error) = &covered.list.refusal {
        return Some(words(error));
    }
    match covered.signature {
        Outcome::Invalid => return Some("the issuer's key did not make its signature".to_owned()),
        Outcome::UnsupportedAlgorithm => {
            return Some("its signature algorithm is not supported".to_owned());
        }
        Outcome::Valid | Outcome::BudgetExhausted => {}
    }
    covered.fault(view).map(str::to_owned)
}

fn words(error: &webpki::Error) -> String {
    use webpki::Error as E;
    let known = match error {
        E::UnsupportedCrlVersion => "it is not version 2",
        E::UnsupportedDeltaCrl => "it is a delta list, which holds only changes",
        E::UnsupportedIndirectCrl => "it is an indirect list, with entries of other issuers",
        E::UnsupportedRevocationReasonsPartitioning => "it covers only some reasons",
        E::UnsupportedCrlIssuingDistributionPoint => "its distribution point has no full name",
        E::UnsupportedCriticalExtension => "it has a critical extension that clients do not know",
        E::UnsupportedRevocationReason => "an entry has a reason that does not exist",
        E::InvalidCrlNumber => "its CRL number is negative, too long or malformed",
        E::SignatureAlgorithmMismatch => "it names two different signature algorithms",
        E::MalformedExtensions => "its extensions are malformed",
        E::BadDer | E::BadDerTime => {
            "it lacks nextUpdate or extensions, or its encoding is not DER"
        }
        other => return escape::text(&format!("rustls-webpki says {other:?}")),
    };
    known.to_owned()
}
