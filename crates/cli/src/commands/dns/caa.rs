//! `keyway dns caa`

use keyway_chain::name::Host;
use keyway_dns::caa::{Finding, Judgement, Request, check, judge};
use keyway_dns::name::Name;
use keyway_dns::net::{Resolver, climb};
use keyway_dns::rules::dnssec_bogus::DnssecBogus;
use keyway_report::{Evidence as _, Severity, Verdict};

use crate::arguments::{CaaArguments, ListFormat};
use crate::failure::{CaaNameFault, Failure};
use crate::formats::{caa as form, json};
use crate::intent::{Asking, wait_for};
use crate::terminal::{self, Exit, Look};
use crate::voice;

pub(super) fn run(arguments: &CaaArguments, look: Look) -> Result<Exit, Failure> {
    let name = name(&arguments.name)?;
    let request = request(arguments, &name)?;
    let asking = Asking::resolve(&arguments.asking, &[])?;
    let is_direct = !arguments.asking.server.is_empty();
    let (climbed, dnssec) = wait_for(async {
        let authority = if is_direct {
            Some(asking.named_authority(&name).await?)
        } else {
            None
        };
        // Who names servers means those, and not what a resolver of the system says of what is above them.
        let resolver = Resolver {
            servers: asking.counted().to_vec(),
            patience: asking.patience(),
        };
        Ok::<_, Failure>(climb(&resolver, authority.as_ref(), &name).await)
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
    Ok(exit(&judgement, &findings))
}

/// What nobody could find out was not done, whatever else was found; that signatures do not hold was found out.
fn exit(judgement: &Judgement, findings: &[Finding]) -> Exit {
    let is_bogus = findings
        .iter()
        .any(|finding| finding.code() == DnssecBogus::RULE.code);
    let has_errors = findings
        .iter()
        .any(|finding| finding.severity() == Severity::Error);
    match judgement.verdict {
        Verdict::Unknown if !is_bogus => Exit::Failed,
        Verdict::Unknown | Verdict::No => Exit::Findings,
        Verdict::Yes if has_errors => Exit::Findings,
        Verdict::Yes => Exit::Clean,
    }
}

/// The name of a certificate as the DNS has it: an international one in its `xn--` form.
fn name(given: &str) -> Result<Name, Failure> {
    let refused = |fault| Failure::NotForCaa {
        given: given.to_owned(),
        fault,
    };
    let (front, rest) = match given.strip_prefix("*.") {
        Some(rest) => ("*.", rest),
        None => ("", given),
    };
    let host = Host::parse(rest).map_err(|source| refused(CaaNameFault::Pasted(source)))?;
    let ascii = match &host {
        Host::Name(name) => format!("{front}{}", name.ascii()),
        Host::Ip(_) => return Err(refused(CaaNameFault::Address)),
        Host::Literal(literal) => return Err(refused(CaaNameFault::Host(literal.fault()))),
    };
    Name::read(&ascii).map_err(|fault| refused(CaaNameFault::Name(fault)))
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
    let request = Request::to_public(&arguments.ca).map_err(refused("--ca", &arguments.ca))?;
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
