//! Reading: what is wrong with the files themselves.

pub mod missing_end;
