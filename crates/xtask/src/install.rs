//! What the tasks need besides rustup's cargo: installed where we may, named where we may not.

use std::path::PathBuf;

use crate::command::Command;
use crate::failure::Failure;
use crate::{fuzz, voice, wasm, web, workspace};

/// A cargo subcommand at the version the project is tested with.
pub(crate) struct Tool {
    name: &'static str,
    version: &'static str,
}

/// Judges licences, sources and advisories of the dependencies.
pub(crate) const DENY: Tool = Tool {
    name: "cargo-deny",
    version: "0.20.2",
};

/// Drives libFuzzer.
pub(crate) const FUZZ: Tool = Tool {
    name: "cargo-fuzz",
    version: "0.13.2",
};

/// Programs that `test` starts, and the Debian packages that they are in.
const PROGRAMS: &[(&str, &str)] = &[
    ("openssl", "openssl"),
    // Clients that the tests ask, and the clock that they are asked at.
    ("curl", "curl"),
    ("gnutls-cli", "gnutls-bin"),
    ("python3", "python3"),
    ("faketime", "faketime"),
    // Stores of browsers, for a CA that is installed there.
    ("certutil", "libnss3-tools"),
    // Kills a change of a service file at each of its calls to the system.
    ("strace", "strace"),
    // Servers that judge what is exported for them.
    ("nginx", "nginx-light"),
    ("haproxy", "haproxy"),
    ("caddy", "caddy"),
    ("systemd-analyze", "systemd"),
    // The reader of zone files that ours is held against.
    ("named-compilezone", "bind9-utils"),
    // Name servers that plans are carried out at, and those who ask them.
    ("named", "bind9"),
    ("dig", "bind9-dnsutils"),
    ("nsd", "nsd"),
    ("knotd", "knot"),
    ("unbound", "unbound"),
    // The CA that ACME is tried on.
    ("pebble", "pebble"),
    // Other clients of it, which are given the same orders.
    ("lego", "lego"),
    ("certbot", "certbot"),
    // Puts load on the server.
    ("h2load", "nghttp2-client"),
    // Looks at the server as those do who audit one.
    ("testssl", "testssl.sh"),
];

/// Installs everything `test` needs.
pub(crate) fn everything() -> Result<(), Failure> {
    programs(PROGRAMS)?;
    let modules = PathBuf::from("/usr/lib/nginx/modules");
    if modules.is_dir() && !modules.join("ngx_stream_module.so").is_file() {
        packages(&["libnginx-mod-stream"])?;
    }
    // Debian's own Python, which comes with its module.
    let is_debian = PathBuf::from("/etc/debian_version").is_file();
    let modules = PathBuf::from("/usr/lib/python3/dist-packages");
    if is_debian && !modules.join("grpc").is_dir() {
        packages(&["python3-grpcio"])?;
    }
    web::browser::install()?;
    node_packages("tests/azurite", "an object store to try (Azurite)")?;
    python_packages("tests/moto", "an object store to try (moto, for S3)")?;
    python_packages("tests/sslyze", "a judge of Mozilla's profiles (sslyze)")?;
    DENY.locate()?;
    FUZZ.locate()?;
    fuzz::nightly()?;
    wasm::Toolchain::locate()?;
    Ok(())
}

impl Tool {
    /// The program: the one on the path when it is the pinned version, else our own copy, which is
    /// built on first use below the target folder so that the machine stays as it was.
    pub(crate) fn locate(&self) -> Result<PathBuf, Failure> {
        let own = workspace::target().join("tools");
        let installed = own.join("bin").join(self.name);
        for candidate in [PathBuf::from(self.name), installed.clone()] {
            if self.is_pinned(&candidate) {
                return Ok(candidate);
            }
        }
        voice::say(&format!("    building {} {}", self.name, self.version));
        Command::cargo()
            .args([
                "install",
                "--locked",
                "--quiet",
                "--debug",
                "--version",
                self.version,
            ])
            .args(["--root".as_ref(), own.as_os_str()])
            .args([self.name])
            .run()
            .map_err(|_| Failure::Missing {
                what: self.name,
                how: format!(
                    "Run `cargo install --locked {}@{}`.",
                    self.name, self.version
                ),
            })?;
        Ok(installed)
    }

