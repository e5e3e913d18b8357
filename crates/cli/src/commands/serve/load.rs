//! From a service file to what is served: everything read, everything judged, or nothing.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use keyway_config::model::{ClientMode, Status};
use keyway_config::rules::Kind;
use keyway_config::{Finding, Service};
use keyway_report::{Evidence, Timestamp};
use keyway_termination::follow::Watch;
use keyway_termination::metrics::Lifetime;
use keyway_termination::protocol::ClientCas;
use keyway_termination::{Challenges, Entry, Listener, Site, SiteError, Supplies};
use rustls::crypto::aws_lc_rs;
use rustls::server::ProducesTickets;
use rustls::{ClientConfig, KeyLog, RootCertStore};

use super::clock;
use super::follow::Stamp;
use super::leaves::{Leaf, entry, leaf, lifetime};
use super::origin::Origin;
use super::reads::{named, stamped};
use crate::arguments::TrustArguments;
use crate::commands::service::{InFiles, findings, findings_with, has_errors, managed_name};
use crate::failure::Failure;
use crate::intent::issuing::{Managed, Shown};
use crate::intent::service::{
    self as intent, Judged, ServiceFile, clients, doubled, judge, shared_tickets,
};
use crate::intent::{files_of_roots, moment, system_roots};
use crate::terminal::{self, Exit, Look};
use crate::voice;

/// What is to be served, whole.
pub(super) struct Loaded {
    pub(super) site: Site,
    pub(super) listeners: Vec<Listener>,
    /// What it is called.
    pub(super) title: String,
    pub(super) lifetimes: Vec<Lifetime>,
    /// The service as its file says it.
    pub(super) service: Service,
    /// Its certificates.
    pub(super) leaves: Vec<Leaf>,
    /// What was found and is no error, a line each.
    pub(super) noted: Vec<String>,
    /// Settings that have no effect, and why.
    pub(super) idle: Vec<(String, String)>,
}

/// Why it is not served.
pub(super) enum Refused {
    /// Something could not be read.
    Failure(Failure),
    /// It was read, and is not good: what was found, for people.
    Findings(String),
}

impl From<Failure> for Refused {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

impl Loaded {
    /// Says what was found.
    pub(super) fn tell(&self) {
        for note in &self.noted {
            terminal::note(note);
        }
    }
}

impl Refused {
    /// Says it, and ends as it has to end.
    pub(super) fn told(self) -> Result<Exit, Failure> {
        match self {
            Self::Failure(failure) => Err(failure),
            Self::Findings(text) => {
                terminal::print(&text)?;
                Ok(Exit::Findings)
            }
        }
    }

    /// The same for who reads on.
    pub(super) fn words(&self) -> String {
        match self {
            Self::Failure(failure) => voice::failure(failure),
            Self::Findings(text) => text.trim_end().to_owned(),
        }
    }
}

/// Reads what is to be served, as often as that is wanted.
pub(super) struct Loader<'a> {
    origin: Origin,
    state: Option<&'a Path>,
    trust: &'a TrustArguments,
    look: Look,
    /// Keys of session tickets, and what they hold for: with other CAs of clients, nobody comes back unasked.
    tickets: Option<(Arc<dyn ProducesTickets>, ClientMode, ClientCas)>,
    read: Vec<(PathBuf, Stamp)>,
    key_log: Option<Arc<dyn KeyLog>>,
    /// What a CA is shown that looks for it.
    shown: Option<Shown>,
    /// Whether the certificate of what was read last is made here.
    is_managed: bool,
    /// When each of the OCSP responses is over that are stapled by what is served.
    staples_end: Vec<Timestamp>,
    /// Whom what was found good last lets in.
    lets_in: Option<ClientCas>,
    connections: Option<u32>,
}

impl<'a> Loader<'a> {
    pub(super) fn new(origin: Origin, trust: &'a TrustArguments, look: Look) -> Self {
        Self {
            origin,
            state: None,
            trust,
            look,
            tickets: None,
            read: Vec::new(),
            key_log: None,
            shown: None,
            is_managed: false,
            staples_end: Vec::new(),
            lets_in: None,
            connections: None,
        }
    }

    /// The same, with what is made for the service in a folder that was named.
    pub(super) fn in_state(self, state: Option<&'a Path>) -> Self {
        Self { state, ..self }
    }

