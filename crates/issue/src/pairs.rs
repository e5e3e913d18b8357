//! Pairs of certificate and key on disk.
//!
//! ```text
//! FOLDER/NAME/3/fullchain.pem     a pair, written once
//! FOLDER/NAME/3/key.pem           for its owner alone
//! FOLDER/NAME/current -> 3        what is served; replaced by renaming
//! ```
//!
//! Whoever reads through `current` sees the old pair or the new one, never a mixture: a server that follows the two
//! files reads both again when the link changes. The pair before stays until the next one is put.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use keyway_chain::Input;
use zeroize::Zeroizing;

use crate::kept::{is_absent, is_damaged, text};
pub use crate::owner::{lock_file, private_folder, write};

/// The name of the link to what is served.
const CURRENT: &str = "current";

/// The next one, until it takes its place.
const NEW: &str = ".current-new";

/// How often a pair is looked for that is swapped at that moment.
const ATTEMPTS: usize = 3;

/// The two files of a pair.
const CHAIN: &str = "fullchain.pem";
const KEY: &str = "key.pem";

/// A certificate with its chain, leaf first and without the root, and its private key, in PEM.
#[derive(Clone, PartialEq, Eq)]
pub struct Pair {
    /// The chain.
    pub chain: String,
    /// The key (PKCS#8).
    pub key: Zeroizing<String>,
}

impl std::fmt::Debug for Pair {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pair")
            .field("chain", &self.chain)
            .field("key", &"[redacted]")
            .finish()
    }
}

impl Pair {
    /// Both, for a check.
    pub fn inputs(&self) -> [Input<'_>; 2] {
        [(CHAIN, self.chain.as_bytes()), (KEY, self.key.as_bytes())]
            .map(|(name, bytes)| Input { name, bytes })
    }
}

/// Where the two files of a name are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Places {
    /// The chain.
    pub chain: PathBuf,
    /// The key.
    pub key: PathBuf,
}

/// A folder of pairs, each under a name.
#[derive(Debug, Clone)]
pub struct Pairs {
    folder: PathBuf,
}

