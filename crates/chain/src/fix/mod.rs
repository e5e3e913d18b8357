//! Repairing: from any heap to the files a server wants.

mod changes;
mod form;
mod plan;
mod repairs;
mod write;

pub use form::{FixOptions, Form, Pkcs12Settings};
pub use plan::{Change, FixError, Repair, RepairedFile, fix};
pub use repairs::repairs;
pub use write::is_written_name;
