//! A plan as JSON: to be looked at, kept, and carried out later, exactly.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::net::SocketAddr;

use serde::{Deserialize, Serialize};

use super::{Change, Checksum, Given, Lead, Plan, Set, Step};
use crate::name::Name;
use crate::rdata::Type;
use crate::wanted::HTTPS_PORT;
use crate::zone::{ReadOptions, read};

/// What the first field of a plan says.
pub const SCHEMA: &str = "keyway.dns-plan/1";

/// Largest plan that is read, bytes: a hundred thousand records.
pub const MAX_BYTES: usize = 32 << 20;

/// Why a plan is not carried out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// It is longer than [`MAX_BYTES`].
    #[error("it is longer than the {MAX_BYTES} bytes that are read")]
    TooLong,
    /// It is no JSON, or lacks a field.
    #[error("it does not read as a plan: {0}")]
    Json(String),
    /// It is of another kind, or another version.
    #[error("its schema is {0:?}, not {SCHEMA:?}")]
    Schema(String),
    /// A name, a type or data that is none.
    #[error("{0:?} does not read as {1}")]
    Value(String, &'static str),
    /// It is not the plan that was made.
    #[error("its checksum is not that of what it says, so somebody changed it; make a new plan")]
    Changed,
}

/// A plan, as its file has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PlanFile {
    /// `keyway.dns-plan/1`.
    pub schema: String,
    /// The zone.
    pub zone: String,
    /// SHA-256 of everything below, as hexadecimal: a plan that was looked at is known by it.
    pub checksum: String,
    /// SHA-256 of all records that the names in the plan had when it was made.
    pub state: String,
    /// Whether somebody said that what it starts from has stood, with its TTLs, for longer than caches remember: else they
    /// may have it for longer than the plan says, where a TTL was lowered shortly before it was made.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub settled: bool,
    /// The TCP port that clients of HTTPS come to, where it is another one than 443: what is served is looked at there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub port: Option<u16>,
    /// Where clients come to at addresses for which other ports were said, or several: `ADDRESS:PORT`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub places: Vec<String>,
    /// Sets that are as they have to be.
    pub kept: Vec<Kept>,
    /// Sets of which there are none, and may be none: another kind of address, or an alias, beside those of the plan.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub absent: Vec<Absent>,
    /// Sets of the zone that the plan leaves alone, and that aliases which it makes lead to: they have to stand.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub leads: Vec<FileLead>,
    /// What to do, in this order.
    pub steps: Vec<FileStep>,
}

/// A set that stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Kept {
    /// Its name.
    pub name: String,
    /// Its type.
    #[serde(rename = "type")]
    pub kind: String,
    /// Its records.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub set: Option<FileSet>,
}

/// A set that is not there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Absent {
    /// Its name.
    pub name: String,
    /// Its type.
    #[serde(rename = "type")]
    pub kind: String,
}

/// A set that an alias leads to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct FileLead {
    /// The name that is led to.
    pub name: String,
    /// CNAME, A or AAAA.
    #[serde(rename = "type")]
    pub kind: String,
    /// Where it leads on to as an alias.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// The wildcard that answers for the name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wildcard: Option<String>,
}

/// Changes that are made together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct FileStep {
    /// Seconds to wait after every server has what the step before it left.
    pub wait: u32,
    /// Whether it takes pins away (TLSA), before which the service has to serve with a key that stays pinned.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub takes_pins: bool,
    /// SHA-256 of all records that the names in the plan have before this step.
    pub state: String,
    /// The changes.
    pub changes: Vec<FileChange>,
}

/// What one set of records is made into.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct FileChange {
    /// `create`, `update` or `delete`: what follows from the two below.
    pub action: Cow<'static, str>,
    /// Its name.
    pub name: String,
    /// Its type.
    #[serde(rename = "type")]
    pub kind: String,
    /// Why.
    pub reason: String,
    /// As it is; absent where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<FileSet>,
    /// As it has to be; absent where there may be none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<FileSet>,
    /// What a wildcard gives where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wildcard: Option<FileGiven>,
}

