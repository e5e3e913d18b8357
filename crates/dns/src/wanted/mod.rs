//! Which records have to exist so that clients reach a service, and CAs issue for it.

mod aliases;
mod data;
mod done;
mod endpoint;
mod idle;
mod issuers;
mod owned;

use std::collections::{BTreeMap, BTreeSet};

use keyway_report::Timestamp;

use crate::caa::RequestFault;
use crate::name::{Name, NameFault};
use crate::plan::{Plan, Set};
use crate::rdata::{self, Type};
use crate::ttl;

pub use endpoint::{Endpoint, EndpointFault};
pub use idle::Idle;

/// A CA that may issue for a service (RFC 8659, RFC 8657).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issuer {
    /// The CA's domain, as it says what CAA has to hold: `letsencrypt.org`.
    pub domain: String,
    /// The account that may ask it, as a URI.
    pub account: Option<String>,
    /// Methods of validation that it may use: `dns-01`.
    pub methods: Vec<String>,
}

/// A public key that a service serves with, or will (RFC 6698).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pin {
    /// The TCP port.
    pub port: u16,
    /// SHA-256 of its `SubjectPublicKeyInfo`.
    pub spki_sha256: [u8; 32],
}

/// The port of HTTPS where nobody says another one (RFC 9110, section 4.2.2).
pub const HTTPS_PORT: u16 = 443;

/// The port that clients of HTTPS come to, of what is said of it at each place of a service: the one that all of them have.
pub fn common_port(said: impl IntoIterator<Item = Option<u16>>) -> Option<u16> {
    let ports: BTreeSet<Option<u16>> = said.into_iter().collect();
    ports.into_iter().reduce(|_, _| None).flatten()
}

/// What a service needs of the DNS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Need {
    /// The names that clients ask for.
    pub hosts: Vec<Name>,
    /// Where the service is.
    pub endpoint: Endpoint,
    /// How long answers may be remembered, seconds.
    pub ttl: u32,
    /// CAs that may issue; empty says nothing, and leaves CAA as it is.
    pub issuers: Vec<Issuer>,
    /// Keys that are served, and those that will be; empty leaves TLSA as it is.
    pub pins: Vec<Pin>,
    /// The TCP port that clients of HTTPS come to.
    pub port: u16,
    /// Protocols that an HTTPS record offers, the best first; empty leaves it as it is.
    pub alpn: Vec<String>,
    /// Whether that record holds the addresses, too, so that browsers need not ask for them.
    pub hints: bool,
    /// Values at `_acme-challenge` of each host (RFC 8555, section 8.4).
    pub challenges: Vec<String>,
    /// Whether the issuers' accounts may validate again and again; [`None`] leaves that as it is.
    pub standing: Option<Standing>,
}

impl Need {
    /// That hosts lead to an endpoint, and nothing more.
    pub fn new(hosts: Vec<Name>, endpoint: Endpoint, ttl: u32) -> Self {
        Self {
            hosts,
            endpoint,
            ttl,
            issuers: Vec::new(),
            pins: Vec::new(),
            port: HTTPS_PORT,
            alpn: Vec::new(),
            hints: false,
            challenges: Vec::new(),
            standing: None,
        }
    }

    /// Whether a host becomes an alias.
    fn makes_alias(&self, host: &Name, zone: Option<&Name>) -> bool {
        matches!(self.endpoint, Endpoint::Name(_)) && zone != Some(host)
    }
}

/// That an account at a CA may validate a name again and again, by a record that stays where it is: the method
/// dns-persist-01 (draft-ietf-acme-dns-persist, a draft: CAs may still change it).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// The moment from which it holds no more; without one it holds while it stands.
    pub until: Option<Timestamp>,
}

/// Records of one name and type that have to be there, and no other, save those of somebody else: of a set that
/// several share, as CAA is, only the own ones are changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Their name.
    pub name: Name,
    /// Their type.
    pub kind: Type,
    /// Their TTL, seconds.
    pub ttl: u32,
    /// Their data, in the form of the wire; empty where none may be there.
    pub data: BTreeSet<Vec<u8>>,
    /// Data of which none may be left, where others stay that are somebody else's.
    pub away: BTreeSet<Vec<u8>>,
    /// Whether what somebody else has there goes, too.
    pub is_alone: bool,
    /// Whether a part of the data is enough, and nothing else beside it: somebody else makes it, and gives each who asks a
    /// part.
    pub is_any: bool,
    /// Why.
    pub reason: &'static str,
}

