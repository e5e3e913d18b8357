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
            let value = env::var_os(name).ok_or_else(|| Failure::PasswordVariable(name.clone()))?;
            passwords.0.push(Zeroizing::new(value.into_encoded_bytes()));
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
        return from_environment(name).map(Some);
    }
    if !terminal::can_ask() {
        return Ok(None);
    }
    let typed = rpassword::prompt_password(voice::new_password_prompt());
    Ok(typed.ok().map(|typed| Zeroizing::new(typed.into_bytes())))
}

fn from_environment(name: &str) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let value = env::var_os(name).ok_or_else(|| Failure::PasswordVariable(name.to_owned()))?;
    Ok(Zeroizing::new(value.into_encoded_bytes()))
}

/// The first line of a file, without its end: what editors and `echo` add is no part of a password.
fn from_file(path: &Path) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let file = read_file(path).map_err(|refused| refused.at(path))?;
    let line = file
        .bytes
        .split(|byte| *byte == b'\n')
        .next()
        .unwrap_or(&[]);
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    Ok(Zeroizing::new(line.to_vec()))
}
