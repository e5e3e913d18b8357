//! `keyway config export`

use std::path::Path;

use keyway_config::forms::{Form, Place, Trust, export_at, findings as lost};
use keyway_config::rules::Kind;
use keyway_config::rules::target_cannot_express::Fate;
use keyway_report::{Kind as _, Severity};
use zeroize::Zeroizing;

use super::trusted::{Trusted, Wrong, wrong};
use super::{InFiles, findings_with, managed_name};
use crate::arguments::ExportArguments;
use crate::failure::Failure;
use crate::intent::service::{ServiceFile, look, regular};
use crate::intent::{read_file, shown};
use crate::terminal::{self, Exit};
use crate::voice;

/// Writes a service in a form of another tool.
pub(crate) fn run(arguments: &ExportArguments) -> Result<Exit, Failure> {
    let file = ServiceFile::open(&arguments.file.file)?;
    let service = &file.draft.service;
    let to = arguments.to;
    let folder = std::path::absolute(file.folder()).unwrap_or_else(|_| file.folder());
    // `.` at the end is no part of a path that anybody reads.
    let folder: std::path::PathBuf = folder.components().collect();
    let text = |path: &str| {
        let path = folder.join(path);
        // What is no file is told when all are looked at.
        regular(&path).ok()?;
        let bytes = read_file(&path).ok()?.bytes;
        // What is no text holds no PEM, and is told from what is not there.
        Some(String::from_utf8_lossy(&bytes).into_owned())
    };
    let absolute = std::path::absolute(&file.path);
    let absolute = absolute.unwrap_or_else(|_| file.path.clone());
    let absolute = absolute.to_string_lossy();
    let folder_text = folder.to_string_lossy();
    let anywhere = Place::new(&text);
    let trusted = Trusted::of(&arguments.roots, arguments.profile, to)?;
    let place = Place {
        // Standard input lies nowhere.
        file: if file.path == Path::new("-") {
            anywhere.file
        } else {
            &absolute
        },
        folder: Some(&folder_text),
        replicas: arguments.replicas,
        image: &arguments.image,
        trust: Trust {
            roots: &trusted.roots,
            anchors: trusted.anchors.as_deref(),
            profile: trusted.profile.as_deref(),
        },
        class: arguments.class.as_deref(),
        post_quantum: arguments.post_quantum,
        ..anywhere
    };
    let mut exported = export_at(service, to, &place);
    let text = Zeroizing::new(std::mem::take(&mut exported.text));
    let unfit = |why: String| Failure::Unfit {
        path: file.path.clone(),
        why,
    };
    if let Some(refusal) = &exported.refused {
        return Err(unfit(refusal.to_string()));
    }
    let looked = look(&file, service, to.holds_keys())?;
    let lost = lost(&exported, to, &shown(&file.path));
    let unread = lost.iter().find(|finding| is_unread(&finding.kind));
    if let Some(finding) = unread.filter(|_| to.holds_keys()) {
        return Err(unfit(
            finding.kind.message().trim_end_matches('.').to_owned(),
        ));
    }
    terminal::print(&text)?;
    if holds_secrets(to, &file) {
        terminal::note(voice::service::HOLDS_SECRETS);
    }
    for note in &exported.notes {
        terminal::note(note);
    }
    for path in &looked.missing {
        terminal::note(&voice::service::not_here(path));
    }
    for pair in &looked.unpaired {
        terminal::note(&voice::service::stranger(&pair.certificate, &pair.key));
    }
    let wrong = if looked.missing.is_empty() {
        wrong(&file, arguments)?
    } else {
        Wrong::default()
    };
    for judged in &wrong.refused {
        terminal::note(&voice::service::is_not_served(judged));
    }
    let in_files = InFiles {
        doubled: wrong.doubled,
        ..InFiles::default()
    };
    let managed = managed_name(&file);
    let mut found = findings_with(&file, &file.draft, managed.as_deref(), &in_files);
    // A field that is not known is in no form, and that is no fault of the form's.
    found.retain(|finding| finding.severity() == Severity::Error);
    let is_wrong = !found.is_empty() || !looked.unpaired.is_empty() || !wrong.refused.is_empty();
    found.extend(lost);
    for finding in &found {
        terminal::note(&voice::service::note(finding));
    }
    Ok(if is_wrong {
        Exit::Findings
    } else {
        Exit::Clean
    })
}

fn is_unread(kind: &Kind) -> bool {
    matches!(kind, Kind::TargetCannotExpress(lost) if lost.fate == Fate::Unread)
}

fn holds_secrets(to: Form, file: &ServiceFile) -> bool {
    to.holds_keys() && !file.draft.service.keys().is_empty()
}
