//! A certificate that is made and renewed here: for what, by whom, and where it is kept.
//!
//! ```text
//! STATE/certificates/HOST/                what `keyway_issue::store::Folder` keeps: the pair that is served, what has been
//!                                         asked for, how the last attempts ended, who is at it
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
use keyway_issue::renewal::{History, Validity};
use keyway_issue::store::Folder;
use keyway_issue::{Identifier, Pair, Pairs};
use keyway_report::{Timestamp, Verdict};
use serde::{Deserialize, Serialize};

use super::covered::covers;
use super::issuer::{Issuer, LETS_ENCRYPT, STAGING};
use crate::arguments::{Profile, TrustArguments};
use crate::failure::Failure;
use crate::intent::service::{Names, ServiceFile, state_folder};
use crate::intent::workshop::identifiers;
use crate::voice;

/// How renewing went.
const RECORD: &str = "renewal.json";

/// The service file that a copy of what a store has is for.
const CLAIM: &str = "service";

/// Most bytes of a name of a folder; file systems take 255.
const MAX_NAME: usize = 200;

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

/// How renewing it went so far, as it is kept.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Record {
    #[serde(flatten)]
    pub(crate) history: History,
    /// How many of the failures the CA may have counted.
    pub(crate) counted: u32,
    /// Why the last attempt failed, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) error: Option<String>,
    /// What the certificate that is in place was made for; `None` where nobody noted it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) made: Option<Made>,
}

