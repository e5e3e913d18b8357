//! All that a connection shows: what the server speaks, beside its certificates.

use std::sync::Arc;
use std::time::Duration;

use keyway_dns::verify::Version;
use keyway_report::Verdict;
use rustls::crypto::SupportedKxGroup;
use rustls::crypto::aws_lc_rs::kx_group;
use rustls::version::{TLS12, TLS13};
use rustls::{ClientConfig, ClientConnection, HandshakeKind, NamedGroup};

use super::handshake::{Offer, client, shake, version};
use super::timed::Timed;
use super::witness::{Signatures, Witness};
use super::{Place, Served, Unserved, each, fingerprint, starttls};
use crate::arguments::Starttls;

/// Most addresses that are looked at at a time.
const MAX_AT_ONCE: usize = 8;

/// How long a ticket is waited for, which servers send when the handshake is done (RFC 8446, section 4.6.1).
const TICKET: Duration = Duration::from_secs(1);

/// Protocols above TLS that are asked for (RFC 7301, section 6; RFC 9113, section 3.1).
const PROTOCOLS: [&str; 2] = ["h2", "http/1.1"];

/// A group for the exchange of keys.
pub(crate) struct Group {
    /// Its name (IANA, "TLS Supported Groups").
    pub(crate) name: &'static str,
    /// Whether it withstands a quantum computer; such are for TLS 1.3 alone.
    pub(crate) is_post_quantum: bool,
    offered: &'static dyn SupportedKxGroup,
}

/// Those that are asked for, each alone.
pub(crate) static GROUPS: [Group; 4] = [
    Group {
        name: "X25519MLKEM768",
        is_post_quantum: true,
        offered: kx_group::X25519MLKEM768,
    },
    Group {
        name: "x25519",
        is_post_quantum: false,
        offered: kx_group::X25519,
    },
    Group {
        name: "secp256r1",
        is_post_quantum: false,
        offered: kx_group::SECP256R1,
    },
    Group {
        name: "secp384r1",
        is_post_quantum: false,
        offered: kx_group::SECP384R1,
    },
];

/// How to connect.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Manner {
    /// The protocol in which TLS begins.
    pub(crate) starttls: Option<Starttls>,
    /// How long is waited.
    pub(crate) timeout: Duration,
}

/// What is served at a place, and how.
pub(crate) struct Connected {
    /// The certificates.
    pub(crate) served: Served,
    /// The rest.
    pub(crate) connection: Connection,
}

/// What a server speaks. "Unknown" is what could not be seen.
pub(crate) struct Connection {
    /// The versions of TLS, the newest first.
    pub(crate) versions: [(Version, Verdict); 2],
    /// The cipher suite that came of offering all.
    pub(crate) cipher: Option<&'static str>,
    /// Of each of [`GROUPS`], whether it is taken where it is all that is offered.
    pub(crate) groups: [Verdict; GROUPS.len()],
    /// Protocols above TLS, by ALPN; none where TLS begins within one.
    pub(crate) protocols: Vec<(&'static str, Verdict)>,
    /// Whether a second connection goes on where the first ended.
    pub(crate) resumes: Verdict,
    /// The OCSP response that came with the certificate.
    pub(crate) stapled: Option<Vec<u8>>,
}

/// Looks at every place, at a few at a time.
pub(crate) fn connect_to(places: &[Place], manner: Manner) -> Vec<Result<Connected, Unserved>> {
    let seen = each(places, MAX_AT_ONCE, &|place| {
        Visitor {
            place,
            manner,
            has_left: false,
        }
        .look()
    });
    let seen = seen.into_iter();
    seen.map(|seen| seen.unwrap_or_else(|| Err(Unserved::NoWay(String::new()))))
        .collect()
}

/// The certificate that a place shows to who can verify these signatures alone, by its fingerprint.
pub(crate) fn shown_to(
    signatures: Signatures,
    place: &Place,
    manner: Manner,
) -> Result<String, Unserved> {
    let witness = Arc::new(Witness::verifying(signatures));
    let config = Offer::default().config(&witness);
    let config = Arc::new(config.map_err(|error| Unserved::NoWay(error.to_string()))?);
    let visitor = Visitor {
        place,
        manner,
        has_left: false,
    };
    let (mut client, mut socket) = visitor.shake(&config, &witness)?;
    leave(&mut client, &mut socket);
    let chain = witness.chain();
    Ok(fingerprint(chain.first().ok_or_else(Unserved::nothing)?))
}

/// Who connects to a place, again and again.
struct Visitor<'p> {
    place: &'p Place,
    manner: Manner,
    /// Whether the server fell silent: then nothing more is asked, and all that is open stays unknown.
    has_left: bool,
}

