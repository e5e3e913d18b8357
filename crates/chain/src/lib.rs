//! chain.
pub mod name;
