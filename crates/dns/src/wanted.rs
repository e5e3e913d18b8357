//! Which records have to exist so that clients reach a service, and CAs issue for it.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use crate::name::{Name, NameFault};
use crate::plan::{Plan, Set};
use crate::rdata::{self, Type};

/// Where a service is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Endpoint {
    /// At these addresses.
    Addresses(Vec<IpAddr>),
    /// At a name, which somebody else keeps.
    Name(Name),
}

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
    /// Protocols that an HTTPS record offers, the best first; empty leaves it as it is.
    pub alpn: Vec<String>,
    /// Whether that record holds the addresses, too, so that browsers need not ask for them.
    pub hints: bool,
    /// Values at `_acme-challenge` of each host (RFC 8555, section 8.4).
    pub challenges: Vec<String>,
}

/// Records of one name and type that have to be there, all of them and no other.
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
    /// Why.
    pub reason: &'static str,
}

impl Wanted {
    /// What a plan leaves of every set that it changes.
    pub fn of_plan(plan: &Plan) -> Vec<Self> {
        let mut last: BTreeMap<(Name, Type), Self> = BTreeMap::new();
        for change in plan.changes() {
            let ttl = |set: &Set| set.ttl;
            let set = change.after.as_ref();
            let wanted = Self {
                name: change.name.clone(),
                kind: change.kind,
                ttl: set.or(change.before.as_ref()).map_or(0, ttl),
                data: set.map(|set| set.data.clone()).unwrap_or_default(),
                reason: "the plan left it so",
            };
            last.insert((change.name.clone(), change.kind), wanted);
        }
        last.into_values().collect()
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
    /// The endpoint has no address.
    #[error("the endpoint has no address")]
    NoAddress,
}

/// The records that a service needs, in the order of names and types.
///
/// # Errors
/// [`NeedError`] where a name or a value does not fit into a record.
pub fn wanted(need: &Need) -> Result<Vec<Wanted>, NeedError> {
    let mut sets: BTreeMap<(Name, Type), Wanted> = BTreeMap::new();
    for host in &need.hosts {
        // A wildcard and the name above it want some of the same sets.
        let mut want = |name: &Name, kind: Type, data: BTreeSet<Vec<u8>>, reason: &'static str| {
            let set = sets.entry((name.clone(), kind)).or_insert_with(|| Wanted {
                name: name.clone(),
                kind,
                ttl: need.ttl,
                data: BTreeSet::new(),
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
                let (four, six) = octets(addresses);
                want(host, Type::A, four, FAMILY);
                want(host, Type::AAAA, six, FAMILY);
                want(
                    host,
                    Type::CNAME,
                    BTreeSet::new(),
                    "addresses stand in its place",
                );
            }
            Endpoint::Name(target) => {
                let only = BTreeSet::from([target.wire().to_vec()]);
                want(host, Type::CNAME, only, "the service is at that name");
                for kind in [Type::A, Type::AAAA] {
                    want(host, kind, BTreeSet::new(), "a CNAME stands alone");
                }
            }
        }
        let is_alias = matches!(need.endpoint, Endpoint::Name(_));
        if !need.alpn.is_empty() && !is_alias {
            let https = BTreeSet::from([https(need)?]);
            want(
                host,
                Type::HTTPS,
                https,
                "browsers come by TLS at once, and know the protocols",
            );
        }
        // A name with a CNAME has the CAA records of where that leads (RFC 8659, section 3).
        if !need.issuers.is_empty() && !is_alias {
            let data = need
                .issuers
                .iter()
                .map(|issuer| caa(issuer, host.is_wildcard()));
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
            let data = need.challenges.iter().map(|value| text(value));
            let name = below("_acme-challenge".to_owned())?;
            want(
                &name,
                Type::TXT,
                data.collect::<Result<_, _>>()?,
                "the CA looks for it",
            );
        }
    }
    Ok(sets.into_values().collect())
}

const FAMILY: &str = "the addresses of the service";

fn octets(addresses: &[IpAddr]) -> (BTreeSet<Vec<u8>>, BTreeSet<Vec<u8>>) {
    let (mut four, mut six) = (BTreeSet::new(), BTreeSet::new());
    for address in addresses {
        match address {
            IpAddr::V4(address) => four.insert(address.octets().to_vec()),
            IpAddr::V6(address) => six.insert(address.octets().to_vec()),
        };
    }
    (four, six)
}

/// A string with its length in front.
fn text(value: &str) -> Result<Vec<u8>, NeedError> {
    let length = u8::try_from(value.len()).map_err(|_| NeedError::TooLong("a string"))?;
    Ok([&[length], value.as_bytes()].concat())
}

/// `0 issue "domain; accounturi=…; validationmethods=…"`, `issuewild` for a wildcard.
fn caa(issuer: &Issuer, is_wildcard: bool) -> Result<Vec<u8>, NeedError> {
    let tag = if is_wildcard { "issuewild" } else { "issue" };
    let mut value = issuer.domain.clone();
    if let Some(account) = &issuer.account {
        value += "; accounturi=";
        value += account;
    }
    if !issuer.methods.is_empty() {
        value += "; validationmethods=";
        value += &issuer.methods.join(",");
    }
    Ok([&[0][..], &text(tag)?, value.as_bytes()].concat())
}

/// `1 . alpn=… ipv4hint=… ipv6hint=…` (RFC 9460, section 7).
fn https(need: &Need) -> Result<Vec<u8>, NeedError> {
    let protocols = need.alpn.iter().map(|protocol| text(protocol));
    let protocols = protocols.collect::<Result<Vec<_>, _>>()?.concat();
    let mut parameters = vec![(1_u16, protocols)];
    if let (true, Endpoint::Addresses(addresses)) = (need.hints, &need.endpoint) {
        let (four, six) = octets(addresses);
        for (key, all) in [(4, four), (6, six)] {
            if !all.is_empty() {
                parameters.push((key, all.into_iter().flatten().collect()));
            }
        }
    }
    let mut out = vec![0, 1, 0];
    for (key, value) in parameters {
        let length = u16::try_from(value.len()).map_err(|_| NeedError::TooLong("a parameter"))?;
        out.extend(key.to_be_bytes());
        out.extend(length.to_be_bytes());
        out.extend(value);
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rdata::show;

    fn need(hosts: &[&str]) -> Need {
        Need {
            hosts: hosts
                .iter()
                .map(|host| Name::read(host).expect("a name"))
                .collect(),
            endpoint: Endpoint::Addresses(vec![
                "192.0.2.1".parse().expect("an address"),
                "2001:db8::1".parse().expect("an address"),
            ]),
            ttl: 300,
            issuers: Vec::new(),
            pins: Vec::new(),
            alpn: Vec::new(),
            hints: false,
            challenges: Vec::new(),
        }
    }

    fn lines(need: &Need) -> Vec<String> {
        let sets = wanted(need).expect("fits");
        let lines = sets.iter().flat_map(|set| {
            let line =
                |data: &Vec<u8>| format!("{} {} {}", set.name, set.kind, show(set.kind, data));
            set.data.iter().map(line)
        });
        lines.collect()
    }

    #[test]
    fn addresses_become_a_and_aaaa_and_no_cname() {
        assert_eq!(
            lines(&need(&["www.example.com"])),
            [
                "www.example.com. A 192.0.2.1",
                "www.example.com. AAAA 2001:db8::1"
            ]
        );
        let sets = wanted(&need(&["www.example.com"])).expect("fits");
        let cname = sets
            .iter()
            .find(|set| set.kind == Type::CNAME)
            .expect("is wanted away");
        assert!(cname.data.is_empty());
    }

    #[test]
    fn a_name_becomes_a_cname_and_no_addresses() {
        let mut need = need(&["www.example.com"]);
        need.endpoint = Endpoint::Name(Name::read("lb.example.net").expect("a name"));
        need.issuers = vec![Issuer {
            domain: "ca.example".to_owned(),
            account: None,
            methods: Vec::new(),
        }];
        assert_eq!(lines(&need), ["www.example.com. CNAME lb.example.net."]);
    }

    #[test]
    fn a_wildcard_and_its_base_share_caa_and_challenges() {
        let mut need = need(&["example.com", "*.example.com"]);
        need.challenges = vec!["one".to_owned(), "two".to_owned()];
        need.issuers = vec![Issuer {
            domain: "letsencrypt.org".to_owned(),
            account: Some("https://acme.example/1".to_owned()),
            methods: vec!["dns-01".to_owned()],
        }];
        let lines = lines(&need);
        let value =
            "\"letsencrypt.org; accounturi=https://acme.example/1; validationmethods=dns-01\"";
        for line in [
            &format!("example.com. CAA 0 issue {value}"),
            &format!("example.com. CAA 0 issuewild {value}"),
            "_acme-challenge.example.com. TXT \"one\"",
            "_acme-challenge.example.com. TXT \"two\"",
        ] {
            assert!(
                lines.iter().any(|found| found == line),
                "{line}: {lines:#?}"
            );
        }
        assert_eq!(
            lines.iter().filter(|line| line.contains("_acme")).count(),
            2
        );
    }

    #[test]
    fn pins_stand_below_their_port_and_https_at_the_host() {
        let mut need = need(&["www.example.com"]);
        need.pins = vec![Pin {
            port: 443,
            spki_sha256: [0xab; 32],
        }];
        need.alpn = vec!["h2".to_owned(), "http/1.1".to_owned()];
        let lines = lines(&need);
        let pin = format!("_443._tcp.www.example.com. TLSA 3 1 1 {}", "AB".repeat(32));
        assert!(lines.contains(&pin), "{lines:#?}");
        let https = "www.example.com. HTTPS 1 . alpn=\"h2,http/1.1\"".to_owned();
        assert!(lines.contains(&https), "{lines:#?}");
    }
}
