//! What can be seen of an order's end before it is spent: where names lead, who answers there, what CAA says.

use std::net::{IpAddr, SocketAddr};
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use keyway_chain::name::{
    Internal, PublicSuffix, ReservedRange, Section, internal, public_suffix, reserved_range,
};
use keyway_dns::caa::Failed;
use keyway_dns::message::Question;
use keyway_dns::name::Name;
use keyway_dns::net::{AskError, Resolver, authority, climb};
use keyway_dns::plan::private;
use keyway_dns::rdata::Type;
use keyway_dns::view::address;
use keyway_issue::Identifier;
use keyway_issue::acme::Kind;
use keyway_issue::acme::http01::{Answers, PATH};
use keyway_report::Timestamp;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::managed::Managed;
use super::permitted::{Authority, Barred, Zone};
use crate::arguments::AskArguments;
use crate::failure::Failure;
use crate::intent::service::ServiceFile;
use crate::intent::{Asking, in_order};
use crate::voice::renew::{Step, clocks, looked};

/// Most names that are looked up; a certificate has up to a hundred (Let's Encrypt, "Rate limits").
pub(super) const MOST_NAMES: usize = 100;

/// Most addresses of a name that are come to.
const MOST_ADDRESSES: usize = 8;

/// How long somebody is waited for who answers a CA within a second.
const PATIENCE: Duration = Duration::from_secs(3);

/// Most bytes of an answer that are read.
const MAX_ANSWER: u64 = 4096;

/// Where a CA comes to (RFC 8555, section 8.3).
const HTTP: u16 = 80;

/// Where servers of zones listen (RFC 1035, section 4.2).
const DNS: u16 = 53;

/// What was seen of one name or address.
pub(crate) struct Seen {
    pub(crate) identifier: Identifier,
    /// Where it leads, and who answers there to a CA that looks by http-01.
    pub(crate) addresses: Vec<(IpAddr, Answered)>,
    pub(crate) obstacles: Vec<Obstacle>,
}

impl Seen {
    /// Whether nothing speaks against it: nobody else answers where a CA looks, and somebody does.
    pub(crate) fn is_clear(&self) -> bool {
        let mut answered = self.addresses.iter().map(|(_, answered)| answered);
        let is_well = |it: &Answered| matches!(it, Answered::Here | Answered::Unasked);
        self.obstacles.is_empty() && answered.all(is_well)
    }

    /// Whether an order would come to nothing.
    pub(crate) fn is_hopeless(&self) -> bool {
        self.obstacles.iter().any(|obstacle| match obstacle {
            Obstacle::NoName(_) | Obstacle::NoAddress | Obstacle::Taken => true,
            Obstacle::NotPublic(why) => why.is_certain(),
            // By the addresses that are known, a CA may come here all the same.
            Obstacle::Unknown(..) => self.addresses.is_empty(),
            Obstacle::Caa(barred) => barred.is_certain(),
            // Others may be led elsewhere by the same name.
            Obstacle::Unreachable(..) => matches!(self.identifier, Identifier::Ip(_)),
        })
    }

    /// Whether a CA that comes by IPv6 first, as they do, does not come to whom it finds by IPv4.
    pub(crate) fn is_split(&self) -> bool {
        let mut by_four = self.addresses.iter().filter(|(ip, _)| ip.is_ipv4());
        let mut by_six = self.addresses.iter().filter(|(ip, _)| ip.is_ipv6());
        by_four.any(|(_, answered)| *answered == Answered::Here)
            && by_six.any(|(_, it)| matches!(it, Answered::Nobody(_) | Answered::Other(_)))
    }
}

/// Who answers at port 80 of an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Answered {
    /// Whoever shows a CA what it looks for.
    Here,
    /// Somebody else: the first line of the answer.
    Other(String),
    /// Nobody who can be come to from here; from elsewhere it may be otherwise.
    Nobody(String),
    /// Nobody asked, as nothing is shown there.
    Unasked,
}

/// Why a CA will say no, or may.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Obstacle {
    /// It is no name of the DNS, and why.
    NoName(String),
    /// No public CA may vouch for it, and why.
    NotPublic(Why),
    /// The name leads nowhere.
    NoAddress,
    /// Somebody else has the place of the only way, and nobody of ours answers where the name leads.
    Taken,
    /// Nobody says which records of these types it has, and why.
    Unknown(Vec<Type>, String),
    /// Nobody comes to this address over the Internet, as this CA does, and what it is of.
    Unreachable(IpAddr, &'static str),
    /// What CAA records say, or nobody says of them.
    Caa(Barred),
}

/// What is known of an order before it is looked at.
pub(crate) struct Ahead {
    pub(crate) authority: Authority,
    /// The ways that can be gone.
    pub(crate) kinds: Vec<Kind>,
    /// Whether somebody will listen for http-01 who does not yet: that nobody answers says nothing then.
    pub(crate) will_listen: bool,
    /// Whether somebody else has the place where http-01 is answered, and nobody of this process serves besides: a CA finds what
    /// it looks for only where somebody of ours answers it from elsewhere.
    pub(crate) is_taken: bool,
}

