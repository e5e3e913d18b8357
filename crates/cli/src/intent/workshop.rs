//! The development CA of this machine, and what it made.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use keyway_issue::{DevCa, DevError, Identifier, Pairs, pairs};
use keyway_report::{DAY, Timestamp};

use super::service::{regular, state_folder};
use super::trust_store::Root;
use crate::failure::Failure;
use crate::{terminal, voice};

/// Most characters of the user and the machine in a CA's name.
const OWNER: usize = 40;

/// Permissions of the group and of others (POSIX, S_IRWXG and S_IRWXO).
#[cfg(unix)]
const OTHERS: u32 = 0o077;

/// Most CAs of before that are looked for in trust stores.
const MOST_FORMER: usize = 100;

/// A folder with a CA and pairs by it.
pub(crate) struct Workshop {
    folder: PathBuf,
}

/// The CA, and whether it was made just now.
pub(crate) struct Found {
    pub(crate) ca: DevCa,
    pub(crate) is_new: bool,
}

impl Workshop {
    /// The one of a state folder.
    pub(crate) fn of(state: Option<&Path>) -> Result<Self, Failure> {
        Ok(Self {
            folder: state_folder(state)?.join("dev"),
        })
    }

    /// Where the CA's certificate is.
    pub(crate) fn certificate(&self) -> PathBuf {
        self.folder.join("ca.pem")
    }

    /// The pairs that it made for servers here.
    pub(crate) fn pairs(&self) -> Pairs {
        Pairs::at(self.folder.join("pairs"))
    }

