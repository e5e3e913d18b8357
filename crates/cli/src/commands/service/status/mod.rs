//! `keyway status`

mod clients;
mod connect;
mod dns;
mod leads;
mod outside;

use super::{findings, has_errors, managed_name};
use crate::arguments::{ListFormat, StatusArguments};
use crate::failure::Failure;
use crate::formats;
use crate::formats::status::Renewal;
use crate::intent::issuing::{Managed, asked};
use crate::intent::service::{ServiceFile, ServiceHost, judge, judge_at_rest};
use crate::intent::{moment, shown};
use crate::terminal::{self, Exit, Look};
use crate::voice;

/// Shows how a service stands.
pub(crate) fn run(arguments: &StatusArguments, look: Look) -> Result<Exit, Failure> {
    let state = arguments.state.state.as_deref();
    let file = ServiceFile::open(&arguments.file.file)?.in_state(state);
    let managed = managed_name(&file);
    let found = findings(&file, &file.draft, managed.as_deref());
    // A file that is not there is part of how things stand.
    let look_at = if arguments.outside.offline {
        judge_at_rest
    } else {
        judge
    };
    let now = moment(arguments.trust.at.as_deref())?;
    // Where there is nothing to make one for, the findings say so.
    let made = Managed::of(&file).ok().flatten();
    let renewal = made
        .as_ref()
        .map(|made| Renewal::of(made, now))
        .transpose()?;
    let is_done = made
        .as_ref()
        .is_some_and(|made| asked::is_done(made, &file));
    // What was made for it is served as its own.
    let made = made.filter(|made| made.current().is_ok_and(|pair| pair.is_some()));
    let trust = made.as_ref().map_or_else(
        || arguments.trust.clone(),
        |made| made.trust(&arguments.trust),
    );
    let made = made.map(|made| made.served(&file.draft.service));
    let served = made.as_ref().unwrap_or(&file.draft.service);
    let judged = look_at(&file, served, &trust);
    let (judged, missing) = match judged {
        Ok(judged) => (judged, None),
        Err(failure) => (Vec::new(), Some(voice::failure(&failure))),
    };
    let service = file.draft.service.clone().redacted();
    let managed = managed.filter(|_| service.tls.leaf_domain_label.is_some());
    let hosts = ServiceHost::all(&service, &judged, managed.as_deref());
    let look_outside = outside::Look {
        arguments: &arguments.outside,
        trust: &arguments.trust,
        service: &service,
        judged: &judged,
        now,
    };
    let is_disabled = look_outside.is_disabled();
    let mut outside = look_outside.at(&hosts)?;
    if judged.iter().any(|judged| judged.closed) {
        outside.not_checked.push(voice::served::CLOSED.to_owned());
    }
    let mut status = formats::status::Status::new(
        &shown(&file.path),
        &service,
        &judged,
        missing,
        found.len(),
        outside,
        now,
    );
    status.renewal = renewal;
    status.renew &= !is_done;
    terminal::print(&match arguments.format {
        ListFormat::Text => voice::status(&status, look),
        ListFormat::Json => formats::json::ended(serde_json::to_string_pretty(&status)),
    })?;
    let is_refused = judged.iter().any(|judged| judged.report.has_errors())
        || status.missing.is_some()
        || status.outside.has_errors(is_disabled);
    Ok(if has_errors(&found) || is_refused {
        Exit::Findings
    } else {
        Exit::Clean
    })
}
