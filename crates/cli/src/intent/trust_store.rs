//! The stores of those who verify on this machine: the system's, and NSS's, which browsers use.

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What a CA of ours is called in a store.
const FILE: &str = "keyway-development-ca.crt";
const NICKNAME: &str = "Keyway development CA";

/// Most profiles of one browser that are looked at.
const MAX_PROFILES: usize = 100;

/// What came of it, for one store.
pub(crate) struct Outcome {
    /// The store, in words.
    pub(crate) store: String,
    /// Why nothing was changed, and what to do.
    pub(crate) fault: Option<String>,
}

/// What is done to all stores.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Change {
    Install,
    Uninstall,
}

/// A system's folder of CAs, and the program that makes its bundle of them.
struct System {
    folder: &'static str,
    program: &'static str,
    arguments: &'static [&'static str],
}

/// update-ca-certificates(8), of Debian and its like; update-ca-trust(8), of Fedora and its like, and of Arch.
const SYSTEMS: [System; 3] = [
    System {
        folder: "/usr/local/share/ca-certificates",
        program: "update-ca-certificates",
        arguments: &[],
    },
    System {
        folder: "/etc/pki/ca-trust/source/anchors",
        program: "update-ca-trust",
        arguments: &["extract"],
    },
    System {
        folder: "/etc/ca-certificates/trust-source/anchors",
        program: "update-ca-trust",
        arguments: &["extract"],
    },
];

/// Where browsers keep databases of NSS, below the home folder: Chromium's, and folders of Firefox's profiles.
const CHROMIUM: &str = ".pki/nssdb";
const FIREFOX: [&str; 3] = [
    ".mozilla/firefox",
    ".config/mozilla/firefox",
    "snap/firefox/common/.mozilla/firefox",
];

/// Changes every store that is found.
pub(crate) fn change(what: Change, certificate: &Path) -> Vec<Outcome> {
    let mut outcomes = vec![system(what, certificate)];
    let home = env::var_os("HOME").map(PathBuf::from);
    for database in home.iter().flat_map(|home| databases(home)) {
        outcomes.push(Outcome {
            store: format!("the browser's store {}", super::shown(&database)),
            fault: nss(what, &database, certificate).err(),
        });
    }
    outcomes
}

fn system(what: Change, certificate: &Path) -> Outcome {
    let outcome = |store: &str, fault| Outcome {
        store: store.to_owned(),
        fault,
    };
    let Some(system) = SYSTEMS
        .iter()
        .find(|system| Path::new(system.folder).is_dir())
    else {
        let why = "no store is known for this system; give programs the file ca.pem itself";
        return outcome("the system's store", Some(why.to_owned()));
    };
    let file = Path::new(system.folder).join(FILE);
    let done = match what {
        Change::Install => fs::copy(certificate, &file).map(drop),
        Change::Uninstall => match fs::remove_file(&file) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            done => done,
        },
    };
    let fault = match done {
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
            Some("only root may change it: run the same command with sudo, and with the same HOME (`sudo -E`)".to_owned())
        }
        Err(error) => Some(error.to_string()),
        Ok(()) => program(system.program, system.arguments).err(),
    };
    outcome(&format!("the system's store {}", system.folder), fault)
}

/// The databases of NSS below a home folder.
fn databases(home: &Path) -> Vec<PathBuf> {
    let mut found = vec![home.join(CHROMIUM)];
    for folder in FIREFOX {
        let profiles = fs::read_dir(home.join(folder)).into_iter().flatten();
        let profiles = profiles.take(MAX_PROFILES).flatten();
        found.extend(profiles.map(|profile| profile.path()));
    }
    found.retain(|folder| folder.join("cert9.db").is_file());
    found
}

/// certutil of NSS.
fn nss(what: Change, database: &Path, certificate: &Path) -> Result<(), String> {
    let mut place = std::ffi::OsString::from("sql:");
    place.push(database);
    let common = [
        OsStr::new("-d"),
        &place,
        OsStr::new("-n"),
        OsStr::new(NICKNAME),
    ];
    let delete = || program("certutil", [&common[..], &[OsStr::new("-D")]].concat());
    match what {
        Change::Install => {
            // One of before is replaced.
            drop(delete());
            let add = ["-A", "-t", "C,,", "-i"].map(OsStr::new);
            program(
                "certutil",
                [&common[..], &add, &[certificate.as_os_str()]].concat(),
            )
        }
        Change::Uninstall => match program("certutil", [&common[..], &[OsStr::new("-L")]].concat())
        {
            // certutil of a nickname that is not there.
            Err(why) if why.contains("Could not find cert") => Ok(()),
            Err(why) => Err(why),
            Ok(()) => delete(),
        },
    }
}

/// Said where a program is not there.
const MISSING: &str = "is not installed";

fn program<A: AsRef<OsStr>>(
    name: &str,
    arguments: impl IntoIterator<Item = A>,
) -> Result<(), String> {
    let output = Command::new(name)
        .args(arguments)
        .stdin(Stdio::null())
        .output();
    match output {
        Ok(output) if output.status.success() => Ok(()),
        Ok(output) => {
            let said = String::from_utf8_lossy(&output.stderr);
            let line = said.lines().find(|line| !line.trim().is_empty());
            Err(format!(
                "{name}: {}",
                line.unwrap_or("it failed, and did not say why")
            ))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let package = match name {
                "certutil" => " (Debian: libnss3-tools, Fedora: nss-tools)",
                _ => "",
            };
            Err(format!("{name} {MISSING}{package}"))
        }
        Err(error) => Err(format!("{name}: {error}")),
    }
}