/// What a certificate was made for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Made {
    /// The hosts that were asked for: a CA may have added others.
    pub(crate) hosts: Vec<String>,
    /// Who was asked, and for which kind.
    pub(crate) by: String,
    /// The service file.
    pub(crate) service: PathBuf,
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
        let Some(first) = hosts.first() else {
            return Err(Failure::Need(voice::renew::NO_NAME.to_owned()));
        };
        let issuer = Issuer::of(service);
        let acme = &service.tls.acme;
        let kind = [acme.profile.as_deref(), acme.chain.as_deref()];
        let kind: Vec<&str> = kind.into_iter().flatten().collect();
        Ok(Some(Self {
            name: called(&first.to_string()),
            is_staged: false,
            wanted: Made {
                hosts: hosts.iter().map(ToString::to_string).collect(),
                by: format!("{} {}", issuer.word(), kind.join(" "))
                    .trim()
                    .to_owned(),
                service: std::path::absolute(&file.path).unwrap_or_else(|_| file.path.clone()),
            },
            issuer,
            hosts,
            state: state_folder(state)?,
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
        self.state.join("certificates").join("local.pem")
    }

    /// The root that clients have to be told of, as they have it from nobody else.
    pub(crate) fn root_to_name(&self) -> Option<PathBuf> {
        (self.issuer == Issuer::Local).then(|| self.local_root())
    }

    /// Whether the certificate that is in place is for what is wanted now, and by whom.
    pub(super) fn is_wanted(&self, certificate: &Certificate, record: &Record) -> bool {
        match &record.made {
            Some(made) => (&made.hosts, &made.by) == (&self.wanted.hosts, &self.wanted.by),
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

    /// Whether this path leads to its own service file: that may be called by the name of a link, too.
    pub(super) fn is_by(&self, other: &Path) -> bool {
        let own = &self.wanted.service;
        other == own
            || own
                .canonicalize()
                .is_ok_and(|own| other.canonicalize().is_ok_and(|it| it == own))
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
        theirs.is_none_or(|it| {
            (it.hosts, it.by) != (self.wanted.hosts.clone(), self.wanted.by.clone())
        })
    }

    /// The same by Let's Encrypt's CA for trying things.
    pub(crate) fn staged(mut self) -> Result<Self, Failure> {
        let is_its = |url: &str| self.issuer == Issuer::Acme(url.to_owned());
        if !is_its(LETS_ENCRYPT) && !is_its(STAGING) {
            return Err(Failure::Need(voice::renew::NO_STAGING.to_owned()));
        }
        self.issuer = Issuer::Acme(STAGING.to_owned());
        // What is tried takes the place of nothing.
        self.name += "+staging";
        self.is_staged = true;
        Ok(self)
    }

    pub(super) fn pairs(&self) -> Pairs {
        Pairs::at(self.state.join("certificates"))
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

    /// The folders that a server of it reads.
    pub(crate) fn reads(&self) -> [PathBuf; 2] {
        [
            self.state.join("certificates"),
            self.answers().folder().to_path_buf(),
        ]
    }

    /// The folders that somebody writes to who renews it.
    pub(crate) fn writes(&self) -> [PathBuf; 2] {
        [self.state.join("certificates"), self.state.join("acme")]
    }

    /// Where a CA's looks by http-01 are answered from.
    pub(crate) fn answers(&self) -> Answers {
        Answers::at(self.state.join("acme").join("challenges"))
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

    /// The service with this pair as its own.
    pub(crate) fn served(&self, service: &Service) -> Service {
        let places = self.places();
        let path = |path: &Path| Material::Path(path.to_string_lossy().into_owned());
        self.serving(service, path(&places.chain), path(&places.key))
    }

    /// The same with a pair that is nowhere yet.
    pub(crate) fn trying(&self, service: &Service, pair: &Pair) -> Service {
        let chain = Material::new(&pair.chain);
        self.serving(service, chain, Material::new(&pair.key))
    }

    fn serving(&self, service: &Service, certificate: Material, key: Material) -> Service {
        let mut service = service.clone();
        service.host = Listed(self.hosts.iter().map(ToString::to_string).collect());
        service.tls.certificate = Some(certificate);
        service.tls.key = Some(key);
        service
    }

    /// How renewing it went so far.
    pub(crate) fn record(&self) -> Record {
        let path = self.folder().join(RECORD);
        // Whoever opens a pipe waits for its other end.
        let is_file = path.metadata().is_ok_and(|facts| facts.is_file());
        let text = is_file.then(|| fs::read_to_string(&path).ok()).flatten();
        Record::read(text.as_deref())
    }

    /// A record that begins anew, for a certificate that was made just now; `before` is that of the one in place.
    pub(crate) fn fresh(&self, before: &Record, now: Timestamp) -> Record {
        let former = self.current().ok().flatten();
        let validity = former.map(|(_, certificate)| Validity::of(&certificate));
        Record {
            history: before.history.followed(validity, now),
            made: Some(self.wanted.clone()),
            ..Record::default()
        }
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

impl Record {
    /// What is kept of it. What cannot be read is begun anew: nothing in it cannot be found out again.
    pub(super) fn read(text: Option<&str>) -> Self {
        serde_json::from_str(text.unwrap_or_default()).unwrap_or_default()
    }

    /// What [`Record::read`] reads: JSON.
    pub(super) fn render(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default()
    }
}

/// What a CA is called where its account is kept: a server has one.
pub(super) fn ca_name(directory: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
    let server = directory.trim_start_matches("https://");
    server.chars().map(plain).take(MAX_NAME).collect()
}

/// What a folder of a name is called: a name that is too long for a folder by its beginning, and by all of it.
fn called(name: &str) -> String {
    if name.len() <= MAX_NAME {
        return name.to_owned();
    }
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, name.as_bytes());
    let first: [u8; 8] = digest.as_ref().first_chunk().copied().unwrap_or_default();
    let beginning: String = name.chars().take(MAX_NAME).collect();
    format!("{beginning}+{:016x}", u64::from_be_bytes(first))
}

/// The certificate of a pair whose key is its own.
pub(crate) fn paired(pair: &Pair) -> Option<Certificate> {
    let bundle = read(&pair.inputs(), &ReadOptions::default()).ok()?;
    let certificate = bundle.certificates.first()?.certificate.clone();
    (bundle.pairing(&certificate) == Verdict::Yes).then_some(certificate)
}
