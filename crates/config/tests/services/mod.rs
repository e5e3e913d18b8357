//! Services of every shape, for tests of what is written and read again.

use keyway_config::Service;
use keyway_config::model::{
    Acme, AcmeChallenge, Balance, ClientAuthentication, ClientMode, Dns, ExternalAccount, Health,
    Hsts, Limits, Listed, Material, Mode, OwnCertificate, Protocol, ProtocolVersion, ProxyProtocol,
    ProxyVersion, Secret, Status, Timeouts, Tls, Tsig,
};
use proptest::prelude::*;

pub(crate) const CERTIFICATE: &str =
    "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n";
pub(crate) const KEY: &str = "-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----\n";

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[a-z][a-z0-9.-]{0,20}",
        // Quotes, line ends, controls, other scripts: whatever a file may hold.
        1 => "[ -~\\n\\t\u{e4}\u{4e2d}\u{202e}]{1,20}",
    ]
}

/// Mostly one of these, now and then anything.
fn mostly(known: &'static [&'static str]) -> impl Strategy<Value = String> {
    prop_oneof![
        7 => prop::sample::select(known).prop_map(str::to_owned),
        1 => text(),
    ]
}

fn listed(known: &'static [&'static str]) -> impl Strategy<Value = Listed> {
    prop::collection::vec(mostly(known), 0..4).prop_map(Listed)
}

/// Hosts that people have.
pub(crate) const HOSTS: &[&str] = &[
    "www.example.com",
    "example.com",
    "*.example.com",
    "b.example.org",
    "WWW.Example.com",
    "192.0.2.1",
    "2001:db8::1",
    "b\u{fc}cher.example",
];

fn hosts() -> impl Strategy<Value = Listed> {
    listed(HOSTS)
}

fn upstreams() -> impl Strategy<Value = Listed> {
    prop_oneof![
        listed(&[
            "http://10.0.0.1:80",
            "http://10.0.0.2:80",
            "http://app.shop.svc:8080"
        ]),
        listed(&["https://a.example:8443", "https://10.0.0.1"]),
        listed(&["127.0.0.1:5432", "[::1]:5433"]),
        listed(&["http://app.shop.svc:8080"]),
    ]
}

fn listens() -> impl Strategy<Value = Listed> {
    listed(&[
        "[::]:443",
        "0.0.0.0:443",
        "127.0.0.1:443",
        "[::]:8443",
        "192.0.2.1:9443",
        "[::1]:80",
        "127.0.0.1:0",
    ])
}

fn path(known: &'static [&'static str], pem: &'static str) -> impl Strategy<Value = Material> {
    prop_oneof![
        6 => mostly(known).prop_map(|path| Material::new(&path)),
        1 => Just(Material::new(pem)),
    ]
}

fn certificate() -> impl Strategy<Value = Material> {
    path(&["/x/s.pem", "t.pem"], CERTIFICATE)
}

fn key() -> impl Strategy<Value = Material> {
    path(&["/x/s.pem", "/x/s.pem.key", "t.pem", "t.key"], KEY)
}

fn secret() -> impl Strategy<Value = Secret> {
    prop_oneof![
        text().prop_map(Secret::File),
        text().prop_map(Secret::Environment),
        prop::collection::vec(text(), 1..3).prop_map(Secret::Command),
        text().prop_map(|text| Secret::Inline(text.into())),
    ]
}

prop_compose! {
    fn own()(host in hosts(), certificate in certificate(), key in key(),
             password in prop::option::weighted(0.2, secret()),
             ocsp in prop::option::weighted(0.2, text())) -> OwnCertificate {
        OwnCertificate { host, certificate, key, password, ocsp }
    }
}

prop_compose! {
    fn client()(
        mode in prop::sample::select(vec![ClientMode::None, ClientMode::Optional, ClientMode::Required]),
        ca in prop::option::of(path(&["ca.pem", "/x/ca.pem"], CERTIFICATE)),
        crl in listed(&["a.crl", "/x/b.crl"]),
        is_asked in any::<bool>(),
    ) -> ClientAuthentication {
        if is_asked { ClientAuthentication { mode, ca, crl } } else { ClientAuthentication::default() }
    }
}

fn version(oldest: ProtocolVersion) -> impl Strategy<Value = Option<ProtocolVersion>> {
    prop::option::of(prop::sample::select(vec![
        oldest,
        ProtocolVersion::Tls12,
        ProtocolVersion::Tls13,
    ]))
}

prop_compose! {
    fn acme()(
        texts in prop::array::uniform3(prop::option::weighted(0.3, text())),
        challenges in prop::collection::vec(prop::sample::select(vec![
            AcmeChallenge::Http01, AcmeChallenge::TlsAlpn01, AcmeChallenge::Dns01,
        ]), 0..3),
        account in prop::option::weighted(0.3, (text(), secret())),
        contact in listed(&["mailto:a@example.com"]), http in listed(&["[::]:80"]), tls in listed(&["0.0.0.0:443"]),
        hook in prop::collection::vec(text(), 0..3), keep_key in any::<bool>(), is_said in any::<bool>(),
    ) -> Acme {
        let [profile, chain, roots] = texts;
        let external_account = account.map(|(key_id, key)| ExternalAccount { key_id, key });
        let acme = Acme { contact, challenges, profile, chain, roots, external_account, hook, http, tls, keep_key };
        if is_said { acme } else { Acme::default() }
    }
}

