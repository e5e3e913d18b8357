//! Azure Machine Learning v1: `azureml.core.compute.aks.SslConfiguration`, and the command line that
//! sets it. Single containers (ACI) take the own certificate only.

use serde_json::{Map, Value, json};

use super::words::{quoted, split};
use super::{Exported, Files, ImportError, Imported, fields};
use crate::Service;
use crate::model::{Listed, Material, Status};

/// The fields that the form has a place for.
const EXPRESSED: &[&str] = &[
    "tls.status",
    "tls.certificate",
    "tls.key",
    "tls.leaf_domain_label",
    "tls.overwrite_existing_domain",
    "tls.renew",
];

/// What the form cannot say: also all hosts but the first.
fn lost(service: &Service) -> Vec<String> {
    let mut lost = fields::lost(service, EXPRESSED);
    if service.host.0.len() <= 1 {
        lost.retain(|field| field != "host");
    }
    lost
}

fn status(service: &Service) -> &'static str {
    match service.status() {
        Status::Auto => "Auto",
        Status::Enabled => "Enabled",
        Status::Disabled => "Disabled",
    }
}

/// The one host that the form can say; a managed name is made there anew.
fn cname(service: &Service) -> Option<&str> {
    match service.tls.leaf_domain_label {
        Some(_) => None,
        None => service.host.iter().next(),
    }
}

pub(super) fn json(service: &Service, files: Files<'_>) -> Exported {
    let tls = &service.tls;
    let mut lost = lost(service);
    let mut members = Map::new();
    members.insert("status".into(), status(service).into());
    let materials = [("cert", &tls.certificate), ("key", &tls.key)];
    for (name, material) in materials {
        let text = match material {
            Some(Material::Pem(text)) => Some(text.to_string()),
            Some(Material::Path(path)) => files(path),
            None => None,
        };
        if material.is_some() && text.is_none() {
            lost.push(format!(
                "tls.{}",
                if name == "cert" { "certificate" } else { name }
            ));
        }
        members.extend(text.map(|text| (name.to_owned(), text.into())));
    }
    members.extend(cname(service).map(|host| ("cname".to_owned(), host.into())));
    let label = tls.leaf_domain_label.as_deref();
    members.extend(label.map(|label| ("leaf_domain_label".to_owned(), label.into())));
    for (name, is_set) in [
        ("overwrite_existing_domain", tls.overwrite_existing_domain),
        ("renew", tls.renew),
    ] {
        if is_set {
            members.insert(name.into(), true.into());
        }
    }
    Exported {
        text: format!("{:#}\n", Value::Object(members)),
        lost,
    }
}

pub(super) fn command(service: &Service) -> Exported {
    let tls = &service.tls;
    let mut lost = lost(service);
    let name = service.name.as_deref().unwrap_or("NAME");
    lost.retain(|field| field != "name");
    let mut words = vec![
        "az ml computetarget update aks".to_owned(),
        format!("--name {}", quoted(name)),
    ];
    if service.status() == Status::Disabled {
        words.push("--ssl-disable".to_owned());
    }
    let mut say = |flag: &str, text: Option<&str>| {
        words.extend(text.map(|text| {
            // What begins like a flag is bound to its own.
            let bond = if text.starts_with('-') { '=' } else { ' ' };
            format!("{flag}{bond}{}", quoted(text))
        }));
    };
    say("--ssl-cname", cname(service));
    for (flag, material, field) in [
        ("--ssl-cert-file", &tls.certificate, "tls.certificate"),
        ("--ssl-key-file", &tls.key, "tls.key"),
    ] {
        match material {
            Some(Material::Path(path)) => say(flag, Some(path)),
            Some(Material::Pem(_)) => lost.push(field.to_owned()),
            None => {}
        }
    }
    say("--ssl-leaf-domain-label", tls.leaf_domain_label.as_deref());
    if tls.overwrite_existing_domain {
        words.push("--ssl-overwrite-domain True".to_owned());
    }
    if tls.renew {
        words.push("--ssl-renew".to_owned());
    }
    Exported {
        text: words.join(" \\\n  ") + "\n",
        lost,
    }
}

