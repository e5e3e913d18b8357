//! What a `bind` line of a frontend says.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use super::front::Front;
use crate::Service;
use crate::forms::left::Left;
use crate::forms::settings;
use crate::model::{ClientMode, Material, ProtocolVersion};

fn address(text: &str, is_both: bool) -> Option<String> {
    let (host, port) = text.rsplit_once(':')?;
    let port: u16 = port.parse().ok()?;
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let ip = match bare {
        "" | "*" => IpAddr::from([0, 0, 0, 0]),
        "::" if is_both => Ipv6Addr::UNSPECIFIED.into(),
        bare => bare.parse().ok()?,
    };
    Some(SocketAddr::new(ip, port).to_string())
}

/// Whether a path that begins at the root has no ending: HAProxy takes every file in a folder.
fn may_be_folder(path: &str) -> bool {
    let last = path.rsplit('/').next().unwrap_or_default();
    path.starts_with('/') && !last.contains('.')
}

impl Front {
    /// A `bind` line; what is unknown in it is left behind, word for word.
    pub(super) fn bind(&mut self, line: usize, words: &[String], left: &mut Left) {
        let mut words = words.iter().map(String::as_str);
        let addresses = words.next().unwrap_or_default();
        self.has_bind = true;
        let rest: Vec<&str> = words.collect();
        let is_both = rest.contains(&"v4v6");
        let is_plain = !rest.contains(&"ssl");
        for given in addresses.split(',') {
            match address(given, is_both) {
                Some(address) if is_plain => self.plain.push((line, address)),
                Some(address) => self.service.listen.0.push(address),
                None => left.line(line, &format!("bind {given}")),
            }
        }
        let mut words = rest.into_iter();
        while let Some(word) = words.next() {
            let tls = &mut self.service.tls;
            let takes = [
                "crt",
                "alpn",
                "ssl-min-ver",
                "ssl-max-ver",
                "ciphers",
                "curves",
                "ca-file",
                "crl-file",
                "verify",
            ];
            let value = if takes.contains(&word) {
                words.next().unwrap_or_default()
            } else {
                ""
            };
            let version = match value {
                "TLSv1.2" => Some(ProtocolVersion::Tls12),
                "TLSv1.3" => Some(ProtocolVersion::Tls13),
                _ => None,
            };
            let is_taken = match word {
                "v4v6" | "no-tls-tickets" => true,
                "ssl" => {
                    self.has_tls = true;
                    true
                }
                "crt" if value.ends_with('/') => {
                    left.line(line, &format!("bind crt {value}, a folder of certificates"));
                    true
                }
                "crt" => {
                    if may_be_folder(value) {
                        left.line(line, &format!("bind crt {value}, if it is a folder"));
                    }
                    if !self.certificates.iter().any(|known| known == value) {
                        self.certificates.push(value.to_owned());
                    }
                    !value.is_empty()
                }
                "alpn" => {
                    tls.alpn = value.split(',').collect();
                    true
                }
                "ssl-min-ver" => {
                    tls.min_version = version;
                    version.is_some()
                }
                "ssl-max-ver" => {
                    tls.max_version = version;
                    version.is_some()
                }
                "ciphers" => {
                    self.has_suites = true;
                    value == settings::openssl_suites(&Service::default())
                }
                "curves" => settings::are_groups(value),
                "ca-file" => {
                    tls.client.ca = Some(Material::new(value));
                    true
                }
                "crl-file" => {
                    tls.client.crl = [value].into_iter().collect();
                    true
                }
                "verify" => {
                    tls.client.mode = match value {
                        "required" => ClientMode::Required,
                        "optional" => ClientMode::Optional,
                        _ => ClientMode::None,
                    };
                    ["required", "optional", "none"].contains(&value)
                }
                _ => false,
            };
            if !is_taken {
                left.line(line, format!("bind {word} {value}").trim_end());
            }
        }
    }

    /// What is listened on: where there is TLS, a plain address is none of the service's. Port 80 of one that
    /// redirects is the redirect's.
    pub(super) fn join_plain(&mut self, left: &mut Left) {
        for (line, address) in std::mem::take(&mut self.plain) {
            if !self.has_tls {
                self.service.listen.0.push(address);
            } else if !(self.service.tls.redirect && address.ends_with(":80")) {
                left.line(line, &format!("bind {address} in plain text"));
            }
        }
    }
}
