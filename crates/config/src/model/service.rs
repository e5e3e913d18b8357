use serde::{Deserialize, Serialize};

use super::{
    Balance, Dns, Health, Limits, Listed, Material, Mode::Http, ProxyProtocol, Secret, Status,
    Timeouts, Tls, is_default,
};

/// What is proxied.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// HTTP/1.1 and HTTP/2.
    #[default]
    Http,
    /// Bytes of any protocol.
    Tcp,
}

/// One service behind TLS.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
#[cfg_attr(feature = "schema", schemars(deny_unknown_fields))]
pub struct Service {
    /// Where an editor finds the JSON Schema of this file. Nothing else looks at it.
    #[serde(rename = "$schema", skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// What to call it in logs and exported files. Default: a name that each form makes of the first host.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The names (or addresses) that clients ask for.
    #[serde(skip_serializing_if = "Listed::is_empty")]
    pub host: Listed,
    /// What is behind: `http://127.0.0.1:5001`, or in TCP mode `127.0.0.1:5432`. Several share the load. With
    /// `https://` its certificate has to be good for the host that is written here, by the system's CAs.
    #[serde(skip_serializing_if = "Listed::is_empty")]
    pub upstream: Listed,
    /// Where DNS has to point: an address, a name, or a URL that holds one (a scoring URI).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub endpoint: Option<String>,
    /// Addresses to listen on, with port. Default `[::]:443`; with TLS disabled `[::]:80`.
    #[serde(skip_serializing_if = "Listed::is_empty")]
    pub listen: Listed,
    /// `http` (default) or `tcp`.
    #[serde(skip_serializing_if = "is_default")]
    pub mode: Mode,
    /// How several upstreams share the load: `round-robin` (default) or `least-busy`.
    #[serde(skip_serializing_if = "is_default")]
    pub balance: Balance,
    /// How upstreams are looked at. Default: not at all; one that takes no connection rests for a while.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub health: Option<Health>,
    /// Who says, and who is told, for whom a connection is made.
    #[serde(skip_serializing_if = "is_default")]
    pub proxy_protocol: ProxyProtocol,
    /// How it speaks TLS.
    #[serde(skip_serializing_if = "is_default")]
    pub tls: Tls,
    /// Its records, and who holds them.
    #[serde(skip_serializing_if = "is_default")]
    pub dns: Dns,
    /// Time limits.
    #[serde(skip_serializing_if = "is_default")]
    pub timeouts: Timeouts,
    /// Limits of other kinds.
    #[serde(skip_serializing_if = "is_default")]
    pub limits: Limits,
}

/// The issuers that a service file has a word for, with the CAA domains of their CAs.
pub(crate) const ISSUERS: &[(&str, Option<&str>)] = &[
    ("letsencrypt", Some("letsencrypt.org")),
    ("letsencrypt-staging", Some("letsencrypt.org")),
    // A CA of one's own, which asks nobody.
    ("local", None),
];

/// The protocols of the web, the best first (RFC 9113, RFC 9112).
pub fn web_protocols() -> Vec<String> {
    vec!["h2".to_owned(), "http/1.1".to_owned()]
}

impl Service {
    /// The status that is written, or else the one that follows from the fields.
    pub fn status(&self) -> Status {
        let tls = &self.tls;
        tls.status.unwrap_or_else(|| {
            if tls.leaf_domain_label.is_some() {
                Status::Auto
            } else if tls.is_wanted() {
                Status::Enabled
            } else {
                Status::Disabled
            }
        })
    }

    /// The same without secrets: inline ones, the text of keys, and users in URLs are replaced by `[redacted]`.
    #[must_use]
    pub fn redacted(mut self) -> Self {
        self.parts(&mut |_, part| {
            if part.is_open() {
                part.redact();
            }
        });
        self
    }

    /// As a service file in TOML, secrets and all: [`Service::redacted`] comes first where it is shown.
    pub fn to_toml(&self) -> String {
        // A model of texts, numbers, lists and tables: it always serialises.
        toml_edit::ser::to_string_pretty(self).unwrap_or_default()
    }

