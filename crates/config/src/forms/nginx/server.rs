//! What the directives of one server say of a service.

use std::net::SocketAddr;
use std::rc::Rc;

use super::beside::Beside;
use super::fences::Fence;
use super::groups::Groups;
use super::guards::Rest;
use super::inherited;
use super::listen::{Listens, Speaking};
use super::pairs::Pairs;
use super::passes::Passing;
use super::redirect;
use super::sent::Sent;
use super::syntax::Directive;
use super::telling::Telling;
use super::times::seconds;
use crate::Service;
use crate::forms::{settings, wild};
use crate::model::{ClientMode, Listed, Material, Mode, Protocol, ProtocolVersion, Secret, Status};

/// A dot in a regular expression.
pub(in crate::forms) const DOT: &str = "\\.";

/// Directives that keyway's own export writes, and that say what keyway does anyhow.
const AS_EVER: &[&[&str]] = &[
    &["ssl_prefer_server_ciphers", "off"],
    &["ssl_reject_handshake", "off"],
    &["proxy_ssl_server_name", "on"],
    &["proxy_ssl_verify_depth", "4"],
    &[
        "proxy_ssl_trusted_certificate",
        "/etc/ssl/certs/ca-certificates.crt",
    ],
    &["proxy_ssl_protocols", "TLSv1.2", "TLSv1.3"],
    &["return", "502"],
    &["return", "421"],
];

/// One server: a service of its own, until it is joined.
pub(super) struct Server {
    /// How many stand before it.
    pub(super) number: usize,
    pub(super) line: usize,
    /// Whether it is one of another file.
    pub(super) is_beside: bool,
    pub(super) service: Service,
    pub(super) has_tls: bool,
    has_suites: bool,
    http2: bool,
    pub(super) is_redirect: bool,
    /// Whether it turns everybody away.
    pub(super) is_closed: bool,
    /// By what it sends everybody elsewhere, whatever stands beside that.
    pub(super) sent_on: Option<(usize, String)>,
    /// Hosts of its own that it sends elsewhere.
    pub(super) sent: Vec<Sent>,
    /// Whether hosts that it does not serve are sent elsewhere, or turned away.
    pub(super) is_for_own_alone: bool,
    /// Hosts that it sends elsewhere and does not name.
    pub(super) sent_unnamed: Vec<Sent>,
    /// By what it turns away who asks for other hosts than some.
    pub(super) fences: Vec<Fence>,
    /// Whether that is all it does.
    pub(super) is_sending: bool,
    /// The one host that it sends everybody to by https.
    pub(super) sends_to: Option<String>,
    /// The group of upstreams that it passes to.
    pub(super) group: Option<String>,
    pub(super) passing: Passing,
    versions: Vec<ProtocolVersion>,
    /// The line by which no certificate is shown to anybody.
    pub(super) rejects: Option<usize>,
    /// Names that stand for hosts which a service cannot name.
    pub(super) patterns: Vec<String>,
    /// Where it listens on nothing that is read here, what it says.
    pub(super) nowhere: Option<(usize, String)>,
    /// All addresses that it listens on, and those at which it answers for names that nobody has.
    pub(super) addresses: Vec<SocketAddr>,
    pub(super) defaults: Vec<SocketAddr>,
    pairs: Pairs,
    beside: Beside,
    pub(super) rest: Rest,
}

/// Bytes in nginx's units (nginx.org: "Configuration file measurement units").
fn bytes(text: &str) -> Option<u64> {
    let lower = text.to_ascii_lowercase();
    let units = [("k", 1 << 10), ("m", 1 << 20), ("g", 1 << 30)];
    let unit = units.iter().find(|(unit, _)| lower.ends_with(unit));
    let (unit, factor) = unit.copied().unwrap_or(("", 1_u64));
    let number: u64 = lower.strip_suffix(unit)?.parse().ok()?;
    // As many as a file of nginx, and one of TOML, can say.
    let bytes = number.checked_mul(factor)?;
    i64::try_from(bytes).is_ok().then_some(bytes)
}

