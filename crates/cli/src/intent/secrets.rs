//! Passwords: from a file, the environment or a person, never from the command line.

use std::env;
use std::path::Path;

use zeroize::Zeroizing;

use super::files::read_file;
use crate::arguments::{FixArguments, PasswordArguments};
use crate::failure::Failure;
use crate::{terminal, voice};

/// Passwords to try. Overwritten when dropped; never shown, not even by `Debug`.
#[derive(Default)]
pub(crate) struct Passwords(Vec<Zeroizing<Vec<u8>>>);

impl Passwords {
    /// Those that were named on the command line, in that order: files, then variables.
    pub(crate) fn named(arguments: &PasswordArguments) -> Result<Self, Failure> {
        let mut passwords = Self::default();
        for path in &arguments.password_file {
            passwords.0.push(from_file(path)?);
        }
        for name in &arguments.password_env {
            passwords.0.push(from_environment("--password-env", name)?);
        }
        Ok(passwords)
    }

    /// Whether there is none.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds one that a person typed.
    pub(crate) fn add(&mut self, typed: String) {
        self.0.push(Zeroizing::new(typed.into_bytes()));
    }

    /// The passwords, as `keyway-chain` takes them.
    pub(crate) fn slices(&self) -> Vec<&[u8]> {
        self.0.iter().map(|password| password.as_slice()).collect()
    }
}

/// The password for a file that is written: from a file, a variable, or a person at a terminal.
/// `None` when nobody can be asked.
pub(crate) fn for_writing(arguments: &FixArguments) -> Result<Option<Zeroizing<Vec<u8>>>, Failure> {
    if let Some(path) = &arguments.to_password_file {
        return from_file(path).map(Some);
    }
    if let Some(name) = &arguments.to_password_env {
        return from_environment("--to-password-env", name).map(Some);
    }
    if !terminal::can_ask() {
        return Ok(None);
    }
    chosen(|prompt| {
        let typed = rpassword::prompt_password(prompt);
        typed.ok().map(|typed| Zeroizing::new(typed.into_bytes()))
    })
}

/// Times that a new password may be typed otherwise than before.
const MOST_SLIPS: usize = 3;

/// A new password, typed twice alike: a slip would lock the file for good. `None` when nobody answers.
fn chosen(
    mut ask: impl FnMut(&'static str) -> Option<Zeroizing<Vec<u8>>>,
) -> Result<Option<Zeroizing<Vec<u8>>>, Failure> {
    for attempt in 0..MOST_SLIPS {
        let Some(first) = ask(voice::new_password_prompt(attempt)) else {
            return Ok(None);
        };
        let Some(again) = ask(voice::repeated_password_prompt()) else {
            return Ok(None);
        };
        if first == again {
            return Ok(Some(first));
        }
    }
    Err(Failure::PasswordsDiffer)
}

fn from_environment(option: &'static str, name: &str) -> Result<Zeroizing<Vec<u8>>, Failure> {
    // A name with `=` or NUL in it names nothing.
    let value = env::var_os(name).ok_or_else(|| Failure::PasswordVariable {
        option,
        name: name.to_owned(),
    })?;
    Ok(Zeroizing::new(value.into_encoded_bytes()))
}

/// The first line of a file, without its end: what editors and `echo` add is no part of a password,
/// and neither is a byte order mark.
pub(in crate::intent) fn from_file(path: &Path) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let file = read_file(path).map_err(|refused| refused.at(path))?;
    first_line(&file.bytes)
        .map(|line| Zeroizing::new(line.to_vec()))
        .ok_or_else(|| Failure::PasswordInUtf16(path.to_path_buf()))
}

/// `None` for UTF-16, as Windows PowerShell's `>` writes it.
pub(in crate::intent) fn first_line(bytes: &[u8]) -> Option<&[u8]> {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return None;
    }
    let text = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    let line = text.split(|byte| *byte == b'\n').next().unwrap_or(&[]);
    Some(line.strip_suffix(b"\r").unwrap_or(line))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What comes of these answers.
    fn answered(answers: &[&str]) -> Result<Option<Zeroizing<Vec<u8>>>, Failure> {
        let mut answers = answers.iter();
        chosen(|_| {
            let answer = answers.next()?;
            Some(Zeroizing::new(answer.as_bytes().to_vec()))
        })
    }

    #[test]
    fn a_new_password_is_typed_twice_alike() {
        let is = |answers: &[&str], password: Option<&str>| {
            answered(answers)
                .is_ok_and(|answer| answer.map(|a| a.to_vec()) == password.map(Into::into))
        };
        assert!(is(&["a", "a"], Some("a")));
        assert!(is(&["", ""], Some("")));
        assert!(is(&["a", "b", "c", "c"], Some("c")));
        assert!(is(&["a"], None));
        let never = answered(&["a", "b", "a", "b", "a", "b", "a", "a"]);
        assert!(matches!(never, Err(Failure::PasswordsDiffer)));
    }

    #[test]
    fn a_password_is_the_first_line_without_what_editors_add() {
        for file in [
            "päss word",
            "päss word\n",
            "päss word\r\nmore\n",
            "\u{feff}päss word\n",
        ] {
            assert_eq!(first_line(file.as_bytes()), Some("päss word".as_bytes()));
        }
        assert_eq!(first_line(b" a \n"), Some(&b" a "[..]));
        assert_eq!(first_line(b""), Some(&b""[..]));
        assert_eq!(first_line(b"\xff\xfea\0"), None);
    }
}
