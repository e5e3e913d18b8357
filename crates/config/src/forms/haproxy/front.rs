//! What the lines of a frontend and its backend say of a service.

use super::redirect::{self, Redirect};
use crate::Service;
use crate::forms::left::Left;
use crate::forms::settings;
use crate::model::{Listed, Material, Mode, OwnCertificate, Protocol, ProtocolVersion, Status};

/// Lines of keyway's own export that say what keyway does anyhow.
const AS_EVER: &[&[&str]] = &[
    &["http-request", "set-header", "X-Forwarded-Proto", "https"],
    &["http-request", "set-header", "X-Forwarded-Proto", "http"],
    &["option", "forwardfor"],
    &["balance", "roundrobin"],
];

fn seconds(text: &str) -> Option<u32> {
    match text.strip_suffix("ms") {
        Some(text) => text
            .parse()
            .ok()
            .filter(|ms| ms % 1000 == 0)
            .map(|ms: u32| ms / 1000),
        None => match text.strip_suffix('s') {
            Some(text) => text.parse().ok(),
            None => text
                .parse()
                .ok()
                .filter(|ms| ms % 1000 == 0)
                .map(|ms: u32| ms / 1000),
        },
    }
}

/// A line that names a backend.
pub(super) struct Use {
    pub(super) line: usize,
    pub(super) backend: String,
    /// The host that it is for; `None` for all.
    host: Option<String>,
    /// Whether its condition was understood.
    is_clear: bool,
    /// As it is told.
    pub(super) told: String,
}

/// What a frontend says.
#[derive(Default)]
pub(super) struct Front {
    pub(super) service: Service,
    pub(super) certificates: Vec<String>,
    pub(super) uses: Vec<Use>,
    pub(super) has_tls: bool,
    pub(super) has_bind: bool,
    pub(super) has_suites: bool,
    /// Addresses of binds without TLS, with their lines.
    pub(super) plain: Vec<(usize, String)>,
    pub(super) is_redirect: bool,
}

impl Front {
    /// A host that a condition asks for: `{ req.hdr(host) -i www.example.com }`.
    fn host(condition: &[&str]) -> Option<String> {
        let (sample, host) = match condition {
            ["{", sample, "-i", host, "}"] | ["{", sample, host, "}"] => {
                (*sample, (*host).to_owned())
            }
            ["{", sample, "-i", "-m", "end", end, "}"] => (*sample, format!("*{end}")),
            _ => return None,
        };
        let known = [
            "hdr(host)",
            "req.hdr(host)",
            "req.hdr(host),field(1,:)",
            "ssl_fc_sni",
        ];
        (known.contains(&sample) && settings::is_plain(host.trim_start_matches("*.")))
            .then_some(host)
    }

    fn uses(&mut self, line: usize, backend: &str, condition: Option<&[&str]>, told: String) {
        let host = condition.and_then(Self::host);
        self.uses.push(Use {
            line,
            backend: backend.to_owned(),
            is_clear: condition.is_none() || host.is_some(),
            host,
            told,
        });
    }

    /// The backend that the service is: the first that is named under a condition which is understood. Its
    /// hosts are the service's; what leads to another one is left behind.
    pub(super) fn choose(&mut self, left: &mut Left) -> Option<String> {
        let uses = std::mem::take(&mut self.uses);
        let clear = uses.iter().find(|used| used.is_clear);
        let chosen = clear.or(uses.first())?.backend.clone();
        for used in uses {
            if used.backend != chosen || !used.is_clear {
                left.line(used.line, &used.told);
            } else {
                self.service.host.0.extend(used.host);
            }
        }
        Some(chosen)
    }

    /// A line of the frontend.
    pub(super) fn line(&mut self, line: usize, words: &[String], left: &mut Left) {
        let texts: Vec<&str> = words.iter().map(String::as_str).collect();
        let timeouts = &mut self.service.timeouts;
        let is_taken = AS_EVER.contains(&texts.as_slice())
            || match texts.as_slice() {
                ["bind", ..] => {
                    self.bind(line, &words[1..], left);
                    true
                }
                ["mode", "http"] => true,
                ["mode", "tcp"] => {
                    self.service.mode = Mode::Tcp;
                    true
                }
                ["default_backend" | "use_backend", name] => {
                    self.uses(line, name, None, texts.join(" "));
                    true
                }
                ["use_backend", name, "if", condition @ ..] => {
                    self.uses(line, name, Some(condition), texts.join(" "));
                    true
                }
                ["http-response", "set-header", name, value]
                    if name.eq_ignore_ascii_case("Strict-Transport-Security") =>
                {
                    self.service.tls.hsts = settings::hsts_of(value);
                    self.service.tls.hsts.is_some()
                }
                [..] if let Some(redirect) = redirect::of(&texts) => {
                    self.is_redirect |= redirect == Redirect::All;
                    self.service.tls.redirect |= redirect == Redirect::Plain;
                    true
                }
                ["maxconn", most] => {
                    self.service.limits.connections = most.parse().ok();
                    self.service.limits.connections.is_some()
                }
                ["timeout", "http-request", value] => {
                    timeouts.header = seconds(value);
                    timeouts.header.is_some()
                }
                ["timeout", "client", value] => {
                    timeouts.idle = seconds(value);
                    timeouts.idle.is_some()
                }
                _ => false,
            };
        if !is_taken {
            left.line(line, &texts.join(" "));
        }
    }

