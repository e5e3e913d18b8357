//! Several servers of nginx as one service: the first is the service's own.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use super::alike::{put_first, reach, shared};
use super::groups::Groups;
use super::names::sample;
use super::redirect;
use super::sent::Unserved;
use super::server::Server;
use crate::Service;
use crate::forms::Imported;
use crate::forms::fields::Compared;
use crate::forms::left::Left;
use crate::forms::settings::Covered;
use crate::model::{ClientMode, OwnCertificate, Status};
use crate::rules::upstream_left_behind::Reason;

/// A server that is no part of the service.
struct Apart {
    line: usize,
    /// Its hosts, and of patterns what is behind the dot or nothing.
    names: Vec<String>,
    told: String,
    /// Where it asks clients for certificates in its own way, how that is told.
    guard: Option<String>,
    /// Whether it leads to another upstream than the service.
    is_elsewhere: bool,
    /// Whether it sends everybody elsewhere, and does nothing else.
    is_sending: bool,
    /// Whether something is led to by hosts of its own.
    is_missed: bool,
    /// Whether hosts are led to another upstream by it, be they the service's at another address.
    is_beside: bool,
    /// Whether it leads the hosts that nobody else has to another upstream.
    is_for_others: bool,
    /// Whether the service's addresses stand for one of its own.
    is_within: bool,
    left: Left,
}

/// A service that is made of servers.
pub(super) struct Joining {
    service: Service,
    left: Left,
    has_tls: bool,
    /// The line of the first server.
    line: usize,
    group: Option<String>,
    /// The number of the server that answers at each address for names that nobody has: the one that is said to, or
    /// the first.
    answering: BTreeMap<SocketAddr, usize>,
    /// Addresses of the service.
    addresses: BTreeSet<SocketAddr>,
    /// Numbers of the servers that are the service's, each with where its certificate stands, if beside the first.
    ours: BTreeMap<usize, Option<usize>>,
    /// The others, whose hosts may be the service's, too.
    apart: Vec<Apart>,
    /// The names of the service's servers that stand for hosts which it cannot name, with their lines.
    patterns: Vec<(usize, String)>,
    /// Those that show no certificate to anybody, with their lines.
    rejecting: Vec<(usize, usize)>,
    unserved: Unserved,
    /// Whether hosts are led or sent elsewhere, or turned away.
    is_one_of_several: bool,
    /// How the first server is told.
    said: Option<String>,
}

impl Joining {
    pub(super) fn new(servers: &[Server], left: Left) -> Self {
        let said = servers
            .iter()
            .map(|server| (&server.defaults, server.number));
        let first = servers
            .iter()
            .map(|server| (&server.addresses, server.number));
        let mut answering = BTreeMap::new();
        for (addresses, number) in said.chain(first) {
            for address in addresses {
                answering.entry(*address).or_insert(number);
            }
        }
        Self {
            service: Service::default(),
            left,
            has_tls: true,
            line: 1,
            group: None,
            answering,
            addresses: BTreeSet::new(),
            ours: BTreeMap::new(),
            apart: Vec::new(),
            patterns: Vec::new(),
            rejecting: Vec::new(),
            unserved: Unserved::default(),
            is_one_of_several: servers
                .iter()
                .any(|server| server.is_beside && server.has_tls && !server.said().is_empty()),
            said: None,
        }
    }

    /// Takes the service's own server.
    pub(super) fn begin(&mut self, mut first: Server) {
        self.unserved.add(&mut first);
        let said = format!("server {}", first.said());
        if first.is_sending && first.has_tls {
            self.left.redirect(first.line, said.trim_end(), false);
        }
        self.said = Some(said);
        self.patterns(first.line, first.patterns);
        self.left.take_in(first.rest.left, true);
        self.service = first.service;
        self.group = first.group;
        self.has_tls = first.has_tls;
        self.line = first.line;
        self.addresses = first.addresses.into_iter().collect();
        if first.rejects.is_none() {
            self.ours.insert(first.number, None);
        }
    }

    fn patterns(&mut self, line: usize, patterns: Vec<String>) {
        let patterns = patterns.into_iter().map(|pattern| (line, pattern));
        self.patterns.extend(patterns);
    }

    /// Where there are redirects alone, their names are the service's.
    pub(super) fn begin_with(&mut self, redirects: &[Server]) {
        let names = redirects
            .iter()
            .flat_map(|server| server.service.host.0.clone());
        self.service.host.0 = names.collect();
    }

    /// Tells of the groups: one service has one.
    pub(super) fn groups(&mut self, groups: Groups) {
        let mut groups: Vec<_> = groups.into_iter().collect();
        groups.sort_by_key(|(_, group)| group.line);
        for (name, group) in groups {
            if Some(&name) != self.group.as_ref() {
                group.leave(&name, &mut self.left);
                continue;
            }
            self.left.take_in(group.left, true);
            for (line, told) in group.unread {
                if group.servers.is_empty() {
                    self.left.upstream(line, &told, Reason::NoneLeft);
                } else {
                    self.left.line(line, &told);
                }
            }
        }
    }

