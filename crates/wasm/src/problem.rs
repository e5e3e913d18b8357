use keyway_chain::name::HostError;
use keyway_chain::{FixError, ReadError};
use keyway_config::ImportError;
use keyway_dns::plan::PlanError;
use keyway_dns::zone::Fault;
use keyway_report::escape;
use serde::Serialize;

use crate::dns::NeedFault;

/// Why a job could not be done: a value, never an exception.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// The arguments are not of the documented form.
    #[error("the arguments are not of the documented form: {0}")]
    Arguments(String),
    /// The moment is none.
    #[error(
        "now is no moment: give milliseconds since 1970, or a text such as 2026-11-23T12:00:00Z"
    )]
    Now,
    /// A host that is none.
    #[error("\"{host}\" is not a host: {reason}")]
    Host {
        /// As it was given, escaped.
        host: String,
        /// Why.
        reason: HostError,
    },
    /// An own root that cannot be one.
    #[error("\"{file}\" holds no root: {reason}")]
    Root {
        /// The file, escaped.
        file: String,
        /// Why.
        reason: String,
    },
    /// The inputs pass a limit.
    #[error(transparent)]
    Read(ReadError),
    /// There is nothing to write.
    #[error(transparent)]
    Fix(FixError),
    /// PKCS#12 needs random bytes from the caller.
    #[error("a PKCS#12 file needs 80 random bytes (crypto.getRandomValues), and {0} were given")]
    Random(usize),
    /// A text is no service file.
    #[error("{}", escape::text(&error.to_string()))]
    Service {
        /// Why.
        error: keyway_config::ReadError,
        /// The line, from 1.
        line: Option<u32>,
    },
    /// A text is not in the form that it was said to be in.
    #[error("{}", escape::text(&.0.to_string()))]
    Import(ImportError),
    /// The service must not be written in the form.
    #[error("{}", escape::text(&.0.to_string()))]
    Refused(keyway_config::forms::Refusal),
    /// There is no such form.
    #[error("there is no form \"{0}\"")]
    Form(String),
    /// What a service needs of the DNS is not known.
    #[error("{0}")]
    Need(#[from] NeedFault),
    /// The zone passes a limit.
    #[error("{0}")]
    Zone(keyway_dns::zone::ReadError),
    /// A line of the zone is no record: what would be planned against is not the zone.
    #[error("line {} is no record ({})", .0.line, .0.kind)]
    ZoneText(Fault),
    /// No changes lead there.
    #[error("{0}")]
    Plan(PlanError),
    /// No rule has this code.
    #[error("no rule has the code \"{0}\"")]
    Code(String),
}

impl Problem {
    /// Its stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Arguments(_) => "arguments.malformed",
            Self::Now => "arguments.now",
            Self::Host { .. } => "arguments.host",
            Self::Root { .. } => "arguments.root",
            Self::Read(_) => "read.limit",
            Self::Fix(FixError::NoCertificate) => "fix.no-certificate",
            Self::Fix(FixError::Unreadable) => "fix.unreadable",
            Self::Fix(FixError::NoServerCertificate) => "fix.no-server-certificate",
            Self::Fix(FixError::Locked { .. }) => "fix.locked",
            Self::Fix(FixError::PasswordNeeded) => "fix.password-needed",
            Self::Fix(_) => "fix.refused",
            Self::Random(_) => "fix.random-needed",
            Self::Service { error, .. } => match error {
                keyway_config::ReadError::Syntax { .. } => "service.syntax",
                keyway_config::ReadError::Value { .. } => "service.value",
                _ => "service.limit",
            },
            Self::Import(ImportError::OutOnly { .. }) => "import.out-only",
            Self::Import(ImportError::TooLarge { .. }) => "import.limit",
            Self::Import(_) => "import.form",
            Self::Refused(_) => "export.refused",
            Self::Form(_) => "arguments.form",
            Self::Need(fault) => fault.code(),
            Self::Zone(_) => "dns.limit",
            Self::ZoneText(_) => "dns.zone-syntax",
            Self::Plan(PlanError::TooMuch { .. }) => "dns.too-much",
            Self::Plan(_) => "dns.no-plan",
            Self::Code(_) => "explain.unknown-code",
        }
    }

    fn line(&self) -> Option<u32> {
        match self {
            Self::Service { line, .. } => *line,
            Self::ZoneText(fault) => Some(fault.line),
            Self::Import(ImportError::Form { line, .. }) => u32::try_from(*line).ok(),
            _ => None,
        }
    }

    fn bytes(&self) -> Option<[usize; 2]> {
        match self {
            Self::Service { error, .. } => error.bytes().map(|bytes| [bytes.start, bytes.end]),
            _ => None,
        }
    }

    pub(crate) fn host(given: &str, reason: HostError) -> Self {
        Self::Host {
            host: escape::text(given),
            reason,
        }
    }
}

/// A problem as JavaScript gets it: `{ error: { code, message } }`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Failure {
    /// What went wrong.
    pub error: FailureFacts,
}

/// What went wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FailureFacts {
    /// Stable code, for example `arguments.host`.
    pub code: String,
    /// What, where and what to do, in plain words.
    pub message: String,
    /// The line of the text that it is about, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// The bytes of the text that it is about: from, and to before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bytes: Option<[usize; 2]>,
}

impl From<&Problem> for Failure {
    fn from(problem: &Problem) -> Self {
        Self {
            error: FailureFacts {
                code: problem.code().to_owned(),
                message: problem.to_string(),
                line: problem.line(),
                bytes: problem.bytes(),
            },
        }
    }
}
