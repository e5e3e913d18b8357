//! Repairing: from any heap to the files a server wants.

mod form;
mod plan;
mod write;

pub use form::{FixOptions, Form, Pkcs12Settings};
pub use plan::{Change, FixError, Repair, RepairedFile, fix, repairs};
