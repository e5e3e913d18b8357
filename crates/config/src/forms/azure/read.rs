//! A service out of the forms of Azure.

use serde_json::Value;

use super::members::members;
use super::write::PLACEHOLDER;
use crate::Service;
use crate::forms::left::Left;
use crate::forms::wiped::wipe;
use crate::forms::words::{Word, marked, operator};
use crate::forms::{ImportError, Imported};
use crate::model::{Listed, Material, Status};

pub(in crate::forms::azure) fn wrong(line: usize, message: impl Into<String>) -> ImportError {
    ImportError::Form {
        line,
        message: message.into(),
    }
}

pub(in crate::forms::azure) fn status_of(text: &str) -> Option<Status> {
    match text.to_ascii_lowercase().as_str() {
        "auto" => Some(Status::Auto),
        "enabled" => Some(Status::Enabled),
        "disabled" => Some(Status::Disabled),
        _ => None,
    }
}

/// What `cert` or `key` of `SslConfiguration` holds: the text itself, which is not told where it is none.
pub(in crate::forms::azure) fn pem(
    line: usize,
    name: &str,
    text: &str,
) -> Result<Material, ImportError> {
    match Material::new(text) {
        Material::Path(_) => {
            let message = format!(
                "`{name}` of `SslConfiguration` is the PEM text itself (-----BEGIN …), and no path; a path is what \
                 `ssl_{name}_pem_file` of `enable_ssl` says"
            );
            Err(wrong(line, message))
        }
        pem @ Material::Pem(_) => Ok(pem),
    }
}

/// The flags of `az ml computetarget update aks` that are read.
const FLAGS: &[&str] = &[
    "--ssl-cname",
    "--ssl-cert-file",
    "--ssl-key-file",
    "--ssl-leaf-domain-label",
    "--ssl-overwrite-domain",
    "--ssl-renew",
    "--ssl-disable",
];

/// By what a container asks its clients for keys or tokens (`AciWebservice.deploy_configuration`).
const ASKING: &[&str] = &["auth_enabled", "token_auth_enabled"];

/// What a member of the JSON forms holds, where it has a place.
fn wanted(name: &str) -> Option<&'static str> {
    match name {
        "status" | "cert" | "ssl_cert_pem_file" | "key" | "ssl_key_pem_file" | "cname"
        | "ssl_cname" | "leaf_domain_label" | "leafDomainLabel" => Some("a text"),
        "overwrite_existing_domain" | "overwriteExistingDomain" | "renew" | "ssl_enabled" => {
            Some("true or false")
        }
        _ => None,
    }
}

/// Reads the arguments of a single container, which speaks plain text where nothing else is said.
pub(in crate::forms) fn container_from_json(text: &str) -> Result<Imported, ImportError> {
    let mut imported = from_json(text)?;
    imported.service.tls.status.get_or_insert(Status::Disabled);
    Ok(imported)
}

/// Reads `SslConfiguration`, or the arguments of `enable_ssl`.
pub(in crate::forms) fn from_json(text: &str) -> Result<Imported, ImportError> {
    let members = members(text)?;
    let mut service = Service::default();
    let mut left = Left::default();
    let mut lost = Vec::new();
    for (name, mut value) in members {
        let tls = &mut service.tls;
        match (name.as_str(), &value) {
            (_, Value::Null) => {}
            ("status", Value::String(text)) => {
                let status = status_of(text);
                tls.status =
                    Some(status.ok_or_else(|| {
                        wrong(1, "`status` is none of Auto, Enabled and Disabled")
                    })?);
            }
            ("cert", Value::String(text)) => tls.certificate = Some(pem(1, "cert", text)?),
            ("key", Value::String(text)) => tls.key = Some(pem(1, "key", text)?),
            ("ssl_cert_pem_file", Value::String(text)) => {
                tls.certificate = Some(Material::new(text));
            }
            ("ssl_key_pem_file", Value::String(text)) => tls.key = Some(Material::new(text)),
            ("cname" | "ssl_cname", Value::String(text)) => {
                service.host = Listed(vec![text.clone()]);
            }
            ("leaf_domain_label" | "leafDomainLabel", Value::String(text)) => {
                tls.leaf_domain_label = Some(text.clone());
            }
            ("overwrite_existing_domain" | "overwriteExistingDomain", Value::Bool(is_set)) => {
                tls.overwrite_existing_domain = *is_set;
            }
            ("renew", Value::Bool(is_set)) => tls.renew = *is_set,
            ("ssl_enabled", Value::Bool(is_set)) => {
                let status = if *is_set {
                    Status::Enabled
                } else {
                    Status::Disabled
                };
                tls.status = Some(status);
            }
            (name, Value::Bool(true)) if ASKING.contains(&name) => left.guard(1, name),
            (name, _) => match wanted(name) {
                // A switch that is misread may turn TLS off.
                Some(wanted) => {
                    let message = format!("`{name}` holds something else than {wanted}");
                    return Err(wrong(1, message));
                }
                None => lost.push(keyway_report::escape::text(name)),
            },
        }
        wipe(&mut value);
    }
    if service == Service::default() {
        return Err(wrong(
            1,
            "no field of `SslConfiguration` and no argument of `enable_ssl` is set in it",
        ));
    }
    let mut imported = left.imported(service);
    imported.lost = lost;
    Ok(imported)
}