impl Pairs {
    /// Those in a folder, which is made when the first is put.
    pub fn at(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
        }
    }

    /// Where the pair of a name is, or will be. The two change together.
    pub fn places(&self, name: &str) -> Places {
        let current = self.of(name).join(CURRENT);
        Places {
            chain: current.join(CHAIN),
            key: current.join(KEY),
        }
    }

    /// The pair of a name, if there is one. Where `current` is a folder, as a copy that follows links makes it, it is
    /// what that holds; where it leads nowhere, or a file of it is missing or no text, there is none.
    ///
    /// # Errors
    /// The system refuses to read it.
    pub fn current(&self, name: &str) -> io::Result<Option<Pair>> {
        Ok(self.numbered(name)?.map(|(_, pair)| pair))
    }

    /// The same, with its number: it grows with each that is put.
    pub(crate) fn numbered(&self, name: &str) -> io::Result<Option<(u64, Pair)>> {
        let folder = self.of(name);
        finish(&folder);
        for _ in 0..ATTEMPTS {
            // The folder is found once, so that both are of the same pair.
            let Some(target) = target(&folder)? else {
                return Ok(None);
            };
            if let Some(pair) = pair(&folder.join(&target))? {
                let number = target.to_str().and_then(|name| name.parse().ok());
                let newest = || Ok::<_, io::Error>(newest(&generations(&folder)?));
                return Ok(Some((number.map_or_else(newest, Ok)?, pair)));
            }
            // Unless two pairs were put since.
            if self::target(&folder)?.as_ref() == Some(&target) {
                return Ok(None);
            }
        }
        Ok(None)
    }

    /// Puts a pair in the place of the one before, which stays on disk until the next one comes. A crash at any point
    /// leaves the old one or the new one.
    ///
    /// # Errors
    /// The disk is full, or the folder is not to be written to; then what was there is there.
    pub fn put(&self, name: &str, pair: &Pair) -> io::Result<Places> {
        let folder = self.of(name);
        private_folder(&folder)?;
        finish(&folder);
        let newest = newest(&generations(&folder)?);
        let copied = is_folder(&folder.join(CURRENT)).then(|| (newest + 2).to_string());
        let before = match &copied {
            Some(copied) => Some(PathBuf::from(copied)),
            None => fs::read_link(folder.join(CURRENT)).ok(),
        };
        let next = (newest + 1).to_string();
        let made = folder.join(&next);
        private_folder(&made)?;
        write(&made.join(CHAIN), pair.chain.as_bytes(), 0o644)?;
        write(&made.join(KEY), pair.key.as_bytes(), 0o600)?;
        sync(&made)?;
        link(&next, &folder, copied.as_deref())?;
        sync(&folder)?;
        let kept = [
            Some(next.as_str()),
            before.as_deref().and_then(Path::to_str),
        ];
        for old in generations(&folder)? {
            let old = old.to_string();
            if !kept.contains(&Some(old.as_str())) {
                fs::remove_dir_all(folder.join(old))?;
            }
        }
        Ok(self.places(name))
    }

    /// Puts back the newest of the pairs of before that is whole, where the one in place is not: another one has to be given
    /// out first.
    ///
    /// # Errors
    /// Those of the system.
    pub fn put_back(
        &self,
        name: &str,
        is_whole: impl Fn(&Pair) -> bool,
    ) -> io::Result<Option<Pair>> {
        let folder = self.of(name);
        let is_in_place = self.current(name)?.as_ref().is_some_and(&is_whole);
        if is_in_place || is_folder(&folder.join(CURRENT)) || !folder.is_dir() {
            return Ok(None);
        }
        let mut kept = generations(&folder)?;
        kept.sort_unstable_by(|one, other| other.cmp(one));
        for number in kept {
            let number = number.to_string();
            if let Some(pair) = pair(&folder.join(&number))?.filter(&is_whole) {
                link(&number, &folder, None)?;
                sync(&folder)?;
                return Ok(Some(pair));
            }
        }
        Ok(None)
    }

    /// Some of the names that there is something of, as they are called here; the folder, where it cannot be read.
    pub(crate) fn names(&self, most: usize) -> Result<Vec<String>, (PathBuf, io::Error)> {
        let found = match fs::read_dir(&self.folder) {
            Err(error) if is_absent(&error) => return Ok(Vec::new()),
            found => found.map_err(|error| (self.folder.clone(), error))?,
        };
        let names = found.flatten().take(most);
        let names = names.filter_map(|entry| entry.file_name().into_string().ok());
        Ok(names.collect())
    }

    /// Where what belongs to a name is.
    pub fn of(&self, name: &str) -> PathBuf {
        self.folder.join(plain(name))
    }
}

/// What a name is called in a store. A name of a host holds no separator; an address of IPv6 has colons, and a
/// wildcard a star, which some file systems refuse.
pub(crate) fn plain(name: &str) -> String {
    name.replace('*', "_").replace(':', "-")
}

