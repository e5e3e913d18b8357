//! What others say of a service and serve in its name, as `keyway status --format json` writes it.

use keyway_dns::zone::Finding;
use keyway_report::{Severity, Timestamp, Verdict};
use schemars::JsonSchema;
use serde::Serialize;

/// What was seen outside of the service's files.
#[derive(Debug, Default, Serialize, JsonSchema)]
pub(crate) struct Outside {
    /// The server that said where the hosts lead; none where nobody was asked, or nobody answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) asked: Option<String>,
    /// Where each host leads, in the order of the file.
    pub(crate) dns: Vec<Led>,
    /// What is served at each address of each host.
    pub(crate) served: Vec<ServedAt>,
    /// What is wrong with either.
    pub(crate) dns_findings: Vec<Finding>,
    /// What was not looked at, or could not be.
    pub(crate) not_checked: Vec<String>,
}

/// Where a host leads.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Led {
    /// The host, escaped.
    pub(crate) host: String,
    /// How that stands to the endpoint.
    pub(crate) standing: Leads,
    /// The name that it is an alias of, or its addresses.
    pub(crate) found: Vec<String>,
    /// The addresses where that ends.
    pub(crate) addresses: Vec<String>,
    /// The endpoint; empty where the file says none.
    pub(crate) wanted: Vec<String>,
    /// Why it is unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) why: Option<String>,
    /// The rules of the findings about it.
    pub(crate) codes: Vec<&'static str>,
}

/// How what a host leads to stands to the endpoint of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Leads {
    /// It is the endpoint.
    Right,
    /// It is something else.
    Elsewhere,
    /// There are no records.
    Missing,
    /// The file says no endpoint that it could be.
    Seen,
    /// Nobody could say.
    Unknown,
}

/// What is served at an address.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct ServedAt {
    /// The host that was asked for, escaped.
    pub(crate) host: String,
    /// The address with its port; none where none is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) address: Option<String>,
    /// Whether DNS is known to lead there; the address of the endpoint is looked at all the same.
    #[serde(rename = "led")]
    pub(crate) is_led: bool,
    /// How that stands to the file.
    pub(crate) standing: Serves,
    /// The version of TLS that came of TLS 1.2 and 1.3 being offered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) version: Option<&'static str>,
    /// The certificate, where one came.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) certificate: Option<ServedCertificate>,
    /// Why none came, or is not believed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) why: Option<String>,
    /// The rules of the findings about it, then those by which clients refuse what is sent.
    pub(crate) codes: Vec<&'static str>,
}

/// How what is served stands to the certificates of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Serves {
    /// It is the file's.
    Same,
    /// It is another.
    Other,
    /// The file names none that it could be.
    Seen,
    /// Nothing answers there.
    Nothing,
    /// What answers does not speak TLS, or the handshake comes to nothing.
    NoTls,
    /// It could not be looked at.
    Unknown,
}

/// A certificate that is served.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct ServedCertificate {
    /// SHA-256 of its DER, hexadecimal.
    pub(crate) sha256: String,
    /// Subject, escaped; none where it does not read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) subject: Option<String>,
    /// First second of validity.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) not_before: Option<Timestamp>,
    /// Last second of validity.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) not_after: Option<Timestamp>,
    /// How many certificates were sent, this one with them.
    pub(crate) sent: usize,
    /// What a careful client says of all that was sent, when it asks for the host.
    pub(crate) accepted: Verdict,
    /// Whether it has ended.
    #[serde(rename = "expired")]
    pub(crate) is_expired: bool,
    /// Whether it is older than the newest of the file's for the host.
    #[serde(rename = "older")]
    pub(crate) is_older: bool,
}

impl Outside {
    /// Whether anything is of severity error, or refused by clients. Where TLS is disabled nobody has to accept
    /// what is served.
    pub(crate) fn has_errors(&self, is_disabled: bool) -> bool {
        let mut findings = self.dns_findings.iter();
        let mut served = self.served.iter().flat_map(|at| &at.certificate);
        findings.any(|finding| finding.severity() == Severity::Error)
            || !is_disabled && served.any(|sent| sent.accepted == Verdict::No)
    }
}
