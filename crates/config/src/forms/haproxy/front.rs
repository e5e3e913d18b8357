//! What the lines of a frontend and its backend say of a service.

use std::rc::Rc;

use super::bind::Bind;
use super::conditions::{About, Named};
use super::fences::Fence;
use super::guards::is_guard;
use super::onward;
use super::pairs::Around;
use super::redirect::{self, Redirect};
use super::sections::{Line, Section};
use super::sent::{self, Sent};
use super::servers::{self, Servers};
use super::uses::{Acl, Use};
use super::variables::Variables;
use super::waits::{Waits, seconds};
use crate::forms::left::Left;
use crate::forms::{ImportError, settings};
use crate::model::{Listed, Mode};
use crate::rules::upstream_left_behind::Reason;
use crate::{Network, Service};

/// Leaves a line behind that has no place here.
fn leave(line: usize, words: &[&str], named: &Named, left: &mut Left) {
    let told = words.join(" ");
    let bare = words.strip_prefix(&["http-request"]).unwrap_or(words);
    // Some clients alone are redirected, such as those that are not known yet, or led to one of the servers.
    let about = match bare {
        ["redirect" | "return" | "use-server", ..] => named.about_line(bare),
        _ => None,
    };
    match about {
        _ if is_guard(words) => left.guard(line, &told),
        Some(About::Who) => left.guard(line, &told),
        Some(_) if bare[0] != "use-server" && named.is_of_secret(bare) => left.guard(line, &told),
        Some(About::Unclear) if bare[0] == "use-server" => {
            left.upstream(line, &told, Reason::Elsewhere);
        }
        _ => left.line(line, &told),
    }
}

/// What a frontend says.
pub(super) struct Front {
    pub(super) service: Service,
    pub(super) uses: Vec<Use>,
    /// Conditions that have names.
    pub(super) acls: Vec<Acl>,
    /// What they ask for.
    pub(super) named: Named,
    /// Whether what it leads to is for every host.
    pub(super) is_for_all: bool,
    /// The line that leads every host to it.
    pub(super) for_all: Option<(usize, String)>,
    pub(super) has_tls: bool,
    pub(super) binds: Vec<Bind>,
    /// Whether everything that comes to it in plain text is redirected to https, but for some paths.
    is_redirect: bool,
    /// Whether that of some hosts is.
    redirects_hosts: bool,
    /// The line and the name of a `listen` section.
    pub(super) own: Option<(usize, String)>,
    pub(super) servers: Servers,
    /// Lines that turn away who asks for other hosts than some.
    pub(super) fences: Vec<Fence>,
    /// By what everybody is sent elsewhere, or answered, before a backend is chosen.
    sent_on: Option<(usize, String)>,
    /// Lines that send some hosts elsewhere.
    sent: Vec<Sent>,
    /// How long somebody may say nothing.
    waits: Waits,
    /// What is left behind of it, which nobody needs where another frontend is the service.
    pub(super) left: Left,
}

impl Front {
    pub(super) fn new(variables: &Rc<Variables>) -> Self {
        Self {
            service: Service::default(),
            uses: Vec::new(),
            acls: Vec::new(),
            named: Named::knowing(variables),
            is_for_all: true,
            for_all: None,
            has_tls: false,
            binds: Vec::new(),
            is_redirect: false,
            redirects_hosts: false,
            own: None,
            servers: Servers::default(),
            fences: Vec::new(),
            sent_on: None,
            sent: Vec::new(),
            waits: Waits::default(),
            left: Left::of_server(),
        }
    }

    /// Whether it does nothing but redirect to https.
    pub(super) fn only_redirects(&self) -> bool {
        !self.has_tls && (self.is_redirect || self.redirects_hosts && self.leads_nowhere())
    }

    /// Whether nothing is behind it.
    pub(super) fn leads_nowhere(&self) -> bool {
        self.uses.is_empty() && self.servers.is_empty()
    }

