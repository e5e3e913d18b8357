//! From a certificate that is due to the one in its place: ordered, checked, put, one step after the other.

use std::path::Path;

use keyway_chain::x509::Certificate;
use keyway_chain::{Input, ReadOptions, read};
use keyway_issue::acme::csr;
use keyway_issue::renewal::{Next, Validity, Why, spread};
use keyway_issue::{Pair, dev, pairs};
use keyway_report::{DAY, Timestamp, Verdict};
use zeroize::Zeroizing;

use super::acme::{Ordering, Refused, suggested};
use super::managed::{Issuer, Managed, paired};
use super::ways::Shown;
use crate::arguments::TrustArguments;
use crate::failure::Failure;
use crate::intent::read_file;
use crate::intent::service::{ServiceFile, judge};
use crate::intent::workshop::{self, Workshop};
use crate::terminal::Look;
use crate::voice;
use crate::voice::renew::Step;

/// What is wished for.
pub(crate) struct Wish<'a> {
    /// Whether it is renewed although it is not due.
    pub(crate) force: bool,
    /// Whether it is ordered although a CA will say no, by what is seen from here.
    pub(crate) blindly: bool,
    pub(crate) now: Timestamp,
    pub(crate) trust: &'a TrustArguments,
    pub(crate) state: Option<&'a Path>,
    pub(crate) look: Look,
    /// What a server of this process shows to a CA.
    pub(crate) served: Option<&'a Shown>,
}

/// How it ended.
pub(crate) enum Done {
    /// There is nothing to do before a moment.
    NotDue(Planned),
    /// It is in its place.
    Renewed(Certificate),
}

/// A certificate that is good, and when something is to be done about it.
pub(crate) struct Planned {
    pub(crate) certificate: Certificate,
    pub(crate) until: Timestamp,
    pub(crate) why: Why,
    /// When the CA is to be asked again when it wants it to be renewed.
    pub(crate) ask: Option<Timestamp>,
}

impl Planned {
    /// What is known without asking anybody; `None` where it is due, over, or not for what is wanted now.
    pub(crate) fn of(managed: &Managed, now: Timestamp) -> Result<Option<Self>, Failure> {
        let Some((_, certificate)) = managed.current()? else {
            return Ok(None);
        };
        let validity = Validity::of(&certificate);
        let history = managed.record().history;
        let is_good = now <= certificate.not_after && managed.is_wanted(&certificate);
        match history.next(validity, spread(&certificate), now) {
            Next::Wait { until, why } if is_good => Ok(Some(Self {
                ask: history.ask(validity, now),
                certificate,
                until,
                why,
            })),
            _ => Ok(None),
        }
    }

    /// Whether the last attempt to renew it failed.
    pub(crate) fn is_failing(&self) -> bool {
        matches!(self.why, Why::Again | Why::Asked)
    }
}

/// Attempts that may fail one after the other where there is nothing good to serve: Let's Encrypt lets five validations
/// fail an hour.
const MOST_FAILURES: u32 = 3;

/// When it is tried again where no certificate is good, after what failed; `None`: now.
pub(crate) fn tried_again(managed: &Managed, now: Timestamp) -> Option<Timestamp> {
    let ended = Timestamp::from_seconds(0);
    let ended = Validity {
        not_before: ended,
        not_after: ended,
    };
    match managed.record().history.next(ended, 0, now) {
        Next::Wait { until, .. } => Some(until),
        Next::Due { .. } => None,
    }
}

/// The same where too much failed lately for anybody to ask.
pub(crate) fn held_off(managed: &Managed, now: Timestamp) -> Option<Timestamp> {
    let failures = managed.record().history.failures?;
    tried_again(managed, now).filter(|_| failures.count >= MOST_FAILURES)
}

