//! What a `bind` line of a frontend says.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use super::front::Front;
use super::guards;
use super::pairs::{Around, Pair, folder, unplaced};
use super::tickets;
use super::versions::Versions;
use crate::Service;
use crate::forms::left::Left;
use crate::forms::{ImportError, fields, settings};
use crate::model::{
    ClientMode, Listed, Material, OwnCertificate, Protocol, ProtocolVersion, Status, Tls,
};

/// Words that another one follows.
const TAKES: &str = "alpn backlog ca-file ca-ignore-err ca-sign-file ca-sign-pass ca-verify-file ciphers \
    ciphersuites client-sigalgs cc crl-file crt crt-ignore-err crt-list curves ecdhe gid group \
    guid-prefix id idle-ping interface level maxconn mode mss name namespace nbconn nice \
    ocsp-update process proto quic-cc-algo quic-socket severity-output shards sigalgs ssl-max-ver \
    ssl-min-ver tcp-ut thread tls-ticket-keys uid user verify";

/// Families in front of an address, each with whether it is IPv6's (Configuration Manual, section 11.1).
const FAMILIES: &[(&str, bool)] = &[
    ("ipv4@", false),
    ("tcp4@", false),
    ("ipv6@", true),
    ("tcp6@", true),
];

/// The words of `verify` (Configuration Manual, section 5.1).
const VERIFY: &[&str] = &["none", "optional", "required"];

/// The address that is written, and whether another stands for a name.
pub(super) fn address(text: &str) -> Option<(SocketAddr, bool)> {
    let family = FAMILIES
        .iter()
        .find_map(|(word, is_v6)| Some((text.strip_prefix(word)?, *is_v6)));
    let text = family.map_or(text, |(rest, _)| rest);
    let (host, port) = text.rsplit_once(':')?;
    let port: u16 = port.parse().ok()?;
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let (ip, instead) = match bare {
        "" | "*" if family.is_some_and(|(_, is_v6)| is_v6) => (Ipv6Addr::UNSPECIFIED.into(), false),
        "" | "*" => (IpAddr::from([0, 0, 0, 0]), false),
        "::" => (Ipv6Addr::UNSPECIFIED.into(), false),
        bare => match bare.parse() {
            Ok(ip) => (ip, false),
            Err(_) => (settings::address_of_name(bare)?, true),
        },
    };
    let is_its = family.is_none_or(|(_, is_v6)| ip.is_ipv6() == is_v6);
    is_its.then_some((SocketAddr::new(ip, port), instead))
}

/// The fields that two lines say otherwise.
fn differing(one: &Tls, other: &Tls) -> Vec<String> {
    let service = |tls: &Tls| Service {
        tls: tls.clone(),
        ..Service::default()
    };
    fields::differing(&service(one), &service(other))
}

/// One `bind` line.
pub(super) struct Bind {
    line: usize,
    /// The addresses as they are written.
    given: String,
    addresses: Vec<SocketAddr>,
    is_tls: bool,
    pairs: Vec<Pair>,
    has_suites: bool,
    versions: Versions,
    /// Whether names that are in no certificate are turned away.
    is_strict: bool,
    tls: Tls,
    left: Left,
}

impl Bind {
    /// Reads a line; what is unknown in it is left behind, word for word.
    ///
    /// # Errors
    ///
    /// Where nobody knows whether it asks clients for certificates.
    fn read(line: usize, words: &[String], around: &Around<'_>) -> Result<Self, ImportError> {
        let mut words = words.iter().map(String::as_str);
        let given = words.next().unwrap_or_default().to_owned();
        let mut bind = Self {
            line,
            given: given.clone(),
            addresses: Vec::new(),
            is_tls: false,
            pairs: Vec::new(),
            has_suites: false,
            versions: Versions::default(),
            is_strict: false,
            tls: Tls::default(),
            left: Left::of_server(),
        };
        let left = &mut bind.left;
        for given in given.split(',') {
            match address(given) {
                Some((address, instead)) => {
                    bind.addresses.push(address);
                    if instead {
                        left.line(line, &format!("bind {given}, here {address}"));
                    }
                }
                None => left.line(line, &format!("bind {given}")),
            }
        }
        while let Some(word) = words.next() {
            let value = if TAKES.split(' ').any(|taking| taking == word) {
                words.next().unwrap_or_default()
            } else {
                ""
            };
            if word == "verify" && !VERIFY.contains(&value) {
                let told = format!("bind {} verify {value}", bind.given);
                return Err(settings::unclear_verify(line, told.trim_end(), VERIFY));
            }
            let is_taken = match word {
                "v4v6" | "no-tls-tickets" => true,
                "ssl" => {
                    bind.is_tls = true;
                    true
                }
                "strict-sni" => {
                    bind.is_strict = true;
                    true
                }
                // No file holds them that a service could name.
                "ca-file" if value.starts_with('@') => false,
                "ca-file" | "crl-file" => bind.file(word, &around.ca(value), around),
                "crt" => bind.file(word, &around.certificate(value), around),
                word => bind.take(word, value),
            };
            if !is_taken {
                bind.leave(word, value);
            }
        }
        bind.settle(around);
        Ok(bind)
    }

