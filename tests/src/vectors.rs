//! The rule vectors: input files, what a check of them is asked, and what it has to say.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use keyway_chain::algorithms::Algorithms;
use keyway_chain::name::Host;
use keyway_chain::{
    Anchors, Bundle, CheckOptions, Input, Profile, Purpose, ReadOptions, Report, check, read,
};
use keyway_report::Timestamp;
use serde::Deserialize;

/// One vector, with its files read.
pub struct Vector {
    /// Code of the rule.
    pub code: String,
    /// Whether the rule has to fire.
    pub fires: bool,
    /// `fires-…` or `silent-…`: the behaviour in words.
    pub name: String,
    /// What is asked and expected.
    pub case: Case,
    /// Input files: name and contents.
    pub files: Vec<(String, Vec<u8>)>,
    /// The roots to trust, PEM.
    pub roots: Option<Vec<u8>>,
}

/// `case.json`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// Input files, in order.
    pub inputs: Vec<String>,
    /// File of the roots.
    pub roots: Option<String>,
    /// Whether the roots are those of a public list: names and keys, without certificates.
    #[serde(default)]
    pub public_roots: bool,
    /// Hosts asked for.
    pub hosts: Vec<String>,
    /// The moment.
    pub at: String,
    /// `server` or `client`.
    pub purpose: String,
    /// `webpki`, `rfc5280` or `private`.
    pub profile: String,
    /// Passwords to try.
    pub passwords: Vec<String>,
    /// Limit on intermediates.
    pub max_intermediates: Option<u8>,
    /// Share of the lifetime, in percent.
    #[serde(default)]
    pub warn_at: Option<u8>,
    /// Verdicts that have to come out.
    #[serde(default)]
    pub verdicts: BTreeMap<String, String>,
    /// What it shows.
    pub note: String,
}

/// Where the rule vectors are.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors/rules")
}

/// All rule vectors, in the order of their names.
///
/// # Panics
/// When a vector cannot be read: that is the failure of the test that asks.
pub fn rules() -> Vec<Vector> {
    let mut out = Vec::new();
    for code in names(&folder()) {
        for name in names(&folder().join(&code)) {
            out.push(Vector::load(&code, &name));
        }
    }
    out
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("the vectors are there");
    let mut names: Vec<String> = entries
        .map(|entry| {
            entry
                .expect("a readable folder")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    names.sort();
    names
}

impl Vector {
    fn load(code: &str, name: &str) -> Self {
        let folder = folder().join(code).join(name);
        let bytes = |file: &str| {
            fs::read(folder.join(file))
                .unwrap_or_else(|error| panic!("{code}/{name}/{file}: {error}"))
        };
        let case: Case = serde_json::from_slice(&bytes("case.json"))
            .unwrap_or_else(|error| panic!("{code}/{name}/case.json: {error}"));
        assert!(
            name.starts_with("fires-") || name.starts_with("silent-"),
            "{code}/{name}"
        );
        Self {
            code: code.to_owned(),
            fires: name.starts_with("fires-"),
            name: name.to_owned(),
            files: case
                .inputs
                .iter()
                .map(|file| (file.clone(), bytes(file)))
                .collect(),
            roots: case.roots.as_deref().map(bytes),
            case,
        }
    }

    /// Reads it.
    ///
    /// # Panics
    /// When its inputs are past a limit.
    pub fn bundle(&self) -> Bundle {
        let inputs: Vec<Input<'_>> = self
            .files
            .iter()
            .map(|(name, bytes)| Input { name, bytes })
            .collect();
        let passwords: Vec<&[u8]> = self.case.passwords.iter().map(String::as_bytes).collect();
        read(
            &inputs,
            &ReadOptions {
                passwords: &passwords,
            },
        )
        .expect("within limits")
    }

    /// Reads and checks it.
    ///
    /// # Panics
    /// When the vector itself is wrong: an option that does not parse, inputs past a limit.
    pub fn check(&self, algorithms: Algorithms<'_>) -> Report {
        let bundle = self.bundle();
        let anchors = anchors(self.roots.as_deref(), self.case.public_roots);
        let hosts: Vec<Host> = self
            .case
            .hosts
            .iter()
            .map(|host| Host::parse(host).unwrap_or_else(|error| panic!("{self}: {error}")))
            .collect();
        let now = Timestamp::parse(&self.case.at).expect("a moment");
        let mut options = CheckOptions::new(now, &anchors, algorithms);
        options.hosts = &hosts;
        options.max_intermediates = self.case.max_intermediates;
        options.purpose = match self.case.purpose.as_str() {
            "client" => Purpose::Client,
            _ => Purpose::Server,
        };
        options.profile = match self.case.profile.as_str() {
            "rfc5280" => Profile::Rfc5280,
            "private" => Profile::Private,
            _ => Profile::Webpki,
        };
        if let Some(percent) = self.case.warn_at {
            options.warn_at_percent = percent;
        }
        check(&bundle, &options)
    }
}

impl fmt::Display for Vector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.code, self.name)
    }
}

/// Anchors from PEM; none without.
fn anchors(pem: Option<&[u8]>, are_public: bool) -> Anchors {
    let mut anchors = Anchors::none();
    let input = Input {
        name: "roots",
        bytes: pem.unwrap_or_default(),
    };
    let bundle = read(&[input], &ReadOptions::default()).expect("within limits");
    for held in bundle.certificates {
        if are_public {
            anchors.add_public_certificate(&held.certificate)
        } else {
            anchors.add(held.certificate)
        }
        .expect("an anchor");
    }
    anchors
}
