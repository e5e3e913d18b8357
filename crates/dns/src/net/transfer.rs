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

/// Most bytes of messages that one transfer may have: some three million records with their data.
pub const MAX_TRANSFER: usize = 256 << 20;

/// Most records that one transfer may have: what is kept of each takes more than it has on the wire, a gigabyte of all.
pub const MAX_TRANSFERRED: usize = 1_500_000;

/// Asks a server for all of a zone, at a moment in seconds since 1970.
///
/// # Errors
/// [`AskError`] where the server does not hand it out, hands out too much or what is in other zones, or cannot be believed.
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
    let (mut state, mut start, mut size, mut count) = (State::default(), None, 0, 0);
    loop {
        let message = connection.next().await?;
        size += message.len();
        let answer = read(server, &message)?;
        count += answer.answers.len();
        if size > MAX_TRANSFER || count > MAX_TRANSFERRED {
            return Err(AskError::Endless { server });
        }
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
        if answer.truncated {
            return Err(AskError::Cut { server, question });
        }
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
            if !name.is_within(zone) {
                return Err(AskError::Stray { server, name });
            }
            state.add(name, kind, ttl, &data);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::{Ipv4Addr, TcpListener};

    use super::*;

    /// Sends a SOA record of `example.com` and then, again and again, so many records of another name.
    fn sends(owner: &Name, count: u16) -> SocketAddr {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
        let server = listener.local_addr().expect("an address");
        let mut record = owner.wire().to_vec();
        record.extend([0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 1]);
        let mut start = Name::read("example.com").expect("a name").wire().to_vec();
        start.extend([0, 6, 0, 1, 0, 0, 0, 60, 0, 22, 0, 0]);
        start.extend([0; 20]);
        std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().expect("a connection");
            let mut asked = [0; 4];
            stream.read_exact(&mut asked).expect("a question");
            let message = |count: u16, records: &[u8]| {
                let head = [
                    &asked[2..4],
                    &[0x84, 0, 0, 0],
                    &count.to_be_bytes(),
                    &[0; 4],
                ];
                let message = [&head.concat(), records].concat();
                let length = u16::try_from(message.len()).expect("it fits");
                [&length.to_be_bytes(), &message[..]].concat()
            };
            let more = message(count, &record.repeat(usize::from(count)));
            let mut sent = stream.write_all(&message(1, &start));
            while sent.is_ok() {
                sent = stream.write_all(&more);
            }
        });
        server
    }

    fn transferred(owner: &str, count: u16) -> AskError {
        let (zone, owner) = ["example.com", owner]
            .map(|name| Name::read(name).expect("a name"))
            .into();
        let mut builder = tokio::runtime::Builder::new_current_thread();
        let runtime = builder.enable_all().build().expect("a runtime");
        let server = sends(&owner, count);
        let asked = transfer(server, &zone, None, 0, Patience::default());
        runtime.block_on(asked).expect_err("no zone")
    }

    #[test]
    fn a_zone_with_names_of_other_zones_is_not_taken() {
        let told = transferred("www.example.net", 1).to_string();
        assert!(told.contains("www.example.net., which is not in"), "{told}");
    }

    #[test]
    fn a_zone_without_an_end_is_not_taken_long_before_memory_is_full() {
        let told = transferred("a.example.com", 2_000).to_string();
        assert!(told.contains("1500000 records"), "{told}");
    }
}