    /// Whether some server redirects to it.
    pub(super) fn redirect(&mut self, is_there: bool) {
        self.service.tls.redirect |= is_there;
        if !self.has_tls && is_there {
            self.service.tls.status = Some(Status::Disabled);
        }
    }

    /// Leaves a server behind as a whole.
    pub(super) fn leave(&mut self, mut server: Server, why: &str) {
        server.leave_sent();
        let told = format!("server {}{why}", server.said());
        self.left.take_in(server.rest.left, false);
        self.left.line(server.line, told.trim_end());
    }

    /// Puts a server aside, until it is known which hosts the service answers for.
    fn put_aside(&mut self, mut server: Server, why: &str, guard: Option<String>) {
        server.leave_sent();
        let hosts = &server.service.host;
        let patterns = server.patterns.iter().map(|pattern| sample(pattern));
        let names: Vec<String> = hosts.0.iter().cloned().chain(patterns).collect();
        let said = match server.said() {
            said if said.is_empty() => "_".to_owned(),
            said => said,
        };
        let is_missed = server.rejects.is_none() && !server.is_closed && !names.is_empty();
        // At an address of its own it leads hosts of the service elsewhere.
        let is_beside = is_missed && !server.service.upstream.is_empty();
        let is_elsewhere =
            server.rejects.is_none() && server.service.upstream != self.service.upstream;
        let is_answering = |address| self.answering.get(address) == Some(&server.number);
        // It answers for the hosts that nobody else has, with a certificate of its own.
        let is_for_others = is_elsewhere
            && names.is_empty()
            && !server.service.upstream.is_empty()
            && server.addresses.iter().any(is_answering);
        let is_same_kind = server.has_tls == self.has_tls;
        // What is asked for in plain text says nothing of who is answered by TLS.
        self.is_one_of_several |= !names.is_empty() && is_same_kind;
        if !is_same_kind {
            self.leave(server, why);
            return;
        }
        let is_within = server.addresses.iter().any(|address| {
            let all = [Ipv6Addr::UNSPECIFIED.into(), Ipv4Addr::UNSPECIFIED.into()];
            let mut wide = all
                .map(|ip: IpAddr| SocketAddr::new(ip, address.port()))
                .into_iter();
            !self.addresses.contains(address) && wide.any(|wide| self.addresses.contains(&wide))
        });
        self.apart.push(Apart {
            line: server.line,
            names,
            told: format!("server {said}{why}").trim_end().to_owned(),
            guard: guard.map(|guard| format!("server {said}{guard}")),
            is_elsewhere,
            is_sending: server.is_sending,
            is_missed,
            is_beside: is_beside && is_elsewhere,
            is_for_others,
            is_within,
            left: server.rest.left,
        });
    }

    /// Takes other servers in, or leaves them behind.
    pub(super) fn join(&mut self, others: impl Iterator<Item = Server>) {
        // Of a service that grows by a certificate for each of them, they are compared with what stays the same.
        let (common, reached) = (shared(&self.service), reach(&self.service));
        for other in others {
            self.join_one(other, &common, &reached);
        }
    }

    fn join_one(&mut self, mut server: Server, common: &Compared, reached: &BTreeSet<String>) {
        let other = &server.service;
        let differing = shared(other).differing(common);
        let lets_in = |field: &&String| field.starts_with("tls.client");
        let of_clients: Vec<&str> = differing
            .iter()
            .filter(lets_in)
            .map(String::as_str)
            .collect();
        let is_asking = other.tls.client.mode != ClientMode::None && !of_clients.is_empty();
        let own = " with settings of its own: ";
        let guard = is_asking.then(|| own.to_owned() + &of_clients.join(", "));
        if server.rejects.is_some() {
            if other.host.is_empty() && server.patterns.is_empty() {
                self.rejecting.push((server.number, server.line));
                self.left.take_in(server.rest.left, false);
            } else {
                let why = " with ssl_reject_handshake on";
                self.put_aside(server, why, Some(why.to_owned()));
            }
            return;
        }
        if other.upstream != self.service.upstream {
            let why = match other.upstream.0.join(" ").as_str() {
                "" => String::new(),
                upstreams => format!(": passes to {upstreams}"),
            };
            self.put_aside(server, &why, guard);
            return;
        }
        let named = differing.join(", ");
        if !of_clients.is_empty() || reach(other) != *reached {
            // Whom it lets in, and from where, is for its hosts alone: a service has one word for all of them.
            self.put_aside(server, &format!("{own}{named}"), guard);
            return;
        }
        if !differing.is_empty() {
            let told = format!("server with settings of its own: {named}");
            self.left.line(server.line, &told);
        }
        let tls = &server.service.tls;
        let (Some(certificate), Some(key), true) = (&tls.certificate, &tls.key, server.has_tls)
        else {
            self.put_aside(server, "", None);
            return;
        };
        let own = &mut self.service.tls;
        let hosts = &server.service.host;
        let is_same = (&own.certificate, &own.key) == (&tls.certificate, &tls.key);
        if is_same && tls.certificates.is_empty() && own.ocsp == tls.ocsp {
            // The same pair for others, or for all.
            self.service.host.0.extend(hosts.0.iter().cloned());
            self.ours.insert(server.number, None);
        } else {
            self.ours
                .insert(server.number, Some(own.certificates.len()));
            own.certificates.push(OwnCertificate {
                host: hosts.clone(),
                certificate: certificate.clone(),
                key: key.clone(),
                password: tls.password.clone(),
                ocsp: tls.ocsp.clone(),
            });
            own.certificates.extend(tls.certificates.iter().cloned());
        }
        self.unserved.add(&mut server);
        self.patterns(server.line, server.patterns);
        self.left.take_in(server.rest.left, true);
    }

