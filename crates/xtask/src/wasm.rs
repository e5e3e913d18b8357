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

/// Below the build folder: what that compiler builds.
const OWN_TARGET: &str = "wasm";

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

    /// Builds the browser module; where it is.
    pub(crate) fn module(&self) -> Result<PathBuf, Failure> {
        self.cargo()
            .args(["--quiet", "--package", "keyway-wasm"])
            .args(["--profile", "release-wasm"])
            .run()?;
        let target = match self {
            Self::Rustup => workspace::target(),
            Self::Debian => workspace::target().join(OWN_TARGET),
        };
        Ok(target.join(TARGET).join("release-wasm/keyway_wasm.wasm"))
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
                // Another compiler, so another folder: the two would rebuild each other's work.
                .env("CARGO_TARGET_DIR", workspace::target().join(OWN_TARGET))
                .env("RUSTFLAGS", LIGHT)
                .args(["build", "--target", TARGET, "-Zbuild-std=std,panic_abort"])
                .args(["-Zbuild-std-features=optimize_for_size"]),
        }
    }
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
