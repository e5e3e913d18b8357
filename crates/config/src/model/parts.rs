//! Every text of a service, so that none is passed over where secrets are looked for: a field that is added has
//! to be named here before it compiles.

use zeroize::Zeroize as _;

use super::{
    Acme, ClientAuthentication, Dns, ExternalAccount, Listed, Material, OwnCertificate,
    ProxyProtocol, REDACTED, Secret, Service, Tls, Tsig, material,
};
use crate::hostname;

/// A text of a service, by what may be secret in it.
pub(crate) enum Part<'p> {
    /// A private key.
    Key(&'p mut Material),
    /// Certificates.
    Public(&'p mut Material),
    /// A secret that stands in the file.
    Inline(&'p mut Secret),
    /// What may be a URL, with a user and a password in front.
    Address(&'p mut String),
    /// No place for a secret.
    Plain(&'p mut String),
}

/// Who is shown the fields, one after the other: name, text.
type See<'s> = dyn FnMut(&str, Part<'_>) + 's;

impl Part<'_> {
    /// Whether a secret stands in it in the open.
    pub(crate) fn is_open(&self) -> bool {
        match self {
            Self::Key(key) => key.path().is_none_or(material::holds_key),
            Self::Public(certificates) => certificates.holds_key(),
            Self::Inline(_) => true,
            Self::Address(text) => material::holds_key(text) || hostname::user(text).is_some(),
            Self::Plain(text) => material::holds_key(text),
        }
    }

    /// Whether the text of a private key stands where there is no place for one.
    pub(crate) fn is_misplaced_key(&self) -> bool {
        match self {
            Self::Address(text) | Self::Plain(text) => material::holds_key(text),
            _ => false,
        }
    }

    /// Takes the secret out.
    pub(crate) fn redact(self) {
        match self {
            Self::Key(material) | Self::Public(material) => {
                *material = Material::Path(REDACTED.to_owned());
            }
            Self::Inline(secret) => *secret = Secret::Inline(REDACTED.to_owned().into()),
            Self::Address(text) if !material::holds_key(text) => {
                let shown = hostname::without_user(text);
                text.zeroize();
                *text = shown;
            }
            Self::Address(text) | Self::Plain(text) => {
                text.zeroize();
                text.push_str(REDACTED);
            }
        }
    }
}

impl Service {
    /// Shows every text that it holds.
    pub(crate) fn parts(&mut self, see: &mut See<'_>) {
        let Self {
            schema,
            name,
            host,
            upstream,
            endpoint,
            listen,
            mode: _,
            balance: _,
            health,
            proxy_protocol: ProxyProtocol { from, send: _ },
            tls,
            dns,
            timeouts: _,
            limits: _,
        } = self;
        address("$schema", schema.as_mut(), see);
        plain("name", name.as_mut(), see);
        addresses("host", host, see);
        addresses("upstream", upstream, see);
        address("endpoint", endpoint.as_mut(), see);
        addresses("listen", listen, see);
        let path = health.as_mut().and_then(|health| health.path.as_mut());
        plain("health.path", path, see);
        addresses("proxy_protocol.from", from, see);
        of_tls(tls, see);
        of_dns(dns, see);
    }
}

fn of_tls(tls: &mut Tls, see: &mut See<'_>) {
    let Tls {
        status: _,
        certificate,
        key,
        password,
        ocsp,
        certificates,
        default_certificate: _,
        ticket_keys,
        leaf_domain_label,
        region,
        zone,
        overwrite_existing_domain: _,
        renew: _,
        issuer,
        acme,
        profile: _,
        min_version: _,
        max_version: _,
        alpn,
        client: ClientAuthentication { mode: _, ca, crl },
        hsts: _,
        redirect: _,
    } = tls;
    if let Some(key) = key {
        see("tls.key", Part::Key(key));
    }
    secret("tls.password", password.as_mut(), see);
    for (index, own) in certificates.iter_mut().enumerate() {
        of_own(&format!("tls.certificates[{index}]"), own, see);
    }
    if let Some(certificate) = certificate {
        see("tls.certificate", Part::Public(certificate));
    }
    plain("tls.ocsp", ocsp.as_mut(), see);
    for (index, path) in ticket_keys.0.iter_mut().enumerate() {
        see(&format!("tls.ticket_keys[{index}]"), Part::Plain(path));
    }
    plain("tls.leaf_domain_label", leaf_domain_label.as_mut(), see);
    plain("tls.region", region.as_mut(), see);
    plain("tls.zone", zone.as_mut(), see);
    address("tls.issuer", issuer.as_mut(), see);
    of_acme(acme, see);
    for (index, protocol) in alpn.0.iter_mut().enumerate() {
        see(&format!("tls.alpn[{index}]"), Part::Plain(protocol));
    }
    if let Some(ca) = ca {
        see("tls.client.ca", Part::Public(ca));
    }
    for (index, path) in crl.0.iter_mut().enumerate() {
        see(&format!("tls.client.crl[{index}]"), Part::Plain(path));
    }
}

fn of_acme(acme: &mut Acme, see: &mut See<'_>) {
    let Acme {
        contact,
        challenges: _,
        profile,
        chain,
        roots,
        external_account,
        hook,
        http,
        tls,
        keep_key: _,
    } = acme;
    // What stands before the `@` of a `mailto:` is nobody's password (RFC 6068).
    for (index, text) in contact.0.iter_mut().enumerate() {
        see(&format!("tls.acme.contact[{index}]"), Part::Plain(text));
    }
    plain("tls.acme.profile", profile.as_mut(), see);
    plain("tls.acme.chain", chain.as_mut(), see);
    plain("tls.acme.roots", roots.as_mut(), see);
    if let Some(ExternalAccount { key_id, key }) = external_account {
        plain("tls.acme.external_account.key_id", Some(key_id), see);
        secret("tls.acme.external_account.key", Some(key), see);
    }
    for (index, word) in hook.iter_mut().enumerate() {
        see(&format!("tls.acme.hook[{index}]"), Part::Plain(word));
    }
    addresses("tls.acme.http", http, see);
    addresses("tls.acme.tls", tls, see);
}

fn of_own(table: &str, own: &mut OwnCertificate, see: &mut See<'_>) {
    let OwnCertificate {
        host,
        certificate,
        key,
        password,
        ocsp,
    } = own;
    see(&format!("{table}.key"), Part::Key(key));
    secret(&format!("{table}.password"), password.as_mut(), see);
    see(&format!("{table}.certificate"), Part::Public(certificate));
    addresses(&format!("{table}.host"), host, see);
    plain(&format!("{table}.ocsp"), ocsp.as_mut(), see);
}

fn of_dns(dns: &mut Dns, see: &mut See<'_>) {
    let Dns {
        zone,
        server,
        tsig,
        resolvers,
        ttl: _,
    } = dns;
    plain("dns.zone", zone.as_mut(), see);
    address("dns.server", server.as_mut(), see);
    if let Some(tsig) = tsig {
        let Tsig {
            name,
            algorithm,
            secret: of_key,
        } = tsig;
        plain("dns.tsig.name", Some(name), see);
        plain("dns.tsig.algorithm", algorithm.as_mut(), see);
        secret("dns.tsig.secret", Some(of_key), see);
    }
    addresses("dns.resolvers", resolvers, see);
}

fn plain(field: &str, text: Option<&mut String>, see: &mut See<'_>) {
    if let Some(text) = text {
        see(field, Part::Plain(text));
    }
}

fn address(field: &str, text: Option<&mut String>, see: &mut See<'_>) {
    if let Some(text) = text {
        see(field, Part::Address(text));
    }
}

fn addresses(field: &str, texts: &mut Listed, see: &mut See<'_>) {
    for (index, text) in texts.0.iter_mut().enumerate() {
        see(&format!("{field}[{index}]"), Part::Address(text));
    }
}

/// A secret, or where it is.
fn secret(field: &str, secret: Option<&mut Secret>, see: &mut See<'_>) {
    match secret {
        None => {}
        Some(Secret::File(path)) => see(&format!("{field}.file"), Part::Plain(path)),
        Some(Secret::Environment(name)) => see(&format!("{field}.env"), Part::Plain(name)),
        Some(Secret::Command(words)) => {
            for (index, word) in words.iter_mut().enumerate() {
                see(&format!("{field}.command[{index}]"), Part::Plain(word));
            }
        }
        Some(inline @ Secret::Inline(_)) => see(field, Part::Inline(inline)),
    }
}
