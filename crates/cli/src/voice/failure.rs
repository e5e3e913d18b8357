//! Why the job could not be done: what, where, and what to do.

mod service;
mod target;

use std::io;
use std::path::Path;

use keyway_chain::FixError;
use keyway_chain::name::{Host, NameFault};
use keyway_config::ImportError;
use keyway_dns::zone::ReadError as ZoneError;
use keyway_report::escape;

use super::numbers::{joined, some};
use crate::failure::{CaaNameFault, Failure, RootsFault, Wanted};
use crate::intent::shown;

/// The failure in one sentence or two.
pub(crate) fn failure(failure: &Failure) -> String {
    match failure {
        Failure::Unreadable { path, source } => unreadable(path, source),
        Failure::StdinTwice => "standard input (-) was named for more than one thing, and can be \
             read only once; give a file for all but one of them"
            .to_owned(),
        Failure::StdinChanged => "a service file is changed where it lies, and standard input (-) \
             lies nowhere; give the file's path"
            .to_owned(),
        Failure::NoSuchRoots(path) => format!(
            "--roots '{}': there is no such file; write mozilla, system, none, or the path of a \
             file or folder of CA certificates",
            shown(path)
        ),
        Failure::PasswordForNothing(option) => {
            format!("{option}: only --to p12 writes a file with a password; leave {option} away")
        }
        Failure::DeadLink { path, target } => format!(
            "cannot read {}: it is a link to {}, which is not there; mend the link or remove it",
            shown(path),
            shown(target)
        ),
        Failure::NotAFile(path) => format!(
            "{} is a socket, pipe or device, and scan reads files; give it to `keyway check`",
            shown(path)
        ),
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
        Failure::Serve(fault) => super::serve::fault(fault),
        Failure::EmptyFolder(path) => {
            format!(
                "{} is a folder without files; name the files to read",
                shown(path)
            )
        }
        Failure::Pattern { given, reason } => {
            format!(
                "{}: there is no such file, and as a pattern it is wrong: {}",
                escape::text(given),
                escape::text(reason)
            )
        }
        Failure::NoneAndRoots => "--roots none trusts nobody, and other roots were given beside it; leave \
             out one or the other"
            .to_owned(),
        Failure::NoMatch(pattern) => format!("nothing matches {}", shown(pattern)),
        Failure::Date { option, given } => format!(
            "{option} '{}': not a date; write 2026-11-23, 2026-11-23T12:00:00Z, or @ and seconds since \
             1970",
            escape::text(given)
        ),
        Failure::Host { given, source } => {
            let meant = source
                .suggestion()
                .map_or_else(String::new, |host| format!("; did you mean --host {host}?"));
            format!("--host '{}': {source}{meant}", escape::text(given))
        }
        Failure::NotAHost { given, fault } => not_a_host(given, fault),
        Failure::NotInside {
            wanted,
            path,
            holds,
        } => not_inside(*wanted, path, holds.as_deref()),
        Failure::Roots { path, reason } => roots(path, reason),
        Failure::SystemRoots(errors) => system_roots(errors),
        Failure::PasswordVariable { option, name } => format!(
            "{option} {}: this environment variable is not set; set it and export it, and give its \
             name, not the password itself",
            escape::text(name)
        ),
        Failure::PasswordInUtf16(path) => format!(
            "{} is written in UTF-16, as Windows PowerShell does; save the password as UTF-8 or ASCII",
            shown(path)
        ),
        Failure::PasswordsDiffer => {
            "the password was never typed twice alike, and nothing was written; it can be given with \
             --to-password-file or --to-password-env as well"
                .to_owned()
        }
        Failure::Read(error) => error.to_string(),
        Failure::UnknownCode { given, nearest } => unknown_code(given, nearest),
        Failure::Unwritable { path, source } => unwritable(path, source),
        Failure::InTheWay { folder, names } => in_the_way(folder, names),
        Failure::NotAFolder(path) => format!(
            "--out {}: this is a file, or a link that leads nowhere; name a folder, it is made when it \
             is not there",
            shown(path)
        ),
        Failure::Fix(error @ FixError::Locked { .. }) => {
            format!("{error} with --password-file or --password-env")
        }
        Failure::Fix(FixError::PasswordNeeded) => "a PKCS#12 file needs a password; give it with \
             --to-password-file or --to-password-env (it may be empty)"
            .to_owned(),
        Failure::Fix(error) => error.to_string(),
        Failure::NoRandom => "the system gave no random bytes; try again".to_owned(),
        Failure::Ask(why) | Failure::Need(why) => escape::sentence(why),
        Failure::Unissued(why) => why.clone(),
        Failure::Ended(signal) => super::renew::broken_off(*signal),
        Failure::Plan { path, why } | Failure::Unfit { path, why } => format!("{}: {}", shown(path), escape::text(why)),
        Failure::Key { path, why } => {
            format!("the TSIG key in {}: {}", shown(path), escape::text(why))
        }
        Failure::NotAServer(given) => format!(
            "{:?} is no server; write an address, an address and a port as 192.0.2.1:53 or \
             [2001:db8::1]:53, or a name",
            escape::text(given)
        ),
        Failure::NotForCaa { given, fault } => not_for_caa(given, fault),
        Failure::Caa {
            option,
            given,
            fault,
        } => format!("{option} {:?}: {fault}", escape::text(given)),
        Failure::NoService(path) => format!(
            "there is no service file {}; `keyway enable` makes one",
            shown(path)
        ),
        Failure::SpecialGiven(path) => format!(
            "{} is a socket, pipe or device, and no file; what comes through a pipe is read \
             from standard input (-), where nothing is to be changed",
            shown(path)
        ),
        Failure::NotUtf8 { path, byte } => format!(
            "{} is no text in UTF-8 (byte {byte}); save it as UTF-8",
            shown(path)
        ),
        Failure::Service {
            path,
            line,
            source,
            others,
        } => service::none(path, *line, source, others),
        Failure::Edit(error) => error.to_string(),
        Failure::Locked(folder) => format!(
            "another command is changing a service file in {}; try again when it is done",
            shown(folder)
        ),
        Failure::NothingToEnable(path) => format!(
            "{} names neither a certificate nor a label; give --cert, --key and --host, or \
             --leaf-domain-label and --zone",
            shown(path)
        ),
        Failure::NothingToUpdate => "nothing to update: give --cert and --key, --host, \
             --leaf-domain-label, or --renew"
            .to_owned(),
        Failure::NoLabel => {
            "there is no managed name to overwrite: give --leaf-domain-label".to_owned()
        }
        Failure::NoZone => "a managed name needs a zone: set `tls.zone`, or give --leaf-domain-label with \
             --zone"
            .to_owned(),
        Failure::Label { given, fault } => {
            format!("--leaf-domain-label '{}': it {fault}", escape::text(given))
        }
        Failure::OthersName { given, name } => service::others_name(given, name),
        Failure::NameTaken { name, by } => service::name_taken(name, by),
        Failure::NameStands { name, is_written } => service::name_stands(name, *is_written),
        Failure::ManagedHost => service::MANAGED_HOST.to_owned(),
        Failure::NoName(path) => service::no_name(path),
        Failure::NoStateFolder => "nothing says where names are kept; give --state DIR, or set \
             XDG_STATE_HOME or HOME"
            .to_owned(),
        Failure::PasswordCommand { program, fault } => service::program(program, fault),
        Failure::Owner { path, source } => service::owner(path, source),
        Failure::SpecialNamed(path) => service::special(path),
        Failure::Roles {
            fault,
            certificate,
            key,
        } => service::roles(*fault, certificate, key),
        Failure::Import {
            path,
            source: ImportError::Form { line, message },
        } => format!("{}:{line}: {}", shown(path), escape::text(message)),
        Failure::Import { path, source } => {
            format!("{}: {}", shown(path), escape::text(&source.to_string()))
        }
        Failure::NoOrigin(path) => format!(
            "{} does not say of which zone it is: its SOA record has no name that is written whole, and no \
             $ORIGIN stands before it; give --origin, for example --origin example.com",
            shown(path)
        ),
        Failure::Zone {
            path,
            origin,
            source,
        } => match source {
            ZoneError::Origin(fault) => format!("--origin '{}': {fault}", escape::text(origin)),
            ZoneError::TooLarge(_) => format!("{}: {source}", shown(path)),
        },
        Failure::Target(fault) => target::target(fault),
        Failure::Untold { path, source } => service::untold(path, source),
        Failure::Output(error) => format!("cannot write the output: {error}"),
    }
}

