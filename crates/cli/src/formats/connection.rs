//! What is served, for programs, as `keyway check --connect HOST --format json` writes it.

use keyway_chain::Report;
use keyway_dns::zone::Finding;
use keyway_report::{Timestamp, Verdict};
use schemars::JsonSchema;
use serde::Serialize;

use crate::intent::{Connection, GROUPS};

/// The contract's name.
pub(crate) const SCHEMA: &str = "keyway.connection/1";

/// What is served at the addresses of a host, and how that stands to the files that were given.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Answer {
    /// `keyway.connection/1`.
    pub(crate) schema: &'static str,
    /// The moment it was judged at.
    pub(crate) at: Timestamp,
    /// The host and the port.
    pub(crate) target: String,
    /// The name that the server was asked for (SNI); absent where it was asked for none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) sni: Option<String>,
    /// The protocol in which TLS began.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) starttls: Option<&'static str>,
    /// Address by address.
    pub(crate) addresses: Vec<At>,
    /// Whether all of them serve one certificate; unknown where not all were seen.
    pub(crate) same: Verdict,
    /// The report on the files, `keyway.report/1`; of a service file that on its first certificate for the host.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) files: Option<Report>,
    /// Who says more of the files.
    #[serde(skip)]
    pub(crate) says_more: &'static str,
    /// From the files to where DNS points, link by link; empty without files.
    pub(crate) links: Vec<Link>,
    /// The first link that does not hold: `file`, `loaded`, `served` or `addresses`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) broken: Option<&'static str>,
    /// What is wrong beside what the reports say.
    pub(crate) findings: Vec<Finding>,
    /// What was not looked at.
    pub(crate) not_checked: Vec<String>,
}

/// What is served at an address.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct At {
    /// The address, with its port.
    pub(crate) address: String,
    /// What the report calls what was sent there.
    pub(crate) input: String,
    /// Why no certificate came, or none that the server has shown to have the key of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) why: Option<String>,
    /// SHA-256 of the certificate, hexadecimal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) sha256: Option<String>,
    /// What the server speaks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) connection: Option<Facts>,
    /// The report on what was sent, `keyway.report/1`: its verdict on pairs is that of the handshake.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) report: Option<Report>,
    /// The certificates that were sent, by their SHA-256.
    #[serde(skip)]
    pub(crate) sent: Vec<String>,
    /// Whether the machine that asks cannot get there.
    #[serde(skip)]
    pub(crate) is_out_of_reach: bool,
}

impl At {
    /// SHA-256 of the certificate, where the server has shown that it has the key.
    pub(crate) fn proven(&self) -> Option<&str> {
        self.sha256.as_deref().filter(|_| self.why.is_none())
    }
}

/// What a server speaks: `yes`, `no`, or `unknown` where that was not to be seen.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Facts {
    /// Versions of TLS, the newest first.
    pub(crate) versions: Vec<Spoken>,
    /// The cipher suite that came of offering all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) cipher: Option<&'static str>,
    /// Groups for the exchange of keys, each offered alone.
    pub(crate) groups: Vec<Group>,
    /// Protocols above TLS (ALPN), each offered alone; empty where TLS began within one.
    pub(crate) alpn: Vec<Spoken>,
    /// Whether a second connection goes on where the first ended.
    pub(crate) resumes: Verdict,
    /// Whether a response of OCSP came with the certificate.
    pub(crate) stapled: bool,
}

/// Whether something is spoken.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Spoken {
    /// Its name.
    pub(crate) name: &'static str,
    /// Whether it is.
    pub(crate) spoken: Verdict,
}

/// Whether a group is taken.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Group {
    /// Its name, as IANA has it.
    pub(crate) name: &'static str,
    /// Whether it withstands quantum computers.
    pub(crate) post_quantum: bool,
    /// Whether it is taken.
    pub(crate) spoken: Verdict,
}

impl From<&Connection> for Facts {
    fn from(seen: &Connection) -> Self {
        let versions = seen.versions.iter();
        let groups = GROUPS.iter().zip(seen.groups);
        let alpn = seen.protocols.iter();
        Self {
            versions: versions
                .map(|(version, spoken)| Spoken {
                    name: version.text(),
                    spoken: *spoken,
                })
                .collect(),
            cipher: seen.cipher,
            groups: groups
                .map(|(group, spoken)| Group {
                    name: group.name,
                    post_quantum: group.is_post_quantum,
                    spoken,
                })
                .collect(),
            alpn: alpn
                .map(|(name, spoken)| Spoken {
                    name,
                    spoken: *spoken,
                })
                .collect(),
            resumes: seen.resumes,
            stapled: seen.stapled.is_some(),
        }
    }
}

/// A link between the files and where DNS points.
#[derive(Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct Link {
    /// `file`: the files hold a certificate that can be served for the host; `loaded`: the running server has
    /// loaded it; `served`: it is served; `addresses`: at every address.
    #[serde(rename = "link")]
    pub(crate) name: &'static str,
    /// Whether it holds.
    pub(crate) holds: Verdict,
    /// How that is seen.
    pub(crate) why: String,
}
