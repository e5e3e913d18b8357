//! What becomes of a field that a form does not say as it stands: no place, a part, another place.

use crate::forms::fields::Lost;
use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;

use keyway_report::escape;
use zeroize::Zeroizing;

use super::kubernetes::deployment;
use super::{Files, Form, fields, haproxy, nginx, otherwise, settings, wild};
use crate::model::{Listed, Material, Status};
use crate::rules::target_cannot_express::Fate;
use crate::{Service, hostname};

/// Values of a list that are named before the others are counted.
const MAX_NAMED: usize = 4;

/// What is asked about: a service, the form and its text.
pub(super) struct Asked<'a> {
    pub(super) service: &'a Service,
    pub(super) form: Form,
    pub(super) text: &'a str,
    pub(super) files: Files<'a>,
    /// The keys that HAProxy looks for beside their certificates, by their fields.
    keys_apart: OnceCell<HashMap<String, haproxy::KeyApart<'a>>>,
}

impl<'a> Asked<'a> {
    pub(super) fn of(service: &'a Service, form: Form, text: &'a str, files: Files<'a>) -> Self {
        Self {
            service,
            form,
            text,
            files,
            keys_apart: OnceCell::new(),
        }
    }

    /// The key that a field names, where HAProxy looks for it beside its certificate.
    fn key_apart(&self, field: &str) -> Option<&haproxy::KeyApart<'a>> {
        let keys = self.keys_apart.get_or_init(|| {
            let keys = haproxy::keys_apart(self.service).into_iter();
            keys.map(|key| (key.field.clone(), key)).collect()
        });
        keys.get(field)
    }

    /// What becomes of a field, and a word about it.
    pub(super) fn fate(&self, field: &str) -> (Fate, String) {
        let known = self.of_nothing(field).or_else(|| self.of_azure(field));
        let known = known.or_else(|| self.of_kubernetes(field));
        let known = known.or_else(|| self.of_a_server(field));
        let known = known.or_else(|| self.of_a_file(field));
        let known = known.or_else(|| of_all(field));
        if let Some((fate, about)) = known {
            return (fate, about);
        }
        self.parts(field).unwrap_or((Fate::NoPlace, String::new()))
    }

    /// What is of no use without TLS.
    fn of_nothing(&self, field: &str) -> Option<(Fate, String)> {
        let is_served = matches!(
            self.form,
            Form::KubernetesIngress | Form::Gateway | Form::Nginx | Form::Haproxy | Form::Caddy
        );
        let is_off = self.service.status() == Status::Disabled && field.starts_with("tls.");
        let about = "TLS is disabled, and nothing of it is written";
        (is_served && is_off).then(|| (Fate::NoPlace, about.to_owned()))
    }

    /// Whether the form has a place for a field's file, or for its text.
    fn names_its_file(&self, field: &str) -> bool {
        match self.form {
            Form::KubernetesSecret | Form::Nginx | Form::Haproxy | Form::Caddy => true,
            Form::AzureJson
            | Form::AzureCluster
            | Form::AzureContainer
            | Form::AzureCli
            | Form::AzurePython => ["tls.certificate", "tls.key"].contains(&field),
            _ => false,
        }
    }

    fn of_azure(&self, field: &str) -> Option<(Fate, String)> {
        let is_azure = matches!(
            self.form,
            Form::AzureJson
                | Form::AzureCluster
                | Form::AzureContainer
                | Form::AzureCli
                | Form::AzurePython
        );
        if !is_azure {
            return None;
        }
        let (fate, about) = match field {
            "host" if self.service.tls.leaf_domain_label.is_some() => (
                Fate::Elsewhere,
                "Azure makes the name of a label itself".to_owned(),
            ),
            "host" => {
                let others: Vec<&str> = self.service.host.iter().skip(1).collect();
                let about = format!(
                    "it takes one name, and these are left out: {}",
                    named(&others)
                );
                (Fate::Partly, about)
            }
            "tls.region" | "tls.zone" => (
                Fate::Elsewhere,
                "Azure takes them from the cluster's place".to_owned(),
            ),
            "tls.renew" if self.form == Form::AzureCluster => (
                Fate::Elsewhere,
                "of a cluster that is there azure-cli renews it".to_owned(),
            ),
            _ => return None,
        };
        Some((fate, about))
    }

    fn of_kubernetes(&self, field: &str) -> Option<(Fate, String)> {
        let is_managed = self.service.status() == Status::Auto;
        let elsewhere = |about: &str| Some((Fate::Elsewhere, about.to_owned()));
        let managed = [
            "tls.status",
            "tls.leaf_domain_label",
            "tls.region",
            "tls.zone",
            "tls.issuer",
            "tls.renew",
            "tls.overwrite_existing_domain",
        ];
        match self.form {
            Form::KubernetesIngress | Form::Gateway | Form::KubernetesDeployment
                if is_managed && managed.contains(&field) =>
            {
                elsewhere("its Secret is made by cert-manager; that form has the issuer")
            }
            Form::KubernetesIngress | Form::Gateway
                if ["tls.certificate", "tls.key", "tls.certificates"].contains(&field) =>
            {
                elsewhere("in the Secrets that the form kubernetes-secret writes")
            }
            Form::KubernetesIngress | Form::Gateway if field.starts_with("tls.certificates[") => {
                let about = "it leads by the names that are said: list those in the certificate in its `host`";
                Some((Fate::NoPlace, about.to_owned()))
            }
            Form::KubernetesIngress
                if ["tls.redirect", "tls.hsts", "tls.client"]
                    .iter()
                    .any(|table| field.starts_with(table)) =>
            {
                let about = "each controller has annotations of its own for it";
                Some((Fate::NoPlace, about.to_owned()))
            }
            Form::KubernetesIngress | Form::Gateway if field == "upstream" => {
                let about = "it leads to Services of the cluster, such as \
                             http://NAME.NAMESPACE.svc:PORT, an Ingress to one; others are left out";
                Some((Fate::Partly, about.to_owned()))
            }
            Form::KubernetesIngress | Form::Gateway if field == "proxy_protocol.from" => {
                elsewhere("the controller has a word of its own on whom it is told clients by")
            }
            Form::CertManager if ["tls.certificate", "tls.key"].contains(&field) => {
                elsewhere("cert-manager makes a new key and writes both into a Secret")
            }
            Form::KubernetesSecret if field.ends_with("].host") => {
                elsewhere("kubernetes-ingress and gateway say who gets which Secret")
            }
            Form::KubernetesDeployment if field == "listen" => {
                let about = "pods listen on all addresses, on the ports that are written";
                Some((Fate::Partly, about.to_owned()))
            }
            Form::KubernetesDeployment if field == "upstream" => {
                let about =
                    "a ConfigMap is read by many: name a Service of the cluster without a user";
                Some((Fate::Partly, about.to_owned()))
            }
            Form::KubernetesDeployment if field == "tls.ticket_keys" => {
                elsewhere(&deployment::tickets(self.service))
            }
            Form::KubernetesDeployment if field == "tls.client.ca" => {
                elsewhere(&deployment::clients(self.service))
            }
            _ => None,
        }
    }

    fn of_a_server(&self, field: &str) -> Option<(Fate, String)> {
        match (self.form, field) {
            (Form::Nginx | Form::Haproxy | Form::Caddy, _)
                if let Some(told) = otherwise::fate(self.service, self.form, field) =>
            {
                Some(told)
            }
            (Form::Haproxy, _) if field.rsplit('.').next() == Some("key") => {
                let key = self.key_apart(field)?;
                let (path, to) = (escape::text(key.path), escape::text(&key.to));
                let about = if key.path == key.to {
                    format!("HAProxy finds the key {path} beside its certificate")
                } else {
                    format!("HAProxy looks for the key {path} at {to}: put it there")
                };
                Some((Fate::Elsewhere, about))
            }
            (Form::Haproxy, _) if field.ends_with("].host") => {
                let about =
                    "the names in a certificate say who gets it; read again, they stand in `host`";
                Some((Fate::Elsewhere, about.to_owned()))
            }
            (Form::Nginx | Form::Haproxy | Form::Caddy, "listen") => {
                let kept = settings::listens(self.service, &mut Lost::default());
                let is_kept = |text: &&str| text.parse().is_ok_and(|at| kept.contains(&at));
                let left = self.service.listen.iter().filter(|text| !is_kept(text));
                let left: Vec<&str> = left.collect();
                let (first, rest) = left.split_first()?;
                let is_address = |text: &&str| {
                    let at = text.parse::<std::net::SocketAddr>();
                    at.is_ok_and(|at| at.port() != 0)
                };
                let stands = if is_address(first) && rest.iter().all(is_address) {
                    ", which another address stands for"
                } else {
                    ""
                };
                Some((
                    Fate::Partly,
                    format!("left out are {}{stands}", named(&left)),
                ))
            }
            (Form::Systemd, _) if field.ends_with("password") || field.ends_with("secret") => {
                let about =
                    "a unit has an environment of its own: give it the variable, or name a file";
                Some((Fate::Elsewhere, about.to_owned()))
            }
            (_, _) if field.starts_with("tls.profile (") => {
                let about = "`keyway config export --post-quantum` names the group, where the server knows it";
                Some((Fate::Partly, about.to_owned()))
            }
            _ => None,
        }
    }

    /// What is wrong with a file, or with its text.
    fn of_a_file(&self, field: &str) -> Option<(Fate, String)> {
        if !self.names_its_file(field) {
            return None;
        }
        let tls = &self.service.tls;
        let own = |name: &str| fields::own_certificate(self.service, field, name);
        let material = match field {
            "tls.certificate" => tls.certificate.as_ref(),
            "tls.key" => tls.key.as_ref(),
            "tls.client.ca" => tls.client.ca.as_ref(),
            _ => own("certificate")
                .map(|own| &own.certificate)
                .or_else(|| own("key").map(|own| &own.key)),
        }?;
        match material {
            Material::Pem(_) if self.form.holds_keys() => {
                Some((Fate::Unread, "nothing of the kind is in it".to_owned()))
            }
            Material::Pem(_) => {
                let about = "a file is named there: write the text into one";
                Some((Fate::NoPlace, about.to_owned()))
            }
            Material::Path(path) if self.form.holds_keys() => {
                let is_there = (self.files)(path).map(Zeroizing::new).is_some();
                let fault = if is_there {
                    "holds nothing of the kind in PEM"
                } else {
                    "is not at hand"
                };
                Some((Fate::Unread, format!("{} {fault}", escape::text(path))))
            }
            Material::Path(_) => None,
        }
    }

    /// The values of a list that are not in the text.
    fn parts(&self, field: &str) -> Option<(Fate, String)> {
        let service = self.service;
        let list: &Listed = match field {
            "host" => &service.host,
            "upstream" => &service.upstream,
            "listen" => &service.listen,
            "tls.alpn" => &service.tls.alpn,
            "tls.client.crl" => &service.tls.client.crl,
            _ => return None,
        };
        let words = words(self.text);
        let dot = if self.form == Form::Haproxy {
            haproxy::DOT
        } else {
            nginx::DOT
        };
        let is_said = |value: &&str| {
            let bare = value.split_once("://").map_or(*value, |(_, rest)| rest);
            let bare = bare.trim_end_matches('/');
            let bare = match bare.rsplit_once(':') {
                Some((host, port)) => format!("{}:{port}", settings::ascii(host)),
                None => settings::ascii(bare).into_owned(),
            };
            let is_pattern = wild::pattern(&bare, dot).is_some_and(|it| words.contains(&*it));
            let bare = bare.trim_start_matches('*');
            is_pattern || words.contains(bare) || words.contains(settings::bracketed(bare).as_str())
        };
        let (said, missing): (Vec<&str>, Vec<&str>) = list.iter().partition(is_said);
        let is_part = !said.is_empty() && !missing.is_empty();
        is_part.then(|| (Fate::Partly, format!("left out are {}", named(&missing))))
    }
}

