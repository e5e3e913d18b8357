//! A service in the forms of Azure.

use std::borrow::Cow;

use serde_json::{Map, Value, json};
use zeroize::Zeroizing;

use crate::Service;
use crate::forms::fields::Lost;
use crate::forms::wiped::wipe;
use crate::forms::words::quoted;
use crate::forms::{Exported, Files, fields, pem, settings};
use crate::model::{Material, Status};

/// The fields that the form has a place for.
const EXPRESSED: &[&str] = &[
    "tls.status",
    "tls.certificate",
    "tls.key",
    "tls.leaf_domain_label",
    "tls.overwrite_existing_domain",
    "tls.renew",
];

/// Takes what belongs out of a text.
type Take = fn(&str) -> pem::Taken;

/// The name of a target that has none yet.
pub(in crate::forms::azure) const PLACEHOLDER: &str = "NAME";

/// The target's name. One that is called as the placeholder is cannot be told from it.
fn target<'s>(service: &'s Service, lost: &mut Lost) -> &'s str {
    let name = service.name.as_deref();
    if name != Some(PLACEHOLDER) {
        lost.retain(|field| field != "name");
    }
    name.unwrap_or(PLACEHOLDER)
}

/// What the form cannot say: also all hosts but the first, and the name of a label, which is made there.
fn lost(service: &Service) -> Lost {
    let mut lost = fields::lost(service, EXPRESSED);
    if service.host.iter().count() == usize::from(cname(service).is_some()) {
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

/// The one host that the form can say, as the DNS has it; a managed name is made there anew.
fn cname(service: &Service) -> Option<Cow<'_, str>> {
    match service.tls.leaf_domain_label {
        Some(_) => None,
        None => service.host.iter().next().map(settings::ascii),
    }
}

pub(in crate::forms) fn json(service: &Service, files: Files<'_>) -> Exported {
    let tls = &service.tls;
    let mut lost = lost(service);
    let mut members = Map::new();
    members.insert("status".into(), status(service).into());
    let mut left_key = false;
    for (name, material, field, take) in [
        (
            "cert",
            &tls.certificate,
            "tls.certificate",
            pem::certificates as Take,
        ),
        ("key", &tls.key, "tls.key", pem::keys),
    ] {
        let text = match material {
            Some(Material::Pem(text)) => Some(text.clone()),
            Some(Material::Path(path)) => files(path).map(Zeroizing::new),
            None => continue,
        };
        let taken = text
            .map(|text| take(&text))
            .filter(|taken| !taken.text.is_empty());
        let Some(taken) = taken else {
            fields::add(&mut lost, field);
            continue;
        };
        left_key |= taken.left_key;
        members.insert(name.to_owned(), taken.text.as_str().into());
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
    let mut members = Value::Object(members);
    let text = format!("{members:#}\n");
    wipe(&mut members);
    let exported = Exported::new(text, lost);
    if left_key {
        exported.noting(pem::LEFT_KEY)
    } else {
        exported
    }
}

/// Arguments with paths, as JSON: what is no path is lost.
fn arguments(members: Map<String, Value>, lost: Lost) -> Exported {
    Exported::new(format!("{:#}\n", Value::Object(members)), lost)
}

fn paths(service: &Service, members: &mut Map<String, Value>, lost: &mut Lost) {
    let tls = &service.tls;
    for (name, material, field) in [
        ("ssl_cert_pem_file", &tls.certificate, "tls.certificate"),
        ("ssl_key_pem_file", &tls.key, "tls.key"),
    ] {
        match material {
            Some(Material::Path(path)) => members.extend([(name.to_owned(), path.as_str().into())]),
            Some(Material::Pem(_)) => fields::add(lost, field),
            None => {}
        }
    }
}

/// Whether a form without a word for the status leads to another one than the service's: a label is `auto` there.
fn is_other_status(service: &Service) -> bool {
    let has_label = service.tls.leaf_domain_label.is_some();
    let status = service.status();
    status != Status::Disabled && (status == Status::Auto) != has_label
}

/// The arguments of `AksCompute.provisioning_configuration().enable_ssl`: a cluster that is made.
pub(in crate::forms) fn cluster(service: &Service) -> Exported {
    let tls = &service.tls;
    let mut lost = lost(service);
    let mut members = Map::new();
    members.extend(cname(service).map(|host| ("ssl_cname".to_owned(), host.into())));
    paths(service, &mut members, &mut lost);
    if let Some(label) = &tls.leaf_domain_label {
        members.insert("leaf_domain_label".to_owned(), label.as_str().into());
    }
    if tls.overwrite_existing_domain {
        members.insert("overwrite_existing_domain".to_owned(), true.into());
    }
    if tls.renew {
        fields::add(&mut lost, "tls.renew");
    }
    if service.status() == Status::Disabled || is_other_status(service) {
        fields::add(&mut lost, "tls.status");
    }
    arguments(members, lost)
}

/// The arguments of `AciWebservice.deploy_configuration`: a single container, which takes an own
/// certificate alone.
pub(in crate::forms) fn container(service: &Service) -> Exported {
    let tls = &service.tls;
    let mut lost = lost(service);
    let mut members = Map::new();
    let is_enabled = service.status() != Status::Disabled;
    members.insert("ssl_enabled".to_owned(), is_enabled.into());
    members.extend(cname(service).map(|host| ("ssl_cname".to_owned(), host.into())));
    paths(service, &mut members, &mut lost);
    for (field, is_said) in [
        ("tls.status", service.status() == Status::Auto),
        ("tls.leaf_domain_label", tls.leaf_domain_label.is_some()),
        (
            "tls.overwrite_existing_domain",
            tls.overwrite_existing_domain,
        ),
        ("tls.renew", tls.renew),
    ] {
        if is_said {
            fields::add(&mut lost, field);
        }
    }
    arguments(members, lost)
}

pub(in crate::forms) fn command(service: &Service) -> Exported {
    let tls = &service.tls;
    let mut lost = lost(service);
    let name = target(service, &mut lost);
    let flag = |flag: &str, text: &str| {
        // What begins like a flag is bound to its own.
        let bond = if text.starts_with('-') { '=' } else { ' ' };
        format!("{flag}{bond}{}", quoted(text))
    };
    let mut words = vec![
        "az ml computetarget update aks".to_owned(),
        flag("--name", name),
    ];
    if service.status() == Status::Disabled {
        words.push("--ssl-disable".to_owned());
    }
    if is_other_status(service) {
        fields::add(&mut lost, "tls.status");
    }
    let mut say = |name: &str, text: Option<&str>| {
        words.extend(text.map(|text| flag(name, text)));
    };
    say("--ssl-cname", cname(service).as_deref());
    for (flag, material, field) in [
        ("--ssl-cert-file", &tls.certificate, "tls.certificate"),
        ("--ssl-key-file", &tls.key, "tls.key"),
    ] {
        match material {
            Some(Material::Path(path)) => say(flag, Some(path)),
            Some(Material::Pem(_)) => fields::add(&mut lost, field),
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
    Exported::new(words.join(" \\\n  ") + "\n", lost)
}

pub(in crate::forms) fn python(service: &Service) -> Exported {
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
            Some(Material::Pem(_)) => fields::add(&mut lost, field),
            None => {}
        }
    }
    body.extend(cname(service).map(|host| format!("cname={}", text(&host))));
    let label = tls.leaf_domain_label.as_deref();
    body.extend(label.map(|label| format!("leaf_domain_label={}", text(label))));
    for (name, is_set) in [
        ("overwrite_existing_domain", tls.overwrite_existing_domain),
        ("renew", tls.renew),
    ] {
        body.extend(is_set.then(|| format!("{name}=True")));
    }
    let name = target(service, &mut lost);
    Exported::new(
        format!(
            "from azureml.core import Workspace\nfrom azureml.core.compute import AksCompute\n\
             from azureml.core.compute.aks import AksUpdateConfiguration, SslConfiguration\n\n\
             target = AksCompute(Workspace.from_config(), {})\n\
             target.update(AksUpdateConfiguration(SslConfiguration(\n    {},\n)))\n",
            text(name),
            body.join(",\n    ")
        ),
        lost,
    )
}
