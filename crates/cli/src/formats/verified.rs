//! What servers say, for programs, as `keyway dns verify --format json` writes it.

use keyway_dns::name::Name;
use keyway_dns::rules::target_unseen::TargetUnseen;
use keyway_dns::verify::{Row, Standing, Verified};
use keyway_dns::view::{Role, View};
use keyway_dns::wanted::Wanted;
use keyway_dns::zone::Finding;
use keyway_report::{Evidence as _, Timestamp};
use schemars::JsonSchema;
use serde::Serialize;

use crate::intent::Released;

/// The contract's name.
pub(crate) const SCHEMA: &str = "keyway.dns-verification/1";

/// What all servers say.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Answer {
    /// `keyway.dns-verification/1`.
    schema: &'static str,
    /// Whether everything is as it has to be, at every server that resolvers may come to. It is not known to be where
    /// one was not asked (`unasked`), or of a host nothing was seen (`unreached`).
    pub(crate) agrees: bool,
    /// Whether something was seen that is not as it has to be. Where this and `agrees` are false, nobody can say.
    pub(crate) differs: bool,
    /// Whether asking again may tell what was not asked.
    #[serde(skip)]
    is_open: bool,
    /// When the last resolver that was asked has to ask again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) until: Option<Timestamp>,
    /// When the last cache, whoever's, must have let go of what the plan replaced; absent where that is past, or
    /// not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) released: Option<Timestamp>,
    /// Whether somebody said, when the plan was made, that no TTL was lowered shortly before (`--settled`): else caches
    /// that were not asked may have the old records for longer than that, where one was.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) released_settled: bool,
    /// Whether nobody can say that time: a server of the zone may still give what was there before.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) release_open: bool,
    /// Servers of the zones that resolvers may come to, and that were not asked; or why nobody can say which those are.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) unasked: Vec<String>,
    /// Whether some of them cannot be named: nobody can say which other servers resolvers may come to.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) others_unknown: bool,
    /// Hosts and addresses to which the machine that asks has no way: nothing is known of what is served there.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) unreached: Vec<String>,
    /// Zone by zone.
    pub(crate) zones: Vec<Told>,
    /// What is wrong.
    pub(crate) findings: Vec<Finding>,
}

/// What the servers of a zone, and the resolvers, say of it.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Told {
    /// Its name.
    pub(crate) zone: String,
    /// Who was asked.
    pub(crate) servers: Vec<Server>,
    /// Set by set.
    pub(crate) records: Vec<Records>,
}

/// A server.
#[derive(Debug, Serialize, JsonSchema)]
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
#[derive(Debug, Serialize, JsonSchema)]
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
#[derive(Debug, Serialize, JsonSchema)]
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
    /// Of nobody yet.
    pub(crate) fn new() -> Self {
        Self {
            schema: SCHEMA,
            agrees: true,
            differs: false,
            is_open: false,
            until: None,
            released: None,
            released_settled: false,
            release_open: false,
            unasked: Vec::new(),
            others_unknown: false,
            unreached: Vec::new(),
            zones: Vec::new(),
            findings: Vec::new(),
        }
    }

    /// How many answers are right, and of how many.
    pub(crate) fn right(&self) -> (u64, u64) {
        let records = self.zones.iter().flat_map(|zone| &zone.records);
        let standings = records.flat_map(|records| &records.standings);
        let all = standings.clone().count();
        let right = standings
            .filter(|stands| stands.standing == "right")
            .count();
        (right as u64, all as u64)
    }

    /// More that is wrong.
    pub(crate) fn found(&mut self, findings: Vec<Finding>) {
        let is_unseen = |found: &Finding| found.code() == TargetUnseen::RULE.code;
        self.differ(!findings.iter().all(is_unseen));
        // Where an alias leads nobody has seen: that is no agreement, and nothing that is wrong.
        self.agrees &= findings.is_empty();
        self.is_open |= findings.iter().any(is_unseen);
        self.findings.extend(findings);
    }

    fn differ(&mut self, differs: bool) {
        self.differs |= differs;
        self.agrees &= !differs;
    }

    /// Whether another look may say something else.
    pub(crate) fn may_change(&self) -> bool {
        self.differs || (self.is_open && !self.agrees)
    }

    /// Addresses to which there is no way from here, and whether of some host nothing was seen.
    pub(crate) fn unreached(&mut self, places: Vec<String>, is_unseen: bool) {
        self.agrees &= !is_unseen;
        self.is_open |= is_unseen;
        self.unreached = places;
    }

    /// Servers that were not asked.
    pub(crate) fn unasked(&mut self, servers: Vec<String>) {
        self.agrees &= servers.is_empty();
        let new = servers.into_iter();
        let new: Vec<String> = new.filter(|it| !self.unasked.contains(it)).collect();
        self.unasked.extend(new);
    }

    /// That nobody can say which other servers there are; and whether asking again may tell.
    pub(crate) fn others(&mut self, are_unknown: bool, is_open: bool) {
        self.others_unknown |= are_unknown;
        self.is_open |= is_open;
    }

    /// When caches let go of what a plan replaced; a moment that is past is not told.
    pub(crate) fn let_go(&mut self, released: Released, is_settled: bool, now: Timestamp) {
        self.released_settled = is_settled;
        match released {
            Released::Nothing => {}
            Released::At(end) => self.released = Some(end).filter(|end| *end > now),
            Released::Open => self.release_open = true,
        }
    }

    /// What is said of a zone.
    pub(crate) fn add(&mut self, zone: &Name, wanted: &[Wanted], views: &[View], seen: Verified) {
        let servers = views.iter().map(|view| Server {
            called: view.server.clone(),
            role: match view.role {
                Role::Authoritative => "authoritative",
                Role::Resolver => "resolver",
            },
            serial: view.serial,
        });
        let rows = wanted.iter().zip(&seen.rows);
        self.zones.push(Told {
            zone: zone.to_string(),
            servers: servers.collect(),
            records: rows.map(|(want, row)| records(want, row)).collect(),
        });
        self.differ(!seen.agrees);
        self.until = self.until.max(seen.until);
        self.findings.extend(seen.findings);
    }
}

fn records(want: &Wanted, row: &Row) -> Records {
    let standings = row.standings.iter().map(|standing| {
        let (word, other) = match standing {
            Standing::Right => ("right", None),
            Standing::Other(set) => ("other", Some(set)),
            Standing::Nothing => ("nothing", None),
            Standing::Unknown => ("unknown", None),
        };
        Stands {
            standing: word,
            found: other.map(|set| set.texts(row.kind)).unwrap_or_default(),
            ttl: other.map(|set| set.ttl),
        }
    });
    Records {
        name: want.name.to_string(),
        kind: want.kind.to_string(),
        wanted: want.texts(),
        standings: standings.collect(),
    }
}