    /// What is proxied, which other lines are read by. HAProxy's own default is bytes. Where the `defaults` are not
    /// at hand, they said it, and mostly http.
    pub(super) fn mode(&mut self, section: &Section, lines: &[Line], is_whole: bool) {
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
            self.left.line(section.line, &told);
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
        around: &Around<'_>,
    ) -> Result<(), ImportError> {
        let texts: Vec<&str> = words.iter().map(String::as_str).collect();
        let redirect = redirect::of(&self.named.spelled(&texts));
        let timeouts = &mut self.service.timeouts;
        let is_taken = onward::is_as_ever(&texts)
            || match texts.as_slice() {
                ["bind", ..] => {
                    self.bind(line, &words[1..], around)?;
                    true
                }
                // Read beforehand.
                ["mode", "http" | "tcp"] => true,
                ["default_backend" | "use_backend", _] => {
                    self.uses(line, &texts, &[]);
                    true
                }
                ["use_backend", _, condition @ ..] => {
                    self.uses(line, &texts, condition);
                    true
                }
                ["acl", name, test @ ..] => {
                    self.named(line, name, test);
                    true
                }
                [
                    "tcp-request",
                    "connection",
                    "expect-proxy",
                    "layer4",
                    from @ ..,
                ] => self.told_by(from),
                ["http-response", "set-header", name, value]
                    if name.eq_ignore_ascii_case("Strict-Transport-Security") =>
                {
                    self.service.tls.hsts = settings::hsts_of(value);
                    self.service.tls.hsts.is_some()
                }
                [..] if let Some(redirect) = redirect => {
                    // What comes to one without TLS is all in plain text.
                    self.is_redirect = true;
                    self.service.tls.redirect |= redirect == Redirect::Plain;
                    true
                }
                ["maxconn", most] => {
                    self.service.limits.connections = most.parse().ok().filter(|most| *most > 0);
                    self.service.limits.connections.is_some()
                }
                ["timeout", "http-request", value] => {
                    timeouts.header = seconds(value);
                    timeouts.header.is_some()
                }
                ["timeout", "client", value] => self.waits.client(line, value),
                _ => false,
            };
        if is_taken {
            return Ok(());
        }
        // Paths alone may be left out, as those by which a CA looks at a host.
        if let Some(others) = redirect::but_for(&texts) {
            let is_part = |others: &[&str]| self.named.about_line(others) == Some(About::Part);
            let is_plain = redirect::but_tls(&others).is_some_and(|others| is_part(&others));
            self.is_redirect |= is_plain || is_part(&others);
            self.service.tls.redirect |= is_plain;
        } else if let Some(condition) = redirect::only_for(&texts) {
            let condition: Vec<String> = condition.iter().map(|word| (*word).to_owned()).collect();
            self.redirects_hosts |= self.named.is_of_hosts(&condition)
                && self.named.about_line(&texts) == Some(About::Unclear);
        }
        match Fence::of(line, &texts) {
            Some(fence) => self.fences.push(fence),
            None if self.sends_on(line, &texts) || self.sends_some(line, &texts) => {}
            None => leave(line, &texts, &self.named, &mut self.left),
        }
        Ok(())
    }

    /// Whether a line sends everybody elsewhere, or answers everybody.
    fn sends_on(&mut self, line: usize, words: &[&str]) -> bool {
        let is_it =
            self.service.mode == Mode::Http && !is_guard(words) && redirect::is_for_all(words);
        if is_it {
            self.sent_on.get_or_insert((line, words.join(" ")));
        }
        is_it
    }

    /// The one host that everybody is sent to by https, of one that speaks no TLS, with the line.
    pub(super) fn sends_to(&self) -> Option<(usize, &str)> {
        let (line, told) = self.sent_on.as_ref().filter(|_| !self.has_tls)?;
        Some((*line, redirect::host_to(told)?))
    }

    /// Whether a line sends some hosts elsewhere, or answers them.
    fn sends_some(&mut self, line: usize, words: &[&str]) -> bool {
        if self.service.mode != Mode::Http
            || is_guard(words)
            || !sent::is_sending(words)
            || self.named.about_line(words) != Some(About::Unclear)
        {
            return false;
        }
        let sent = Sent::of(line, words, &self.acls);
        let sent = sent.filter(|sent| self.named.is_of_hosts(&sent.condition));
        let is_it = sent.is_some();
        self.sent.extend(sent);
        is_it
    }

