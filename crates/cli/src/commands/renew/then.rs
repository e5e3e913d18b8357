//! What is run once a certificate is in its place, for servers that do not look at their files themselves.

use std::fs;

use keyway_chain::x509::Certificate;
use keyway_issue::pairs::write;
use tokio::process::Command;

use crate::failure::Failure;
use crate::intent::issuing::Managed;
use crate::intent::program;
use crate::intent::wait_for;
use crate::terminal::Exit;
use crate::voice::renew::Step;

/// For which certificate which command was run to a good end: the fingerprint, and the words, a line each.
const DONE: &str = "then-done";

/// Runs a command, unless it came to a good end for this very certificate: where it failed, or the certificate came from
/// somebody else, that is made up for by the next look.
pub(super) fn run(
    words: &[String],
    managed: &Managed,
    certificate: &Certificate,
    tell: &dyn Fn(&Step<'_>),
) -> Result<Exit, Failure> {
    let Some((name, arguments)) = words.split_first() else {
        return Ok(Exit::Clean);
    };
    let path = managed.folder().join(DONE);
    let digits = certificate.sha256().iter();
    let fingerprint: Vec<String> = digits.map(|byte| format!("{byte:02x}")).collect();
    let done = format!("{}\n{}\n", fingerprint.concat(), words.join("\n"));
    // Whoever opens a pipe waits for its other end.
    let is_file = path.metadata().is_ok_and(|facts| facts.is_file());
    if is_file && fs::read_to_string(&path).is_ok_and(|kept| kept == done) {
        return Ok(Exit::Clean);
    }
    let places = managed.places();
    let mut command = Command::new(name);
    command
        .args(arguments)
        .env("KEYWAY_CERTIFICATE", &places.chain)
        .env("KEYWAY_KEY", &places.key);
    if let Err(fault) = wait_for(program::run(name, &mut command))? {
        tell(&Step::NotThen(&fault));
        return Ok(Exit::Findings);
    }
    tell(&Step::Then(words));
    // It is run once more where that cannot be noted.
    write(&path, done.as_bytes(), 0o600).map_err(|source| Failure::Unwritable { path, source })?;
    Ok(Exit::Clean)
}
