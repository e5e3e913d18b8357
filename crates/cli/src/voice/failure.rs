//! Why the job could not be done: what, where, and what to do.

use std::io;
use std::path::Path;

use keyway_chain::FixError;
use keyway_report::escape;

use super::numbers::joined;
use crate::failure::{Failure, RootsFault};
use crate::intent::shown;

/// The failure in one sentence or two.
pub(crate) fn failure(failure: &Failure) -> String {
    match failure {
        Failure::Unreadable { path, source } => unreadable(path, source),
        Failure::TooLarge { path, limit } => format!(
            "{} is larger than {} MiB, the most that is read; certificates and keys are far \
             smaller, so this is probably another file",
            shown(path),
            limit >> 20
        ),
        Failure::CrowdedFolder { path, limit } => format!(
            "{} holds more than {limit} files, too many for one chain; `keyway scan` checks them \
             one by one",
            shown(path)
        ),
        Failure::EmptyFolder(path) => {
            format!(
                "{} is a folder without files; name the files to read",
                shown(path)
            )
        }
        Failure::Pattern { given, reason } => {
            format!(
                "{}: not a pattern: {}",
                escape::text(given),
                escape::text(reason)
            )
        }
        Failure::NoMatch(pattern) => format!("nothing matches {}", shown(pattern)),
        Failure::Date(given) => format!(
            "--at {}: not a date; write 2026-11-23, 2026-11-23T12:00:00Z, or @ and seconds since \
             1970",
            escape::text(given)
        ),
        Failure::Host { given, source } => {
            let meant = source
                .suggestion()
                .map_or_else(String::new, |host| format!("; did you mean --host {host}?"));
            format!("--host {}: {source}{meant}", escape::text(given))
        }
        Failure::Roots { path, reason } => roots(path, reason),
        Failure::SystemRoots(errors) => system_roots(errors),
        Failure::PasswordVariable(name) => format!(
            "--password-env {}: this environment variable is not set",
            escape::text(name)
        ),
        Failure::Read(error) => error.to_string(),
        Failure::UnknownCode { given, nearest } => unknown_code(given, nearest),
        Failure::Unwritable { path, source } => {
            format!("cannot write {}: {source}", shown(path))
        }
        Failure::Exists(path) => format!(
            "{} is already there, and nothing was written; choose another --out, or replace it \
             with --force",
            shown(path)
        ),
        Failure::StaleKey(path) => format!(
            "{} is a key from before, no key is to be written, and the two would stand side by \
             side as if they were a pair; nothing was written: move it away, or choose another \
             --out",
            shown(path)
        ),
        Failure::Fix(FixError::PasswordNeeded) => "a PKCS#12 file needs a password; give it with \
             --to-password-file or --to-password-env (it may be empty)"
            .to_owned(),
        Failure::Fix(error) => error.to_string(),
        Failure::NoRandom => {
            "the system gave no random bytes, which a PKCS#12 file needs".to_owned()
        }
        Failure::Output(error) => format!("cannot write the output: {error}"),
    }
}

fn unreadable(path: &Path, source: &io::Error) -> String {
    let advice = match source.kind() {
        io::ErrorKind::NotFound => "; check the path",
        io::ErrorKind::PermissionDenied => {
            "; run as a user who may read it, or copy the file to one"
        }
        _ => "",
    };
    format!("cannot read {}: {source}{advice}", shown(path))
}

fn roots(path: &Path, reason: &RootsFault) -> String {
    let path = shown(path);
    match reason {
        RootsFault::NoCertificate => format!(
            "--roots {path}: the file holds no certificate that can be read; give CA certificates \
             in PEM or DER, or one of mozilla, system, none"
        ),
        RootsFault::Refused(why) => format!("--roots {path}: {why}"),
    }
}

fn system_roots(errors: &[String]) -> String {
    let why = match errors {
        [] => "it is empty".to_owned(),
        errors => escape::text(&joined(errors)),
    };
    format!(
        "--roots system: no certificate could be read from the system's trust store ({why}); \
         install the ca-certificates package, or use --roots mozilla"
    )
}

fn unknown_code(given: &str, nearest: &[&str]) -> String {
    let given = escape::text(given);
    let close: Vec<String> = nearest.iter().map(|code| (*code).to_owned()).collect();
    if close.is_empty() {
        return format!("no rule has the code {given}; `keyway explain --all` lists them");
    }
    format!(
        "no rule has the code {given}; did you mean {}?",
        joined(&close).replace(" and ", " or ")
    )
}
