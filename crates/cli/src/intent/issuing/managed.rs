//! A certificate that is made and renewed here: for what, by whom, and where it is kept.
//!
//! ```text
//! STATE/certificates/HOST/                what `keyway_issue::store::Folder` keeps: the pair that is served, what has been
//!                                         asked for, how the last attempts ended, who is at it; it is called after the
//!                                         host that was the first one when it was made
//! STATE/certificates/HOST/service         of which service file that is a copy of what a store has
//! STATE/certificates/HOST/wish-done      of which service file the wish for a renewal was done, and stands there still
//! STATE/certificates/HOST/by-hand/        what has been asked of a CA by hand, and is not there yet
//! STATE/acme/SERVER/                      the account with a CA
//! STATE/acme/challenges/                  what a CA looks for by http-01
//! ```

use std::fs;
use std::path::{Path, PathBuf};

use keyway_chain::x509::Certificate;
use keyway_chain::{ReadOptions, read};
use keyway_config::Service;
use keyway_config::model::{Listed, Material, Status};
use keyway_issue::acme::http01::Answers;
use keyway_issue::pairs::{Places, write};
use keyway_issue::pending::Pending;
use keyway_issue::renewal::Validity;
use keyway_issue::store::Folder;
use keyway_issue::{Identifier, Pair, Pairs};
use keyway_report::{Timestamp, Verdict};

use super::called::{ca_name, kept_as};
use super::covered::{covers, hosts_of, parted};
use super::issuer::{Issuer, LETS_ENCRYPT, STAGING};
use super::record::{Made, RECORD, Record};
use crate::arguments::{Profile, TrustArguments};
use crate::failure::Failure;
use crate::intent::service::{Names, ServiceFile, state_folder};
use crate::intent::workshop::identifiers;
use crate::{terminal, voice};

/// How the folder of one ends that is made to be looked at.
pub(super) const STAGED: &str = "+staging";

/// The folder of all of them.
const CERTIFICATES: &str = "certificates";

/// The service file that a copy of what a store has is for.
const CLAIM: &str = "service";

/// A certificate that is made and renewed.
pub(crate) struct Managed {
    /// What it is for, at least one.
    pub(crate) hosts: Vec<Identifier>,
    pub(crate) issuer: Issuer,
    /// Whether it is made to be looked at, and served by nobody.
    pub(crate) is_staged: bool,
    /// What it is to be made for.
    pub(crate) wanted: Made,
    /// What its folder is called after.
    pub(super) name: String,
    state: PathBuf,
}

/// The folders of all managed certificates in a state folder.
pub(crate) struct Folders(PathBuf);

impl Folders {
    /// Those of a state folder, the usual one where none is named.
    pub(crate) fn of(state: Option<&Path>) -> Result<Self, Failure> {
        state_folder(state).map(Self)
    }

    /// The folders that a server reads.
    pub(crate) fn reads(&self) -> [PathBuf; 2] {
        [
            self.0.join(CERTIFICATES),
            self.answers().folder().to_path_buf(),
        ]
    }

    /// The folders that somebody writes to who renews.
    pub(crate) fn writes(&self) -> [PathBuf; 2] {
        [self.0.join(CERTIFICATES), self.0.join("acme")]
    }

    /// Where a CA's looks by http-01 are answered from.
    pub(crate) fn answers(&self) -> Answers {
        Answers::at(self.0.join("acme").join("challenges"))
    }
}

impl Managed {
    /// That of a service file; `None` where its certificate is its own, or it has none.
    pub(crate) fn of(file: &ServiceFile) -> Result<Option<Self>, Failure> {
        let state = file.state.as_deref();
        let service = &file.draft.service;
        // With an own certificate beside it, it is one of the two that is meant: the rules say so.
        let is_own = service.tls.certificate.is_some() || !service.tls.certificates.is_empty();
        if service.status() != Status::Auto || is_own {
            return Ok(None);
        }
        let made = match &service.tls.leaf_domain_label {
            Some(_) => Names::of(state, &file.path)?.existing(),
            None => None,
        };
        let mut given: Vec<String> = made.into_iter().collect();
        for host in service.host.iter() {
            if !given.iter().any(|other| other == host) {
                given.push(host.to_owned());
            }
        }
        let hosts = identifiers(&given)?;
        if hosts.is_empty() {
            return Err(Failure::Need(voice::renew::NO_NAME.to_owned()));
        }
        let state = state_folder(state)?;
        let issuer = Issuer::of(service);
        let acme = &service.tls.acme;
        let kind = [acme.profile.as_deref(), acme.chain.as_deref()];
        let kind: Vec<&str> = kind.into_iter().flatten().collect();
        let wanted = Made {
            hosts: hosts.iter().map(ToString::to_string).collect(),
            by: format!("{} {}", issuer.word(), kind.join(" "))
                .trim()
                .to_owned(),
            service: std::path::absolute(&file.path).unwrap_or_else(|_| file.path.clone()),
        };
        Ok(Some(Self {
            name: kept_as(&state.join(CERTIFICATES), &wanted, &hosts),
            is_staged: false,
            wanted,
            issuer,
            hosts,
            state,
        }))
    }

