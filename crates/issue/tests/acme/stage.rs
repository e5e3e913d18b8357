//! A CA, an account with it, and somebody who answers for every name.

use std::future::pending;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use keyway_chain::x509::Certificate;
use keyway_chain::{Input, ReadOptions, read};
use keyway_issue::Identifier;
use keyway_issue::acme::http01::{self, Answers};
use keyway_issue::acme::{
    Account, AcmeError, Directory, External, Issued, Patience, Progress, Reserved, Solver, Wanted,
    obtain,
};
use keyway_testkit::pebble::{HTTP_PORT, Pebble, Running};
use rcgen::KeyPair;
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject as _;
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// How long a test waits for Pebble, which answers at once.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) struct Stage {
    pub(crate) pebble: Running,
    pub(crate) folder: TempDir,
    pub(crate) runtime: Runtime,
    pub(crate) answers: Answers,
    /// The directory of the CA, or of who stands before it.
    pub(crate) url: String,
    /// How long an order may take.
    pub(crate) patience: Duration,
    /// Ends when it is dropped.
    listening: Option<http01::Listener>,
}

impl Stage {
    pub(crate) fn new() -> Self {
        Self::with(&Pebble::default())
    }

    /// A CA that behaves like this; every name leads to where http-01 is answered.
    pub(crate) fn with(settings: &Pebble) -> Self {
        let mut stage = Self::silent(settings);
        stage.listening = Some(stage.answer_at(stage.pebble.ip));
        stage
    }

    /// Answers what a CA looks for by http-01.
    pub(crate) fn answer_at(&self, ip: Ipv4Addr) -> http01::Listener {
        let at = SocketAddr::from((ip, HTTP_PORT));
        let _entered = self.runtime.enter();
        http01::Listener::start(&[at], &Reserved::default(), &self.answers).unwrap()
    }

    /// The same, and nobody answers.
    pub(crate) fn silent(settings: &Pebble) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let pebble = settings.start();
        Self {
            url: pebble.directory(),
            patience: PATIENCE,
            pebble,
            runtime: tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap(),
            answers: Answers::at(folder.path().join("answers")),
            listening: None,
            folder,
        }
    }

    pub(crate) fn directory(&self) -> Directory {
        let root = CertificateDer::from_pem_file(self.pebble.root()).unwrap();
        Directory {
            url: self.url.clone(),
            roots: vec![root],
        }
    }

    pub(crate) fn account(&self) -> Result<Account, AcmeError> {
        self.account_of(&[], None)
    }

    pub(crate) fn account_of(
        &self,
        contact: &[String],
        external: Option<&External>,
    ) -> Result<Account, AcmeError> {
        let folder = self.folder.path().join("account");
        let directory = self.directory();
        let opened = Account::open(&directory, &folder, contact, external);
        self.runtime.block_on(opened)
    }

    /// A certificate for these hosts, shown by http-01.
    pub(crate) fn obtain(&self, hosts: &[&str]) -> Result<Issued, AcmeError> {
        self.obtain_by(hosts, &[&self.answers], |_| {})
    }

    pub(crate) fn obtain_by(
        &self,
        hosts: &[&str],
        solvers: &[&dyn Solver],
        change: impl FnOnce(&mut Wanted<'_>),
    ) -> Result<Issued, AcmeError> {
        let account = self.account()?;
        let identifiers = identifiers(hosts);
        let key = KeyPair::generate().unwrap();
        let mut wanted = wanted(&identifiers, &key);
        change(&mut wanted);
        self.runtime.block_on(async {
            let patience = Patience::of(self.patience);
            obtain(&account, &wanted, solvers, patience, |_| {}, pending()).await
        })
    }
}

/// The order that was begun.
pub(crate) fn url_of(told: &Progress<'_>) -> Option<String> {
    match told {
        Progress::Begun(url) => Some((*url).to_owned()),
        Progress::AnotherWay(_) | Progress::Looked { .. } => None,
    }
}

pub(crate) fn wanted<'a>(identifiers: &'a [Identifier], key: &'a KeyPair) -> Wanted<'a> {
    Wanted {
        identifiers,
        key,
        profile: None,
        replaces: None,
        issuer: None,
        order: None,
        led: &[],
        may_miss: usize::MAX,
    }
}

pub(crate) fn identifiers(hosts: &[&str]) -> Vec<Identifier> {
    hosts
        .iter()
        .map(|host| Identifier::parse(host).unwrap())
        .collect()
}

pub(crate) fn certificates(issued: &Issued) -> Vec<Certificate> {
    let input = Input {
        name: "chain",
        bytes: issued.chain.as_bytes(),
    };
    let bundle = read(&[input], &ReadOptions::default()).unwrap();
    bundle
        .certificates
        .into_iter()
        .map(|found| found.certificate)
        .collect()
}

/// The names and addresses of the first certificate, sorted.
pub(crate) fn named(issued: &Issued) -> Vec<String> {
    let leaf = &certificates(issued)[0];
    let names = leaf
        .dns_names()
        .map(|name| String::from_utf8(name.to_vec()).unwrap());
    let addresses = leaf.ip_addresses().map(|bytes| format!("{bytes:?}"));
    let mut all: Vec<String> = names.chain(addresses).collect();
    all.sort();
    all
}
