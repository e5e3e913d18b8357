//! What a careful client says of the certificates that a server sends.

use std::collections::BTreeMap;

use keyway_chain::name::Host;
use keyway_chain::rules::{Aspect, Kind};
use keyway_chain::{Input, ReadOptions, check, read};
use keyway_report::{Kind as _, Verdict};

use crate::arguments::{JudgeArguments, TrustArguments};
use crate::failure::Failure;
use crate::intent::Standard;

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

    fn judge(&self, host: &str, chain: &[Vec<u8>]) -> Option<Said> {
        let hosts = [Host::parse(host).ok()?];
        let names: Vec<String> = (1..=chain.len()).map(|it| it.to_string()).collect();
        let inputs = names.iter().zip(chain);
        let inputs: Vec<Input<'_>> = inputs.map(|(name, bytes)| Input { name, bytes }).collect();
        let bundle = read(&inputs, &ReadOptions::default()).ok()?;
        let mut options = self.standard.options();
        options.hosts = &hosts;
        let report = check(&bundle, &options);
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
}

/// Whether clients mind it: how files are laid out is no matter of what was sent.
fn is_minded(kind: &Kind) -> bool {
    let of_clients = [Aspect::Chains, Aspect::Named, Aspect::Timely, Aspect::Fit];
    kind.is_error() && of_clients.contains(&kind.aspect())
}
