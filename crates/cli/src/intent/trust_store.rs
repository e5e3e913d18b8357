//! The stores of those who verify on this machine: the system's, and NSS's, which browsers use.

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use aws_lc_rs::digest::{SHA256, digest};

use super::certificates;
use crate::failure::Failure;

/// What a CA of ours is called in a store, before the beginning of its fingerprint: of several users of a machine, each
/// has one.
const FILE: &str = "keyway-development-ca";
const NICKNAME: &str = "Keyway development CA";

/// The same before there were several: without a fingerprint.
const OLDER_FILE: &str = "keyway-development-ca.crt";

/// Most profiles of one browser that are looked at.
const MAX_PROFILES: usize = 100;

/// The certificate of a CA of ours, as stores know it.
pub(crate) struct Root {
    pub(crate) path: PathBuf,
    /// The beginning of its fingerprint (SHA-256), hexadecimal.
    pub(crate) id: String,
}

impl Root {
    /// The one in a file.
    pub(crate) fn read(path: &Path) -> Result<Self, Failure> {
        let held = certificates(path)?;
        let der = held.first().map(AsRef::as_ref).unwrap_or_default();
        let digest = digest(&SHA256, der);
        // Enough of it to tell them apart.
        let first: [u8; 8] = digest.as_ref().first_chunk().copied().unwrap_or_default();
        Ok(Self {
            path: path.to_path_buf(),
            id: format!("{:016x}", u64::from_be_bytes(first)),
        })
    }
}

/// What came of it, for one store.
pub(crate) struct Outcome {
    /// The store, in words.
    pub(crate) store: String,
    /// Whether anything was changed; or why not, and what to do.
    pub(crate) came: Result<Came, String>,
}

/// What became of a store.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Came {
    Changed,
    /// It did not have the CA that was to be taken out.
    Absent,
    /// There is none so far.
    NotYet,
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

/// Where browsers keep databases of NSS, below the home folder: Chromium's, where it was always, else in the folder of the
/// user's data (XDG Base Directory), or as a snap; and folders of Firefox's profiles.
const CHROMIUM: [&str; 4] = [
    ".pki/nssdb",
    ".local/share/pki/nssdb",
    "snap/chromium/current/.pki/nssdb",
    "snap/chromium/current/.local/share/pki/nssdb",
];
const IN_DATA: &str = "pki/nssdb";
const FIREFOX: [&str; 3] = [
    ".mozilla/firefox",
    ".config/mozilla/firefox",
    "snap/firefox/common/.mozilla/firefox",
];

/// Changes every store that is found. Those that were in the place of this CA before are taken out either way.
pub(crate) fn change(what: Change, root: &Root, former: &[Root]) -> Vec<Outcome> {
    let mut outcomes = vec![system(what, root, former)];
    let home = env::var_os("HOME").map(PathBuf::from);
    let databases: Vec<PathBuf> = home.iter().flat_map(|home| databases(home)).collect();
    if databases.is_empty() && what == Change::Install {
        outcomes.push(Outcome {
            store: "browsers of this user".to_owned(),
            came: Ok(Came::NotYet),
        });
    }
    for database in databases {
        outcomes.push(Outcome {
            store: format!("the browser's store {}", super::shown(&database)),
            came: nss(what, &database, root, former),
        });
    }
    outcomes
}

fn system(what: Change, root: &Root, former: &[Root]) -> Outcome {
    let outcome = |store: &str, came| Outcome {
        store: store.to_owned(),
        came,
    };
    let Some(system) = SYSTEMS
        .iter()
        .find(|system| Path::new(system.folder).is_dir())
    else {
        let why = "no store is known for this system; give programs the file ca.pem itself";
        return outcome("the system's store", Err(why.to_owned()));
    };
    let came = match system.change(what, root, former) {
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
            Err("only root may change it: run the same command with sudo, and with the same HOME (`sudo -E`)".to_owned())
        }
        Err(error) => Err(error.to_string()),
        Ok(came @ (Came::Absent | Came::NotYet)) => Ok(came),
        Ok(Came::Changed) => {
            let told = program(system.program, system.arguments);
            if told.is_err() && what == Change::Uninstall {
                // What is still in the bundle is found, and taken out, the next time.
                drop(fs::copy(&root.path, system.place(root)));
            }
            told.map(|()| Came::Changed)
        }
    };
    outcome(&format!("the system's store {}", system.folder), came)
}

