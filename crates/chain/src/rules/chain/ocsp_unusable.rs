//! `chain.ocsp-unusable`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::check::{PathView, Standing, words};
use crate::read::Source;
use crate::rules::{Aspect, Evidence, Kind};

/// An OCSP response says nothing that can be relied on about a certificate of the path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OcspUnusable {
    /// The input that holds the response, escaped.
    pub response: String,
    /// Why not.
    pub reason: String,
    #[serde(skip)]
    source: Option<Source>,
}

impl Evidence for OcspUnusable {
    const RULE: Rule = Rule {
        code: "chain.ocsp-unusable",
        severity: Severity::Error,
        title: "An OCSP response cannot be used",
        why: "A response that is over, is about another certificate or is not signed by its issuer says \
              nothing, and a client that looks at what a server staples refuses the connection.",
        fix: "Ask the responder that the certificate names for a new one (`openssl ocsp -respout`), as often \
              as its nextUpdate demands, or within ten days where it has none; or staple none.",
        sources: &[
            "RFC 6960, sections 3.2, 4.2.2.1, 4.2.2.2",
            "RFC 6066, section 8",
            "CA/B Forum Baseline Requirements, section 4.9.10",
        ],
    };
    const ASPECT: Aspect = Aspect::Chains;

    fn source(&self) -> Option<&Source> {
        self.source.as_ref()
    }

    fn message(&self) -> String {
        format!(
            "The OCSP response in {} cannot be used: {}.",
            self.response, self.reason
        )
    }
}

pub(crate) fn check(view: &PathView<'_>, out: &mut Vec<(usize, Kind)>) {
    for word in words(view) {
        if let Standing::Unusable(reason) = word.standing {
            let evidence = OcspUnusable {
                response: word.input,
                reason,
                source: word.held.sources.first().cloned(),
            };
            out.push((word.position, evidence.into()));
        }
    }
}
