//! `policy.aki-without-key-id`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::check::{Profile, Subject};
use crate::rules::{Aspect, Evidence, Kind};

/// The authorityKeyIdentifier has no keyIdentifier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AkiWithoutKeyId {
    /// Subject, escaped.
    pub subject: String,
    /// Its part in the chain.
    pub part: &'static str,
}

impl Evidence for AkiWithoutKeyId {
    const RULE: Rule = Rule {
        code: "policy.aki-without-key-id",
        severity: Severity::Error,
        title: "An authority key identifier lacks the key identifier",
        why: "The extension may also name issuer and serial number, but the key identifier is \
              what clients compare. RFC 5280 requires it in certificates that another one issued, \
              and the rules for public CAs in roots too.",
        fix: "Have it issued again with the keyIdentifier of the issuer (openssl: \
              authorityKeyIdentifier=keyid).",
        sources: &[
            "RFC 5280, section 4.2.1.1",
            "CA/B Forum Baseline Requirements, section 7.1.2.1.3",
            "CA/B Forum Baseline Requirements, section 7.1.2.11.1",
        ],
    };
    const ASPECT: Aspect = Aspect::Fit;
    const PROFILES: &'static [Profile] = Profile::STANDARD;

    fn message(&self) -> String {
        format!(
            "The authorityKeyIdentifier of the {} \"{}\" has no keyIdentifier.",
            self.part, self.subject
        )
    }

    fn field(&self) -> Option<&'static str> {
        Some("extensions.authorityKeyIdentifier")
    }
}

pub(crate) fn check(subject: &Subject<'_>, out: &mut Vec<Kind>) {
    let certificate = subject.certificate;
    let Some(aki) = &certificate.extensions.authority_key_id else {
        return;
    };
    let is_judged = !certificate.is_self_issued() || subject.options.profile == Profile::Webpki;
    if aki.key_id.is_none() && is_judged {
        out.push(
            AkiWithoutKeyId {
                subject: certificate.subject.short(),
                part: subject.part(),
            }
            .into(),
        );
    }
}