/// Why no public CA may vouch for something (Baseline Requirements, 1.6.1 and 3.2.2.6; Let's Encrypt refuses public suffixes
/// themselves, too).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Why {
    /// A name that the public DNS cannot know.
    Internal(Internal),
    /// A name with an underscore, which no host has (RFC 5280, section 4.2.1.6, by RFC 1034, section 3.5).
    Underscore,
    /// A public suffix, or all names right below one.
    Suffix(String),
    /// An address of a range that is nobody's.
    Reserved(ReservedRange),
}

impl Why {
    pub(crate) fn of(identifier: &Identifier) -> Option<Self> {
        match identifier {
            Identifier::Dns(name) if name.contains('_') => Some(Self::Underscore),
            Identifier::Dns(name) => {
                let base = name.trim_start_matches("*.");
                let is_icanns =
                    |suffix: &PublicSuffix| suffix.section == Section::Icann && suffix.name == base;
                let suffix = || public_suffix(base).filter(is_icanns);
                let internal = internal(name).map(Self::Internal);
                internal.or_else(|| suffix().map(|suffix| Self::Suffix(suffix.name)))
            }
            Identifier::Ip(address) => reserved_range(*address).map(Self::Reserved),
        }
    }

    /// Whether that is so for ever: there may be a new top-level domain.
    pub(crate) fn is_certain(&self) -> bool {
        *self != Self::Internal(Internal::UnknownTopLevel)
    }
}

