//! Managed names: made once, kept in the state folder, a file for each service.

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use keyway_config::ManagedName;

use crate::failure::Failure;
use crate::intent::files::{read_file, shown};
use crate::intent::service::ServiceFile;

/// Names that are tried before the state folder is given up on. With 2.2 billion suffixes a second try
/// is rare.
const MOST_TRIES: usize = 16;

/// Entries of folders that are looked through for a service file that was moved. A folder of services has dozens.
const MOST_AROUND: usize = 1000;

/// Written behind a name that was taken again for a file which did not have it.
const AGAIN: &str = "again";

/// The names that were made on this machine.
pub(crate) struct Names {
    folder: PathBuf,
    /// The file of this service's name.
    file: PathBuf,
    /// The whole path of the service's file.
    service: PathBuf,
}

/// The name of a service, as it is kept.
struct Kept {
    /// The file that it is kept in.
    file: PathBuf,
    name: String,
    /// The file of the service.
    service: PathBuf,
    /// Whether it was taken again for that file, which did not have it: another may have had it first.
    is_again: bool,
}

impl Names {
    /// Those of a state folder; `service` is the path of the service's file.
    pub(crate) fn of(state: Option<&Path>, service: &Path) -> Result<Self, Failure> {
        let folder = state_folder(state)?.join("names");
        let service = whole(service);
        let file = folder.join(id(&service));
        Ok(Self {
            folder,
            file,
            service,
        })
    }

    /// The name of this service, if one was made.
    pub(crate) fn existing(&self) -> Option<String> {
        let text = fs::read_to_string(&self.file).ok()?;
        let name = text.lines().next()?.trim();
        (!name.is_empty()).then(|| name.to_owned())
    }

    /// Makes a name that no other service here has, and does not keep it yet.
    pub(crate) fn make(&self, label: &str, parent: &str) -> Result<ManagedName, Failure> {
        let taken: Vec<String> = self.all().map(|kept| kept.name).collect();
        for _ in 0..MOST_TRIES {
            let mut random = [0; 32];
            aws_lc_rs::rand::fill(&mut random).map_err(|_| Failure::NoRandom)?;
            let made = ManagedName::generate(label, parent, &random);
            if let Some(name) = made.map_err(|fault| Failure::Label {
                given: label.to_owned(),
                fault,
            })? && !taken.contains(&name.to_string())
            {
                return Ok(name);
            }
        }
        Err(Failure::NoRandom)
    }

    /// Keeps a name for this service, in place of the one before; `again` where its file did not have it.
    pub(crate) fn keep(&self, name: &str, service: &Path, again: bool) -> Result<(), Failure> {
        let write = || -> io::Result<()> {
            fs::create_dir_all(&self.folder)?;
            let mut file = tempfile::Builder::new()
                .prefix(".keyway-")
                .tempfile_in(&self.folder)?;
            writeln!(file, "{name}\n{}", whole(service).display())?;
            if again {
                writeln!(file, "{AGAIN}")?;
            }
            file.as_file().sync_all()?;
            file.persist(&self.file)?;
            if cfg!(unix) {
                fs::File::open(&self.folder)?.sync_all()?;
            }
            // A file that was moved takes its name along.
            for kept in self.others().filter(|kept| kept.name == name) {
                if !kept.is_held() || kept.comes_behind(&self.service) {
                    fs::remove_file(kept.file)?;
                }
            }
            Ok(())
        };
        write().map_err(|source| Failure::Unwritable {
            path: self.file.clone(),
            source,
        })
    }

    /// The file of another service here that has a name already.
    pub(crate) fn holder(&self, name: &str) -> Option<String> {
        let mut held = self.held(name);
        let first = held.find(|kept| !kept.comes_behind(&self.service))?;
        Some(shown(&first.service))
    }

    /// The file that a name was taken again for, though this service had it first: it was moved meanwhile.
    pub(crate) fn later(&self, name: &str) -> Option<String> {
        let mut held = self.held(name);
        let later = held.find(|kept| kept.comes_behind(&self.service))?;
        Some(shown(&later.service))
    }

    /// The files of other services that speak of a name which is kept for them.
    fn held(&self, name: &str) -> impl Iterator<Item = Kept> {
        let others = self.others();
        others.filter(move |kept| kept.name == name && kept.is_held())
    }

    /// The file that has the name which is kept for this one: it lay where this one is now. Looked through are the
    /// folders around.
    pub(crate) fn moved(&self, name: &str) -> Option<String> {
        let is_other = |path: &PathBuf| {
            let form = path.extension().and_then(OsStr::to_str);
            form.is_some_and(|form| ["toml", "json"].contains(&form)) && *path != self.service
        };
        let around = around(&self.service);
        let mut others = around.into_iter().filter(is_other);
        let moved = others.find(|path| speaks(path, name))?;
        Some(shown(&moved))
    }

    /// The name of another service here whose first label this is.
    pub(crate) fn beginning_with(&self, label: &str) -> Option<String> {
        let own = self.existing();
        let is_theirs = |name: &String| {
            let first = name.split('.').next();
            Some(name) != own.as_ref()
                && first.is_some_and(|first| first.eq_ignore_ascii_case(label))
        };
        self.all().map(|kept| kept.name).find(is_theirs)
    }