impl Wanted {
    /// What a plan leaves of every set that it changes, or keeps.
    pub fn of_plan(plan: &Plan) -> Vec<Self> {
        let mut gone = BTreeMap::<(&Name, Type), BTreeSet<&[u8]>>::new();
        for change in plan.changes() {
            let gone = gone.entry((&change.name, change.kind)).or_default();
            gone.extend(change.removed());
        }
        let wanted = |name: &Name, kind: Type, set: Option<&Set>, ttl: u32| {
            let data = set.map(|set| set.data.clone()).unwrap_or_default();
            let gone = gone.get(&(name, kind)).into_iter().flatten();
            let gone = gone.filter(|one| !data.contains(**one));
            let wanted = Self {
                name: name.clone(),
                kind,
                ttl: set.map_or(ttl, |set| set.ttl),
                away: gone.map(|one| one.to_vec()).collect(),
                data,
                is_alone: false,
                is_any: false,
                reason: "the plan left it so",
            };
            ((name.clone(), kind), wanted)
        };
        let kept = plan.kept.iter();
        // One that was written down without its records says nothing.
        let kept = kept.filter_map(|it| Some(wanted(&it.name, it.kind, Some(it.set.as_ref()?), 0)));
        let absent = plan.absent.iter();
        let absent = absent.map(|(name, kind)| wanted(name, *kind, None, 0));
        let changed = plan.changes().map(|change| {
            let ttl = change.before.as_ref().map_or(0, |set| set.ttl);
            wanted(&change.name, change.kind, change.after.as_ref(), ttl)
        });
        let last: BTreeMap<(Name, Type), Self> = kept.chain(absent).chain(changed).collect();
        last.into_values().collect()
    }

    /// The names that a plan for these looks at: their own, and those that they make others aliases of.
    pub fn looked_at(wanted: &[Self]) -> BTreeSet<Name> {
        let aliases = wanted.iter().filter(|want| want.kind == Type::CNAME);
        let targets = aliases.flat_map(|want| &want.data);
        let targets = targets.map(|data| Name::of_wire(data));
        targets
            .chain(wanted.iter().map(|want| want.name.clone()))
            .collect()
    }

    /// The data as zone files write it.
    pub fn texts(&self) -> Vec<String> {
        let texts = self.data.iter().map(|data| rdata::show(self.kind, data));
        texts.collect()
    }
}

/// What cannot be wished for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NeedError {
    /// A name cannot be made of a host's.
    #[error("no name can be made below {host}: {fault}")]
    Name {
        /// The host.
        host: Name,
        /// Why not.
        fault: NameFault,
    },
    /// A value is longer than its record can hold.
    #[error("{0} is longer than a record can hold")]
    TooLong(&'static str),
    /// A host is its own endpoint.
    #[error(
        "the endpoint is the host itself, {0}; say the address or the other name that it has to lead to"
    )]
    Itself(Name),
    /// A value that cannot stand in CAA.
    #[error("{0}")]
    Issuer(RequestFault),
    /// A TTL that none can be.
    #[error(
        "a TTL of {0} seconds is longer than the 2147483647 that there are (RFC 2181, section 8)"
    )]
    Ttl(u32),
    /// What no CA looks for.
    #[error(
        "{0:?} is no answer to a challenge, which has 43 letters of base64url (RFC 8555, section 8.4)"
    )]
    Challenge(String),
    /// A value at once wanted and done with.
    #[error("the value {0:?} cannot both be made at _acme-challenge and have done its work")]
    ChallengeDone(String),
    /// The endpoint has no address.
    #[error("the endpoint has no address")]
    NoAddress,
    /// Nobody is named who may validate again and again.
    #[error("a record by which a CA validates again and again names the CA and the account there")]
    NoAccount,
}

/// The records that a service needs, in the order of names and types.
///
/// # Errors
/// [`NeedError`] where a name or a value does not fit into a record.
pub fn wanted(need: &Need) -> Result<Vec<Wanted>, NeedError> {
    wanted_in(need, None)
}

