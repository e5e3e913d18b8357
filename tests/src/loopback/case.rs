//! A chain as a server sends it, and what we say of who accepts it.

use keyway_chain::name::Host;
use keyway_chain::{
    Anchors, CheckOptions, Input, Profile, ReadOptions, Report, algorithms, check, read,
};
use keyway_report::Timestamp;
use keyway_testkit::{Certificate, NOW, pem};
use rustls_pki_types::PrivateKeyDer;

use super::private_key;
use crate::vectors::Vector;

/// [`NOW`], as vectors write it.
const MOMENT: &str = "2026-11-23T00:00:00Z";

/// One chain to be asked about.
#[derive(Debug)]
pub struct Case {
    /// What is special about it, in words.
    pub name: String,
    /// The certificates as they are sent, DER.
    pub sent: Vec<Vec<u8>>,
    /// The key of the first.
    pub key: PrivateKeyDer<'static>,
    /// The roots that clients trust, PEM.
    pub roots: String,
    /// The name that clients ask for.
    pub host: String,
}

impl Case {
    /// A server that sends these certificates, with the key of the first.
    pub fn new(name: &str, host: &str, sent: &[&Certificate], root: &Certificate) -> Self {
        Self {
            name: name.to_owned(),
            sent: sent.iter().map(|one| one.der().to_vec()).collect(),
            key: PrivateKeyDer::Pkcs8(sent[0].key().pkcs8_der().into()),
            roots: root.pem(),
            host: host.to_owned(),
        }
    }

    /// What a server sends that is given a vector's files: the leaf, then everything else as it stands.
    /// `None` for what no server of the kit can send, or what is about another moment, public roots or
    /// a client.
    pub fn of_vector(vector: &Vector) -> Option<Self> {
        let case = &vector.case;
        let host = case.hosts.first()?;
        if case.at != MOMENT || case.purpose != "server" || case.public_roots {
            return None;
        }
        let report = vector.check(algorithms::aws_lc_rs());
        let held = vector.bundle().certificates;
        let leaf = *report.served().first()?;
        let others = (0..held.len()).filter(|&index| index != leaf);
        let sent = [leaf].into_iter().chain(others);
        Some(Self {
            name: vector.to_string(),
            sent: sent
                .map(|index| held[index].certificate.der().to_vec())
                .collect(),
            key: private_key(&held[leaf].certificate)?,
            roots: String::from_utf8(vector.roots.clone()?).ok()?,
            host: host.clone(),
        })
    }

    /// Our report, in this profile.
    pub fn report(&self, profile: Profile) -> Report {
        let options = ReadOptions::default();
        let pem: String = self
            .sent
            .iter()
            .map(|der| pem::encode("CERTIFICATE", der))
            .collect();
        let input = |name, bytes| read(&[Input { name, bytes }], &options).expect("within limits");
        let mut anchors = Anchors::none();
        for held in input("roots", self.roots.as_bytes()).certificates {
            anchors.add(held.certificate).expect("an anchor");
        }
        let hosts = [Host::parse(&self.host).expect("a host")];
        let now = Timestamp::from_seconds(NOW);
        let mut options = CheckOptions::new(now, &anchors, algorithms::aws_lc_rs());
        options.hosts = &hosts;
        options.profile = profile;
        check(&input("fullchain.pem", pem.as_bytes()), &options)
    }
}
