//! A certificate from a CA that speaks ACME.

use keyway_chain::x509::Certificate;
use keyway_issue::acme::{
    Account, AcmeError, Directory, External, Patience, Wanted, obtain, order,
};
use keyway_issue::renewal::Validity;
use keyway_issue::{KeyPair, Pair};
use keyway_report::Timestamp;
use zeroize::Zeroizing;

use super::managed::Managed;
use super::order::Wish;
use super::preflight::look;
use super::ways::Ways;
use crate::failure::Failure;
use crate::intent::service::{ServiceFile, secret};
use crate::intent::{certificates, system_roots, wait_for};
use crate::voice;
use crate::voice::renew::Step;

/// Why there is no certificate.
pub(super) struct Refused {
    pub(super) failure: Failure,
    /// After how many seconds the CA may be asked again, where it said so.
    pub(super) retry_after: Option<u64>,
}

impl From<Failure> for Refused {
    fn from(failure: Failure) -> Self {
        Self {
            failure,
            retry_after: None,
        }
    }
}

impl Refused {
    fn of(error: &AcmeError) -> Self {
        Self {
            failure: voice::renew::refused(error),
            retry_after: error.retry_after(),
        }
    }
}

/// Asks a CA when it wants the certificate to be renewed, where it is time to (RFC 9773). What it does not say, a part
/// of the lifetime decides.
pub(super) fn suggested(
    managed: &Managed,
    file: &ServiceFile,
    url: &str,
    now: Timestamp,
) -> Result<(), Failure> {
    let Some((_, certificate)) = managed.current()? else {
        return Ok(());
    };
    let mut record = managed.record();
    let validity = Validity::of(&certificate);
    if record.history.ask(validity, now).is_none_or(|at| at > now) {
        return Ok(());
    }
    let directory = directory(file, url)?;
    let folder = managed.account(url);
    let asked = wait_for(async {
        // The account is there, as it gave the certificate out.
        let account = Account::open(&directory, &folder, &[], None).await?;
        account.window(&certificate).await
    })?;
    record.history.told(asked.ok().flatten(), now);
    managed.keep(&record)
}

fn directory(file: &ServiceFile, url: &str) -> Result<Directory, Failure> {
    let roots = match &file.draft.service.tls.acme.roots {
        Some(path) => certificates(&file.beside(path))?,
        None => system_roots()?,
    };
    Ok(Directory {
        url: url.to_owned(),
        roots,
    })
}

/// An order at a CA.
pub(super) struct Ordering<'a> {
    pub(super) managed: &'a Managed,
    pub(super) file: &'a ServiceFile,
    pub(super) wish: &'a Wish<'a>,
    pub(super) tell: &'a dyn Fn(&Step<'_>),
    pub(super) before: Option<&'a (Pair, Certificate)>,
}

impl Ordering<'_> {
    pub(super) fn run(&self, url: &str) -> Result<Pair, Refused> {
        let acme = &self.file.draft.service.tls.acme;
        let directory = directory(self.file, url)?;
        let external = self.external()?;
        let pending = self.managed.pending();
        let kept = self.before.filter(|_| acme.keep_key);
        let key = pending.key(kept.map(|(pair, _)| pair.key.as_str()));
        let key = key.map_err(|error| Failure::Need(error.to_string()))?;
        let chain = wait_for(self.chain(&directory, external.as_ref(), &key))??;
        Ok(Pair {
            chain,
            key: Zeroizing::new(key.serialize_pem()),
        })
    }

    async fn chain(
        &self,
        directory: &Directory,
        external: Option<&External>,
        key: &KeyPair,
    ) -> Result<String, Refused> {
        let managed = self.managed;
        let acme = &self.file.draft.service.tls.acme;
        let ways = Ways::open(self.file, &managed.answers(), self.wish.served)?;
        for closed in &ways.closed {
            crate::terminal::note(closed);
        }
        if let Some(host) = managed.hosts.iter().find(|host| !ways.can(host)) {
            return Err(Failure::Need(voice::renew::no_way(host, &ways.kinds())).into());
        }
        let contact: Vec<String> = acme.contact.iter().map(str::to_owned).collect();
        let folder = managed.account(&directory.url);
        let opened = Account::open(directory, &folder, &contact, external).await;
        let account = opened.map_err(|error| Refused::of(&error))?;
        (self.tell)(&Step::Account(account.id()));
        let mut issuers = account.issuers();
        issuers.extend(self.file.draft.service.managed_issuer().map(str::to_owned));
        let is_hopeless = look(self.file, managed, &issuers, &ways.kinds(), self.tell).await?;
        if is_hopeless && !self.wish.blindly {
            return Err(Failure::Need(voice::renew::HOPELESS.to_owned()).into());
        }
        (self.tell)(&Step::Ordering(&managed.hosts, &ways.kinds()));
        let pending = managed.pending();
        let before = pending.order(&managed.hosts);
        let wanted = Wanted {
            identifiers: &managed.hosts,
            key,
            profile: acme.profile.as_deref(),
            replaces: self.before.map(|(_, certificate)| certificate),
            issuer: acme.chain.as_deref(),
            order: before.as_deref(),
        };
        let solvers = ways.solvers();
        let patience = Patience::of(order::PATIENCE);
        let begun = |url: &str| pending.keep_order(url, &managed.hosts);
        let issued = obtain(&account, &wanted, &solvers, patience, begun).await;
        let issued = issued.map_err(|error| Refused::of(&error))?;
        Ok(issued.chain)
    }

    fn external(&self) -> Result<Option<External>, Failure> {
        let account = &self.file.draft.service.tls.acme.external_account;
        let Some(account) = account else {
            return Ok(None);
        };
        let field = "tls.acme.external_account.key";
        let text = secret(&account.key, &self.file.folder(), field)?;
        let text = std::str::from_utf8(&text).ok();
        let external = text.and_then(|text| External::read(&account.key_id, text));
        let external = external.ok_or_else(|| Failure::Need(voice::renew::no_key(field)))?;
        Ok(Some(external))
    }
}
