//! The servers of a backend: where they are, how they are spoken to, and how they are looked at (Configuration
//! Manual, sections 4.2 and 5.2).

use crate::Service;
use crate::forms::left::Left;
use crate::forms::settings;
use crate::model::{Balance, Health, Mode, ProxyVersion};
use crate::rules::upstream_left_behind::Reason;

/// Words behind a server that another one follows.
const TAKES: &str = "addr agent-addr agent-inter agent-port agent-send alpn ca-file check-alpn check-proto check-sni \
    ciphers ciphersuites client-sigalgs cookie crl-file crt curves downinter error-limit fall \
    fastinter hash-key id init-addr inter log-bufsize log-proto max-reuse maxconn maxqueue minconn \
    namespace observe on-error on-marked-down on-marked-up pool-low-conn pool-max-conn \
    pool-purge-delay port proto proxy-v2-options redir resolve-net resolve-opts resolve-prefer \
    resolvers rise shard sigalgs slowstart sni socks4 source ssl-max-ver ssl-min-ver tcp-ut track \
    usesrc verify verifyhost weight ws";

/// Milliseconds between two looks where nothing is said (section 5.2: "inter").
const INTER: &str = "2000";

/// The host and port of a server. `None` where a socket of files is meant, or the port that the client came to, with
/// which nothing is said here (Configuration Manual, sections 5.2 and 11).
fn authority(to: &str) -> Option<(String, String)> {
    let families = ["ipv4@", "ipv6@", "tcp@", "tcp4@", "tcp6@"];
    let bare = families.iter().find_map(|family| to.strip_prefix(family));
    let (host, port) = bare.unwrap_or(to).rsplit_once(':')?;
    let number = port.bytes().all(|byte| byte.is_ascii_digit());
    let port = port.parse::<u16>().ok().filter(|_| number)?;
    let inside = host.trim_start_matches('[').trim_end_matches(']');
    let host = settings::is_plain(inside).then(|| settings::bracketed(inside))?;
    Some((format!("{host}:{port}"), host))
}

/// What the words behind a server say.
#[derive(Clone, Default)]
struct Words {
    is_tls: bool,
    verify: Option<String>,
    ca: Option<String>,
    names: Vec<(&'static str, String)>,
    is_checked: bool,
    inter: Option<String>,
    send: Option<ProxyVersion>,
    /// Why it does not share the load.
    rests: Option<&'static str>,
}

impl Words {
    /// Takes a word in, with the one that follows it; `false` where it has no place here.
    fn take(&mut self, word: &str, value: &str) -> bool {
        match (word, value) {
            ("ssl", _) => self.is_tls = true,
            ("no-ssl", _) => self.is_tls = false,
            ("verify", value) => self.verify = Some(value.to_owned()),
            ("ca-file", value) => self.ca = Some(value.to_owned()),
            ("sni", value) => self.names.push(("sni", value.to_owned())),
            ("verifyhost", value) => self.names.push(("verifyhost", value.to_owned())),
            ("check-sni", value) => self.names.push(("check-sni", value.to_owned())),
            // One look decides.
            ("rise" | "fall", "1") => {}
            ("check", _) => self.is_checked = true,
            ("no-check", _) => self.is_checked = false,
            ("inter", value) => self.inter = Some(value.to_owned()),
            ("send-proxy", _) => self.send = Some(ProxyVersion::V1),
            ("send-proxy-v2", _) => self.send = Some(ProxyVersion::V2),
            ("send-proxy-v2-ssl" | "send-proxy-v2-ssl-cn", _) => {
                // What it says of TLS is not sent here.
                self.send = Some(ProxyVersion::V2);
                return false;
            }
            ("no-send-proxy" | "no-send-proxy-v2", _) => self.send = None,
            ("backup", _) => self.rests = Some(BACKUP),
            ("disabled", _) => self.rests = Some("disabled"),
            ("weight", "0") => self.rests = Some("weight 0"),
            ("no-backup" | "enabled", _) => self.rests = None,
            _ => return false,
        }
        true
    }