/// Renews a certificate where it is due, and tells each step.
pub(crate) fn renew(
    managed: &Managed,
    file: &ServiceFile,
    wish: &Wish<'_>,
    tell: &dyn Fn(&Step<'_>),
) -> Result<Done, Failure> {
    let _held = managed.hold()?;
    if let Some(other) = managed.holder() {
        return Err(Failure::Need(voice::renew::shared(&managed.hosts, &other)));
    }
    if !wish.force {
        if let Issuer::Acme(url) = &managed.issuer {
            suggested(managed, file, url, wish.now)?;
        }
        if let Some(planned) = Planned::of(managed, wish.now)? {
            return Ok(Done::NotDue(planned));
        }
        if let Some(until) = held_off(managed, wish.now) {
            let record = managed.record();
            let why = voice::renew::held_off(until, record.error.as_deref());
            return Err(Failure::Unissued(why));
        }
    }
    match attempt(managed, file, wish, tell) {
        Ok(certificate) => {
            managed.keep(&managed.fresh())?;
            Ok(Done::Renewed(certificate))
        }
        Err(Refused {
            failure,
            retry_after,
        }) => {
            let mut record = managed.record();
            record.history.failed(retry_after, wish.now);
            record.error = Some(voice::failure(&failure));
            if let Err(unkept) = managed.keep(&record) {
                // Why nothing was renewed matters more.
                crate::terminal::note(&voice::failure(&unkept));
            }
            Err(failure)
        }
    }
}

/// Asks for a certificate, and puts it in its place where it is good.
fn attempt(
    managed: &Managed,
    file: &ServiceFile,
    wish: &Wish<'_>,
    tell: &dyn Fn(&Step<'_>),
) -> Result<Certificate, Refused> {
    let current = managed.current()?;
    let pair = match &managed.issuer {
        Issuer::Local => by_workshop(managed, wish)?,
        Issuer::Acme(url) => {
            let ordering = Ordering {
                managed,
                file,
                wish,
                tell,
                before: current.as_ref(),
            };
            ordering.run(url)?
        }
    };
    let certificate = match fit(managed, file, &pair, wish) {
        Ok(certificate) => certificate,
        Err(failure) => {
            // The same order would give the same certificate.
            drop(managed.pending().clear());
            return Err(failure.into());
        }
    };
    Ok(put(managed, &pair, certificate, tell)?)
}

/// Puts a pair that was checked in its place.
fn put(
    managed: &Managed,
    pair: &Pair,
    certificate: Certificate,
    tell: &dyn Fn(&Step<'_>),
) -> Result<Certificate, Failure> {
    tell(&Step::Checked(&certificate));
    managed.put(pair)?;
    // It is in its place: what is left of the way there is in nobody's.
    if let Err(error) = managed.pending().clear() {
        crate::terminal::note(&voice::renew::left_behind(&managed.folder(), &error));
    }
    Ok(certificate)
}

/// A signing request in PEM for a CA by hand, by the key that is kept until its certificate comes.
pub(crate) fn request(managed: &Managed) -> Result<String, Failure> {
    let _held = managed.hold()?;
    let key = managed.by_hand().key(None);
    let key = key.map_err(|error| Failure::Need(error.to_string()))?;
    let der = csr::request(&managed.hosts, &key);
    let der = der.map_err(|error| Failure::Need(error.to_string()))?;
    Ok(csr::pem(&der))
}

/// Puts what a CA signed by hand in its place, with the key of the request.
pub(crate) fn signed(
    managed: &Managed,
    file: &ServiceFile,
    chain: &Path,
    wish: &Wish<'_>,
    tell: &dyn Fn(&Step<'_>),
) -> Result<Certificate, Failure> {
    let _held = managed.hold()?;
    let pending = managed.by_hand();
    let key = pending
        .existing()
        .map_err(|error| Failure::Need(error.to_string()))?;
    let key = key.ok_or_else(|| Failure::Need(voice::renew::NO_REQUEST.to_owned()))?;
    let given = read_file(chain).map_err(|refused| refused.at(chain))?;
    let pair = ordered(given.input(), Zeroizing::new(key.serialize_pem()));
    let pair = pair.ok_or_else(|| Failure::Need(voice::renew::NO_PAIR.to_owned()))?;
    let certificate = fit(managed, file, &pair, wish)?;
    let certificate = put(managed, &pair, certificate, tell)?;
    managed.keep(&managed.fresh())?;
    drop(pending.clear());
    Ok(certificate)
}

/// The certificates of a file in any form, the key's own first, then each that issued the one before.
fn ordered(given: Input<'_>, key: Zeroizing<String>) -> Option<Pair> {
    let own = Input {
        name: "key",
        bytes: key.as_bytes(),
    };
    let bundle = read(&[given, own], &ReadOptions::default()).ok()?;
    let mut left: Vec<&Certificate> = bundle
        .certificates
        .iter()
        .map(|it| &it.certificate)
        .collect();
    let own = left
        .iter()
        .position(|it| bundle.pairing(it) == Verdict::Yes)?;
    let mut chain = vec![left.remove(own)];
    while let Some(last) = chain.last()
        && let Some(next) = left.iter().position(|it| it.subject == last.issuer)
    {
        chain.push(left.remove(next));
    }
    let chain = chain.iter().map(|it| csr::certificate_pem(it.der()));
    Some(Pair {
        chain: chain.collect(),
        key,
    })
}

/// A pair of the development CA.
fn by_workshop(managed: &Managed, wish: &Wish<'_>) -> Result<Pair, Failure> {
    let workshop = Workshop::of(wish.state)?;
    let lock = workshop.lock()?;
    let found = workshop.ca(wish.now)?;
    let left = found.ca.certificate().not_after.since(wish.now) / DAY;
    let days = dev::LEAF_DAYS.min(left);
    let pair = found.ca.issue(&managed.hosts, days, wish.now);
    drop(lock);
    let path = managed.local_root();
    let copied = pairs::write(&path, found.ca.pem().as_bytes(), 0o644);
    copied.map_err(|source| Failure::Unwritable { path, source })?;
    pair.map_err(|error| workshop::need(&error))
}

/// The certificate, where a server can use it and clients will take it.
fn fit(
    managed: &Managed,
    file: &ServiceFile,
    pair: &Pair,
    wish: &Wish<'_>,
) -> Result<Certificate, Failure> {
    if managed.is_staged {
        // Nobody trusts it, which is its point.
        let made = paired(pair);
        return made.ok_or_else(|| Failure::Need(voice::renew::NO_PAIR.to_owned()));
    }
    let tried = managed.trying(&file.draft.service, pair);
    let judged = judge(file, &tried, &managed.trust(wish.trust))?;
    let unfit = judged.iter().find(|judged| judged.servable.is_err());
    match (unfit, paired(pair)) {
        (None, Some(certificate)) => Ok(certificate),
        (unfit, _) => {
            let report = voice::service::checked(&file.path, &tried, &[], &judged, wish.look);
            let why = unfit.map(|_| voice::renew::unfit(&report));
            Err(Failure::Unissued(
                why.unwrap_or_else(|| voice::renew::NO_PAIR.to_owned()),
            ))
        }
    }
}