/// The words of a text that hosts, addresses and protocols are found by, with the host of each address: each is
/// looked for once, however many there are.
fn words(text: &str) -> HashSet<&str> {
    let is_part = |letter: char| letter.is_alphanumeric() || "-_.:*[]".contains(letter);
    let coarse = text.split(|letter: char| !is_part(letter) && letter != '/');
    let fine = text.split(|letter: char| !is_part(letter));
    let mut words = HashSet::new();
    // Patterns stand alone, behind what marks them.
    let patterns = text.split(|letter: char| letter.is_whitespace() || letter == ';');
    words.extend(patterns.map(|word| word.trim_start_matches('~')));
    for word in coarse.chain(fine) {
        let word = word.trim_start_matches('*');
        words.insert(word);
        words.extend(word.rsplit_once(':').map(|(host, _)| host));
    }
    words
}

/// What is so in every form.
fn of_all(field: &str) -> Option<(Fate, String)> {
    let is_of_dns = field == "endpoint" || field.starts_with("dns.");
    let about = "the DNS is planned by `keyway dns plan`";
    is_of_dns.then(|| (Fate::Elsewhere, about.to_owned()))
}

/// The first values of a list, escaped and without their users, and how many more there are.
pub(super) fn named(values: &[&str]) -> String {
    let first = values.iter().take(MAX_NAMED);
    let first = first.map(|value| escape::text(&hostname::without_user(value)));
    let mut out = first.collect::<Vec<_>>().join(", ");
    if let Some(more) = values.len().checked_sub(MAX_NAMED).filter(|more| *more > 0) {
        // Writing to a string cannot fail.
        let _ = write!(out, " and {more} more");
    }
    out
}
