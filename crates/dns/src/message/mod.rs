//! Messages between servers and those who ask them: questions, answers, updates (RFC 1035, section 4; RFC 2136).
//!
//! hickory-proto reads and writes them; what comes out has this crate's names and data, uncompressed and
//! with the letters of names in lower case, so that it compares with what a zone file holds.

mod code;
pub mod tsig;
mod update;

use hickory_proto::op::{Edns, Message, MessageType, OpCode, Query};
use hickory_proto::rr::{DNSClass, Name as WireName, Record as WireRecord, RecordType};
use hickory_proto::serialize::binary::{
    BinDecodable as _, BinDecoder, BinEncodable as _, BinEncoder,
};

use crate::name::{self, Name};
use crate::rdata::{self, Type};
use crate::ttl;

pub use code::Code;
pub use update::{change, removal, update};

/// Largest answer over UDP that is asked for, bytes: what passes without fragments nearly everywhere (DNS Flag
/// Day 2020).
pub const MAX_UDP: u16 = 1232;

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Question {
    /// The name.
    pub name: Name,
    /// The type.
    pub kind: Type,
}

/// How a question is put.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Manner {
    /// Whether the server shall find the answer elsewhere: what resolvers do, and authoritative servers do not.
    pub recursion: bool,
    /// Whether signatures are wanted, and whether the server found them right (RFC 3225).
    pub dnssec: bool,
    /// Whether the server shall answer what it holds for wrongly signed, too (RFC 4035, section 3.2.2).
    pub unchecked: bool,
}

/// A record of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Its owner.
    pub name: Name,
    /// Its type.
    pub kind: Type,
    /// How long it may still be remembered, seconds.
    pub ttl: u32,
    /// Its data in the form of the wire.
    pub data: Vec<u8>,
}

impl Record {
    /// Its data as zone files write it.
    pub fn data_text(&self) -> String {
        rdata::show(self.kind, &self.data)
    }

    /// The name that the data is, of the types whose data is one.
    pub fn target(&self) -> Option<Name> {
        let is_name = matches!(self.kind, Type::NS | Type::CNAME | Type::DNAME);
        is_name.then(|| Name::of_wire(&self.data))
    }
}

/// How a zone starts (RFC 1035, section 3.3.13): the parts that others go by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Start {
    /// The server that takes updates.
    pub primary: Name,
    /// The zone's version.
    pub serial: u32,
    /// How long it may be remembered that there is nothing, seconds (RFC 2308, section 5): the lower one of
    /// the record's own TTL and its last field.
    pub negative_ttl: u32,
    /// Its last field alone, seconds: of a record that a cache gives, a part of the TTL is over.
    pub minimum: u32,
}

impl Record {
    /// What a SOA record says.
    pub fn start(&self) -> Option<Start> {
        if self.kind != Type::SOA {
            return None;
        }
        let primary = name::first(&self.data)?;
        let rest = &self.data[primary.len()..];
        let numbers = &rest[name::first(rest)?.len()..];
        let number = |at: usize| {
            let bytes = numbers.get(at * 4..)?.first_chunk::<4>()?;
            Some(u32::from_be_bytes(*bytes))
        };
        Some(Start {
            primary: Name::of_wire(primary),
            serial: number(0)?,
            negative_ttl: number(4)?.min(self.ttl),
            minimum: number(4)?,
        })
    }
}

/// What a server said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The number of the question.
    pub id: u16,
    /// The question, as the server understood it.
    pub question: Option<Question>,
    /// What became of it.
    pub code: Code,
    /// Whether the server speaks for the zone.
    pub authoritative: bool,
    /// Whether there is more than fitted in: to be asked again over TCP.
    pub truncated: bool,
    /// Whether the server finds answers elsewhere.
    pub recursive: bool,
    /// Whether the server has found the signatures right (RFC 4035, section 3.2.3).
    pub authentic: bool,
    /// Records that answer.
    pub answers: Vec<Record>,
    /// Records of who knows, or of the zone that knows of nothing.
    pub authorities: Vec<Record>,
    /// Records that may help.
    pub additionals: Vec<Record>,
    /// What the server says of the signature on the question (RFC 8945, section 4.3): zero is nothing.
    pub tsig_error: Option<u16>,
}

impl Answer {
    /// Whether it says what there is: servers fail where an alias comes back to itself, and say that it is one all the
    /// same (RFC 1034, section 3.6.2).
    pub(crate) fn tells(&self, question: &Question) -> bool {
        let alias = |record: &Record| record.name == question.name && record.kind == Type::CNAME;
        let is_alias = self.authoritative && self.answers.iter().any(alias);
        match self.code {
            Code::NOERROR | Code::NXDOMAIN => true,
            Code::SERVFAIL => is_alias,
            _ => false,
        }
    }
}

