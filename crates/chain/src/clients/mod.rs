//! Who will accept it: what each family of clients says, with the reason where it differs.
//!
//! A family is judged in this order:
//! 1. what the checks saw, all of it and not only what the profile asks for, by the row that the
//!    [`table`] has for it;
//! 2. what it refuses beyond our rules: a key or a number of bytes in the handshake, a certificate
//!    that was not logged;
//! 3. whether a missing intermediate is something that it can help itself with;
//! 4. what of the table is not known, or depends on something;
//! 5. what it hears of revocation.

mod asked;
mod chromium;
mod evidence;
mod facet;
mod firefox;
mod gnutls;
mod go;
mod handshake;
mod java;
mod limits;
mod logging;
mod openssl;
mod policies;
mod python;
mod revocation;
mod rustls;
mod safari;
mod stance;
mod table;

use keyway_report::Verdict;
use serde::Serialize;

use crate::check::{Context, Purpose};
use crate::rules::Finding;
use evidence::Evidence;
pub(crate) use evidence::Seen;
use handshake::Handshake;
use logging::Logging;
use revocation::Revocation;
use stance::{COLUMNS, Stance};

/// One family of clients, and its answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Client {
    /// Name, for example `curl and OpenSSL`.
    pub name: &'static str,
    /// Its answer.
    pub accepts: Verdict,
    /// Why, in plain words.
    pub reason: String,
    /// Where the claim comes from.
    pub source: &'static str,
}

/// What sets a family apart.
struct Family {
    /// Name.
    name: &'static str,
    /// What it is known to do, and where that is written.
    source: &'static str,
    /// Where its column of the table comes from.
    table_source: &'static str,
    /// Which keys and how many bytes it takes in a handshake.
    handshake: Handshake,
    /// Its policy on logging, if it has one.
    logging: Option<Logging>,
    /// How it hears of revocation.
    revocation: Revocation,
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

/// In the order of the table's columns.
const FAMILIES: [Family; COLUMNS] = [
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
pub(crate) fn judge(context: &Context<'_>, findings: &[Finding], seen: &Seen) -> Vec<Client> {
    if context.leaf.is_none() || context.options.purpose != Purpose::Server {
        return Vec::new();
    }
    let evidence = Evidence::new(context, findings, seen);
    let named = |(name, claim): (&'static str, Claim)| Client {
        name,
        accepts: claim.accepts,
        reason: claim.reason,
        source: claim.source,
    };
    FAMILIES
        .iter()
        .enumerate()
        .map(|(column, family)| (family.name, family.answer(column, &evidence)))
        .chain([(rustls::NAME, rustls::answer(&evidence))])
        .map(named)
        .collect()
}

impl Family {
    fn answer(&self, column: usize, evidence: &Evidence<'_, '_>) -> Claim {
        if evidence.undecided() {
            return Claim::unknown("The search for a path was given up.", self.source);
        }
        if let Some((_, rule)) = evidence.first(column, |stance| stance == Stance::Minds) {
            let reason = format!("For the reason found: {}.", lower_first(rule.title));
            return Claim::no(reason, self.table_source);
        }
        let logging = self.logging.as_ref();
        let claims = [
            self.handshake.refusal(evidence),
            logging.and_then(|policy| policy.refusal(evidence)),
            (self.refuses)(evidence),
            evidence.is_incomplete().then(|| (self.missing)(evidence)),
            self.doubt(column, evidence),
        ];
        if let Some(claim) = strictest(claims) {
            return claim;
        }
        if evidence.has_unverified() {
            return Claim::unknown(
                "It takes all that was seen, but a signature of the path is of a kind that is not \
                 verified here.",
                self.table_source,
            );
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

/// What is said where the table has no answer.
impl Family {
    fn doubt(&self, column: usize, evidence: &Evidence<'_, '_>) -> Option<Claim> {
        let (row, rule) = evidence.first(column, |stance| stance != Stance::Passes)?;
        let title = lower_first(rule.title);
        let reason = if row.stances[column] == Stance::Depends {
            format!("{}. It depends on {}.", rule.title, row.on)
        } else {
            format!("It is not known whether it minds: {title}.")
        };
        Some(Claim::unknown(reason, self.table_source))
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

/// The codes of rules of which the table says something in general, or needs to say nothing.
pub fn codes() -> impl Iterator<Item = &'static str> {
    let general = table::ROWS.iter().filter(|row| row.of.is_empty());
    let general = general.map(|row| row.code);
    general.chain(table::ELSEWHERE.iter().copied())
}
