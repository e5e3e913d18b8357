//! A step of a plan as one update (RFC 2136).

use hickory_proto::op::{Message, MessageType, OpCode};
use hickory_proto::rr::rdata::NULL;
use hickory_proto::rr::{DNSClass, RData, Record, RecordType};

use super::{MessageError, bytes, query, wire_name};
use crate::name::Name;
use crate::plan::{Change, Set, Step};
use crate::rdata::Type;

/// An update that makes a step, and only while every set that it touches is still what the plan saw: with all
/// its data, or not there at all (RFC 2136, sections 2.4.2 and 2.4.3), and no name becomes an alias that has something
/// else.
///
/// # Errors
/// [`MessageError::TooLong`] where the step does not fit into a message.
pub fn update(id: u16, zone: &Name, step: &Step) -> Result<Vec<u8>, MessageError> {
    written(id, zone, &step.changes, step.excluded())
}

/// An update that makes one change, and only while the set is still what was seen.
///
/// # Errors
/// [`MessageError::TooLong`] where it does not fit into a message.
pub fn change(id: u16, zone: &Name, change: &Change) -> Result<Vec<u8>, MessageError> {
    written(id, zone, std::slice::from_ref(change), std::iter::empty())
}

fn written<'n>(
    id: u16,
    zone: &Name,
    changes: &[Change],
    excluded: impl Iterator<Item = (&'n Name, Type)>,
) -> Result<Vec<u8>, MessageError> {
    let mut message = Message::new(id, MessageType::Query, OpCode::Update);
    message.add_query(query(zone, Type::SOA)?);
    for change in changes {
        let (name, kind) = (&change.name, change.kind);
        match &change.before {
            Some(before) => {
                for data in &before.data {
                    message.add_answer(record(name, kind, DNSClass::IN, 0, data)?);
                }
            }
            None => {
                message.add_answer(empty(name, kind, DNSClass::NONE)?);
            }
        }
    }
    for (name, kind) in excluded {
        message.add_answer(empty(name, kind, DNSClass::NONE)?);
    }
    // What goes is taken away first: BIND ignores a CNAME beside other records, and says nothing.
    for change in changes {
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

/// A record without data: "no set of this name and type".
fn empty(name: &Name, kind: Type, class: DNSClass) -> Result<Record, MessageError> {
    let mut record = Record::update0(wire_name(name)?, 0, RecordType::from(kind.code()));
    record.dns_class = class;
    Ok(record)
}