/// Looks at what a CA will look at, tells of it, and says why an order would come to nothing, where it would: of the
/// first host that it would for.
pub(crate) async fn look(
    file: &ServiceFile,
    managed: &Managed,
    ahead: Ahead,
    tell: &dyn Fn(&Step<'_>),
) -> Result<Option<String>, Failure> {
    let preflight = Arc::new(Preflight {
        resolver: asking(file)?.resolver,
        answers: managed.answers(),
        ahead,
        is_public: file.draft.service.managed_issuer().is_some(),
    });
    let mut why = None;
    let looks = managed.hosts.iter().take(MOST_NAMES).cloned();
    let looks = looks.map(|identifier| {
        let preflight = Arc::clone(&preflight);
        async move { preflight.one(identifier).await }
    });
    in_order(looks, |seen| {
        if seen.is_hopeless() {
            why.get_or_insert_with(|| looked(&seen));
        }
        tell(&Step::Looked(&seen));
        ControlFlow::Continue(())
    })
    .await;
    Ok(why)
}

/// Whom a service asks where names lead.
pub(super) fn asking(file: &ServiceFile) -> Result<Asking, Failure> {
    let resolvers = file.draft.service.dns.resolvers.iter();
    let resolvers: Vec<String> = resolvers.map(str::to_owned).collect();
    Asking::resolve(&AskArguments::usual(), &resolvers)
}

/// How far two clocks may differ: what a CA gives out begins to be valid at once, or an hour before (Let's Encrypt).
pub(super) const CLOCKS: i64 = 10 * 60;

/// Holds the clock of this machine against the CA's, tells where they differ by too much, and says how, where they do: by
/// a clock that is wrong, a new certificate would not be valid.
pub(super) fn clock(
    cas: Option<Timestamp>,
    ours: Timestamp,
    tell: &dyn Fn(&Step<'_>),
) -> Option<String> {
    let cas = cas.filter(|cas| cas.since(ours).abs() > CLOCKS)?;
    tell(&Step::Clocks { ours, cas });
    Some(clocks(ours, cas))
}

struct Preflight {
    resolver: Resolver,
    answers: Answers,
    ahead: Ahead,
    /// Whether the CA comes over the Internet.
    is_public: bool,
}

impl Preflight {
    async fn one(&self, identifier: Identifier) -> Seen {
        let mut obstacles = Vec::new();
        if self.is_public {
            obstacles.extend(Why::of(&identifier).map(Obstacle::NotPublic));
        }
        let addresses = match &identifier {
            Identifier::Ip(address) => vec![*address],
            Identifier::Dns(text) => match Name::read(text.trim_start_matches("*.")) {
                Ok(name) => {
                    let (caa, (addresses, unknown)) = tokio::join!(
                        self.caa(&name, text.starts_with("*.")),
                        self.addresses(&name)
                    );
                    obstacles.extend(caa.into_iter().chain(unknown));
                    addresses
                }
                Err(fault) => {
                    obstacles.push(Obstacle::NoName(fault.to_string()));
                    Vec::new()
                }
            },
        };
        let comes_there =
            matches!(identifier, Identifier::Ip(_)) || !self.ahead.kinds.contains(&Kind::Dns01);
        if self.is_public && comes_there {
            obstacles.extend(addresses.iter().filter_map(|it| unreachable(*it)));
        }
        let mut seen = Vec::new();
        for address in addresses.into_iter().take(MOST_ADDRESSES) {
            let answered = if self.ahead.kinds.contains(&Kind::Http01) {
                self.answered(&identifier, address).await
            } else {
                Answered::Unasked
            };
            seen.push((address, answered));
        }
        let is_only = self.ahead.kinds == [Kind::Http01] && self.ahead.is_taken;
        let mut answered = seen.iter().map(|(_, answered)| answered);
        if is_only && !seen.is_empty() && !answered.any(|it| *it == Answered::Here) {
            obstacles.push(Obstacle::Taken);
        }
        Seen {
            identifier,
            addresses: seen,
            obstacles,
        }
    }

    /// Where a name leads, IPv4 first, and what stands in the way of that.
    async fn addresses(&self, name: &Name) -> (Vec<IpAddr>, Vec<Obstacle>) {
        let (four, six) = tokio::join!(
            records(&self.resolver, name.clone(), Type::A),
            records(&self.resolver, name.clone(), Type::AAAA)
        );
        let (mut addresses, mut obstacles) = (Vec::new(), Vec::new());
        for (kind, found) in [(Type::A, four), (Type::AAAA, six)] {
            match found {
                Ok(found) => addresses.extend(found.iter().filter_map(|data| address(data))),
                Err(error) => {
                    let error = error.to_string();
                    match obstacles.last_mut() {
                        Some(Obstacle::Unknown(kinds, why)) if *why == error => kinds.push(kind),
                        _ => obstacles.push(Obstacle::Unknown(vec![kind], error)),
                    }
                }
            }
        }
        // By a record, a name is shown that leads nowhere yet.
        if self.ahead.kinds.contains(&Kind::Dns01) {
            obstacles.clear();
        } else if addresses.is_empty() && obstacles.is_empty() {
            obstacles.push(Obstacle::NoAddress);
        }
        (addresses, obstacles)
    }

    async fn caa(&self, name: &Name, is_wildcard: bool) -> Option<Obstacle> {
        let (climbed, _) = climb(&self.resolver, None, name).await;
        let mut barred = self
            .ahead
            .authority
            .barred(&climbed, is_wildcard, &self.ahead.kinds)?;
        if let Barred::Unknown {
            why, asked, zone, ..
        } = &mut barred
        {
            asked.clone_from(&self.resolver.servers);
            // Who does not answer at all does not say that either.
            if !matches!(why, Failed::NoAnswer(_)) {
                *zone = self.zone(name).await;
            }
        }
        Some(Obstacle::Caa(barred))
    }

    /// The zone of a name: it is its servers that have to answer.
    async fn zone(&self, name: &Name) -> Option<Zone> {
        let found = authority(&self.resolver, name, DNS).await.ok()?;
        let servers = found.addresses().into_iter().map(|(_, server)| server);
        Some(Zone {
            name: found.zone.to_string(),
            servers: servers.collect(),
        })
    }

    /// Asks as a CA does for what is not there: whoever shows things to a CA says so in a way of their own.
    async fn answered(&self, identifier: &Identifier, address: IpAddr) -> Answered {
        let place = SocketAddr::new(address, HTTP);
        match answered_at(place, &identifier.sample(), &self.answers).await {
            Answered::Nobody(_) if self.ahead.will_listen => Answered::Unasked,
            answered => answered,
        }
    }
}

/// The same at any place.
pub(super) async fn answered_at(place: SocketAddr, host: &str, answers: &Answers) -> Answered {
    let Ok(probe) = answers.probe() else {
        return Answered::Unasked;
    };
    let path = format!("{PATH}{}", probe.token);
    let asked = timeout(PATIENCE, ask(place, host, &path));
    let answer = match asked.await {
        Ok(Ok(answer)) => answer,
        Ok(Err(error)) => return Answered::Nobody(error.to_string()),
        Err(_) => return Answered::Nobody("no answer".to_owned()),
    };
    if answer.ends_with(&probe.text) {
        return Answered::Here;
    }
    let first = answer.lines().next().unwrap_or_default();
    Answered::Other(first.chars().take(80).collect())
}

/// The data of a name's records of a type, as a resolver says it, which follows aliases.
pub(super) async fn records(
    resolver: &Resolver,
    name: Name,
    kind: Type,
) -> Result<Vec<Vec<u8>>, AskError> {
    let answer = resolver.ask(&Question { name, kind }).await?;
    let records = answer.answers.into_iter();
    let records = records.filter(|record| record.kind == kind);
    Ok(records.map(|record| record.data).collect())
}

fn unreachable(address: IpAddr) -> Option<Obstacle> {
    let (_, range) = match address {
        IpAddr::V4(four) => private(Type::A, &four.octets()),
        IpAddr::V6(six) => private(Type::AAAA, &six.octets()),
    }?;
    Some(Obstacle::Unreachable(address, range))
}

async fn ask(place: SocketAddr, host: &str, path: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(place).await?;
    let host = if host.contains(':') {
        format!("[{host}]")
    } else {
        host.to_owned()
    };
    let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.take(MAX_ANSWER).read_to_end(&mut answer).await?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}
