//! A renewal that a service file asks for (`tls.renew`): done once, and asked for no more. Where it cannot be taken out of
//! the file, the certificate's folder says that it was done, for as long as the file has it.

use std::fs;
use std::path::Path;

use keyway_config::Edit;
use keyway_issue::pairs::write;

use super::managed::Managed;
use crate::failure::Failure;
use crate::intent::service::{ServiceFile, save};
use crate::voice;

/// The service file whose wish was done, and stands there still.
const MARK: &str = "wish-done";

/// Whether a renewal is asked for that was not done yet.
pub(crate) fn is_open(managed: &Managed, file: &ServiceFile) -> bool {
    file.draft.service.tls.renew && !is_done(managed, file)
}

/// Whether one is asked for that was done.
pub(crate) fn is_done(managed: &Managed, file: &ServiceFile) -> bool {
    let by = || fs::read_to_string(managed.folder().join(MARK)).ok();
    file.draft.service.tls.renew && by().is_some_and(|by| managed.is_by(Path::new(&by)))
}

/// Forgets what was done where it is asked for no more: the next wish is another one.
pub(super) fn forget(managed: &Managed, file: &ServiceFile) {
    if !file.draft.service.tls.renew {
        // It is not there, but for once in years.
        drop(fs::remove_file(managed.folder().join(MARK)));
    }
}

/// Takes the wish out of the file, where it is still there. Where that cannot be, says why, and notes that it was done.
///
/// # Errors
/// Where that cannot be noted either.
pub(crate) fn done(managed: &Managed, path: &Path) -> Result<Option<Failure>, Failure> {
    let Err(why) = take_out(path) else {
        return Ok(None);
    };
    let mark = managed.folder().join(MARK);
    let by = managed.wanted.service.to_string_lossy();
    let noted = write(&mark, by.as_bytes(), 0o600);
    noted.map_err(|source| Failure::Unwritable { path: mark, source })?;
    Ok(Some(why))
}

fn take_out(path: &Path) -> Result<(), Failure> {
    let file = ServiceFile::open_to_change(path)?;
    let draft = &file.draft;
    if !draft.service.tls.renew {
        return Ok(());
    }
    let new = Edit::new().remove("tls.renew").apply(draft);
    let new = new.map_err(Failure::Edit)?;
    if new.service.tls.renew {
        return Err(Failure::Need(voice::renew::still_there(path)));
    }
    save(path, new.text(), !draft.service.open_secrets().is_empty())
}
