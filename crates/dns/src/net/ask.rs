//! One question to one server, and one update.

use std::net::SocketAddr;

use hickory_net::NetError;
use hickory_net::runtime::TokioRuntimeProvider;
use hickory_net::udp::UdpClientStream;
use hickory_net::xfer::{DnsRequestSender as _, FirstAnswer as _};
use hickory_proto::op::{DnsRequest, DnsRequestOptions, Message};

use super::tcp::{Connection, silent};
use super::{AskError, Asked, Patience};
use crate::message::tsig::{Key, Verifier, sign};
use crate::message::{self, Answer, Code, Manner, MessageError, Question};

/// Asks a server: over UDP, and over TCP where the answer did not fit.
///
/// # Errors
/// [`AskError`] where no answer came, none that belongs to the question, or a part of one alone. A code other than
/// NOERROR is an answer.
pub async fn ask(
    server: SocketAddr,
    question: &Question,
    manner: Manner,
    patience: Patience,
) -> Result<Answer, AskError> {
    let bytes = message::question(random_id(), question, manner)
        .map_err(|source| AskError::Message { server, source })?;
    let answer = read(server, &over_udp(server, &bytes, patience).await?)?;
    if !answer.truncated {
        return checked(server, question, answer);
    }
    let mut connection = Connection::open(server, &bytes, patience).await?;
    let answer = read(server, &connection.next().await?)?;
    if answer.truncated {
        // Records that did not fit in are there all the same (RFC 2181, section 9).
        return Err(AskError::Cut {
            server,
            question: question.clone(),
        });
    }
    checked(server, question, answer)
}

/// Sends an update, signed if there is a key, at a moment in seconds since 1970.
///
/// # Errors
/// [`AskError`] where the server did not say that it made the update, or cannot be believed.
pub async fn tell(
    server: SocketAddr,
    update: &[u8],
    key: Option<&Key>,
    now: u64,
    patience: Patience,
) -> Result<(), AskError> {
    let signed = key.map(|key| sign(update, key, now)).transpose();
    let signed = signed.map_err(|source| AskError::Message { server, source })?;
    let bytes = signed.as_ref().map_or(update, |signed| &signed.bytes);
    let mut connection = Connection::open(server, bytes, patience).await?;
    // From here on the server may have made it, whatever comes back, or does not.
    let reply = connection.next().await.map_err(lost)?;
    let answer = read(server, &reply).map_err(lost)?;
    if update.get(..2) != Some(&answer.id.to_be_bytes()[..]) {
        return Err(lost(AskError::Other { server }));
    }
    if let (Some(key), Some(signed)) = (key, signed) {
        let believed = Verifier::new(key, signed.mac).next(&reply, now);
        // BIND does not sign that it refuses. Nobody gains by saying so in its name: nothing was done.
        let is_refusal = !matches!(answer.code, Code::NOERROR) && answer.tsig_error.is_none();
        let is_done = matches!(answer.code, Code::NOERROR);
        if !is_refusal && let Err(source) = believed {
            let error = AskError::Signature { server, source };
            return Err(if is_done { lost(error) } else { error });
        }
    }
    match answer.code {
        Code::NOERROR => Ok(()),
        code => Err(AskError::Refused {
            server,
            asked: Asked::Update,
            code,
        }),
    }
}

fn lost(error: AskError) -> AskError {
    AskError::Lost(Box::new(error))
}

/// A number that nobody guesses, for a message.
pub fn random_id() -> u16 {
    Message::query().metadata.id
}

async fn over_udp(
    server: SocketAddr,
    bytes: &[u8],
    patience: Patience,
) -> Result<Vec<u8>, AskError> {
    let message = Message::from_vec(bytes).map_err(|error| AskError::Message {
        server,
        source: MessageError::Unreadable(error.to_string()),
    })?;
    let mut stream = UdpClientStream::builder(server, TokioRuntimeProvider::new())
        .with_timeout(Some(patience.timeout))
        .with_max_retries(patience.retries)
        .build();
    let mut options = DnsRequestOptions::default();
    options.use_edns = true;
    let answer = stream.send_message(DnsRequest::new(message, options));
    match answer.first_answer().await {
        Ok(answer) => Ok(answer.into_buffer()),
        Err(NetError::Timeout) => Err(silent(server, patience.timeout)),
        Err(NetError::Io(source)) => Err(AskError::Unreachable {
            server,
            source: std::io::Error::new(source.kind(), source.to_string()),
        }),
        Err(error) => Err(AskError::Message {
            server,
            source: MessageError::Unreadable(error.to_string()),
        }),
    }
}

pub(super) fn read(server: SocketAddr, bytes: &[u8]) -> Result<Answer, AskError> {
    message::answer(bytes).map_err(|source| AskError::Message { server, source })
}

/// Servers leave the question out of what they refuse.
fn checked(server: SocketAddr, question: &Question, answer: Answer) -> Result<Answer, AskError> {
    match &answer.question {
        Some(asked) if asked != question => Err(AskError::Other { server }),
        None if answer.code == Code::NOERROR => Err(AskError::Other { server }),
        _ => Ok(answer),
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::{Ipv4Addr, TcpListener, UdpSocket};

    use super::*;
    use crate::name::Name;
    use crate::rdata::Type;

    /// Says to every question that the answer does not fit, over UDP and over TCP.
    fn cuts() -> SocketAddr {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
        let server = listener.local_addr().expect("an address");
        let socket = UdpSocket::bind(server).expect("the same port");
        let cut = |message: &mut [u8]| {
            message[2] = 0x86;
            message[3] = 0;
        };
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok((length, from)) = socket.recv_from(&mut bytes) {
                cut(&mut bytes[..length]);
                socket.send_to(&bytes[..length], from).expect("a way back");
            }
        });
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.expect("a connection");
                let mut length = [0; 2];
                stream.read_exact(&mut length).expect("a length");
                let mut message = vec![0; usize::from(u16::from_be_bytes(length))];
                stream.read_exact(&mut message).expect("a question");
                cut(&mut message);
                let framed = [&length[..], &message].concat();
                stream.write_all(&framed).expect("a way back");
            }
        });
        server
    }

    #[test]
    fn an_answer_that_is_cut_off_over_tcp_too_is_none() {
        let question = Question {
            name: Name::read("www.example.com").expect("a name"),
            kind: Type::CAA,
        };
        let mut builder = tokio::runtime::Builder::new_current_thread();
        let runtime = builder.enable_all().build().expect("a runtime");
        let asked = ask(cuts(), &question, Manner::default(), Patience::default());
        let told = runtime.block_on(asked).expect_err("no answer").to_string();
        assert!(
            told.contains("cuts off its answer about www.example.com. CAA over TCP"),
            "{told}"
        );
    }
}