/// What a wildcard gives in the place of records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct FileGiven {
    /// Their type, or CNAME.
    #[serde(rename = "type")]
    pub kind: String,
    /// The records.
    pub set: FileSet,
}

/// Records of one name and type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct FileSet {
    /// Their TTL, seconds.
    pub ttl: u32,
    /// Their data, as zone files write it.
    pub data: Vec<String>,
}

impl PlanFile {
    /// Writes a plan down.
    pub fn of(plan: &Plan) -> Self {
        let kept = plan.kept.iter().map(|kept| Kept {
            name: kept.name.to_string(),
            kind: kept.kind.to_string(),
            set: kept.set.as_ref().map(|set| FileSet::of(set, kept.kind)),
        });
        let absent = plan.absent.iter().map(|(name, kind)| Absent {
            name: name.to_string(),
            kind: kind.to_string(),
        });
        Self {
            schema: SCHEMA.to_owned(),
            zone: plan.zone.to_string(),
            checksum: plan.checksum().to_string(),
            state: plan.state.to_string(),
            settled: plan.settled,
            port: Some(plan.port).filter(|port| *port != HTTPS_PORT),
            places: plan.places.iter().map(ToString::to_string).collect(),
            kept: kept.collect(),
            absent: absent.collect(),
            leads: plan.leads.iter().map(FileLead::of).collect(),
            steps: plan.steps.iter().map(FileStep::of).collect(),
        }
    }

    /// Reads a plan's JSON.
    ///
    /// # Errors
    /// [`FileError`] on what is no plan, and on one that was changed since it was made.
    pub fn read(json: &[u8]) -> Result<Plan, FileError> {
        if json.len() > MAX_BYTES {
            return Err(FileError::TooLong);
        }
        let file: Self =
            serde_json::from_slice(json).map_err(|error| FileError::Json(error.to_string()))?;
        file.plan()
    }

    /// The plan that it says.
    ///
    /// # Errors
    /// [`FileError`] as of [`PlanFile::read`].
    pub fn plan(&self) -> Result<Plan, FileError> {
        if self.schema != SCHEMA {
            return Err(FileError::Schema(self.schema.clone()));
        }
        let kept = self.kept.iter().map(|kept| {
            let (name, kind) = (name(&kept.name)?, kind(&kept.kind)?);
            let set = kept.set.as_ref().map(|set| set.set(&name, kind));
            let set = set.transpose()?;
            Ok(super::Kept { name, kind, set })
        });
        let absent = self.absent.iter();
        let absent = absent.map(|set| Ok((name(&set.name)?, kind(&set.kind)?)));
        let places = self.places.iter().map(|text| place(text));
        let plan = Plan {
            zone: name(&self.zone)?,
            state: checksum(&self.state)?,
            settled: self.settled,
            port: self.port.unwrap_or(HTTPS_PORT),
            places: places.collect::<Result<_, _>>()?,
            kept: kept.collect::<Result<_, _>>()?,
            absent: absent.collect::<Result<_, FileError>>()?,
            leads: self
                .leads
                .iter()
                .map(FileLead::lead)
                .collect::<Result<_, _>>()?,
            steps: self
                .steps
                .iter()
                .map(FileStep::step)
                .collect::<Result<_, _>>()?,
        };
        if plan.checksum() != checksum(&self.checksum)? {
            return Err(FileError::Changed);
        }
        Ok(plan)
    }
}

impl FileLead {
    fn of(lead: &Lead) -> Self {
        Self {
            name: lead.name.to_string(),
            kind: lead.kind.to_string(),
            target: lead.target.as_ref().map(ToString::to_string),
            wildcard: lead.wildcard.as_ref().map(ToString::to_string),
        }
    }

    fn lead(&self) -> Result<Lead, FileError> {
        Ok(Lead {
            name: name(&self.name)?,
            kind: kind(&self.kind)?,
            target: self.target.as_deref().map(name).transpose()?,
            wildcard: self.wildcard.as_deref().map(name).transpose()?,
        })
    }
}

