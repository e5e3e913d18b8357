//! Each signature of one check computed once, and a bounded number of them.

use super::ledger::{Entitlement, Ledger, Question};
use super::{Algorithms, PublicKey, Signed};
use rustls_pki_types::{
    AlgorithmIdentifier, FipsStatus, InvalidSignature, SignatureVerificationAlgorithm,
};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Most signatures that one check computes; answers remembered are free.
///
/// rustls-webpki allows the same number for one path building (`Budget::signatures` in its
/// `verify_cert.rs`), after the remedy for Go's CVE-2018-16875.
pub const SIGNATURE_BUDGET: usize = 100;

/// What came of a verification.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[must_use]
pub enum Outcome {
    /// The key made the signature.
    Valid,
    /// The key did not make the signature, or key or signature is malformed, or the signature is
    /// of an algorithm that the key is not for.
    Invalid,
    /// None of the algorithms verifies such a signature, or such a key.
    UnsupportedAlgorithm,
    /// Not computed: the check has used up its budget.
    BudgetExhausted,
}

/// Algorithms with a memory and a budget, for the length of one check.
///
/// Our explanation of a path and rustls-webpki's building of it ask for the same signatures; each
/// is computed once, whoever asks first.
///
/// ```
/// use keyway_chain::algorithms::{Memo, Outcome};
///
/// let memo = Memo::new(&[]);
/// let outcome = memo.verify(&[], &[], b"message", b"signature");
/// assert_eq!(outcome, Outcome::Invalid);
/// assert!(!memo.exhausted());
/// ```
#[derive(Debug)]
pub struct Memo<'a> {
    remembering: Vec<Remembering<'a>>,
    ledger: Arc<Mutex<Ledger>>,
}

impl<'a> Memo<'a> {
    /// Wraps `algorithms`, with [`SIGNATURE_BUDGET`].
    pub fn new(algorithms: Algorithms<'a>) -> Self {
        Self::with_budget(algorithms, SIGNATURE_BUDGET)
    }

    /// Wraps `algorithms`, allowing `budget` signatures to be computed.
    pub fn with_budget(algorithms: Algorithms<'a>, budget: usize) -> Self {
        let ledger = Arc::new(Mutex::new(Ledger::new(budget)));
        let remembering = algorithms
            .iter()
            .enumerate()
            .map(|(index, &inner)| Remembering {
                inner,
                index,
                ledger: Arc::clone(&ledger),
            })
            .collect();
        Self {
            remembering,
            ledger,
        }
    }

    /// The wrapped algorithms, for `webpki::EndEntityCert::verify_for_usage` and its like.
    ///
    /// Past the budget they answer `InvalidSignature`; ask [`Memo::exhausted`] afterwards.
    pub fn algorithms(&self) -> Vec<&dyn SignatureVerificationAlgorithm> {
        self.remembering
            .iter()
            .map(|a| a as &dyn SignatureVerificationAlgorithm)
            .collect()
    }

    /// Whether a verification was refused because the budget was spent. Refusals may have shaped
    /// every answer since, so verdicts that rest on them are unknown, not "no".
    pub fn exhausted(&self) -> bool {
        open(&self.ledger).refused()
    }

    /// Signatures computed so far.
    pub fn computed(&self) -> usize {
        open(&self.ledger).spent()
    }

    /// Verifies `signature` over `message` with the key in `spki`, a whole
    /// `SubjectPublicKeyInfo`. `signature_algorithm` is the contents of the
    /// `AlgorithmIdentifier`, without its SEQUENCE header.
    pub fn verify(
        &self,
        spki: &[u8],
        signature_algorithm: &[u8],
        message: &[u8],
        signature: &[u8],
    ) -> Outcome {
        let Some(key) = PublicKey::read(spki) else {
            return Outcome::Invalid;
        };
        let algorithm = signature_algorithm;
        self.verify_signed(
            key,
            Signed {
                message,
                algorithm,
                signature,
            },
        )
    }

    /// Verifies something signed with `key`.
    ///
    /// The algorithm is picked as rustls-webpki picks it: the first whose identifiers equal,
    /// byte for byte, the signature's and the key's.
    pub fn verify_signed(&self, key: PublicKey<'_>, signed: Signed<'_>) -> Outcome {
        let picked = self
            .remembering
            .iter()
            .find(|a| a.is_for_signature(signed.algorithm) && a.is_for_key(key.algorithm));
        let Some(algorithm) = picked else {
            return self.unmatched(key, signed);
        };
        algorithm.answer(key.key, signed.message, signed.signature)
    }

    /// A known kind of signature by a known kind of key of another algorithm is no signature of
    /// that key; anything else cannot be judged.
    fn unmatched(&self, key: PublicKey<'_>, signed: Signed<'_>) -> Outcome {
        let known_signature = self
            .remembering
            .iter()
            .any(|a| a.is_for_signature(signed.algorithm));
        let known_key = self.remembering.iter().any(|a| a.is_for_key(key.algorithm));
        if known_signature && known_key {
            Outcome::Invalid
        } else {
            Outcome::UnsupportedAlgorithm
        }
    }
}

/// One algorithm that writes into the shared ledger.
#[derive(Debug)]
struct Remembering<'a> {
    inner: &'a dyn SignatureVerificationAlgorithm,
    index: usize,
    ledger: Arc<Mutex<Ledger>>,
}

impl Remembering<'_> {
    fn is_for_signature(&self, algorithm: &[u8]) -> bool {
        self.inner.signature_alg_id().as_ref() == algorithm
    }

    fn is_for_key(&self, algorithm: &[u8]) -> bool {
        self.inner.public_key_alg_id().as_ref() == algorithm
    }

    fn answer(&self, key: &[u8], message: &[u8], signature: &[u8]) -> Outcome {
        let question = Question {
            algorithm: self.index,
            key,
            signature,
            message,
        };
        // The lock is not held while computing: two threads may compute the same signature, and
        // both pay for it.
        let entitlement = open(&self.ledger).ask(question);
        let valid = match entitlement {
            Entitlement::Known { valid } => valid,
            Entitlement::Refused => return Outcome::BudgetExhausted,
            Entitlement::Compute => {
                let valid = self.inner.verify_signature(key, message, signature).is_ok();
                open(&self.ledger).record(question, valid);
                valid
            }
        };
        if valid {
            Outcome::Valid
        } else {
            Outcome::Invalid
        }
    }
}

impl SignatureVerificationAlgorithm for Remembering<'_> {
    fn verify_signature(
        &self,
        public_key: &[u8],
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), InvalidSignature> {
        match self.answer(public_key, message, signature) {
            Outcome::Valid => Ok(()),
            _ => Err(InvalidSignature),
        }
    }

    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        self.inner.public_key_alg_id()
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        self.inner.signature_alg_id()
    }

    fn fips_status(&self) -> FipsStatus {
        self.inner.fips_status()
    }

    fn fips(&self) -> bool {
        self.inner.fips()
    }
}

/// A panic elsewhere leaves at worst an answer unrecorded, so a poisoned ledger is still true.
fn open(ledger: &Mutex<Ledger>) -> MutexGuard<'_, Ledger> {
    ledger.lock().unwrap_or_else(PoisonError::into_inner)
}