/// Where `current` leads, from the folder that it is in: itself, where it is no link.
fn target(folder: &Path) -> io::Result<Option<PathBuf>> {
    match fs::read_link(folder.join(CURRENT)) {
        Ok(target) => Ok(Some(target)),
        Err(error) if error.kind() == io::ErrorKind::InvalidInput => Ok(Some(CURRENT.into())),
        Err(error) if is_absent(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The pair in a folder, where both files are there and are texts.
fn pair(folder: &Path) -> io::Result<Option<Pair>> {
    let read = |name| match text(&folder.join(name)) {
        Err(error) if is_damaged(&error) => Ok(None),
        other => other,
    };
    let (Some(mut chain), Some(key)) = (read(CHAIN)?, read(KEY)?) else {
        return Ok(None);
    };
    let chain = std::mem::take(&mut *chain);
    Ok(Some(Pair { chain, key }))
}

fn is_folder(path: &Path) -> bool {
    path.symlink_metadata().is_ok_and(|it| it.is_dir())
}

fn newest(generations: &[u64]) -> u64 {
    generations.iter().copied().max().unwrap_or(0)
}

/// The numbers of the pairs that a folder holds, half-written ones among them.
fn generations(folder: &Path) -> io::Result<Vec<u64>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name();
        found.extend(name.to_str().and_then(|name| name.parse::<u64>().ok()));
    }
    Ok(found)
}

fn sync(folder: &Path) -> io::Result<()> {
    if cfg!(unix) {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

/// Makes `current` lead to a folder beside it. No link takes the place of a folder: where `current` is one, it is called
/// otherwise first, when the link is there already; [`finish`] ends what breaks off in between.
#[cfg(unix)]
fn link(target: &str, folder: &Path, copied: Option<&str>) -> io::Result<()> {
    let (new, current) = (folder.join(NEW), folder.join(CURRENT));
    match fs::remove_file(&new) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    std::os::unix::fs::symlink(target, &new)?;
    if let Some(copied) = copied {
        sync(folder)?;
        fs::rename(&current, folder.join(copied))?;
    }
    match fs::rename(new, &current) {
        // Somebody who reads has done so.
        Err(_) if fs::read_link(&current).is_ok_and(|it| it == Path::new(target)) => Ok(()),
        renamed => renamed,
    }
}

#[cfg(not(unix))]
fn link(_: &str, _: &Path, _: Option<&str>) -> io::Result<()> {
    Err(io::Error::new(
        io::ErrorKind::Unsupported,
        "pairs are swapped by symbolic links, which are not to be had here",
    ))
}

/// Puts the next link in its place, where a swap broke off that had taken a folder away. The pair that it leads to was
/// whole before the link was made.
fn finish(folder: &Path) {
    let current = folder.join(CURRENT);
    if current.symlink_metadata().is_err_and(|it| is_absent(&it)) {
        drop(fs::rename(folder.join(NEW), current));
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn pair(text: &str) -> Pair {
        Pair {
            chain: format!("chain {text}"),
            key: Zeroizing::new(format!("key {text}")),
        }
    }

    fn held(pairs: &Pairs) -> String {
        let pair = pairs.current("a.test");
        let pair = pair.expect("a readable folder").expect("a pair");
        format!("{} {}", pair.chain, *pair.key)
    }

    #[test]
    fn a_new_pair_takes_the_place_of_the_old_one_which_stays_until_the_next() {
        let stage = tempfile::tempdir().unwrap();
        let pairs = Pairs::at(stage.path().join("pairs"));
        assert!(pairs.current("a.test").unwrap().is_none());
        for text in ["one", "two", "three"] {
            let places = pairs.put("a.test", &pair(text)).unwrap();
            assert_eq!(
                fs::read_to_string(places.chain).unwrap(),
                format!("chain {text}")
            );
            assert_eq!(held(&pairs), format!("chain {text} key {text}"));
        }
        let mut left = generations(&stage.path().join("pairs/a.test")).unwrap();
        left.sort_unstable();
        assert_eq!(left, [2, 3]);
    }

    #[test]
    fn a_key_and_its_folder_are_for_their_owner_alone() {
        let stage = tempfile::tempdir().unwrap();
        let pairs = Pairs::at(stage.path().join("pairs"));
        let places = pairs.put("*.a.test", &pair("one")).unwrap();
        let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&places.key), 0o600);
        assert_eq!(mode(&places.chain), 0o644);
        assert_eq!(mode(&stage.path().join("pairs")), 0o700);
    }

    /// What every step of a put leaves behind, when nothing follows it.
    #[test]
    fn what_breaks_off_leaves_the_old_pair_and_the_next_goes_through() {
        let stage = tempfile::tempdir().unwrap();
        let pairs = Pairs::at(stage.path());
        pairs.put("a.test", &pair("old")).unwrap();
        let folder = stage.path().join("a.test");
        let steps: [&dyn Fn(); 4] = [
            &|| fs::create_dir(folder.join("2")).unwrap(),
            &|| fs::write(folder.join("2").join(CHAIN), "chain half").unwrap(),
            &|| fs::write(folder.join("2").join(KEY), "key half").unwrap(),
            &|| std::os::unix::fs::symlink("2", folder.join(".current-new")).unwrap(),
        ];
        for step in steps {
            step();
            assert_eq!(held(&pairs), "chain old key old");
        }
        pairs.put("a.test", &pair("new")).unwrap();
        assert_eq!(held(&pairs), "chain new key new");
    }

    #[test]
    fn what_is_shown_of_a_pair_holds_no_key() {
        assert!(!format!("{:?}", pair("secret")).contains("key secret"));
    }
}
