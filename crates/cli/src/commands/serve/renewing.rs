//! Certificates that a server renews by itself: a thread beside those that serve. What it puts in place is read as every
//! file is that changes.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use keyway_config::Service;
use keyway_issue::acme::tls_alpn01::Certificates;
use keyway_issue::pairs::private_folder;
use keyway_report::Timestamp;
use keyway_termination::metrics::Metrics;
use keyway_termination::{Listener, SiteError};

use super::load::Refused;
use super::manager::HandedOver;
use super::origin::Origin;
use crate::arguments::{ServeArguments, TrustArguments};
use crate::commands::renew::prove;
use crate::commands::service::{findings, has_errors, managed_name};
use crate::failure::{Failure, ServeFault};
use crate::intent::issuing::{
    Done, Folders, Keeping, Managed, Planned, Retained, Shown, Wish, asked, fetched, renew,
    serves_on, tried_again,
};
use crate::intent::moment;
use crate::intent::service::ServiceFile;
use crate::terminal::{self, Look};
use crate::voice;
use crate::voice::renew::{Step, note};

/// Longest time between two looks: a service file may say something else now, or ask for a renewal.
const LONGEST: Duration = Duration::from_secs(60);

/// Time between two while there is nothing to renew.
const IDLE: Duration = Duration::from_secs(5);

/// Shortest time between two.
const SHORTEST: Duration = Duration::from_secs(1);

/// Time until it is looked again after a failure, be it that nothing could be read or kept of it.
const PAUSE: Duration = Duration::from_secs(60);

/// What is renewed.
pub(super) struct Renewing {
    path: PathBuf,
    state: Option<PathBuf>,
    trust: TrustArguments,
    /// Who this process becomes.
    user: Option<String>,
    look: Look,
    keeping: Keeping,
    /// The folders that a server of it reads, and that somebody writes to who renews it.
    pub(super) reads: [PathBuf; 2],
    pub(super) writes: [PathBuf; 2],
    /// Whether a wish for a renewal in the file is passed over, as it could neither be taken out nor be noted as done.
    is_deaf: AtomicBool,
    /// What is shown to a CA, by this and by who serves.
    pub(super) shown: Shown,
}

impl Renewing {
    /// What there is to renew of what is served, or may be later on, where nothing is given up that this needs; `None` where
    /// the certificate is somebody's own, and stays so until a new start.
    pub(super) fn of(arguments: &ServeArguments, look: Look) -> Result<Option<Self>, Failure> {
        let Origin::File(path) = Origin::of(arguments) else {
            return Ok(None);
        };
        let state = arguments.state.state.as_deref();
        let file = ServiceFile::open(&path)?.in_state(state);
        let is_managed = Managed::of(&file)?.is_some();
        let may_begin_later = arguments.no_sandbox && arguments.user.is_none();
        let folders = match Folders::of(state) {
            Ok(folders) if is_managed || may_begin_later => folders,
            Err(failure) if is_managed => return Err(failure),
            _ => return Ok(None),
        };
        let answers = folders.answers();
        if is_managed {
            let folder = answers.folder().to_path_buf();
            private_folder(&folder).map_err(|source| Failure::Unwritable {
                path: folder.clone(),
                source,
            })?;
        }
        Ok(Some(Self {
            state: arguments.state.state.clone(),
            path,
            trust: arguments.trust.clone(),
            user: arguments.user.clone(),
            look,
            keeping: Keeping::at(arguments.store.address.as_deref())?,
            reads: folders.reads(),
            writes: folders.writes(),
            is_deaf: AtomicBool::new(false),
            shown: Shown {
                answers,
                certificates: Certificates::default(),
            },
        }))
    }

    /// The service as its file says it now.
    fn file(&self) -> Result<ServiceFile, Failure> {
        Ok(ServiceFile::open(&self.path)?.in_state(self.state.as_deref()))
    }