/// What the system said, without the name of a file that was only on its way to this one.
fn unwritable(path: &Path, source: &io::Error) -> String {
    let path = shown(path);
    // What is not the system's own words was added to them: the name.
    match source.kind() {
        kind if source.raw_os_error().is_none() && kind != io::ErrorKind::Other => {
            format!("cannot write {path}: {kind}")
        }
        _ => format!("cannot write {path}: {source}"),
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

/// `, but WHAT`.
fn but(holds: &str) -> String {
    match holds {
        "" => String::new(),
        holds => format!(", but {}", escape::text(holds)),
    }
}

fn not_inside(wanted: Wanted, path: &Path, holds: Option<&str>) -> String {
    let (option, what, advice) = match wanted {
        Wanted::Key => (
            "--key",
            "private key",
            "give the key in PEM or DER, as it was made together with the request",
        ),
        Wanted::Crl => (
            "--crl",
            "revocation list",
            "give the list as the CA publishes it, in PEM or DER",
        ),
    };
    let absent = holds.map_or_else(
        || format!("no file of this folder holds a {what}"),
        |holds| format!("the file holds no {what}{}", but(holds)),
    );
    format!(
        "{option} {}: {absent}; {advice}, or leave {option} away",
        shown(path)
    )
}

fn not_a_host(given: &str, fault: &NameFault) -> String {
    let shown = escape::text(given);
    if *fault != NameFault::Wildcard {
        return format!(
            "--host '{shown}': this is no name of a host: {fault}; write what clients connect to, for \
             example www.example.com or 192.0.2.1"
        );
    }
    let covered = given.trim().strip_prefix("*.").unwrap_or("example.com");
    let example = format!("www.{covered}");
    let example = match Host::parse(&example) {
        Ok(Host::Name(name)) => name.ascii().to_owned(),
        _ => "www.example.com".to_owned(),
    };
    format!(
        "--host '{shown}': this is a pattern, and clients ask for one name; write a name that it \
         should cover, for example --host {example}"
    )
}

/// Most names that are spelled out.
const MOST_NAMES: usize = 12;

fn in_the_way(folder: &Path, names: &[String]) -> String {
    let folder = shown(folder);
    let (stand, them) = if names.len() == 1 {
        ("stands", "it")
    } else {
        ("stand", "them")
    };
    format!(
        "{} {stand} in {folder} from before, and nothing was written; choose another --out, or give \
         --force: what is written anew replaces its forerunner, and what is not is kept as NAME.old, \
         so that nothing old passes for a part of the new; or move {them} away",
        some(names, MOST_NAMES)
    )
}

fn roots(path: &Path, reason: &RootsFault) -> String {
    let path = shown(path);
    match reason {
        RootsFault::NoCertificate(holds) => format!(
            "--roots {path}: the file holds no certificate that can be read{}; give CA certificates \
             in PEM or DER, or one of mozilla, system, none",
            but(holds)
        ),
        RootsFault::NoneInFolder => format!(
            "--roots {path}: no file of this folder holds a certificate that can be read; its \
             subfolders are not looked into"
        ),
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
        return format!("no rule has the code '{given}'; `keyway explain --all` lists them");
    }
    format!(
        "no rule has the code '{given}'; did you mean {}?",
        joined(&close).replace(" and ", " or ")
    )
}

fn not_for_caa(given: &str, fault: &CaaNameFault) -> String {
    let why = match fault {
        CaaNameFault::Address => {
            "is an address; CAA is about names alone (RFC 8659, section 3), so it says nothing of who may issue \
             for one"
                .to_owned()
        }
        CaaNameFault::Pasted(source) => {
            let meant = source.suggestion();
            let meant = meant.map_or_else(String::new, |host| format!("; did you mean {host}?"));
            format!("is no name: {source}{meant}")
        }
        CaaNameFault::Host(NameFault::Wildcard) => {
            "is no name that a CA issues for: one * stands in front of a dot and nowhere else, as in *.example.com \
             (CA/B Forum BR 1.6.1, Wildcard Domain Name)"
                .to_owned()
        }
        CaaNameFault::Host(fault) => format!("is no name that a CA issues for: {fault}"),
        CaaNameFault::Name(fault) => format!("is no name: {fault}"),
    };
    format!("{:?} {why}", escape::text(given))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_file_on_its_way_is_not_told() -> Result<(), String> {
        let source = tempfile::Builder::new()
            .prefix(".new-")
            .tempfile_in("no/such/folder")
            .err()
            .ok_or("a folder that is not there")?;
        let said = unwritable(Path::new("out/key.pem"), &source);
        assert!(said.starts_with("cannot write out/key.pem: "), "{said}");
        assert!(!said.contains(".new-"), "{said}");
        let plain = io::Error::other("full");
        assert_eq!(
            unwritable(Path::new("x"), &plain),
            "cannot write x: full".to_owned()
        );
        Ok(())
    }
}
