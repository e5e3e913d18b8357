//! Wildcards of one label (RFC 9525, section 6.3) for servers whose own wildcards stand for names of several.

/// Said behind a wildcard of such a server.
pub(super) const WIDE: &str = "for names of several labels, too: here for those of one alone";

/// What stands for the one label.
const LABEL: &str = "^[^.]+";

/// The regular expression of a wildcard, its dots written so; `None` for another host. A host has no other letters that
/// mean something in one.
pub(super) fn pattern(host: &str, dot: &str) -> Option<String> {
    let behind = host.strip_prefix('*')?;
    Some(format!("{LABEL}{}$", behind.replace('.', dot)))
}

/// The wildcard that a regular expression stands for, its dots written so.
pub(super) fn host(pattern: &str, dot: &str) -> Option<String> {
    let behind = pattern.strip_prefix(LABEL)?.strip_suffix('$')?;
    let behind = behind.replace(dot, "\0");
    let is_plain = |letter: char| {
        letter == '\0' || letter == '-' || letter == '_' || letter.is_ascii_alphanumeric()
    };
    let is_whole = behind.starts_with('\0') && behind.chars().all(is_plain);
    is_whole.then(|| format!("*{}", behind.replace('\0', ".")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wildcard_of_one_label_is_read_back() {
        for dot in ["\\.", "[.]"] {
            let made = pattern("*.w-1.test", dot).unwrap();
            assert_eq!(host(&made, dot).as_deref(), Some("*.w-1.test"), "{made}");
        }
        assert_eq!(
            pattern("*.w.test", "\\.").as_deref(),
            Some("^[^.]+\\.w\\.test$")
        );
        assert_eq!(pattern("w.test", "\\."), None);
        for other in [
            "^[^.]+\\.w.test$",
            "^.+\\.w\\.test$",
            "^[^.]+w$",
            "^[^.]+\\.(a|b)$",
            "^[^.]+\\.w",
        ] {
            assert_eq!(host(other, "\\."), None, "{other}");
        }
    }
}
