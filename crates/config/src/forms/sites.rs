//! The certificates of a service with the hosts that get them, as servers want them.

use std::collections::BTreeSet;

use super::served::Served;
use super::{fields, settings};
use crate::Service;
use crate::forms::fields::Lost;
use crate::model::{Material, Secret, Status};

/// A certificate, its key and its hosts.
pub(super) struct Site<'s> {
    pub(super) hosts: Vec<String>,
    /// Certificate and key; `None` where they cannot be said.
    pub(super) pair: Option<(&'s str, &'s str)>,
    /// Another of each, with a key of another kind, for the same hosts.
    pub(super) beside: Option<(&'s str, &'s str)>,
    /// A file with the password of the key.
    pub(super) password: Option<&'s str>,
    /// A file with the OCSP response that is stapled.
    pub(super) ocsp: Option<&'s str>,
    /// The table of the service that says it.
    pub(super) table: String,
    /// Whether whoever asks for another name gets it, where strangers get one.
    pub(super) is_first: bool,
}

/// What a form chooses certificates by.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Chosen {
    /// The names in them.
    Names,
    /// The hosts that are written beside them: a host has one.
    Hosts,
    /// The same, and a host may have two whose keys are of different kinds.
    HostsAndKeys,
}

/// Whether a service has certificates for hosts of their own, and none beside them: its hosts are theirs.
pub(super) fn has_others_alone(service: &Service) -> bool {
    let tls = &service.tls;
    tls.certificate.is_none() && tls.key.is_none() && !tls.certificates.is_empty()
}

/// The service's own certificate, then those for hosts of their own: there is always one, and the first has no pair
/// where there is none to begin with. `is_said` tells which paths a form can say, `chosen` what its certificates are
/// chosen by.
pub(super) fn sites<'s>(
    service: &'s Service,
    is_said: fn(&str) -> bool,
    chosen: Chosen,
    lost: &mut Lost,
) -> Vec<Site<'s>> {
    let tls = &service.tls;
    let mut path = |material: Option<&'s Material>, field: &str| {
        let path = material?.path().filter(|path| is_said(path));
        if path.is_none() {
            fields::add(lost, field);
        }
        path
    };
    let is_absent = has_others_alone(service);
    let mut pairs = vec![None];
    if !is_absent {
        let certificate = path(tls.certificate.as_ref(), "tls.certificate");
        let key = path(tls.key.as_ref(), "tls.key");
        pairs[0] = certificate.zip(key);
    }
    for (index, own) in tls.certificates.iter().enumerate() {
        let certificate = path(
            Some(&own.certificate),
            &format!("tls.certificates[{index}].certificate"),
        );
        let key = path(Some(&own.key), &format!("tls.certificates[{index}].key"));
        pairs.push(certificate.zip(key));
    }
    if pairs[0].is_none() {
        // Half a pair is none.
        for (field, is_there) in [
            ("tls.certificate", tls.certificate.is_some()),
            ("tls.key", tls.key.is_some()),
        ] {
            if is_there {
                fields::add(lost, field);
            }
        }
    }
    let own = tls.certificates.iter().enumerate();
    let first = (
        &service.host,
        tls.password.as_ref(),
        tls.ocsp.as_deref(),
        "host".to_owned(),
        "tls".to_owned(),
    );
    let all = [first].into_iter().chain(own.map(|(index, own)| {
        let table = format!("tls.certificates[{index}]");
        (
            &own.host,
            own.password.as_ref(),
            own.ocsp.as_deref(),
            format!("{table}.host"),
            table,
        )
    }));
    let needs_hosts = chosen != Chosen::Names;
    let mut sites: Vec<Site<'s>> = Vec::new();
    let mut seen = BTreeSet::new();
    for ((hosts, password, ocsp, field, table), pair) in all.zip(pairs) {
        let mut hosts = settings::hosts(hosts, &field, lost);
        if chosen == Chosen::HostsAndKeys
            && let Some(same) = sites.iter_mut().find(|site| takes(site, &hosts))
            && pair.is_some()
        {
            same.beside = pair.filter(|_| pair != same.pair);
            // A server has one of each.
            let is_read = password.is_none_or(|own| match own {
                Secret::File(path) => Some(path.as_str()) == same.password,
                _ => false,
            });
            for (field, is_lost) in [("password", !is_read), ("ocsp", ocsp.is_some())] {
                if is_lost {
                    fields::add(lost, &format!("{table}.{field}"));
                }
            }
            continue;
        }
        let is_own = table == "tls";
        if needs_hosts && !(is_own && is_absent) {
            // A name leads to one certificate, the first.
            let before = hosts.len();
            hosts.retain(|host| seen.insert(host.to_ascii_lowercase()));
            if hosts.len() < before {
                fields::add(lost, &field);
            }
        }
        let password_file = match password {
            Some(Secret::File(path)) if is_said(path) && pair.is_some() => Some(path.as_str()),
            _ => None,
        };
        if password.is_some() && password_file.is_none() {
            fields::add(lost, &format!("{table}.password"));
        }
        let stapled = ocsp.filter(|path| is_said(path) && pair.is_some());
        if stapled != ocsp {
            fields::add(lost, &format!("{table}.ocsp"));
        }
        let needs_hosts = needs_hosts || is_absent;
        if !is_own && ((hosts.is_empty() && needs_hosts) || pair.is_none()) {
            // Without hosts nobody would get it.
            fields::add(lost, &table);
            continue;
        }
        sites.push(Site {
            hosts,
            pair,
            beside: None,
            password: password_file,
            ocsp: stapled,
            is_first: is_own,
            table,
        });
    }
    if is_absent && sites.len() > 1 {
        let hosts = sites.remove(0).hosts;
        sites[0].is_first = true;
        let served = Served::by(sites.iter().flat_map(|site| &site.hosts));
        if !hosts.iter().all(|host| served.has(host)) {
            fields::add(lost, "host");
        }
    }
    if service.status() == Status::Disabled {
        let said = fields::said(service).into_iter();
        for field in said.filter(|field| field.starts_with("tls.") && field != "tls.status") {
            fields::add(lost, &field);
        }
    }
    sites
}

/// Whether a certificate for these hosts can stand beside that of a site.
fn takes(site: &Site<'_>, hosts: &[String]) -> bool {
    let all = |hosts: &[String]| -> BTreeSet<String> {
        hosts.iter().map(|host| host.to_ascii_lowercase()).collect()
    };
    let is_free = site.pair.is_some() && site.beside.is_none();
    is_free && !hosts.is_empty() && all(&site.hosts) == all(hosts)
}

/// Takes what is named out of what is lost: a form says it where it is sure to.
pub(super) fn client<'s>(
    service: &'s Service,
    is_said: fn(&str) -> bool,
    lost: &mut Lost,
) -> Option<&'s str> {
    let client = &service.tls.client;
    let path = client.ca.as_ref().and_then(Material::path);
    let path = path.filter(|path| is_said(path));
    if client.ca.is_some() && path.is_none() {
        fields::add(lost, "tls.client.ca");
    }
    if path.is_none() && client.mode != crate::model::ClientMode::None {
        fields::add(lost, "tls.client.mode");
    }
    path
}