    /// Takes the words of a line in; hands back what has no place here.
    fn read(&mut self, words: &[&str]) -> Vec<String> {
        let mut words = words.iter();
        let mut others = Vec::new();
        while let Some(word) = words.next() {
            let value = if TAKES.split(' ').any(|taking| taking == *word) {
                words.next().copied().unwrap_or_default()
            } else {
                ""
            };
            if !self.take(word, value) {
                others.push(format!("{word} {value}").trim_end().to_owned());
            }
        }
        others
    }
}

/// What is asked where the others fail.
const BACKUP: &str = "backup";

/// A server.
struct Server {
    line: usize,
    /// Host and port.
    to: String,
    host: String,
    words: Words,
    /// The whole line.
    told: String,
}

/// What is known of a backend's servers, until all of them are.
#[derive(Default)]
pub(super) struct Servers {
    /// What `default-server` says to those behind it.
    default: Words,
    read: Vec<Server>,
    /// Lines of servers that are no host and port.
    unread: Vec<(usize, String)>,
    /// The line that has them asked by HTTP, what is asked for, and whether by GET.
    asked: Option<(usize, String, bool)>,
}

impl Servers {
    /// Whether nothing is said of any.
    pub(super) fn is_empty(&self) -> bool {
        self.read.is_empty() && self.unread.is_empty()
    }

    /// Leaves all of them behind.
    pub(super) fn leave(self, left: &mut Left) {
        let read = self
            .read
            .into_iter()
            .map(|server| (server.line, server.told));
        for (line, told) in read.chain(self.unread) {
            left.line(line, &told);
        }
    }

    /// A line of the backend; `false` where it is of another kind, or has no place here.
    pub(super) fn take(&mut self, line: usize, words: &[&str], left: &mut Left) -> bool {
        match words {
            ["server", name, to, given @ ..] if let Some((to, host)) = authority(to) => {
                let mut own = self.default.clone();
                for other in own.read(given) {
                    left.line(line, &format!("server {to} {other}"));
                }
                let told = format!("server {name} {to} {}", given.join(" "));
                self.read.push(Server {
                    line,
                    to,
                    host,
                    words: own,
                    told: told.trim_end().to_owned(),
                });
            }
            ["server" | "server-template" | "dispatch", ..] => {
                self.unread.push((line, words.join(" ")));
            }
            ["default-server", given @ ..] => {
                for other in self.default.read(given) {
                    left.line(line, &format!("default-server {other}"));
                }
            }
            // What is done anyhow.
            ["option", "tcp-check"] | ["http-check", "expect", "status", "200-399"] => {}
            ["option", "httpchk", rest @ ..] => {
                let (method, path, more) = match rest {
                    [] => ("OPTIONS", "/", rest),
                    [path] => ("OPTIONS", *path, &rest[1..]),
                    [method, path, more @ ..] => (*method, *path, more),
                };
                self.asked = Some((line, path.to_owned(), method == "GET"));
                if !more.is_empty() {
                    left.line(line, &format!("option httpchk {}", more.join(" ")));
                }
            }
            ["http-check", "send", rest @ ..] => self.sent(line, rest, left),
            _ => return false,
        }
        true
    }

    /// `http-check send`: pairs of words, and headers of two.
    fn sent(&mut self, line: usize, words: &[&str], left: &mut Left) {
        let (_, path, is_get) = self.asked.take().unwrap_or_default();
        let mut asked = (line, path, is_get);
        let mut rest = words;
        loop {
            rest = match rest {
                ["meth", method, more @ ..] => {
                    asked.2 = *method == "GET";
                    more
                }
                ["uri", path, more @ ..] => {
                    (*path).clone_into(&mut asked.1);
                    more
                }
                ["ver", _, more @ ..] | ["hdr", "Host", _, more @ ..] => more,
                [] => break,
                other => {
                    left.line(line, &format!("http-check send {}", other.join(" ")));
                    break;
                }
            };
        }
        self.asked = Some(asked);
    }

