//! What a file may cost: key derivation is slow on purpose, and the file says how slow.

use super::PbeError;

/// Rounds of an iterated hash that one file may ask for, all its parts together. `OpenSSL` writes
/// 2,048, NSS 10,000 to 600,000, OWASP's advice of 2023 is 600,000 with HMAC-SHA-256; a PFX has
/// three parts. A million rounds of HMAC-SHA-256 take 0.25 s on a server's core.
pub(crate) const MAX_KDF_ROUNDS: u64 = 2_500_000;

/// Memory in bytes that scrypt may take (RFC 7914: 128 * N * r). `OpenSSL` writes N = 16,384 and
/// r = 8, which is 16 MiB, and refuses to go past 32 MiB by default.
pub(crate) const MAX_SCRYPT_BYTES: u64 = 32 * 1024 * 1024;

/// Work of scrypt as 128 * N * r * p bytes: four times [`MAX_SCRYPT_BYTES`], about 0.2 s.
const MAX_SCRYPT_WORK: u64 = 4 * MAX_SCRYPT_BYTES;

/// How many files' worth of work all files of a heap may ask for, with every password that is tried:
/// about two seconds on a server's core.
const FILES: u64 = 8;

/// The same in rounds: what a heap may cost where nobody says less.
pub(crate) const MAX_HEAP_ROUNDS: u64 = FILES * MAX_KDF_ROUNDS;

/// What a round of bcrypt-pbkdf costs, in rounds of HMAC-SHA-256: 4 ms.
const BCRYPT_WEIGHT: u64 = 40_000;

/// Rounds that are left to a heap: all files that are read together.
#[derive(Debug)]
pub(crate) struct Allowance {
    /// What there was.
    given: u64,
    rounds: u64,
    scrypt: u64,
}

impl Allowance {
    /// What a heap may cost.
    pub(crate) fn new() -> Self {
        Self::of(MAX_HEAP_ROUNDS)
    }

    /// So many rounds, [`MAX_HEAP_ROUNDS`] at most, and of scrypt as much as goes with them.
    pub(crate) fn of(rounds: u64) -> Self {
        let given = rounds.min(MAX_HEAP_ROUNDS);
        Self {
            given,
            rounds: given,
            scrypt: given.saturating_mul(FILES * MAX_SCRYPT_WORK) / MAX_HEAP_ROUNDS,
        }
    }

    /// Takes what bcrypt-pbkdf asks for.
    pub(crate) fn spend_bcrypt(&mut self, rounds: u32) -> Result<(), PbeError> {
        let rounds = u64::from(rounds).saturating_mul(BCRYPT_WEIGHT);
        self.rounds = self.rounds.checked_sub(rounds).ok_or(self.used_up())?;
        Ok(())
    }

    /// No file may cost anything any more.
    fn used_up(&self) -> PbeError {
        PbeError::Limit {
            what: "key derivation rounds in all files together",
            limit: self.given,
        }
    }
}

/// Rounds that are left to a file.
#[derive(Debug)]
pub(crate) struct Budget<'h> {
    rounds: u64,
    scrypt: u64,
    heap: &'h mut Allowance,
}

impl<'h> Budget<'h> {
    /// The budget of one file of a heap.
    pub(crate) fn of(heap: &'h mut Allowance) -> Self {
        Self {
            rounds: MAX_KDF_ROUNDS,
            scrypt: MAX_SCRYPT_WORK,
            heap,
        }
    }

    /// Takes `iterations` rounds for each of `blocks` hash outputs, weighted by what a hash costs.
    pub(crate) fn spend(&mut self, iterations: u32, blocks: usize) -> Result<(), PbeError> {
        let blocks = u64::try_from(blocks).unwrap_or(u64::MAX);
        let rounds = u64::from(iterations).saturating_mul(blocks);
        self.rounds = self.rounds.checked_sub(rounds).ok_or(PbeError::Limit {
            what: "key derivation rounds",
            limit: MAX_KDF_ROUNDS,
        })?;
        let heap = &mut *self.heap;
        heap.rounds = heap.rounds.checked_sub(rounds).ok_or(heap.used_up())?;
        Ok(())
    }

    /// Takes the work of one scrypt run with cost `n`, block size `r` and `p` lanes.
    pub(crate) fn spend_scrypt(&mut self, n: u64, r: u32, p: u32) -> Result<(), PbeError> {
        let memory = n.saturating_mul(128).saturating_mul(u64::from(r));
        let work = memory.saturating_mul(u64::from(p));
        let left = self.scrypt.checked_sub(work);
        match left {
            Some(left) if memory <= MAX_SCRYPT_BYTES => self.scrypt = left,
            _ => {
                return Err(PbeError::Limit {
                    what: "bytes of scrypt memory",
                    limit: MAX_SCRYPT_BYTES,
                });
            }
        }
        let heap = &mut *self.heap;
        heap.scrypt = heap.scrypt.checked_sub(work).ok_or(heap.used_up())?;
        Ok(())
    }
}