    /// Notes what sends hosts elsewhere of one that is no service.
    pub(super) fn leave_sent(&mut self, left: &mut Left) {
        for sent in std::mem::take(&mut self.sent) {
            sent.leave(left);
        }
    }

    /// Networks whose connections begin with the PROXY protocol, and others do not: the same as here.
    fn told_by(&mut self, from: &[&str]) -> bool {
        let ["if", "{", "src", networks @ .., "}"] = from else {
            return false;
        };
        let is_good = networks.iter().all(|text| text.parse::<Network>().is_ok());
        let networks = networks.iter().filter(|_| is_good);
        let from = &mut self.service.proxy_protocol.from.0;
        from.extend(networks.map(|text| (*text).to_owned()));
        is_good
    }

    /// A line of the backend.
    pub(super) fn back(&mut self, line: usize, words: &[String]) {
        let texts: Vec<&str> = words.iter().map(String::as_str).collect();
        let redirect = redirect::of(&self.named.spelled(&texts));
        let service = &mut self.service;
        let timeouts = &mut service.timeouts;
        let is_taken = onward::is_as_ever(&texts)
            || match texts.as_slice() {
                [..] if self.has_tls && redirect == Some(Redirect::Plain) => {
                    service.tls.redirect = true;
                    true
                }
                ["mode", "http" | "tcp"] => true,
                ["balance", way @ ..] => servers::balance(way, service),
                ["timeout", "server", value] => self.waits.server(line, value),
                ["timeout", "connect", value] => {
                    timeouts.connect = seconds(value);
                    timeouts.connect.is_some()
                }
                ["acl", name, test @ ..] => {
                    self.named(line, name, test);
                    false
                }
                words => self.servers.take(line, words, &mut self.left),
            };
        if !is_taken && !self.sends_on(line, &texts) && !self.sends_some(line, &texts) {
            leave(line, &texts, &self.named, &mut self.left);
        }
    }

    /// Tells of the hosts that are sent elsewhere: nobody comes to the upstream for being nobody's.
    fn settle_sent(&mut self) {
        let seems_for_all = self.is_for_all && self.service.tls.default_certificate;
        let mut is_for_all = true;
        for sent in std::mem::take(&mut self.sent) {
            is_for_all &= !sent.settle(&mut self.service, seems_for_all, &mut self.left);
        }
        if let Some((line, told)) = self.for_all.take()
            && seems_for_all
            && !is_for_all
        {
            self.left.line(line, &format!("{told} for all other hosts"));
        }
        self.is_for_all &= is_for_all;
    }

    /// Where names that are in no certificate are turned away, and all others are led here, the hosts are those names.
    fn name_by_certificates(&mut self, for_all: Option<(usize, String)>) {
        let tls = &self.service.tls;
        let is_strict = self.has_tls && tls.certificate.is_some() && !tls.default_certificate;
        if let Some((line, told)) = for_all
            && is_strict
            && self.is_for_all
            && !self.service.host.is_empty()
        {
            self.service.host = Listed::default();
            let told = format!("{told}, for all names in the certificates: they are the hosts");
            self.left.line(line, &told);
        }
    }

    /// What follows from several lines together.
    pub(super) fn settle(&mut self) {
        self.join_binds();
        self.service.timeouts.idle = self.waits.idle(&mut self.left);
        std::mem::take(&mut self.servers).settle(&mut self.service, &mut self.left);
        let for_all = self.for_all.clone();
        self.settle_sent();
        self.name_by_certificates(for_all);
        let service = &mut self.service;
        match self.sent_on.take() {
            Some((line, told)) if !service.upstream.is_empty() => {
                service.upstream = Listed::default();
                self.left.upstream(line, &told, Reason::Unreached);
            }
            Some((line, told)) if self.has_tls && told.contains("redirect ") => {
                self.left.redirect(line, &told, false);
            }
            // What answers by itself has no place here.
            Some((line, told)) => self.left.upstream(line, &told, Reason::NoneLeft),
            None => {}
        }
        let tls = &mut service.tls;
        // Names that lead nowhere get no answer there either.
        tls.default_certificate &= self.is_for_all;
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
