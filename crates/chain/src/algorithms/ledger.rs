//! What one check has verified so far, and how much it may still verify.

use std::sync::Arc;

/// One question to a verifier. `algorithm` is an index into the wrapped slice.
#[derive(Clone, Copy)]
pub(super) struct Question<'q> {
    pub(super) algorithm: usize,
    pub(super) key: &'q [u8],
    pub(super) signature: &'q [u8],
    pub(super) message: &'q [u8],
}

/// The answers of one check. Grows by one entry for each unit of the budget, and keeps each
/// distinct message once, so its size is bounded by the budget and by the input.
#[derive(Debug)]
pub(super) struct Ledger {
    budget: usize,
    spent: usize,
    refused: bool,
    entries: Vec<Entry>,
}

#[derive(Debug)]
struct Entry {
    algorithm: usize,
    /// The signature, and behind it the key.
    signed_with: Box<[u8]>,
    signature_len: usize,
    message: Arc<[u8]>,
    valid: bool,
}

/// What the ledger says to a question.
pub(super) enum Entitlement {
    /// It was asked before.
    Known {
        /// Whether the signature verified.
        valid: bool,
    },
    /// It is new and paid for: compute it, then `record` it.
    Compute,
    /// It is new and the budget is spent.
    Refused,
}

impl Ledger {
    pub(super) fn new(budget: usize) -> Self {
        Self {
            budget,
            spent: 0,
            refused: false,
            entries: Vec::new(),
        }
    }

    pub(super) fn spent(&self) -> usize {
        self.spent
    }

    pub(super) fn refused(&self) -> bool {
        self.refused
    }

    pub(super) fn ask(&mut self, question: Question<'_>) -> Entitlement {
        let known = self.entries.iter().find(|entry| entry.answers(question));
        if let Some(entry) = known {
            return Entitlement::Known { valid: entry.valid };
        }
        if self.spent >= self.budget {
            self.refused = true;
            return Entitlement::Refused;
        }
        self.spent += 1;
        Entitlement::Compute
    }

    pub(super) fn record(&mut self, question: Question<'_>, valid: bool) {
        let message = self.share(question.message);
        self.entries.push(Entry {
            algorithm: question.algorithm,
            signed_with: [question.signature, question.key].concat().into(),
            signature_len: question.signature.len(),
            message,
            valid,
        });
    }

    /// One copy for each message: a certificate tried against many keys is stored once.
    fn share(&self, message: &[u8]) -> Arc<[u8]> {
        self.entries
            .iter()
            .find(|entry| *entry.message == *message)
            .map_or_else(|| message.into(), |entry| Arc::clone(&entry.message))
    }
}

impl Entry {
    /// Signatures by different keys differ in their first bytes, so that comparing costs less than
    /// hashing would; and there are no more entries to compare with than the budget.
    fn answers(&self, question: Question<'_>) -> bool {
        let (signature, key) = self.signed_with.split_at(self.signature_len);
        self.algorithm == question.algorithm
            && signature == question.signature
            && key == question.key
            && *self.message == *question.message
    }
}