impl System {
    fn place(&self, root: &Root) -> PathBuf {
        Path::new(self.folder).join(format!("{FILE}-{}.crt", root.id))
    }

    /// Changes its folder.
    fn change(&self, what: Change, root: &Root, former: &[Root]) -> io::Result<Came> {
        let going = match what {
            Change::Install => None,
            Change::Uninstall => Some(root),
        };
        let mut came = Came::Absent;
        for root in former.iter().chain(going) {
            if removed(&self.place(root))? {
                came = Came::Changed;
            }
        }
        // Another user's is theirs.
        let older = Path::new(self.folder).join(OLDER_FILE);
        let held = Root::read(&older).ok();
        let is_ours = |held: &Root| former.iter().chain([root]).any(|it| it.id == held.id);
        if held.is_some_and(|held| is_ours(&held)) && removed(&older)? {
            came = Came::Changed;
        }
        if what == Change::Install {
            fs::copy(&root.path, self.place(root))?;
            came = Came::Changed;
        }
        Ok(came)
    }
}

/// Removes a file, and says whether it was there.
fn removed(path: &Path) -> io::Result<bool> {
    match fs::remove_file(path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// The databases of NSS below a home folder.
fn databases(home: &Path) -> Vec<PathBuf> {
    let mut found = CHROMIUM.map(|folder| home.join(folder)).to_vec();
    let data = env::var_os("XDG_DATA_HOME").map(PathBuf::from);
    let data = data.filter(|data| data.is_absolute());
    let data = data.map(|data| data.join(IN_DATA));
    found.extend(data.filter(|data| !found.contains(data)));
    for folder in FIREFOX {
        let profiles = fs::read_dir(home.join(folder)).into_iter().flatten();
        let profiles = profiles.take(MAX_PROFILES).flatten();
        found.extend(profiles.map(|profile| profile.path()));
    }
    found.retain(|folder| folder.join("cert9.db").is_file());
    found
}

/// By certutil of NSS.
fn nss(what: Change, database: &Path, root: &Root, former: &[Root]) -> Result<Came, String> {
    let mut came = Came::Absent;
    // One that is there already is replaced. A database is one user's, and so is what has the name without a fingerprint.
    let names = former.iter().chain([root]).map(nickname);
    for name in names.chain([NICKNAME.to_owned()]) {
        if certutil(database, &name, &["-L"])?.is_some() {
            certutil(database, &name, &["-D"])?;
            came = Came::Changed;
        }
    }
    if what == Change::Install {
        let path = root.path.to_string_lossy();
        certutil(database, &nickname(root), &["-A", "-t", "C,,", "-i", &path])?;
        came = Came::Changed;
    }
    Ok(came)
}

/// What a database calls a CA.
fn nickname(root: &Root) -> String {
    format!("{NICKNAME} {}", root.id)
}

/// Does something with a CA of a database; `None` where that has no such CA.
fn certutil(database: &Path, nickname: &str, more: &[&str]) -> Result<Option<()>, String> {
    let mut place = std::ffi::OsString::from("sql:");
    place.push(database);
    let common = [
        OsStr::new("-d"),
        &place,
        OsStr::new("-n"),
        OsStr::new(nickname),
    ];
    let more: Vec<&OsStr> = more.iter().map(OsStr::new).collect();
    match program("certutil", [&common[..], &more].concat()) {
        Ok(()) => Ok(Some(())),
        Err(why) if why.contains("Could not find cert") => Ok(None),
        Err(why) => Err(why),
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
