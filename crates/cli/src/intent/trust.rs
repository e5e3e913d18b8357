//! Whom to trust: compiled-in roots, the system's, or files.

use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};

use keyway_chain::check::AnchorsError;
use keyway_chain::x509::Certificate;
use keyway_chain::{Anchors, ReadOptions, read};
use rustls::pki_types::CertificateDer;

use super::files::{Refused, read_file};
use super::folder::{Folder, folder};
use super::heap::holds;
use crate::failure::{Failure, RootsFault};
use crate::{terminal, voice};

/// Most files of a folder of roots. Debian's `/etc/ssl/certs` has some 400, twice as many as there are
/// certificates.
const MAX_ROOT_FILES: usize = 10_000;

/// Loads all that was named; nothing that was not.
pub(super) fn anchors(named: &[PathBuf]) -> Result<Anchors, Failure> {
    let is = |path: &Path, word: &str| path == Path::new(word);
    if named.len() > 1 && named.iter().any(|path| is(path, "none")) {
        return Err(Failure::NoneAndRoots);
    }
    let mut anchors = if named.iter().any(|path| is(path, "mozilla")) {
        Anchors::mozilla()
    } else {
        Anchors::none()
    };
    for path in named {
        if is(path, "system") {
            add_system(&mut anchors)?;
        } else if !is_word(path) {
            add_file(&mut anchors, path)?;
        }
    }
    Ok(anchors)
}

fn is_word(named: &Path) -> bool {
    ["mozilla", "system", "none"]
        .map(Path::new)
        .contains(&named)
}

/// Those that are files or folders, and no words.
pub(crate) fn files_of_roots(named: &[PathBuf]) -> impl Iterator<Item = &PathBuf> {
    named.iter().filter(|path| !is_word(path))
}

/// Adds the CA certificates of a file, in any form that `keyway-chain` reads. One that cannot be an
/// anchor is said, and left out.
fn add_file(anchors: &mut Anchors, path: &Path) -> Result<(), Failure> {
    let refuse = |reason| Failure::Roots {
        path: path.to_path_buf(),
        reason,
    };
    if path.is_dir() {
        return add_folder(anchors, path, refuse);
    }
    let before = anchors.len();
    let mut refused = Vec::new();
    for found in held(path)? {
        refused.extend(anchors.add(found).err());
    }
    say_refused(path, &refused, anchors.len() - before);
    Ok(())
}

/// The CA certificates of a file, in any form that `keyway-chain` reads, as they are.
pub(crate) fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, Failure> {
    let found = held(path)?.into_iter();
    Ok(found.map(|it| it.der().clone()).collect())
}

/// What `--roots` names, as certificates for where it does not go: those of a file, or those of a folder's files that can
/// be anchors, each once.
pub(crate) fn roots(path: &Path) -> Result<Vec<CertificateDer<'static>>, Failure> {
    if !path.is_dir() {
        return certificates(path);
    }
    let folder = folder(path, MAX_ROOT_FILES)?;
    let mut anchors = Anchors::none();
    let mut seen = HashSet::new();
    let mut found = Vec::new();
    for certificate in held_in(&folder).flatten() {
        let der = certificate.der().clone();
        if seen.insert(*certificate.sha256()) && anchors.add(certificate).is_ok() {
            found.push(der);
        }
    }
    if found.is_empty() {
        return Err(Failure::Roots {
            path: path.to_path_buf(),
            reason: RootsFault::NoneInFolder,
        });
    }
    Ok(found)
}

/// The certificates of each file of a folder; what cannot be read has none.
fn held_in(folder: &Folder) -> impl Iterator<Item = Vec<Certificate>> {
    folder.files.iter().map(|path| {
        let file = read_file(path).ok();
        let bundle = file.and_then(|file| read(&[file.input()], &ReadOptions::default()).ok());
        let found = bundle.map_or_else(Vec::new, |bundle| bundle.certificates);
        found.into_iter().map(|found| found.certificate).collect()
    })
}

/// The certificates of a file, at least one.
fn held(path: &Path) -> Result<Vec<Certificate>, Failure> {
    let refuse = |reason| Failure::Roots {
        path: path.to_path_buf(),
        reason,
    };
    let file = read_file(path).map_err(|refused| match refused {
        Refused::Unreadable(error)
            if error.kind() == io::ErrorKind::NotFound && !path.is_symlink() =>
        {
            Failure::NoSuchRoots(path.to_path_buf())
        }
        refused => refused.at(path),
    })?;
    let bundle = read(&[file.input()], &ReadOptions::default())?;
    if bundle.certificates.is_empty() {
        let holds = bundle.inputs.first().map_or_else(String::new, holds);
        return Err(refuse(RootsFault::NoCertificate(holds)));
    }
    let found = bundle.certificates.into_iter();
    Ok(found.map(|found| found.certificate).collect())
}

/// Says which certificates are not trusted. The run goes on: one bad root takes nothing from the
/// others, and where none is good, that is what the report is about.
fn say_refused(path: &Path, refused: &[AnchorsError], trusted: usize) {
    for note in voice::roots_refused(path, refused, trusted) {
        terminal::note(&note);
    }
}

/// Adds the CA certificates in the files of a folder, whatever they are called: OpenSSL's `-CApath`
/// without its links. What else lies there is passed over, counted and said.
fn add_folder(
    anchors: &mut Anchors,
    path: &Path,
    refuse: impl Fn(RootsFault) -> Failure,
) -> Result<(), Failure> {
    let folder = folder(path, MAX_ROOT_FILES)?;
    let before = anchors.len();
    let mut passed_over = folder.left_out.len();
    let mut refused = Vec::new();
    // The same certificate lies there under its name, under a digest, and in a file of all.
    let mut seen = HashSet::new();
    for certificates in held_in(&folder) {
        let mut added = false;
        for certificate in certificates {
            if !seen.insert(*certificate.sha256()) {
                added = true;
                continue;
            }
            match anchors.add(certificate) {
                Ok(()) => added = true,
                Err(error) => refused.push(error),
            }
        }
        passed_over += usize::from(!added);
    }
    let trusted = anchors.len() - before;
    if trusted == 0 && refused.is_empty() {
        return Err(refuse(RootsFault::NoneInFolder));
    }
    say_refused(path, &refused, trusted);
    if trusted > 0 {
        terminal::note(&voice::roots_of_folder(path, trusted, passed_over));
    }
    Ok(())
}

/// The certificates of the system's trust store, in DER.
pub(crate) fn system_roots() -> Result<Vec<CertificateDer<'static>>, Failure> {
    let loaded = rustls_native_certs::load_native_certs();
    if loaded.certs.is_empty() {
        let errors = loaded.errors.iter().map(ToString::to_string).collect();
        return Err(Failure::SystemRoots(errors));
    }
    Ok(loaded.certs)
}

/// Adds the system's trust store. A certificate in it that cannot be read is said, and left out.
fn add_system(anchors: &mut Anchors) -> Result<(), Failure> {
    let loaded = rustls_native_certs::load_native_certs();
    let before = anchors.len();
    let mut left_out = 0;
    for der in &loaded.certs {
        let added = Certificate::read(der).is_ok_and(|found| anchors.add(found).is_ok());
        left_out += usize::from(!added);
    }
    if anchors.len() == before {
        let errors = loaded.errors.iter().map(ToString::to_string).collect();
        return Err(Failure::SystemRoots(errors));
    }
    if left_out > 0 {
        terminal::note(&voice::system_roots_left_out(left_out));
    }
    Ok(())
}