    /// Leaves a word behind that has no place here.
    fn leave(&mut self, word: &str, value: &str) {
        let left = &mut self.left;
        let told = format!("bind {word} {value}");
        let told = told.trim_end();
        match word {
            word if guards::OF_BINDS.contains(&word) => left.guard(self.line, told),
            // Whoever comes is believed there, which nobody is unasked here.
            "accept-proxy" => left.line(
                self.line,
                &format!("{told}, whoever comes: here proxy_protocol.from says who is believed"),
            ),
            "tls-ticket-keys" => tickets::leave(self.line, told, left),
            "crt-list" => left.certificates(self.line, told),
            _ => left.line(self.line, told),
        }
    }

    /// A word that names a file.
    fn file(&mut self, word: &str, path: &str, around: &Around<'_>) -> bool {
        if let Some(told) = unplaced(path) {
            self.left.line(self.line, &format!("bind {word} {told}"));
        }
        match word {
            "crt" => self.certificate(path, around),
            word => self.take(word, path),
        }
    }

    fn certificate(&mut self, path: &str, around: &Around<'_>) -> bool {
        if path.is_empty() {
            return false;
        }
        if folder(self.line, path, &mut self.left) {
            return true;
        }
        if !self.pairs.iter().any(|known| known.certificate == path) {
            let pair = Pair::read(path, around);
            self.pairs.push(pair);
        }
        true
    }

    /// Takes what a word says; `false` when it has no place here.
    fn take(&mut self, word: &str, value: &str) -> bool {
        let tls = &mut self.tls;
        match word {
            "alpn" => tls.alpn = value.split(',').collect(),
            "ciphers" => {
                self.has_suites = true;
                return value == settings::openssl_suites(&Service::default());
            }
            "curves" => return settings::are_groups(value),
            "ca-file" => tls.client.ca = Some(Material::new(value)),
            "crl-file" => tls.client.crl = [value].into_iter().collect(),
            "verify" => {
                tls.client.mode = match value {
                    "required" => ClientMode::Required,
                    "optional" => ClientMode::Optional,
                    _ => ClientMode::None,
                };
            }
            _ => return self.versions.take(word, value),
        }
        true
    }

    /// What follows from several words together.
    fn settle(&mut self, around: &Around<'_>) {
        let tls = &mut self.tls;
        match self.versions.bounds(&around.versions) {
            Some((min, max)) if self.is_tls => (tls.min_version, tls.max_version) = (min, max),
            None if self.is_tls => {
                let told = format!("bind {} with no version of TLS that is left", self.given);
                self.left.line(self.line, &told);
            }
            _ => {}
        }
        if tls.min_version == Some(ProtocolVersion::Tls13) && !self.has_suites {
            tls.min_version = None;
            tls.profile = Protocol::Modern;
        }
        let mut pairs = self.pairs.iter();
        if let Some(first) = pairs.next() {
            tls.certificate = Some(Material::new(&first.certificate));
            tls.key = Some(Material::new(&first.key));
        } else if self.is_tls {
            tls.status = Some(Status::Enabled);
        }
        tls.default_certificate = self.is_tls && !self.is_strict;
        tls.certificates = pairs
            .map(|pair| OwnCertificate {
                host: Listed::default(),
                certificate: Material::new(&pair.certificate),
                key: Material::new(&pair.key),
                password: None,
                ocsp: None,
            })
            .collect();
    }

