//! `keyway status`

use super::{findings, has_errors, managed_name};
use crate::arguments::{ListFormat, StatusArguments};
use crate::failure::Failure;
use crate::formats;
use crate::intent::service::{ServiceFile, judge};
use crate::intent::{moment, shown};
use crate::terminal::{self, Exit, Look};
use crate::voice;

/// Shows how a service stands.
pub(crate) fn run(arguments: &StatusArguments, look: Look) -> Result<Exit, Failure> {
    let file = ServiceFile::open(&arguments.file.file)?;
    let found = findings(&file, &file.draft, managed_name(&file).as_deref());
    // A file that is not there is part of how things stand.
    let judged = judge(&file, &file.draft.service, &arguments.trust);
    let now = moment(arguments.trust.at.as_deref())?;
    let (judged, missing) = match judged {
        Ok(judged) => (judged, None),
        Err(failure) => (Vec::new(), Some(voice::failure(&failure))),
    };
    let status = formats::status::Status::new(
        &shown(&file.path),
        &file.draft.service.clone().redacted(),
        &judged,
        missing,
        found.len(),
        now,
    );
    terminal::print(&match arguments.format {
        ListFormat::Text => voice::service::status(&status, look),
        ListFormat::Json => formats::json::ended(serde_json::to_string_pretty(&status)),
    })?;
    let is_refused = judged.iter().any(|judged| judged.report.has_errors());
    Ok(
        if has_errors(&found) || is_refused || status.missing.is_some() {
            Exit::Findings
        } else {
            Exit::Clean
        },
    )
}
