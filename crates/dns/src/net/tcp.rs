//! Messages over TCP, each with its length in front (RFC 1035, section 4.2.2).

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::{AskError, Patience};
use crate::message::MessageError;

/// A connection to a server.
pub(super) struct Connection {
    server: SocketAddr,
    stream: TcpStream,
    patience: Duration,
}

impl Connection {
    /// Connects, and sends one message.
    pub(super) async fn open(
        server: SocketAddr,
        message: &[u8],
        patience: Patience,
    ) -> Result<Self, AskError> {
        let length = u16::try_from(message.len()).map_err(|_| AskError::Message {
            server,
            source: MessageError::TooLong,
        })?;
        let framed = [&length.to_be_bytes(), message].concat();
        let sent = async {
            let mut stream = TcpStream::connect(server).await?;
            stream.write_all(&framed).await?;
            Ok::<_, io::Error>(stream)
        };
        let stream = match timeout(patience.timeout, sent).await {
            Ok(sent) => sent.map_err(|source| AskError::Unreachable { server, source })?,
            Err(_) => return Err(silent(server, patience.timeout)),
        };
        Ok(Self {
            server,
            stream,
            patience: patience.timeout,
        })
    }

    /// The next message; each may take as long as the first.
    pub(super) async fn next(&mut self) -> Result<Vec<u8>, AskError> {
        let server = self.server;
        let read = async {
            let length = self.stream.read_u16().await?;
            let mut message = vec![0; usize::from(length)];
            self.stream.read_exact(&mut message).await?;
            Ok::<_, io::Error>(message)
        };
        match timeout(self.patience, read).await {
            Ok(Ok(message)) => Ok(message),
            Ok(Err(error)) if error.kind() == io::ErrorKind::UnexpectedEof => {
                Err(AskError::HungUp { server })
            }
            Ok(Err(source)) => Err(AskError::Unreachable { server, source }),
            Err(_) => Err(silent(server, self.patience)),
        }
    }
}

pub(super) fn silent(server: SocketAddr, waited: Duration) -> AskError {
    AskError::Silent {
        server,
        seconds: waited.as_secs().max(1),
    }
}
