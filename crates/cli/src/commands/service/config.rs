//! `keyway config`

use keyway_config::Finding;
use keyway_config::rules::Kind;
use keyway_termination::protocol::ClientCas;

use super::{InFiles, export, findings, findings_with, has_errors, import, managed_name};
use crate::arguments::{ConfigCommand, ListFormat};
use crate::commands::generate;
use crate::commands::serve::prove;
use crate::failure::Failure;
use crate::formats::json;
use crate::intent::moment;
use crate::intent::service::{ServiceFile, clients, doubled, judge, shared_tickets};
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
            let now = moment(trust.at.as_deref())?;
            let (judged, failure) = match judge(&file, &file.draft.service, trust) {
                Ok(judged) => (judged, None),
                Err(failure) => (Vec::new(), Some(failure)),
            };
            let (shut_out, unfit) = match clients(&file, &file.draft.service) {
                Ok(cas) => (cas.shut_out(now), None),
                Err(failure) => (Vec::new(), Some(failure)),
            };
            let service = &file.draft.service;
            let unfit =
                unfit.or_else(|| shared_tickets(&file, service, &ClientCas::default()).err());
            let failure = failure.or(unfit);
            let managed = managed_name(&file);
            let in_files = InFiles {
                shut_out,
                doubled: doubled(&judged),
            };
            let found = findings_with(&file, &file.draft, managed.as_deref(), &in_files);
            match format {
                // A certificate that cannot be read is said last, and of the file itself what there is.
                ListFormat::Text if failure.is_some() && found.is_empty() => {}
                ListFormat::Text => {
                    let service = &file.draft.service;
                    let text = voice::service::checked(&file.path, service, &found, &judged, look);
                    terminal::print(&text)?;
                }
                ListFormat::Json => {
                    let reports: Vec<_> = judged.iter().map(|judged| &judged.report).collect();
                    let mut answer = serde_json::json!({"findings": found, "reports": reports});
                    let warnings = judged.iter().flat_map(voice::service::warnings);
                    let warnings: Vec<String> = warnings.collect();
                    if !warnings.is_empty() {
                        answer["warnings"] = warnings.into();
                    }
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
        ConfigCommand::Prove {
            file,
            trust,
            format,
        } => prove::run(&file.file, trust, *format, look),
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
            Ok(exit(found.iter().any(|finding| is_stranger(&finding))))
        }
        ConfigCommand::Schema => {
            terminal::print(&generate::service_schema())?;
            Ok(Exit::Clean)
        }
        ConfigCommand::Export(arguments) => export::run(arguments),
        ConfigCommand::Import { file, from } => import::run(file, *from),
    }
}

fn exit(has_errors: bool) -> Exit {
    if has_errors {
        Exit::Findings
    } else {
        Exit::Clean
    }
}
