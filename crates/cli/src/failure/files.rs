//! What is wrong with files that hold certificates and keys.

/// What two files of a service hold in each other's place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RoleFault {
    /// The key is in the certificate's file, and the certificate in the key's.
    Swapped,
    /// The certificate is in the key's file alone.
    Certificate,
    /// The key that belongs is in the certificate's file alone.
    Key,
}

/// What is wrong with a file of CA certificates.
#[derive(Debug)]
pub(crate) enum RootsFault {
    /// It holds none, but this; may be empty.
    NoCertificate(String),
    /// No file of the folder holds one.
    NoneInFolder,
}
