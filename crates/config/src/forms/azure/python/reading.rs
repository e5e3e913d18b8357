//! A service out of the arguments of known calls.

use std::collections::BTreeSet;
use std::ops::Range;

use super::attributes::{self, Attribute, MADE_BY, SETTER};
use super::calls::{self, HANDED_ON, arguments, called, is_made, is_ours, is_sign, keyword, known};
use super::tokens::{self, Placed};
use super::values::{Value, value};
use crate::Service;
use crate::forms::azure::read::{pem, status_of, wrong};
use crate::forms::azure::write::PLACEHOLDER;
use crate::forms::left::Left;
use crate::forms::{ImportError, Imported};
use crate::model::{Listed, Material, Status};

/// The line on which something is said, and what.
type Said<T> = Option<(usize, T)>;

/// What the calls say.
#[derive(Default)]
struct Reading {
    status: Said<Status>,
    certificate: Said<Material>,
    key: Said<Material>,
    host: Said<String>,
    label: Said<String>,
    overwrite: Said<bool>,
    renew: Said<bool>,
    name: Said<String>,
    /// The line of the last call that sets TLS.
    before: Option<usize>,
    /// Whether a call turns TLS on, or may.
    is_asked: bool,
    left: Left,
}

/// Notes what is said; the last one counts, as it would be done last.
fn put<T: PartialEq>(slot: &mut Said<T>, left: &mut Left, line: usize, name: &str, value: T) {
    if let Some((before, old)) = slot.take()
        && old != value
    {
        left.line(
            before,
            &format!("{name}, of which line {line} says another"),
        );
    }
    *slot = Some((line, value));
}

/// Reads calls of `azureml.core`.
pub(in crate::forms) fn from_python(text: &str) -> Result<Imported, ImportError> {
    let tokens = tokens::read(text)?;
    let assigned = calls::assigned(&tokens);
    let variables = attributes::variables(&tokens);
    let mut reading = Reading::default();
    let mut sets_tls = false;
    for at in 0..tokens.len() {
        let attribute = match called(&tokens, at) {
            Some(SETTER) => attributes::set_by_call(&tokens, &variables, at),
            Some(name) => {
                sets_tls |= reading.call(&tokens, &assigned, at, name)?;
                continue;
            }
            None => attributes::set(&tokens, at),
        };
        if let Some(attribute) = attribute {
            let is_made = |range| is_made(&tokens, range, &assigned);
            let is_handed_on = HANDED_ON.contains(&attribute.name);
            if !(is_handed_on && attribute.value.as_ref().is_some_and(is_made)) {
                sets_tls |= reading.attribute(&tokens, &variables, at, attribute)?;
            }
        }
    }
    if !sets_tls {
        return Err(wrong(
            1,
            "no call of azureml.core that sets TLS is in it, such as `SslConfiguration(…)` or \
             `enable_ssl(…)`",
        ));
    }
    Ok(reading.finish())
}

