//! What is exported for servers is accepted by them, and imported again; what is hostile in a service
//! stays inside its word.

mod clients;
mod exported;
mod hostile;
mod imported;
mod judges;
mod listening;
mod otherwise;
mod running;
mod whole;
