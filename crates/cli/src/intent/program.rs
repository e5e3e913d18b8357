//! Programs of somebody's own, run without a shell.

use std::io;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tokio::process::Command;

/// How long a program may take: those that wait until every name server has a record take minutes.
const PATIENCE: Duration = Duration::from_secs(300);

/// Why a program did not do its work.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ProgramFault {
    #[error("{program}: {source}")]
    System { program: String, source: io::Error },
    #[error("{program}: {status}")]
    Ended { program: String, status: ExitStatus },
    #[error("{program}: not done within {} seconds", PATIENCE.as_secs())]
    Late { program: String },
}

/// Runs a command to its end, with nothing to read. What it says is for who reads on; standard output is our own.
pub(crate) async fn run(program: &str, command: &mut Command) -> Result<(), ProgramFault> {
    let program = || program.to_owned();
    let system = |source| ProgramFault::System {
        program: program(),
        source,
    };
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .kill_on_drop(true);
    let mut child = command.spawn().map_err(system)?;
    let ended = tokio::time::timeout(PATIENCE, child.wait()).await;
    let ended = ended.map_err(|_| ProgramFault::Late { program: program() })?;
    let status = ended.map_err(system)?;
    if status.success() {
        return Ok(());
    }
    Err(ProgramFault::Ended {
        program: program(),
        status,
    })
}
