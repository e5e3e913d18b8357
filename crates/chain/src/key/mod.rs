//! stub
use std::fmt;
/// k
#[derive(Debug)]
pub struct PrivateKey {
    pub algorithm: A,
    pub spki: Vec<u8>,
}
/// a
#[derive(Debug)]
pub struct A;
impl fmt::Display for A {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("key")
    }
}
