//! `chain.missing-intermediate`

use keyway_report::{Rule, Severity, escape};
use serde::Serialize;

use super::issuer_name_differs::signer;
use crate::check::{Breakage, Context, Profile};
use crate::report::hex;
use crate::rules::{Aspect, Evidence, Kind};

/// The issuer of a certificate on the path was not given and is no anchor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MissingIntermediate {
    /// The certificate whose issuer is missing, escaped.
    pub below: String,
    /// Subject of the missing certificate, RFC 4514, escaped.
    pub subject: String,
    /// Its key identifier, hexadecimal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key_id: Option<String>,
    /// Where it can be fetched (caIssuers), escaped.
    pub fetch: Vec<String>,
    /// Whether it could also be a root that is not among the anchors: the last certificate given is
    /// itself an intermediate, or a CA that is no public one issued it.
    pub may_be_root: bool,
}

impl Evidence for MissingIntermediate {
    const RULE: Rule = Rule {
        code: "chain.missing-intermediate",
        severity: Severity::Error,
        title: "An intermediate certificate is missing",
        why: "The server has to send every certificate between its own and the root. Browsers often \
              fetch or remember a missing one; curl, Python, Go, Java and most programs do not, and \
              fail.",
        fix: "Put the missing certificate into the file, after the one it issued. The CA offers it \
              for download, mostly as a \"chain\" or \"full chain\" file.",
        sources: &[
            "RFC 8446, section 4.4.2",
            "RFC 5280, section 4.2.2.1",
            "CA/B Forum Baseline Requirements, section 6.1.7",
        ],
    };
    const ASPECT: Aspect = Aspect::Chains;

    fn message(&self) -> String {
        let key = self
            .key_id
            .as_ref()
            .map_or_else(String::new, |id| format!(" (key identifier {id})"));
        let doubt = if self.may_be_root {
            " If that is a root, it is none of the trusted ones."
        } else {
            ""
        };
        let subject = match self.subject.as_str() {
            "" => "(no name)",
            subject => subject,
        };
        format!(
            "The certificate of \"{subject}\"{key}, which issued \"{}\", is not there.{doubt}",
            self.below
        )
    }

    fn fix(&self) -> String {
        match self.fetch.first() {
            Some(uri) => format!(
                "Fetch it from {uri} and put it into the file, after \"{}\".",
                self.below
            ),
            None => Self::RULE.fix.to_owned(),
        }
    }

    fn field(&self) -> Option<&'static str> {
        Some("issuer")
    }
}

pub(crate) fn check(cx: &Context<'_>, out: &mut Vec<(Option<usize>, Kind)>) {
    if cx.breakage() != Some(Breakage::MissingIntermediate) || signer(cx).is_some() {
        return;
    }
    let Some(last) = cx.last() else { return };
    // Public roots must not sign server certificates (BR 6.1.7); others do.
    let may_be_root = cx.path.nodes.len() > 1 || cx.options.profile != Profile::Webpki;
    // With nobody to trust, the chain may be complete; the report lists trust as not checked.
    if may_be_root && cx.options.anchors.is_empty() {
        return;
    }
    let evidence = MissingIntermediate {
        below: last.subject.short(),
        subject: last.issuer.text().to_owned(),
        key_id: last
            .extensions
            .authority_key_id
            .as_ref()
            .and_then(|aki| aki.key_id.as_deref())
            .map(hex),
        fetch: last
            .extensions
            .ca_issuers
            .iter()
            .map(|uri| escape::text(uri))
            .collect(),
        may_be_root,
    };
    out.push((cx.last_held(), evidence.into()));
}
