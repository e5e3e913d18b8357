//! From a certificate that is due to the one in its place: ordered, checked, put, one step after the other.

use std::path::Path;

use keyway_chain::x509::Certificate;
use keyway_issue::acme::Looks;
use keyway_issue::store::{Lease, Taken};
use keyway_issue::{Identifier, Pair, dev, pairs};
use keyway_report::{DAY, Timestamp};

use super::acme::{Ordering, Refused};
use super::asked;
use super::issuer::Issuer;
use super::keeping::{Followed, Keeping, Kept, Seat, Waiting};
use super::managed::{Managed, paired, trying};
use super::planned::{Planned, may_be_asked};
use super::record::Record;
use super::retained::Retained;
use super::ways::Shown;
use crate::arguments::TrustArguments;
use crate::ending::UnderWay;
use crate::failure::Failure;
use crate::intent::service::{Judged, ServiceFile, judge};
use crate::intent::trust::anchors;
use crate::intent::workshop::{self, Workshop};
use crate::intent::{moment, wait_for};
use crate::terminal::{self, Look};
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
    /// What a server keeps of before it became another user.
    pub(crate) retained: Option<&'a Retained>,
    pub(crate) keeping: &'a Keeping,
}

/// How it ended.
pub(crate) enum Done {
    /// There is nothing to do before a moment.
    NotDue(Planned),
    /// It is in its place.
    Renewed(Certificate),
}

/// Renews a certificate where it is due, and tells each step. Asked to end, it takes away what is shown to a CA, and lets
/// others try.
pub(crate) fn renew(
    managed: &Managed,
    file: &ServiceFile,
    wish: &Wish<'_>,
    tell: &dyn Fn(&Step<'_>),
) -> Result<Done, Failure> {
    let under_way = UnderWay::begin()?;
    asked::forget(managed, file);
    managed.answers().sweep();
    let done = wait_for(async {
        let turn = Turn {
            managed,
            file,
            wish,
            tell,
            under_way: &under_way,
        };
        let mut kept = wish.keeping.of(managed)?;
        let seat = kept.seat.clone();
        let done = match turn.taken(&mut kept, &seat).await? {
            Turned::Nothing(done) => return Ok(*done),
            Turned::Lease(lease) => turn.held(&seat, *lease).await,
        };
        let followed = kept.follow().await.map(drop);
        done.and_then(|done| followed.map(|()| done))
    })?;
    under_way.end()?;
    done
}

/// Whether a store had something for the state folder, be it for some of the hosts alone.
pub(crate) fn fetched(
    managed: &Managed,
    keeping: &Keeping,
    tell: &dyn Fn(&Step<'_>),
) -> Result<bool, Failure> {
    wait_for(async {
        let mut kept = keeping.of(managed)?;
        let followed = kept.follow().await?;
        if let Followed::Fetched(address) | Followed::Former(address) = followed {
            tell(&Step::Fetched(address));
            return Ok(true);
        }
        Ok(false)
    })?
}

/// A look at a certificate, and what follows from it.
pub(super) struct Turn<'a> {
    pub(super) managed: &'a Managed,
    pub(super) file: &'a ServiceFile,
    pub(super) wish: &'a Wish<'a>,
    pub(super) tell: &'a dyn Fn(&Step<'_>),
    pub(super) under_way: &'a UnderWay,
}

/// What came of a look.
enum Turned<'a> {
    /// There is nothing to do.
    Nothing(Box<Done>),
    /// There is, and nobody else does it.
    Lease(Box<Lease<'a>>),
}

/// What came of it where nobody else is at it.
enum Outcome {
    /// There is nothing to do.
    Kept(Box<Planned>),
    /// A pair that is to be put in its place, and what is to be kept of how that came.
    Put {
        pair: Pair,
        record: Record,
        done: Box<Done>,
    },
    /// It was tried, and came to nothing.
    Failed(Refused),
}

