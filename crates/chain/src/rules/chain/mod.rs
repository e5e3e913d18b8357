//! The chain: order, gaps, signatures, constraints.

pub mod leaf_not_first;
pub mod verifier_disagrees;
