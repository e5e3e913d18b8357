//! Those who look things up for others.

use std::net::SocketAddr;

use hickory_resolver::system_conf::read_system_conf;

use super::{AskError, Asked, NobodyError, PORT, Patience, ask};
use crate::message::{Answer, Manner, Question};

/// Resolvers, asked in this order until one answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolver {
    /// Where they are.
    pub servers: Vec<SocketAddr>,
    /// How long each is waited for.
    pub patience: Patience,
}

/// The system does not say which resolvers it has.
#[derive(Debug, thiserror::Error)]
#[error("the system's resolvers cannot be read: {0}; name one with --resolver")]
pub struct SystemError(String);

impl Resolver {
    /// Those of the system that this runs on.
    ///
    /// # Errors
    /// [`SystemError`] where it names none.
    pub fn system(patience: Patience) -> Result<Self, SystemError> {
        let (config, _) = read_system_conf().map_err(|error| SystemError(error.to_string()))?;
        let addresses = config.name_servers.iter().map(|server| server.ip);
        Ok(Self {
            servers: addresses.map(|ip| SocketAddr::new(ip, PORT)).collect(),
            patience,
        })
    }

    /// Asks them.
    ///
    /// # Errors
    /// The last one's [`AskError`], where none of them could answer.
    pub async fn ask(&self, question: &Question) -> Result<Answer, AskError> {
        let manner = Manner {
            recursion: true,
            ..Manner::default()
        };
        let mut last = AskError::Nobody(NobodyError::Resolver);
        for &server in &self.servers {
            match ask(server, question, manner, self.patience).await {
                Ok(answer) if answer.tells(question) => return Ok(answer),
                Ok(answer) => {
                    let code = answer.code;
                    last = AskError::Refused {
                        server,
                        asked: Asked::Question,
                        code,
                    };
                }
                Err(error) => last = error,
            }
        }
        Err(last)
    }
}
