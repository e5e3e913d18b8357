//! What the flags of `enable` and `update` ask of a service file.

use std::path::{Path, PathBuf};

use keyway_config::model::Status;
use keyway_config::{Edit, LabelFault, ManagedName};

use super::chosen::Chosen;
use crate::arguments::ChangeArguments;
use crate::failure::Failure;
use crate::intent::service::{Names, ServiceFile, needs_password, parent, standing_name};
use crate::voice;

/// Where a managed name comes from.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Origin {
    /// It stands in the file.
    Written,
    /// It was kept for a file that does not have it.
    Again,
    /// It was made just now.
    Made,
}

/// A managed name, and where it is kept.
pub(super) struct Named {
    name: String,
    origin: Origin,
    /// What is to be known of it and other files.
    note: Option<String>,
    names: Names,
}

impl Named {
    /// The name, where it was made just now.
    pub(super) fn made(&self) -> Option<&str> {
        (self.origin == Origin::Made).then_some(self.name.as_str())
    }

    /// What is said of it and other files.
    pub(super) fn note(&self) -> Option<&str> {
        self.note.as_deref()
    }

    /// Keeps it for a service.
    pub(super) fn keep(&self, service: &Path) -> Result<(), Failure> {
        let is_again = self.origin == Origin::Again;
        if !is_again && self.names.existing().as_ref() == Some(&self.name) {
            return Ok(());
        }
        self.names.keep(&self.name, service, is_again)
    }
}

/// Which command asks.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Asking {
    /// `enable`, which puts the service behind TLS.
    Enable,
    /// `update`, which leaves a disabled service disabled.
    Update,
}

/// The edit that the flags of `enable` and `update` ask for, and a managed name where one is made.
pub(super) fn asked(
    file: &ServiceFile,
    change: &ChangeArguments,
    asking: Asking,
) -> Result<(Edit, Option<Named>), Failure> {
    let service = &file.draft.service;
    let stays_off = asking == Asking::Update && service.status() == Status::Disabled;
    let status = |word| if stays_off { "disabled" } else { word };
    let is_own = change.cert.is_some() || change.key.is_some();
    let there_is = service.tls.leaf_domain_label.as_deref().filter(|_| !is_own);
    if there_is.is_some() && !change.host.is_empty() {
        return Err(Failure::ManagedHost);
    }
    let chosen = Chosen::of(file, change)?;
    let stands = service.tls.key.is_some() || chosen.is_other();
    let has_key = change.key.is_some() || stands;
    if change.has_password() && !has_key {
        return Err(Failure::Unfit {
            path: file.path.clone(),
            why: voice::service::NOTHING_TO_OPEN.to_owned(),
        });
    }
    let is_asked = change.leaf_domain_label.is_some() || change.overwrites();
    if let Some(label) = change.leaf_domain_label.as_deref().or(there_is) {
        if is_asked || asking == Asking::Enable && can_be_made(file, label) {
            return managed(file, label, change, status("auto"));
        }
    } else if change.overwrites() {
        return Err(Failure::NoLabel);
    }
    let status = match asking {
        // A managed name stays beside the certificate of other hosts.
        _ if is_own && !chosen.is_other() => Some(status("enabled")),
        Asking::Enable => Some(named_already(file)?),
        Asking::Update => None,
    };
    Ok((own(file, change, chosen, status), None))
}

/// The status of what a file names already.
fn named_already(file: &ServiceFile) -> Result<&'static str, Failure> {
    let tls = &file.draft.service.tls;
    if tls.leaf_domain_label.is_some() {
        Ok("auto")
    } else if tls.certificate.is_some() || !tls.certificates.is_empty() {
        Ok("enabled")
    } else {
        Err(Failure::NothingToEnable(file.path.clone()))
    }
}

/// Whether the label of a file makes a name; where it does not, a finding says why, with its line.
fn can_be_made(file: &ServiceFile, label: &str) -> bool {
    let tls = &file.draft.service.tls;
    let is_own = tls.certificate.is_some() || tls.key.is_some() || !tls.certificates.is_empty();
    tls.zone.is_some() && LabelFault::of(label, None).is_none() && !is_own
}

/// Hosts and files of its own.
fn own(file: &ServiceFile, change: &ChangeArguments, chosen: Chosen, status: Option<&str>) -> Edit {
    let mut edit = Edit::new();
    let path = |path: &Path| relative(file, path);
    let field = |name: &str| format!("{}.{name}", chosen.table());
    if !change.host.is_empty() && chosen.takes_hosts() {
        edit = edit.set_list("host", &change.host);
    }
    if (change.cert.is_some() || change.key.is_some()) && !chosen.is_other() {
        for gone in [
            "tls.leaf_domain_label",
            "tls.overwrite_existing_domain",
            "tls.renew",
        ] {
            edit = edit.remove(gone);
        }
    }
    if let Some(status) = status {
        edit = edit.set("tls.status", status);
    }
    if let Some(cert) = &change.cert {
        edit = edit.set(&field("certificate"), &path(cert));
    }
    if let Some(key) = &change.key {
        edit = edit.set(&field("key"), &path(key));
        // One that opens nothing is told by whoever tries it; a new one takes the place of the one before.
        if !change.has_password() && !needs_password(key) {
            edit = edit.remove(&field("password"));
        }
    }
    if let Some(file) = &change.password_file {
        edit = edit.set_secret(&field("password"), "file", &path(file));
    }
    if let Some(name) = &change.password_env {
        edit = edit.set_secret(&field("password"), "env", name);
    }
    edit
}

