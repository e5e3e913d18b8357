//! What `enable`, `update` and `disable` share: an edit is tried, judged, shown, written.

use keyway_config::{Draft, Edit};

use super::{findings, has_errors};
use crate::arguments::{ChangeArguments, TrustArguments};
use crate::failure::Failure;
use crate::intent::service::{Judged, Names, ServiceFile, judge, save};
use crate::terminal::{self, Exit, Look};
use crate::voice;

/// A change that was worked out and not made yet.
pub(super) struct Proposal<'c> {
    /// The file as it is.
    pub(super) file: ServiceFile,
    /// What is changed.
    pub(super) edit: Edit,
    /// The managed name that it gives.
    pub(super) named: Option<Named>,
    /// By what certificates are judged; `None` where none is looked at.
    pub(super) trust: Option<&'c TrustArguments>,
    /// Whether nothing is written.
    pub(super) dry_run: bool,
}

/// A managed name, and where it is kept.
pub(super) struct Named {
    name: String,
    /// Whether it was made just now.
    is_new: bool,
    names: Names,
}

impl Proposal<'_> {
    /// Tries the edit, and makes the change when nothing speaks against it.
    pub(super) fn carry_out(self, look: Look) -> Result<Exit, Failure> {
        let old = &self.file.draft;
        let new = self.edit.apply(old).map_err(Failure::Edit)?;
        let made = self.named.as_ref().filter(|named| named.is_new);
        let made = made.map(|named| named.name.as_str());
        let found = findings(&self.file, &new, None);
        let judged = match self.trust {
            Some(trust) => judge(&self.file, &new.service, trust)?,
            None => Vec::new(),
        };
        if has_errors(&found) || judged.iter().any(is_refused) {
            let refused: Vec<&Judged> = judged.iter().filter(|judged| is_refused(judged)).collect();
            terminal::print(&voice::service::refused(
                &self.file.path,
                &found,
                &refused,
                look,
            ))?;
            return Ok(Exit::Findings);
        }
        let before = self
            .trust
            .and_then(|trust| served_before(&self.file, &new, trust));
        let told = voice::service::Change {
            path: &self.file.path,
            old: self.file.exists.then_some(old),
            new: &new,
            made,
            before: before.as_deref().unwrap_or_default(),
            now: &judged,
            found: &found,
            dry_run: self.dry_run,
        };
        let text = voice::service::changed(&told, look);
        if !self.dry_run {
            // The name first: a file that speaks of a name that nobody keeps would be worse.
            if let Some(Named { name, names, .. }) = &self.named
                && names.existing().as_deref() != Some(name)
            {
                names.keep(name, &self.file.path)?;
            }
            if new.text() != old.text() || !self.file.exists {
                let holds_secrets = |draft: &Draft| !draft.service.open_secrets().is_empty();
                let is_private = holds_secrets(&new) || holds_secrets(old);
                save(&self.file.path, new.text(), is_private)?;
            }
        }
        terminal::print(&text)?;
        Ok(Exit::Clean)
    }
}

/// The certificates that are served now, for what changes for clients; where they cannot be read any
/// more there is nothing to compare with.
fn served_before(file: &ServiceFile, new: &Draft, trust: &TrustArguments) -> Option<Vec<Judged>> {
    let old = &file.draft.service;
    if old.tls.certificate == new.service.tls.certificate {
        return None;
    }
    judge(file, old, trust).ok()
}

/// Whether a certificate must not be served: it is not the key's, not the host's, out of its time, or
/// refused by clients. What is only unknown does not stop anybody.
fn is_refused(judged: &Judged) -> bool {
    let verdicts = judged.report.verdicts;
    let no = keyway_report::Verdict::No;
    let pairs = verdicts.pairs == keyway_report::Verdict::Yes;
    !pairs || verdicts.servable == no || verdicts.accepted == no
}

/// The edit that the flags of `enable` and `update` ask for, and a managed name where one is made.
pub(super) fn asked(
    file: &ServiceFile,
    change: &ChangeArguments,
) -> Result<(Edit, Option<Named>), Failure> {
    let mut edit = Edit::new();
    let path = |path: &std::path::Path| relative(file, path);
    let there_is = file.draft.service.tls.leaf_domain_label.as_ref();
    let label = change.leaf_domain_label.as_ref();
    if let Some(label) = label.or(there_is.filter(|_| change.overwrites())) {
        return managed(file, label, change);
    }
    if change.overwrites() {
        return Err(Failure::NoLabel);
    }
    if !change.host.is_empty() {
        edit = edit.set_list("host", &change.host);
    }
    if change.cert.is_some() || change.key.is_some() {
        for gone in [
            "tls.leaf_domain_label",
            "tls.overwrite_existing_domain",
            "tls.renew",
        ] {
            edit = edit.remove(gone);
        }
        edit = edit.set("tls.status", "enabled");
    }
    if let Some(cert) = &change.cert {
        edit = edit.set("tls.certificate", &path(cert));
    }
    if let Some(key) = &change.key {
        edit = edit.set("tls.key", &path(key)).remove("tls.password");
    }
    if let Some(file) = &change.password_file {
        edit = edit.set_secret("tls.password", "file", &path(file));
    }
    if let Some(name) = &change.password_env {
        edit = edit.set_secret("tls.password", "env", name);
    }
    Ok((edit, None))
}

/// A path as the service file writes it: from its own folder.
fn relative(file: &ServiceFile, path: &std::path::Path) -> String {
    let folder = file.folder();
    let inside = path.strip_prefix(&folder).ok();
    let written = match inside {
        Some(inside) => inside.to_path_buf(),
        None if path.is_absolute() || folder == std::path::Path::new(".") => path.to_path_buf(),
        None => std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf()),
    };
    written.to_string_lossy().into_owned()
}

fn managed(
    file: &ServiceFile,
    label: &str,
    change: &ChangeArguments,
) -> Result<(Edit, Option<Named>), Failure> {
    let tls = &file.draft.service.tls;
    let zone = change.zone.as_ref().or(tls.zone.as_ref());
    let zone = zone.ok_or(Failure::NoZone)?;
    let region = change.region.as_ref().or(tls.region.as_ref());
    let parent = match region {
        Some(region) => format!("{region}.{zone}"),
        None => zone.clone(),
    };
    let names = Names::of(change.state.state.as_deref(), &file.path)?;
    // A command that was killed may have kept a name that never came into the file: the file's own wins.
    let is_ours = |name: &str| keyway_config::ManagedName::parse(name, label, &parent).is_some();
    let written = file.draft.service.host.iter().find(|name| is_ours(name));
    let existing = written.map(str::to_owned).or_else(|| names.existing());
    if let Some(fault) = keyway_config::LabelFault::of(label, existing.as_deref()) {
        let given = label.to_owned();
        return Err(Failure::Label { given, fault });
    }
    let kept = existing.filter(|name| !change.overwrites() && is_ours(name));
    let is_new = kept.is_none();
    let name = match kept {
        Some(name) => name,
        None => names.make(label, &parent)?.to_string(),
    };
    let mut edit = Edit::new()
        .set("host", &name)
        .set("tls.status", "auto")
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
        is_new,
        names,
    };
    Ok((edit, Some(named)))
}
