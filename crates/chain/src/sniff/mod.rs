//! What is this file? A guess from its first bytes and its shape, for input that holds no PEM, so
//! that the answer to a wrong file is its name and what to do, not "no certificate found".
//!
//! [`kind`] only looks: it decodes nothing, allocates next to nothing, and is total. What it says is
//! no proof; the reader that takes the bytes on has the last word.

mod kind;
mod magic;
mod shape;
mod wording;
mod words;

pub use kind::{FileKind, kind};
pub use shape::{DerShape, shape};
pub use words::base64_of_pem;
pub(crate) use words::wrapped_pem;