/// A path as the service file writes it: from its own folder.
fn relative(file: &ServiceFile, path: &Path) -> String {
    let folder = file.folder();
    let inside = path.strip_prefix(&folder).ok();
    // The folder itself is no file, and is told by its name.
    let inside = inside.filter(|inside| *inside != Path::new(""));
    let written = match inside {
        Some(inside) => inside.to_path_buf(),
        None if path.is_absolute() || folder == Path::new(".") => path.to_path_buf(),
        None => std::path::absolute(path).unwrap_or_else(|_| PathBuf::from(path)),
    };
    written.to_string_lossy().into_owned()
}

fn managed(
    file: &ServiceFile,
    label: &str,
    change: &ChangeArguments,
    status: &str,
) -> Result<(Edit, Option<Named>), Failure> {
    let tls = &file.draft.service.tls;
    let zone = change.zone.as_ref().or(tls.zone.as_ref());
    let zone = zone.ok_or(Failure::NoZone)?;
    let region = change.region.as_ref().or(tls.region.as_ref());
    let parent = parent(region.map(String::as_str), zone);
    let names = Names::of(change.state.state.as_deref(), &file.path)?;
    // A command that was killed may have kept a name that never came into the file: the file's own wins.
    let is_ours = |name: &str| ManagedName::parse(name, label, &parent).is_some();
    let overwrites = change.overwrites() || tls.overwrite_existing_domain;
    let mut hosts = file.draft.service.host.iter();
    let written = hosts
        .find(|name| is_ours(name))
        .or_else(|| standing_name(file));
    let taken = written.and_then(|name| Some((name, names.holder(name)?)));
    if let Some((name, by)) = taken.filter(|_| !overwrites) {
        let name = name.to_owned();
        return Err(Failure::NameTaken { name, by });
    }
    // What was kept here may have gone on to another file meanwhile.
    let kept = names.existing().filter(|_| written.is_none());
    let moved = kept.as_ref().and_then(|name| {
        let to = names.holder(name).or_else(|| names.moved(name))?;
        Some(voice::service::name_moved(name, &to))
    });
    let later = written.and_then(|name| Some(voice::service::name_back(name, &names.later(name)?)));
    let kept = kept.filter(|_| moved.is_none());
    let is_written = written.is_some();
    let existing = written.map(str::to_owned).or(kept);
    if let Some(fault) = LabelFault::of(label, existing.as_deref()) {
        let given = label.to_owned();
        return Err(Failure::Label { given, fault });
    }
    if let Some(name) = names.beginning_with(label) {
        let given = label.to_owned();
        return Err(Failure::OthersName { given, name });
    }
    let before = existing.clone();
    let (name, origin) = match existing.filter(|_| !overwrites) {
        Some(name) if !is_ours(&name) => {
            return Err(Failure::NameStands { name, is_written });
        }
        Some(name) if is_written => (name, Origin::Written),
        Some(name) => (name, Origin::Again),
        None => (names.make(label, &parent)?.to_string(), Origin::Made),
    };
    let note = match origin {
        Origin::Written => later,
        Origin::Again => Some(voice::service::NAME_AGAIN.to_owned()),
        Origin::Made => moved,
    };
    let mut edit = Edit::new()
        .set_list("host", &hosts_with(file, &name, before.as_deref()))
        .set("tls.status", status)
        .set("tls.leaf_domain_label", label)
        .set("tls.zone", zone);
    if let Some(region) = region {
        edit = edit.set("tls.region", region);
    }
    for gone in [
        "tls.certificate",
        "tls.key",
        "tls.password",
        "tls.overwrite_existing_domain",
    ] {
        edit = edit.remove(gone);
    }
    let named = Named {
        name,
        origin,
        note,
        names,
    };
    Ok((edit, Some(named)))
}

/// The hosts of a service with a managed name, in the place of the one before. Hosts that somebody wrote beside it
/// stay; those of an own certificate go where it goes.
fn hosts_with(file: &ServiceFile, name: &str, before: Option<&str>) -> Vec<String> {
    let service = &file.draft.service;
    let tls = &service.tls;
    let is_own = tls.certificate.is_some() || tls.key.is_some();
    if is_own && tls.leaf_domain_label.is_none() {
        return vec![name.to_owned()];
    }
    let gone = [before, standing_name(file)];
    let hosts = service.host.iter();
    let mut hosts: Vec<String> = hosts
        .filter(|host| *host == name || !gone.contains(&Some(*host)))
        .map(str::to_owned)
        .collect();
    if !hosts.iter().any(|host| host == name) {
        hosts.insert(0, name.to_owned());
    }
    hosts
}
