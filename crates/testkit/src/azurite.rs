//! Azurite, Microsoft's emulator of Azure Blob Storage: at a port of its own, ended when it is dropped.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

use crate::{Certificate, KeyKind};

/// The account that the emulator has.
pub const ACCOUNT: &str = "devstoreaccount1";

/// Its key, which Microsoft publishes.
pub const KEY: &str =
    "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

/// The container that [`Azurite::make_container`] makes.
pub const CONTAINER: &str = "certificates";

/// An emulator that runs.
#[derive(Debug)]
pub struct Azurite {
    child: Child,
    /// Where it answers.
    pub at: SocketAddr,
    /// `http` or `https`.
    pub scheme: &'static str,
    /// Who vouches for its certificate, in DER, where it has one.
    pub root: Option<Vec<u8>>,
    _folder: TempDir,
}

impl Drop for Azurite {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Azurite {
    /// One in plain text, with an empty container.
    pub fn start() -> Self {
        let azurite = Self::empty();
        azurite.make_container();
        azurite
    }

    /// The same without a container.
    pub fn empty() -> Self {
        Self::with(&[], folder(), "http", None)
    }

    /// One behind TLS, with an empty container.
    pub fn start_tls() -> Self {
        let folder = folder();
        // Clients judge it by the real clock.
        let ever = |draft: crate::Draft| draft.not_before(0).not_after(4_000_000_000);
        let root = ever(Certificate::root("Azurite's own CA").key(KeyKind::P256)).build();
        let leaf = ever(root.issue("localhost").san_ip(&["127.0.0.1"])).build();
        let [certificate, key] = ["cert.pem", "key.pem"].map(|name| folder.path().join(name));
        fs::write(&certificate, leaf.pem()).expect("a file");
        fs::write(&key, leaf.key_pem()).expect("a file");
        let files = [("--cert", certificate), ("--key", key)];
        let azurite = Self::with(&files, folder, "https", Some(root.der().to_vec()));
        azurite.make_container();
        azurite
    }

    /// What `object_store` has to be told of it, as it is called in the environment.
    pub fn settings(&self) -> [(&'static str, String); 4] {
        [
            ("AZURE_STORAGE_ACCOUNT_NAME", ACCOUNT.to_owned()),
            ("AZURE_STORAGE_ACCOUNT_KEY", KEY.to_owned()),
            ("AZURE_STORAGE_ENDPOINT", self.endpoint()),
            ("AZURE_ALLOW_HTTP", (self.scheme == "http").to_string()),
        ]
    }

    /// The URL of its account.
    pub fn endpoint(&self) -> String {
        format!("{}://{}/{ACCOUNT}", self.scheme, self.at)
    }

    /// A container has to be there before objects are.
    pub fn make_container(&self) {
        let made = Command::new("node")
            .arg(own_folder().join("container.mjs"))
            .arg(format!("{}/{CONTAINER}", self.endpoint()))
            .args([ACCOUNT, KEY])
            .output()
            .expect("node is missing: `cargo xtask install` installs it");
        assert!(made.status.success(), "{made:?}");
    }

    fn with(
        files: &[(&str, PathBuf)],
        folder: TempDir,
        scheme: &'static str,
        root: Option<Vec<u8>>,
    ) -> Self {
        let program = own_folder().join("node_modules/azurite/dist/src/blob/main.js");
        assert!(
            program.is_file(),
            "Azurite is missing: `cargo xtask install` installs it (`npm ci --ignore-scripts --prefix tests/azurite`)"
        );
        let mut command = Command::new("node");
        command
            .arg(program)
            .args(["--blobHost", "127.0.0.1", "--blobPort", "0"])
            .args(["--skipApiVersionCheck", "--disableTelemetry"])
            .arg("--location")
            .arg(folder.path());
        for (option, file) in files {
            command.arg(option).arg(file);
        }
        let output = fs::File::create(folder.path().join("errors.log")).expect("a file");
        let started = command.stdout(Stdio::piped()).stderr(output).spawn();
        let mut child = started.expect("node is missing: `cargo xtask install` installs it");
        let said = child.stdout.take().expect("a pipe");
        let mut heard = String::new();
        let mut lines = BufReader::new(said).lines().map_while(Result::ok);
        let at = lines.by_ref().find_map(|line| {
            heard += &line;
            let (_, place) = line
                .split_once("successfully listens on ")
                .or_else(|| line.split_once("successfully listening at "))?;
            let (_, place) = place.split_once("://")?;
            place.trim().parse().ok()
        });
        // Its log goes on, and has to be taken.
        std::thread::spawn(move || lines.for_each(drop));
        Self {
            at: at.unwrap_or_else(|| panic!("Azurite did not start: {heard}")),
            child,
            scheme,
            root,
            _folder: folder,
        }
    }
}

fn folder() -> TempDir {
    tempfile::tempdir().expect("a folder")
}

fn own_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/azurite")
}