    /// Whether it shows certificates that are none of these.
    fn shows_others(&self, tls: &Tls) -> bool {
        let own = tls.certificates.iter().map(|own| &own.certificate);
        let known = tls.certificate.iter().chain(own);
        let known: BTreeSet<&str> = known.filter_map(Material::path).collect();
        let mut pairs = self.pairs.iter();
        pairs.any(|pair| !known.contains(pair.certificate.as_str()))
    }

    /// Whether it is a plain one on another port than that of http.
    pub(super) fn is_elsewhere(&self) -> bool {
        !self.is_tls && self.addresses.iter().any(|address| address.port() != 80)
    }
}

impl Front {
    /// A `bind` line.
    ///
    /// # Errors
    ///
    /// As [`Bind::read`].
    pub(super) fn bind(
        &mut self,
        line: usize,
        words: &[String],
        around: &Around<'_>,
    ) -> Result<(), ImportError> {
        let bind = Bind::read(line, words, around)?;
        self.has_tls |= bind.is_tls;
        self.binds.push(bind);
        Ok(())
    }

    /// The line where it listens, if on nothing that is read here: for TLS, where there is any.
    pub(super) fn nowhere(&self) -> Option<(usize, String)> {
        let mut binds = self
            .binds
            .iter()
            .filter(|bind| bind.is_tls || !self.has_tls);
        let first = binds.clone().next()?;
        let is_read = binds.any(|bind| !bind.addresses.is_empty());
        (!is_read).then(|| (first.line, format!("bind {}", first.given)))
    }

    /// Whether it shows certificates that are none of these.
    pub(super) fn shows_others(&self, tls: &Tls) -> bool {
        self.binds.iter().any(|bind| bind.shows_others(tls))
    }

    /// What is left behind of a frontend that is not the service.
    pub(super) fn into_left(mut self) -> Left {
        let mut left = std::mem::take(&mut self.left);
        self.leave_fences(&mut left);
        self.leave_sent(&mut left);
        for bind in self.binds {
            left.take_in(bind.left, false);
        }
        left
    }

    /// What is listened on, and how. Where there is TLS, the first line with a certificate says it; a line with
    /// settings of its own, or in plain text, is none of the service's. Port 80 of one that redirects is the
    /// redirect's.
    pub(super) fn join_binds(&mut self) {
        let mut binds = std::mem::take(&mut self.binds);
        binds.sort_by_key(|bind| (!bind.is_tls, bind.tls.certificate.is_none()));
        let mut listens = Vec::new();
        let mut main: Option<(bool, Tls)> = None;
        let mut unsure = BTreeSet::new();
        for bind in binds {
            // What listens on nothing that is read says nothing of what does; it is told already.
            if bind.addresses.is_empty() {
                self.left.take_in(bind.left, false);
                continue;
            }
            let (has_tls, tls) = main.get_or_insert_with(|| (bind.is_tls, bind.tls.clone()));
            let differing = differing(&bind.tls, tls);
            let is_plain = *has_tls && !bind.is_tls;
            if is_plain {
                self.plain(&bind);
            } else if differing.is_empty() {
                listens.extend(&bind.addresses);
            } else {
                let (given, differing) = (&bind.given, differing.join(", "));
                let told = format!("bind {given} with settings of its own: {differing}");
                if bind.shows_others(tls) {
                    self.left.certificates(bind.line, &told);
                } else {
                    self.left.line(bind.line, &told);
                }
            }
            let is_ours = !is_plain && differing.is_empty();
            for pair in bind.pairs.iter().filter(|pair| is_ours && pair.is_unsure) {
                if unsure.insert(pair.certificate.clone()) {
                    self.left.line(bind.line, &pair.told());
                }
            }
            self.left.take_in(bind.left, is_ours);
        }
        let listens = settings::distinct(&listens);
        self.service.listen = listens.iter().map(ToString::to_string).collect();
        if let Some((_, main)) = main {
            let tls = &mut self.service.tls;
            let (hsts, redirect) = (tls.hsts.take(), tls.redirect);
            *tls = Tls {
                hsts,
                redirect,
                ..main
            };
        } else {
            // Without `bind` nobody is answered in plain text.
            self.service.tls.status = Some(Status::Enabled);
        }
    }

    fn plain(&mut self, bind: &Bind) {
        for address in &bind.addresses {
            if !(self.service.tls.redirect && address.port() == 80) {
                let told = format!("bind {address} in plain text");
                self.left.line(bind.line, &told);
            }
        }
    }
}