    /// What follows from all of it.
    pub(super) fn settle(self, service: &mut Service, left: &mut Left) {
        let is_http = service.mode == Mode::Http;
        let mut served = Vec::new();
        let mut unserved = self.unread;
        // Where all others rest, the first for the case that they fail is asked (section 5.2, "backup").
        let rests = |server: &Server| server.words.rests;
        let are_all_resting = self.read.iter().all(|server| rests(server).is_some());
        let mut backups = self
            .read
            .iter()
            .filter(|server| rests(server) == Some(BACKUP));
        let instead = backups.next().filter(|_| are_all_resting);
        let instead = instead.map(|server| server.line);
        for server in &self.read {
            let Server {
                line, to, words, ..
            } = server;
            if let Some(why) = words.rests.filter(|_| instead != Some(*line)) {
                unserved.push((*line, format!("server {to} {why}")));
            } else if words.is_tls && !is_http {
                left.upstream(*line, &server.told, Reason::Tls);
            } else {
                served.push(server);
            }
        }
        for (line, told) in unserved {
            if served.is_empty() {
                left.upstream(line, &told, Reason::NoneLeft);
            } else if !told.contains('$') {
                // What the environment fills in is told already.
                left.line(line, &told);
            }
        }
        for server in &served {
            let scheme = match (is_http, server.words.is_tls) {
                (false, _) => "",
                (true, false) => "http://",
                (true, true) => "https://",
            };
            service.upstream.0.push(format!("{scheme}{}", server.to));
            if server.words.is_tls {
                server.verified(left);
            }
        }
        looks(&served, self.asked, service, left);
        says(&served, service, left);
    }
}

impl Server {
    /// What is said of its certificate: it is verified here, by the system's CAs, for the host that it is.
    fn verified(&self, left: &mut Left) {
        let Self {
            line,
            to,
            host,
            words,
            ..
        } = self;
        let mut tell = |what: &str| left.line(*line, &format!("server {to} {what}"));
        match (words.verify.as_deref(), words.ca.as_deref()) {
            (Some("none"), _) => tell("verify none: here it is verified"),
            (None, None) => tell("ssl without verify: here it is verified"),
            (_, Some("@system-ca") | None) => {}
            (_, Some(ca)) => tell(&format!("ca-file {ca}: here by the system's CAs")),
        }
        let sni = format!("str({host})");
        for (word, value) in &words.names {
            if value != host && *value != sni {
                tell(&format!("{word} {value}"));
            }
        }
    }
}

/// How they are looked at: a service has one word for all of them.
fn looks(
    served: &[&Server],
    asked: Option<(usize, String, bool)>,
    service: &mut Service,
    left: &mut Left,
) {
    let mut checked = served
        .iter()
        .filter(|server| server.words.is_checked)
        .peekable();
    let inter = |server: &Server| server.words.inter.clone().unwrap_or(INTER.to_owned());
    let Some(first) = checked.peek().map(|server| inter(server)) else {
        if let Some((line, path, _)) = asked {
            left.line(
                line,
                &format!("option httpchk {path}, and nobody is looked at"),
            );
        }
        return;
    };
    let every = super::waits::seconds(&first);
    for server in checked.clone() {
        let own = inter(server);
        if own != first || every.is_none() {
            left.line(
                server.line,
                &format!("server {} check inter {own}", server.to),
            );
        }
    }
    for server in served.iter().filter(|server| !server.words.is_checked) {
        left.line(
            server.line,
            &format!("server {} without check: here it is looked at", server.to),
        );
    }
    let mut health = Health {
        path: None,
        every: every.filter(|every| *every != 10),
    };
    if let Some((line, path, is_get)) = asked {
        if service.mode == Mode::Http && path.starts_with('/') {
            if !is_get {
                left.line(line, &format!("option httpchk {path}, here by GET"));
            }
            health.path = Some(path);
        } else {
            left.line(line, &format!("option httpchk {path}"));
        }
    }
    service.health = Some(health);
}

/// What they are told of clients by the PROXY protocol: bytes alone carry it, and all get the same.
fn says(served: &[&Server], service: &mut Service, left: &mut Left) {
    let mut words = served.iter().map(|server| server.words.send);
    let first = words.next().flatten();
    if first.is_some() && service.mode == Mode::Tcp && words.all(|send| send == first) {
        service.proxy_protocol.send = first;
        return;
    }
    for server in served {
        let told = match server.words.send {
            Some(ProxyVersion::V1) => "send-proxy",
            Some(ProxyVersion::V2) => "send-proxy-v2",
            None => continue,
        };
        left.line(server.line, &format!("server {} {told}", server.to));
    }
}

/// The line of `balance`; `false` where it has no place here.
pub(super) fn balance(words: &[&str], service: &mut Service) -> bool {
    match words {
        ["roundrobin"] => service.balance = Balance::RoundRobin,
        ["leastconn"] => service.balance = Balance::LeastBusy,
        _ => return false,
    }
    true
}
