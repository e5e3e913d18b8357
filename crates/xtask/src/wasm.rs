//! What builds for the browser: the model crates, and the module over them.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::command::Command;
use crate::failure::Failure;
use crate::{install, voice, workspace};

const TARGET: &str = "wasm32-unknown-unknown";

/// Time for `rustup target add`. A library of 20 MB takes seconds; where toolchain downloads are
/// not reachable the call does not end by itself.
const RUSTUP_LIMIT: Duration = Duration::from_secs(60);

/// Debian's own compiler with its library sources: the way where rustup cannot download.
const DEBIAN_PACKAGES: [&str; 4] = ["rustc-web", "cargo-web", "rust-web-src", "lld-19"];

/// Where Debian puts that compiler.
const DEBIAN_CARGO: &str = "/usr/bin/cargo";

/// What makes the module lighter, and open to those only who build the library themselves: a bug traps at
/// once (the page answers for it) instead of first composing a message with its place in the source.
/// A tenth of the weight was such messages.
const LIGHT: &str = "-Zlocation-detail=none -Zunstable-options -Cpanic=immediate-abort";

/// Numbers in words of 32 bits. Crates of arithmetic choose 64 on wasm32, where the product of two such words
/// is a call of a function of some twenty multiplications; of two of 32 it is one instruction.
const WORDS: &str = "--cfg=cpubits=\"32\"";

/// `memcpy` and its like are built for speed. This is no part of the profile in `Cargo.toml`: a build that takes
/// the library as it is has no such package, and cargo would warn of it.
const QUICK: &str = "profile.release-wasm.package.compiler_builtins.opt-level=3";

/// Below the build folder: what that compiler builds.
const OWN_TARGET: &str = "wasm";

/// The compiled browser modules.
pub(crate) struct Modules {
    /// Everything: for the package, and the page as a single file.
    pub(crate) whole: Vec<u8>,
    /// The checks alone: what a first visit needs.
    pub(crate) check: Vec<u8>,
    /// Services and their DNS: what the rooms need that are opened later.
    pub(crate) service: Vec<u8>,
}

/// What builds for wasm32 on this machine.
pub(crate) enum Toolchain {
    /// The running toolchain has the library.
    Rustup,
    /// Debian's compiler, which builds the library from its sources.
    Debian,
}

impl Toolchain {
    /// Finds one, or installs one.
    pub(crate) fn locate() -> Result<Self, Failure> {
        if rustup_has_library() {
            return Ok(Self::Rustup);
        }
        if debian_is_installed() {
            return Ok(Self::Debian);
        }
        let added = Command::new("rustup")
            .args(["target", "add", TARGET])
            .run_within(RUSTUP_LIMIT);
        if added.is_ok() && rustup_has_library() {
            return Ok(Self::Rustup);
        }
        voice::say(&format!(
            "    `rustup target add {TARGET}` did not work here"
        ));
        install::packages(&DEBIAN_PACKAGES).map_err(|_| Failure::Missing {
            what: "the wasm32 standard library",
            how: format!(
                "Run `rustup target add {TARGET}` (Debian, as root: `apt-get install {}`).",
                DEBIAN_PACKAGES.join(" ")
            ),
        })?;
        Ok(Self::Debian)
    }

    /// Builds the browser modules, in the build folder or in another one. All that is below our crate is
    /// compiled once for the three.
    pub(crate) fn modules(&self, folder: Option<&Path>) -> Result<Modules, Failure> {
        Ok(Modules {
            whole: self.module(folder, "check,service")?,
            check: self.module(folder, "check")?,
            service: self.module(folder, "service")?,
        })
    }

    /// Builds a module of these features.
    fn module(&self, folder: Option<&Path>, features: &str) -> Result<Vec<u8>, Failure> {
        let target = match (self, folder) {
            (_, Some(folder)) => folder.to_owned(),
            (Self::Rustup, None) => workspace::target(),
            // Another compiler, so another folder: the two would rebuild each other's work.
            (Self::Debian, None) => workspace::target().join(OWN_TARGET),
        };
        self.cargo()
            .env("CARGO_TARGET_DIR", &target)
            // One set of flags, whoever builds: what is set outside would take the place of these.
            .without("RUSTFLAGS")
            .without("CARGO_ENCODED_RUSTFLAGS")
            .env(
                "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS",
                self.flags(),
            )
            .args(["--quiet", "--package", "keyway-wasm"])
            .args(["--profile", "release-wasm"])
            .args(["--no-default-features", "--features", features])
            .run()?;
        // Read at once: the next one takes its place.
        let module = target.join(TARGET).join("release-wasm/keyway_wasm.wasm");
        std::fs::read(&module).map_err(Failure::at(module))
    }

    fn flags(&self) -> String {
        match self {
            Self::Rustup => format!("{WORDS} {}", unplaced()),
            Self::Debian => format!("{WORDS} {LIGHT} {}", unplaced()),
        }
    }

    fn cargo(&self) -> Command {
        match self {
            Self::Rustup => Command::cargo().args(["build", "--target", TARGET]),
            Self::Debian => Command::new(DEBIAN_CARGO)
                .without("RUSTUP_TOOLCHAIN")
                .without("RUSTDOC")
                .env("CARGO", DEBIAN_CARGO)
                .env("RUSTC", "/usr/bin/rustc")
                .env("RUSTC_BOOTSTRAP", "1")
                .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", "wasm-ld-19")
                .args(["build", "--target", TARGET, "-Zbuild-std=std,panic_abort"])
                .args(["-Zbuild-std-features=optimize_for_size"])
                .args(["--config", QUICK]),
        }
    }
}

/// Flags that take this machine's folders out of the module: a build elsewhere is the same, and nobody
/// reads in it where it was made.
fn unplaced() -> String {
    let home = std::env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".cargo")));
    let registry = home.map(|home| home.join("registry/src"));
    // Below it is a folder called after the registry, which differs from one machine to another.
    let sources = registry
        .and_then(|folder| std::fs::read_dir(folder).ok())
        .into_iter()
        .flatten()
        .filter_map(Result::ok)
        .map(|entry| (entry.path(), "crates"));
    sources
        .chain([(workspace::root(), "keyway")])
        .map(|(from, to)| format!("--remap-path-prefix={}={to}", from.display()))
        .collect::<Vec<_>>()
        .join(" ")
}

fn rustup_has_library() -> bool {
    Command::new("rustc")
        .args(["--print", "target-libdir", "--target", TARGET])
        .output()
        .is_ok_and(|folder| Path::new(folder.trim()).is_dir())
}

fn debian_is_installed() -> bool {
    Command::new("dpkg")
        .args(["-s"])
        .args(DEBIAN_PACKAGES)
        .succeeds()
}
