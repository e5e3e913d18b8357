//! `keyway dev`: certificates for development, by a CA of one's own.

use std::path::Path;

use keyway_issue::pairs;

use crate::arguments::{DevCaArguments, DevCertArguments, DevCommand};
use crate::failure::Failure;
use crate::intent::moment;
use crate::intent::trust_store::{Change, change};
use crate::intent::workshop::{Workshop, identifiers, need};
use crate::terminal::{self, Exit, Look};
use crate::voice;

/// Does what was asked.
pub(crate) fn run(command: &DevCommand, look: Look) -> Result<Exit, Failure> {
    match command {
        DevCommand::Ca(arguments) => ca(arguments, look),
        DevCommand::Cert(arguments) => cert(arguments, look),
    }
}

fn ca(arguments: &DevCaArguments, look: Look) -> Result<Exit, Failure> {
    let now = moment(None)?;
    let workshop = Workshop::of(arguments.state.state.as_deref())?;
    if arguments.uninstall {
        return stores(Change::Uninstall, &workshop, look);
    }
    let permitted = identifiers(&arguments.permit)?;
    let lock = workshop.lock()?;
    let found = if arguments.anew {
        workshop.make(&permitted, now)?
    } else {
        let found = match workshop.existing()? {
            None => workshop.make(&permitted, now)?,
            Some(_) => workshop.ca(now)?,
        };
        if let Some(other) = permitted.iter().find(|it| !found.ca.permits(it)) {
            return Err(Failure::Need(format!(
                "the development CA that is there may not vouch for {other}; `--anew` makes another one in its place"
            )));
        }
        found
    };
    drop(lock);
    let text = voice::dev::ca(&found, &workshop.certificate(), look);
    terminal::print(&text)?;
    if arguments.install {
        return stores(Change::Install, &workshop, look);
    }
    Ok(Exit::Clean)
}

/// Changes who trusts the CA on this machine, and says what came of it.
fn stores(what: Change, workshop: &Workshop, look: Look) -> Result<Exit, Failure> {
    let (root, former) = (workshop.root()?, workshop.former());
    let outcomes = change(what, &root, &former);
    terminal::print(&voice::dev::stores(what, &outcomes, look))?;
    let is_done = outcomes.iter().all(|outcome| outcome.came.is_ok());
    if is_done {
        for root in former {
            // One that stays is looked for again, which does no harm.
            drop(std::fs::remove_file(root.path.with_extension("key")));
            drop(std::fs::remove_file(root.path));
        }
    }
    Ok(if is_done { Exit::Clean } else { Exit::Findings })
}

fn cert(arguments: &DevCertArguments, look: Look) -> Result<Exit, Failure> {
    let now = moment(None)?;
    let asked = identifiers(&arguments.hosts)?;
    let workshop = Workshop::of(arguments.state.state.as_deref())?;
    let lock = workshop.lock()?;
    let found = workshop.ca(now)?;
    drop(lock);
    let pair = found.ca.issue(&asked, arguments.days, now);
    let pair = pair.map_err(|error| need(&error))?;
    let chain = arguments.out.join("fullchain.pem");
    let key = arguments.out.join("key.pem");
    let standing = ["fullchain.pem", "key.pem"].into_iter();
    let standing = standing.filter(|name| arguments.out.join(name).exists());
    let names: Vec<String> = standing.map(str::to_owned).collect();
    if !names.is_empty() && !arguments.force {
        let folder = arguments.out.clone();
        return Err(Failure::InTheWay { folder, names });
    }
    std::fs::create_dir_all(&arguments.out).map_err(|source| unwritable(&arguments.out, source))?;
    let write = |path: &Path, bytes: &[u8], mode| {
        pairs::write(path, bytes, mode).map_err(|source| unwritable(path, source))
    };
    // The key first: a server that finds the new chain finds its key.
    write(&key, pair.key.as_bytes(), 0o600)?;
    write(&chain, pair.chain.as_bytes(), 0o644)?;
    let text = voice::dev::made(
        &found,
        &asked,
        arguments.days,
        [&chain, &key],
        &workshop.certificate(),
        look,
    );
    terminal::print(&text)?;
    Ok(Exit::Clean)
}

fn unwritable(path: &Path, source: std::io::Error) -> Failure {
    Failure::Unwritable {
        path: path.to_path_buf(),
        source,
    }
}
