//! One vector: its input files and what a check of them is asked and expected to say.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::Path;

use keyway_testkit::{Chain, HOST};

/// A vector of one rule.
pub(crate) struct Case {
    code: &'static str,
    name: String,
    note: &'static str,
    inputs: Vec<(String, Vec<u8>)>,
    roots: Option<String>,
    public_roots: bool,
    hosts: Vec<String>,
    at: String,
    purpose: &'static str,
    profile: &'static str,
    passwords: Vec<&'static str>,
    max_intermediates: Option<u8>,
    warn_at: Option<u8>,
    verdicts: Vec<(&'static str, &'static str)>,
}

impl Case {
    /// A vector in which the rule's code is among the findings; `behaviour` in kebab-case words.
    pub(crate) fn fires(code: &'static str, behaviour: &str, note: &'static str) -> Self {
        Self::new(code, format!("fires-{behaviour}"), note)
    }

    /// A vector in which it is not.
    pub(crate) fn silent(code: &'static str, behaviour: &str, note: &'static str) -> Self {
        Self::new(code, format!("silent-{behaviour}"), note)
    }

    fn new(code: &'static str, name: String, note: &'static str) -> Self {
        Self {
            code,
            name,
            note,
            inputs: Vec::new(),
            roots: None,
            public_roots: false,
            hosts: vec![HOST.to_owned()],
            at: "2026-11-23T00:00:00Z".to_owned(),
            purpose: "server",
            profile: "webpki",
            passwords: Vec::new(),
            max_intermediates: None,
            warn_at: None,
            verdicts: Vec::new(),
        }
    }

    /// Adds an input file.
    pub(crate) fn input(mut self, name: &str, bytes: impl Into<Vec<u8>>) -> Self {
        self.inputs.push((name.to_owned(), bytes.into()));
        self
    }

    /// The full chain of a chain as `fullchain.pem`, and its root to trust.
    pub(crate) fn chain(self, chain: &Chain) -> Self {
        self.input("fullchain.pem", chain.fullchain_pem())
            .roots(chain.root_pem())
    }

    /// The roots to trust, PEM.
    pub(crate) fn roots(mut self, pem: String) -> Self {
        self.roots = Some(pem);
        self
    }

    /// The roots are those of a public list: names and keys, without certificates.
    pub(crate) fn public_roots(mut self) -> Self {
        self.public_roots = true;
        self
    }

    /// The hosts asked for, instead of the usual one.
    #[allow(dead_code)]
    pub(crate) fn hosts(mut self, hosts: &[&str]) -> Self {
        self.hosts = hosts.iter().map(|&host| host.to_owned()).collect();
        self
    }

    /// The moment, RFC 3339.
    #[allow(dead_code)]
    pub(crate) fn at(mut self, at: &str) -> Self {
        at.clone_into(&mut self.at);
        self
    }

    /// `server` or `client`.
    #[allow(dead_code)]
    pub(crate) fn purpose(mut self, purpose: &'static str) -> Self {
        self.purpose = purpose;
        self
    }

    /// `webpki`, `rfc5280` or `private`.
    #[allow(dead_code)]
    pub(crate) fn profile(mut self, profile: &'static str) -> Self {
        self.profile = profile;
        self
    }

    /// A password to try.
    pub(crate) fn password(mut self, password: &'static str) -> Self {
        self.passwords.push(password);
        self
    }

    /// The limit on intermediates.
    #[allow(dead_code)]
    pub(crate) fn max_intermediates(mut self, limit: u8) -> Self {
        self.max_intermediates = Some(limit);
        self
    }

    /// The share of the lifetime, in percent, below which `time.expires-soon` warns.
    #[allow(dead_code)]
    pub(crate) fn warn_at(mut self, percent: u8) -> Self {
        self.warn_at = Some(percent);
        self
    }

    /// A verdict that has to come out.
    pub(crate) fn verdict(mut self, name: &'static str, value: &'static str) -> Self {
        self.verdicts.push((name, value));
        self
    }

    /// Writes the files into `out/<code>/<name>/`.
    pub(crate) fn write(&self, out: &Path) -> io::Result<()> {
        let folder = out.join(self.code).join(&self.name);
        fs::create_dir_all(&folder)?;
        for (name, bytes) in &self.inputs {
            fs::write(folder.join(name), bytes)?;
        }
        if let Some(roots) = &self.roots {
            fs::write(folder.join("root.pem"), roots)?;
        }
        fs::write(folder.join("case.json"), self.json())
    }

    fn json(&self) -> String {
        let inputs: Vec<&str> = self.inputs.iter().map(|(name, _)| name.as_str()).collect();
        let hosts: Vec<&str> = self.hosts.iter().map(String::as_str).collect();
        let number = |value: Option<u8>| value.map_or("null".to_owned(), |v| v.to_string());
        let verdicts: Vec<String> = self
            .verdicts
            .iter()
            .map(|(name, value)| format!("{name:?}: {value:?}"))
            .collect();
        let mut out = String::from("{\n");
        let mut line = |name: &str, value: String| {
            let _ = writeln!(out, "  {name:?}: {value},");
        };
        line("inputs", format!("{inputs:?}"));
        line(
            "roots",
            self.roots
                .as_ref()
                .map_or("null".to_owned(), |_| "\"root.pem\"".to_owned()),
        );
        if self.public_roots {
            line("public_roots", "true".to_owned());
        }
        line("hosts", format!("{hosts:?}"));
        line("at", format!("{:?}", self.at));
        line("purpose", format!("{:?}", self.purpose));
        line("profile", format!("{:?}", self.profile));
        line("passwords", format!("{:?}", self.passwords));
        line("max_intermediates", number(self.max_intermediates));
        line("warn_at", number(self.warn_at));
        line("verdicts", format!("{{{}}}", verdicts.join(", ")));
        let _ = write!(out, "  \"note\": {:?}\n}}\n", self.note);
        out
    }
}