pub(super) fn python(service: &Service) -> Exported {
    let tls = &service.tls;
    let mut lost = lost(service);
    // A JSON text is a Python text.
    let text = |text: &str| json!(text).to_string();
    let mut body = vec![format!("status={}", text(status(service)))];
    for (name, material, field) in [
        ("cert", &tls.certificate, "tls.certificate"),
        ("key", &tls.key, "tls.key"),
    ] {
        match material {
            Some(Material::Path(path)) => {
                body.push(format!("{name}=open({}).read()", text(path)));
            }
            Some(Material::Pem(_)) => lost.push(field.to_owned()),
            None => {}
        }
    }
    body.extend(cname(service).map(|host| format!("cname={}", text(host))));
    let label = tls.leaf_domain_label.as_deref();
    body.extend(label.map(|label| format!("leaf_domain_label={}", text(label))));
    for (name, is_set) in [
        ("overwrite_existing_domain", tls.overwrite_existing_domain),
        ("renew", tls.renew),
    ] {
        body.extend(is_set.then(|| format!("{name}=True")));
    }
    let name = service.name.as_deref().unwrap_or("NAME");
    lost.retain(|field| field != "name");
    Exported {
        text: format!(
            "from azureml.core import Workspace\nfrom azureml.core.compute import AksCompute\n\
             from azureml.core.compute.aks import AksUpdateConfiguration, SslConfiguration\n\n\
             target = AksCompute(Workspace.from_config(), {})\n\
             target.update(AksUpdateConfiguration(SslConfiguration(\n    {},\n)))\n",
            text(name),
            body.join(",\n    ")
        ),
        lost,
    }
}

fn wrong(line: usize, message: impl Into<String>) -> ImportError {
    ImportError::Form {
        line,
        message: message.into(),
    }
}

fn status_of(text: &str) -> Option<Status> {
    match text.to_ascii_lowercase().as_str() {
        "auto" => Some(Status::Auto),
        "enabled" => Some(Status::Enabled),
        "disabled" => Some(Status::Disabled),
        _ => None,
    }
}

pub(super) fn from_json(text: &str) -> Result<Imported, ImportError> {
    let value: Value = serde_json::from_str(text)
        .map_err(|error| wrong(error.line(), "this is no JSON, or not whole"))?;
    let Value::Object(members) = value else {
        return Err(wrong(1, "an object is wanted"));
    };
    let mut service = Service::default();
    let mut lost = Vec::new();
    for (name, value) in members {
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
            ("cert" | "ssl_cert_pem_file", Value::String(text)) => {
                tls.certificate = Some(Material::new(text));
            }
            ("key" | "ssl_key_pem_file", Value::String(text)) => {
                tls.key = Some(Material::new(text));
            }
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
            _ => lost.push(keyway_report::escape::text(&name)),
        }
    }
    Ok(Imported { service, lost })
}

pub(super) fn from_command(text: &str) -> Result<Imported, ImportError> {
    let words = split(text).ok_or_else(|| wrong(1, "a quotation is not closed"))?;
    if !words.iter().any(|word| word.starts_with("--ssl-")) {
        return Err(wrong(
            1,
            "no flag --ssl-… of `az ml computetarget update aks` in it",
        ));
    }
    let mut service = Service::default();
    let mut lost = Vec::new();
    let mut words = words
        .into_iter()
        .skip_while(|word| !word.starts_with('-'))
        .peekable();
    while let Some(word) = words.next() {
        let (flag, mut given) = match word.split_once('=') {
            Some((flag, value)) if flag.starts_with("--") => {
                (flag.to_owned(), Some(value.to_owned()))
            }
            _ => (word, None),
        };
        if given.is_none() {
            given = words.next_if(|next| !next.starts_with('-'));
        }
        let tls = &mut service.tls;
        let is_true = given
            .as_deref()
            .is_none_or(|given| given.eq_ignore_ascii_case("true"));
        match (flag.as_str(), given) {
            ("--name" | "-n", Some(name)) => service.name = Some(name),
            ("--ssl-cname", Some(host)) => service.host = Listed(vec![host]),
            ("--ssl-cert-file", Some(path)) => tls.certificate = Some(Material::new(&path)),
            ("--ssl-key-file", Some(path)) => tls.key = Some(Material::new(&path)),
            ("--ssl-leaf-domain-label", Some(label)) => tls.leaf_domain_label = Some(label),
            ("--ssl-overwrite-domain", _) => tls.overwrite_existing_domain = is_true,
            ("--ssl-renew", _) => tls.renew = is_true,
            ("--ssl-disable", _) => tls.status = Some(Status::Disabled),
            (other, _) => lost.push(keyway_report::escape::text(other)),
        }
    }
    let tls = &mut service.tls;
    let follows = if tls.leaf_domain_label.is_some() {
        Status::Auto
    } else {
        Status::Enabled
    };
    tls.status = tls.status.or(Some(follows));
    Ok(Imported { service, lost })
}
