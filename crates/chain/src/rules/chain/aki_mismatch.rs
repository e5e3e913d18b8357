//! `chain.aki-mismatch`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::algorithms::Outcome;
use crate::check::{Node, PathView};
use crate::report::hex;
use crate::rules::{Aspect, Evidence, Kind};
use crate::x509::{AuthorityKeyId, Certificate, hexadecimal_number};

/// The authorityKeyIdentifier names another key or certificate than that of the issuer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AkiMismatch {
    /// The certificate that names its issuer, escaped.
    pub subject: String,
    /// The issuer whose key made its signature, escaped.
    pub issuer: String,
    /// What is compared.
    pub compares: Compared,
    /// What the certificate wants: hexadecimal, or a name, escaped.
    pub wanted: String,
    /// What the issuer's certificate has.
    pub found: String,
}

/// What of an issuer an authorityKeyIdentifier names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Compared {
    /// keyIdentifier and the issuer's subjectKeyIdentifier.
    KeyIdentifier,
    /// authorityCertSerialNumber and the issuer's serial number.
    SerialNumber,
    /// authorityCertIssuer and who issued the issuer's certificate.
    Issuer,
}

impl Evidence for AkiMismatch {
    const RULE: Rule = Rule {
        code: "chain.aki-mismatch",
        severity: Severity::Error,
        title: "A certificate asks for another issuer than the one that signed it",
        why: "OpenSSL and GnuTLS pass over an issuer whose identifier is not the one that the \
              certificate names, and then find none: curl, Python and most servers report \"unable \
              to get local issuer certificate\". Go, rustls and browsers go by the signature, so it \
              works there. Mostly the CA's certificate was made anew, with another identifier or \
              serial number.",
        fix: "Give the CA's certificate with the identifier that is asked for, or have the certificate \
              issued again by the CA as it is now. In an own CA: subjectKeyIdentifier=hash in the CA, \
              authorityKeyIdentifier=keyid in what it issues.",
        sources: &[
            "RFC 5280, section 4.2.1.1",
            "RFC 5280, section 4.2.1.2",
            "CA/B Forum Baseline Requirements, section 7.1.2.11.1",
            "OpenSSL: X509_check_issued(3)",
        ],
    };
    const ASPECT: Aspect = Aspect::Chains;

    fn message(&self) -> String {
        let (wants, has) = match self.compares {
            Compared::KeyIdentifier => ("the key identifier", "the one"),
            Compared::SerialNumber => ("a certificate with the serial number", "the number"),
            Compared::Issuer => ("a certificate issued by", "one by"),
        };
        format!(
            "\"{}\" wants its issuer to have {wants} {}; \"{}\", whose key signed it, has {has} {}.",
            self.subject, self.wanted, self.issuer, self.found
        )
    }

    fn field(&self) -> Option<&'static str> {
        Some("extensions.authorityKeyIdentifier")
    }
}

pub(crate) fn check(view: &PathView<'_>, out: &mut Vec<(usize, Kind)>) {
    for position in 0..view.len() {
        let Some(child) = view.certificate(position) else {
            continue;
        };
        let Some(aki) = &child.extensions.authority_key_id else {
            continue;
        };
        // Of a key that did not sign, `chain.bad-signature` speaks.
        if view.signature(position) == Some(Outcome::Invalid) {
            continue;
        }
        let mut mismatches = issuers(view, position + 1)
            .into_iter()
            .map(|issuer| mismatch(aki, issuer).map(|found| (issuer, found)));
        // One that fits is enough; of one that is only a name and a key nothing is known.
        let Some(Some((issuer, first))) = mismatches.next() else {
            continue;
        };
        if mismatches.all(|found| found.is_some()) {
            let (compares, wanted, found) = first;
            let evidence = AkiMismatch {
                subject: child.subject.short(),
                issuer: issuer.subject.short(),
                compares,
                wanted,
                found,
            };
            out.push((position, evidence.into()));
        }
    }
}

/// The certificate at a position; for an anchor all that are trusted for the same name and key, of
/// which the path knows only one. Empty when one of them is no certificate.
fn issuers<'a>(view: &PathView<'a>, position: usize) -> Vec<&'a Certificate> {
    let anchors = view.options.anchors;
    let Some(&Node::Anchor(anchor)) = view.path.nodes.get(position) else {
        return view.certificate(position).into_iter().collect();
    };
    let Some(own) = anchors.trust().get(anchor) else {
        return Vec::new();
    };
    let same = anchors.trust().iter().enumerate().filter(|(_, other)| {
        other.subject == own.subject && other.subject_public_key_info == own.subject_public_key_info
    });
    let all: Option<Vec<_>> = same.map(|(index, _)| anchors.certificate(index)).collect();
    all.unwrap_or_default()
}

/// What of an issuer is not what is asked for, as OpenSSL compares it (`X509_check_akid`).
fn mismatch(aki: &AuthorityKeyId, issuer: &Certificate) -> Option<(Compared, String, String)> {
    let own_id = issuer.extensions.subject_key_id.as_deref();
    if let (Some(wanted), Some(found)) = (aki.key_id.as_deref(), own_id)
        && wanted != found
    {
        return Some((Compared::KeyIdentifier, hex(wanted), hex(found)));
    }
    if let Some(wanted) = aki.serial.as_deref()
        && wanted != issuer.serial
    {
        let wanted = hexadecimal_number(wanted);
        return Some((Compared::SerialNumber, wanted, issuer.serial_hex()));
    }
    let above = aki.issuer.as_ref()?;
    (above.der() != issuer.issuer.der()).then(|| {
        let quoted = |text: &str| format!("\"{text}\"");
        (
            Compared::Issuer,
            quoted(above.text()),
            quoted(issuer.issuer.text()),
        )
    })
}
