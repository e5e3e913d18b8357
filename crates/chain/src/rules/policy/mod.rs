//! Purpose, strength and profile.

pub mod missing_ski;
