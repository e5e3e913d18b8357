//! From a certificate that is due to the one in its place: ordered, checked, put, one step after the other.

use std::path::Path;

use keyway_chain::x509::Certificate;
use keyway_issue::acme::{Account, Directory, External, Patience, Wanted, obtain, order};
use keyway_issue::{KeyPair, Pair, dev, renewal};
use keyway_report::{DAY, Timestamp};
use zeroize::Zeroizing;

use super::managed::{Issuer, Managed, paired};
use super::ways::{Shown, Ways};
use crate::arguments::TrustArguments;
use crate::failure::Failure;
use crate::intent::service::{ServiceFile, judge, secret};
use crate::intent::workshop::{self, Workshop};
use crate::intent::{certificates, system_roots};
use crate::terminal::Look;
use crate::voice;
use crate::voice::renew::Step;

/// What is wished for.
pub(crate) struct Wish<'a> {
    /// Whether it is renewed although it is not due.
    pub(crate) force: bool,
    pub(crate) now: Timestamp,
    pub(crate) trust: &'a TrustArguments,
    pub(crate) state: Option<&'a Path>,
    pub(crate) look: Look,
    /// What a server of this process shows to a CA.
    pub(crate) served: Option<&'a Shown>,
}

/// How it ended.
pub(crate) enum Done {
    /// It is not due before this moment.
    NotDue(Certificate, Timestamp),
    /// It is in its place.
    Renewed(Certificate),
}

/// Renews a certificate where it is due, and tells each step.
pub(crate) fn renew(
    managed: &Managed,
    file: &ServiceFile,
    wish: &Wish<'_>,
    tell: &dyn Fn(&Step<'_>),
) -> Result<Done, Failure> {
    let _held = managed.hold()?;
    let current = managed.current()?;
    if let Some((_, certificate)) = &current
        && !wish.force
        && is_for(certificate, managed)
    {
        let due = renewal::due(certificate.not_before, certificate.not_after);
        if wish.now < due {
            return Ok(Done::NotDue(certificate.clone(), due));
        }
    }
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
    let certificate = fit(managed, file, &pair, wish)?;
    tell(&Step::Checked(&certificate));
    managed.put(&pair)?;
    // It is in its place: what is left of the way there is in nobody's.
    if let Err(error) = managed.pending().clear() {
        crate::terminal::note(&voice::renew::left_behind(&managed.folder(), &error));
    }
    Ok(Done::Renewed(certificate))
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
            // The same order would give the same certificate.
            drop(managed.pending().clear());
            let report = voice::service::checked(&file.path, &tried, &[], &judged, wish.look);
            let why = unfit.map(|_| voice::renew::unfit(&report));
            Err(Failure::Need(
                why.unwrap_or_else(|| voice::renew::NO_PAIR.to_owned()),
            ))
        }
    }
}

/// An order at a CA.
struct Ordering<'a> {
    managed: &'a Managed,
    file: &'a ServiceFile,
    wish: &'a Wish<'a>,
    tell: &'a dyn Fn(&Step<'_>),
    before: Option<&'a (Pair, Certificate)>,
}

impl Ordering<'_> {
    fn run(&self, url: &str) -> Result<Pair, Failure> {
        let acme = &self.file.draft.service.tls.acme;
        let roots = match &acme.roots {
            Some(path) => certificates(&self.file.beside(path))?,
            None => system_roots()?,
        };
        let directory = Directory {
            url: url.to_owned(),
            roots,
        };
        let external = self.external()?;
        let pending = self.managed.pending();
        let kept = self.before.filter(|_| acme.keep_key);
        let key = pending.key(kept.map(|(pair, _)| pair.key.as_str()));
        let key = key.map_err(|error| Failure::Need(error.to_string()))?;
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build();
        let runtime = runtime.map_err(|error| Failure::Ask(error.to_string()))?;
        let chain = runtime.block_on(self.chain(&directory, external.as_ref(), &key))?;
        Ok(Pair {
            chain,
            key: Zeroizing::new(key.serialize_pem()),
        })
    }

    async fn chain(
        &self,
        directory: &Directory,
        external: Option<&External>,
        key: &KeyPair,
    ) -> Result<String, Failure> {
        let managed = self.managed;
        let acme = &self.file.draft.service.tls.acme;
        let contact: Vec<String> = acme.contact.iter().map(str::to_owned).collect();
        let folder = managed.account(&directory.url);
        let opened = Account::open(directory, &folder, &contact, external).await;
        let account = opened.map_err(|error| voice::renew::refused(&error))?;
        (self.tell)(&Step::Account(account.id()));
        let ways = Ways::open(self.file, &managed.answers(), self.wish.served)?;
        for closed in &ways.closed {
            crate::terminal::note(closed);
        }
        (self.tell)(&Step::Ordering(&managed.hosts, &ways.kinds()));
        let pending = managed.pending();
        let before = pending.order(&managed.hosts);
        let wanted = Wanted {
            identifiers: &managed.hosts,
            key,
            profile: acme.profile.as_deref(),
            replaces: self.before.map(|(_, certificate)| certificate),
            issuer: acme.chain.as_deref(),
            order: before.as_deref(),
        };
        let solvers = ways.solvers();
        let patience = Patience::of(order::PATIENCE);
        let begun = |url: &str| pending.keep_order(url, &managed.hosts);
        let issued = obtain(&account, &wanted, &solvers, patience, begun).await;
        let issued = issued.map_err(|error| voice::renew::refused(&error))?;
        Ok(issued.chain)
    }

    fn external(&self) -> Result<Option<External>, Failure> {
        let account = &self.file.draft.service.tls.acme.external_account;
        let Some(account) = account else {
            return Ok(None);
        };
        let field = "tls.acme.external_account.key";
        let text = secret(&account.key, &self.file.folder(), field)?;
        let text = std::str::from_utf8(&text).ok();
        let external = text.and_then(|text| External::read(&account.key_id, text));
        let external = external.ok_or_else(|| Failure::Need(voice::renew::no_key(field)))?;
        Ok(Some(external))
    }
}