/// What cannot be read or written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MessageError {
    /// Bytes that are no message.
    #[error("what came is no DNS message: {0}")]
    Unreadable(String),
    /// A message that answers nothing.
    #[error("what came is a question, not an answer")]
    NoAnswer,
    /// More than a message can hold.
    #[error("the message would be longer than the 65,535 bytes that one can have")]
    TooLong,
}

/// A question as a message.
///
/// # Errors
/// [`MessageError`] where hickory-proto cannot write it, which no name and type is known to cause.
pub fn question(id: u16, question: &Question, manner: Manner) -> Result<Vec<u8>, MessageError> {
    let mut message = Message::new(id, MessageType::Query, OpCode::Query);
    message.metadata.recursion_desired = manner.recursion;
    message.metadata.authentic_data = manner.dnssec;
    message.metadata.checking_disabled = manner.unchecked;
    message.add_query(query(&question.name, question.kind)?);
    let mut edns = Edns::new();
    edns.set_max_payload(MAX_UDP);
    edns.set_dnssec_ok(manner.dnssec);
    message.set_edns(edns);
    bytes(&message)
}

/// Reads an answer.
///
/// # Errors
/// [`MessageError`] where the bytes are no message, or one that asks.
pub fn answer(bytes: &[u8]) -> Result<Answer, MessageError> {
    let message = Message::from_vec(bytes).map_err(unreadable)?;
    if message.metadata.message_type != MessageType::Response {
        return Err(MessageError::NoAnswer);
    }
    let question = message.queries.first().map(|query| {
        Ok::<_, MessageError>(Question {
            name: name_of(&query.name)?,
            kind: Type::of(u16::from(query.query_type)),
        })
    });
    let tsig = message.signature.as_ref().map(|record| &record.data);
    Ok(Answer {
        id: message.metadata.id,
        question: question.transpose()?,
        code: Code::of(u16::from(message.metadata.response_code)),
        authoritative: message.metadata.authoritative,
        truncated: message.metadata.truncation,
        recursive: message.metadata.recursion_available,
        authentic: message.metadata.authentic_data,
        answers: records(&message.answers)?,
        authorities: records(&message.authorities)?,
        additionals: records(&message.additionals)?,
        tsig_error: tsig.and_then(|tsig| tsig.error.map(u16::from)),
    })
}

fn records(records: &[WireRecord]) -> Result<Vec<Record>, MessageError> {
    let ours = records
        .iter()
        .filter(|record| record.dns_class == DNSClass::IN);
    ours.map(record).collect()
}

fn record(record: &WireRecord) -> Result<Record, MessageError> {
    let mut data = Vec::new();
    let mut encoder = BinEncoder::new(&mut data);
    encoder.set_canonical_form(true);
    record.data.emit(&mut encoder).map_err(unreadable)?;
    Ok(Record {
        name: name_of(&record.name)?,
        kind: Type::of(u16::from(record.record_type())),
        // With the highest bit it is none (RFC 2181, section 8).
        ttl: if record.ttl > ttl::MAX { 0 } else { record.ttl },
        data,
    })
}

fn name_of(name: &WireName) -> Result<Name, MessageError> {
    let mut wire = Vec::new();
    let mut encoder = BinEncoder::new(&mut wire);
    encoder.set_canonical_form(true);
    name.emit(&mut encoder).map_err(unreadable)?;
    Ok(Name::of_wire(&wire))
}

fn query(name: &Name, kind: Type) -> Result<Query, MessageError> {
    Ok(Query::query(
        wire_name(name)?,
        RecordType::from(kind.code()),
    ))
}

fn wire_name(name: &Name) -> Result<WireName, MessageError> {
    WireName::read(&mut BinDecoder::new(name.wire())).map_err(unreadable)
}

fn bytes(message: &Message) -> Result<Vec<u8>, MessageError> {
    let bytes = message.to_vec().map_err(|_| MessageError::TooLong)?;
    if u16::try_from(bytes.len()).is_err() {
        return Err(MessageError::TooLong);
    }
    Ok(bytes)
}

fn unreadable(error: impl std::fmt::Display) -> MessageError {
    MessageError::Unreadable(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ttl_with_its_highest_bit_set_is_taken_for_zero() {
        let ttl = |ttl: u32| {
            let mut bytes = vec![0, 1, 0x84, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 1];
            bytes.extend(ttl.to_be_bytes());
            bytes.extend([0, 4, 192, 0, 2, 1]);
            answer(&bytes).expect("an answer").answers[0].ttl
        };
        assert_eq!(
            [ttl(0x7fff_ffff), ttl(0x8000_0000), ttl(u32::MAX)],
            [0x7fff_ffff, 0, 0]
        );
    }
}
