//! `keyway dns caa`

use keyway_dns::caa::{Request, check, judge};
use keyway_dns::name::Name;
use keyway_dns::net::climb;
use keyway_report::Verdict;

use crate::arguments::{CaaArguments, ListFormat};
use crate::failure::Failure;
use crate::formats::{caa as form, json};
use crate::intent::{Asking, wait_for};
use crate::terminal::{self, Exit, Look};
use crate::voice;

pub(super) fn run(arguments: &CaaArguments, look: Look) -> Result<Exit, Failure> {
    let name = Name::read(&arguments.name).map_err(|fault| Failure::NotAName {
        given: arguments.name.clone(),
        fault,
    })?;
    let request = request(arguments, &name)?;
    let asking = Asking::resolve(&arguments.asking, &[])?;
    let is_direct = !arguments.asking.server.is_empty();
    let (climbed, dnssec) = wait_for(async {
        let authority = if is_direct {
            Some(asking.authority(&name, None).await?)
        } else {
            None
        };
        Ok::<_, Failure>(climb(&asking.resolver, authority.as_ref(), &name).await)
    })??;
    let judgement = judge(&climbed, &request);
    let findings = check(&climbed, &request, &judgement, dnssec);
    let answer = form::Answer {
        request: &request,
        climbed: &climbed,
        judgement: &judgement,
        dnssec,
        findings: &findings,
        is_direct,
    };
    terminal::print(&match arguments.format {
        ListFormat::Text => voice::caa::answer(&answer, look),
        ListFormat::Json => json::ended(serde_json::to_string_pretty(&form::Told::of(&answer))),
    })?;
    // Every finding here is an error. What could not be found out was not done.
    Ok(match judgement.verdict {
        _ if !findings.is_empty() => Exit::Findings,
        Verdict::Yes => Exit::Clean,
        Verdict::No => Exit::Findings,
        Verdict::Unknown => Exit::Failed,
    })
}

fn request(arguments: &CaaArguments, name: &Name) -> Result<Request, Failure> {
    let refused = |option, given: &str| {
        let given = given.to_owned();
        move |fault| Failure::Caa {
            option,
            given,
            fault,
        }
    };
    let request = Request::to(&arguments.ca).map_err(refused("--ca", &arguments.ca))?;
    let mut request = request.wildcard(arguments.wildcard || name.is_wildcard());
    if let Some(account) = &arguments.account {
        request = request
            .with_account(account)
            .map_err(refused("--account", account))?;
    }
    if let Some(method) = &arguments.method {
        request = request
            .with_method(method)
            .map_err(refused("--method", method))?;
    }
    Ok(request)
}