impl Server {
    /// Takes what a directive says; `false` when it has no place here.
    fn take(&mut self, line: usize, words: &[&str], in_stream: bool, groups: &Groups) -> bool {
        if AS_EVER.contains(&words)
            || self.passing.take(line, words, in_stream)
            || self.rest.is_onward(words)
            || self.beside.take(line, words)
            || self.pairs.take(line, words)
        {
            return true;
        }
        let service = &mut self.service;
        let tls = &mut service.tls;
        let fresh = |slot: &mut Option<Material>, path: &str| {
            let is_fresh = slot.is_none() && !path.contains('$');
            if is_fresh {
                *slot = Some(Material::new(path));
            }
            is_fresh
        };
        match *words {
            // Read beforehand, all together.
            ["listen", ..] => true,
            ["ssl", flag] if ["on", "off"].contains(&&*flag.to_ascii_lowercase()) => true,
            ["http2", "on"] => {
                self.http2 = true;
                true
            }
            ["ssl_reject_handshake", "on"] => {
                self.rejects = Some(line);
                true
            }
            ["server_name", ref names @ ..] => {
                let names = names
                    .iter()
                    .filter(|name| **name != "_" && !name.is_empty());
                let bare = names.map(|name| name.trim_start_matches('[').trim_end_matches(']'));
                service.host.0.extend(bare.map(str::to_owned));
                true
            }
            ["ssl_password_file", path] if tls.password.is_none() => {
                tls.password = Some(Secret::File(path.to_owned()));
                true
            }
            ["ssl_client_certificate", path] => fresh(&mut tls.client.ca, path),
            ["ssl_verify_client", word] => {
                // Flags and words are read without regard to case (ngx_conf_set_enum_slot).
                tls.client.mode = match word.to_ascii_lowercase().as_str() {
                    "on" => ClientMode::Required,
                    "optional" => ClientMode::Optional,
                    "off" => ClientMode::None,
                    _ => return false,
                };
                true
            }
            ["ssl_crl", path] if tls.client.crl.is_empty() => {
                tls.client.crl = [path].into_iter().collect();
                true
            }
            ["ssl_protocols", ref versions @ ..] => {
                let read = |word: &&str| match word.to_ascii_lowercase().as_str() {
                    "tlsv1.2" => Some(ProtocolVersion::Tls12),
                    "tlsv1.3" => Some(ProtocolVersion::Tls13),
                    _ => None,
                };
                self.versions = versions.iter().filter_map(read).collect();
                // Older ones are not served here.
                self.versions.len() == versions.len()
            }
            ["ssl_ecdh_curve", groups] => settings::are_groups(groups),
            ["ssl_ciphers", suites] => {
                self.has_suites = true;
                suites == settings::openssl_suites(&Service::default())
            }
            ["ssl_alpn", ref tokens @ ..] if in_stream => {
                tls.alpn = tokens.iter().copied().collect();
                true
            }
            ["add_header", name, value, ref always @ ..]
                if name.eq_ignore_ascii_case("Strict-Transport-Security")
                    && (always.is_empty() || *always == ["always"]) =>
            {
                tls.hsts = settings::hsts_of(value);
                tls.hsts.is_some()
            }
            _ if redirect::is_redirect(words) => self.sends_to_https(line, words),
            ["proxy_pass", to] => self.pass(line, to, groups),
            ["proxy_protocol", flag] if in_stream => self.says_for_whom(flag),
            [name, value] => {
                let timeouts = &mut service.timeouts;
                let slot = match name {
                    "ssl_handshake_timeout" => &mut timeouts.handshake,
                    "client_header_timeout" => &mut timeouts.header,
                    "proxy_read_timeout" | "proxy_timeout" => &mut timeouts.idle,
                    "proxy_connect_timeout" => &mut timeouts.connect,
                    "client_max_body_size" => {
                        let bytes = bytes(value);
                        // 0 is no limit.
                        service.limits.body_bytes = bytes.filter(|bytes| *bytes > 0);
                        return bytes.is_some();
                    }
                    _ => return false,
                };
                // 0 is no limit, or no further request: nothing that a service can say.
                let value = seconds(value).filter(|value| *value > 0);
                if value.is_none() || slot.is_some_and(|known| Some(known) != value) {
                    return false;
                }
                *slot = value;
                true
            }
            _ => false,
        }
    }

    fn new(listens: Listens, in_stream: bool, rest: Rest) -> Self {
        let service = Service {
            listen: listens.addresses.iter().map(ToString::to_string).collect(),
            mode: if in_stream { Mode::Tcp } else { Mode::Http },
            ..Service::default()
        };
        Self {
            number: 0,
            line: 0,
            is_beside: false,
            service,
            has_tls: listens.has_tls,
            has_suites: false,
            http2: listens.http2,
            is_redirect: false,
            is_closed: false,
            sent_on: None,
            sent: Vec::new(),
            is_for_own_alone: false,
            sent_unnamed: Vec::new(),
            fences: Vec::new(),
            is_sending: false,
            sends_to: None,
            group: None,
            passing: Passing::default(),
            versions: Vec::new(),
            rejects: None,
            patterns: Vec::new(),
            nowhere: listens.nowhere,
            addresses: listens.all,
            defaults: listens.defaults,
            pairs: Pairs::default(),
            beside: Beside::new(listens.proxied),
            rest,
        }
    }