impl Visitor<'_> {
    fn look(&mut self) -> Result<Connected, Unserved> {
        let witness = Arc::new(Witness::new());
        let config = Offer::default().config(&witness);
        let config = Arc::new(config.map_err(|error| Unserved::NoWay(error.to_string()))?);
        let (mut client, mut socket) = self.shake(&config, &witness)?;
        tickets(&mut client, &mut socket);
        leave(&mut client, &mut socket);
        let chain = witness.chain();
        let sha256 = fingerprint(chain.first().ok_or_else(Unserved::nothing)?);
        let version = version(&client);
        let versions = self.versions(version);
        let connection = Connection {
            versions,
            cipher: client
                .negotiated_cipher_suite()
                .and_then(|it| it.suite().as_str()),
            groups: self.groups(&client, versions),
            protocols: self.protocols(),
            resumes: self.resumes(&config, &witness),
            stapled: witness.stapled(),
        };
        Ok(Connected {
            served: Served {
                chain,
                sha256,
                version,
            },
            connection,
        })
    }

    fn shake(
        &self,
        config: &Arc<ClientConfig>,
        witness: &Witness,
    ) -> Result<(ClientConnection, Timed), Unserved> {
        let Place { host, address } = self.place;
        let Manner { starttls, timeout } = self.manner;
        let client = client(Arc::clone(config), host);
        let mut client = client.map_err(|error| Unserved::NoWay(error.to_string()))?;
        let mut socket = Timed::connect(address, timeout)?;
        if let Some(protocol) = starttls {
            starttls::begin(&mut socket, protocol, host, timeout)?;
        }
        shake(&mut client, &mut socket, witness, timeout)?;
        Ok((client, socket))
    }

    /// Shakes hands over less than everything, and looks at what came of it.
    fn ask(&mut self, offer: &Offer, is_so: impl Fn(&ClientConnection) -> bool) -> Verdict {
        let witness = Arc::new(Witness::new());
        let Ok(config) = offer.config(&witness) else {
            return Verdict::Unknown;
        };
        self.ask_with(&Arc::new(config), &witness, is_so, Verdict::No)
    }

    /// The same with what is there already; `refused` is what a refusal means.
    fn ask_with(
        &mut self,
        config: &Arc<ClientConfig>,
        witness: &Witness,
        is_so: impl Fn(&ClientConnection) -> bool,
        refused: Verdict,
    ) -> Verdict {
        if self.has_left {
            return Verdict::Unknown;
        }
        match self.shake(config, witness) {
            Ok((mut client, mut socket)) => {
                leave(&mut client, &mut socket);
                verdict(is_so(&client))
            }
            Err(why) if why.is_refusal() => refused,
            Err(Unserved::Unproven(_) | Unserved::HungUp) => Verdict::Unknown,
            Err(_) => {
                self.has_left = true;
                Verdict::Unknown
            }
        }
    }

    fn versions(&mut self, seen: Version) -> [(Version, Verdict); 2] {
        [(Version::Tls13, &TLS13), (Version::Tls12, &TLS12)].map(|(version, offered)| {
            let offer = Offer {
                version: Some(offered),
                ..Offer::default()
            };
            let speaks = if version == seen {
                Verdict::Yes
            } else {
                self.ask(&offer, |_| true)
            };
            (version, speaks)
        })
    }

    fn groups(
        &mut self,
        first: &ClientConnection,
        [(_, newest), _]: [(Version, Verdict); 2],
    ) -> [Verdict; GROUPS.len()] {
        let seen = first
            .negotiated_key_exchange_group()
            .map(SupportedKxGroup::name);
        GROUPS.each_ref().map(|group| {
            let takes = |name: Option<NamedGroup>| name == Some(group.offered.name());
            if takes(seen) {
                return Verdict::Yes;
            }
            if group.is_post_quantum && newest != Verdict::Yes {
                return newest;
            }
            let offer = Offer {
                group: Some(group.offered),
                version: group.is_post_quantum.then_some(&TLS13),
                ..Offer::default()
            };
            self.ask(&offer, |client| {
                takes(
                    client
                        .negotiated_key_exchange_group()
                        .map(SupportedKxGroup::name),
                )
            })
        })
    }

    fn protocols(&mut self) -> Vec<(&'static str, Verdict)> {
        if self.manner.starttls.is_some() {
            return Vec::new();
        }
        let ask = |protocol: &'static str| {
            let offer = Offer {
                protocol: Some(protocol),
                ..Offer::default()
            };
            let is_so =
                |client: &ClientConnection| client.alpn_protocol() == Some(protocol.as_bytes());
            (protocol, self.ask(&offer, is_so))
        };
        PROTOCOLS.into_iter().map(ask).collect()
    }

    /// Whether the server goes on where it was left (RFC 8446, section 2.2; RFC 5077).
    fn resumes(&mut self, config: &Arc<ClientConfig>, witness: &Witness) -> Verdict {
        let is_resumed =
            |client: &ClientConnection| client.handshake_kind() == Some(HandshakeKind::Resumed);
        self.ask_with(config, witness, is_resumed, Verdict::Unknown)
    }
}

fn verdict(is_so: bool) -> Verdict {
    if is_so { Verdict::Yes } else { Verdict::No }
}

/// Waits for a ticket, for no longer than [`TICKET`].
fn tickets(client: &mut ClientConnection, socket: &mut Timed) {
    if version(client) != Version::Tls13 {
        return;
    }
    socket.within(TICKET);
    while client.tls13_tickets_received() == 0 && client.wants_read() {
        match client.complete_io(socket) {
            Ok((1.., _)) => {}
            _ => break,
        }
    }
}

/// Says good-bye.
fn leave(client: &mut ClientConnection, socket: &mut Timed) {
    client.send_close_notify();
    let _ = client.complete_io(socket);
}
