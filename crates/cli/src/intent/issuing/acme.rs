//! A certificate from a CA that speaks ACME.

use std::cell::RefCell;
use std::pin::pin;
use std::time::Duration;

use keyway_chain::x509::Certificate;
use keyway_issue::acme::{
    Account, AcmeError, Directory, External, Issued, Kind, Looks, Patience, Progress, Wanted,
    obtain, order,
};
use keyway_issue::renewal::Validity;
use keyway_issue::store::{Lease, LeaseError, Order, TERM};
use keyway_issue::{Identifier, KeyPair, Pair};
use keyway_report::{DAY, Timestamp};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::sync::watch;
use tokio::time::{Instant, interval_at};
use zeroize::Zeroizing;

use super::issuer::Issuer;
use super::keeping::Seat;
use super::managed::Managed;
use super::order::Turn;
use super::permitted::Authority;
use super::pinned::{Pins, pins};
use super::preflight::{Ahead, clock, look};
use super::record::Record;
use super::ways::Ways;
use crate::failure::Failure;
use crate::intent::service::{ServiceFile, secret};
use crate::intent::{certificates, moment, system_roots};
use crate::voice;
use crate::voice::renew::Step;

/// How often a lease is held for another term while an order is under way, which may wait for programs.
const HOLD: Duration = Duration::from_secs((TERM / 5).unsigned_abs());

/// Why there is no certificate.
pub(super) struct Refused {
    pub(super) failure: Failure,
    /// After how many seconds the CA may be asked again, where it said so.
    pub(super) retry_after: Option<u64>,
    /// Whether the CA may have counted it.
    pub(super) is_counted: bool,
}

impl From<Failure> for Refused {
    fn from(failure: Failure) -> Self {
        Self {
            failure,
            retry_after: None,
            is_counted: false,
        }
    }
}

impl Refused {
    fn of(error: &AcmeError) -> Self {
        Self {
            failure: voice::renew::refused(error),
            retry_after: error.retry_after(),
            is_counted: error.is_counted(),
        }
    }
}

impl Turn<'_> {
    /// Asks a CA when it wants the certificate to be renewed, where it is time to (RFC 9773). What it does not say, a
    /// part of the lifetime decides.
    pub(super) async fn suggested(
        &self,
        seat: &Seat,
        certificate: &Certificate,
        record: &mut Record,
    ) -> Result<(), Failure> {
        let (managed, now) = (self.managed, self.wish.now);
        let Issuer::Acme(url) = &managed.issuer else {
            return Ok(());
        };
        let ask = record.history.ask(Validity::of(certificate), now);
        if ask.is_none_or(|at| at > now) {
            return Ok(());
        }
        let directory = directory(self.file, url)?;
        seat.share_account(managed, url, false).await?;
        let asked = async {
            // None is made for a question; whoever orders has one.
            match Account::kept(&directory, &managed.account(url)).await? {
                Some(account) => account.window(certificate).await,
                None => Ok(None),
            }
        };
        let asked = tokio::select! {
            asked = asked => asked,
            signal = self.under_way.asked() => return Err(Failure::Ended(signal)),
        };
        record.history.told(asked.ok().flatten(), moment(None)?);
        Ok(())
    }
}

fn directory(file: &ServiceFile, url: &str) -> Result<Directory, Failure> {
    let roots = match &file.draft.service.tls.acme.roots {
        Some(path) => certificates(&file.beside(path))?,
        None => system_roots()?,
    };
    Ok(Directory {
        url: url.to_owned(),
        roots,
    })
}

/// An order at a CA.
pub(super) struct Ordering<'a> {
    pub(super) turn: &'a Turn<'a>,
    pub(super) seat: &'a Seat,
    pub(super) before: Option<&'a (Pair, Certificate)>,
    /// What came of the CA's looks so far, and comes of them.
    pub(super) looks: RefCell<&'a mut Looks>,
}

/// What an order is made with.
struct Ready<'a> {
    directory: &'a Directory,
    external: Option<&'a External>,
    key: &'a KeyPair,
    /// An order of before that broke off.
    order: Option<&'a str>,
    /// Is told the order's URL.
    begun: UnboundedSender<String>,
    /// Says when it is given up.
    given_up: watch::Receiver<bool>,
}

