//! Settings that mean something only beside others (nginx.org: ngx_http_ssl_module, ngx_http_realip_module,
//! ngx_stream_realip_module).

use super::listen::Proxied;
use super::times::seconds;
use crate::forms::left::Left;
use crate::model::Mode;
use crate::{Network, Service};

/// Such settings of a server, with their lines.
#[derive(Default)]
pub(super) struct Beside {
    stapling: Option<usize>,
    response: Option<(usize, String)>,
    is_without_tickets: bool,
    ticket_keys: Vec<(usize, String)>,
    proxied: Proxied,
    /// Who is believed, by the PROXY protocol or by a header.
    from: Vec<(usize, String)>,
    header: Option<(usize, String)>,
    /// Times of what waits for no upstream, as they are told, in seconds.
    waits: Vec<(usize, String, Option<u32>)>,
}

/// Seconds that somebody may say nothing where a service file says no other.
const IDLE: u32 = 75;

impl Beside {
    pub(super) fn new(proxied: Proxied) -> Self {
        Self {
            proxied,
            ..Self::default()
        }
    }

    /// Takes what a directive says; `false` when it has no place here.
    pub(super) fn take(&mut self, line: usize, words: &[&str]) -> bool {
        let is_on = |flag: &str| flag.eq_ignore_ascii_case("on");
        match *words {
            ["ssl_stapling", flag] => self.stapling = Some(line).filter(|_| is_on(flag)),
            ["ssl_stapling_file", path] if !path.contains('$') => {
                self.response = Some((line, path.to_owned()));
            }
            ["ssl_session_tickets", flag] => self.is_without_tickets = !is_on(flag),
            ["ssl_session_ticket_key", path] => self.ticket_keys.push((line, path.to_owned())),
            ["set_real_ip_from", network] => self.from.push((line, network.to_owned())),
            // How long upstreams have is one time with these, and the one that counts.
            ["keepalive_timeout" | "proxy_send_timeout", value] => {
                self.waits.push((line, words.join(" "), seconds(value)));
            }
            ["real_ip_header", name] => self.header = Some((line, name.to_owned())),
            _ => return false,
        }
        true
    }

    /// What follows from all of them together.
    pub(super) fn settle(self, has_tls: bool, service: &mut Service, left: &mut Left) {
        let Self {
            stapling,
            response,
            is_without_tickets,
            ticket_keys,
            ..
        } = &self;
        match (stapling, response) {
            (Some(_), Some((_, path))) if has_tls => service.tls.ocsp = Some(path.clone()),
            (Some(line), _) => left.line(*line, "ssl_stapling on"),
            (None, Some((line, path))) => left.line(*line, &format!("ssl_stapling_file {path}")),
            (None, None) => {}
        }
        let idle = service.timeouts.idle.unwrap_or(IDLE);
        for (line, told, _) in self.waits.iter().filter(|(.., own)| *own != Some(idle)) {
            left.line(*line, told);
        }
        for (line, path) in ticket_keys {
            if *is_without_tickets || !has_tls {
                left.line(*line, &format!("ssl_session_ticket_key {path}"));
            } else {
                service.tls.ticket_keys.0.push(path.clone());
            }
        }
        self.believe(service, left);
    }

    /// Who says for whom a connection is made. In the context `http` another header than `proxy_protocol` may say it.
    fn believe(self, service: &mut Service, left: &mut Left) {
        let header = self.header.as_ref().map(|(_, name)| name.as_str());
        let is_header = service.mode == Mode::Http && header != Some("proxy_protocol");
        let is_good = |(_, text): &(usize, String)| text.parse::<Network>().is_ok();
        match self.proxied {
            Proxied::All(_) if !is_header && self.from.iter().any(is_good) => {
                for (line, text) in self.from {
                    if text.parse::<Network>().is_ok() {
                        service.proxy_protocol.from.0.push(text);
                    } else {
                        left.line(line, &format!("set_real_ip_from {text}"));
                    }
                }
                return;
            }
            Proxied::All(line) => left.line(
                line,
                "listen proxy_protocol, whoever comes: here proxy_protocol.from says who is believed",
            ),
            Proxied::Some(line) => left.line(line, "listen proxy_protocol, and not everywhere"),
            Proxied::None => {}
        }
        for (line, text) in self.from {
            left.line(line, &format!("set_real_ip_from {text}"));
        }
        if let Some((line, name)) = self.header {
            left.line(line, &format!("real_ip_header {name}"));
        }
    }
}
