//! Patterns of names of files, as `include` has them (POSIX: "Pattern Matching Notation").

/// Characters by which a name is a pattern.
const SPECIAL: &[char] = &['*', '?', '['];

/// Characters of a name, and of a pattern, past which none fits, of four bytes at most: as many as file systems take (POSIX:
/// `NAME_MAX`).
const MAX_NAME: usize = 255;

/// Whether a path, or a part of one, is a pattern.
pub fn is_pattern(text: &str) -> bool {
    text.contains(SPECIAL)
}

/// What a bracket holds behind its first character, and whether a letter is in it; `None` where it is not closed.
fn bracket(pattern: &[char], letter: char) -> Option<(bool, usize)> {
    let (is_turned, start) = match pattern.first() {
        Some('!' | '^') => (true, 1),
        _ => (false, 0),
    };
    // A bracket that stands first is in it.
    let end = pattern.iter().skip(start + 1).position(|it| *it == ']')? + start + 1;
    let mut inside = &pattern[start..end];
    let mut is_in = false;
    while let Some((first, rest)) = inside.split_first() {
        inside = match rest {
            ['-', last, more @ ..] => {
                is_in |= (*first..=*last).contains(&letter);
                more
            }
            rest => {
                is_in |= *first == letter;
                rest
            }
        };
    }
    Some((is_in != is_turned, end + 1))
}

/// How many characters of a pattern stand for one letter, if they do.
fn step(pattern: &[char], letter: char) -> Option<usize> {
    match pattern.split_first()? {
        ('?', _) => Some(1),
        ('[', rest) => match bracket(rest, letter) {
            Some((is_in, length)) => is_in.then_some(length + 1),
            None => (letter == '[').then_some(1),
        },
        (plain, _) => (*plain == letter).then_some(1),
    }
}

/// Whether a pattern stands for the name of a file, without folders. What begins with a dot is meant only where the
/// pattern says so.
pub fn is_match(pattern: &str, name: &str) -> bool {
    if name.len() > 4 * MAX_NAME || pattern.len() > 4 * MAX_NAME {
        return false;
    }
    if name.starts_with('.') && !pattern.starts_with('.') {
        return false;
    }
    let pattern: Vec<char> = pattern.chars().collect();
    let name: Vec<char> = name.chars().collect();
    let (mut at, mut letter) = (0, 0);
    // Where the last asterisk stands, and up to where it reaches.
    let mut last: Option<(usize, usize)> = None;
    while letter < name.len() {
        if pattern.get(at) == Some(&'*') {
            last = Some((at, letter));
            at += 1;
        } else if let Some(length) = step(&pattern[at..], name[letter]) {
            at += length;
            letter += 1;
        } else if let Some((star, reach)) = last {
            last = Some((star, reach + 1));
            (at, letter) = (star + 1, reach + 1);
        } else {
            return false;
        }
    }
    pattern[at..].iter().all(|rest| *rest == '*')
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
        ] {
            assert_eq!(is_match(pattern, name), is_it, "{pattern} {name}");
        }
        let long = "a".repeat(2000);
        assert!(!is_match(
            &"a*".repeat(200),
            &(long + "b")[1..].replace('a', "c")
        ));
    }
}