    /// What its certificate is judged by: one of the development CA by that CA.
    pub(crate) fn trust(&self, trust: &TrustArguments) -> TrustArguments {
        if self.issuer != Issuer::Local {
            return trust.clone();
        }
        TrustArguments {
            roots: vec![self.local_root()],
            profile: Profile::Private,
            at: trust.at.clone(),
        }
    }

    /// A copy of the development CA's certificate, where a server reads its pairs: the CA's own folder has its key.
    pub(crate) fn local_root(&self) -> PathBuf {
        self.state.join(CERTIFICATES).join("local.pem")
    }

    /// The root that clients have to be told of, as they have it from nobody else.
    pub(crate) fn root_to_name(&self) -> Option<PathBuf> {
        (self.issuer == Issuer::Local).then(|| self.local_root())
    }

    /// Whether the certificate that is in place is for what is wanted now, and by whom.
    pub(super) fn is_wanted(&self, certificate: &Certificate, record: &Record) -> bool {
        match &record.made {
            Some(made) => made.is_alike(&self.wanted),
            None => covers(certificate, &self.hosts),
        }
    }

    /// The service file whose certificate is in this folder, where it is another one that is still there and managed.
    pub(crate) fn holder(&self) -> Option<PathBuf> {
        let made = self.record().made?;
        let first = made.hosts.first()?;
        self.is_held_by(&made.service, first)
            .then_some(made.service)
    }

    /// The service file that keeps this one from renewing its certificate, without a look at a store: the holder, or, of
    /// a copy of what a store has, whoever's that is.
    pub(crate) fn rival(&self) -> Option<PathBuf> {
        let claimed = fs::read_to_string(self.folder().join(CLAIM)).ok();
        match (claimed.map(PathBuf::from), self.hosts.first()) {
            (Some(by), Some(first)) => self.is_held_by(&by, &first.to_string()).then_some(by),
            _ => self.holder(),
        }
    }

    /// Says that a copy of what a store has is this service file's, unless it is that of another one.
    pub(super) fn claim(&self) -> Result<(), Failure> {
        let path = self.folder().join(CLAIM);
        let ours = self.wanted.service.to_string_lossy();
        let there = fs::read_to_string(&path).unwrap_or_default();
        if there == ours {
            return Ok(());
        }
        let other = Path::new(&there);
        let first = self.hosts.first().map(ToString::to_string);
        if first.is_some_and(|first| self.is_held_by(other, &first)) {
            return Err(Failure::Need(voice::renew::shared(&self.hosts, other)));
        }
        write(&path, ours.as_bytes(), 0o600).map_err(|source| Failure::Unwritable { path, source })
    }

    /// Whether this path leads to its own service file.
    pub(super) fn is_by(&self, other: &Path) -> bool {
        self.wanted.is_by(other)
    }

    /// Whether another service file is still there whose managed certificate is for this host, and not the very one that is
    /// wanted here: releases of one service that are kept side by side share theirs.
    fn is_held_by(&self, other: &Path, host: &str) -> bool {
        if self.is_by(other) {
            return false;
        }
        let Ok(file) = ServiceFile::open(other) else {
            return false;
        };
        let service = &file.draft.service;
        let is_for = service.host.iter().any(|other| other == host);
        if service.status() != Status::Auto || !is_for {
            return false;
        }
        let theirs = Self::of(&file.in_state(Some(&self.state)));
        let theirs = theirs.ok().flatten().map(|it| it.wanted);
        theirs.is_none_or(|it| !it.is_alike(&self.wanted))
    }

    /// The same by Let's Encrypt's CA for trying things.
    pub(crate) fn staged(mut self) -> Result<Self, Failure> {
        let is_its = |url: &str| self.issuer == Issuer::Acme(url.to_owned());
        if !is_its(LETS_ENCRYPT) && !is_its(STAGING) {
            return Err(Failure::Need(voice::renew::NO_STAGING.to_owned()));
        }
        self.issuer = Issuer::Acme(STAGING.to_owned());
        // What is tried takes the place of nothing.
        self.name += STAGED;
        self.is_staged = true;
        Ok(self)
    }

    pub(super) fn pairs(&self) -> Pairs {
        Pairs::at(self.state.join(CERTIFICATES))
    }

    /// The state folder as a store.
    pub(super) fn store(&self) -> Folder {
        Folder::at(self.pairs(), self.state.join("acme"))
    }

    pub(crate) fn folder(&self) -> PathBuf {
        self.pairs().of(&self.name)
    }

    /// Where its pair is, or will be.
    pub(crate) fn places(&self) -> Places {
        self.pairs().places(&self.name)
    }

    /// What was asked of a CA by hand, and is not there yet; no renewal takes it away.
    pub(crate) fn by_hand(&self) -> Pending {
        Pending::at(self.folder().join("by-hand"))
    }

    /// Where a CA's looks by http-01 are answered from.
    pub(crate) fn answers(&self) -> Answers {
        Folders(self.state.clone()).answers()
    }

    /// Where the account with a CA is: of one server one.
    pub(crate) fn account(&self, directory: &str) -> PathBuf {
        self.state.join("acme").join(ca_name(directory))
    }

