//! The chain: order, gaps, signatures, constraints, revocation.

pub mod bad_signature;
pub mod beyond_verifier;
pub mod ca_as_leaf;
pub mod crl_incomplete;
pub mod crl_out_of_date;
pub mod crl_passed_over;
pub mod crl_unrelated;
pub mod crl_unusable;
pub mod duplicate;
pub mod expired_cross_sign;
pub mod leaf_not_first;
pub mod limit_reached;
pub mod malformed_name_constraints;
pub mod missing_intermediate;
pub mod missing_key_cert_sign;
pub mod name_constraints;
pub mod no_path;
pub mod not_a_ca;
pub mod out_of_order;
pub mod path_length;
pub mod revoked;
pub mod root_included;
pub mod self_signed_leaf;
pub mod stranger;
pub mod unknown_root;
pub mod verifier_disagrees;