/// The flag that is meant: the one that begins so, as `argparse` has it, where it is the only one.
fn flag_of(text: String) -> Result<String, ImportError> {
    if FLAGS.contains(&text.as_str()) || !text.starts_with("--ssl") {
        return Ok(text);
    }
    let begun = FLAGS.iter().filter(|flag| flag.starts_with(&text));
    match begun.collect::<Vec<_>>().as_slice() {
        [] => Ok(text),
        [one] => Ok((**one).to_owned()),
        [one, other, ..] => {
            let message = format!("`{text}` may be `{one}` or `{other}`: write it in full");
            Err(wrong(1, message))
        }
    }
}

/// Reads the command line.
pub(in crate::forms) fn from_command(text: &str) -> Result<Imported, ImportError> {
    if let Some((line, operator)) = operator(text) {
        let message = format!("`{operator}` is the shell's: give the one command alone");
        return Err(wrong(line, message));
    }
    let words = marked(text).ok_or_else(|| wrong(1, "a quotation is not closed"))?;
    if !words.iter().any(|word| word.text.starts_with("--ssl-")) {
        return Err(wrong(
            1,
            "no flag --ssl-… of `az ml computetarget update aks` in it",
        ));
    }
    let mut service = Service::default();
    let mut lost = Vec::new();
    let mut words = words
        .into_iter()
        .skip_while(|word| !word.text.starts_with('-'))
        .peekable();
    while let Some(Word { text, mut filled }) = words.next() {
        let (flag, given) = match text.split_once('=') {
            Some((flag, value)) if flag.starts_with("--") => {
                (flag.to_owned(), Some(value.to_owned()))
            }
            _ => (text, None),
        };
        let (flag, mut given) = (flag_of(flag)?, given);
        if given.is_none()
            && let Some(next) = words.next_if(|next| !next.text.starts_with('-'))
        {
            filled = filled.or(next.filled);
            given = Some(next.text);
        }
        if filled.is_some() {
            let value = given.unwrap_or_default();
            let told = format!("{flag} {value}, which the shell fills in");
            lost.push(keyway_report::escape::text(&told));
            continue;
        }
        let tls = &mut service.tls;
        let truth = || match given.as_deref().map(str::to_ascii_lowercase).as_deref() {
            None | Some("true") => Ok(true),
            Some("false") => Ok(false),
            Some(_) => Err(wrong(
                1,
                format!("`{flag}` is followed by neither True nor False"),
            )),
        };
        match (flag.as_str(), given.clone()) {
            ("--name" | "-n", Some(name)) => {
                service.name = Some(name).filter(|name| name != PLACEHOLDER);
            }
            ("--ssl-cname", Some(host)) => service.host = Listed(vec![host]),
            ("--ssl-cert-file", Some(path)) => tls.certificate = Some(Material::new(&path)),
            ("--ssl-key-file", Some(path)) => tls.key = Some(Material::new(&path)),
            ("--ssl-leaf-domain-label", Some(label)) => tls.leaf_domain_label = Some(label),
            ("--ssl-overwrite-domain", _) => tls.overwrite_existing_domain = truth()?,
            ("--ssl-renew", _) => tls.renew = truth()?,
            ("--ssl-disable", _) => {
                if truth()? {
                    tls.status = Some(Status::Disabled);
                }
            }
            (other, _) => lost.push(keyway_report::escape::text(other)),
        }
    }
    let tls = &mut service.tls;
    // Azure renews what it made itself.
    let renews = tls.renew && tls.certificate.is_none() && tls.key.is_none();
    let follows = if tls.leaf_domain_label.is_some() || renews {
        Status::Auto
    } else {
        Status::Enabled
    };
    tls.status = tls.status.or(Some(follows));
    Ok(Imported::new(service, lost))
}