    /// The CA that is there. A key that others could read is theirs alone from then on who own it, and that is told.
    pub(crate) fn existing(&self) -> Result<Option<DevCa>, Failure> {
        let (certificate, key) = (self.certificate(), self.key());
        let read = |path: &Path| match regular(path).map(|()| fs::read_to_string(path))? {
            Ok(text) => Ok(Some(text)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(Failure::Unreadable {
                path: path.to_path_buf(),
                source,
            }),
        };
        match (read(&certificate)?, read(&key)?) {
            (Some(certificate), Some(key)) => {
                self.close_key()?;
                let ca = DevCa::read(&certificate, &key);
                ca.map(Some)
                    .map_err(|error| unfit(&self.certificate(), &error))
            }
            // The key is written first: what is left of a beginning is begun anew.
            (None, _) => Ok(None),
            (Some(_), None) => Err(Failure::Unfit {
                path: key,
                why: "the development CA's key is gone; `keyway dev ca --anew` makes another CA"
                    .to_owned(),
            }),
        }
    }

    /// The CA that is there, or a new one where there is none or it is over, which may vouch for the same. One that begins
    /// later was made by a clock that was wrong, unless this one is: then the one before it is there still; who trusts
    /// it is not led to another one unasked.
    pub(crate) fn ca(&self, now: Timestamp) -> Result<Found, Failure> {
        let existing = self.existing()?;
        if existing.as_ref().is_some_and(|ca| !is_current(ca, now))
            && let Some(ca) = self.taken_up(now)?
        {
            return Ok(Found { ca, is_new: false });
        }
        match existing {
            Some(ca) if now < ca.certificate().not_before => Err(Failure::Unfit {
                path: self.certificate(),
                why: format!(
                    "the development CA is valid from {}, and it is {now} by this machine: set the clock, or make another one with `keyway dev ca --anew`",
                    ca.certificate().not_before
                ),
            }),
            Some(ca) if is_current(&ca, now) => Ok(Found { ca, is_new: false }),
            Some(ca) => self.replace(&ca.permitted_by_owner(), now, true),
            None => self.replace(&[], now, false),
        }
    }

    /// Why the CA that there is, or would be, vouches not for all of these; it changes nothing.
    pub(crate) fn not_permitted(
        &self,
        asked: &[Identifier],
        now: Timestamp,
    ) -> Result<Option<Failure>, Failure> {
        let ca = match self.existing()? {
            Some(ca) => ca,
            None => DevCa::make(&owner(), &[], now).map_err(|error| need(&error))?,
        };
        let other = asked.iter().find(|it| !ca.permits(it));
        Ok(other.map(|other| need(&DevError::NotPermitted(other.clone()))))
    }

    /// One of those of before whose key was kept, where it is good now: it is put in the place of the one that is there,
    /// which is kept as well.
    fn taken_up(&self, now: Timestamp) -> Result<Option<DevCa>, Failure> {
        let read = |path: &Path| {
            let text = |path: &Path| fs::read_to_string(path).ok();
            let ca = DevCa::read(&text(path)?, &text(&path.with_extension("key"))?);
            ca.ok().filter(|ca| is_current(ca, now))
        };
        let former = self.former().into_iter();
        let kept = former.filter_map(|root| Some((read(&root.path)?, root.path)));
        let Some((ca, path)) = kept.max_by_key(|(ca, _)| ca.certificate().not_after) else {
            return Ok(None);
        };
        self.put(&ca, true)?;
        terminal::note(&voice::dev::taken_up(&ca));
        // What stays is looked for again, which does no harm.
        drop(fs::remove_file(path.with_extension("key")));
        drop(fs::remove_file(path));
        Ok(Some(ca))
    }

    /// Has everybody else wait who makes something here, until it is dropped.
    pub(crate) fn lock(&self) -> Result<fs::File, Failure> {
        let path = self.folder.join("lock");
        let locked = || {
            pairs::private_folder(&self.folder)?;
            let file = pairs::lock_file(&path)?;
            file.lock()?;
            Ok(file)
        };
        locked().map_err(|source| Failure::Unwritable { path, source })
    }

    /// Makes a CA in the place of the one that is there, whose certificate is kept for as long as somebody may trust it.
    pub(crate) fn make(&self, permitted: &[Identifier], now: Timestamp) -> Result<Found, Failure> {
        self.replace(permitted, now, false)
    }

    /// The same. Where nobody asked for it, the key of the one before is kept, too: the clock may be wrong.
    fn replace(
        &self,
        permitted: &[Identifier],
        now: Timestamp,
        keeps_key: bool,
    ) -> Result<Found, Failure> {
        let ca = DevCa::make(&owner(), permitted, now).map_err(|error| need(&error))?;
        self.put(&ca, keeps_key)?;
        Ok(Found { ca, is_new: true })
    }

    fn put(&self, ca: &DevCa, keeps_key: bool) -> Result<(), Failure> {
        let write = || {
            pairs::private_folder(&self.folder)?;
            self.put_away(keeps_key)?;
            pairs::write(&self.key(), ca.key_pem().as_bytes(), 0o600)?;
            pairs::write(&self.certificate(), ca.pem().as_bytes(), 0o644)
        };
        write().map_err(|source| Failure::Unwritable {
            path: self.certificate(),
            source,
        })
    }

    /// The CA's certificate, as trust stores know it.
    pub(crate) fn root(&self) -> Result<Root, Failure> {
        let path = self.certificate();
        if !path.is_file() {
            return Err(Failure::Need(voice::dev::no_ca(&path)));
        }
        // The file was named by nobody.
        Root::read(&path).map_err(|_| Failure::Unfit {
            path,
            why: "it is no certificate; `keyway dev ca --anew` makes another CA".to_owned(),
        })
    }

    /// Those that were in its place before, and may be trusted still.
    pub(crate) fn former(&self) -> Vec<Root> {
        let kept = fs::read_dir(self.former_folder()).into_iter().flatten();
        let kept = kept.flatten().take(MOST_FORMER);
        let kept = kept.map(|kept| kept.path());
        let kept = kept.filter(|path| path.is_file() && path.extension() != Some("key".as_ref()));
        // What does not read was trusted by nobody.
        kept.filter_map(|path| Root::read(&path).ok()).collect()
    }

    /// Keeps the certificate that is there, where there is one that another is to take the place of.
    fn put_away(&self, keeps_key: bool) -> io::Result<()> {
        let path = self.certificate();
        let root = path.is_file().then(|| Root::read(&path).ok()).flatten();
        let Some(root) = root else {
            return Ok(());
        };
        pairs::private_folder(&self.former_folder())?;
        let kept = self.former_folder().join(format!("{}.pem", root.id));
        if keeps_key {
            let key = zeroize::Zeroizing::new(fs::read(self.key())?);
            pairs::write(&kept.with_extension("key"), &key, 0o600)?;
        }
        pairs::write(&kept, &fs::read(root.path)?, 0o644)
    }

    fn former_folder(&self) -> PathBuf {
        self.folder.join("former")
    }

    /// Takes from others what they may do with the key.
    #[cfg(unix)]
    fn close_key(&self) -> Result<(), Failure> {
        use std::os::unix::fs::PermissionsExt as _;
        let path = self.key();
        let closed = || {
            let mode = fs::metadata(&path)?.permissions().mode();
            if mode & OTHERS != 0 {
                fs::set_permissions(&path, fs::Permissions::from_mode(0o600))?;
                terminal::note(&voice::dev::open_key(&path, mode));
            }
            Ok(())
        };
        closed().map_err(|source| Failure::Unwritable {
            path: path.clone(),
            source,
        })
    }

    /// Elsewhere a file has no such permissions.
    #[cfg(not(unix))]
    fn close_key(&self) -> Result<(), Failure> {
        Ok(())
    }

    fn key(&self) -> PathBuf {
        self.folder.join("ca.key")
    }
}

/// Whether a CA can vouch now: certificates are by whole days, and end with it.
fn is_current(ca: &DevCa, now: Timestamp) -> bool {
    let certificate = ca.certificate();
    certificate.not_before <= now && certificate.not_after.since(now) >= DAY
}

/// The user and the machine, as far as the system says, for who finds the CA in a trust store.
fn owner() -> String {
    let said = |name| std::env::var(name).ok().filter(|text| !text.is_empty());
    let user = said("USER").or_else(|| said("USERNAME"));
    let user: String = user
        .unwrap_or_default()
        .chars()
        .filter(|c| is_plain(*c))
        .collect();
    let parts = [user, machine()];
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    let text: String = parts.join("@").chars().take(OWNER).collect();
    if text.is_empty() {
        "somebody".to_owned()
    } else {
        text
    }
}

/// This machine, as far as the system says; in letters that may stand anywhere.
pub(crate) fn machine() -> String {
    let said = || std::env::var("COMPUTERNAME").ok();
    let name = fs::read_to_string("/etc/hostname").ok().or_else(said);
    let name = name.unwrap_or_default();
    name.trim()
        .chars()
        .filter(|c| is_plain(*c))
        .take(OWNER)
        .collect()
}

fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || "@.-_".contains(c)
}

fn unfit(path: &Path, error: &DevError) -> Failure {
    Failure::Unfit {
        path: path.to_path_buf(),
        why: format!("{error}; `keyway dev ca --anew` makes another one"),
    }
}

/// What cannot be made, and what to do.
pub(crate) fn need(error: &DevError) -> Failure {
    Failure::Need(match error {
        DevError::NotPermitted(other) => format!(
            "{error}. `keyway dev ca --anew --permit {other}` makes a CA that may; for a name that others visit, use a certificate of a public CA"
        ),
        DevError::Everybodys(_) => format!("{error}; permit a name of your own below it"),
        DevError::Over(_) => format!(
            "{error}, before the new certificate would; ask for fewer --days, or make another CA with `keyway dev ca --anew`"
        ),
        _ => error.to_string(),
    })
}

/// What somebody typed as hosts, each once, however often and in whichever way it was written.
pub(crate) fn identifiers(given: &[String]) -> Result<Vec<Identifier>, Failure> {
    let mut read = Vec::new();
    for given in given {
        let one = Identifier::parse(given);
        let one = one.map_err(|error| Failure::Need(error.to_string()))?;
        if !read.contains(&one) {
            read.push(one);
        }
    }
    Ok(read)
}