    /// Has a certificate made where there is none that can be served. Nobody serves yet, and one that can be served is
    /// renewed by whoever [goes on](Self::go_on): nobody waits for a CA meanwhile.
    pub(super) fn first(&self, handed: &HandedOver) -> Result<(), Refused> {
        let file = self.file()?;
        // No order is spent on what will not be served.
        let found = findings(&file, &file.draft, managed_name(&file).as_deref());
        if has_errors(&found) {
            let service = &file.draft.service;
            let text = voice::service::checked(&file.path, service, &found, &[], self.look);
            return Err(Refused::Findings(text));
        }
        let Some(managed) = Managed::of(&file)? else {
            return Ok(());
        };
        let now = moment(self.trust.at.as_deref())?;
        let wish = self.wish(false, now, None);
        managed.put_back()?;
        let is_ready = || {
            Ok::<_, Failure>(Planned::stands(&managed, now)? || serves_on(&managed, &file, &wish)?)
        };
        let tell = |said: &Step<'_>| terminal::note(&note(said));
        if is_ready()? || (fetched(&managed, &self.keeping, &tell)? && is_ready()?) {
            return Ok(());
        }
        could_be_served(&file.draft.service, handed)?;
        match self.renew(&managed, &file, now, None) {
            Ok(Done::NotDue(_)) => Ok(()),
            // What was wished for is done with it.
            Ok(Done::Renewed(_)) => {
                self.take_wish_out(&managed);
                Ok(())
            }
            Err(failure @ Failure::Ended(_)) => Err(failure.into()),
            Err(failure) => match managed.current()? {
                // What is there is served on, and asked for again.
                Some((_, certificate)) if now <= certificate.not_after => {
                    terminal::note(&voice::renew::failed(&failure, Some(&certificate)));
                    Ok(())
                }
                _ => Err(failure.into()),
            },
        }
    }

    /// Refuses where there is no certificate to look at.
    pub(super) fn want_certificate(&self) -> Result<(), Failure> {
        let file = self.file()?;
        if let Some(managed) = Managed::of(&file)?
            && managed.current()?.is_none()
        {
            return Err(Failure::Need(voice::renew::not_made(&self.path)));
        }
        Ok(())
    }

    /// Renews each time it is due, from when it may on: what it writes belongs to the user that this process becomes.
    pub(super) fn go_on(self, metrics: Arc<Metrics>, may: mpsc::Receiver<()>) -> io::Result<()> {
        let retained = self.retained();
        let renewing = move || {
            if may.recv().is_err() {
                return;
            }
            self.tell_of_file();
            loop {
                let pause = match self.once(&metrics, &retained) {
                    Ok(pause) => pause,
                    // The server ends.
                    Err(Failure::Ended(_)) => return,
                    Err(failure) => {
                        metrics.failed_renewal();
                        self.tell_failure(&failure);
                        PAUSE
                    }
                };
                thread::sleep(pause.clamp(SHORTEST, LONGEST));
            }
        };
        let builder = thread::Builder::new().name("renewing".to_owned());
        builder.spawn(renewing).map(drop)
    }

    /// What is kept for who this process becomes. What cannot be is told: what is good is served all the same.
    fn retained(&self) -> Retained {
        let Some(user) = self.user.as_deref() else {
            return Retained::default();
        };
        let retained = || {
            let file = self.file()?;
            let managed = Managed::of(&file)?;
            let retained =
                managed.map(|managed| Retained::of(&file, &managed, user, moment(None)?));
            retained.transpose()
        };
        match retained() {
            Ok(Some((retained, told))) => {
                for told in told {
                    terminal::note(&told);
                }
                retained
            }
            Ok(None) => Retained::default(),
            Err(failure) => {
                terminal::note(&voice::renew::not_retained(&failure, user));
                Retained::default()
            }
        }
    }

    /// Says what of the file will not be done.
    fn tell_of_file(&self) {
        let Ok(file) = self.file() else {
            return;
        };
        let Some(managed) = Managed::of(&file).ok().flatten() else {
            return;
        };
        if asked::is_done(&managed, &file) {
            terminal::note(voice::renew::PASSED_OVER);
        }
    }

