//! What can be seen of an order's end before it is spent: where names lead, who answers there, what CAA says.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use keyway_dns::caa::{End, Request, judge};
use keyway_dns::name::Name;
use keyway_dns::net::{climb, hosts};
use keyway_issue::Identifier;
use keyway_issue::acme::Kind;
use keyway_issue::acme::http01::{Answers, PATH};
use keyway_report::{Timestamp, Verdict};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::managed::Managed;
use crate::arguments::AskArguments;
use crate::failure::Failure;
use crate::intent::Asking;
use crate::intent::service::ServiceFile;
use crate::voice::renew::Step;

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
        self.obstacles.iter().any(Obstacle::is_final)
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

/// Why a CA will say no.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Obstacle {
    /// The name leads nowhere.
    NoAddress,
    /// Nobody could say where it leads.
    Unknown(String),
    /// CAA forbids it: the records' name.
    Caa(String),
}

impl Obstacle {
    /// Whether it is sure that the order would come to nothing.
    fn is_final(&self) -> bool {
        !matches!(self, Self::Unknown(_))
    }
}

/// Looks at what a CA will look at, tells of it, and says whether an order would come to nothing. `issuers` are the CA's
/// names in CAA records.
pub(crate) async fn look(
    file: &ServiceFile,
    managed: &Managed,
    issuers: &[String],
    kinds: &[Kind],
    tell: &dyn Fn(&Step<'_>),
) -> Result<bool, Failure> {
    let preflight = Preflight {
        asking: &asking(file)?,
        answers: &managed.answers(),
        issuers,
        kinds,
    };
    let mut is_hopeless = false;
    for identifier in managed.hosts.iter().take(MOST_NAMES) {
        let seen = preflight.one(identifier).await;
        is_hopeless |= seen.is_hopeless();
        tell(&Step::Looked(&seen));
    }
    Ok(is_hopeless)
}

/// Whom a service asks where names lead.
pub(super) fn asking(file: &ServiceFile) -> Result<Asking, Failure> {
    let resolvers = file.draft.service.dns.resolvers.iter();
    let resolvers: Vec<String> = resolvers.map(str::to_owned).collect();
    Asking::resolve(&AskArguments::usual(), &resolvers)
}

/// How far two clocks may differ: what a CA gives out begins to be valid at once, or an hour before (Let's Encrypt).
pub(super) const CLOCKS: i64 = 10 * 60;

/// Holds the clock of this machine against the CA's, tells where they differ by too much, and says whether they do: by a
/// clock that is wrong, a new certificate would not be valid.
pub(super) fn clock(cas: Option<Timestamp>, ours: Timestamp, tell: &dyn Fn(&Step<'_>)) -> bool {
    let Some(cas) = cas.filter(|cas| cas.since(ours).abs() > CLOCKS) else {
        return false;
    };
    tell(&Step::Clocks { ours, cas });
    true
}

struct Preflight<'a> {
    asking: &'a Asking,
    answers: &'a Answers,
    issuers: &'a [String],
    /// The ways that can be gone.
    kinds: &'a [Kind],
}

impl Preflight<'_> {
    async fn one(&self, identifier: &Identifier) -> Seen {
        let mut obstacles = Vec::new();
        let addresses = match identifier {
            Identifier::Ip(address) => vec![*address],
            Identifier::Dns(text) => match Name::read(text.trim_start_matches("*.")) {
                Ok(name) => {
                    self.caa(&name, text.starts_with("*."), &mut obstacles)
                        .await;
                    self.addresses(&name, &mut obstacles).await
                }
                Err(fault) => {
                    obstacles.push(Obstacle::Unknown(fault.to_string()));
                    Vec::new()
                }
            },
        };
        let mut seen = Vec::new();
        for address in addresses.into_iter().take(MOST_ADDRESSES) {
            let answered = if self.kinds.contains(&Kind::Http01) {
                self.answered(identifier, address).await
            } else {
                Answered::Unasked
            };
            seen.push((address, answered));
        }
        Seen {
            identifier: identifier.clone(),
            addresses: seen,
            obstacles,
        }
    }

    async fn addresses(&self, name: &Name, obstacles: &mut Vec<Obstacle>) -> Vec<IpAddr> {
        // By a record, a name is shown that leads nowhere yet.
        let is_needed = self.kinds.iter().all(|kind| *kind != Kind::Dns01);
        match hosts(&self.asking.resolver, name).await {
            Ok(found) if found.is_empty() && is_needed => obstacles.push(Obstacle::NoAddress),
            Ok(found) => return found,
            Err(error) if is_needed => obstacles.push(Obstacle::Unknown(error.to_string())),
            Err(_) => {}
        }
        Vec::new()
    }

    async fn caa(&self, name: &Name, is_wildcard: bool, obstacles: &mut Vec<Obstacle>) {
        if self.issuers.is_empty() {
            return;
        }
        let (climbed, _) = climb(&self.asking.resolver, None, name).await;
        let verdicts = self.issuers.iter().filter_map(|issuer| {
            let request = Request::to(issuer).ok()?.wildcard(is_wildcard);
            Some(judge(&climbed, &request).verdict)
        });
        let verdicts: Vec<Verdict> = verdicts.collect();
        if !verdicts.is_empty() && verdicts.iter().all(|verdict| *verdict == Verdict::No) {
            let at = match climbed.end() {
                End::Records { at, .. } => at.to_string(),
                _ => name.to_string(),
            };
            obstacles.push(Obstacle::Caa(at));
        }
    }

    /// Asks as a CA does for what is not there: whoever shows things to a CA says so in a way of their own.
    async fn answered(&self, identifier: &Identifier, address: IpAddr) -> Answered {
        let Ok(probe) = self.answers.probe() else {
            return Answered::Unasked;
        };
        let place = SocketAddr::new(address, HTTP);
        let host = identifier.sample();
        let path = format!("{PATH}{}", probe.token);
        let asked = timeout(PATIENCE, ask(place, &host, &path));
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