    /// The same, with so many connections at a time where the file says nothing of them.
    pub(super) fn with_room_for(self, connections: Option<u32>) -> Self {
        Self {
            connections,
            ..self
        }
    }

    /// The same, and somebody is told the secrets of every connection.
    pub(super) fn with_key_log(mut self, key_log: Option<Arc<dyn KeyLog>>) -> Self {
        self.key_log = key_log;
        self
    }

    /// The same, and a CA is shown what it looks for.
    pub(super) fn with_shown(mut self, shown: Option<Shown>) -> Self {
        self.shown = shown;
        self
    }

    /// Whether the certificate of what was read last is made and renewed here.
    pub(super) fn is_managed(&self) -> bool {
        self.is_managed
    }

    /// The files that what was read last came from, as they were before.
    pub(super) fn watch(&self) -> Watch<PathBuf, Stamp> {
        Watch::of(self.read.clone())
    }

    /// How many of the OCSP responses that were stapled are over since this was asked last: none of them is stapled
    /// any more, and all is to be read again.
    pub(super) fn are_over(&mut self) -> usize {
        let before = self.staples_end.len();
        if before > 0
            && let Ok(now) = moment(self.trust.at.as_deref())
        {
            self.staples_end.retain(|ends| now <= *ends);
        }
        before - self.staples_end.len()
    }

    /// All that is read when it is read again: those, and whom to trust.
    pub(super) fn reads(&self) -> Vec<PathBuf> {
        let files = self.read.iter().map(|(file, _)| file);
        let roots = files_of_roots(&self.trust.roots);
        files.chain(roots).cloned().collect()
    }

    pub(super) fn load(&mut self) -> Result<Loaded, Refused> {
        self.load_as(|_| {})
    }

    /// The same, of a service that is changed when it was found good.
    pub(super) fn load_as(&mut self, change: impl Fn(&mut Service)) -> Result<Loaded, Refused> {
        let file = match &self.origin {
            Origin::File(path) => {
                // Where it cannot be read, nothing else makes it good.
                self.read = stamped([path.clone()]);
                ServiceFile::open(path)?.in_state(self.state)
            }
            Origin::Words(service) => {
                self.read.clear();
                ServiceFile::of_text(&service.to_toml())?
            }
        };
        let managed = Managed::of(&file)?;
        self.is_managed = managed.is_some();
        let trust = &managed
            .as_ref()
            .map_or_else(|| self.trust.clone(), |it| it.trust(self.trust));
        let managed = managed.map(|it| it.served_so_far(&file.draft.service));
        let (managed, left) = managed.transpose()?.unzip();
        let service = managed.as_ref().unwrap_or(&file.draft.service);
        self.read.extend(stamped(named(&file, service)));
        let found = findings(&file, &file.draft, managed_name(&file).as_deref());
        if has_errors(&found) {
            return Err(self.refused(&file, &found, &[]));
        }
        let is_tls = service.status() != Status::Disabled;
        let judged = if is_tls {
            judge(&file, service, trust)?
        } else {
            Vec::new()
        };
        if judged.iter().any(|judged| judged.servable.is_err()) {
            return Err(self.refused(&file, &found, &judged));
        }
        let doubled = doubled(&judged);
        if !doubled.is_empty() {
            let in_files = InFiles {
                doubled,
                ..InFiles::default()
            };
            let found = findings_with(&file, &file.draft, None, &in_files);
            return Err(self.refused(&file, &found, &judged));
        }
        let lifetimes = judged.iter().filter_map(lifetime).collect();
        let certificates = judged.iter().map(entry);
        let certificates = certificates.collect::<Result<Vec<Entry>, Failure>>()?;
        let staples = || judged.iter().filter_map(|judged| judged.staple.as_ref());
        let read = if is_tls {
            clients(&file, service)?
        } else {
            intent::ClientCas::default()
        };
        let shut_out = read.shut_out(moment(trust.at.as_deref())?);
        let clients = ClientCas::from(read);
        // What is served already comes to no harm by being served on; a certificate that ends does.
        if !shut_out.is_empty() && self.lets_in.as_ref() != Some(&clients) {
            let in_files = InFiles {
                shut_out,
                ..InFiles::default()
            };
            let found = findings_with(&file, &file.draft, None, &in_files);
            return Err(self.refused(&file, &found, &judged));
        }
        let supplies = Supplies {
            certificates,
            upstream_tls: upstream_tls(service)?,
            clock: clock::of(trust)?,
            clients: clients.clone(),
            key_log: self.key_log.clone(),
            challenges: self.shown.as_ref().map(challenges).transpose()?,
        };
        let tickets = match shared_tickets(&file, service, &supplies.clients)? {
            Some(shared) => shared,
            None => self.tickets(service.tls.client.mode, &supplies.clients)?,
        };
        let mut changed = service.clone();
        changed.limits.connections = changed.limits.connections.or(self.connections);
        change(&mut changed);
        let site = Site::new(&changed, &supplies, &tickets).map_err(Failure::from)?;
        let listeners = Listener::all_of(service).map_err(Failure::from)?;
        let warnings = judged.iter().flat_map(voice::service::warnings);
        let warnings = warnings.chain(shut_out.iter().map(Evidence::message));
        let left = left.filter(|left| !left.is_empty());
        let warnings = warnings.chain(left.map(|left| voice::renew::not_yet(&left)));
        let warnings: Vec<String> = warnings.collect();
        let stapled = staples().filter(|staple| staple.response.is_ok());
        self.staples_end = stapled.filter_map(|staple| staple.until).collect();
        self.lets_in = Some(clients);
        Ok(Loaded {
            site,
            listeners,
            title: voice::serve::title(service),
            leaves: judged.iter().filter_map(leaf).collect(),
            service: service.clone(),
            lifetimes,
            idle: idle(&found),
            noted: found
                .iter()
                .map(voice::service::note)
                .chain(warnings.iter().map(|text| voice::service::warning(text)))
                .collect(),
        })
    }

