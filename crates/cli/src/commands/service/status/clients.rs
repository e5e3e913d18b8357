//! What a careful client says of the certificates that a server sends.

use std::collections::BTreeMap;

use keyway_chain::name::Host;
use keyway_chain::rules::{Aspect, Kind};
use keyway_chain::x509::Certificate;
use keyway_chain::{Input, ReadOptions, Report, check, read};
use keyway_report::{Kind as _, Verdict};

use crate::arguments::{JudgeArguments, TrustArguments};
use crate::failure::Failure;
use crate::intent::{Standard, fingerprint};

/// A verdict, and the rules behind a "no".
type Said = (Verdict, Vec<&'static str>);

/// Judges as clients do that ask for a host by its name. What was judged once is not judged again.
pub(super) struct Clients {
    standard: Standard,
    said: BTreeMap<(String, Vec<Vec<u8>>), Said>,
}

impl Clients {
    /// Clients that trust these.
    pub(super) fn new(trust: &TrustArguments) -> Result<Self, Failure> {
        Ok(Self {
            standard: Standard::resolve(&JudgeArguments::server(Vec::new(), trust))?,
            said: BTreeMap::new(),
        })
    }

    /// What they say of what was sent, for a host; unknown where it cannot be judged.
    pub(super) fn say(&mut self, host: &str, chain: &[Vec<u8>]) -> Said {
        let key = (host.to_owned(), chain.to_vec());
        if let Some(said) = self.said.get(&key) {
            return said.clone();
        }
        let said = self
            .judge(host, chain)
            .unwrap_or((Verdict::Unknown, Vec::new()));
        self.said.insert(key, said.clone());
        said
    }

    /// Clients hold the first for the server's, whatever comes behind it (RFC 8446, section 4.4.2).
    fn judge(&self, host: &str, chain: &[Vec<u8>]) -> Option<Said> {
        let hosts = [Host::parse(host).ok()?];
        let first = fingerprint(chain.first()?);
        let is_of_first = |report: &Report| {
            let leaf = report.certificates.first();
            leaf.is_some_and(|leaf| leaf.sha256 == first)
        };
        let report = self
            .report(&hosts, chain.iter())
            .filter(is_of_first)
            .or_else(|| {
                // Another server's among them is of no use to anybody.
                let (first, others) = chain.split_first()?;
                let others = others.iter().filter(|der| is_ca(der));
                self.report(&hosts, std::iter::once(first).chain(others))
            });
        let report = report.filter(is_of_first)?;
        let accepted = report.verdicts.accepted;
        let mut codes = Vec::new();
        let errors = report.findings.iter().map(|finding| &finding.kind);
        for kind in errors.filter(|kind| accepted == Verdict::No && is_minded(kind)) {
            if !codes.contains(&kind.rule().code) {
                codes.push(kind.rule().code);
            }
        }
        Some((accepted, codes))
    }

    fn report<'c>(
        &self,
        hosts: &[Host],
        chain: impl Iterator<Item = &'c Vec<u8>>,
    ) -> Option<Report> {
        let named: Vec<(String, &[u8])> = chain
            .enumerate()
            .map(|(at, der)| ((at + 1).to_string(), der.as_slice()))
            .collect();
        let inputs = named.iter().map(|(name, bytes)| Input { name, bytes });
        let inputs: Vec<Input<'_>> = inputs.collect();
        let bundle = read(&inputs, &ReadOptions::default()).ok()?;
        let mut options = self.standard.options();
        options.hosts = hosts;
        Some(check(&bundle, &options))
    }
}

fn is_ca(der: &[u8]) -> bool {
    Certificate::read(der).is_ok_and(|certificate| certificate.is_ca())
}

/// Whether clients mind it: how files are laid out is no matter of what was sent.
fn is_minded(kind: &Kind) -> bool {
    let of_clients = [Aspect::Chains, Aspect::Named, Aspect::Timely, Aspect::Fit];
    kind.is_error() && of_clients.contains(&kind.aspect())
}