    /// As a service file in JSON, secrets and all.
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }

    /// The fields that hold a secret in the open: inline passwords, the text of keys, and URLs with a user.
    pub fn open_secrets(&self) -> Vec<String> {
        let mut fields = Vec::new();
        // There is one walk over all texts, and it may change them.
        self.clone().parts(&mut |field, part| {
            if part.is_open() {
                fields.push(field.to_owned());
            }
        });
        fields
    }

    /// The first field that holds the text of a private key, and is no place for one.
    pub(crate) fn misplaced_key(&mut self) -> Option<String> {
        let mut found = None;
        self.parts(&mut |field, part| {
            if found.is_none() && part.is_misplaced_key() {
                found = Some(field.to_owned());
            }
        });
        found
    }

    /// The private keys that it names or holds.
    pub fn keys(&self) -> Vec<&Material> {
        let own = self.tls.certificates.iter().map(|own| &own.key);
        self.tls.key.iter().chain(own).collect()
    }

    /// The files that hold its keys and their passwords, each with the field that names it.
    pub fn secret_files(&self) -> Vec<(String, &str)> {
        let tls = &self.tls;
        let first = ("tls".to_owned(), tls.key.as_ref(), tls.password.as_ref());
        let own = tls.certificates.iter().enumerate().map(|(index, own)| {
            let table = format!("tls.certificates[{index}]");
            (table, Some(&own.key), own.password.as_ref())
        });
        let mut files = Vec::new();
        for (index, path) in tls.ticket_keys.iter().enumerate() {
            files.push((format!("tls.ticket_keys[{index}]"), path));
        }
        for (table, key, password) in std::iter::once(first).chain(own) {
            if let Some(path) = key.and_then(Material::path) {
                files.push((format!("{table}.key"), path));
            }
            if let Some(Secret::File(path)) = password {
                files.push((format!("{table}.password"), path));
            }
        }
        let account = self.tls.acme.external_account.as_ref();
        if let Some(Secret::File(path)) = account.map(|account| &account.key) {
            files.push(("tls.acme.external_account.key".to_owned(), path));
        }
        if let Some(Secret::File(path)) = self.dns.tsig.as_ref().map(|tsig| &tsig.secret) {
            files.push(("dns.tsig.secret".to_owned(), path));
        }
        files
    }

    /// The CA that its certificate comes from, by its CAA domain (RFC 8659): known where Keyway manages the
    /// certificate, as others may come from anybody.
    pub fn managed_issuer(&self) -> Option<&'static str> {
        if self.status() != Status::Auto {
            return None;
        }
        let issuer = self.tls.issuer.as_deref().unwrap_or("letsencrypt");
        let known = ISSUERS.iter().find(|(word, _)| *word == issuer);
        known.and_then(|(_, domain)| *domain)
    }

    /// The protocols above TLS that it offers (ALPN): those of HTTP where it is proxied as such and says none; for any
    /// other protocol what it says, be it nothing.
    pub fn offered_protocols(&self) -> Vec<String> {
        if self.tls.alpn.iter().next().is_none() && self.is_http() {
            return web_protocols();
        }
        self.tls.alpn.iter().map(str::to_owned).collect()
    }

    /// Those that clients of the web are told of beforehand: by a server that offers none, they get HTTP/1.1 (RFC 9460,
    /// section 9.1).
    pub fn announced_protocols(&self) -> Vec<String> {
        let offered = self.offered_protocols();
        if offered.is_empty() {
            return vec!["http/1.1".to_owned()];
        }
        offered
    }

    /// The first address that it listens on at the port of plain http (RFC 9110, section 4.2.1).
    pub fn on_plain_port(&self) -> Option<&str> {
        self.listen.iter().find(|address| address.ends_with(":80"))
    }

    /// Whether it is proxied as HTTP.
    pub fn is_http(&self) -> bool {
        self.mode == Http
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_is_no_http_offers_what_it_says_and_the_web_hears_of_http_1_1_where_that_is_nothing() {
        let offers = |text: &str| {
            let service = crate::read(text).unwrap().service;
            (service.offered_protocols(), service.announced_protocols())
        };
        let web = vec!["h2".to_owned(), "http/1.1".to_owned()];
        assert_eq!(offers("mode = \"http\""), (web.clone(), web));
        let old = vec!["http/1.1".to_owned()];
        assert_eq!(offers("mode = \"tcp\""), (Vec::new(), old));
        let own = vec!["imap".to_owned()];
        let said = "mode = \"tcp\"\ntls.alpn = [\"imap\"]";
        assert_eq!(offers(said), (own.clone(), own));
    }
}
