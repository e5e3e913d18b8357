//! Who will accept it: what each family of clients says, with the reason where it differs.
//!
//! Only differences that follow from the facts at hand are told. A family is judged in this order:
//! 1. the errors that were found, without those that it does not look at: rules that bind CAs only
//!    (those that do not apply in [every profile](crate::check::Profile::ALL)), what is
//!    rustls-webpki's alone, and the two that it knows of in its own way: the leaf's key and
//!    revocation;
//! 2. what it refuses beyond our rules: a key or a number of bytes in the handshake, a certificate
//!    that was not logged;
//! 3. whether a missing intermediate is something that it can help itself with;
//! 4. what it hears of revocation.

mod chromium;
mod evidence;
mod firefox;
mod gnutls;
mod go;
mod handshake;
mod java;
mod logging;
mod openssl;
mod python;
mod revocation;
mod rustls;
mod safari;

use keyway_report::Verdict;
use serde::Serialize;

use crate::check::{Context, Purpose};
use crate::rules::Finding;
use evidence::Evidence;
use handshake::Handshake;
use logging::Logging;
use revocation::Revocation;

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
    /// Which keys and how many bytes it takes in a handshake.
    handshake: Handshake,
    /// Its policy on logging, if it has one.
    logging: Option<Logging>,
    /// How it hears of revocation.
    revocation: Revocation,
    /// Errors that bind CAs only and that it enforces all the same.
    enforces: &'static [&'static str],
    /// Errors of every profile that it lets pass.
    passes: &'static [&'static str],
    /// Errors of every profile of which it is not known here what it makes of them.
    unsure: &'static [&'static str],
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
        let minded = evidence.errors(self.enforces, &[self.passes, self.unsure].concat());
        if let Some(error) = minded.iter().find(|error| error.code != evidence::MISSING) {
            let reason = format!("For the reason found: {}.", lower_first(error.title));
            return Claim::no(reason, self.source);
        }
        let logging = self.logging.as_ref();
        let claims = [
            self.handshake.refusal(evidence),
            logging.and_then(|policy| policy.refusal(evidence)),
            (self.refuses)(evidence),
            (!minded.is_empty()).then(|| (self.missing)(evidence)),
            evidence.doubt(self.unsure).map(|error| {
                let what = lower_first(error.title);
                Claim::unknown(
                    format!("It is not known whether it minds: {what}."),
                    self.source,
                )
            }),
        ];
        if let Some(claim) = strictest(claims) {
            return claim;
        }
        if evidence.breaks_off() {
            return Claim::unknown("The path is longer than it is followed here.", self.source);
        }
        if evidence.unexplained() {
            return Claim::unknown(
                "rustls-webpki refuses for a reason that no rule explains; others may not.",
                self.source,
            );
        }
        self.revocation.claim(evidence).unwrap_or_else(|| Claim {
            accepts: evidence.trusted(),
            reason: evidence.acceptance(logging.is_some() && evidence.is_public()),
            source: self.source,
        })
    }
}

/// The first "no", or else the first claim.
fn strictest(claims: impl IntoIterator<Item = Option<Claim>>) -> Option<Claim> {
    claims.into_iter().flatten().reduce(|first, next| {
        if first.accepts != Verdict::No && next.accepts == Verdict::No {
            next
        } else {
            first
        }
    })
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

/// What clients do that fetch a missing certificate from where the last one says it is.
fn fetches(evidence: &Evidence<'_, '_>, source: &'static str) -> Claim {
    match evidence.fetch_from() {
        Some(uri) => Claim::unknown(
            format!(
                "It fetches the missing certificate from {uri} and accepts when that leads to a \
                 trusted root."
            ),
            source,
        ),
        None => Claim::no(
            "It fetches missing certificates, but this one does not say where its issuer is.",
            source,
        ),
    }
}

/// The codes of rules that some family treats differently from the check.
pub fn codes() -> impl Iterator<Item = &'static str> {
    FAMILIES
        .iter()
        .flat_map(|family| family.enforces)
        .chain(evidence::OURS_ALONE)
        .chain(evidence::KEYS)
        .chain(evidence::LISTS)
        .chain([&evidence::MISSING, &evidence::NO_PATH, &evidence::REVOKED])
        .copied()
}
