//! Real clients: chains served on the loopback interface, exactly as they are, to be asked about.

mod case;
mod clock;
mod keys;
pub mod made;
pub mod openssl;
mod server;

pub use case::Case;
pub use clock::clock;
pub use keys::private_key;
pub use server::Server;
