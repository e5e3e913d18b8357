//! `config.clients-shut-out`

use keyway_report::{Evidence, Rule, Severity, Timestamp};
use serde::Serialize;

use crate::check::Examination;
use crate::model::{ClientMode, Status};

/// Clients are asked for certificates, and none of those that are meant would be good. Who reads the files says so
/// ([`crate::Surroundings::shut_out`]); all names are escaped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "fault", rename_all = "kebab-case")]
pub enum ClientsShutOut {
    /// No certificate of the file is a CA's, or its own issuer's.
    NoCa {
        /// The file of `tls.client.ca`.
        file: String,
    },
    /// There are revocation lists, and none of a CA.
    NoList {
        /// The file of `tls.client.ca`.
        file: String,
        /// The CA.
        ca: String,
    },
    /// A revocation list is over.
    ListOver {
        /// The file of `tls.client.crl`.
        file: String,
        /// Who issued it.
        ca: String,
        /// When the next one was due.
        due: Timestamp,
    },
}

impl Evidence for ClientsShutOut {
    const RULE: Rule = Rule {
        code: "config.clients-shut-out",
        severity: Severity::Error,
        title: "Clients with good certificates are shut out",
        why: "A client's certificate is verified up to a CA that the service names. One that is no CA vouches for nobody; and where there are revocation lists, whoever no current list of its CA covers is refused.",
        fix: "Name the certificates of the CAs that issue to clients in `tls.client.ca`, and in `tls.client.crl` the current list of each, or none at all.",
        sources: &[
            "RFC 5280, sections 6.1.4 (k), 5.1.2.5 and 6.3.3",
            "nginx.org: ssl_crl",
        ],
    };

    fn message(&self) -> String {
        match self {
            Self::NoCa { file } => {
                format!("No certificate in {file} is a CA's: it vouches for no client.")
            }
            Self::NoList { file, ca } => format!(
                "`tls.client.crl` names no list that \"{ca}\" in {file} signed: its clients are refused."
            ),
            Self::ListOver { file, ca, due } => format!(
                "The revocation list of \"{ca}\" in {file} is over, the next one was due on {}: its clients are \
                 refused.",
                due.date()
            ),
        }
    }
}

pub(super) fn check(on: &mut Examination<'_>) {
    let service = &on.draft.service;
    // Nobody is asked: `config.clients-not-asked` and `config.clients-let-in`.
    if service.tls.client.mode == ClientMode::None || service.status() == Status::Disabled {
        return;
    }
    for fault in on.around.shut_out {
        let field = match fault {
            ClientsShutOut::NoCa { .. } => "tls.client.ca",
            ClientsShutOut::NoList { .. } | ClientsShutOut::ListOver { .. } => "tls.client.crl",
        };
        on.found(field, fault.clone());
    }
}