impl Turn<'_> {
    /// Looks whether there is something to do, and waits until nobody else does it. What others did meanwhile is seen.
    async fn taken<'s>(&self, kept: &mut Kept<'_>, seat: &'s Seat) -> Result<Turned<'s>, Failure> {
        let wish = self.wish;
        let mut waiting = Waiting::at(seat);
        let mut before = None;
        loop {
            let followed = kept.follow().await?;
            if let Followed::Fetched(address) | Followed::Former(address) = followed {
                (self.tell)(&Step::Fetched(address));
            }
            // What is good here becomes everybody's then.
            let is_alone = matches!(followed, Followed::Nothing | Followed::Former(_));
            let current = self.managed.current()?;
            let planned = if wish.force {
                None
            } else {
                Planned::of(self.managed, wish.now)?
            };
            let planned = planned.filter(|planned| !planned.is_to_ask(wish.now));
            let mut nothing = planned.map(|planned| Turned::Nothing(Done::NotDue(planned).into()));
            if let Some(nothing) = nothing.take_if(|_| !is_alone) {
                return Ok(nothing);
            }
            let before =
                before.get_or_insert_with(|| current.as_ref().map(|(pair, _)| pair.clone()));
            // What is forced was done by who was waited for.
            if wish.force
                && let Some((pair, certificate)) = current
                && before.as_ref() != Some(&pair)
            {
                return Ok(Turned::Nothing(Done::Renewed(certificate).into()));
            }
            let holding = match seat.take().await? {
                Taken::Lease(lease) => return Ok(Turned::Lease(lease)),
                Taken::Held(holding) => holding,
            };
            if let Some(nothing) = nothing {
                return Ok(nothing);
            }
            tokio::select! {
                waited = waiting.more(&holding.holder) => waited?,
                signal = self.under_way.asked() => return Err(Failure::Ended(signal)),
            }
        }
    }

    /// Does what there is to do, and gives the lease back.
    async fn held(&self, seat: &Seat, mut lease: Lease<'_>) -> Result<Done, Failure> {
        let mut record = Record::read(lease.record());
        let before = record.render();
        let ended = match self.decided(seat, &mut lease, &mut record).await {
            Ok(Outcome::Put { pair, record, done }) => {
                let published = lease.publish(&pair, Some(&record.render())).await;
                published.map_err(|error| voice::renew::unkept(&error))?;
                if let (Done::NotDue(_), Some(address)) = (&*done, &seat.address) {
                    (self.tell)(&Step::Brought(address));
                }
                return Ok(*done);
            }
            Ok(Outcome::Kept(planned)) => Ok(Done::NotDue(*planned)),
            Ok(Outcome::Failed(refused)) => {
                // It failed now, at whatever moment it was to be judged.
                let now = moment(None).unwrap_or(self.wish.now);
                record.history.failed(refused.retry_after, now);
                record.counted = record.counted.saturating_add(refused.is_counted.into());
                record.error = Some(voice::failure(&refused.failure));
                Err(refused.failure)
            }
            Err(failure) => Err(failure),
        };
        let record = record.render();
        let record = Some(record).filter(|record| *record != before);
        if let Err(error) = lease.release(record.as_deref()).await {
            // Why nothing was renewed matters more.
            terminal::note(&voice::failure(&voice::renew::unkept(&error)));
        }
        ended
    }

    async fn decided(
        &self,
        seat: &Seat,
        lease: &mut Lease<'_>,
        record: &mut Record,
    ) -> Result<Outcome, Failure> {
        let (managed, now) = (self.managed, self.wish.now);
        if seat.address.is_none()
            && let Some(other) = managed.holder()
        {
            return Err(Failure::Need(voice::renew::shared(&managed.hosts, &other)));
        }
        let current = lease.pair().cloned();
        let current = current.and_then(|pair| paired(&pair).map(|certificate| (pair, certificate)));
        if !self.wish.force {
            if let Some((_, certificate)) = &current {
                self.suggested(seat, certificate, record).await?;
                let planned = Planned::by(managed, certificate.clone(), record, now);
                if let Some(planned) = planned {
                    return Ok(Outcome::Kept(planned.into()));
                }
            } else if let Some(put) = self.brought(seat)? {
                return Ok(put);
            }
            may_be_asked(managed, current.as_ref(), record, now)?;
        }
        let looks = &mut record.looks;
        match self.attempt(seat, lease, current.as_ref(), looks).await {
            Ok((pair, certificate)) => Ok(Outcome::Put {
                pair,
                record: managed.fresh(record, moment(None)?),
                done: Done::Renewed(certificate).into(),
            }),
            Err(Refused {
                failure: failure @ Failure::Ended(_),
                ..
            }) => Err(failure),
            // Somebody asked for more than can be had here, and is told so: nobody else waits for that.
            Err(Refused {
                failure: failure @ Failure::Need(_),
                ..
            }) if self.wish.force && self.wish.served.is_none() => Err(failure),
            Err(refused) => Ok(Outcome::Failed(refused)),
        }
    }

    /// What is good in the state folder, and known to be what is wanted, where a store has nothing yet.
    fn brought(&self, seat: &Seat) -> Result<Option<Outcome>, Failure> {
        if seat.address.is_none() {
            return Ok(None);
        }
        let (record, current) = (self.managed.record(), self.managed.current()?);
        let current = current.filter(|_| record.made.is_some());
        Ok(current.and_then(|(pair, certificate)| {
            let planned = Planned::by(self.managed, certificate, &record, self.wish.now)?;
            Some(Outcome::Put {
                pair,
                record,
                done: Done::NotDue(planned).into(),
            })
        }))
    }

    /// Asks for a certificate, and checks it.
    async fn attempt(
        &self,
        seat: &Seat,
        lease: &mut Lease<'_>,
        before: Option<&(Pair, Certificate)>,
        looks: &mut Looks,
    ) -> Result<(Pair, Certificate), Refused> {
        let pair = match &self.managed.issuer {
            Issuer::Local => by_workshop(self.managed, self.wish)?,
            Issuer::Acme(url) => {
                // What comes is judged by them: where they cannot be read, it would come in vain.
                let anchors = anchors(&self.wish.trust.roots)?;
                if anchors.is_empty() && !self.managed.is_staged {
                    return Err(Failure::Need(voice::renew::NO_ROOTS.to_owned()).into());
                }
                let ordering = Ordering {
                    turn: self,
                    seat,
                    before,
                    looks: looks.into(),
                };
                ordering.run(url, lease).await?
            }
        };
        match fit(self.managed, self.file, &pair, self.wish) {
            Ok(certificate) => {
                (self.tell)(&Step::Checked(&certificate));
                Ok((pair, certificate))
            }
            Err(failure) => {
                // The same order would give the same certificate.
                drop(lease.forget().await);
                Err(Refused {
                    is_counted: true,
                    ..failure.into()
                })
            }
        }
    }
}

