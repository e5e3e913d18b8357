use keyway_chain::name::{HostError, NameFault};
use keyway_chain::{FixError, ReadError};
use keyway_report::escape;
use serde::Serialize;

#[cfg(feature = "service")]
mod service;
#[cfg(feature = "service")]
pub use service::ServiceProblem;

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
    /// A host that no client can ask for.
    #[error("\"{host}\" {}", not_a_host(.fault))]
    NotAHost {
        /// As it was given, escaped.
        host: String,
        /// What of it is no name.
        fault: NameFault,
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
    /// Of a service, or of its DNS.
    #[cfg(feature = "service")]
    #[error(transparent)]
    Service(#[from] ServiceProblem),
    /// There is an answer, and it cannot be carried across.
    #[error("the answer cannot be carried to JavaScript: a bug in Keyway")]
    Answer,
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
            Self::Host { .. } | Self::NotAHost { .. } => "arguments.host",
            Self::Root { .. } => "arguments.root",
            Self::Read(_) => "read.limit",
            Self::Fix(FixError::NoCertificate) => "fix.no-certificate",
            Self::Fix(FixError::Unreadable) => "fix.unreadable",
            Self::Fix(FixError::NoServerCertificate) => "fix.no-server-certificate",
            Self::Fix(FixError::Locked { .. }) => "fix.locked",
            Self::Fix(FixError::PasswordNeeded) => "fix.password-needed",
            Self::Fix(_) => "fix.refused",
            Self::Random(_) => "fix.random-needed",
            #[cfg(feature = "service")]
            Self::Service(problem) => problem.code(),
            Self::Answer => "module.answer",
            Self::Code(_) => "explain.unknown-code",
        }
    }

    /// The line and the bytes of the text that it is about.
    fn place(&self) -> (Option<u32>, Option<[usize; 2]>) {
        match self {
            #[cfg(feature = "service")]
            Self::Service(problem) => (problem.line(), problem.bytes()),
            _ => (None, None),
        }
    }

    #[cfg(feature = "check")]
    pub(crate) fn not_a_host(given: &str, fault: NameFault) -> Self {
        Self::NotAHost {
            host: escape::text(given),
            fault,
        }
    }

    pub(crate) fn host(given: &str, reason: HostError) -> Self {
        Self::Host {
            host: escape::text(given),
            reason,
        }
    }
}

fn not_a_host(fault: &NameFault) -> String {
    match fault {
        NameFault::Wildcard => {
            "is a pattern, and clients ask for one name: give one that it should cover".to_owned()
        }
        fault => format!("is no name of a host: {fault}"),
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
        let (line, bytes) = problem.place();
        Self {
            error: FailureFacts {
                code: problem.code().to_owned(),
                message: problem.to_string(),
                line,
                bytes,
            },
        }
    }
}
