//! `--unsafe-keylog`: secrets of every connection, for who looks into its own traffic (RFC 9850).

use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use rustls::KeyLog;

/// Appends to a file, a line for each secret.
#[derive(Debug)]
pub(super) struct SecretsFile(Mutex<File>);

impl SecretsFile {
    /// Opens a file that nobody else may read, or makes one.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        options.append(true).create(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(path)?;
        let facts = file.metadata()?;
        if !facts.is_file() {
            return Err(io::Error::other("it is no file"));
        }
        #[cfg(unix)]
        if std::os::unix::fs::MetadataExt::mode(&facts) & 0o077 != 0 {
            return Err(io::Error::other("others may read it (chmod 600)"));
        }
        Ok(Self(Mutex::new(file)))
    }
}

impl KeyLog for SecretsFile {
    fn log(&self, label: &str, client_random: &[u8], secret: &[u8]) {
        let mut line = label.to_owned();
        for bytes in [client_random, secret] {
            line.push(' ');
            line.extend(bytes.iter().map(|byte| format!("{byte:02x}")));
        }
        line.push('\n');
        let mut file = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Whoever reads along loses something; nobody who is served does.
        drop(file.write_all(line.as_bytes()));
    }
}
