//! Why the file of a service could not be followed.

use std::io;
use std::path::Path;

use keyway_config::ReadError;
use keyway_report::escape;

use crate::failure::{ProgramFault, RoleFault};
use crate::intent::shown;

/// A program that should have printed a password.
pub(super) fn program(program: &str, fault: &ProgramFault) -> String {
    let why = match fault {
        ProgramFault::NoProgram => "no program is named".to_owned(),
        ProgramFault::System(error) => escape::text(&error.to_string()),
        ProgramFault::Late(limit) => {
            format!("it took longer than {} s, and was ended", limit.as_secs())
        }
        ProgramFault::TooMuch(limit) => format!(
            "it printed more than {} KiB, and was ended; a password is one line",
            limit >> 10
        ),
        ProgramFault::Ended(status) => status.to_string(),
        ProgramFault::Utf16 => "it printed UTF-16".to_owned(),
    };
    format!(
        "the program {} gave no password: {why}",
        escape::text(program)
    )
}

/// What stands in each other's place.
pub(super) fn roles(fault: RoleFault, certificate: &Path, key: &Path) -> String {
    let (certificate, key) = (shown(certificate), shown(key));
    match fault {
        RoleFault::Swapped => format!(
            "certificate and key are swapped: {certificate}, named as the certificate, holds the key, and \
             {key}, named as the key, holds the certificate; name them the other way round"
        ),
        RoleFault::Certificate => format!(
            "the certificate is not in {certificate}, which is named for it, but in {key}, which is named for \
             the key; a server looks for it in the certificate's file alone"
        ),
        RoleFault::Key => format!(
            "the key that belongs to the certificate is not in {key}, which is named for it, but in \
             {certificate}, which is named for the certificate; a server looks for it in the key's file alone"
        ),
    }
}

/// A socket, pipe or device that a service file names.
pub(super) fn special(path: &Path) -> String {
    format!(
        "{} is a socket, pipe or device; what a service names is read again and again, and has to be a file",
        shown(path)
    )
}

/// A file that would change hands.
pub(super) fn owner(path: &Path, source: &io::Error) -> String {
    format!(
        "{} was not changed: it would no longer belong to its owner and group ({source}); change it as its owner, \
         or as root",
        shown(path)
    )
}

/// A label that another service's name begins with.
pub(super) fn others_name(given: &str, name: &str) -> String {
    format!(
        "the label '{}' is the beginning of {}, the name of another service here, with its six characters; give \
         the label without them",
        escape::text(given),
        escape::text(name)
    )
}

/// A managed name that is not to be lost by a slip.
pub(super) fn name_stands(name: &str, is_written: bool) -> String {
    let name = escape::text(name);
    let stands = if is_written {
        format!("its name is {name}, and stays")
    } else {
        format!("its name was {name}, which is kept, and comes back with its own label")
    };
    format!(
        "{stands}; --overwrite-existing-domain makes another in its place, and clients and DNS records that use it lead \
         nowhere then"
    )
}

/// A managed name that two files speak of.
pub(super) fn name_taken(name: &str, by: &str) -> String {
    format!(
        "{} is the name of another service here, in {by}, and two services never have one name; \
         --overwrite-existing-domain makes another for this one, or take the name out of that file",
        escape::text(name)
    )
}

/// A change that nobody could be told of.
pub(super) fn untold(path: &Path, source: &io::Error) -> String {
    format!(
        "{} was changed, and what is said of that could not be written: {source}",
        shown(path)
    )
}

/// A host for a service whose name is made.
pub(super) const MANAGED_HOST: &str = "the name of this service is managed (`tls.leaf_domain_label`); --host comes \
     with --cert and --key, or is written into the file by hand";

/// Nothing to renew.
pub(super) fn no_name(path: &Path) -> String {
    format!(
        "no name was made for {} yet, and so there is nothing to renew; `keyway enable` makes it",
        shown(path)
    )
}

/// What is wrong with a text that is no service file: a line for each field.
pub(super) fn none(
    path: &Path,
    line: Option<u32>,
    source: &ReadError,
    others: &[Option<u32>],
) -> String {
    let told = |line: Option<u32>, why: &ReadError| {
        let line = line.map_or_else(String::new, |line| format!(":{line}"));
        format!("{}{line}: {}", shown(path), escape::text(&why.to_string()))
    };
    let others = others.iter().zip(source.others());
    let lines = others.map(|(line, why)| told(*line, why));
    let lines: Vec<String> = std::iter::once(told(line, source)).chain(lines).collect();
    lines.join("\n")
}
