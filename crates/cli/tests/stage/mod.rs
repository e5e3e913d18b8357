//! A folder of certificate files made for tests, and the binary run in it.
#![allow(dead_code, reason = "every test file uses its own part of the stage")]
#![allow(
    clippy::unwrap_used,
    reason = "a stage that cannot be built fails its test"
)]

pub(crate) mod service;

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use keyway_testkit::{Certificate, Chain, DAY, GeneralName, KeyKind, NOW, Name, Request};

/// A subject that tries to move the cursor, to turn the line around and to be markup.
pub(crate) const HOSTILE: &str = "\u{1b}[2J\u{202e}evil<script>alert(1)</script>::error::";

/// A temporary folder with the cast of every test.
pub(crate) struct Stage {
    folder: tempfile::TempDir,
}

/// What a run of the binary left behind.
#[derive(Debug)]
pub(crate) struct Run {
    /// Exit code; `None` after a signal.
    pub(crate) code: Option<i32>,
    /// Standard output.
    pub(crate) stdout: String,
    /// Standard error.
    pub(crate) stderr: String,
}

impl Stage {
    /// A new folder with all files.
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let stage = Self { folder };
        stage.chains();
        stage.damaged();
        stage.zones();
        stage.scripts();
        stage
    }

    fn chains(&self) {
        let chain = Chain::good();
        let [leaf, issuing, policy, root] = chain.certificates().map(Certificate::pem);
        self.write("root.pem", &root);
        self.write("fullchain.pem", &chain.fullchain_pem());
        self.write("key.pem", &chain.key_pem());
        self.write("leaf.pem", &leaf);
        self.write("reversed.pem", &[policy.as_str(), &issuing, &leaf].concat());
        self.write(
            "with-key.pem",
            &[chain.fullchain_pem(), chain.key_pem()].concat(),
        );
        let url = "http://ca.example.com/issuing.crt";
        let lonely = Chain::with_leaf(|leaf| leaf.issuer_url(url)).leaf;
        self.write("lonely.pem", &lonely.pem());
        let late = Chain::with_leaf(|leaf| leaf.not_after(NOW - 3 * DAY));
        self.write("expired.pem", &late.fullchain_pem());
        let other = Certificate::self_signed("other.example.net")
            .key(KeyKind::Rsa2048)
            .build();
        self.write("other-key.pem", &other.key_pem());
        self.write(
            "stranger.pem",
            &[chain.fullchain_pem(), other.pem()].concat(),
        );
        let hostile = Chain::with_leaf(|leaf| {
            let names = [
                GeneralName::dns("www.example.com"),
                GeneralName::dns(HOSTILE),
            ];
            leaf.subject(Name::common(HOSTILE)).san(&names)
        });
        self.write("hostile.pem", &hostile.fullchain_pem());
        self.write("request.pem", &Request::new("www.example.com").pem());
    }

    fn zones(&self) {
        let start =
            "$TTL 1h\n@ SOA ns hostmaster 2026112500 2h 15m 2w 1h\n@ NS ns\nns A 192.0.2.53\n";
        let good = "www 5m IN A 192.0.2.80 ; the shop\n\tAAAA 2001:db8::50\n$INCLUDE mail.db\n";
        let zone = format!("$ORIGIN example.com.\n{start}{good}");
        self.write("zone.db", &zone);
        self.write("plain.db", &zone.replace("$INCLUDE mail.db\n", ""));
        self.write("mail.db", "@ MX 10 mail\nmail A 192.0.2.25\n");
        let faults = "www CNAME web\nwww A 192.0.2.80\nweb A 192.0.2.300\n@ MX 10 \u{1b}[2J\n";
        self.write("faulty.db", &format!("{start}{faults}"));
    }

    /// What somebody has who comes from Azure ML.
    fn scripts(&self) {
        let own = "# The cluster, with the certificate that our CA gave us.\n\
                   prov = AksCompute.provisioning_configuration(vm_size=\"Standard_D3_v2\")\n\
                   prov.enable_ssl(ssl_cname='www.example.com',\n                \
                   ssl_cert_pem_file=\"fullchain.pem\", ssl_key_pem_file=\"key.pem\")\n\
                   target = ComputeTarget.create(ws, \"scoring\", prov)\n";
        self.write("cluster.py", own);
        let label = "label = input()\ntarget.update(AksUpdateConfiguration(ssl=SslConfiguration(\n    \
                     status=\"Auto\", leaf_domain_label=label, renew=True)))\n";
        self.write("renew.py", label);
    }

    fn damaged(&self) {
        let chain = Chain::good();
        self.write(
            "windows.pem",
            &format!("\u{feff}{}", chain.fullchain_pem().replace('\n', "\r\n")),
        );
        let pem = chain.leaf.pem();
        self.write("cut.pem", &pem[..pem.len() / 2]);
        self.write("empty.pem", "");
        self.write(
            "page.html",
            "<!DOCTYPE html><html><body>404 Not Found</body></html>\n",
        );
    }

    /// The folder.
    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file, and the folders above it.
    pub(crate) fn write(&self, name: &str, contents: &str) -> PathBuf {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, contents).unwrap();
        path
    }

    /// The binary, in the folder, with nothing in its environment but a UTF-8 locale.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_keyway"));
        command
            .current_dir(self.path())
            .env_clear()
            .env("LC_ALL", "C.UTF-8");
        command
    }

    /// Runs with arguments that are separated by spaces.
    pub(crate) fn run(&self, arguments: &str) -> Run {
        Run::of(
            &self
                .command()
                .args(arguments.split_whitespace())
                .output()
                .unwrap(),
        )
    }

    /// Judges at the moment of the kit, trusting its root.
    pub(crate) fn check(&self, arguments: &str) -> Run {
        self.run(&format!("check {arguments} --at @{NOW} --roots root.pem"))
    }
}

impl Run {
    /// Runs with standard input.
    pub(crate) fn feeding(command: &mut Command, input: &[u8]) -> Self {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(input).unwrap();
        Self::of(&child.wait_with_output().unwrap())
    }

    /// What a finished process left behind.
    pub(crate) fn of(output: &Output) -> Self {
        Self {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout.clone()).unwrap(),
            stderr: String::from_utf8(output.stderr.clone()).unwrap(),
        }
    }

    /// Everything that was said.
    pub(crate) fn said(&self) -> String {
        format!("{}{}", self.stdout, self.stderr)
    }

    /// Standard output as JSON.
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap()
    }
}