/// A pair of the development CA: of the one that is there, or of the one that was, where this user does not come to it.
fn by_workshop(managed: &Managed, wish: &Wish<'_>) -> Result<Pair, Failure> {
    let workshop = Workshop::of(wish.state)?;
    let retained = wish.retained.and_then(|retained| retained.ca.as_ref());
    let found;
    let (lock, ca) = match (workshop.lock(), retained) {
        (Err(_), Some(ca)) => (None, ca),
        (lock, _) => {
            let lock = lock?;
            found = workshop.ca(wish.now)?;
            (Some(lock), &found.ca)
        }
    };
    let left = ca.certificate().not_after.since(wish.now) / DAY;
    let days = dev::LEAF_DAYS.min(left);
    let pair = ca.issue(&managed.hosts, days, wish.now);
    drop(lock);
    let path = managed.local_root();
    let copied = pairs::write(&path, ca.pem().as_bytes(), 0o644);
    copied.map_err(|source| Failure::Unwritable { path, source })?;
    pair.map_err(|error| workshop::need(&error))
}

/// Whether what is in place can be served as long as it takes to make what is wanted now: be it by another CA, of another
/// kind, or not for all hosts yet, clients take it for those that are served.
pub(crate) fn serves_on(
    managed: &Managed,
    file: &ServiceFile,
    wish: &Wish<'_>,
) -> Result<bool, Failure> {
    let current = managed.current()?;
    Ok(current.is_some_and(|(pair, certificate)| {
        let (so_far, _) = managed.parted(&certificate);
        fit_for(managed, file, &pair, wish, &so_far).is_ok()
    }))
}

/// The certificate, where a server can use it and clients will take it.
pub(super) fn fit(
    managed: &Managed,
    file: &ServiceFile,
    pair: &Pair,
    wish: &Wish<'_>,
) -> Result<Certificate, Failure> {
    fit_for(managed, file, pair, wish, &managed.hosts)
}

/// The same for some hosts.
fn fit_for(
    managed: &Managed,
    file: &ServiceFile,
    pair: &Pair,
    wish: &Wish<'_>,
    hosts: &[Identifier],
) -> Result<Certificate, Failure> {
    if managed.is_staged {
        // Nobody trusts it, which is its point.
        let made = paired(pair);
        return made.ok_or_else(|| Failure::Need(voice::renew::NO_PAIR.to_owned()));
    }
    let tried = trying(&file.draft.service, hosts, pair);
    let judged = judge(file, &tried, &managed.trust(wish.trust))?;
    let unfit = judged.iter().find(|judged| judged.servable.is_err());
    match (unfit, paired(pair)) {
        (None, Some(certificate)) => Ok(certificate),
        (unfit, _) => {
            let report = voice::service::checked(&file.path, &tried, &[], &judged, wish.look);
            let is_usual = wish.trust.roots == [Path::new("mozilla")];
            let is_strange = |judged: &Judged| {
                let mut found = judged.report.findings.iter();
                found.any(|finding| finding.code().starts_with("chain."))
            };
            let why =
                unfit.map(|unfit| voice::renew::unfit(&report, is_usual && is_strange(unfit)));
            Err(Failure::Unissued(
                why.unwrap_or_else(|| voice::renew::NO_PAIR.to_owned()),
            ))
        }
    }
}
