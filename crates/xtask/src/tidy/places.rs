//! A clone works anywhere: no file names a person's machine, or the host it downloads packages from.

use crate::tidy::complaint::Complaint;
use crate::tidy::source::Source;
use crate::tidy::syntax::line_of;

// Each is put together from parts, so that this file does not name what it refuses.

/// Folders that exist on one machine only.
const MACHINE_FOLDERS: [&str; 6] = [
    concat!("/ro", "ot/"),
    concat!("/ho", "me/"),
    concat!("/Us", "ers/"),
    concat!("/wo", "rk/"),
    concat!("/tm", "p/"),
    concat!("C:\\Us", "ers\\"),
];

/// Where package clients download; which one a person uses is theirs to configure.
const PACKAGE_HOSTS: [&str; 8] = [
    concat!("index.crates", ".io"),
    concat!("static.crates", ".io"),
    concat!("registry.npm", "js.org"),
    concat!("registry.yarn", "pkg.com"),
    concat!("py", "pi.org"),
    concat!("python", "hosted.org"),
    concat!("deb.deb", "ian.org"),
    concat!("/arti", "factory/"),
];

/// Complains about places that only exist for one person.
pub(crate) fn check(source: &Source) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    for folder in MACHINE_FOLDERS {
        for (at, _) in source.text.match_indices(folder) {
            if begins_a_path(&source.text, at) {
                let line = line_of(&source.text, at);
                complaints.push(Complaint::at(
                    source,
                    line,
                    format!("`{folder}...` is one machine's"),
                ));
            }
        }
    }
    for host in PACKAGE_HOSTS {
        for (at, _) in source.text.match_indices(host) {
            let line = line_of(&source.text, at);
            complaints.push(Complaint::at(
                source,
                line,
                format!("`{host}` is a download host"),
            ));
        }
    }
    complaints
}

/// Whether the folder at byte `at` stands at the front of its path, and is no part of a URL.
fn begins_a_path(text: &str, at: usize) -> bool {
    let before = text[..at].chars().next_back();
    !before.is_some_and(|c| c.is_alphanumeric() || "-_./~}*>".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(text: &str) -> usize {
        check(&Source::new("notes.md", text.to_owned())).len()
    }

    #[test]
    fn places_of_one_machine_are_refused() {
        assert_eq!(
            count(concat!("see /ho", "me/ann/keyway and `/ro", "ot/x`")),
            2
        );
        assert_eq!(count(concat!("https://index.crates", ".io/config.json")), 1);
    }

    #[test]
    fn relative_paths_and_other_hosts_are_fine() {
        assert_eq!(
            count(concat!(
                "target/tm",
                "p/x, https://example.com/wo",
                "rk/, /etc/ssl"
            )),
            0
        );
    }
}
