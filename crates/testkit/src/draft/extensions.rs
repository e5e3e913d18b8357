//! The extensions.

use super::{Draft, Entry};
use crate::{Extension, GeneralName, KeyUsage, der, oid};

impl Draft {
    /// Sets an extension: in the place of the one with its identifier, else at the end.
    pub fn extension(mut self, extension: Extension) -> Self {
        let at = self
            .extensions
            .iter()
            .position(|entry| entry.oid() == extension.oid);
        match at {
            Some(index) => self.extensions[index] = Entry::Given(extension),
            None => self.extensions.push(Entry::Given(extension)),
        }
        self
    }

    /// Adds an extension though one with its identifier may be there.
    pub fn repeated_extension(mut self, extension: Extension) -> Self {
        self.extensions.push(Entry::Given(extension));
        self
    }

    /// Leaves out the extension with that identifier.
    pub fn without(mut self, oid: &str) -> Self {
        self.extensions.retain(|entry| entry.oid() != oid);
        self
    }

    /// Leaves out all extensions; the field goes with them.
    pub fn without_extensions(mut self) -> Self {
        self.extensions.clear();
        self
    }

    /// Marks an extension critical, or not. Panics where there is none.
    pub fn critical(mut self, oid: &str, critical: bool) -> Self {
        let at = self.extensions.iter().position(|entry| entry.oid() == oid);
        let index = at.expect("the draft has that extension");
        let mut extension = self.resolved(&self.extensions[index]);
        extension.critical = critical;
        self.extensions[index] = Entry::Given(extension);
        self
    }

    /// Whether the draft has an extension with that identifier.
    pub fn has(&self, oid: &str) -> bool {
        self.extensions.iter().any(|entry| entry.oid() == oid)
    }

    /// Basic constraints: a CA or not, with a path length or without.
    pub fn basic_constraints(self, ca: bool, path_len: Option<u64>) -> Self {
        self.extension(Extension::basic_constraints(ca, path_len))
    }

    /// Basic constraints: a CA with that path length.
    pub fn path_len(self, length: u64) -> Self {
        self.basic_constraints(true, Some(length))
    }

    /// Key usage.
    pub fn key_usage(self, bits: &[KeyUsage]) -> Self {
        self.extension(Extension::key_usage(bits))
    }

    /// Extended key usage, by object identifiers.
    pub fn eku(self, purposes: &[&str]) -> Self {
        self.extension(Extension::extended_key_usage(purposes))
    }

    /// Subject alternative names of any kind.
    pub fn san(self, names: &[GeneralName]) -> Self {
        self.extension(Extension::subject_alt_name(names))
    }

    /// Subject alternative names: DNS names alone.
    pub fn san_dns(self, names: &[&str]) -> Self {
        let names: Vec<_> = names.iter().map(|name| GeneralName::dns(name)).collect();
        self.san(&names)
    }

    /// Subject alternative names: addresses alone.
    pub fn san_ip(self, addresses: &[&str]) -> Self {
        let names: Vec<_> = addresses
            .iter()
            .map(|address| GeneralName::ip(address))
            .collect();
        self.san(&names)
    }

    /// Name constraints.
    pub fn name_constraints(self, permitted: &[GeneralName], excluded: &[GeneralName]) -> Self {
        self.extension(Extension::name_constraints(permitted, excluded))
    }

    /// A subject key identifier that need not be the key's.
    pub fn subject_key_id(self, id: &[u8]) -> Self {
        self.extension(Extension::subject_key_id(id))
    }

    /// An authority key identifier that need not be the issuer's.
    pub fn authority_key_id(self, id: &[u8]) -> Self {
        self.extension(Extension::authority_key_id(id))
    }

    /// Where the issuer's certificate is to be fetched.
    pub fn issuer_url(self, url: &str) -> Self {
        self.extension(Extension::authority_info_access(&[(oid::CA_ISSUERS, url)]))
    }

    /// So many timestamps of logs, dated when the certificate begins.
    pub fn scts(self, count: u8) -> Self {
        let start = self.not_before;
        self.extension(Extension::sct_list(count, start))
    }

    /// The value of the subject key identifier, whether given or the key's own.
    pub(crate) fn own_key_id(&self) -> Vec<u8> {
        let entry = self
            .extensions
            .iter()
            .find(|entry| entry.oid() == oid::SUBJECT_KEY_ID);
        match entry {
            Some(Entry::Given(given)) => given.value.get(2..).unwrap_or_default().to_vec(),
            _ => self.key.id(),
        }
    }

    /// `[3]` with all extensions; nothing at all where there are none.
    pub(super) fn extensions_der(&self) -> Vec<u8> {
        if self.extensions.is_empty() {
            return Vec::new();
        }
        let all: Vec<_> = self
            .extensions
            .iter()
            .map(|entry| self.resolved(entry).der())
            .collect();
        der::explicit(3, &der::sequence(&all))
    }

    fn resolved(&self, entry: &Entry) -> Extension {
        match entry {
            Entry::Given(extension) => extension.clone(),
            Entry::SubjectKeyId => Extension::subject_key_id(&self.key.id()),
            Entry::AuthorityKeyId => {
                let signer = self.issuer.as_ref().map(|issuer| issuer.key_id.clone());
                Extension::authority_key_id(&signer.unwrap_or_else(|| self.own_key_id()))
            }
        }
    }
}

impl Entry {
    fn oid(&self) -> &str {
        match self {
            Self::Given(extension) => &extension.oid,
            Self::SubjectKeyId => oid::SUBJECT_KEY_ID,
            Self::AuthorityKeyId => oid::AUTHORITY_KEY_ID,
        }
    }
}