impl FileStep {
    fn of(step: &Step) -> Self {
        Self {
            wait: step.wait,
            takes_pins: step.takes_pins(),
            state: step.state.to_string(),
            changes: step.changes.iter().map(FileChange::of).collect(),
        }
    }

    fn step(&self) -> Result<Step, FileError> {
        let changes = self.changes.iter().map(FileChange::change);
        let step = Step {
            wait: self.wait,
            state: checksum(&self.state)?,
            changes: changes.collect::<Result<_, _>>()?,
        };
        if step.takes_pins() != self.takes_pins {
            return Err(FileError::Changed);
        }
        Ok(step)
    }
}

impl FileSet {
    fn of(set: &Set, kind: Type) -> Self {
        Self {
            ttl: set.ttl,
            data: set.texts(kind),
        }
    }

    fn set(&self, name: &Name, kind: Type) -> Result<Set, FileError> {
        let data = self.data.iter().map(|text| data(name, kind, text));
        Ok(Set {
            ttl: self.ttl,
            data: data.collect::<Result<BTreeSet<_>, _>>()?,
        })
    }
}

impl FileChange {
    fn of(change: &Change) -> Self {
        let set = |set: &Set| FileSet::of(set, change.kind);
        Self {
            action: Cow::Borrowed(change.action().name()),
            name: change.name.to_string(),
            kind: change.kind.to_string(),
            reason: change.reason.to_string(),
            before: change.before.as_ref().map(set),
            after: change.after.as_ref().map(set),
            wildcard: change.given.as_ref().map(|given| FileGiven {
                kind: given.kind.to_string(),
                set: FileSet::of(&given.set, given.kind),
            }),
        }
    }

    /// The change; what is said of it that follows from it has to be so.
    fn change(&self) -> Result<Change, FileError> {
        let (name, kind) = (name(&self.name)?, kind(&self.kind)?);
        let set = |set: &FileSet| set.set(&name, kind);
        let given = |given: &FileGiven| {
            let kind = self::kind(&given.kind)?;
            let set = given.set.set(&name, kind)?;
            Ok(Given { kind, set })
        };
        let change = Change {
            before: self.before.as_ref().map(set).transpose()?,
            after: self.after.as_ref().map(set).transpose()?,
            given: self.wildcard.as_ref().map(given).transpose()?,
            name,
            kind,
            reason: Cow::Owned(self.reason.clone()),
        };
        if change.action().name() != self.action {
            return Err(FileError::Changed);
        }
        Ok(change)
    }
}

fn name(text: &str) -> Result<Name, FileError> {
    Name::read(text).map_err(|_| FileError::Value(text.to_owned(), "a name"))
}

fn place(text: &str) -> Result<SocketAddr, FileError> {
    let value = || FileError::Value(text.to_owned(), "an address with a port");
    text.parse().map_err(|_| value())
}

fn kind(text: &str) -> Result<Type, FileError> {
    Type::read(text.as_bytes()).ok_or_else(|| FileError::Value(text.to_owned(), "a type"))
}

fn checksum(text: &str) -> Result<Checksum, FileError> {
    Checksum::read(text).ok_or_else(|| FileError::Value(text.to_owned(), "a SHA-256"))
}

/// The data of one record, read as the line of a zone file that it would stand in.
fn data(name: &Name, kind: Type, text: &str) -> Result<Vec<u8>, FileError> {
    let fault = || FileError::Value(text.to_owned(), "the data of such a record");
    let line = format!("{name} 0 IN {kind} {text}\n");
    let read = read(line.as_bytes(), ".", &ReadOptions::default()).map_err(|_| fault())?;
    let mut records = read.zone.records();
    match (records.next(), records.next()) {
        (Some(record), None) if read.faults.is_empty() && record.kind == kind => {
            Ok(record.data.to_vec())
        }
        _ => Err(fault()),
    }
}
