//! `key.wrong-curve-encoding`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::check::Context;
use crate::key::KeyAlgorithm;
use crate::read::Source;
use crate::rules::{Aspect, Evidence, Kind};

/// An EC private key spells its curve out instead of naming it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WrongCurveEncoding {
    /// The curve that the numbers are those of.
    pub curve: String,
    #[serde(skip)]
    source: Option<Source>,
}

impl Evidence for WrongCurveEncoding {
    const RULE: Rule = Rule {
        code: "key.wrong-curve-encoding",
        severity: Severity::Error,
        title: "The private key spells its curve out instead of naming it",
        why: "Keys with explicit curve parameters (`openssl ecparam -param_enc explicit`) are forbidden \
              in certificates. rustls, Go and Java do not load them, and OpenSSL's TLS does not match \
              them with any group.",
        fix: "Write the key with the curve's name: `keyway fix` does, or `openssl ec -in key.pem \
              -param_enc named_curve -out named.pem`. A certificate made with it has to be issued \
              again.",
        sources: &[
            "RFC 5480, section 2.1.1",
            "CA/B Forum Baseline Requirements, section 7.1.3.1.2",
        ],
    };
    const ASPECT: Aspect = Aspect::Serves;

    fn message(&self) -> String {
        format!(
            "The private key lists the parameters of its curve, {}, instead of its name.",
            self.curve
        )
    }

    fn source(&self) -> Option<&Source> {
        self.source.as_ref()
    }
}

pub(crate) fn check(cx: &Context<'_>, out: &mut Vec<(Option<usize>, Kind)>) {
    for held in super::judged(cx) {
        if let KeyAlgorithm::Ec {
            curve,
            explicit_parameters: true,
        } = held.key.algorithm
        {
            let evidence = WrongCurveEncoding {
                curve: curve.to_string(),
                source: held.sources.first().cloned(),
            };
            out.push((None, evidence.into()));
        }
    }
}