    /// A line of the backend.
    pub(super) fn back(&mut self, line: usize, words: &[String], left: &mut Left) {
        let texts: Vec<&str> = words.iter().map(String::as_str).collect();
        let service = &mut self.service;
        let timeouts = &mut service.timeouts;
        let is_taken = AS_EVER.contains(&texts.as_slice())
            || match texts.as_slice() {
                ["mode", "http" | "tcp"] => true,
                ["server", _, to, options @ ..] => {
                    let is_tls = options.contains(&"ssl");
                    let scheme = match (service.mode, is_tls) {
                        (Mode::Tcp, _) => "",
                        (Mode::Http, false) => "http://",
                        (Mode::Http, true) => "https://",
                    };
                    service.upstream.0.push(format!("{scheme}{to}"));
                    let host = to.rsplit_once(':').map_or(*to, |(host, _)| host);
                    let sni = format!("str({host})");
                    let known = [
                        "ssl",
                        "verify",
                        "required",
                        "ca-file",
                        "@system-ca",
                        "verifyhost",
                        "sni",
                        host,
                        &sni,
                    ];
                    for option in options {
                        let is_known = known.contains(option) && service.mode == Mode::Http;
                        if !is_known {
                            left.line(line, &format!("server {to} {option}"));
                        }
                    }
                    true
                }
                ["timeout", "server", value] => {
                    let idle = seconds(value);
                    let fits = timeouts.idle.is_none() || timeouts.idle == idle;
                    timeouts.idle = timeouts.idle.or(idle);
                    fits && idle.is_some()
                }
                ["timeout", "connect", value] => {
                    timeouts.connect = seconds(value);
                    timeouts.connect.is_some()
                }
                _ => false,
            };
        if !is_taken {
            left.line(line, &texts.join(" "));
        }
    }

    /// What follows from several lines together.
    pub(super) fn settle(&mut self, left: &mut Left) {
        self.join_plain(left);
        let service = &mut self.service;
        let tls = &mut service.tls;
        // What is the default needs no line.
        if tls.max_version == Some(ProtocolVersion::Tls13) {
            tls.max_version = None;
        }
        if tls.min_version == Some(ProtocolVersion::Tls12) {
            tls.min_version = None;
        }
        if tls.min_version == Some(ProtocolVersion::Tls13) && !self.has_suites {
            tls.min_version = None;
            tls.profile = Protocol::Modern;
        }
        if self.has_tls && tls.alpn.iter().eq(["h2", "http/1.1"]) && service.mode == Mode::Http {
            tls.alpn = Listed::default();
        } else if self.has_tls && tls.alpn.is_empty() && service.mode == Mode::Http {
            tls.alpn = ["http/1.1"].into_iter().collect();
        }
        let default = if self.has_tls { "[::]:443" } else { "[::]:80" };
        if service.listen.iter().eq([default]) {
            service.listen = Listed::default();
        }
        for (slot, default) in [
            (&mut service.timeouts.header, 30),
            (&mut service.timeouts.idle, 75),
            (&mut service.timeouts.connect, 5),
        ] {
            *slot = slot.filter(|value| *value != default);
        }
        // The key is in the certificate's file, or beside it.
        let mut certificates = std::mem::take(&mut self.certificates).into_iter();
        if let Some(first) = certificates.next() {
            tls.certificate = Some(Material::new(&first));
            tls.key = Some(Material::new(&first));
        } else if self.has_tls || !self.has_bind {
            // Without `bind` nobody is answered in plain text.
            tls.status = Some(Status::Enabled);
        }
        tls.certificates = certificates
            .map(|path| OwnCertificate {
                host: Listed::default(),
                certificate: Material::new(&path),
                key: Material::new(&path),
                password: None,
            })
            .collect();
    }
}
