//! `config.not-an-address`

use std::net::{IpAddr, SocketAddr};

use keyway_report::{Evidence, Rule, Severity, escape};
use serde::Serialize;

use crate::check::Examination;
use crate::hostname::{self, is_authority};
use crate::managed::ManagedName;
use crate::model::Tls;
use crate::network::Network;

/// A value is no address and no name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NotAnAddress {
    /// The field.
    pub field: String,
    /// What is written, escaped, without a user and a password in front.
    pub value: String,
    /// What is wanted there.
    pub wanted: &'static str,
}

impl Evidence for NotAnAddress {
    const RULE: Rule = Rule {
        code: "config.not-an-address",
        severity: Severity::Error,
        title: "A value is no address and no name",
        why: "Nobody can listen at it, connect to it or ask for it: the server would not start, or never be found.",
        fix: "Write a host as clients ask for it (`www.example.com`), an address to listen at with its port (`[::]:443`), an upstream as `http://127.0.0.1:5001`, or `127.0.0.1:5432` in TCP mode, and a resolver as an address.",
        sources: &[
            "RFC 1035, section 2.3.4",
            "RFC 1123, section 2.1",
            "RFC 3986, section 3.2",
            "RFC 8945, section 4.2",
        ],
    };

    fn message(&self) -> String {
        format!(
            "`{}` holds \"{}\"; wanted is {}.",
            self.field, self.value, self.wanted
        )
    }

    fn fix(&self) -> String {
        match self.field.as_str() {
            "dns.zone" => "Write the zone as the DNS has it: `example.com`.",
            "dns.server" => {
                "Write the server as `ns1.example.com`, `192.0.2.53` or `[2001:db8::53]:5353`."
            }
            "dns.tsig.name" => {
                "Write the name that the key has at the server: `update-key.example.com`."
            }
            _ => Self::RULE.fix,
        }
        .to_owned()
    }
}

pub(super) fn check(on: &mut Examination<'_>) {
    let service = &on.draft.service;
    let mut wrong = Vec::new();
    let mut look = |field: &str, text: &str, is_good: bool, wanted: &'static str| {
        if !is_good {
            wrong.push((
                field.to_owned(),
                escape::text(&hostname::without_user(text)),
                wanted,
            ));
        }
    };
    let host = "a name or an address, without scheme, port and path";
    for text in service
        .host
        .iter()
        .filter(|text| !is_managed(&service.tls, text))
    {
        look("host", text, hostname::is_host(text), host);
    }
    for (index, own) in service.tls.certificates.iter().enumerate() {
        for text in own.host.iter() {
            let field = format!("tls.certificates[{index}].host");
            look(&field, text, hostname::is_host(text), host);
        }
    }
    let acme = &service.tls.acme;
    for (field, listed) in [
        ("listen", &service.listen),
        ("tls.acme.http", &acme.http),
        ("tls.acme.tls", &acme.tls),
    ] {
        for text in listed.iter() {
            let is_good = text.parse().is_ok_and(|at: SocketAddr| at.port() != 0);
            look(field, text, is_good, "an address with its port");
        }
    }
    for text in service.upstream.iter() {
        let (is_good, wanted) = if service.is_http() {
            (is_url(text), "`http://` or `https://` and a host")
        } else {
            (is_authority(text, true), "a host with its port")
        };
        look("upstream", text, is_good, wanted);
    }
    for text in service.proxy_protocol.from.iter() {
        let wanted = "a network such as 10.0.0.0/8, or an address";
        let is_good = text.parse::<Network>().is_ok();
        look("proxy_protocol.from", text, is_good, wanted);
    }
    for text in service.dns.resolvers.iter() {
        look("dns.resolvers", text, is_resolver(text), "an address");
    }
    if let Some(text) = &service.dns.server {
        let wanted = "an address or a name, with `:port` where it is not 53";
        look("dns.server", text, is_server(text), wanted);
    }
    let names = [
        ("dns.zone", service.dns.zone.as_ref()),
        (
            "dns.tsig.name",
            service.dns.tsig.as_ref().map(|tsig| &tsig.name),
        ),
    ];
    for (field, text) in names {
        if let Some(text) = text {
            let wanted = "a name of the DNS, in ASCII (`xn--` for letters of other languages)";
            look(field, text, hostname::is_domain(text), wanted);
        }
    }
    for (field, value, wanted) in wrong {
        let place = field.clone();
        on.found(
            &place,
            NotAnAddress {
                field,
                value,
                wanted,
            },
        );
    }
}

/// Whether a host is the managed name: `config.label-invalid` speaks of the parts that it is made of.
fn is_managed(tls: &Tls, host: &str) -> bool {
    let (Some(label), Some(zone)) = (&tls.leaf_domain_label, &tls.zone) else {
        return false;
    };
    let parent = match &tls.region {
        Some(region) => format!("{region}.{zone}"),
        None => zone.clone(),
    };
    ManagedName::parse(host, label, &parent).is_some()
}

/// Whether a text is the URL of an upstream: a scheme that is proxied, a host, a port, a path.
fn is_url(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once("://") else {
        return false;
    };
    let authority = rest.split('/').next().unwrap_or_default();
    let is_known = ["http", "https", "h2c"]
        .iter()
        .any(|known| scheme.eq_ignore_ascii_case(known));
    is_known && is_authority(authority, false) && !rest.contains(char::is_whitespace)
}

/// Whether a text is a server of the DNS: an address or a name, with a port or without.
fn is_server(text: &str) -> bool {
    text.parse::<IpAddr>().is_ok() || text.is_ascii() && is_authority(text, false)
}

/// Whether a text is a resolver: an address, with a port or without.
fn is_resolver(text: &str) -> bool {
    text.parse::<IpAddr>().is_ok() || text.parse().is_ok_and(|at: SocketAddr| at.port() != 0)
}
