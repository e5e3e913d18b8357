//! Listeners of the same text to which servers of it lead: a frontend whose backend has another frontend for a server.
//! Who is kept out by one of them is kept out of what stands behind it.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::rc::Rc;

use super::barred::{Barred, guards};
use super::bind;
use super::sections::{Line, Section};
use super::variables::Variables;
use crate::forms::left::Left;
use crate::forms::settings;

/// Sockets that are no addresses of the network, each with what stands for it (Configuration Manual, section 11.1).
const SOCKETS: &[(&str, &str)] = &[("unix@", ""), ("abns@", "abns@"), ("abnsz@", "abns@")];

/// The words in front of a server's address that change nothing of it (section 11.1).
const FAMILIES: &[&str] = &["ipv4@", "ipv6@", "tcp@", "tcp4@", "tcp6@"];

/// Where a section listens, or where one of its servers is.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Spot {
    Address(SocketAddr),
    /// A socket of files, or one with a name alone.
    Socket(String),
}

impl Spot {
    fn socket(text: &str) -> Option<Self> {
        let named = SOCKETS.iter().find_map(|(word, stand_in)| {
            let rest = text.strip_prefix(word)?;
            Some(format!("{stand_in}{rest}"))
        });
        let path = text.starts_with('/').then(|| text.to_owned());
        named.or(path).map(Self::Socket)
    }

    fn of_bind(text: &str) -> Option<Self> {
        let address = || bind::address(text).map(|(address, _)| Self::Address(address));
        Self::socket(text).or_else(address)
    }

    fn of_server(text: &str) -> Option<Self> {
        if let Some(socket) = Self::socket(text) {
            return Some(socket);
        }
        let bare = FAMILIES.iter().find_map(|family| text.strip_prefix(family));
        let (host, port) = bare.unwrap_or(text).rsplit_once(':')?;
        let inside = host.trim_start_matches('[').trim_end_matches(']');
        let ip = inside.parse().ok();
        let ip = ip.or_else(|| settings::address_of_name(inside))?;
        Some(Self::Address(SocketAddr::new(ip, port.parse().ok()?)))
    }

    /// Itself, and the addresses that stand for it where something listens on all of this machine.
    fn all(&self) -> Vec<Self> {
        let mut all = vec![self.clone()];
        if let Self::Address(address) = self
            && address.ip().is_loopback()
        {
            let wide: [IpAddr; 2] = [Ipv4Addr::UNSPECIFIED.into(), Ipv6Addr::UNSPECIFIED.into()];
            let port = address.port();
            all.extend(wide.map(|ip| Self::Address(SocketAddr::new(ip, port))));
        }
        all
    }
}

/// A frontend, a backend, or both.
struct Part {
    line: usize,
    kind: String,
    name: String,
    /// The lines by which it turns somebody away.
    guards: Vec<(usize, String)>,
    /// The backends that it names.
    uses: Vec<String>,
    /// Its servers, with their lines.
    servers: Vec<(usize, Spot)>,
}

impl Part {
    fn told(&self) -> String {
        format!("{} {}", self.kind, self.name)
    }

    fn is_backend(&self) -> bool {
        self.kind != "frontend"
    }
}

/// What leads where, inside of a text.
#[derive(Default)]
pub(super) struct Chains {
    parts: Vec<Part>,
    listeners: BTreeMap<Spot, usize>,
}

impl Chains {
    /// Takes a section in, with what it inherits.
    pub(super) fn take(&mut self, section: &Section, lines: &[Line], variables: &Rc<Variables>) {
        let index = self.parts.len();
        let mut part = Part {
            line: section.line,
            kind: section.kind.clone(),
            name: section.name.clone(),
            guards: guards(lines, variables).collect(),
            uses: Vec::new(),
            servers: Vec::new(),
        };
        for (line, words) in lines {
            let texts: Vec<&str> = words.iter().map(String::as_str).collect();
            match texts.as_slice() {
                ["bind", given, ..] => {
                    for spot in given.split(',').filter_map(Spot::of_bind) {
                        self.listeners.entry(spot).or_insert(index);
                    }
                }
                ["use_backend" | "default_backend", name, ..] => {
                    part.uses.push((*name).to_owned());
                }
                ["server", _, to, words @ ..] if !words.contains(&"disabled") => {
                    part.servers
                        .extend(Spot::of_server(to).map(|to| (*line, to)));
                }
                _ => {}
            }
        }
        self.parts.push(part);
    }