    /// The pair that is served, with its certificate.
    pub(crate) fn current(&self) -> Result<Option<(Pair, Certificate)>, Failure> {
        let path = self.places().chain;
        let pair = self.pairs().current(&self.name);
        let pair = pair.map_err(|source| Failure::Unreadable { path, source })?;
        // What is no pair is made anew.
        Ok(pair.and_then(|pair| {
            let certificate = paired(&pair)?;
            Some((pair, certificate))
        }))
    }

    /// Puts the pair of before back where the one in place is none, and tells of it.
    pub(crate) fn put_back(&self) -> Result<(), Failure> {
        let path = self.places().chain;
        let is_whole = |pair: &Pair| paired(pair).is_some();
        let back = self.pairs().put_back(&self.name, is_whole);
        let back = back.map_err(|source| Failure::Unwritable { path, source })?;
        if let Some(certificate) = back.as_ref().and_then(paired) {
            terminal::note(&voice::renew::put_back(&certificate));
        }
        Ok(())
    }

    /// The service with this pair as its own.
    pub(crate) fn served(&self, service: &Service) -> Service {
        self.serving(service, &self.hosts)
    }

    /// The same for those of its hosts alone that the pair in place is for, where it is not for all of them, and those that
    /// it is not for: one for all of them is asked for meanwhile.
    pub(crate) fn served_so_far(
        &self,
        service: &Service,
    ) -> Result<(Service, Vec<Identifier>), Failure> {
        let current = self.current()?;
        let (so_far, left) = match &current {
            Some((_, certificate)) => self.parted(certificate),
            None => (self.hosts.clone(), Vec::new()),
        };
        Ok((self.serving(service, &so_far), left))
    }

    /// Its hosts that a certificate is for, with the names that one of its wildcards takes in, and those that it is not for; all
    /// of them, where it is for none.
    pub(super) fn parted(&self, certificate: &Certificate) -> (Vec<Identifier>, Vec<Identifier>) {
        let (so_far, left) = parted(&self.hosts, &hosts_of(certificate));
        if so_far.is_empty() {
            return (left, so_far);
        }
        (so_far, left)
    }

    fn serving(&self, service: &Service, hosts: &[Identifier]) -> Service {
        let places = self.places();
        let path = |path: &Path| Material::Path(path.to_string_lossy().into_owned());
        with_pair(service, hosts, path(&places.chain), path(&places.key))
    }

    /// How renewing it went so far.
    pub(crate) fn record(&self) -> Record {
        Record::of(&self.folder())
    }

    /// A record that begins anew, for a certificate that was made just now; `before` is that of the one in place.
    pub(crate) fn fresh(&self, before: &Record, now: Timestamp) -> Record {
        let former = self.current().ok().flatten();
        let validity = former.map(|(_, certificate)| Validity::of(&certificate));
        let mut looks = before.looks.clone();
        looks.keep(&self.hosts);
        Record {
            looks,
            history: before.history.followed(validity, now),
            made: Some(self.wanted.clone()),
            ..Record::default()
        }
    }

    /// Keeps a pair that was made for other hosts, and may be for some of these, until there is one for these.
    pub(super) fn keep_former(&self, pair: &Pair, made: Made) -> Result<(), Failure> {
        // Before it: a pair of which nobody knows what it was made for could be taken for what is wanted.
        let service = self.wanted.service.clone();
        let record = Record {
            made: Some(Made { service, ..made }),
            ..Record::default()
        };
        self.keep(&record.render())?;
        let path = self.places().chain;
        let put = self.pairs().put(&self.name, pair);
        put.map(drop)
            .map_err(|source| Failure::Unwritable { path, source })
    }

    /// Keeps a record that a store has.
    pub(super) fn keep(&self, record: &str) -> Result<(), Failure> {
        let path = self.folder().join(RECORD);
        if fs::read(&path).is_ok_and(|kept| kept == record.as_bytes()) {
            return Ok(());
        }
        write(&path, record.as_bytes(), 0o600)
            .map_err(|source| Failure::Unwritable { path, source })
    }
}

/// A service with this pair, which is nowhere yet, as its own, for these hosts.
pub(super) fn trying(service: &Service, hosts: &[Identifier], pair: &Pair) -> Service {
    let (chain, key) = (Material::new(&pair.chain), Material::new(&pair.key));
    with_pair(service, hosts, chain, key)
}

fn with_pair(
    service: &Service,
    hosts: &[Identifier],
    certificate: Material,
    key: Material,
) -> Service {
    let mut service = service.clone();
    service.host = Listed(hosts.iter().map(ToString::to_string).collect());
    service.tls.certificate = Some(certificate);
    service.tls.key = Some(key);
    service
}

/// The certificate of a pair whose key is its own.
pub(crate) fn paired(pair: &Pair) -> Option<Certificate> {
    let bundle = read(&pair.inputs(), &ReadOptions::default()).ok()?;
    let certificate = bundle.certificates.first()?.certificate.clone();
    (bundle.pairing(&certificate) == Verdict::Yes).then_some(certificate)
}
