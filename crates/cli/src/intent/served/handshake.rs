//! A handshake of TLS, with what is offered in it.

use std::sync::Arc;
use std::time::Duration;

use keyway_dns::verify::Version;
use rustls::crypto::{CryptoProvider, SupportedKxGroup};
use rustls::pki_types::ServerName;
use rustls::{
    ALL_VERSIONS, ClientConfig, ClientConnection, Error, ProtocolVersion, SupportedProtocolVersion,
};

use super::timed::Timed;
use super::unserved::{Unserved, inner};
use super::witness::Witness;

/// What a client offers: all that rustls has, or a part of it.
#[derive(Default)]
pub(super) struct Offer {
    /// This version alone.
    pub(super) version: Option<&'static SupportedProtocolVersion>,
    /// This group alone.
    pub(super) group: Option<&'static dyn SupportedKxGroup>,
    /// This protocol above TLS (RFC 7301); without it, none is spoken of.
    pub(super) protocol: Option<&'static str>,
}

impl Offer {
    /// The same for rustls. `witness` sees what comes.
    pub(super) fn config(&self, witness: &Arc<Witness>) -> Result<ClientConfig, Error> {
        let mut provider = CryptoProvider::clone(&witness.provider);
        if let Some(group) = self.group {
            provider.kx_groups = vec![group];
        }
        let version = self.version.as_slice();
        let versions = if version.is_empty() {
            ALL_VERSIONS
        } else {
            version
        };
        let mut config = ClientConfig::builder_with_provider(Arc::new(provider))
            .with_protocol_versions(versions)?
            .dangerous()
            .with_custom_certificate_verifier(Arc::<Witness>::clone(witness))
            .with_no_client_auth();
        let protocols = self.protocol.iter();
        config.alpn_protocols = protocols.map(|it| it.as_bytes().to_vec()).collect();
        Ok(config)
    }
}

/// A client that asks for a host by its name; by an address, it asks for none (RFC 6066, section 3).
pub(super) fn client(
    config: impl Into<Arc<ClientConfig>>,
    host: &str,
) -> Result<ClientConnection, Error> {
    let name = ServerName::try_from(host.trim_end_matches('.').to_owned());
    let name = name.map_err(|error| Error::General(error.to_string()))?;
    ClientConnection::new(config.into(), name)
}

/// Shakes hands.
pub(super) fn shake(
    client: &mut ClientConnection,
    socket: &mut Timed,
    witness: &Witness,
    timeout: Duration,
) -> Result<(), Unserved> {
    while client.is_handshaking() {
        if let Err(error) = client.complete_io(socket) {
            // Who has shown certificate and key, and then refuses, wants a certificate of the client, say.
            let is_refused = matches!(inner(&error), Some(Error::AlertReceived(_)));
            if is_refused && witness.is_proven() {
                break;
            }
            let (heard, chain) = (&socket.heard, witness.chain());
            return Err(Unserved::unfinished(&error, timeout, heard, chain));
        }
    }
    Ok(())
}

/// The version that came of it.
pub(super) fn version(client: &ClientConnection) -> Version {
    match client.protocol_version() {
        Some(ProtocolVersion::TLSv1_3) => Version::Tls13,
        _ => Version::Tls12,
    }
}
