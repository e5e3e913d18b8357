//! The chain: order, gaps, signatures, constraints, revocation.

pub mod bad_signature;
pub mod ca_as_leaf;
pub mod duplicate;
pub mod expired_cross_sign;
pub mod leaf_not_first;
pub mod missing_intermediate;
pub mod missing_key_cert_sign;
pub mod no_path;
pub mod not_a_ca;
pub mod out_of_order;
pub mod path_length;
pub mod root_included;
pub mod self_signed_leaf;
pub mod stranger;
pub mod unknown_root;
pub mod verifier_disagrees;
