//! The page and the package where people use them: in a browser, and in Node.

use std::path::PathBuf;

use crate::command::Command;
use crate::failure::Failure;
use crate::{built, install, voice, workspace};

/// Browsers that the tests can drive; they look in the same order.
const BROWSERS: [&str; 4] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
];

/// Oldest Node with what the tests and the package are written in.
const NODE: u32 = 20;

/// Installs what the tests need, or says what is missing.
pub(crate) fn install() -> Result<(), Failure> {
    if browser().is_none() {
        install::package("chromium", "chromium")?;
    }
    install::package("node", "nodejs")?;
    install::package("npm", "npm")?;
    let version = Command::new("node").args(["--version"]).output()?;
    if major(&version).is_none_or(|major| major < NODE) {
        return Err(Failure::Missing {
            what: "a newer Node",
            how: format!(
                "Here is {}; version {NODE} or later is needed (Debian 13 has one).",
                version.trim()
            ),
        });
    }
    Ok(())
}

/// `v20.1.0` is 20.
fn major(version: &str) -> Option<u32> {
    version
        .trim()
        .strip_prefix('v')?
        .split('.')
        .next()?
        .parse()
        .ok()
}

/// A browser on the path.
fn browser() -> Option<PathBuf> {
    BROWSERS.iter().find_map(|name| install::found(name))
}

/// Fetches what the tests are driven with: two packages.
pub(crate) fn prepare() -> Result<(), Failure> {
    install()?;
    install::node_packages("tests/browser", "what drives the browser")
}

/// A script of ours, with the browser to use named.
pub(crate) fn node() -> Command {
    let command = Command::new("node");
    match browser() {
        Some(browser) => command.env("KEYWAY_CHROMIUM", browser),
        None => command,
    }
}

/// The package in a project of its own, then the page.
pub(crate) fn test() -> Result<(), Failure> {
    prepare()?;
    built::keyway()?;
    voice::say("    pictures of the page: target/screenshots");
    node()
        .args([
            "--test",
            "--test-concurrency=2",
            "--test-reporter=./tests/browser/reporter.mjs",
        ])
        .args(tests()?)
        .run()
}

/// The files of tests, each by its name: versions of Node differ in what a folder means to them.
fn tests() -> Result<Vec<String>, Failure> {
    let files = workspace::files()?;
    let is_test = |file: &String| file.starts_with("tests/browser/") && file.ends_with(".test.js");
    Ok(files.into_iter().filter(is_test).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_of_node_is_read() {
        assert_eq!(major("v20.20.2\n"), Some(20));
        assert_eq!(major("unknown"), None);
    }
}