prop_compose! {
    fn names()(
        leaf_domain_label in prop::option::weighted(0.2, text()),
        region in prop::option::weighted(0.2, text()),
        zone in prop::option::weighted(0.2, text()),
        issuer in prop::option::weighted(0.2, mostly(&["letsencrypt", "local"])),
        password in prop::option::weighted(0.2, secret()),
        flags in any::<[bool; 4]>(), acme in acme(),
    ) -> Tls {
        let [is_wished, overwrite_existing_domain, renew, redirect] = flags;
        Tls {
            leaf_domain_label, region, zone, issuer, acme, password, redirect,
            overwrite_existing_domain: is_wished && overwrite_existing_domain,
            renew: is_wished && renew,
            ..Tls::default()
        }
    }
}

prop_compose! {
    fn tls()(
        names in names(),
        status in prop::option::weighted(0.3, prop::sample::select(vec![
            Status::Auto, Status::Enabled, Status::Disabled,
        ])),
        pair in prop::option::weighted(0.8, (certificate(), key())),
        half in prop::option::weighted(0.1, key()),
        certificates in prop::collection::vec(own(), 0..3),
        is_modern in any::<bool>(),
        min_version in version(ProtocolVersion::Tls11),
        max_version in version(ProtocolVersion::Tls12),
        alpn in listed(&["h2", "http/1.1", "imap"]),
        client in client(),
        hsts in prop::option::of((0..=u64::from(u32::MAX), any::<[bool; 2]>())),
        ocsp in prop::option::of(text()), default_certificate in any::<bool>(), ticket_keys in listed(&["a.key", "b.key"]),
    ) -> Tls {
        let (certificate, key) = pair.unzip();
        let hsts = hsts.map(|(max_age, [include_subdomains, preload])| Hsts {
            max_age, include_subdomains, preload,
        });
        let profile = if is_modern { Protocol::Modern } else { Protocol::Intermediate };
        Tls {
            status, certificate, key: key.or(half), certificates, profile, min_version, max_version,
            alpn, client, hsts, ocsp, default_certificate, ticket_keys, ..names
        }
    }
}

prop_compose! {
    fn dns()(
        zone in prop::option::of(text()), server in prop::option::of(text()),
        tsig in prop::option::of((text(), prop::option::of(text()), secret())),
        resolvers in listed(&["192.0.2.53"]), ttl in prop::option::of(any::<u32>()),
        is_said in any::<bool>(),
    ) -> Dns {
        let tsig = tsig.map(|(name, algorithm, secret)| Tsig { name, algorithm, secret });
        if is_said { Dns { zone, server, tsig, resolvers, ttl } } else { Dns::default() }
    }
}

fn number() -> impl Strategy<Value = Option<u32>> {
    prop::option::of(prop_oneof![6 => 0..100_u32, 1 => any::<u32>()])
}

prop_compose! {
    fn limits()(
        times in prop::array::uniform6(number()), most in prop::array::uniform5(number()),
        body_bytes in prop::option::of(0..=i64::MAX.unsigned_abs()),
    ) -> (Timeouts, Limits) {
        let [handshake, header, body, idle, connect, drain] = times;
        let [connections, connections_per_address, handshakes, header_bytes, body_rate] = most;
        (
            Timeouts { handshake, header, body, idle, connect, drain },
            Limits { connections, connections_per_address, handshakes, header_bytes, body_bytes, body_rate },
        )
    }
}

prop_compose! {
    /// What is said of upstreams beside where they are.
    fn behind()(
        is_busy in any::<bool>(), health in prop::option::of((prop::option::of(text()), number())),
        from in listed(&["10.0.0.0/8", "::1"]), send in prop::option::of(any::<bool>()),
    ) -> (Balance, Option<Health>, ProxyProtocol) {
        let balance = if is_busy { Balance::LeastBusy } else { Balance::RoundRobin };
        let send = send.map(|is_first| if is_first { ProxyVersion::V1 } else { ProxyVersion::V2 });
        let health = health.map(|(path, every)| Health { path, every });
        (balance, health, ProxyProtocol { from, send })
    }
}

prop_compose! {
    /// A service that may say anything that the model has.
    pub(crate) fn service()(
        name in prop::option::of(text()), host in hosts(), upstream in upstreams(),
        endpoint in prop::option::of(text()), listen in listens(), is_tcp in prop::bool::weighted(0.3),
        tls in tls(), dns in dns(), (timeouts, limits) in limits(), (balance, health, proxy_protocol) in behind(),
    ) -> Service {
        let mode = if is_tcp { Mode::Tcp } else { Mode::Http };
        Service {
            schema: None, name, host, upstream, endpoint, listen, mode, balance, health, proxy_protocol, tls, dns,
            timeouts, limits,
        }
    }
}