impl Reading {
    /// A call, whether it is known or not; says whether it sets TLS.
    fn call(
        &mut self,
        tokens: &[Placed<'_>],
        assigned: &BTreeSet<&str>,
        at: usize,
        name: &str,
    ) -> Result<bool, ImportError> {
        let arguments = arguments(tokens, at + 1);
        let is_ours_here = |range: &Range<usize>| keyword(tokens, range).is_some_and(is_ours);
        // Much has a method of this name.
        let is_meant = name != "update" || arguments.iter().any(is_ours_here);
        let Some(positions) = known(tokens, at).filter(|_| is_meant) else {
            let named = arguments.iter().filter_map(|range| {
                let argument = keyword(tokens, range).filter(|name| is_ours(name))?;
                Some((tokens[range.start].line, argument))
            });
            for (line, argument) in named {
                let told = format!("{argument} of {name}, which is no call of azureml.core");
                self.left.line(line, &told);
            }
            return Ok(false);
        };
        let is_maker = [MADE_BY, "enable_ssl"].contains(&name);
        // What another call has made is no setting beside that call.
        let is_setting = |range: &Range<usize>| {
            let is_handed_on = keyword(tokens, range).is_some_and(|name| HANDED_ON.contains(&name));
            let value = range.start + 2..range.end;
            is_ours_here(range) && !(is_handed_on && is_made(tokens, &value, assigned))
        };
        if is_maker || arguments.iter().any(is_setting) {
            self.follow(tokens[at].line, name);
        }
        self.is_asked |= is_maker || arguments.iter().any(is_ours_here);
        let is_of = |wanted| {
            let mut ranges = arguments.iter();
            ranges.any(|range| {
                is_sign(tokens, range.start, '*') || keyword(tokens, range) == Some(wanted)
            })
        };
        if name == "deploy_configuration"
            && arguments.iter().any(is_ours_here)
            && !is_of("ssl_enabled")
        {
            // A single container speaks plain text where nothing else is said.
            let line = tokens[at].line;
            put(
                &mut self.status,
                &mut self.left,
                line,
                "ssl_enabled",
                Status::Disabled,
            );
        }
        let mut unnamed = positions.iter();
        for range in arguments {
            let line = tokens[range.start].line;
            if is_sign(tokens, range.start, '*') {
                let told = format!("unpacked arguments of {name}, which are not literal");
                self.left.line(line, &told);
                continue;
            }
            let named = keyword(tokens, &range);
            let Some(argument) = named.or_else(|| unnamed.next().copied()) else {
                self.left.line(line, &format!("an argument of {name}"));
                continue;
            };
            let start = range.start + if named.is_some() { 2 } else { 0 };
            let range = start..range.end;
            let is_told_elsewhere = argument == "workspace"
                || (HANDED_ON.contains(&argument) && is_made(tokens, &range, assigned));
            if !is_told_elsewhere {
                self.argument(line, name, argument, value(tokens, range))?;
            }
        }
        Ok(positions.first() != Some(&"workspace"))
    }

    /// An attribute that is set; says whether it is one of what is read.
    fn attribute(
        &mut self,
        tokens: &[Placed<'_>],
        variables: &BTreeSet<&str>,
        at: usize,
        attribute: Attribute<'_>,
    ) -> Result<bool, ImportError> {
        let (line, name) = (tokens[at].line, attribute.name);
        let is_read = |on| attributes::is_read(on, variables);
        if !attribute.on.is_some_and(is_read) {
            let on = attribute.on.unwrap_or("something");
            let told = format!("{name} of {on}, which is no {MADE_BY} that is made here");
            self.left.line(line, &told);
            return Ok(false);
        }
        self.is_asked = true;
        let value = attribute.value.map(|range| value(tokens, range));
        match value.unwrap_or(Value::Computed) {
            Value::Nothing => self.forget(line, name),
            value => self.argument(line, MADE_BY, name, value)?,
        }
        Ok(true)
    }

    /// What is said until then is said no more.
    fn forget(&mut self, line: usize, name: &str) {
        fn at<T>(said: &mut Said<T>) -> Option<usize> {
            said.take().map(|(line, _)| line)
        }
        let before = match name {
            "status" => at(&mut self.status),
            "cert" => at(&mut self.certificate),
            "key" => at(&mut self.key),
            "cname" => at(&mut self.host),
            "leaf_domain_label" => at(&mut self.label),
            "overwrite_existing_domain" => at(&mut self.overwrite),
            "renew" => at(&mut self.renew),
            _ => None,
        };
        if let Some(before) = before {
            let told = format!("{name}, which line {line} takes away");
            self.left.line(before, &told);
        }
    }

    /// A call that sets TLS, maybe behind another one: what was to be done once was done then.
    fn follow(&mut self, line: usize, name: &str) {
        let Some(before) = self.before.replace(line) else {
            return;
        };
        let told = format!("{name} as a call of its own beside that of line {before}");
        self.left.line(line, &told);
        for (wish, word) in [
            (&mut self.renew, "renew"),
            (&mut self.overwrite, "overwrite_existing_domain"),
        ] {
            if let Some((at, true)) = wish.take() {
                let told = format!("{word}, which was done before line {line}");
                self.left.line(at, &told);
            }
        }
    }

    /// An argument of a known call.
    fn argument(
        &mut self,
        line: usize,
        call: &str,
        name: &str,
        value: Value,
    ) -> Result<(), ImportError> {
        let left = &mut self.left;
        match (name, value) {
            ("status", Value::Text(text)) => {
                let status = status_of(&text);
                let status = status
                    .ok_or_else(|| wrong(line, "`status` is none of Auto, Enabled and Disabled"))?;
                put(&mut self.status, left, line, name, status);
            }
            ("ssl_enabled", Value::Truth(is_set)) => {
                let status = if is_set {
                    Status::Enabled
                } else {
                    Status::Disabled
                };
                put(&mut self.status, left, line, name, status);
            }
            ("cert", Value::Text(text)) => {
                let text = pem(line, name, &text)?;
                put(&mut self.certificate, left, line, name, text);
            }
            ("key", Value::Text(text)) => {
                let text = pem(line, name, &text)?;
                put(&mut self.key, left, line, name, text);
            }
            ("cert" | "ssl_cert_pem_file", Value::Text(text) | Value::File(text)) => {
                put(
                    &mut self.certificate,
                    left,
                    line,
                    name,
                    Material::new(&text),
                );
            }
            ("key" | "ssl_key_pem_file", Value::Text(text) | Value::File(text)) => {
                put(&mut self.key, left, line, name, Material::new(&text));
            }
            ("cname" | "ssl_cname", Value::Text(text)) => {
                put(&mut self.host, left, line, name, text.to_string());
            }
            ("leaf_domain_label", Value::Text(text)) => {
                put(&mut self.label, left, line, name, text.to_string());
            }
            ("name", Value::Text(text)) => {
                put(&mut self.name, left, line, name, text.to_string());
            }
            ("overwrite_existing_domain", Value::Truth(is_set)) => {
                put(&mut self.overwrite, left, line, name, is_set);
            }
            ("renew", Value::Truth(is_set)) => put(&mut self.renew, left, line, name, is_set),
            (_, Value::Nothing) => {}
            (_, Value::Computed) => {
                left.line(line, &format!("{name} of {call}, which is not literal"));
            }
            _ => left.line(line, &format!("{name} of {call}")),
        }
        Ok(())
    }

    fn finish(self) -> Imported {
        fn said<T>(said: Said<T>) -> Option<T> {
            said.map(|(_, value)| value)
        }
        let mut service = Service {
            name: said(self.name).filter(|name| name != PLACEHOLDER),
            host: Listed(said(self.host).into_iter().collect()),
            ..Service::default()
        };
        let tls = &mut service.tls;
        tls.status = said(self.status);
        tls.certificate = said(self.certificate);
        tls.key = said(self.key);
        tls.leaf_domain_label = said(self.label);
        tls.overwrite_existing_domain = said(self.overwrite).unwrap_or_default();
        tls.renew = said(self.renew).unwrap_or_default();
        // What is computed of it is not known, and plain text is not what it stands for.
        if self.is_asked && !tls.is_wanted() && tls.leaf_domain_label.is_none() {
            tls.status = tls.status.or(Some(Status::Enabled));
        }
        self.left.imported(service)
    }
}
