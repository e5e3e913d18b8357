//! `keyway config`

use std::path::Path;

use keyway_config::Finding;
use keyway_config::forms::{Place, export_at, findings as lost, import};
use keyway_config::rules::Kind;
use keyway_report::Severity;
use zeroize::Zeroizing;

use super::{findings, has_errors, managed_name};
use crate::arguments::{ConfigCommand, ListFormat};
use crate::commands::generate;
use crate::failure::Failure;
use crate::formats::json;
use crate::intent::service::{ServiceFile, judge};
use crate::intent::{read_file, shown};
use crate::terminal::{self, Exit, Look};
use crate::voice;

/// Does what was asked of a service file.
pub(crate) fn run(command: &ConfigCommand, look: Look) -> Result<Exit, Failure> {
    match command {
        ConfigCommand::Check {
            file,
            trust,
            format,
        } => {
            let file = ServiceFile::open(&file.file)?;
            let found = findings(&file, &file.draft, managed_name(&file).as_deref());
            let (judged, failure) = match judge(&file, &file.draft.service, trust) {
                Ok(judged) => (judged, None),
                Err(failure) => (Vec::new(), Some(failure)),
            };
            match format {
                // A certificate that cannot be read is said last, and of the file itself what there is.
                ListFormat::Text if failure.is_some() && found.is_empty() => {}
                ListFormat::Text => {
                    let text = voice::service::checked(&file.path, &found, &judged, look);
                    terminal::print(&text)?;
                }
                ListFormat::Json => {
                    let reports: Vec<_> = judged.iter().map(|judged| &judged.report).collect();
                    let mut answer = serde_json::json!({"findings": found, "reports": reports});
                    if let Some(failure) = &failure {
                        answer["missing"] = voice::failure(failure).into();
                    }
                    terminal::print(&json::ended(serde_json::to_string_pretty(&answer)))?;
                }
            }
            if let Some(failure) = failure {
                return Err(failure);
            }
            let is_refused = judged.iter().any(|judged| judged.report.has_errors());
            Ok(exit(has_errors(&found) || is_refused))
        }
        ConfigCommand::Show { file } => {
            let file = ServiceFile::open(&file.file)?;
            let service = file.draft.service.clone().redacted();
            terminal::print(&match file.draft.format {
                keyway_config::Format::Toml => service.to_toml(),
                keyway_config::Format::Json => service.to_json(),
            })?;
            // What is not understood is not shown, and not lost in silence.
            let found = findings(&file, &file.draft, None);
            let is_stranger = |finding: &&Finding| matches!(finding.kind, Kind::UnknownField(_));
            for finding in found.iter().filter(is_stranger) {
                terminal::note(&voice::service::note(finding));
            }
            Ok(Exit::Clean)
        }
        ConfigCommand::Schema => {
            terminal::print(&generate::service_schema())?;
            Ok(Exit::Clean)
        }
        ConfigCommand::Export {
            file,
            to,
            replicas,
            image,
            class,
            post_quantum,
        } => {
            let file = ServiceFile::open(&file.file)?;
            let folder = file.folder();
            let text = |path: &str| std::fs::read_to_string(folder.join(path)).ok();
            let absolute = std::path::absolute(&file.path);
            let absolute = absolute.unwrap_or_else(|_| file.path.clone());
            let absolute = absolute.to_string_lossy();
            let anywhere = Place::new(&text);
            let place = Place {
                // Standard input lies nowhere.
                file: if file.path == Path::new("-") {
                    anywhere.file
                } else {
                    &absolute
                },
                replicas: *replicas,
                image,
                class: class.as_deref(),
                post_quantum: *post_quantum,
                ..anywhere
            };
            let mut exported = export_at(&file.draft.service, *to, &place);
            let text = Zeroizing::new(std::mem::take(&mut exported.text));
            terminal::print(&text)?;
            if to.holds_keys() && !file.draft.service.keys().is_empty() {
                terminal::note(voice::service::HOLDS_SECRETS);
            }
            let mut found = findings(&file, &file.draft, managed_name(&file).as_deref());
            // A field that is not known is in no form, and that is no fault of the form's.
            found.retain(|finding| finding.severity() == Severity::Error);
            let is_wrong = !found.is_empty();
            found.extend(lost(&exported, *to, &shown(&file.path)));
            for finding in &found {
                terminal::note(&voice::service::note(finding));
            }
            Ok(exit(is_wrong))
        }
        ConfigCommand::Import { file, from } => {
            let given = read_file(file).map_err(|refused| refused.at(file))?;
            let text = std::str::from_utf8(&given.bytes).map_err(|error| Failure::NotUtf8 {
                path: file.clone(),
                byte: error.valid_up_to(),
            })?;
            let imported = import(text, *from).map_err(|source| Failure::Import {
                path: file.clone(),
                source,
            })?;
            terminal::print(&Zeroizing::new(imported.service.to_toml()))?;
            if !imported.service.open_secrets().is_empty() {
                terminal::note(voice::service::HOLDS_SECRETS);
            }
            for what in &imported.lost {
                terminal::note(&voice::service::left_behind(what));
            }
            Ok(Exit::Clean)
        }
    }
}

fn exit(has_errors: bool) -> Exit {
    if has_errors {
        Exit::Findings
    } else {
        Exit::Clean
    }
}
