//! What a program gets by linking `keyway-chain` as it comes: no C code, no network, no randomness.

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

/// Complains about what the default features of `keyway-chain` bring along.
pub(crate) fn check() -> Result<Vec<Complaint>, Failure> {
    let tree = Command::cargo()
        .args([
            "tree",
            "--locked",
            "--package",
            "keyway-chain",
            "--edges",
            "normal,build",
        ])
        .args(["--prefix", "none", "--format", "{p}"])
        .output()?;
    Ok(judge(&tree))
}

/// Reads lines of `name version ...`.
fn judge(tree: &str) -> Vec<Complaint> {
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
            Complaint::about("keyway-chain", message)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c_code_and_sockets_are_refused() {
        assert_eq!(
            judge("keyway-chain v0.1.0\naws-lc-sys v0.47.0\ntokio v1.0.0 (*)\n").len(),
            2
        );
    }

    #[test]
    fn pure_rust_is_fine() {
        assert!(judge("keyway-chain v0.1.0\nder v0.8.3\nccm v1.0.0\n").is_empty());
    }
}
