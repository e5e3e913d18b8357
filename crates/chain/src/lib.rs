//! chain.
pub mod algorithms;
pub mod name;
