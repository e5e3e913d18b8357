//! Every third-party crate is declared once, in the workspace's manifest, with the reason it is here.

use crate::tidy::complaint::Complaint;
use crate::tidy::source::Source;

/// Complains about dependencies without a reason. A reason covers the block of lines below it.
pub(crate) fn check(source: &Source) -> Vec<Complaint> {
    if source.path != "Cargo.toml" {
        return Vec::new();
    }
    let mut complaints = Vec::new();
    let mut inside = false;
    let mut reasoned = false;
    for (index, line) in source.text.lines().enumerate() {
        if line.starts_with('[') {
            inside = line == "[workspace.dependencies]";
            reasoned = false;
        } else if line.starts_with('#') {
            reasoned = true;
        } else if line.trim().is_empty() {
            reasoned = false;
        } else if inside && !reasoned && !line.contains("path = ") {
            let name = line.split(['=', '.', ' ']).next().unwrap_or(line);
            let message = format!("`{name}`: say above it why the house needs it");
            complaints.push(Complaint::at(source, index + 1, message));
        }
    }
    complaints
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(dependencies: &str) -> usize {
        let text = format!("[workspace.dependencies]\n{dependencies}\n[profile.dev]\ndebug = 1\n");
        check(&Source::new("Cargo.toml", text)).len()
    }

    #[test]
    fn a_dependency_without_a_reason_is_refused() {
        assert_eq!(count("serde = \"1\""), 1);
        assert_eq!(count("# Why a.\na = \"1\"\n\nb = \"1\""), 1);
    }

    #[test]
    fn a_reason_covers_its_block() {
        assert_eq!(count("# Digests.\nsha1 = \"1\"\nsha2 = \"1\""), 0);
        assert_eq!(count("own = { path = \"crates/own\" }"), 0);
    }
}
