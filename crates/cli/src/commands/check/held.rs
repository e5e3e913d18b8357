//! The certificates that stand in the files, and whether a server should serve them.

use std::path::Path;

use keyway_chain::{CertificateFacts, Report, check};
use keyway_config::model::Status;
use keyway_report::{Finding, Kind, Severity, Verdict};

use crate::arguments::{CheckArguments, JudgeArguments, TrustArguments};
use crate::commands::service::{findings, has_errors, managed_name};
use crate::failure::Failure;
use crate::formats::connection::Link;
use crate::intent::issuing::Managed;
use crate::intent::service::{Judged, ServiceFile, ServiceHost, judge_at_rest};
use crate::intent::{Heap, Standard, Target, TargetFault};
use crate::voice;
use crate::voice::connection::links as words;

/// What the files hold for the host that is connected to.
pub(super) struct Held {
    /// The reports on the certificates for it: of a heap of files one, of a service file each.
    pub(super) reports: Vec<Report>,
    /// Why nobody serves them, whatever the reports say.
    refused: Option<String>,
    /// What was not looked at.
    pub(super) not_checked: Vec<String>,
    /// Who says more of them.
    pub(super) says_more: &'static str,
}

/// A service file that stands in the place of certificates.
pub(super) struct Service {
    file: ServiceFile,
    judged: Vec<Judged>,
    /// Its hosts, as a client asks for them.
    hosts: Vec<String>,
    /// Whether who asks for no host of it gets its own certificate.
    has_default: bool,
    /// Whether nobody is behind TLS.
    is_disabled: bool,
}

impl Service {
    /// Reads it, where the one FILE that was given is one by its name.
    pub(super) fn read(arguments: &CheckArguments) -> Result<Option<Self>, Failure> {
        let input = &arguments.input;
        let [path] = input.files.as_slice() else {
            return Ok(None);
        };
        if !is_service(path) {
            return Ok(None);
        }
        let password = &input.password;
        for (option, is_given) in [
            ("--key", !input.key.is_empty()),
            ("--password-file", !password.password_file.is_empty()),
            ("--password-env", !password.password_env.is_empty()),
        ] {
            if is_given {
                return Err(TargetFault::BesideService(option).into());
            }
        }
        let file = ServiceFile::open(path)?;
        let managed = Managed::of(&file)?;
        let trust = trust(&arguments.judge);
        let trust = managed
            .as_ref()
            .map_or_else(|| trust.clone(), |managed| managed.trust(&trust));
        let said = &file.draft.service;
        let service = managed.map_or_else(|| said.clone(), |managed| managed.served(said));
        let judged = judge_at_rest(&file, &service, &trust)?;
        let hosts = ServiceHost::all(&service, &judged, managed_name(&file).as_deref());
        Ok(Some(Self {
            judged,
            hosts: hosts.iter().map(ServiceHost::asked).collect(),
            has_default: service.tls.default_certificate,
            is_disabled: service.status() == Status::Disabled,
            file,
        }))
    }

    /// The host that is asked for where an address is connected to, and nothing else was said.
    pub(super) fn first_name(&self) -> Option<&str> {
        let mut hosts = self.hosts.iter().filter(|host| !is_address(host));
        hosts.next().map(String::as_str)
    }

    /// What it holds for a host.
    pub(super) fn held(self, asked: &str) -> Held {
        let found = findings(&self.file, &self.file.draft, None);
        let host = ServiceHost::read(asked);
        let ours = host.map_or_else(Vec::new, |host| host.shown(&self.judged));
        let mut certificates: Vec<String> = ours.iter().filter_map(|it| sha256(it)).collect();
        if certificates.is_empty() && self.has_default {
            let own = self.judged.iter().filter(|judged| judged.is_default);
            certificates.extend(own.filter_map(sha256));
        }
        let bad = self.judged.iter().find(|judged| is_bad(&judged.report));
        let refused = if has_errors(&found) {
            Some(words::service_refused(codes(&found)))
        } else if self.is_disabled {
            Some(words::TLS_DISABLED.to_owned())
        } else {
            bad.map(|bad| words::certificate_refused(&bad.name, codes(&bad.report.findings)))
        };
        let refused = refused.or_else(|| {
            let is_none = certificates.is_empty();
            is_none.then(|| words::for_nobody(asked))
        });
        let others = self.hosts.iter().filter(|host| *host != asked).count();
        let reports = self.judged.into_iter();
        let reports = reports.filter(|it| sha256(it).is_some_and(|it| certificates.contains(&it)));
        Held {
            reports: reports.map(|judged| judged.report).collect(),
            refused,
            not_checked: words::other_hosts(others).into_iter().collect(),
            says_more: "keyway config check FILE",
        }
    }
}

impl Held {
    /// Reads and judges a heap of files; `None` where there is none.
    pub(super) fn in_heap(
        arguments: &CheckArguments,
        standard: &Standard,
    ) -> Result<Option<Self>, Failure> {
        if arguments.input.files.is_empty() {
            return Ok(None);
        }
        let bundle = Heap::gather(&arguments.input)?.bundle()?;
        Ok(Some(Self {
            reports: vec![check(&bundle, &standard.options())],
            refused: None,
            not_checked: Vec::new(),
            says_more: "keyway check FILE",
        }))
    }

    /// The certificates.
    pub(super) fn leaves(&self) -> impl Iterator<Item = &CertificateFacts> + Clone {
        self.reports.iter().filter_map(voice::leaf)
    }

    /// Whether there is a certificate that a server should serve.
    pub(super) fn link(&self) -> Link {
        let leaf = self.leaves().next();
        let bad = self.reports.iter().find(|report| is_bad(report));
        let refused = self.refused.clone().or_else(|| {
            let leaf = bad.and_then(voice::leaf)?;
            let codes = bad.map(|report| codes(&report.findings));
            Some(words::bad_in_files(leaf, codes.unwrap_or_default()))
        });
        Link {
            name: "file",
            holds: Verdict::known(leaf.is_some() && refused.is_none()),
            why: refused.unwrap_or_else(|| words::in_files(leaf)),
        }
    }
}

/// Whether no server takes it, or no client that asks for the host.
fn is_bad(report: &Report) -> bool {
    let verdicts = &report.verdicts;
    verdicts.servable.and(verdicts.accepted) == Verdict::No
}

/// The codes of what is an error.
fn codes<K: Kind>(found: &[Finding<K>]) -> Vec<&'static str> {
    let errors = found.iter();
    let errors = errors.filter(|found| found.severity() == Severity::Error);
    errors.map(Finding::code).collect()
}

fn sha256(judged: &Judged) -> Option<String> {
    let leaf = judged.report.certificates.first()?;
    Some(leaf.sha256.clone())
}

fn is_address(host: &str) -> bool {
    host.parse::<std::net::IpAddr>().is_ok()
}

/// Service files are told by their endings: TOML or JSON, which no certificate is.
fn is_service(path: &Path) -> bool {
    let ending = path.extension();
    ending.is_some_and(|it| it.eq_ignore_ascii_case("toml") || it.eq_ignore_ascii_case("json"))
}

fn trust(judge: &JudgeArguments) -> TrustArguments {
    TrustArguments {
        roots: judge.roots.clone(),
        profile: judge.profile,
        at: judge.at.clone(),
    }
}

/// Asks for a host of the service where an address is connected to, and no name was given.
pub(super) fn asked_of(service: &Service, target: &mut Target) {
    if target.name().is_none()
        && let Some(first) = service.first_name()
    {
        first.clone_into(&mut target.asked);
    }
}
