//! From a certificate that is due to the one in its place: ordered, checked, put, one step after the other.

use std::path::Path;

use keyway_chain::x509::Certificate;
use keyway_issue::acme::csr;
use keyway_issue::renewal::{Next, Validity, Why, spread};
use keyway_issue::{Pair, dev};
use keyway_report::{DAY, Timestamp};
use zeroize::Zeroizing;

use super::acme::{Ordering, Refused, suggested};
use super::managed::{Issuer, Managed, Record, paired};
use super::ways::Shown;
use crate::arguments::TrustArguments;
use crate::failure::Failure;
use crate::intent::certificates;
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
    /// What is known without asking anybody; `None` where it is due, or not for what is wanted now.
    pub(crate) fn of(managed: &Managed, now: Timestamp) -> Result<Option<Self>, Failure> {
        let Some((_, certificate)) = managed.current()? else {
            return Ok(None);
        };
        let validity = Validity::of(&certificate);
        let history = managed.record().history;
        match history.next(validity, spread(&certificate), now) {
            Next::Wait { until, why } if is_for(&certificate, managed) => Ok(Some(Self {
                ask: history.ask(validity, now),
                certificate,
                until,
                why,
            })),
            _ => Ok(None),
        }
    }
}

/// Renews a certificate where it is due, and tells each step.
pub(crate) fn renew(
    managed: &Managed,
    file: &ServiceFile,
    wish: &Wish<'_>,
    tell: &dyn Fn(&Step<'_>),
) -> Result<Done, Failure> {
    let _held = managed.hold()?;
    if let Issuer::Acme(url) = &managed.issuer
        && !wish.force
    {
        suggested(managed, file, url, wish.now)?;
    }
    if let Some(planned) = Planned::of(managed, wish.now)?
        && !wish.force
    {
        return Ok(Done::NotDue(planned));
    }
    let renewed = attempt(managed, file, wish, tell);
    let mut record = managed.record();
    match renewed {
        Ok(certificate) => {
            managed.keep(&Record::default())?;
            Ok(Done::Renewed(certificate))
        }
        Err(Refused {
            failure,
            retry_after,
        }) => {
            record.history.failed(retry_after, wish.now);
            record.error = Some(voice::failure(&failure));
            managed.keep(&record)?;
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
    let key = managed.pending().key(None);
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
    let pending = managed.pending();
    let key = pending
        .existing()
        .map_err(|error| Failure::Need(error.to_string()))?;
    let key = key.ok_or_else(|| Failure::Need(voice::renew::NO_REQUEST.to_owned()))?;
    let found = certificates(chain)?;
    let pair = Pair {
        chain: found.iter().map(|der| csr::certificate_pem(der)).collect(),
        key: Zeroizing::new(key.serialize_pem()),
    };
    let certificate = fit(managed, file, &pair, wish)?;
    let certificate = put(managed, &pair, certificate, tell)?;
    managed.keep(&Record::default())?;
    Ok(certificate)
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
    pair.map_err(|error| workshop::need(&error))
}

/// Whether a certificate is for just what is wanted now.
fn is_for(certificate: &Certificate, managed: &Managed) -> bool {
    let names = certificate.dns_names();
    let names = names.map(|name| String::from_utf8_lossy(name).into_owned());
    let addresses = certificate.ip_addresses().filter_map(|bytes| {
        let four = <[u8; 4]>::try_from(bytes).map(|it| std::net::IpAddr::from(it).to_string());
        let six = <[u8; 16]>::try_from(bytes).map(|it| std::net::IpAddr::from(it).to_string());
        four.or(six).ok()
    });
    let mut has: Vec<String> = names.chain(addresses).collect();
    let mut wants: Vec<String> = managed.hosts.iter().map(ToString::to_string).collect();
    has.sort();
    wants.sort();
    has == wants
}

/// The certificate, where a server can use it and clients will take it.
fn fit(
    managed: &Managed,
    file: &ServiceFile,
    pair: &Pair,
    wish: &Wish<'_>,
) -> Result<Certificate, Failure> {
    let tried = managed.trying(&file.draft.service, pair);
    let judged = judge(file, &tried, wish.trust)?;
    let unfit = judged.iter().find(|judged| judged.servable.is_err());
    match (unfit, paired(pair)) {
        (None, Some(certificate)) => Ok(certificate),
        (unfit, _) => {
            let report = voice::service::checked(&file.path, &tried, &[], &judged, wish.look);
            let why = unfit.map(|_| voice::renew::unfit(&report));
            Err(Failure::Need(
                why.unwrap_or_else(|| voice::renew::NO_PAIR.to_owned()),
            ))
        }
    }
}
