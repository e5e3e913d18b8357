//! The ways that would be gone, as far as that is seen without listening anywhere.

use std::io;

use keyway_config::model::AcmeChallenge;
use keyway_issue::Identifier;
use keyway_issue::acme::{Kind, Solver};

use super::places::Places;
use super::{by_records, foreign, wanted};
use crate::failure::Failure;
use crate::intent::issuing::managed::Managed;
use crate::intent::service::ServiceFile;
use crate::voice;

/// The ways that would be gone, and why others would not.
pub(crate) struct Foreseen {
    /// As ACME calls them, the first one first.
    pub(crate) kinds: Vec<Kind>,
    /// Why a way cannot be gone, each in words.
    pub(crate) closed: Vec<String>,
    /// Those of `kinds` at whose places somebody else answers.
    doubtful: Vec<Kind>,
    /// Whether somebody would listen for http-01 where a CA comes to who does not yet.
    pub(crate) will_listen: bool,
    records: Option<Box<dyn Solver>>,
}

impl Foreseen {
    /// Those of a service file.
    pub(crate) async fn of(file: &ServiceFile, managed: &Managed) -> Result<Self, Failure> {
        let mut foreseen = Self {
            kinds: Vec::new(),
            closed: Vec::new(),
            doubtful: Vec::new(),
            will_listen: false,
            records: None,
        };
        for way in wanted(file) {
            match way {
                AcmeChallenge::Http01 => foreseen.look(Kind::Http01, file, managed).await?,
                AcmeChallenge::TlsAlpn01 => foreseen.look(Kind::TlsAlpn01, file, managed).await?,
                AcmeChallenge::Dns01 => {
                    let (records, closed) = by_records(file, Some(&managed.hosts)).await?;
                    foreseen
                        .kinds
                        .extend(records.is_some().then_some(Kind::Dns01));
                    foreseen.records = records;
                    foreseen.closed.extend(closed);
                }
            }
        }
        foreseen.kinds.extend(&foreseen.doubtful);
        Ok(foreseen)
    }

    /// A way by which a CA comes to this machine.
    async fn look(
        &mut self,
        kind: Kind,
        file: &ServiceFile,
        managed: &Managed,
    ) -> Result<(), Failure> {
        let Some(places) = Places::of(file, kind) else {
            return Ok(());
        };
        let will_listen = kind == Kind::Http01 && places.is_come_to();
        match places.try_all()? {
            Ok(()) => self.will_listen |= will_listen,
            // Whoever does it in earnest may be another user.
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
                self.will_listen |= will_listen;
            }
            Err(error) if error.kind() == io::ErrorKind::AddrInUse && kind == Kind::Http01 => {
                if let Some(told) = foreign(&places, file, managed).await {
                    self.closed.push(told);
                    self.doubtful.push(kind);
                    return Ok(());
                }
            }
            Err(error) => {
                self.closed.push(voice::renew::place_unusable(kind, &error));
                return Ok(());
            }
        }
        self.kinds.push(kind);
        Ok(())
    }

    /// Whether there is a way to show this host.
    pub(crate) fn can(&self, host: &Identifier) -> bool {
        self.by_some(&self.kinds, host)
    }

    /// Whether there is one that does not lead to somebody else, as far as that is seen.
    pub(crate) fn is_clear(&self, host: &Identifier) -> bool {
        let clear: Vec<Kind> = self
            .kinds
            .iter()
            .copied()
            .filter(|kind| !self.doubtful.contains(kind))
            .collect();
        self.by_some(&clear, host)
    }

    /// Whether somebody else has the place of http-01.
    pub(crate) fn is_taken(&self) -> bool {
        self.doubtful.contains(&Kind::Http01)
    }

    fn by_some(&self, kinds: &[Kind], host: &Identifier) -> bool {
        let is_wildcard = matches!(host, Identifier::Dns(name) if name.starts_with("*."));
        let by_look = kinds.iter().any(|kind| *kind != Kind::Dns01);
        let mut records = self.records.iter();
        (by_look && !is_wildcard) || records.any(|records| records.can(host))
    }
}