    /// Reads the directives of a server.
    pub(super) fn read(
        mut block: Vec<Directive>,
        in_stream: bool,
        groups: &Groups,
        speaking: &Speaking,
        telling: &Rc<Telling>,
    ) -> Self {
        let mut rest = Rest::new(telling);
        rest.is_server = true;
        let listens = speaking.listens(&block, &mut rest.left);
        // Of one server for both, what comes in plain text is sent on.
        let is_http = listens.plain.iter().any(|(.., is_http)| *is_http);
        let is_sending = is_http && redirect::take_out_plain(&mut block, &mut rest.left);
        let plain = listens.plain.iter();
        for (line, told, _) in plain.filter(|(.., is_http)| !(is_sending && *is_http)) {
            rest.left.line(*line, told);
        }
        let mut server = Self::new(listens, in_stream, rest);
        server.service.tls.redirect = is_sending;
        server.is_redirect = !server.has_tls && server.takes_out_redirects(&mut block);
        let overridden = inherited::overridden(&block);
        let block = block
            .into_iter()
            .filter(|directive| !overridden.contains(&directive.name()));
        for mut directive in block {
            let is_root = inherited::is_root(&directive) || redirect::is_everywhere(&directive);
            let inner = directive.block.take();
            match inner {
                Some(inner) if is_root => {
                    for mut directive in inner {
                        let block = directive.block.take();
                        server.directive(&directive, block, in_stream, groups);
                    }
                }
                block => {
                    if inherited::is_before_root(&directive) {
                        server.leads_before(&directive, block.as_deref().unwrap_or_default());
                    }
                    server.directive(&directive, block, in_stream, groups);
                }
            }
        }
        server.settle();
        server.settle_fences();
        server.settle_sent();
        server.settle_passing(groups);
        server
    }

    fn directive(
        &mut self,
        directive: &Directive,
        block: Option<Vec<Directive>>,
        in_stream: bool,
        groups: &Groups,
    ) {
        let read = |word: &String| wild::host(word.strip_prefix('~')?, DOT);
        let is_named = directive.name() == "server_name";
        let wild: Vec<Option<String>> = directive.words.iter().map(read).collect();
        let words = directive.words.iter().zip(&wild);
        let words = words.map(|(word, wild)| wild.as_ref().filter(|_| is_named).unwrap_or(word));
        let mut words: Vec<&str> = words.map(String::as_str).collect();
        if is_named {
            self.name(directive, &mut words);
        } else if let Some(sent) = Sent::of(directive, block.as_deref()) {
            self.sent.push(sent);
            return;
        } else if let Some(fence) = Fence::of(directive, block.as_deref()) {
            self.fences.push(fence);
            return;
        }
        let refuses = |status: &str| status.len() == 3 && status.starts_with(['4', '5']);
        self.is_closed |= matches!(*words, ["return", status, ..] if refuses(status));
        if block.is_none() && redirect::is_for_all(&words) {
            self.sent_on
                .get_or_insert((directive.line, words.join(" ")));
            return;
        }
        if block.is_some() || !self.take(directive.line, &words, in_stream, groups) {
            self.rest.add(directive, block);
        }
    }

    /// Its names as they are told.
    pub(super) fn said(&self) -> String {
        let names = self.service.host.0.iter().chain(&self.patterns);
        names.map(String::as_str).collect::<Vec<_>>().join(" ")
    }

    /// What follows from several directives together.
    fn settle(&mut self) {
        let beside = std::mem::take(&mut self.beside);
        beside.settle(self.has_tls, &mut self.service, &mut self.rest.left);
        let pairs = std::mem::take(&mut self.pairs);
        pairs.settle(&mut self.service, &mut self.rest.left);
        let service = &mut self.service;
        let default = if self.has_tls { "[::]:443" } else { "[::]:80" };
        if service.listen.iter().eq([default]) {
            service.listen = Listed::default();
        }
        let tls = &mut service.tls;
        if !self.has_tls {
            if tls.is_wanted() {
                tls.status = Some(Status::Disabled);
            }
            return;
        }
        match self.rejects {
            _ if tls.certificate.is_none() => tls.status = Some(Status::Enabled),
            Some(line) => self.rest.left.guard(line, "ssl_reject_handshake on"),
            None => {}
        }
        let has = |version| self.versions.contains(&version);
        match (has(ProtocolVersion::Tls12), has(ProtocolVersion::Tls13)) {
            (false, true) if self.has_suites => tls.min_version = Some(ProtocolVersion::Tls13),
            (false, true) => tls.profile = Protocol::Modern,
            (true, false) => tls.max_version = Some(ProtocolVersion::Tls12),
            _ => {}
        }
        if !self.http2 && service.mode == Mode::Http {
            tls.alpn = ["http/1.1"].into_iter().collect();
        }
    }
}
