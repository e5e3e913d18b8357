//! A step of a plan as one update (RFC 2136).

use hickory_proto::op::{Message, MessageType, OpCode};
use hickory_proto::rr::rdata::NULL;
use hickory_proto::rr::{DNSClass, RData, Record, RecordType};

use super::{MessageError, bytes, query, wire_name};
use crate::name::Name;
use crate::plan::{Change, Holds, Plan, Prerequisite, Set};
use crate::rdata::Type;

/// An update that makes a step, and only while what it starts from stands: see [`Plan::prerequisites`]. `number` counts
/// from 0; of a step that the plan does not have it changes nothing.
///
/// # Errors
/// [`MessageError::TooLong`] where the step does not fit into a message.
pub fn update(id: u16, plan: &Plan, number: usize) -> Result<Vec<u8>, MessageError> {
    let changes = plan.steps.get(number).map(|step| step.changes.as_slice());
    let prerequisites = plan.prerequisites(number);
    written(id, &plan.zone, changes.unwrap_or_default(), &prerequisites)
}

/// An update that makes one change, and only while the set is still what was seen.
///
/// # Errors
/// [`MessageError::TooLong`] where it does not fit into a message.
pub fn change(id: u16, zone: &Name, change: &Change) -> Result<Vec<u8>, MessageError> {
    written(
        id,
        zone,
        std::slice::from_ref(change),
        &[change.prerequisite()],
    )
}

/// An update that takes one record away, whatever else its set holds. Of a set that does not hold it, it changes nothing
/// (RFC 2136, section 3.4.2.4), and the server says all the same whether it would let the record be changed.
///
/// # Errors
/// [`MessageError::TooLong`] where it does not fit into a message.
pub fn removal(
    id: u16,
    zone: &Name,
    name: &Name,
    kind: Type,
    data: &[u8],
) -> Result<Vec<u8>, MessageError> {
    let mut message = Message::new(id, MessageType::Query, OpCode::Update);
    message.add_query(query(zone, Type::SOA)?);
    message.add_authority(record(name, kind, DNSClass::NONE, 0, data)?);
    bytes(&message)
}

fn written(
    id: u16,
    zone: &Name,
    changes: &[Change],
    prerequisites: &[Prerequisite<'_>],
) -> Result<Vec<u8>, MessageError> {
    let mut message = Message::new(id, MessageType::Query, OpCode::Update);
    message.add_query(query(zone, Type::SOA)?);
    for Prerequisite { name, kind, holds } in prerequisites {
        match holds {
            Holds::Exactly(set) => {
                for data in &set.data {
                    message.add_answer(record(name, *kind, DNSClass::IN, 0, data)?);
                }
            }
            Holds::Alias(target) => {
                message.add_answer(record(name, *kind, DNSClass::IN, 0, target.wire())?);
            }
            Holds::Something => {
                message.add_answer(empty(name, *kind, DNSClass::ANY)?);
            }
            // Of a name that owns nothing the type is ANY.
            Holds::Nothing | Holds::NoName => {
                message.add_answer(empty(name, *kind, DNSClass::NONE)?);
            }
        }
    }
    // What goes is taken away first: BIND ignores a CNAME beside other records, and says nothing.
    for change in changes {
        if change.is_retimed() {
            message.add_authority(empty(&change.name, change.kind, DNSClass::ANY)?);
            continue;
        }
        for data in change.removed() {
            let gone = record(&change.name, change.kind, DNSClass::NONE, 0, data)?;
            message.add_authority(gone);
        }
    }
    for change in changes {
        let Some(Set { ttl, .. }) = change.after else {
            continue;
        };
        for data in change.written() {
            message.add_authority(record(&change.name, change.kind, DNSClass::IN, ttl, data)?);
        }
    }
    bytes(&message)
}

fn record(
    name: &Name,
    kind: Type,
    class: DNSClass,
    ttl: u32,
    data: &[u8],
) -> Result<Record, MessageError> {
    let data = RData::Unknown {
        code: RecordType::from(kind.code()),
        rdata: NULL::with(data.to_vec()),
    };
    let mut record = Record::from_rdata(wire_name(name)?, ttl, data);
    record.dns_class = class;
    Ok(record)
}

/// A record without data: it stands for the whole set of this name and type.
fn empty(name: &Name, kind: Type, class: DNSClass) -> Result<Record, MessageError> {
    let mut record = Record::update0(wire_name(name)?, 0, RecordType::from(kind.code()));
    record.dns_class = class;
    Ok(record)
}
