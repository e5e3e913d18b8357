//! Whom to trust: compiled-in roots, the system's, or files.

use std::path::{Path, PathBuf};

use keyway_chain::x509::Certificate;
use keyway_chain::{Anchors, ReadOptions, read};

use super::files::read_file;
use crate::failure::{Failure, RootsFault};
use crate::{terminal, voice};

/// Loads all that was named; nothing that was not.
pub(super) fn anchors(named: &[PathBuf]) -> Result<Anchors, Failure> {
    let is = |path: &Path, word: &str| path == Path::new(word);
    let mut anchors = if named.iter().any(|path| is(path, "mozilla")) {
        Anchors::mozilla()
    } else {
        Anchors::none()
    };
    for path in named {
        if is(path, "system") {
            add_system(&mut anchors)?;
        } else if !is(path, "mozilla") && !is(path, "none") {
            add_file(&mut anchors, path)?;
        }
    }
    Ok(anchors)
}

/// Adds the CA certificates of a file, in any form that `keyway-chain` reads.
fn add_file(anchors: &mut Anchors, path: &Path) -> Result<(), Failure> {
    let refuse = |reason| Failure::Roots {
        path: path.to_path_buf(),
        reason,
    };
    let file = read_file(path).map_err(|refused| refused.at(path))?;
    let bundle = read(&[file.input()], &ReadOptions::default())?;
    if bundle.certificates.is_empty() {
        return Err(refuse(RootsFault::NoCertificate));
    }
    for held in bundle.certificates {
        anchors
            .add(held.certificate)
            .map_err(|error| refuse(RootsFault::Refused(error.to_string())))?;
    }
    Ok(())
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
