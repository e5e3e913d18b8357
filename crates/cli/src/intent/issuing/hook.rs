//! dns-01 by a program of somebody's own.

use std::io;
use std::path::{Path, PathBuf};

use keyway_dns::name::Name;
use keyway_dns::net::Resolver;
use keyway_dns::rdata::Type;
use keyway_issue::Identifier;
use keyway_issue::acme::challenge::Solving;
use keyway_issue::acme::{Challenge, Kind, Solver, Unsolved};
use tokio::process::Command;

use super::preflight::records;
use crate::intent::program::{self, ProgramFault};
use crate::voice;

/// A program that makes and removes TXT records.
pub(crate) struct Hook {
    pub(crate) words: Vec<String>,
    /// Where it is run.
    pub(crate) folder: PathBuf,
    /// Who is asked what came of it.
    pub(crate) resolver: Resolver,
}

/// Why a program did not do its work.
#[derive(Debug, thiserror::Error)]
pub(crate) enum HookFault {
    #[error("`tls.acme.hook` names no program")]
    NoProgram,
    #[error(transparent)]
    Program(#[from] ProgramFault),
}

impl Hook {
    /// Why the program cannot be run, as far as that is seen without running it.
    pub(crate) fn fault(&self) -> Option<HookFault> {
        let program = self.words.first().filter(|program| !program.is_empty());
        let Some(program) = program else {
            return Some(HookFault::NoProgram);
        };
        let found = if program.contains('/') {
            is_runnable(&self.folder.join(program))
        } else {
            let folders = std::env::var_os("PATH").unwrap_or_default();
            let is_there = std::env::split_paths(&folders)
                .any(|folder| is_runnable(&folder.join(program)).is_ok());
            is_there
                .then_some(())
                .ok_or_else(|| io::ErrorKind::NotFound.into())
        };
        let program = program.clone();
        found
            .err()
            .map(|source| ProgramFault::System { program, source }.into())
    }

    async fn run(&self, action: &str, challenge: &Challenge) -> Result<(), HookFault> {
        let (program, arguments) = self.words.split_first().ok_or(HookFault::NoProgram)?;
        let mut command = Command::new(program);
        command
            .args(arguments)
            .current_dir(&self.folder)
            .env("KEYWAY_ACTION", action)
            .env("KEYWAY_NAME", challenge.txt_name().unwrap_or_default())
            .env("KEYWAY_VALUE", challenge.txt());
        Ok(program::run(program, &mut command).await?)
    }
}

/// Whether a file may be run by somebody.
fn is_runnable(path: &Path) -> io::Result<()> {
    let facts = path.metadata()?;
    #[cfg(unix)]
    let is_allowed = {
        use std::os::unix::fs::PermissionsExt as _;
        facts.permissions().mode() & 0o111 != 0
    };
    #[cfg(not(unix))]
    let is_allowed = true;
    if facts.is_file() && is_allowed {
        Ok(())
    } else {
        Err(io::ErrorKind::PermissionDenied.into())
    }
}

impl Solver for Hook {
    fn kind(&self) -> Kind {
        Kind::Dns01
    }

    fn can(&self, identifier: &Identifier) -> bool {
        matches!(identifier, Identifier::Dns(_))
    }

    fn present<'a>(&'a self, challenges: &'a [Challenge]) -> Solving<'a, Result<(), Unsolved>> {
        Box::pin(async move {
            for challenge in challenges {
                self.run("present", challenge).await?;
            }
            Ok(())
        })
    }

    fn seen<'a>(&'a self, challenge: &'a Challenge) -> Solving<'a, Option<String>> {
        Box::pin(async move {
            let name = Name::read(&challenge.txt_name()?).ok()?;
            let found = records(&self.resolver, name, Type::TXT).await;
            Some(voice::renew::texts(&self.resolver.servers, found))
        })
    }

    fn withdraw<'a>(&'a self, challenges: &'a [Challenge]) -> Solving<'a, ()> {
        Box::pin(async move {
            for challenge in challenges {
                drop(self.run("withdraw", challenge).await);
            }
        })
    }
}
