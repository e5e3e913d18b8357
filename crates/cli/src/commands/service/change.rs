//! What `enable`, `update` and `disable` share: an edit is tried, judged, shown, written.

use keyway_config::model::{ClientMode, Status};
use keyway_config::{Draft, Edit};

use super::asked::Named;
use super::{InFiles, findings_with, has_errors};
use crate::arguments::TrustArguments;
use crate::failure::Failure;
use crate::intent::moment;
use crate::intent::service::{Judged, ServiceFile, clients, doubled, judge, save};
use crate::terminal::{self, Exit, Look};
use crate::voice;

/// A change that was worked out and not made yet.
pub(super) struct Proposal<'c> {
    /// The file as it is.
    pub(super) file: ServiceFile,
    /// What is changed.
    pub(super) edit: Edit,
    /// The managed name that it gives.
    pub(super) named: Option<Named>,
    /// What is said beside.
    pub(super) notes: Vec<&'static str>,
    /// Whether the files were read anew, and nothing else was asked for.
    pub(super) anew: bool,
    /// By what certificates are judged; `None` where none is looked at.
    pub(super) trust: Option<&'c TrustArguments>,
    /// Whether nothing is written.
    pub(super) dry_run: bool,
}

impl Proposal<'_> {
    /// Tries the edit, and makes the change when nothing speaks against it.
    pub(super) fn carry_out(self, look: Look) -> Result<Exit, Failure> {
        let old = &self.file.draft;
        let new = self.edit.apply(old).map_err(Failure::Edit)?;
        let made = self.named.as_ref().and_then(Named::made);
        let judged = match self.trust {
            Some(trust) => judge(&self.file, &new.service, trust)?,
            None => Vec::new(),
        };
        let shut_out = match self.trust {
            Some(trust) if new.service.tls.client.mode != ClientMode::None => {
                clients(&self.file, &new.service)?.shut_out(moment(trust.at.as_deref())?)
            }
            _ => Vec::new(),
        };
        let in_files = InFiles {
            shut_out,
            doubled: doubled(&judged),
        };
        let found = findings_with(&self.file, &new, None, &in_files);
        if has_errors(&found) || judged.iter().any(is_refused) {
            let refused: Vec<&Judged> = judged.iter().filter(|judged| is_refused(judged)).collect();
            terminal::print(&voice::service::refused(
                &self.file.path,
                &found,
                &refused,
                look,
            ))?;
            return Ok(Exit::Findings);
        }
        for warning in judged.iter().flat_map(voice::service::warnings) {
            terminal::note(&voice::service::warning(&warning));
        }
        let before = self
            .trust
            .and_then(|trust| served_before(&self.file, &new, trust));
        let note = self.named.as_ref().and_then(Named::note);
        let became = (old.service.status(), new.service.status());
        let anew = self.file.exists && became == (Status::Enabled, Status::Auto);
        let anew = anew.then_some(voice::renew::SERVERS_START_ANEW);
        let notes = self.notes.iter().copied().chain(note).chain(anew);
        let notes: Vec<&str> = notes.collect();
        let told = voice::change::Change {
            path: &self.file.path,
            old: self.file.exists.then_some(old),
            new: &new,
            made,
            before: before.as_deref().unwrap_or_default(),
            now: &judged,
            found: &found,
            notes: &notes,
            anew: self.anew,
            dry_run: self.dry_run,
        };
        let text = voice::change::changed(&told, look);
        let is_changed = !self.dry_run && self.make(&new)?;
        match terminal::print(&text) {
            Err(Failure::Output(source)) if is_changed => Err(Failure::Untold {
                path: self.file.path,
                source,
            }),
            told => told.map(|()| Exit::Clean),
        }
    }

    /// Makes the change, and says whether the file is another now.
    fn make(&self, new: &Draft) -> Result<bool, Failure> {
        let old = &self.file.draft;
        // The name first: a file that speaks of a name that nobody keeps would be worse.
        if let Some(named) = &self.named {
            named.keep(&self.file.path)?;
        }
        if new.text() == old.text() && self.file.exists {
            return Ok(false);
        }
        let holds_secrets = |draft: &Draft| !draft.service.open_secrets().is_empty();
        let is_private = holds_secrets(new) || holds_secrets(old);
        save(&self.file.path, new.text(), is_private)?;
        Ok(true)
    }
}

/// The certificates that are served now, for what changes for clients; where they cannot be read any
/// more there is nothing to compare with.
fn served_before(file: &ServiceFile, new: &Draft, trust: &TrustArguments) -> Option<Vec<Judged>> {
    let (old, new) = (&file.draft.service, &new.service.tls);
    if old.tls.certificate == new.certificate && old.tls.certificates == new.certificates {
        return None;
    }
    judge(file, old, trust).ok()
}

/// Whether a certificate must not be served: it is not the key's, not the host's, out of its time, or
/// refused by clients. What is only unknown does not stop anybody.
fn is_refused(judged: &Judged) -> bool {
    let verdicts = judged.report.verdicts;
    let no = keyway_report::Verdict::No;
    let pairs = verdicts.pairs == keyway_report::Verdict::Yes;
    !pairs || verdicts.servable == no || verdicts.accepted == no
}
