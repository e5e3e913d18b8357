//! `chain.bad-signature`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::algorithms::Outcome;
use crate::check::{Gap, PathView, signed_by};
use crate::report::hex;
use crate::rules::{Aspect, Evidence, Kind};
use crate::x509::{Certificate, PublicKeyAlgorithm};

/// The key of the issuer did not make the signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BadSignature {
    /// The certificate whose signature it is, escaped.
    pub subject: String,
    /// Who is said to have made it, escaped.
    pub issuer: String,
    /// Key identifier that the certificate wants its issuer to have, hexadecimal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wanted_key_id: Option<String>,
    /// Key identifier of the issuer that is there, hexadecimal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issuer_key_id: Option<String>,
    /// What must have happened.
    pub cause: BadSignatureCause,
}

/// Why a signature does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum BadSignatureCause {
    /// The issuer has the right name and another key than the certificate asks for.
    OtherKey,
    /// By its key identifier the issuer is the right one: the certificate was changed or damaged.
    Changed,
    /// The certificate does not say which key: either of the two.
    Unclear,
    /// The issuer's key is shorter than those that are verified with: nobody looked.
    KeyTooShort,
}

impl Evidence for BadSignature {
    const RULE: Rule = Rule {
        code: "chain.bad-signature",
        severity: Severity::Error,
        title: "A signature does not verify with the issuer's key",
        why: "The signature is what makes a certificate worth something. Either the issuer that was \
              given only has the same name (a CA that changed its key keeps its name), or the \
              certificate was changed after it was signed.",
        fix: "Give the issuer's certificate that belongs to this key: where the certificate says \
              (caIssuers), or from the CA. If the certificate itself is damaged, fetch it again.",
        sources: &[
            "RFC 5280, section 6.1.3 (a)(1)",
            "RFC 5280, section 4.2.1.1",
        ],
    };
    const ASPECT: Aspect = Aspect::Chains;

    fn message(&self) -> String {
        let what = format!(
            "The signature of \"{}\" was not made with the key of \"{}\"",
            self.subject, self.issuer
        );
        match self.cause {
            BadSignatureCause::OtherKey => format!(
                "{what}: it wants the issuer's key {}, and this one has {}. The issuer given has \
                 the right name and another key.",
                short(self.wanted_key_id.as_deref()),
                short(self.issuer_key_id.as_deref()),
            ),
            BadSignatureCause::Changed => format!(
                "{what}, although the key identifier is the right one: the certificate was changed \
                 or damaged after it was signed."
            ),
            BadSignatureCause::Unclear => format!(
                "{what}: another key of the same name signed it, or it was changed afterwards."
            ),
            BadSignatureCause::KeyTooShort => format!(
                "The signature of \"{}\" is not verified: the key of \"{}\" is shorter than the {SHORTEST} bits \
                 that RSA keys have to have here and in browsers. Whether that key made it is not known.",
                self.subject, self.issuer
            ),
        }
    }

    fn fix(&self) -> String {
        match self.cause {
            BadSignatureCause::KeyTooShort => {
                "Have the CA make a new key (P-256, or RSA of 2048 bits), and the certificate issued anew with it."
            }
            _ => Self::RULE.fix,
        }
        .to_owned()
    }

    fn field(&self) -> Option<&'static str> {
        Some("signatureValue")
    }
}

/// Shortest RSA key that a signature is verified with, bits (CA/B Forum Baseline Requirements, section 6.1.5).
const SHORTEST: u32 = 2048;

/// Enough of a key identifier to compare by eye.
fn short(key_id: Option<&str>) -> String {
    match key_id {
        Some(id) if id.len() > 16 => format!("{}…", &id[..16]),
        Some(id) => id.to_owned(),
        None => "(not named)".to_owned(),
    }
}

pub(crate) fn check(view: &PathView<'_>, out: &mut Vec<(usize, Kind)>) {
    for position in 0..view.len() {
        let Some(child) = view.certificate(position) else {
            continue;
        };
        if view.signature(position) == Some(Outcome::Invalid) && !has_untried(view, child) {
            let issuer = view.certificate(position + 1);
            let title = view.title(position + 1);
            out.push((position, evidence(child, &title, issuer).into()));
        }
    }
    at_the_gap(view, out);
}

/// Whether another certificate of the issuer's name was not tried before the budget was spent: its key
/// may have made the signature.
fn has_untried(view: &PathView<'_>, child: &Certificate) -> bool {
    // Until then nothing is asked, as that would spend some of it.
    let mut held = view.bundle.certificates.iter();
    view.memo.exhausted()
        && held.any(|held| {
            let issuer = &held.certificate;
            let key = crate::check::contents(issuer.spki());
            issuer.subject.der() == child.issuer.der()
                && signed_by(view.memo, child, key) == Outcome::BudgetExhausted
        })
}

/// A path that breaks off although an anchor has the name, or at a self-issued certificate that did
/// not sign itself.
fn at_the_gap(view: &PathView<'_>, out: &mut Vec<(usize, Kind)>) {
    let Some(position) = view.len().checked_sub(1) else {
        return;
    };
    let Some(last) = view.certificate(position) else {
        return;
    };
    match view.path.gap {
        Some(Gap::IssuerMissing) => {
            let anchors = view.options.anchors;
            if let Some(anchor) = anchors.named(last.issuer.der()).next() {
                let found = evidence(last, &anchors.short(anchor), anchors.certificate(anchor));
                out.push((position, found.into()));
            }
        }
        Some(Gap::UnknownRoot) => {
            let key = crate::check::contents(last.spki());
            if signed_by(view.memo, last, key) == Outcome::Invalid && !has_untried(view, last) {
                let found = evidence(last, &last.subject.short(), Some(last));
                out.push((position, found.into()));
            }
        }
        _ => {}
    }
}

fn evidence(child: &Certificate, issuer: &str, certificate: Option<&Certificate>) -> BadSignature {
    let wanted = child
        .extensions
        .authority_key_id
        .as_ref()
        .and_then(|aki| aki.key_id.as_deref());
    let there = certificate.and_then(|issuer| issuer.extensions.subject_key_id.as_deref());
    let key = certificate.map(|issuer| &issuer.public_key);
    let is_short = key.is_some_and(|key| {
        key.algorithm == PublicKeyAlgorithm::Rsa && (1..SHORTEST).contains(&key.bits)
    });
    let cause = match (wanted, there) {
        _ if is_short => BadSignatureCause::KeyTooShort,
        (Some(wanted), Some(there)) if wanted == there => BadSignatureCause::Changed,
        (Some(_), Some(_)) => BadSignatureCause::OtherKey,
        _ => BadSignatureCause::Unclear,
    };
    BadSignature {
        subject: child.subject.short(),
        issuer: issuer.to_owned(),
        wanted_key_id: wanted.map(hex),
        issuer_key_id: there.map(hex),
        cause,
    }
}
