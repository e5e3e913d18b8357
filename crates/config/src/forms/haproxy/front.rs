//! What the lines of a frontend and its backend say of a service.

use super::bind::Bind;
use super::redirect::{self, Redirect};
use super::sections::{Line, Section};
use crate::Service;
use crate::forms::left::Left;
use crate::forms::{ImportError, settings};
use crate::model::{Listed, Mode};

/// Lines of keyway's own export that say what keyway does anyhow.
const AS_EVER: &[&[&str]] = &[
    &["http-request", "set-header", "X-Forwarded-Proto", "https"],
    &["http-request", "set-header", "X-Forwarded-Proto", "http"],
    &["option", "forwardfor"],
    &["balance", "roundrobin"],
];

/// A time in whole seconds (Configuration Manual, section 2.5): milliseconds where no unit is said.
fn seconds(text: &str) -> Option<u32> {
    let end = text.find(|letter: char| !letter.is_ascii_digit());
    let (number, unit) = text.split_at(end.unwrap_or(text.len()));
    let number: u32 = number.parse().ok()?;
    match unit {
        "" | "ms" => number.is_multiple_of(1000).then_some(number / 1000),
        "s" => Some(number),
        "m" => number.checked_mul(60),
        "h" => number.checked_mul(60 * 60),
        "d" => number.checked_mul(24 * 60 * 60),
        _ => None,
    }
}

/// The host and port of a server. `None` where a socket of files is meant, or the port that the client came to, with
/// which nothing is said here (Configuration Manual, sections 5.2 and 11).
fn authority(to: &str) -> Option<String> {
    let families = ["ipv4@", "ipv6@", "tcp@", "tcp4@", "tcp6@"];
    let bare = families.iter().find_map(|family| to.strip_prefix(family));
    let (host, port) = bare.unwrap_or(to).rsplit_once(':')?;
    let number = port.bytes().all(|byte| byte.is_ascii_digit());
    let port = port.parse::<u16>().ok().filter(|_| number)?;
    let inside = host.trim_start_matches('[').trim_end_matches(']');
    settings::is_plain(inside).then(|| format!("{}:{port}", settings::bracketed(inside)))
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
    pub(super) uses: Vec<Use>,
    pub(super) has_tls: bool,
    pub(super) binds: Vec<Bind>,
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

    /// What is proxied, which other lines are read by. HAProxy's own default is bytes. Where the `defaults` are not
    /// at hand, they said it, and mostly http.
    pub(super) fn mode(
        &mut self,
        section: &Section,
        lines: &[Line],
        left: &mut Left,
        is_whole: bool,
    ) {
        let said = lines.iter().rev().find(|(_, words)| words[0] == "mode");
        let is_tcp = match said {
            Some((_, words)) => words.get(1).is_some_and(|mode| mode == "tcp"),
            None => is_whole,
        };
        if said.is_none() && !is_whole {
            let told = format!(
                "{} {} without a mode, here http",
                section.kind, section.name
            );
            left.line(section.line, &told);
        }
        if is_tcp {
            self.service.mode = Mode::Tcp;
        }
    }

    /// A line of the frontend.
    ///
    /// # Errors
    ///
    /// Where nobody knows whether it asks clients for certificates.
    pub(super) fn line(
        &mut self,
        line: usize,
        words: &[String],
        left: &mut Left,
    ) -> Result<(), ImportError> {
        let texts: Vec<&str> = words.iter().map(String::as_str).collect();
        let timeouts = &mut self.service.timeouts;
        let is_taken = AS_EVER.contains(&texts.as_slice())
            || match texts.as_slice() {
                ["bind", ..] => {
                    self.bind(line, &words[1..], left)?;
                    true
                }
                // Read beforehand.
                ["mode", "http" | "tcp"] => true,
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
        Ok(())
    }

    /// A line of the backend.
    pub(super) fn back(&mut self, line: usize, words: &[String], left: &mut Left) {
        let texts: Vec<&str> = words.iter().map(String::as_str).collect();
        let service = &mut self.service;
        let timeouts = &mut service.timeouts;
        let is_taken = AS_EVER.contains(&texts.as_slice())
            || match texts.as_slice() {
                ["mode", "http" | "tcp"] => true,
                // What the environment fills in is told already.
                ["server", _, to, ..] if to.contains('$') => true,
                ["server", _, to, options @ ..] => {
                    if let Some(to) = authority(to) {
                        self.server(line, &to, options, left);
                        true
                    } else {
                        false
                    }
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

    /// A server of the backend.
    fn server(&mut self, line: usize, to: &str, options: &[&str], left: &mut Left) {
        let service = &mut self.service;
        let is_tls = options.contains(&"ssl");
        let scheme = match (service.mode, is_tls) {
            (Mode::Tcp, _) => "",
            (Mode::Http, false) => "http://",
            (Mode::Http, true) => "https://",
        };
        service.upstream.0.push(format!("{scheme}{to}"));
        let host = to.rsplit_once(':').map_or(to, |(host, _)| host);
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
        for (index, option) in options.iter().enumerate() {
            let before = index.checked_sub(1).and_then(|at| options.get(at));
            let is_known = known.contains(option) && service.mode == Mode::Http;
            if *option == "none" && before == Some(&"verify") && is_tls {
                left.line(
                    line,
                    &format!("server {to} verify none: here it is verified"),
                );
            } else if !is_known {
                left.line(line, &format!("server {to} {option}"));
            }
        }
    }

    /// What follows from several lines together.
    pub(super) fn settle(&mut self, left: &mut Left) {
        self.join_binds(left);
        let service = &mut self.service;
        let tls = &mut service.tls;
        // What is the default needs no line.
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
    }
}
