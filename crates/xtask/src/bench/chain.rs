//! `keyway check` against `openssl verify`, as whole processes on the same file.

use std::path::PathBuf;

use crate::bench::Arguments;
use crate::bench::instructions;
use crate::bench::job::{Job, cpu, interleave};
use crate::bench::statistics::Ratio;
use crate::bench::verdict::Line;
use crate::command::Command;
use crate::failure::Failure;
use crate::{install, workspace};

/// The most CPU time that `keyway check` may take, as a share of `openssl verify`'s.
const BOUND: f64 = 0.7;

/// Mozilla's roots as one file, from the package `ca-certificates`.
const ROOTS_FILE: &str = "/etc/ssl/certs/ca-certificates.crt";

/// The same roots as a folder of hashed names, from which OpenSSL loads only what it needs.
const ROOTS_FOLDER: &str = "/etc/ssl/certs";

/// The moment at which the chain is judged, as keyway and as OpenSSL write it.
const MOMENT: (&str, &str) = ("2025-12-01T00:00:00Z", "1764547200");

/// The host that the chain is for.
const HOST: &str = "s3.amazonaws.com";

/// Measures CPU time and instructions.
pub(crate) fn measure(arguments: &Arguments) -> Result<Vec<Line>, Failure> {
    if !PathBuf::from(ROOTS_FILE).is_file() {
        install::packages(&["ca-certificates"])?;
    }
    let ours = check(&keyway()?);
    let mut lines = Vec::new();
    for (name, roots) in [("-CAfile", ROOTS_FILE), ("-CApath", ROOTS_FOLDER)] {
        let theirs = verify(name, roots);
        let pairs = interleave(&ours, &theirs, arguments.rounds)?;
        let what = format!("keyway check / openssl verify {name}, CPU time");
        lines.extend(Ratio::of(&cpu(&pairs)).map(|ratio| Line::bounded(&what, ratio, BOUND)));
        let what = format!("keyway check / openssl verify {name}, instructions");
        let counts = (instructions::count(&ours)?, instructions::count(&theirs)?);
        lines.extend(Ratio::exact(counts.0, counts.1).map(|ratio| Line::shown(&what, ratio)));
    }
    Ok(lines)
}

/// Builds the binary as it ships and returns its path.
pub(crate) fn keyway() -> Result<PathBuf, Failure> {
    Command::cargo()
        .args(["build", "--quiet", "--release", "--package", "keyway"])
        .run()?;
    Ok(workspace::target().join("release/keyway"))
}

/// The chain that is measured on.
pub(crate) fn material() -> String {
    material_named("leaf-and-two.pem")
}

/// A chain by the name of its file.
pub(crate) fn material_named(file: &str) -> String {
    workspace::root()
        .join("crates/xtask/material")
        .join(file)
        .to_string_lossy()
        .into_owned()
}

fn check(program: &PathBuf) -> Job {
    let file = material();
    Job::new(
        program,
        [
            "check", &file, "--host", HOST, "--at", MOMENT.0, "--roots", "mozilla",
        ],
    )
}

fn verify(option: &str, roots: &str) -> Job {
    let file = material();
    // OpenSSL reads the leaf from the file's first certificate and the rest as untrusted ones.
    let mut words = vec![
        "verify",
        // Else it loads its default file as well.
        "-no-CAfile",
        "-no-CApath",
        "-no-CAstore",
        option,
        roots,
        "-untrusted",
        &file,
        "-attime",
        MOMENT.1,
    ];
    words.extend(["-purpose", "sslserver", "-verify_hostname", HOST, &file]);
    Job::new("openssl", words)
}
