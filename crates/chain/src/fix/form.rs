/// What to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Form {
    /// `fullchain.pem`, `chain.pem`, `key.pem`: nginx, Apache, HAProxy, Caddy, rustls.
    #[default]
    Pem,
    /// `bundle.p12`: IIS, Java.
    Pkcs12,
    /// `chain.p7b`: certificates only, for Windows' import dialogues.
    Pkcs7,
    /// `cert.der`, `chain-1.der`…, `key.der`.
    Der,
}

/// What a PKCS#12 file is encrypted with. The random values come from the caller: nothing in this
/// crate draws any.
#[derive(Clone)]
pub struct Pkcs12Settings<'a> {
    /// Password; may be empty.
    pub password: &'a [u8],
    /// Random bytes for salts and initialisation vectors, drawn anew for every file.
    pub random: [u8; 80],
}

impl std::fmt::Debug for Pkcs12Settings<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Pkcs12Settings { .. }")
    }
}

/// How to repair.
#[derive(Debug, Clone, Default)]
pub struct FixOptions<'a> {
    /// What to write.
    pub form: Form,
    /// Whether to keep the root that the heap holds, last in the chain.
    pub keep_root: bool,
    /// Needed for [`Form::Pkcs12`].
    pub pkcs12: Option<Pkcs12Settings<'a>>,
}