/// The same where the zone is known: its name can be no alias. Where the endpoint is a name, the provider of the zone leads it
/// there in a way of their own, if anybody does, and the rest stands beside that.
///
/// # Errors
/// [`NeedError`] as of [`wanted`].
pub fn wanted_in(need: &Need, zone: Option<&Name>) -> Result<Vec<Wanted>, NeedError> {
    if need.ttl > ttl::MAX {
        return Err(NeedError::Ttl(need.ttl));
    }
    for issuer in &need.issuers {
        issuer.requests().map_err(NeedError::Issuer)?;
    }
    let mut sets: BTreeMap<(Name, Type), Wanted> = BTreeMap::new();
    for host in &need.hosts {
        // A wildcard and the name above it want some of the same sets.
        let mut want = |name: &Name, kind: Type, data: BTreeSet<Vec<u8>>, reason: &'static str| {
            let set = sets.entry((name.clone(), kind)).or_insert_with(|| Wanted {
                name: name.clone(),
                kind,
                ttl: need.ttl,
                data: BTreeSet::new(),
                away: BTreeSet::new(),
                is_alone: false,
                is_any: false,
                reason,
            });
            set.data.extend(data);
        };
        // What stands beside a wildcard's name stands at the name above (RFC 8659, section 3; RFC 8555,
        // section 8.4).
        let base = host.parent().filter(|_| host.is_wildcard());
        let base = base.as_ref().unwrap_or(host);
        match &need.endpoint {
            Endpoint::Addresses(addresses) => {
                if addresses.is_empty() {
                    return Err(NeedError::NoAddress);
                }
                let (four, six) = data::octets(addresses);
                want(host, Type::A, four, FAMILY);
                want(host, Type::AAAA, six, FAMILY);
                want(
                    host,
                    Type::CNAME,
                    BTreeSet::new(),
                    "addresses stand in its place",
                );
            }
            Endpoint::Name(target) if target == host => {
                return Err(NeedError::Itself(host.clone()));
            }
            Endpoint::Name(target) => {
                let only = BTreeSet::from([target.wire().to_vec()]);
                want(host, Type::CNAME, only, "the service is at that name");
                for kind in [Type::A, Type::AAAA] {
                    want(host, kind, BTreeSet::new(), ALONE);
                }
            }
        }
        let is_alias = need.makes_alias(host, zone);
        // A name with a CNAME has the CAA records of where that leads (RFC 8659, section 3); of a wildcard it is the name above
        // that is looked at.
        let is_led = need.hosts.contains(base) && need.makes_alias(base, zone);
        if !need.issuers.is_empty() && !is_led {
            let data = need
                .issuers
                .iter()
                .map(|issuer| data::caa(issuer, host.is_wildcard()));
            want(
                base,
                Type::CAA,
                data.collect::<Result<_, _>>()?,
                "these CAs may issue",
            );
        }
        let below = |label: String| {
            let name = base.child(&label);
            name.map_err(|fault| NeedError::Name {
                host: host.clone(),
                fault,
            })
        };
        // Beside an alias there is none; but who comes by another port asks at a name of its own, and is led by that to the
        // host, whatever that is (RFC 9460, sections 2.3 and 9.1).
        let is_usual = need.port == HTTPS_PORT;
        let is_asked = if is_usual {
            !is_alias
        } else {
            !host.is_wildcard()
        };
        if is_alias && is_usual && !need.alpn.is_empty() {
            want(host, Type::HTTPS, BTreeSet::new(), ALONE);
        }
        if !need.alpn.is_empty() && is_asked {
            let (name, target) = if is_usual {
                (host.clone(), &[0][..])
            } else {
                let name = rdata::binding_at(host, need.port);
                let host = host.clone();
                let name = name.map_err(|fault| NeedError::Name { host, fault })?;
                (name, base.wire())
            };
            want(
                &name,
                Type::HTTPS,
                BTreeSet::from([data::https(need, target)?]),
                "browsers come by TLS at once, and know the protocols",
            );
        }
        // Whoever looks for TLSA knows the host's own name: a wildcard has none to look for.
        let pins = need.pins.iter().filter(|_| !host.is_wildcard());
        let ports: BTreeSet<u16> = pins.map(|pin| pin.port).collect();
        for port in ports {
            let pins = need.pins.iter().filter(|pin| pin.port == port);
            let data = pins.map(|pin| [&[3, 1, 1][..], &pin.spki_sha256].concat());
            let name = below(format!("_{port}._tcp"))?;
            want(
                &name,
                Type::TLSA,
                data.collect(),
                "the keys that are served, and will be",
            );
        }
        if !need.challenges.is_empty() {
            let data = need.challenges.iter().map(|value| data::challenge(value));
            let name = below(data::CHALLENGE.to_owned())?;
            want(
                &name,
                Type::TXT,
                data.collect::<Result<_, _>>()?,
                "the CA looks for it",
            );
        }
        if let Some(standing) = need.standing {
            // One record speaks for the name and, where it says so, for all below it.
            let wildcard = base.child("*").is_ok_and(|all| need.hosts.contains(&all));
            let issuers = need.issuers.iter();
            let data = issuers.map(|issuer| data::standing(issuer, standing, wildcard));
            let data = data.collect::<Result<BTreeSet<_>, _>>()?;
            if data.is_empty() {
                return Err(NeedError::NoAccount);
            }
            let name = below(data::STANDING.to_owned())?;
            want(
                &name,
                Type::TXT,
                data,
                "the CA looks for it at every renewal (dns-persist-01, a draft that may change)",
            );
        }
    }
    if matches!(need.endpoint, Endpoint::Name(_)) {
        issuers::make_room(need, zone, &mut sets)?;
    }
    Ok(sets.into_values().collect())
}

/// Why nothing may be beside an alias.
const ALONE: &str = "a CNAME stands alone";

const FAMILY: &str = "the addresses of the service";
