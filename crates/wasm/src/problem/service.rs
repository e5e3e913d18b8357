use keyway_config::ImportError;
use keyway_dns::plan::PlanError;
use keyway_dns::zone::Fault;
use keyway_report::escape;

use crate::dns::NeedFault;

/// Why nothing can be said of a service or of its DNS.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ServiceProblem {
    /// A text is no service file.
    #[error("{}", escape::text(&error.to_string()))]
    File {
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
    Need(NeedFault),
    /// The zone passes a limit.
    #[error("{0}")]
    Zone(keyway_dns::zone::ReadError),
    /// A line of the zone is no record: what would be planned against is not the zone.
    #[error("line {} is no record ({})", .0.line, .0.kind)]
    ZoneText(Fault),
    /// No changes lead there.
    #[error("{0}")]
    Plan(PlanError),
}

impl ServiceProblem {
    pub(super) fn code(&self) -> &'static str {
        match self {
            Self::File { error, .. } => match error {
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
        }
    }

    pub(super) fn line(&self) -> Option<u32> {
        match self {
            Self::File { line, .. } => *line,
            Self::ZoneText(fault) => Some(fault.line),
            Self::Import(ImportError::Form { line, .. }) => u32::try_from(*line).ok(),
            _ => None,
        }
    }

    pub(super) fn bytes(&self) -> Option<[usize; 2]> {
        match self {
            Self::File { error, .. } => error.bytes().map(|bytes| [bytes.start, bytes.end]),
            _ => None,
        }
    }
}

impl From<NeedFault> for super::Problem {
    fn from(fault: NeedFault) -> Self {
        ServiceProblem::Need(fault).into()
    }
}
