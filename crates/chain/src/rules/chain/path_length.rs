//! `chain.path-length`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::check::PathView;
use crate::rules::{Aspect, Evidence, Kind};

/// More intermediates than somebody allows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PathLength {
    /// The certificate whose pathLenConstraint it is, escaped; absent when the limit is not one of a
    /// certificate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
    /// Whose limit it is.
    pub limit_of: LimitOf,
    /// Intermediates allowed.
    pub allowed: usize,
    /// Intermediates there are.
    pub found: usize,
}

/// Where a limit on the number of intermediates comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum LimitOf {
    /// `pathLenConstraint` of a CA certificate.
    Certificate,
    /// The limit that this check was asked to apply.
    Asked,
    /// The most that rustls-webpki builds.
    Verifier,
}

/// `MAX_SUB_CA_COUNT` in rustls-webpki's `verify_cert.rs`.
const MAX_SUB_CA_COUNT: usize = 6;

impl Evidence for PathLength {
    const RULE: Rule = Rule {
        code: "chain.path-length",
        severity: Severity::Error,
        title: "There are more intermediates than allowed",
        why: "A CA certificate may say how many intermediates can follow it; clients refuse a chain \
              that has more, save that Java does not ask a root. Self-issued certificates do not count \
              in the standard; rustls-webpki counts them. Two limits are in no certificate: \
              rustls-webpki builds at most six intermediates, where curl, Python, Go, Java and GnuTLS \
              build more; and a limit that this check was asked to apply is one that no client here \
              has.",
        fix: "Have the certificate issued by a CA nearer to the root, or use another path; where the \
              limit was asked for (`--max-intermediates`), ask for a higher one.",
        sources: &[
            "RFC 5280, section 4.2.1.9",
            "RFC 5280, section 6.1.4 (l, m)",
        ],
    };
    const ASPECT: Aspect = Aspect::Chains;

    fn message(&self) -> String {
        let found = match self.found {
            1 => "1 intermediate follows".to_owned(),
            found => format!("{found} intermediates follow"),
        };
        match (self.limit_of, &self.issuer) {
            (LimitOf::Certificate, Some(issuer)) if self.allowed == 0 => {
                format!("\"{issuer}\" allows no intermediate below it; {found}.")
            }
            (LimitOf::Certificate, Some(issuer)) => format!(
                "\"{issuer}\" allows at most {} intermediates below it; {found}.",
                self.allowed
            ),
            (LimitOf::Verifier, _) => format!(
                "{} intermediates: rustls-webpki builds at most {}, whatever limit is asked for.",
                self.found, self.allowed
            ),
            _ => format!(
                "At most {} intermediates were asked for; the chain has {}.",
                self.allowed, self.found
            ),
        }
    }

    fn field(&self) -> Option<&'static str> {
        (self.limit_of == LimitOf::Certificate).then_some("extensions.basicConstraints")
    }
}

pub(crate) fn check(view: &PathView<'_>, out: &mut Vec<(usize, Kind)>) {
    for position in view.issuers() {
        let limit = view
            .certificate(position)
            .and_then(|issuer| issuer.extensions.basic_constraints)
            .filter(|constraints| constraints.ca)
            .and_then(|constraints| usize::try_from(constraints.path_len?).ok());
        let Some(allowed) = limit else { continue };
        let found = view.counted_below(position);
        if found > allowed {
            let issuer = Some(view.title(position));
            push(out, position, issuer, LimitOf::Certificate, allowed, found);
        }
    }
    // A path that breaks off has no last intermediate yet.
    if view.path.gap.is_some() {
        return;
    }
    let anchor = view.len().saturating_sub(1);
    let found = view.counted_below(anchor);
    if let Some(allowed) = view.options.max_intermediates.map(usize::from)
        && found > allowed
    {
        push(out, 0, None, LimitOf::Asked, allowed, found);
    }
    let all = anchor.saturating_sub(1);
    if all > MAX_SUB_CA_COUNT {
        push(out, 0, None, LimitOf::Verifier, MAX_SUB_CA_COUNT, all);
    }
}

fn push(
    out: &mut Vec<(usize, Kind)>,
    position: usize,
    issuer: Option<String>,
    limit_of: LimitOf,
    allowed: usize,
    found: usize,
) {
    let evidence = PathLength {
        issuer,
        limit_of,
        allowed,
        found,
    };
    out.push((position, evidence.into()));
}
