//! What was read, kept for the next question.

use keyway_chain::read::MAX_KDF_ROUNDS;
use keyway_chain::{Bundle, Report};
use sha2::{Digest as _, Sha256};

use super::{Repaired, gather, judge, mend};
use crate::file::File;
use crate::options::{FixSettings, Options};
use crate::problem::Problem;

/// Reads files, and may keep what it read last: opening what is encrypted is slow on purpose, and a question about
/// another moment needs no more of it.
#[derive(Default)]
pub struct Reader {
    keeps: bool,
    kept: Option<Kept>,
}

/// What was read, keys and all; they are overwritten when it is dropped.
struct Kept {
    of: [u8; 32],
    bundle: Bundle,
}

impl Reader {
    /// Says whether to keep what is read from now on. What was kept is let go.
    pub fn keep(&mut self, keeps: bool) {
        *self = Self { keeps, kept: None };
    }

    /// As [`check`].
    ///
    /// # Errors
    /// As [`check`].
    pub fn check(&mut self, files: &[File], options: &Options) -> Result<Report, Problem> {
        self.with(files, options, |bundle| judge(bundle, options))
    }

    /// As [`fix`].
    ///
    /// # Errors
    /// As [`fix`].
    pub fn fix(
        &mut self,
        files: &[File],
        options: &Options,
        settings: &FixSettings,
    ) -> Result<Repaired, Problem> {
        self.with(files, options, |bundle| mend(bundle, options, settings))
    }

    fn with<T>(
        &mut self,
        files: &[File],
        options: &Options,
        job: impl FnOnce(&Bundle) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        let rounds = options.max_kdf_rounds.map_or(MAX_KDF_ROUNDS, u64::from);
        let read = || gather(files, &options.passwords, rounds);
        if !self.keeps {
            return job(&read()?);
        }
        let of = told_apart(files, options);
        let kept = match self.kept.take().filter(|kept| kept.of == of) {
            Some(kept) => kept,
            None => Kept {
                of,
                bundle: read()?,
            },
        };
        job(&self.kept.insert(kept).bundle)
    }
}

/// A digest of everything that reading depends on.
fn told_apart(files: &[File], options: &Options) -> [u8; 32] {
    let mut digest = Sha256::new();
    // Each with its length before it: no two heaps look the same.
    let mut take = |part: &[u8]| {
        digest.update(part.len().to_be_bytes());
        digest.update(part);
    };
    take(&files.len().to_be_bytes());
    for file in files {
        take(file.name.as_bytes());
        take(&file.bytes.0);
    }
    for password in &options.passwords {
        take(&password.0.0);
    }
    take(&options.max_kdf_rounds.unwrap_or(u32::MAX).to_be_bytes());
    digest.finalize().into()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use serde_json::json;

    use super::*;

    fn file(name: &str, text: &str) -> File {
        serde_json::from_value(json!({ "name": name, "bytes": text.as_bytes() })).unwrap()
    }

    fn options(now: &str, password: &str) -> Options {
        serde_json::from_value(json!({ "now": now, "passwords": [password] })).unwrap()
    }

    /// Where the certificates are that were judged last.
    fn place(reader: &Reader) -> Option<*const keyway_chain::read::HeldCertificate> {
        let kept = reader.kept.as_ref()?;
        Some(kept.bundle.certificates.as_ptr())
    }

    #[test]
    fn another_moment_or_a_repair_reads_nothing_again() {
        let files = [file(
            "a.pem",
            &keyway_testkit::Chain::good().fullchain_pem(),
        )];
        let mut reader = Reader::default();
        reader.keep(true);
        reader.check(&files, &options("2026-11-23", "x")).unwrap();
        let first = place(&reader).unwrap();
        reader.check(&files, &options("2030-01-01", "x")).unwrap();
        let settings = FixSettings::default();
        reader
            .fix(&files, &options("2026-11-23", "x"), &settings)
            .unwrap();
        assert_eq!(place(&reader), Some(first));
    }

    #[test]
    fn anything_that_reading_depends_on_tells_heaps_apart() {
        let told = |files: &[File], options: &Options| told_apart(files, options);
        let usual = options("2026-11-23", "x");
        let files = [file("a", "bc"), file("d", "")];
        let one = told(&files, &usual);
        assert_eq!(one, told(&files, &options("2030-01-01", "x")));
        let less = Options {
            max_kdf_rounds: Some(1),
            ..options("2026-11-23", "x")
        };
        let others = [
            told(&files, &options("2026-11-23", "y")),
            told(&files, &less),
            told(&files[..1], &usual),
            told(&[file("ab", "c"), file("d", "")], &usual),
            told(&[file("a", "b"), file("d", "c")], &usual),
            told(&[file("d", ""), file("a", "bc")], &usual),
        ];
        assert!(others.iter().all(|other| *other != one));
    }

    #[test]
    fn nothing_is_kept_where_nobody_asks_for_it() {
        let files = [file(
            "a.pem",
            &keyway_testkit::Chain::good().fullchain_pem(),
        )];
        let mut reader = Reader::default();
        let ask = |reader: &mut Reader| reader.check(&files, &options("2026-11-23", "x")).map(drop);
        ask(&mut reader).unwrap();
        assert_eq!(place(&reader), None);
        reader.keep(true);
        ask(&mut reader).unwrap();
        assert!(place(&reader).is_some());
        reader.keep(false);
        assert_eq!(place(&reader), None);
    }
}