    fn others(&self) -> impl Iterator<Item = Kept> {
        self.all().filter(|kept| kept.file != self.file)
    }

    fn all(&self) -> impl Iterator<Item = Kept> + use<> {
        let files = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        files.filter_map(|entry| Kept::read(entry.path()))
    }
}

impl Kept {
    fn read(file: PathBuf) -> Option<Self> {
        let text = fs::read_to_string(&file).ok()?;
        let mut lines = text.lines();
        let name = lines.next()?.trim().to_owned();
        let service = lines.next().map(PathBuf::from).unwrap_or_default();
        Some(Self {
            file,
            name,
            service,
            is_again: lines.next() == Some(AGAIN),
        })
    }

    /// Whether the service's file is still there, and speaks of the name.
    fn is_held(&self) -> bool {
        let is_its = self.file.file_name() == Some(OsStr::new(&id(&whole(&self.service))));
        is_its && speaks(&self.service, &self.name)
    }

    /// Whether another file had the name first: it was taken again here, and that file has not been changed since.
    fn comes_behind(&self, other: &Path) -> bool {
        let changed = |path: &Path| path.metadata().and_then(|facts| facts.modified()).ok();
        let times = changed(other).zip(changed(&self.file));
        let is_older = times.is_some_and(|(other, taken)| other < taken);
        self.is_again && is_older && speaks(other, &self.name)
    }
}

/// The entries of a service file's folder, of the one above, and of those in both.
fn around(service: &Path) -> Vec<PathBuf> {
    let beside = |folder: &Path| {
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        let mut paths: Vec<PathBuf> = entries
            .take(MOST_AROUND)
            .map(|entry| entry.path())
            .collect();
        paths.sort();
        paths
    };
    let mut all: Vec<PathBuf> = Vec::new();
    for folder in service.ancestors().skip(1).take(2) {
        all.extend(beside(folder));
    }
    for folder in all.clone().iter().filter(|path| path.is_dir()) {
        if all.len() < 2 * MOST_AROUND {
            all.extend(beside(folder));
        }
    }
    all
}

/// Whether a service's file is there, and speaks of a name.
fn speaks(service: &Path, name: &str) -> bool {
    let is_file = service.metadata().is_ok_and(|facts| facts.is_file());
    let text = is_file.then(|| read_file(service).ok()).flatten();
    text.is_some_and(|text| {
        let text = String::from_utf8_lossy(&text.bytes).to_ascii_lowercase();
        text.contains(&name.to_ascii_lowercase())
    })
}

/// The whole path of a service's file. One that is not there yet has the path that it will have.
fn whole(service: &Path) -> PathBuf {
    let beside = || {
        let folder = match service.parent() {
            Some(folder) if folder != Path::new("") => folder,
            _ => Path::new("."),
        };
        Some(fs::canonicalize(folder).ok()?.join(service.file_name()?))
    };
    fs::canonicalize(service)
        .ok()
        .or_else(beside)
        .or_else(|| std::path::absolute(service).ok())
        .unwrap_or_else(|| service.to_path_buf())
}

/// Sixteen digits of a path's digest: the file may be anywhere, and names are not secret.
fn id(whole: &Path) -> String {
    let digest = aws_lc_rs::digest::digest(
        &aws_lc_rs::digest::SHA256,
        whole.as_os_str().as_encoded_bytes(),
    );
    let first = digest.as_ref().first_chunk().copied();
    format!("{:016x}", u64::from_be_bytes(first.unwrap_or_default()))
}

/// The folder of what is kept on this machine: the one that was named, or else the usual one. From the root on, as a
/// service file reads its paths from its own folder.
pub(crate) fn state_folder(named: Option<&Path>) -> Result<PathBuf, Failure> {
    let named = named.map(Path::to_path_buf);
    let folder = named.or_else(default_folder);
    let folder = folder.ok_or(Failure::NoStateFolder)?;
    Ok(std::path::absolute(&folder).unwrap_or(folder))
}

fn default_folder() -> Option<PathBuf> {
    let set = |name| env::var_os(name).filter(|value| !value.is_empty());
    if let Some(folder) = set("KEYWAY_STATE") {
        return Some(PathBuf::from(folder));
    }
    // What a service manager gives its service: of several folders, the first (systemd.exec(5), StateDirectory=).
    if let Some(given) = set("STATE_DIRECTORY") {
        return env::split_paths(&given).next();
    }
    let state = set("XDG_STATE_HOME").map(PathBuf::from);
    let state = state.or_else(|| Some(PathBuf::from(set("HOME")?).join(".local/state")));
    Some(state?.join("keyway"))
}

/// Where names of a service are made: `region.zone`.
pub(crate) fn parent(region: Option<&str>, zone: &str) -> String {
    region.map_or_else(|| zone.to_owned(), |region| format!("{region}.{zone}"))
}

/// The name of its own label, region and zone that stands in a file.
pub(crate) fn standing_name(file: &ServiceFile) -> Option<&str> {
    let service = &file.draft.service;
    let tls = &service.tls;
    let label = tls.leaf_domain_label.as_deref()?;
    let parent = parent(tls.region.as_deref(), tls.zone.as_deref()?);
    let mut hosts = service.host.iter();
    hosts.find(|host| ManagedName::parse(host, label, &parent).is_some())
}