    /// Tells of the servers that are no part of the service. Where it answers for their hosts, it leads them elsewhere,
    /// or lets in whom they do not. Returns whether it does.
    fn tell_apart(&mut self) -> bool {
        let own = self.service.tls.certificates.iter();
        let own = own.flat_map(|own| &own.host.0);
        let own = own.filter(|_| !self.service.host.is_empty());
        let hosts: BTreeSet<&String> = self.service.host.0.iter().chain(own).collect();
        let covered = Covered::by(hosts.iter().copied());
        let mut is_missed = false;
        for apart in std::mem::take(&mut self.apart) {
            let mut names = apart.names.iter();
            let is_here =
                |name: &String| covered.has(name) || apart.is_within && hosts.contains(&name);
            let is_other = !apart.names.iter().all(|name| hosts.contains(name));
            let is_nameless = apart.is_within && apart.names.is_empty() && hosts.is_empty();
            if !names.any(is_here) && !is_nameless {
                self.left.take_in(apart.left, false);
                if apart.is_sending && apart.is_missed && is_other {
                    self.left.redirect(apart.line, &apart.told, false);
                } else if apart.is_missed && is_other || apart.is_beside || apart.is_for_others {
                    self.left.upstream(apart.line, &apart.told, Reason::Apart);
                } else {
                    self.left.line(apart.line, &apart.told);
                }
                continue;
            }
            is_missed |= apart.is_elsewhere || apart.guard.is_some();
            if apart.is_elsewhere && apart.is_sending {
                self.left.redirect(apart.line, &apart.told, true);
            } else if apart.is_elsewhere {
                self.left
                    .upstream(apart.line, &apart.told, Reason::Elsewhere);
            } else if apart.guard.is_none() {
                self.left.line(apart.line, &apart.told);
            }
            if let Some(guard) = &apart.guard {
                self.left.guard(apart.line, guard);
            }
            self.left.take_in_guards(apart.left);
        }
        is_missed
    }

    /// What became of it all, with the servers that redirect to the service.
    pub(super) fn finish(mut self, redirects: Vec<Server>) -> Imported {
        let is_missed = self.tell_apart();
        let at = |address| self.answering.get(address).copied();
        let defaults: BTreeSet<usize> = self.addresses.iter().filter_map(at).collect();
        for (number, line) in &self.rejecting {
            // It turns away who asks for no name of the service's, as is done here.
            if !defaults.contains(number) {
                self.left.line(*line, "server with ssl_reject_handshake on");
            }
        }
        let unserved = std::mem::take(&mut self.unserved);
        self.is_one_of_several |= unserved.tell(&defaults, &self.service, &mut self.left);
        let mut answering = defaults.iter().map(|number| self.ours.get(number));
        let is_default = self.has_tls && !defaults.is_empty() && answering.all(|own| own.is_some());
        let is_alone = !self.is_one_of_several || self.service.host.is_empty() && !is_missed;
        if is_default && is_alone {
            self.service.tls.default_certificate = true;
            let mut shown = defaults.iter().filter_map(|number| self.ours.get(number));
            if let Some(Some(number)) = shown.next() {
                put_first(&mut self.service, *number);
            }
        } else if is_default {
            // Whoever asks for the hosts of others is not led here.
            self.left.line(self.line, "server for all other hosts");
        }
        redirect::tell(redirects, &self.service, &self.addresses, &mut self.left);
        let is_for_all = self.service.tls.default_certificate || self.service.host.is_empty();
        let unserved = self.patterns.iter().filter(|_| self.has_tls && !is_for_all);
        for (line, pattern) in unserved {
            let told = format!("server_name {pattern}");
            self.left.upstream(*line, &told, Reason::Apart);
        }
        if let Some(said) = self.said.filter(|_| self.service.upstream.is_empty()) {
            self.left.leads_nowhere(self.line, &said);
        }
        self.left.imported(self.service)
    }
}