    fn is_pinned(&self, program: &PathBuf) -> bool {
        let mut command = Command::new(program);
        // cargo-fuzz answers `--version` itself; so does cargo-deny.
        command = command.args(["--version"]);
        command
            .output()
            .is_ok_and(|answer| answer.split_whitespace().any(|word| word == self.version))
    }
}

/// Makes sure that all of these are there, with one look at the archive.
fn programs(all: &[(&'static str, &str)]) -> Result<(), Failure> {
    let missing = all.iter().filter(|(program, _)| found(program).is_none());
    let missing: Vec<(&'static str, &str)> = missing.copied().collect();
    let Some(&(what, _)) = missing.first() else {
        return Ok(());
    };
    let names: Vec<&str> = missing.iter().map(|(_, package)| *package).collect();
    packages(&names).map_err(|_| {
        let programs: Vec<&str> = missing.iter().map(|(program, _)| *program).collect();
        let how = format!(
            "Install these with your system's package manager: {} (Debian: `apt-get install {}`).",
            programs.join(", "),
            names.join(" ")
        );
        Failure::Missing { what, how }
    })
}

/// Makes sure that `program` is there, from the Debian package `name` where we are root on Debian.
pub(crate) fn package(program: &'static str, name: &str) -> Result<(), Failure> {
    if found(program).is_some() {
        return Ok(());
    }
    packages(&[name]).map_err(|_| Failure::Missing {
        what: program,
        how: format!(
            "Install it with your system's package manager (Debian: `apt-get install {name}`)."
        ),
    })
}

/// Installs Debian packages; fails anywhere but on Debian as root.
pub(crate) fn packages(names: &[&str]) -> Result<(), Failure> {
    voice::say(&format!("    installing {}", names.join(", ")));
    let apt = |arguments: &[&str]| {
        Command::new("apt-get")
            .args(["-qq", "-o", "Dpkg::Use-Pty=0"])
            .args(arguments)
            .env("DEBIAN_FRONTEND", "noninteractive")
            .run()
    };
    apt(&["update"])?;
    apt(&[&["install", "-y", "--no-install-recommends"], names].concat())
}

/// Fetches the packages of Node that a folder names, at the versions and hashes that are locked there.
pub(crate) fn node_packages(folder: &str, what: &'static str) -> Result<(), Failure> {
    Command::new("npm")
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
        .args(["--silent", "--prefix", folder])
        .run()
        .map_err(|_| Failure::Missing {
            what,
            how: format!(
                "`npm ci --prefix {folder}` says why; it needs a package registry, or npm's cache."
            ),
        })
}

/// Fetches the packages of Python that a folder names, at the versions and hashes that are locked there, into an
/// environment of its own beside them.
fn python_packages(folder: &str, what: &'static str) -> Result<(), Failure> {
    let (venv, wanted) = (
        format!("{folder}/venv"),
        format!("{folder}/requirements.txt"),
    );
    let pip = workspace::root().join(&venv).join("bin/pip");
    let made = || {
        Command::new("python3")
            .args(["-m", "venv", &venv])
            .succeeds()
    };
    // Debian has the making of environments in a package of its own.
    if !pip.is_file() && !made() {
        packages(&["python3-venv"])?;
        made();
    }
    Command::new(&pip)
        .args(["install", "--quiet", "--disable-pip-version-check"])
        .args(["--require-hashes", "-r", &wanted])
        .run()
        .map_err(|_| Failure::Missing {
            what,
            how: format!(
                "`python3 -m venv {venv}`, then `{venv}/bin/pip install --require-hashes -r {wanted}`, say why; they \
                 need an index of packages."
            ),
        })
}

/// Where a program is on the path.
pub(crate) fn found(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(program))
        .find(|file| file.is_file())
}