    /// Finds out what leads where.
    pub(super) fn linked(self) -> Linked {
        let Self { parts, listeners } = self;
        let backs = parts.iter().zip(0..).filter(|(part, _)| part.is_backend());
        let backs: BTreeMap<&str, usize> =
            backs.map(|(part, at)| (part.name.as_str(), at)).collect();
        let mut onward = vec![Vec::new(); parts.len()];
        let mut links = Vec::new();
        for (at, part) in parts.iter().enumerate() {
            let used = part.uses.iter().filter_map(|name| backs.get(name.as_str()));
            onward[at].extend(used.copied());
            for (line, spot) in &part.servers {
                let spots = spot.all();
                let mut found = spots.iter().filter_map(|spot| listeners.get(spot));
                if let Some(to) = found.next().copied().filter(|to| *to != at) {
                    onward[at].push(to);
                    links.push((at, to, *line));
                }
            }
        }
        Linked {
            parts,
            onward,
            links,
        }
    }
}

/// What leads where.
pub(super) struct Linked {
    parts: Vec<Part>,
    /// Where each part leads, inside of the text.
    onward: Vec<Vec<usize>>,
    /// Servers that are listeners: whose they are, which listener it is, and the line.
    links: Vec<(usize, usize, usize)>,
}

impl Linked {
    fn at(&self, line: usize) -> Option<usize> {
        self.parts.iter().position(|part| part.line == line)
    }

    /// All that is come to from some parts, by these ways, with them; what is passed over ends a way.
    fn reached(ways: &[Vec<usize>], from: &[usize], over: usize) -> Vec<bool> {
        let mut reached = vec![false; ways.len()];
        let mut open = from.to_vec();
        while let Some(at) = open.pop() {
            if at != over && !std::mem::replace(&mut reached[at], true) {
                open.extend(&ways[at]);
            }
        }
        reached
    }

    /// The ways turned around.
    fn back(&self) -> Vec<Vec<usize>> {
        let mut back = vec![Vec::new(); self.onward.len()];
        for (at, ways) in self.onward.iter().enumerate() {
            for to in ways {
                back[*to].push(at);
            }
        }
        back
    }

    /// Adds the backends that lead to a listener behind which somebody is turned away to those that do it themselves.
    pub(super) fn bar(&self, barred: &mut BTreeMap<String, Barred>) {
        let back = self.back();
        let mut first: Vec<Option<usize>> = vec![None; self.parts.len()];
        let mut open = Vec::new();
        for (at, part) in self.parts.iter().enumerate() {
            if !part.guards.is_empty() {
                first[at] = Some(at);
                open.push(at);
            }
        }
        while let Some(at) = open.pop() {
            for from in &back[at] {
                if first[*from].is_none() {
                    first[*from] = first[at];
                    open.push(*from);
                }
            }
        }
        for (at, to, _) in &self.links {
            let part = &self.parts[*at];
            let Some(by) = first[*to].map(|by| &self.parts[by]) else {
                continue;
            };
            if let Some((line, guard)) = by.guards.first()
                && part.is_backend()
            {
                let bar = Barred {
                    line: Some(*line),
                    told: format!("({}) {guard}", by.told()),
                };
                barred.entry(part.name.clone()).or_insert(bar);
            }
        }
    }

    /// Tells of the listeners that the service leads to, or that lead to it, and of whom they turn away. It is the
    /// section of a line, and the backend that was chosen for it is called so. Returns the lines of what is on the way.
    pub(super) fn tell(
        &self,
        service: usize,
        backend: Option<&str>,
        left: &mut Left,
    ) -> BTreeSet<usize> {
        let mut lines = BTreeSet::new();
        let Some(own) = self.at(service) else {
            return lines;
        };
        let is_chosen = |part: &Part| part.is_backend() && Some(part.name.as_str()) == backend;
        let chosen = self.parts.iter().position(is_chosen).unwrap_or(own);
        let mut behind = Vec::new();
        let is_onward = |(at, to, _): &&(usize, usize, usize)| *at == chosen && *to != own;
        for (_, to, line) in self.links.iter().filter(is_onward) {
            let Part { line: at, .. } = self.parts[*to];
            let told = format!(
                "a server that is {} of line {at}: HAProxy has to stay for it",
                self.parts[*to].told()
            );
            left.line(*line, &told);
            behind.push(*to);
        }
        let behind = Self::reached(&self.onward, &behind, own);
        let ahead = self.links.iter().filter(|(_, to, _)| *to == own);
        let ahead: Vec<usize> = ahead.map(|(at, ..)| *at).collect();
        let ahead = Self::reached(&self.back(), &ahead, own);
        for (at, part) in self.parts.iter().enumerate() {
            if at != chosen && (behind[at] || ahead[at]) {
                lines.insert(part.line);
                for (line, guard) in &part.guards {
                    left.guard(*line, &format!("{}: {guard}", part.told()));
                }
            }
        }
        lines
    }
}
