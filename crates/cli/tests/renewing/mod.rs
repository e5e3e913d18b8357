//! A machine whose names a real CA, Pebble, vouches for.
#![allow(dead_code, reason = "every test file uses its own part of it")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use keyway_testkit::pebble::{HTTP_PORT, Pebble, Running, TLS_PORT};
use tempfile::TempDir;

pub(crate) const KEYWAY: &str = env!("CARGO_BIN_EXE_keyway");

/// The host of every service here; it leads to where Pebble is.
pub(crate) const HOST: &str = "www.example.com";

pub(crate) struct Machine {
    pub(crate) pebble: Running,
    folder: TempDir,
}

impl Machine {
    pub(crate) fn with(settings: &Pebble) -> Self {
        let pebble = settings.start();
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("roots.pem"), pebble.issuing_root(0)).unwrap();
        Self { pebble, folder }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Where the service listens.
    pub(crate) fn address(&self) -> String {
        format!("{}:8443", self.pebble.ip)
    }

    /// A service file whose certificate Pebble gives out: `more` stands in `[tls.acme]`.
    pub(crate) fn service(&self, more: &str) {
        self.service_of(&format!("host = \"{HOST}\""), "", more);
    }

    /// The same with other hosts, and other words in `[tls]`.
    pub(crate) fn service_of(&self, top: &str, tls: &str, acme: &str) {
        let ip = self.pebble.ip;
        let dns = if acme.contains("[dns]") {
            String::new()
        } else {
            format!("[dns]\nresolvers = \"{}\"\n", self.pebble.names())
        };
        let text = format!(
            "{top}\nupstream = \"http://127.0.0.1:1\"\nlisten = \"{}\"\n\n[tls]\nstatus = \"auto\"\nissuer = \"{}\"\n{tls}\n\
             {dns}\n[tls.acme]\nroots = \"{}\"\nhttp = \"{ip}:{HTTP_PORT}\"\ntls = \"{ip}:{TLS_PORT}\"\n{acme}\n",
            self.address(),
            self.pebble.directory(),
            self.pebble.root().display(),
        );
        fs::write(self.path("keyway.toml"), text).unwrap();
    }

    pub(crate) fn command(&self) -> Command {
        self.command_of(KEYWAY)
    }

    /// A program that starts `keyway`, or takes its place.
    pub(crate) fn command_of(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command
            .current_dir(self.folder.path())
            .env("KEYWAY_STATE", self.path("state"));
        command
    }

    pub(crate) fn run(&self, arguments: &str) -> (Option<i32>, String) {
        let mut command = self.command();
        said(&command.args(arguments.split_whitespace()).output().unwrap())
    }

    pub(crate) fn renew(&self, more: &str) -> (Option<i32>, String) {
        self.run(&format!("renew --roots roots.pem --profile private {more}"))
    }

    /// Takes its account away. Pebble believes an account what it has shown before, in one of a hundred cases although it
    /// is to look each time (`PEBBLE_AUTHZREUSE=0`): who is to be refused must be a stranger.
    pub(crate) fn forget_account(&self) {
        fs::remove_dir_all(self.path("state/acme")).unwrap();
    }

    /// The pair that is served, by the host that it is called after.
    pub(crate) fn chain_of(&self, host: &str) -> PathBuf {
        self.path("state/certificates")
            .join(host)
            .join("current/fullchain.pem")
    }

    /// The serial number of the certificate that is in place.
    pub(crate) fn serial(&self) -> String {
        serial(&self.chain_of(HOST))
    }
}

/// Makes a certificate due, as if its CA had said so: by what is kept of how renewing it went.
pub(crate) fn make_due(record: &Path) {
    let text = fs::read_to_string(record).unwrap();
    let mut value: serde_json::Value = serde_json::from_str(&text).unwrap();
    let window = serde_json::json!({
        "start": "2020-01-01T00:00:00Z",
        "end": "2020-01-02T00:00:00Z",
        "ask_again": 86_400,
    });
    value["suggested"] = serde_json::json!({ "asked": "2020-01-01T00:00:00Z", "window": window });
    fs::write(record, value.to_string()).unwrap();
}

pub(crate) fn serial(chain: &Path) -> String {
    let mut openssl = Command::new("openssl");
    let asked = openssl
        .args(["x509", "-noout", "-serial", "-in"])
        .arg(chain);
    let (code, text) = said(&asked.output().unwrap());
    assert_eq!(code, Some(0), "{text}");
    text
}

pub(crate) fn said(output: &Output) -> (Option<i32>, String) {
    let text = [output.stdout.as_slice(), &output.stderr].concat();
    (output.status.code(), String::from_utf8(text).unwrap())
}
