//! Running other programs, in the root of the workspace.

use std::ffi::OsStr;
use std::process::{Child, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use crate::failure::Failure;
use crate::workspace;

/// How often a child with a time limit is looked at.
const POLL: Duration = Duration::from_millis(50);

/// A program and its arguments, to be run in the root of the workspace.
pub(crate) struct Command {
    inner: std::process::Command,
}

impl Command {
    pub(crate) fn new(program: impl AsRef<OsStr>) -> Self {
        let mut inner = std::process::Command::new(program);
        inner.current_dir(workspace::root());
        Self { inner }
    }

    /// The cargo that runs this task.
    pub(crate) fn cargo() -> Self {
        Self::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
    }

    /// rustup's cargo of another toolchain. The variables that pin the running toolchain are removed.
    pub(crate) fn cargo_of(toolchain: &str) -> Self {
        let mut command = Self::new("cargo");
        command.inner.arg(format!("+{toolchain}"));
        for pinned in ["RUSTUP_TOOLCHAIN", "CARGO", "RUSTC", "RUSTDOC"] {
            command.inner.env_remove(pinned);
        }
        command
    }

    pub(crate) fn args<I: IntoIterator<Item: AsRef<OsStr>>>(mut self, arguments: I) -> Self {
        self.inner.args(arguments);
        self
    }

    pub(crate) fn env(mut self, key: &str, value: impl AsRef<OsStr>) -> Self {
        self.inner.env(key, value);
        self
    }

    /// Drops a variable of ours from what the program sees.
    pub(crate) fn without(mut self, key: &str) -> Self {
        self.inner.env_remove(key);
        self
    }

    /// Runs to the end with our own standard streams.
    pub(crate) fn run(mut self) -> Result<(), Failure> {
        let status = self.inner.status().map_err(|source| self.start(source))?;
        self.judge(status)
    }

    /// Runs to the end in silence and tells whether it went well; false when it cannot start.
    pub(crate) fn succeeds(mut self) -> bool {
        self.silence();
        self.inner.status().is_ok_and(|status| status.success())
    }

    /// Runs to the end and returns its standard output.
    pub(crate) fn output(mut self) -> Result<String, Failure> {
        self.inner.stderr(Stdio::inherit());
        let output = self.inner.output().map_err(|source| self.start(source))?;
        self.judge(output.status)?;
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// Runs to the end in silence and returns its exit code; none when a signal ended it.
    pub(crate) fn code(mut self) -> Result<Option<i32>, Failure> {
        self.silence();
        let status = self.inner.status().map_err(|source| self.start(source))?;
        Ok(status.code())
    }

    /// Runs to the end and returns its standard error, whatever its exit status.
    pub(crate) fn errors(mut self) -> Result<String, Failure> {
        self.inner.stdin(Stdio::null()).stdout(Stdio::null());
        let output = self.inner.output().map_err(|source| self.start(source))?;
        Ok(String::from_utf8_lossy(&output.stderr).into_owned())
    }

    /// Runs for at most `limit`, in silence, and is stopped then.
    pub(crate) fn run_within(mut self, limit: Duration) -> Result<(), Failure> {
        self.silence();
        let mut child = self.inner.spawn().map_err(|source| self.start(source))?;
        match wait_until(&mut child, Instant::now() + limit) {
            Ok(Some(status)) => self.judge(status),
            Ok(None) => {
                // Already gone is as good as stopped.
                let _ = child.kill();
                let _ = child.wait();
                Err(Failure::TimedOut {
                    line: self.line(),
                    seconds: limit.as_secs(),
                })
            }
            Err(source) => Err(self.start(source)),
        }
    }

    fn silence(&mut self) {
        self.inner
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
    }

    fn judge(&self, status: ExitStatus) -> Result<(), Failure> {
        if status.success() {
            return Ok(());
        }
        Err(Failure::Command {
            line: self.line(),
            status: status.to_string(),
        })
    }

    fn start(&self, source: std::io::Error) -> Failure {
        Failure::Start {
            program: self.inner.get_program().to_string_lossy().into_owned(),
            source,
        }
    }

    /// The command as a person would type it.
    fn line(&self) -> String {
        std::iter::once(self.inner.get_program())
            .chain(self.inner.get_args())
            .map(|word| word.to_string_lossy().into_owned())
            .collect::<Vec<_>>()
            .join(" ")
    }
}

fn wait_until(child: &mut Child, deadline: Instant) -> std::io::Result<Option<ExitStatus>> {
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if Instant::now() >= deadline {
            return Ok(None);
        }
        std::thread::sleep(POLL);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_that_says_no_is_named_with_its_arguments() {
        let failure = Command::new("false").args(["with", "words"]).run();
        assert!(
            matches!(failure, Err(Failure::Command { line, .. }) if line == "false with words")
        );
    }

    #[test]
    fn a_command_past_its_limit_is_stopped() {
        let began = Instant::now();
        let failure = Command::new("sleep")
            .args(["30"])
            .run_within(Duration::from_millis(100));
        assert!(matches!(failure, Err(Failure::TimedOut { .. })));
        assert!(began.elapsed() < Duration::from_secs(10));
    }

    #[test]
    fn a_program_that_is_not_there_cannot_start() {
        let failure = Command::new("no-such-program-of-ours").run();
        assert!(matches!(failure, Err(Failure::Start { .. })));
    }
}
