//! OCSP responses, and what each says of a certificate of a path (RFC 6960, section 3.2).

use keyway_report::{Timestamp, escape};

use super::PathView;
use super::graph::signed_by;
use crate::algorithms::{Outcome, PublicKey};
use crate::read::HeldOcspResponse;
use crate::x509::{Certificate, OcspAnswer, OcspResponse, OcspStatus, oids};

/// What a response comes to.
pub(crate) enum Standing<'a> {
    /// It can be relied on, and says this.
    Said(&'a OcspAnswer),
    /// It cannot be relied on; why, in words.
    Unusable(String),
}

/// A response, and the certificate of the path that it speaks about.
pub(crate) struct Word<'a> {
    /// The response.
    pub(crate) held: &'a HeldOcspResponse,
    /// Name of the input that it came from, escaped.
    pub(crate) input: String,
    /// Position on the path; of one that is about nobody there, the leaf's.
    pub(crate) position: usize,
    /// What it comes to.
    pub(crate) standing: Standing<'a>,
}

impl Word<'_> {
    /// Whether it says for sure what became of the certificate.
    pub(crate) fn is_decisive(&self) -> bool {
        let known = |answer: &OcspAnswer| answer.status != OcspStatus::Unknown;
        matches!(self.standing, Standing::Said(answer) if known(answer))
    }
}

/// What each response comes to. Where the leaf's issuer is not known, none does.
pub(crate) fn words<'a>(view: &PathView<'a>) -> Vec<Word<'a>> {
    if view.key(1).is_none() {
        return Vec::new();
    }
    let held = view.bundle.ocsp_responses.iter();
    held.map(|held| {
        let input = held.sources.first();
        let input = input.and_then(|source| view.bundle.inputs.get(source.input));
        // What a peer staples is about its own certificate, or about nothing.
        let few = if view.options.key_is_proven {
            1
        } else {
            view.len()
        };
        let about = (0..few).find_map(|at| Some((at, answer(view, &held.response, at)?)));
        let (position, standing) = match about {
            Some((at, answer)) => (at, standing(view, &held.response, at, answer)),
            None => (
                0,
                Standing::Unusable(
                    "it speaks of other certificates, or of another issuer".to_owned(),
                ),
            ),
        };
        Word {
            held,
            input: input.map_or_else(String::new, |input| escape::text(&input.name)),
            position,
            standing,
        }
    })
    .collect()
}

fn answer<'a>(
    view: &PathView<'_>,
    response: &'a OcspResponse,
    position: usize,
) -> Option<&'a OcspAnswer> {
    let (certificate, key) = (view.certificate(position)?, view.key(position + 1)?);
    let mut answers = response.answers.iter();
    answers.find(|answer| answer.is_about(certificate, key))
}

fn standing<'a>(
    view: &PathView<'_>,
    response: &OcspResponse,
    position: usize,
    answer: &'a OcspAnswer,
) -> Standing<'a> {
    match signature(view, response, position) {
        Outcome::Valid => {}
        Outcome::Invalid => {
            let why = "neither the issuer nor a responder of the issuer's signed it".to_owned();
            return Standing::Unusable(why);
        }
        Outcome::UnsupportedAlgorithm => {
            let why =
                "its signature is of a kind that is not verified here, such as SHA-1".to_owned();
            return Standing::Unusable(why);
        }
        Outcome::BudgetExhausted => {
            return Standing::Unusable("the limit on signatures was reached before it".to_owned());
        }
    }
    // What is revoked stays so when the response is over.
    if matches!(answer.status, OcspStatus::Revoked { .. }) {
        return Standing::Said(answer);
    }
    let now = view.options.now;
    if now < answer.this_update {
        let of = answer.this_update.date();
        return Standing::Unusable(format!("it is dated {of}, in the future"));
    }
    let until = answer.until();
    if until < now {
        return Standing::Unusable(match answer.next_update {
            Some(_) => format!("it is over since {until}"),
            None => format!("it names no nextUpdate, and holds no longer than until {until}"),
        });
    }
    match answer.status {
        OcspStatus::Unknown => {
            let why = "its responder does not know the certificate".to_owned();
            Standing::Unusable(why)
        }
        OcspStatus::Good | OcspStatus::Revoked { .. } => Standing::Said(answer),
    }
}

/// Whether it is signed by the issuer, or by a responder that the issuer named with a certificate of its own (RFC
/// 6960, section 4.2.2.2).
fn signature(view: &PathView<'_>, response: &OcspResponse, position: usize) -> Outcome {
    let (Some(certificate), Some(contents)) = (view.certificate(position), view.key(position + 1))
    else {
        return Outcome::Invalid;
    };
    let by = |key: Option<PublicKey<'_>>| {
        key.map_or(Outcome::Invalid, |key| {
            view.memo.verify_signed(key, response.signed())
        })
    };
    let direct = by(PublicKey::read_contents(contents));
    if direct == Outcome::Valid {
        return direct;
    }
    let signers = response.signers.iter();
    let mut responders = signers
        .filter_map(|der| Certificate::read(der).ok())
        .filter(|signer| signer.issuer.der() == certificate.issuer.der())
        .filter(|signer| is_responder(signer, view.options.now));
    let is_theirs = responders.any(|signer| {
        signed_by(view.memo, &signer, contents) == Outcome::Valid
            && by(PublicKey::read(signer.spki())) == Outcome::Valid
    });
    if is_theirs { Outcome::Valid } else { direct }
}

fn is_responder(signer: &Certificate, now: Timestamp) -> bool {
    let usage = signer.extensions.extended_key_usage.as_ref();
    usage.is_some_and(|usage| usage.has(oids::OCSP_SIGNING))
        && (signer.not_before..=signer.not_after).contains(&now)
}