    fn refused(&self, file: &ServiceFile, found: &[Finding], judged: &[Judged]) -> Refused {
        Refused::Findings(voice::service::checked(
            &file.path,
            &file.draft.service,
            found,
            judged,
            self.look,
        ))
    }

    /// The keys of tickets: the same as before, unless clients are asked for other certificates now. Whoever comes
    /// with a ticket is not asked again.
    fn tickets(
        &mut self,
        mode: ClientMode,
        clients: &ClientCas,
    ) -> Result<Arc<dyn ProducesTickets>, Failure> {
        if let Some((tickets, asked, judged_by)) = &self.tickets
            && (asked, judged_by) == (&mode, clients)
        {
            return Ok(Arc::clone(tickets));
        }
        let made = aws_lc_rs::Ticketer::new();
        let tickets = made.map_err(|error| Failure::from(SiteError::Tickets(error)))?;
        self.tickets = Some((Arc::clone(&tickets), mode, clients.clone()));
        Ok(tickets)
    }
}

/// The settings that have no effect, by what was found.
fn idle(found: &[Finding]) -> Vec<(String, String)> {
    let named = found.iter().filter_map(|finding| {
        let setting = match &finding.kind {
            Kind::HttpOnly(idle) => idle.field.to_owned(),
            Kind::TcpOnly(idle) => idle.field.to_owned(),
            Kind::ClientsNotAsked(idle) => idle.field.to_owned(),
            Kind::WithoutEffect(idle) => idle.fields.join(", "),
            _ => return None,
        };
        Some((setting, keyway_report::Kind::message(&finding.kind)))
    });
    named.collect()
}

/// How TLS is spoken to upstreams: by the system's CAs, with the protocols of the web.
fn upstream_tls(service: &Service) -> Result<Option<Arc<ClientConfig>>, Failure> {
    let is_tls = |upstream: &str| upstream.to_ascii_lowercase().starts_with("https://");
    if !service.upstream.iter().any(is_tls) {
        return Ok(None);
    }
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(system_roots()?);
    let provider = Arc::new(aws_lc_rs::default_provider());
    let config =
        ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let config = config.map_err(|error| Failure::from(SiteError::Tls(error)))?;
    let mut config = config.with_root_certificates(roots).with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Some(Arc::new(config)))
}

fn challenges(shown: &Shown) -> Result<Challenges, Failure> {
    let tls = shown.certificates.config();
    let answers = shown.answers.clone();
    Ok(Challenges {
        http: Arc::new(move |path| answers.answer(path)),
        tls: tls.map_err(|error| Failure::from(SiteError::Tls(error)))?,
    })
}
