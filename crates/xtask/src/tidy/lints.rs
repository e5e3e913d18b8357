//! Every crate inherits the workspace's lints: one crate without them is a hole in all of them.

use crate::tidy::complaint::Complaint;
use crate::tidy::source::Source;

/// Complains about a member's manifest without inherited lints.
pub(crate) fn check(source: &Source) -> Vec<Complaint> {
    if !is_member(&source.path) || inherits(&source.text) {
        return Vec::new();
    }
    let message = "the lints are not inherited: add `[lints]` with `workspace = true`";
    vec![Complaint::about(&source.path, message)]
}

/// The fuzz crate is a workspace of its own and cannot inherit.
fn is_member(path: &str) -> bool {
    path == "tests/Cargo.toml" || (path.starts_with("crates/") && path.ends_with("/Cargo.toml"))
}

fn inherits(manifest: &str) -> bool {
    manifest.split("\n[").any(|table| {
        table
            .strip_prefix("lints]")
            .is_some_and(|body| body.contains("workspace = true"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crate_without_the_lints_is_refused() {
        let text = "[package]\nname = \"x\"\n[dependencies]\na.workspace = true\n";
        assert_eq!(
            check(&Source::new("crates/x/Cargo.toml", text.into())).len(),
            1
        );
    }

    #[test]
    fn a_crate_that_inherits_them_is_fine() {
        let text = "[package]\nname = \"x\"\n\n[lints]\nworkspace = true\n";
        assert!(check(&Source::new("crates/x/Cargo.toml", text.into())).is_empty());
        assert!(check(&Source::new("fuzz/Cargo.toml", String::new())).is_empty());
    }
}