impl Ordering<'_> {
    /// Orders, and meanwhile holds the lease, keeps the order in the store, and gives it all up where the lease is lost
    /// or this process is to end.
    pub(super) async fn run(&self, url: &str, lease: &mut Lease<'_>) -> Result<Pair, Refused> {
        let turn = self.turn;
        let directory = directory(turn.file, url)?;
        let external = self.external()?;
        let keep_key = turn.file.draft.service.tls.acme.keep_key;
        let pins = match self.before {
            Some((_, certificate)) if !keep_key => tokio::select! {
                pins = pins(turn.file, turn.managed, certificate) => pins?,
                signal = turn.under_way.asked() => return Err(Failure::Ended(signal).into()),
            },
            _ => None,
        };
        if let Some(pins) = &pins {
            (turn.tell)(&Step::Pinned(pins));
        }
        let is_kept = keep_key || pins.as_ref().is_some_and(Pins::keep_key);
        let kept = self.before.filter(|_| is_kept);
        let key = lease.key(kept.map(|(pair, _)| pair.key.as_str())).await;
        let key = key.map_err(|error| voice::renew::unkept(&error))?;
        let order = lease.order(&turn.managed.hosts).map(str::to_owned);
        let (begun, mut orders) = unbounded_channel();
        let (give_up, given_up) = watch::channel(false);
        let mut why = None;
        let chain = {
            let mut chain = pin!(self.chain(Ready {
                directory: &directory,
                external: external.as_ref(),
                key: &key,
                order: order.as_deref(),
                begun,
                given_up,
            }));
            let mut ticks = interval_at(Instant::now() + HOLD, HOLD);
            loop {
                let held = tokio::select! {
                    biased;
                    Some(url) = orders.recv() => self.keep(lease, &url).await,
                    chain = &mut chain => break chain,
                    _ = ticks.tick() => lease.renew(moment(None)?).await,
                    signal = turn.under_way.asked(), if why.is_none() => {
                        why = Some(Failure::Ended(signal));
                        Ok(())
                    }
                };
                // What else goes wrong may go well the next time.
                if let Err(error @ LeaseError::Lost { .. }) = &held {
                    why.get_or_insert_with(|| voice::renew::unkept(error));
                }
                if why.is_some() {
                    give_up.send_replace(true);
                }
            }
        };
        while let Ok(url) = orders.try_recv() {
            drop(self.keep(lease, &url).await);
        }
        match (chain, why) {
            (Ok(chain), _) => Ok(Pair {
                chain,
                key: Zeroizing::new(key.serialize_pem()),
            }),
            (Err(_), Some(failure)) => Err(failure.into()),
            (Err(refused), None) => Err(refused),
        }
    }

    async fn keep(&self, lease: &mut Lease<'_>, url: &str) -> Result<(), LeaseError> {
        let order = Order::new(url, &self.turn.managed.hosts);
        lease.keep_order(&order).await
    }

    async fn chain(&self, ready: Ready<'_>) -> Result<String, Refused> {
        let turn = self.turn;
        let acme = &turn.file.draft.service.tls.acme;
        let ways = tokio::select! {
            ways = Ways::open(turn.file, turn.managed, turn.wish) => ways?,
            () = is_true(ready.given_up.clone()) => return Err(Refused::of(&AcmeError::GivenUp)),
        };
        if let Some(host) = turn.managed.hosts.iter().find(|host| !ways.can(host)) {
            let words = voice::renew::no_way(host, &ways.kinds(), &ways.closed);
            return Err(Failure::Need(words).into());
        }
        for closed in &ways.closed {
            crate::terminal::note(&voice::renew::warning(closed));
        }
        let account = self.account(&ready, &ways).await?;
        (turn.tell)(&Step::Ordering(&turn.managed.hosts, &ways.places(acme)));
        let issued = match self.issued(&account, &ready, &ways).await {
            Err(error) if error.is_of_account() => {
                (turn.tell)(&Step::Forgotten(account.id()));
                let account = self.account(&ready, &ways).await?;
                self.issued(&account, &ready, &ways).await
            }
            other => other,
        };
        let issued = issued.map_err(|error| Refused::of(&error))?;
        if let Some(wanted) = acme.chain.as_deref().filter(|_| !issued.is_as_wished) {
            (turn.tell)(&Step::OtherChain(wanted));
        }
        Ok(issued.chain)
    }

    async fn issued(
        &self,
        account: &Account,
        ready: &Ready<'_>,
        ways: &Ways,
    ) -> Result<Issued, AcmeError> {
        let acme = &self.turn.file.draft.service.tls.acme;
        let (hosts, kinds) = (&self.turn.managed.hosts, ways.kinds());
        let ca = ready.directory.url.as_str();
        let way = |host: &Identifier| {
            let way = self.looks.borrow().led(host, &kinds)?;
            Some((host.clone(), way))
        };
        let led: Vec<(Identifier, Kind)> = hosts.iter().filter_map(way).collect();
        let wanted = Wanted {
            identifiers: hosts,
            key: ready.key,
            profile: acme.profile.as_deref(),
            replaces: self.before.map(|(_, certificate)| certificate),
            issuer: acme.chain.as_deref(),
            order: ready.order,
            led: &led,
            may_miss: self.may_miss(ca),
        };
        let solvers = ways.solvers();
        let patience = Patience::of(order::PATIENCE);
        let told = |told: Progress<'_>| match told {
            Progress::Begun(url) => drop(ready.begun.send(url.to_owned())),
            Progress::AnotherWay(error) => (self.turn.tell)(&Step::AnotherWay(error)),
            Progress::Looked {
                identifier,
                way,
                is_found: true,
            } => self.looks.borrow_mut().find(identifier, way, &kinds),
            Progress::Looked { identifier, .. } => {
                let now = moment(None).unwrap_or(self.turn.wish.now);
                self.looks.borrow_mut().miss(ca, identifier, now);
            }
        };
        let given_up = is_true(ready.given_up.clone());
        obtain(account, &wanted, &solvers, patience, told, given_up).await
    }

    /// How many of a CA's looks may come to nothing: for whoever asks by hand, as many as the CA lets.
    fn may_miss(&self, ca: &str) -> usize {
        let wish = self.turn.wish;
        if wish.force && wish.served.is_none() {
            return usize::MAX;
        }
        let now = moment(None).unwrap_or(wish.now);
        let left = self.looks.borrow().left(ca, &self.turn.managed.hosts, now);
        left.max(1)
    }

    /// The account, where nothing that is seen from here speaks against an order.
    async fn account(&self, ready: &Ready<'_>, ways: &Ways) -> Result<Account, Refused> {
        tokio::select! {
            account = self.opened(ready, ways) => account,
            () = is_true(ready.given_up.clone()) => Err(Refused::of(&AcmeError::GivenUp)),
        }
    }

    async fn opened(&self, ready: &Ready<'_>, ways: &Ways) -> Result<Account, Refused> {
        let turn = self.turn;
        let acme = &turn.file.draft.service.tls.acme;
        let contact = acme.contact.iter();
        let contact: Vec<String> = contact.map(str::to_owned).collect();
        let url = &ready.directory.url;
        self.seat.share_account(turn.managed, url, true).await?;
        let folder = turn.managed.account(url);
        (turn.tell)(&Step::Asking(url));
        let opened = Account::open(ready.directory, &folder, &contact, ready.external).await;
        let account = opened.map_err(|error| Refused::of(&error))?;
        (turn.tell)(&Step::Account(account.id()));
        if let Some(profile) = &acme.profile {
            let profiles = account.profiles();
            if !profiles.iter().any(|(name, _)| name == profile) {
                let words = voice::renew::no_profile(profile, &profiles);
                return Err(Failure::Need(words).into());
            }
        }
        let mut issuers = account.issuers();
        issuers.extend(turn.file.draft.service.managed_issuer().map(str::to_owned));
        let late = clock(account.clock(), turn.wish.now, turn.tell);
        // What came would be over, or not begin, by a clock that is days off: nothing is gained by it.
        let is_far = |cas: Timestamp| cas.since(turn.wish.now).abs() > DAY;
        let is_vain = account.clock().is_some_and(is_far);
        let authority = Authority {
            names: issuers,
            account: Some(account.id().to_owned()),
        };
        let ahead = Ahead {
            authority,
            kinds: ways.kinds(),
            will_listen: false,
            is_taken: ways.is_taken,
        };
        let looked = look(turn.file, turn.managed, ahead, turn.tell);
        match late.or(looked.await?) {
            Some(why) if !turn.wish.blindly => match pressing(turn.managed, turn.wish.now)? {
                Some(certificate) if !is_vain => {
                    (turn.tell)(&Step::AllTheSame(&certificate));
                    Ok(account)
                }
                _ => Err(voice::renew::hopeless(&why).into()),
            },
            _ => Ok(account),
        }
    }

    fn external(&self) -> Result<Option<External>, Failure> {
        let account = &self.turn.file.draft.service.tls.acme.external_account;
        let Some(account) = account else {
            return Ok(None);
        };
        let field = "tls.acme.external_account.key";
        let text = secret(&account.key, &self.turn.file.folder(), field)?;
        let text = std::str::from_utf8(&text).ok();
        let external = text.and_then(|text| External::read(&account.key_id, text));
        let external = external.ok_or_else(|| Failure::Need(voice::renew::no_key(field)))?;
        Ok(Some(external))
    }
}

/// The certificate that is in place, where less than a tenth of its life is left: what is seen from here may be wrong,
/// and waiting for it costs more than an order.
fn pressing(managed: &Managed, now: Timestamp) -> Result<Option<Certificate>, Failure> {
    let current = managed.current()?.map(|(_, certificate)| certificate);
    Ok(current.filter(|certificate| {
        let life = certificate.not_after.since(certificate.not_before);
        certificate.not_after.since(now) < life / 10
    }))
}

/// Waits until it is.
async fn is_true(mut said: watch::Receiver<bool>) {
    // Whoever would say it lives as long as this is waited for.
    let _ = said.wait_for(|said| *said).await;
}
