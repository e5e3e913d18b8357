//! What a program gets by linking `keyway-chain` or `keyway-dns` as they come: no C code, no network, no
//! randomness.

use crate::command::Command;
use crate::failure::Failure;
use crate::tidy::complaint::Complaint;

/// Crates that build or bind C, or reach the network or the system.
const REFUSED: &[&str] = &[
    "aws-lc-rs",
    "bindgen",
    "cc",
    "cmake",
    "getrandom",
    "hyper",
    "libc",
    "mio",
    "native-tls",
    "openssl",
    "pkg-config",
    "reqwest",
    "ring",
    "rustls-native-certs",
    "socket2",
    "tokio",
    "ureq",
];

/// The crates that others link.
const LINKED: [&str; 2] = ["keyway-chain", "keyway-dns"];

/// Complains about what their default features bring along.
pub(crate) fn check() -> Result<Vec<Complaint>, Failure> {
    let mut complaints = Vec::new();
    for package in LINKED {
        let tree = Command::cargo()
            .args(["tree", "--locked", "--package", package])
            .args(["--edges", "normal,build", "--prefix", "none"])
            .args(["--format", "{p}"])
            .output()?;
        complaints.extend(judge(package, &tree));
    }
    Ok(complaints)
}

/// Reads lines of `name version ...`.
fn judge(package: &str, tree: &str) -> Vec<Complaint> {
    let mut names: Vec<&str> = tree
        .lines()
        .filter_map(|line| line.split(' ').next())
        .collect();
    names.sort_unstable();
    names.dedup();
    names
        .into_iter()
        .filter(|name| name.ends_with("-sys") || REFUSED.contains(name))
        .map(|name| {
            let message = format!("brings in `{name}` by default: C code, network or system");
            Complaint::about(package, message)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c_code_and_sockets_are_refused() {
        assert_eq!(
            judge(
                "keyway-chain",
                "keyway-chain v0.1.0\naws-lc-sys v0.47.0\ntokio v1.0.0 (*)\n"
            )
            .len(),
            2
        );
    }

    #[test]
    fn pure_rust_is_fine() {
        assert!(
            judge(
                "keyway-chain",
                "keyway-chain v0.1.0\nder v0.8.3\nccm v1.0.0\n"
            )
            .is_empty()
        );
    }
}