    /// Looks once, and says when to look again.
    fn once(&self, metrics: &Metrics, retained: &Retained) -> Result<Duration, Failure> {
        let file = self.file()?;
        let Some(managed) = Managed::of(&file)? else {
            return Ok(IDLE);
        };
        match self.renew(&managed, &file, moment(None)?, Some(retained))? {
            Done::NotDue(planned) => until(&planned),
            Done::Renewed(certificate) => {
                metrics.renewed();
                self.take_wish_out(&managed);
                let tell = |said: &Step<'_>| terminal::note(&note(said));
                prove(&file, &managed, &certificate, &tell)?;
                self.pause()
            }
        }
    }

    /// Takes a wish for a renewal out of the file, as it was done.
    fn take_wish_out(&self, managed: &Managed) {
        let why = match asked::done(managed, &self.path) {
            Ok(None) => return,
            Ok(Some(why)) => why,
            Err(failure) => {
                // Asked for again and again, it would be done again and again.
                self.is_deaf.store(true, Ordering::Relaxed);
                failure
            }
        };
        terminal::note(&voice::renew::still_asked(&why));
    }

    /// How long nothing is to be done.
    fn pause(&self) -> Result<Duration, Failure> {
        let file = self.file()?;
        let Some(managed) = Managed::of(&file)? else {
            return Ok(IDLE);
        };
        let now = moment(None)?;
        match Planned::of(&managed, now)? {
            Some(planned) => until(&planned),
            None => {
                Ok(tried_again(&managed, now).map_or(SHORTEST, |then| seconds_until(then, now)))
            }
        }
    }

    fn renew(
        &self,
        managed: &Managed,
        file: &ServiceFile,
        now: Timestamp,
        served: Option<&Retained>,
    ) -> Result<Done, Failure> {
        let force = served.is_some() && self.is_asked(managed, file, now);
        let wish = self.wish(force, now, served);
        let tell = |said: &Step<'_>| terminal::note(&note(said));
        renew(managed, file, &wish, &tell)
    }

    /// What is wished for before anybody serves, or of who serves already and has kept something.
    fn wish<'a>(&'a self, force: bool, now: Timestamp, served: Option<&'a Retained>) -> Wish<'a> {
        Wish {
            force,
            blindly: false,
            now,
            trust: &self.trust,
            state: self.state.as_deref(),
            look: self.look,
            served: served.map(|_| &self.shown),
            retained: served,
            keeping: &self.keeping,
        }
    }

    /// Whether a renewal is asked for, and not to be waited with since it failed.
    fn is_asked(&self, managed: &Managed, file: &ServiceFile, now: Timestamp) -> bool {
        asked::is_open(managed, file)
            && !self.is_deaf.load(Ordering::Relaxed)
            && tried_again(managed, now).is_none()
    }

    fn tell_failure(&self, failure: &Failure) {
        let file = self.file().ok();
        let managed = file.and_then(|file| Managed::of(&file).ok().flatten());
        let current = managed.and_then(|managed| managed.current().ok().flatten());
        let certificate = current.as_ref().map(|(_, certificate)| certificate);
        terminal::note(&voice::renew::failed(failure, certificate));
    }
}

/// Refuses what would not be served with any certificate, before one is asked for.
fn could_be_served(service: &Service, handed: &HandedOver) -> Result<(), Failure> {
    if service.upstream.is_empty() {
        return Err(SiteError::NoUpstream.into());
    }
    for listener in Listener::all_of(service)? {
        let address = listener.address;
        if handed.at(address).is_none() {
            let tried = listener.try_bind();
            tried.map_err(|source| ServeFault::Bind { address, source })?;
        }
    }
    Ok(())
}

/// How long there is nothing to do about a certificate.
fn until(planned: &Planned) -> Result<Duration, Failure> {
    let next = planned
        .ask
        .map_or(planned.until, |ask| ask.min(planned.until));
    Ok(seconds_until(next, moment(None)?))
}

fn seconds_until(then: Timestamp, now: Timestamp) -> Duration {
    Duration::from_secs(u64::try_from(then.since(now)).unwrap_or(0))
}
