//! Who will accept it: what each family of clients says, with the reason where it differs.
//!
//! Only differences that follow from the facts at hand are told. A family is judged in this order:
//! 1. the errors that were found, without those that it does not look at: rules that bind CAs only
//!    (those that do not apply in [every profile](crate::check::Profile::ALL)), and what is
//!    rustls-webpki's alone;
//! 2. what it refuses beyond our rules (a missing timestamp, a kind of key);
//! 3. whether a missing intermediate is something that it can help itself with.

mod chromium;
mod evidence;
mod firefox;
mod gnutls;
mod go;
mod java;
mod openssl;
mod python;
mod rustls;
mod safari;

use keyway_report::Verdict;
use serde::Serialize;

use crate::check::{Context, Purpose};
use crate::rules::Finding;
use evidence::Evidence;

/// One family of clients, and its answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Client {
    /// Name, for example `curl and OpenSSL`.
    pub name: String,
    /// Its answer.
    pub accepts: Verdict,
    /// Why, in plain words.
    pub reason: String,
    /// Where the claim comes from.
    pub source: String,
}

/// What sets a family apart.
struct Family {
    /// Name.
    name: &'static str,
    /// What it is known to do, and where that is written.
    source: &'static str,
    /// Errors that bind CAs only and that it enforces all the same.
    enforces: &'static [&'static str],
    /// Errors that every other client minds and it does not.
    ignores: &'static [&'static str],
    /// What it refuses beyond our rules.
    refuses: fn(&Evidence<'_, '_>) -> Option<Claim>,
    /// What it does about a missing intermediate.
    missing: fn(&Evidence<'_, '_>) -> Claim,
}

/// An answer with its reason and source.
struct Claim {
    accepts: Verdict,
    reason: String,
    source: &'static str,
}

impl Claim {
    fn no(reason: impl Into<String>, source: &'static str) -> Self {
        Self {
            accepts: Verdict::No,
            reason: reason.into(),
            source,
        }
    }

    fn unknown(reason: impl Into<String>, source: &'static str) -> Self {
        Self {
            accepts: Verdict::Unknown,
            reason: reason.into(),
            source,
        }
    }
}

const FAMILIES: &[Family] = &[
    chromium::FAMILY,
    safari::FAMILY,
    firefox::FAMILY,
    openssl::FAMILY,
    python::FAMILY,
    go::FAMILY,
    java::FAMILY,
    gnutls::FAMILY,
];

/// Every family's answer; none without a server certificate.
pub(crate) fn judge(context: &Context<'_>, findings: &[Finding]) -> Vec<Client> {
    if context.leaf.is_none() || context.options.purpose != Purpose::Server {
        return Vec::new();
    }
    let evidence = Evidence::new(context, findings);
    let named = |(name, claim): (&str, Claim)| Client {
        name: name.to_owned(),
        accepts: claim.accepts,
        reason: claim.reason,
        source: claim.source.to_owned(),
    };
    FAMILIES
        .iter()
        .map(|family| (family.name, family.answer(&evidence)))
        .chain([(rustls::NAME, rustls::answer(&evidence))])
        .map(named)
        .collect()
}

impl Family {
    fn answer(&self, evidence: &Evidence<'_, '_>) -> Claim {
        if evidence.undecided() {
            return Claim::unknown("The search for a path was given up.", self.source);
        }
        let minded = evidence.errors(self);
        if let Some(error) = minded.iter().find(|error| error.code != evidence::MISSING) {
            let reason = format!("For the reason found: {}.", lower_first(error.title));
            return Claim::no(reason, self.source);
        }
        if let Some(claim) = (self.refuses)(evidence) {
            return claim;
        }
        if !minded.is_empty() {
            return (self.missing)(evidence);
        }
        if evidence.unexplained() {
            return Claim::unknown(
                "rustls-webpki refuses for a reason that no rule explains; others may not.",
                self.source,
            );
        }
        Claim {
            accepts: evidence.trusted(),
            reason: evidence.acceptance(),
            source: self.source,
        }
    }
}

fn lower_first(title: &str) -> String {
    let mut chars = title.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_lowercase().chain(chars).collect()
    })
}

/// What clients do that neither fetch nor remember certificates.
fn cannot_help(evidence: &Evidence<'_, '_>, source: &'static str) -> Claim {
    let subject = evidence.missing_subject();
    Claim::no(
        format!("It does not fetch missing certificates, and \"{subject}\" is not sent."),
        source,
    )
}

/// What browsers say to a certificate by a public CA that was not logged.
fn not_logged(evidence: &Evidence<'_, '_>, source: &'static str) -> Option<Claim> {
    (evidence.is_public() && evidence.lacks_timestamps()).then(|| {
        Claim::no(
            "It wants certificates by public CAs logged. This one carries no timestamps of logs; the \
             server would have to send them in the handshake.",
            source,
        )
    })
}

/// The codes of rules that some family treats differently from the check.
pub fn codes() -> impl Iterator<Item = &'static str> {
    FAMILIES
        .iter()
        .flat_map(|family| family.enforces.iter().chain(family.ignores))
        .chain(evidence::OURS_ALONE)
        .chain([&evidence::MISSING])
        .copied()
}
