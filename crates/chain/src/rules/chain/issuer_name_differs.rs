//! `chain.issuer-name-differs`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::algorithms::Outcome;
use crate::check::{Context, Gap, contents, signed_by};
use crate::rules::{Aspect, Evidence, Kind};
use crate::x509::Certificate;

/// The key of a certificate that is there made the signature, but its name is another one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct IssuerNameDiffers {
    /// The certificate that was signed, escaped.
    pub below: String,
    /// Its issuer, RFC 4514, escaped.
    pub wanted: String,
    /// The subject of the certificate whose key signed it, RFC 4514, escaped.
    pub found: String,
    /// Whether the two differ only in case, spaces or the kind of string they are stored as.
    pub same_to_people: bool,
    /// Whether it is a trusted root; else one of the certificates that were given.
    pub is_root: bool,
}

/// Most certificates asked whether they signed: only those with the name, or the key identifier.
const MAX_ASKED: usize = 4;

impl Evidence for IssuerNameDiffers {
    const RULE: Rule = Rule {
        code: "chain.issuer-name-differs",
        severity: Severity::Error,
        title: "The issuer is there under another name",
        why: "Clients go from a certificate to its issuer by name. rustls, Go and Firefox compare names \
              byte by byte, so that the same words stored as another kind of string are another name; \
              OpenSSL and Chrome forgive case, spaces and the kind of string, nobody forgives more.",
        fix: "Have the certificate issued again with the CA's subject copied byte for byte into its \
              issuer field, as every CA program does when it is given the CA's own certificate.",
        sources: &[
            "RFC 5280, section 6.1.3 (a)(4)",
            "RFC 5280, section 7.1",
            "CA/B Forum Baseline Requirements, section 7.1.4.1",
        ],
    };
    const ASPECT: Aspect = Aspect::Chains;

    fn message(&self) -> String {
        let what = if self.is_root {
            "the trusted root"
        } else {
            "the certificate"
        };
        if self.same_to_people {
            format!(
                "The key of {what} \"{}\" signed \"{}\", which writes its issuer's name in another \
                 way: case, spaces or the kind of string differ.",
                self.found, self.below
            )
        } else {
            let wanted = if self.wanted.is_empty() {
                "names no issuer".to_owned()
            } else {
                format!("calls its issuer \"{}\"", self.wanted)
            };
            format!(
                "The key of {what} \"{}\" signed \"{}\", which {wanted}.",
                self.found, self.below
            )
        }
    }

    fn field(&self) -> Option<&'static str> {
        Some("issuer")
    }
}

/// Where the key is that made the signature of the last certificate of a path.
pub(super) enum Signer {
    /// In the bundle.
    Held(usize),
    /// Among the anchors.
    Anchor(usize),
}

pub(crate) fn check(cx: &Context<'_>, out: &mut Vec<(Option<usize>, Kind)>) {
    let (Some(last), Some(signer)) = (cx.last(), signer(cx)) else {
        return;
    };
    let anchors = cx.options.anchors;
    let (found, is_root) = match signer {
        Signer::Held(index) => (held(cx, index).subject.text().to_owned(), false),
        Signer::Anchor(index) => (anchors.subject_text(index).unwrap_or_default(), true),
    };
    let evidence = IssuerNameDiffers {
        below: last.subject.short(),
        wanted: last.issuer.text().to_owned(),
        same_to_people: folded(last.issuer.text()) == folded(&found),
        found,
        is_root,
    };
    out.push((cx.last_held(), evidence.into()));
}

/// The one that signed the last certificate of a path that breaks off, though it has another name.
pub(super) fn signer(cx: &Context<'_>) -> Option<Signer> {
    let last = cx
        .last()
        .filter(|_| cx.path.gap == Some(Gap::IssuerMissing))?;
    let anchors = cx.options.anchors;
    let name = folded(last.issuer.text());
    let among_held = (0..cx.bundle.certificates.len())
        .filter(|&index| {
            let issuer = held(cx, index);
            is_asked_for(last, issuer) || folded(issuer.subject.text()) == name
        })
        .map(|index| (Signer::Held(index), contents(held(cx, index).spki())));
    let among_anchors = (0..anchors.len())
        .filter(|&index| {
            let certificate = anchors.certificate(index);
            certificate.is_some_and(|issuer| is_asked_for(last, issuer))
                || anchors
                    .subject_text(index)
                    .is_some_and(|text| folded(&text) == name)
        })
        .map(|index| {
            let key = anchors.trust()[index].subject_public_key_info.as_ref();
            (Signer::Anchor(index), key)
        });
    among_held
        .chain(among_anchors)
        .take(MAX_ASKED)
        .find(|(_, key)| signed_by(cx.memo, last, key) == Outcome::Valid)
        .map(|(signer, _)| signer)
}

fn held<'a>(cx: &Context<'a>, index: usize) -> &'a Certificate {
    &cx.bundle.certificates[index].certificate
}

/// Whether a certificate has the key identifier that another one wants its issuer to have.
fn is_asked_for(child: &Certificate, issuer: &Certificate) -> bool {
    let aki = child.extensions.authority_key_id.as_ref();
    let wanted = aki.and_then(|aki| aki.key_id.as_deref());
    wanted.is_some_and(|wanted| issuer.extensions.subject_key_id.as_deref() == Some(wanted))
}

/// A name as RFC 5280, section 7.1, compares it, near enough: without regard to case and spaces.
fn folded(text: &str) -> String {
    let words = text.split_whitespace().collect::<Vec<_>>();
    words.join(" ").to_lowercase()
}
