//! Patterns of names of files, as `include` has them (POSIX: "Pattern Matching Notation").

/// Characters by which a name is a pattern.
const SPECIAL: &[char] = &['*', '?', '['];

/// Bytes of a name, and of its pattern, past which none fits: some more than file systems take (POSIX: `NAME_MAX`).
const MAX_NAME: usize = 1024;

/// Steps of holding patterns against names, for one import: some seconds, and what two hundred patterns like `*.conf`
/// take for five thousand files.
pub const MAX_STEPS: usize = 20_000_000;

/// Whether a path, or a part of one, is a pattern.
pub fn is_pattern(text: &str) -> bool {
    text.contains(SPECIAL)
}

/// Whether a byte is of a class of characters, of those that nginx knows, which sets no locale.
fn is_of(class: &[u8], byte: u8) -> bool {
    match class {
        b"alnum" => byte.is_ascii_alphanumeric(),
        b"alpha" => byte.is_ascii_alphabetic(),
        b"blank" => matches!(byte, b' ' | b'\t'),
        b"cntrl" => byte.is_ascii_control(),
        b"digit" => byte.is_ascii_digit(),
        b"graph" => byte.is_ascii_graphic(),
        b"lower" => byte.is_ascii_lowercase(),
        b"print" => matches!(byte, b' '..=b'~'),
        b"punct" => byte.is_ascii_punctuation(),
        b"space" => matches!(byte, b' ' | b'\t'..=b'\r'),
        b"upper" => byte.is_ascii_uppercase(),
        b"xdigit" => byte.is_ascii_hexdigit(),
        _ => false,
    }
}

/// What stands between `[:` and `:]` and the like at the start of a bracket's rest, with what is behind it.
fn named(rest: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let [b'[', kind @ (b':' | b'=' | b'.'), rest @ ..] = rest else {
        return None;
    };
    let length = rest.windows(2).position(|two| two == [*kind, b']'])?;
    Some((*kind, &rest[..length], &rest[length + 2..]))
}

/// One byte that stands for itself in a bracket, with what is behind it.
fn plain(rest: &[u8]) -> Option<(u8, &[u8])> {
    if let Some((b'=' | b'.', [byte], rest)) = named(rest) {
        return Some((*byte, rest));
    }
    match rest {
        [b'\\', byte, rest @ ..] | [byte, rest @ ..] => Some((*byte, rest)),
        [] => None,
    }
}

/// Whether a byte is in what stands behind an opening bracket, and what is behind the closing one; `None` where there is
/// none.
fn bracket(pattern: &[u8], byte: u8) -> Option<(bool, &[u8])> {
    let (is_turned, mut rest) = match pattern {
        [b'!' | b'^', rest @ ..] => (true, rest),
        _ => (false, pattern),
    };
    let mut is_in = false;
    // A bracket that stands first is in it.
    let mut is_first = true;
    loop {
        if let [b']', behind @ ..] = rest
            && !is_first
        {
            return Some((is_in != is_turned, behind));
        }
        is_first = false;
        if let Some((b':', class, behind)) = named(rest) {
            is_in |= is_of(class, byte);
            rest = behind;
            continue;
        }
        let (first, behind) = plain(rest)?;
        (is_in, rest) = match behind {
            [b'-', more @ ..] if !more.starts_with(b"]") => {
                let (last, behind) = plain(more)?;
                (is_in || (first..=last).contains(&byte), behind)
            }
            _ => (is_in || first == byte, behind),
        };
    }
}

/// What is behind that of a pattern which stands for one byte, if it does.
fn step(pattern: &[u8], byte: u8) -> Option<&[u8]> {
    let (is_it, rest) = match pattern {
        [b'?', rest @ ..] => (true, rest),
        [b'[', rest @ ..] => bracket(rest, byte).unwrap_or((byte == b'[', rest)),
        [b'\\', plain, rest @ ..] | [plain, rest @ ..] => (*plain == byte, rest),
        [] => return None,
    };
    is_it.then_some(rest)
}

/// Whether a pattern stands for the name of a file, without folders, byte for byte as nginx holds them against each
/// other; `None` where that takes more steps than are left, each a byte of the pattern. What begins with a dot is meant
/// only where the pattern says so.
pub fn is_match(pattern: &[u8], name: &[u8], steps: &mut usize) -> Option<bool> {
    if name.len() > MAX_NAME || pattern.len() > MAX_NAME {
        return Some(false);
    }
    if name.starts_with(b".") && !pattern.starts_with(b".") && !pattern.starts_with(b"\\.") {
        return Some(false);
    }
    let (mut pattern, mut name) = (pattern, name);
    // What stands behind the last asterisk, and what it does not reach yet.
    let mut last: Option<(&[u8], &[u8])> = None;
    while let [byte, behind @ ..] = name {
        let looked_at = match pattern {
            [b'[', ..] => pattern.len(),
            _ => 1,
        };
        *steps = steps.checked_sub(looked_at)?;
        if let [b'*', rest @ ..] = pattern {
            last = Some((rest, name));
            pattern = rest;
        } else if let Some(rest) = step(pattern, *byte) {
            (pattern, name) = (rest, behind);
        } else if let Some((star, [_, reach @ ..])) = last {
            last = Some((star, reach));
            (pattern, name) = (star, reach);
        } else {
            return Some(false);
        }
    }
    Some(pattern.iter().all(|rest| *rest == b'*'))
}

#[cfg(test)]
mod tests {
    use super::is_match;

    #[test]
    fn a_pattern_stands_for_names_as_the_shell_has_it() {
        for (pattern, name, is_it) in [
            ("*.conf", "a.conf", true),
            ("*.conf", ".conf", false),
            ("*.conf", "a.conf.bak", false),
            ("a*b*c", "a-b-b-c", true),
            ("a?c", "abc", true),
            ("a?c", "ac", false),
            ("[a-c]x", "bx", true),
            ("[!a-c]x", "bx", false),
            ("[]x", "[]x", true),
            ("[]]x", "]x", true),
            ("", "", true),
            ("*", "", true),
            ("a", "", false),
            ("[[:alpha:]]*.conf", "a1.conf", true),
            ("[[:alpha:]]*.conf", "1a.conf", false),
            ("[^[:digit:]_]", "_", false),
            ("[^[:digit:]_]", "a", true),
            ("[[=a=]]", "a", true),
            ("[a-]", "-", true),
            ("[\\]a]", "]", true),
            ("a\\*b", "a*b", true),
            ("a\\*b", "axb", false),
            ("caf?", "caf\u{e9}", false),
            ("caf??", "caf\u{e9}", true),
        ] {
            let found = is_match(pattern.as_bytes(), name.as_bytes(), &mut 1000);
            assert_eq!(found, Some(is_it), "{pattern} {name}");
        }
        let (pattern, name) = (b"*aaaab".as_slice(), "a".repeat(200));
        assert_eq!(is_match(pattern, name.as_bytes(), &mut 10_000), Some(false));
        assert_eq!(is_match(pattern, name.as_bytes(), &mut 500), None);
        assert_eq!(is_match(b"*.conf", b"caf\xe9.conf", &mut 100), Some(true));
    }
}
