//! How much is read. Past a limit there is an error that names it, never a hang or a full memory.

/// Most inputs at once. The heap of a large estate is checked with `scan`, file by file.
pub const MAX_INPUTS: usize = 1_000;

/// Most bytes of all inputs together. Mozilla's whole root store is 230 kB of PEM; the largest
/// bundles seen in the wild (every intermediate known to CCADB) are below 20 MB.
pub const MAX_TOTAL_BYTES: usize = 64 * 1024 * 1024;

/// Most different certificates. CCADB lists about 150 roots in Mozilla's programme; a heap with more
/// than this is a store, not a chain, and comparing all with all would take too long.
pub const MAX_CERTIFICATES: usize = 1_024;

/// Most different private keys in one heap.
pub const MAX_KEYS: usize = 256;

/// Most revocation lists in one heap.
pub const MAX_CRLS: usize = 64;

/// Most OCSP responses in one heap.
pub const MAX_OCSP_RESPONSES: usize = 64;

/// Most signing requests in one heap, as many as keys: each was made with one.
pub const MAX_REQUESTS: usize = 256;

/// Most rounds of an iterated hash that opening everything in a heap may take, with all passwords that are
/// tried: about two seconds on a server's core.
pub const MAX_KDF_ROUNDS: u64 = crate::container::pbe::MAX_HEAP_ROUNDS;
