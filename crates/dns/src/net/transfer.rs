//! A whole zone from a server (AXFR, RFC 5936).

use std::net::SocketAddr;

use super::ask::{random_id, read};
use super::tcp::Connection;
use super::{AskError, Asked, Patience};
use crate::message::tsig::{Key, TsigError, Verifier, sign};
use crate::message::{self, Code, Manner, Question, Record};
use crate::name::Name;
use crate::plan::State;
use crate::rdata::Type;

/// Most bytes of messages that one transfer may have: some three million records.
pub const MAX_TRANSFER: usize = 256 << 20;

/// Asks a server for all of a zone, at a moment in seconds since 1970.
///
/// # Errors
/// [`AskError`] where the server does not hand it out, hands out too much, or cannot be believed.
pub async fn transfer(
    server: SocketAddr,
    zone: &Name,
    key: Option<&Key>,
    now: u64,
    patience: Patience,
) -> Result<State, AskError> {
    let question = Question {
        name: zone.clone(),
        kind: Type::AXFR,
    };
    let id = random_id();
    let unsigned = message::question(id, &question, Manner::default());
    let unsigned = unsigned.map_err(|source| AskError::Message { server, source })?;
    let signed = key.map(|key| sign(&unsigned, key, now)).transpose();
    let signed = signed.map_err(|source| AskError::Message { server, source })?;
    let bytes = signed.as_ref().map_or(&unsigned, |signed| &signed.bytes);
    let mut connection = Connection::open(server, bytes, patience).await?;
    let mut verifier = match (key, signed) {
        (Some(key), Some(signed)) => Some(Verifier::new(key, signed.mac)),
        _ => None,
    };
    let (mut state, mut start, mut size) = (State::default(), None, 0);
    loop {
        let message = connection.next().await?;
        size += message.len();
        if size > MAX_TRANSFER {
            return Err(AskError::Endless { server });
        }
        let answer = read(server, &message)?;
        let believed = verifier
            .as_mut()
            .map(|verifier| verifier.next(&message, now));
        if answer.code != Code::NOERROR && answer.tsig_error.is_none() {
            let code = answer.code;
            let asked = Asked::Transfer;
            return Err(AskError::Refused {
                server,
                asked,
                code,
            });
        }
        let believed = believed.transpose();
        believed.map_err(|source| AskError::Signature { server, source })?;
        if answer.id != id || answer.code != Code::NOERROR || answer.answers.is_empty() {
            return Err(AskError::Other { server });
        }
        for record in answer.answers {
            let is_start = record.kind == Type::SOA && record.name == *zone;
            match &start {
                None if !is_start => return Err(AskError::Other { server }),
                None => start = Some(record.clone()),
                Some(first) if is_start && *first == record => {
                    let is_complete = verifier.as_ref().is_none_or(Verifier::is_complete);
                    return if is_complete {
                        Ok(state.whole())
                    } else {
                        let source = TsigError::Unsigned;
                        Err(AskError::Signature { server, source })
                    };
                }
                Some(_) => {}
            }
            let Record {
                name,
                kind,
                ttl,
                data,
            } = record;
            state.add(name, kind, ttl, &data);
        }
    }
}
