//! `keyway config import`

mod placed;
mod sources;

pub(super) use placed::{Seen, is_for};

use std::cell::Cell;
use std::collections::BTreeSet;
use std::path::Path;

use keyway_config::forms::{Form, Main, Sources, import_from};
use keyway_config::model::Material;
use keyway_config::rules::Kind;
use keyway_config::{Finding, Service, Surroundings, check, read};
use keyway_report::Severity;
use zeroize::Zeroizing;

use crate::failure::Failure;
use crate::intent::service::regular;
use crate::intent::{read_file, shown};
use crate::terminal::{self, Exit};
use crate::voice;
use sources::Around;

/// Prints another tool's form as a service file.
pub(crate) fn run(file: &Path, from: Form) -> Result<Exit, Failure> {
    // Whoever opens a pipe waits for its other end.
    if file != Path::new("-") && regular(file).is_err() {
        return Err(Failure::SpecialGiven(file.to_path_buf()));
    }
    let given = read_file(file).map_err(|refused| refused.at(file))?;
    let text = std::str::from_utf8(&given.bytes).map_err(|error| Failure::NotUtf8 {
        path: file.to_path_buf(),
        byte: error.valid_up_to(),
    })?;
    let around = Around::of(file, from);
    let main_text = around.main().and_then(|main| around.text(main));
    let main_path = around.main().map(|main| main.to_string_lossy());
    let is_included = Cell::new(false);
    let is_own = |path: &str| {
        let is_own = around.is_own(path);
        is_included.set(is_included.get() || is_own);
        is_own
    };
    let main = main_path.as_deref().zip(main_text.as_deref());
    let sources = Sources {
        files: &|path| around.text(Path::new(path)),
        included: &|named| around.included(named),
        folder: around.folder(),
        main: main.map(|(path, text)| Main {
            path,
            text,
            is_own: &is_own,
        }),
    };
    let mut imported = import_from(text, from, &sources).map_err(|source| Failure::Import {
        path: file.to_path_buf(),
        source,
    })?;
    let service = &mut imported.service;
    let look = |material: &Material| match material {
        Material::Path(path) => {
            let text = Zeroizing::new(around.text(Path::new(path))?);
            Some(Seen::of(path, text.as_bytes()))
        }
        Material::Pem(text) => Some(Seen::of("tls.certificate", text.as_bytes())),
    };
    let names_of = |material: &Material| Some(look(material)?.names);
    let has_hosts = !service.host.is_empty();
    let mut is_named = name_by_certificate(service, names_of);
    let placed = placed::place(service, has_hosts, look);
    is_named |= name_by_certificate(service, names_of);
    let uncovered = placed::uncovered(service, names_of);
    terminal::print(&Zeroizing::new(imported.service.to_toml()))?;
    if is_named {
        terminal::note(voice::service::NAMED_BY_CERTIFICATE);
    }
    if !imported.service.open_secrets().is_empty() {
        terminal::note(voice::service::HOLDS_SECRETS);
    }
    if from == Form::Nginx && around.folder().is_none() && placed::is_relative(&imported.service) {
        terminal::note(voice::service::PATHS_COUNT_FROM_HERE);
    }
    if let Some(main) = around.main().filter(|_| !is_included.get()) {
        terminal::note(&voice::service::main_was_not_read(main));
    }
    for certificate in &placed.unused {
        terminal::note(&voice::service::for_no_host(certificate));
    }
    for certificate in &placed.unread {
        terminal::note(&voice::service::hosts_unknown(certificate));
    }
    for host in &uncovered {
        terminal::note(&voice::service::no_certificate_fits(host));
    }
    for what in &imported.lost {
        terminal::note(&voice::service::left_behind(what));
    }
    let (open, mut found) = unusable(&imported.service, &shown(file));
    for finding in &open {
        terminal::note(&voice::service::still_open(finding));
    }
    found.extend(imported.findings);
    for finding in &found {
        terminal::note(&voice::service::note(finding));
    }
    let folders = folders(&imported.service);
    for folder in &folders {
        terminal::note(&voice::service::folder_of_certificates(folder));
    }
    Ok(
        if found.is_empty() && uncovered.is_empty() && folders.is_empty() {
            Exit::Clean
        } else {
            Exit::Findings
        },
    )
}

/// Takes the hosts of a form that says none from the certificate, where it can be read, but for those that have one of
/// their own; whether there were any.
fn name_by_certificate(
    service: &mut Service,
    names_of: impl Fn(&Material) -> Option<Vec<String>>,
) -> bool {
    if service.host.is_empty()
        && let Some(certificate) = &service.tls.certificate
    {
        let others = service.tls.certificates.iter().flat_map(|own| &own.host.0);
        let others: BTreeSet<String> = others.map(|host| host.to_ascii_lowercase()).collect();
        let mut names = names_of(certificate).unwrap_or_default();
        names.retain(|name| !others.contains(&name.to_ascii_lowercase()));
        service.host.0 = names;
        return !service.host.is_empty();
    }
    false
}

/// What is still to be said, as the form says it elsewhere or nowhere; and what is wrong with what came of it, as a
/// check of the file that it becomes would say.
fn unusable(service: &Service, input: &str) -> (Vec<Finding>, Vec<Finding>) {
    // What was just written is read again.
    let draft = read(&service.to_toml()).ok();
    let found = draft.map(|draft| check(&draft, input, &Surroundings::default()));
    let mut found = found.unwrap_or_default();
    found.retain(|finding| finding.severity() == Severity::Error);
    // Azure has the zone by itself, and the files of certificates elsewhere.
    let is_open = |finding: &Finding| {
        let kind = &finding.kind;
        matches!(kind, Kind::IncompleteTriple(_) | Kind::NoManagedZone(_))
    };
    found.into_iter().partition(is_open)
}

/// Certificates that are folders on this machine: HAProxy takes every file in one.
fn folders(service: &Service) -> Vec<&str> {
    let own = service.tls.certificates.iter().map(|own| &own.certificate);
    let all = service.tls.certificate.iter().chain(own);
    let paths = all.filter_map(Material::path);
    paths.filter(|path| Path::new(path).is_dir()).collect()
}
