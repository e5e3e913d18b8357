//! Which findings the written files no longer have.

/// A fault in how a block stands in its file, and what writing it anew did about it.
pub(super) struct Text {
    /// The rule that names the fault.
    pub(super) code: &'static str,
    /// What was done.
    pub(super) what: &'static str,
    /// Why.
    pub(super) why: &'static str,
    /// Whether it is one of the whole file, and not of the block at its place.
    pub(super) of_file: bool,
}

const fn block(code: &'static str, what: &'static str, why: &'static str) -> Text {
    Text {
        code,
        what,
        why,
        of_file: false,
    }
}

const fn file(code: &'static str, what: &'static str, why: &'static str) -> Text {
    Text {
        code,
        what,
        why,
        of_file: true,
    }
}

/// Faults of the text, which are gone in PEM that is written anew.
#[rustfmt::skip] // one fault, one line
pub(super) const TEXT: &[Text] = &[
    block("pem.missing-end", "wrote the missing END line", "without it the block is not read"),
    block("pem.missing-begin", "wrote the missing BEGIN line", "without it the block is not read"),
    block("pem.no-boundaries", "wrote BEGIN and END lines", "without them nothing is read"),
    block("pem.malformed-boundary", "spelled the boundary lines right", "readers look for exactly five dashes"),
    block("pem.mismatched-labels", "made BEGIN and END agree", "readers refuse the block otherwise"),
    block("pem.glued-boundary", "put every boundary on its own line", "readers look for it at a line's beginning"),
    block("pem.indented", "removed what stood before the lines", "strict readers do not see indented lines"),
    block("pem.trailing-bytes", "left out the bytes behind the value", "they belong to no certificate and no key"),
    block("pem.unread-layout", "wrote the base64 anew", "OpenSSL does not read the block as it was laid out"),
    block("pem.unusual-layout", "wrote lines of 64 characters", "RFC 7468 says so"),
    block("pem.wrong-label", "named the block by what it holds", "readers go by the label"),
    block("pem.trusted-certificate", "wrote a plain CERTIFICATE", "only OpenSSL reads its trust settings"),
    file("pem.bom", "removed the byte order mark", "the first line is not a BEGIN line with it"),
    file("pem.lone-cr", "wrote line feeds instead of carriage returns", "OpenSSL finds no boundary otherwise"),
    file("pem.utf16", "wrote ASCII instead of UTF-16", "servers read ASCII"),
    file("pem.escaped", "undid the escapes", "servers read PEM as it is"),
    file("pem.text-between", "left out the text between the blocks", "no server reads it"),
    file("pem.der-not-pem", "converted DER to PEM", "servers want PEM"),
];

/// What a strict reader does not see in a file has a cause; where none is known, this is said.
pub(super) const STRICT: Text = file(
    "pem.strict-reader-differs",
    "wrote blocks that strict readers load",
    "a rustls server would have loaded something else",
);

/// Findings that are gone in the written files for another reason: order, choice, form, key.
const OTHERS: &[&str] = &[
    "chain.leaf-not-first",
    "chain.out-of-order",
    "chain.duplicate",
    "chain.split-files",
    "chain.stranger",
    "chain.twin-first",
    "chain.second-leaf",
    "chain.root-included",
    "chain.expired-cross-sign",
    "pem.duplicate-block",
    "pem.pkcs7-given",
    "pem.pkcs12-given",
    "pem.openssh-key",
    "pem.legacy-encryption",
    "pem.retired-cipher",
    "pem.encrypted-key",
    "pem.key-among-certificates",
    "key.another-first",
    "key.locked-first",
    "key.several",
    "key.wrong-curve-encoding",
];

/// Whether the written files no longer have findings of this code.
pub fn repairs(code: &str) -> bool {
    let of_text = TEXT.iter().chain([&STRICT]).any(|text| text.code == code);
    of_text || OTHERS.contains(&code)
}
