//! A renewal that a service file asks for (`tls.renew`): done once, and asked for no more.

use std::path::Path;

use keyway_config::Edit;

use crate::failure::Failure;
use crate::intent::service::{ServiceFile, save};
use crate::voice;

/// Takes the wish out of the file, where it is still there.
pub(crate) fn done(path: &Path) -> Result<(), Failure> {
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
