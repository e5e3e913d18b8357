//! cargo-deny: licences, bans and sources always; advisories where their database can be reached.

use std::time::Duration;

use crate::command::Command;
use crate::failure::Failure;
use crate::{install, voice};

/// Time to fetch the advisory database, a git repository of a few MB.
const FETCH_LIMIT: Duration = Duration::from_secs(90);

/// Runs all checks that can be run here.
pub(crate) fn check() -> Result<(), Failure> {
    let deny = install::DENY.locate()?;
    // Duplicate versions are allowed and many; their trees would bury what matters.
    Command::new(&deny)
        .args([
            "--log-level",
            "error",
            "check",
            "bans",
            "licenses",
            "sources",
        ])
        .run()?;
    if let Err(reason) = Command::new(&deny)
        .args(["fetch", "db"])
        .run_within(FETCH_LIMIT)
    {
        voice::say("    NOT CHECKED: advisories. Their database could not be fetched here:");
        voice::say(&format!("    {reason}"));
        return Ok(());
    }
    Command::new(&deny)
        .args([
            "--log-level",
            "error",
            "check",
            "--disable-fetch",
            "advisories",
        ])
        .run()
}
