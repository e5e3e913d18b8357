//! What servers say, for programs, as `keyway dns verify --format json` writes it.

use keyway_dns::verify::{Standing, Verified};
use keyway_dns::view::{Role, View};
use keyway_dns::wanted::Wanted;
use keyway_dns::zone::Finding;
use keyway_report::Timestamp;
use serde::Serialize;

/// What all servers say.
#[derive(Debug, Serialize)]
pub(crate) struct Answer {
    schema: &'static str,
    /// The zone.
    pub(crate) zone: String,
    /// Whether everything is as it has to be.
    pub(crate) agrees: bool,
    /// When the last resolver that was asked has to ask again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) until: Option<Timestamp>,
    /// Who was asked.
    pub(crate) servers: Vec<Server>,
    /// Set by set.
    pub(crate) records: Vec<Records>,
    /// What is wrong.
    pub(crate) findings: Vec<Finding>,
}

/// A server.
#[derive(Debug, Serialize)]
pub(crate) struct Server {
    /// Its name and address.
    #[serde(rename = "server")]
    pub(crate) called: String,
    /// `authoritative` or `resolver`.
    pub(crate) role: &'static str,
    /// The version of the zone that it has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) serial: Option<u32>,
}

/// How all servers stand to one set.
#[derive(Debug, Serialize)]
pub(crate) struct Records {
    /// The name.
    pub(crate) name: String,
    /// The type.
    #[serde(rename = "type")]
    pub(crate) kind: String,
    /// What there has to be.
    pub(crate) wanted: Vec<String>,
    /// In the order of the servers.
    pub(crate) standings: Vec<Stands>,
}

/// How one server stands to one set.
#[derive(Debug, Serialize)]
pub(crate) struct Stands {
    /// `right`, `other`, `nothing` or `unknown`.
    pub(crate) standing: &'static str,
    /// What it has instead.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) found: Vec<String>,
    /// The TTL that it tells for that, seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) ttl: Option<u32>,
}

impl Answer {
    /// How many answers are right, and of how many.
    pub(crate) fn right(&self) -> (u64, u64) {
        let standings = self.records.iter().flat_map(|records| &records.standings);
        let all = standings.clone().count();
        let right = standings
            .filter(|stands| stands.standing == "right")
            .count();
        (right as u64, all as u64)
    }

    pub(crate) fn new(zone: String, wanted: &[Wanted], views: &[View], verified: Verified) -> Self {
        let servers = views.iter().map(|view| Server {
            called: view.server.clone(),
            role: match view.role {
                Role::Authoritative => "authoritative",
                Role::Resolver => "resolver",
            },
            serial: view.serial,
        });
        let records = wanted
            .iter()
            .zip(&verified.rows)
            .map(|(want, row)| Records {
                name: want.name.to_string(),
                kind: want.kind.to_string(),
                wanted: want.texts(),
                standings: row
                    .standings
                    .iter()
                    .map(|standing| Stands {
                        standing: match standing {
                            Standing::Right => "right",
                            Standing::Other(_) => "other",
                            Standing::Nothing => "nothing",
                            Standing::Unknown => "unknown",
                        },
                        found: match standing {
                            Standing::Other(set) => set.texts(row.kind),
                            _ => Vec::new(),
                        },
                        ttl: match standing {
                            Standing::Other(set) => Some(set.ttl),
                            _ => None,
                        },
                    })
                    .collect(),
            });
        Self {
            schema: "keyway.dns-verification/1",
            zone,
            agrees: verified.agrees,
            until: verified.until,
            servers: servers.collect(),
            records: records.collect(),
            findings: verified.findings,
        }
    }
}
