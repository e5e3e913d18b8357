//! Vectors of the rules about reading.

use keyway_testkit::{Chain, Request, der, pem};

use crate::case::Case;

/// Files that only OpenSSL can make; how is written in `crates/chain/tests/vectors/keys/make.sh`.
macro_rules! openssl_file {
    ($name:literal) => {
        include_bytes!(concat!("../../../chain/tests/vectors/keys/", $name)).as_slice()
    };
}

/// A good chain and its parts as text.
struct Parts {
    chain: Chain,
    leaf: String,
    rest: String,
    key: String,
}

impl Parts {
    fn new() -> Self {
        let chain = Chain::good();
        let rest = format!("{}{}", chain.issuing.pem(), chain.policy.pem());
        Self {
            leaf: chain.leaf.pem(),
            rest,
            key: chain.key_pem(),
            chain,
        }
    }

    fn full(&self) -> String {
        format!("{}{}", self.leaf, self.rest)
    }

    fn trusted(&self, case: Case) -> Case {
        case.roots(self.chain.root_pem())
    }
}

pub(crate) fn cases() -> Vec<Case> {
    let parts = Parts::new();
    let mut out = boundaries(&parts);
    out.extend(encoding(&parts));
    out.extend(layout(&parts));
    out.extend(contents(&parts));
    out.extend(keys(&parts));
    out.extend(other_forms(&parts));
    out.extend(wholes(&parts));
    out.into_iter().map(|case| parts.trusted(case)).collect()
}

fn full(case: Case, text: impl Into<Vec<u8>>) -> Case {
    case.input("fullchain.pem", text)
}

fn boundaries(p: &Parts) -> Vec<Case> {
    let end = "-----END CERTIFICATE-----\n";
    let begin = "-----BEGIN CERTIFICATE-----\n";
    let whole = p.full();
    vec![
        full(
            Case::fires(
                "pem.missing-end",
                "when-the-last-end-line-is-lost",
                "The copy stopped one line early.",
            ),
            whole.strip_suffix(end).unwrap_or(&whole),
        )
        .verdict("accepted", "yes")
        .verdict("servable", "no"),
        full(
            Case::silent(
                "pem.missing-end",
                "when-only-the-last-line-break-is-lost",
                "The END line is there.",
            ),
            whole.trim_end(),
        )
        .verdict("accepted", "yes"),
        full(
            Case::fires(
                "pem.missing-begin",
                "when-the-first-line-is-lost",
                "The body still ends with END CERTIFICATE.",
            ),
            whole.strip_prefix(begin).unwrap_or(&whole),
        )
        .verdict("accepted", "yes"),
        full(
            Case::silent(
                "pem.missing-begin",
                "when-text-stands-before-the-first-line",
                "The BEGIN line is there.",
            ),
            format!("subject=www.example.com\n{whole}"),
        ),
        full(
            Case::fires(
                "pem.no-boundaries",
                "on-bare-base64",
                "A web form gave the base64 alone.",
            ),
            p.leaf.replace(begin, "").replace(end, ""),
        )
        .input("chain.pem", p.rest.clone())
        .verdict("accepted", "yes"),
        full(
            Case::silent(
                "pem.no-boundaries",
                "on-a-block-with-boundaries",
                "The usual form.",
            ),
            whole.clone(),
        ),
        full(
            Case::fires(
                "pem.malformed-boundary",
                "on-four-hyphens",
                "One hyphen of five was lost.",
            ),
            p.leaf.replace("-----", "----") + &p.rest,
        )
        .verdict("accepted", "yes"),
        full(
            Case::silent(
                "pem.malformed-boundary",
                "on-five-hyphens",
                "Hyphens as RFC 7468 has them.",
            ),
            whole.clone(),
        ),
        full(
            Case::fires(
                "pem.mismatched-labels",
                "when-end-names-something-else",
                "BEGIN CERTIFICATE, END PRIVATE KEY.",
            ),
            p.leaf.replace("END CERTIFICATE", "END PRIVATE KEY") + &p.rest,
        )
        .verdict("servable", "no"),
        full(
            Case::silent(
                "pem.mismatched-labels",
                "when-both-use-the-older-name",
                "BEGIN and END X509 CERTIFICATE.",
            ),
            p.leaf.replace("CERTIFICATE", "X509 CERTIFICATE") + &p.rest,
        ),
        full(
            Case::fires(
                "pem.glued-boundary",
                "when-files-were-joined-without-a-line-break",
                "END and BEGIN on one line.",
            ),
            format!("{}{}", p.leaf.trim_end(), p.rest),
        )
        .verdict("accepted", "yes")
        .verdict("servable", "no"),
        full(
            Case::fires(
                "pem.glued-boundary",
                "on-a-remark-behind-the-end",
                "OpenSSL: bad end line.",
            ),
            format!("{} # www\n{}", p.leaf.trim_end(), p.rest),
        )
        .input("key.pem", p.key.clone())
        .verdict("accepted", "yes")
        .verdict("servable", "no"),
        full(
            Case::fires(
                "pem.malformed-boundary",
                "on-a-begin-in-small-letters",
                "Strict readers see no block.",
            ),
            p.full().replacen("BEGIN", "Begin", 1),
        )
        .input("key.pem", p.key.clone())
        .verdict("accepted", "yes")
        .verdict("servable", "no"),
        full(
            Case::fires(
                "pem.strict-reader-differs",
                "on-a-tab-behind-a-boundary",
                "OpenSSL passes over it.",
            ),
            p.full()
                .replacen("CERTIFICATE-----\n", "CERTIFICATE-----\t\n", 1),
        )
        .input("key.pem", p.key.clone())
        .verdict("servable", "no"),
        full(
            Case::silent(
                "pem.glued-boundary",
                "when-a-blank-line-lies-between",
                "Joined with care.",
            ),
            format!("{}\n{}", p.leaf, p.rest),
        ),
    ]
}

fn encoding(p: &Parts) -> Vec<Case> {
    let broken = p.leaf.replacen("MII", "M!I", 1);
    let utf16: Vec<u8> = [0xff, 0xfe]
        .into_iter()
        .chain(p.full().encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    let lines: Vec<&str> = p.leaf.lines().collect();
    let half = lines.len() / 2;
    let cut = format!(
        "{}\n{}\n",
        lines[..half].join("\n"),
        "-----END CERTIFICATE-----"
    );
    vec![
        full(
            Case::fires(
                "pem.bad-base64",
                "on-a-character-that-base64-does-not-have",
                "An exclamation mark in the body.",
            ),
            broken + &p.rest,
        )
        .verdict("reads", "no"),
        full(
            Case::silent(
                "pem.bad-base64",
                "when-padding-alone-is-missing",
                "Its meaning is clear.",
            ),
            p.leaf.replace('=', "") + &p.rest,
        ),
        full(
            Case::fires(
                "pem.bom",
                "on-a-file-saved-by-a-windows-editor",
                "EF BB BF stands first.",
            ),
            format!("\u{feff}{}", p.full()),
        )
        .verdict("accepted", "yes"),
        full(
            Case::silent(
                "pem.bom",
                "on-windows-line-ends",
                "CR LF is no byte order mark.",
            ),
            p.full().replace('\n', "\r\n"),
        )
        .verdict("accepted", "yes"),
        full(
            Case::fires(
                "pem.utf16",
                "on-the-output-of-old-powershell",
                "UTF-16 little endian with its mark.",
            ),
            utf16,
        )
        .verdict("accepted", "yes")
        .verdict("servable", "no"),
        full(
            Case::silent("pem.utf16", "on-ascii", "The usual encoding."),
            p.full(),
        ),
        full(
            Case::fires(
                "pem.escaped",
                "on-line-breaks-written-as-backslash-n",
                "Out of an environment variable.",
            ),
            p.full().replace('\n', "\\n"),
        )
        .verdict("accepted", "yes"),
        full(
            Case::silent(
                "pem.escaped",
                "on-windows-line-ends",
                "CR LF are line breaks, not escapes.",
            ),
            p.full().replace('\n', "\r\n"),
        ),
        full(
            Case::fires(
                "pem.truncated",
                "when-lines-of-the-body-are-lost",
                "Half the lines are missing.",
            ),
            cut + &p.rest,
        )
        .verdict("reads", "no"),
        full(
            Case::silent(
                "pem.truncated",
                "on-a-whole-certificate",
                "All lines are there.",
            ),
            p.full(),
        ),
    ]
}

fn layout(p: &Parts) -> Vec<Case> {
    let indented = format!("    {}\n", p.full().trim_end().replace('\n', "\n    "));
    let long = {
        let body: String = p
            .leaf
            .lines()
            .filter(|line| !line.starts_with('-'))
            .collect();
        format!("-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----\n")
    };
    let mut tail = p.chain.leaf.der().to_vec();
    tail.extend([0, 0, 0]);
    vec![
        full(
            Case::fires(
                "pem.indented",
                "on-a-block-pasted-out-of-yaml",
                "Four spaces before every line.",
            ),
            indented,
        )
        .verdict("accepted", "yes"),
        full(
            Case::silent(
                "pem.indented",
                "on-trailing-spaces",
                "Spaces behind the lines are no indentation.",
            ),
            p.full().replace('\n', "  \n"),
        ),
        full(
            Case::fires(
                "pem.text-between",
                "on-the-text-that-openssl-prints",
                "subject= and issuer= lines.",
            ),
            format!(
                "subject=CN = www.example.com\nissuer=CN = Test Issuing CA E1\n{}",
                p.full()
            ),
        )
        .verdict("accepted", "yes"),
        full(
            Case::silent(
                "pem.text-between",
                "on-blank-lines",
                "White space is not text.",
            ),
            format!("\n\n{}\n\n{}", p.leaf, p.rest),
        ),
        full(
            Case::fires(
                "pem.unusual-layout",
                "on-a-body-in-one-line",
                "More than 64 characters on a line.",
            ),
            long + &p.rest,
        )
        .verdict("accepted", "yes"),
        full(
            Case::silent(
                "pem.unusual-layout",
                "on-lines-of-64-characters",
                "As RFC 7468 asks.",
            ),
            p.full(),
        ),
        full(
            Case::fires(
                "pem.trailing-bytes",
                "on-zeros-behind-the-certificate",
                "Three bytes too many inside the block; OpenSSL takes them for trust settings.",
            ),
            pem::encode("CERTIFICATE", &tail) + &p.rest,
        )
        .verdict("accepted", "yes")
        .verdict("servable", "no"),
        full(
            Case::silent(
                "pem.trailing-bytes",
                "on-text-behind-the-block",
                "Outside the block anything may stand.",
            ),
            format!("{}\n\n\n", p.full()),
        ),
    ]
}

fn contents(p: &Parts) -> Vec<Case> {
    let trusted = {
        let mut bytes = p.chain.leaf.der().to_vec();
        // CertAux ::= SEQUENCE { trust SEQUENCE OF OID … }: trusted for serverAuth.
        let trust = der::sequence(&[der::oid("1.3.6.1.5.5.7.3.1")]);
        bytes.extend(der::sequence(&[trust]));
        pem::encode("TRUSTED CERTIFICATE", &bytes)
    };
    let request = Request::new("www.example.com");
    let parameters = pem::encode("EC PARAMETERS", &der::oid("1.2.840.10045.3.1.7"));
    vec![
        full(
            Case::fires(
                "pem.unknown-label",
                "on-a-label-that-no-reader-knows",
                "SERVER CERTIFICATE.",
            ),
            p.leaf.replace("CERTIFICATE", "SERVER CERTIFICATE") + &p.full(),
        ),
        full(
            Case::silent(
                "pem.unknown-label",
                "on-curve-parameters",
                "OpenSSL writes them before EC keys.",
            ),
            parameters + &p.full(),
        ),
        full(
            Case::fires(
                "pem.wrong-label",
                "on-a-request-called-certificate",
                "The CSR was saved under the wrong label.",
            ),
            request.pem().replace("CERTIFICATE REQUEST", "CERTIFICATE"),
        ),
        full(
            Case::silent(
                "chain.ca-as-leaf",
                "when-the-servers-certificate-cannot-be-read",
                "The CA's is not judged in its place.",
            ),
            p.leaf.replacen("\nMII", "\n!II", 1) + &p.rest,
        )
        .verdict("reads", "no")
        .verdict("accepted", "unknown"),
        full(
            Case::fires(
                "pem.wrong-label",
                "on-a-key-called-by-another-form",
                "SEC1 under the label of PKCS#8.",
            ),
            p.full(),
        )
        .input(
            "key.pem",
            p.chain
                .leaf
                .key()
                .traditional_pem()
                .replace("EC PRIVATE", "PRIVATE"),
        )
        .verdict("pairs", "yes")
        .verdict("servable", "no"),
        full(
            Case::silent(
                "pem.wrong-label",
                "on-a-request-called-request",
                "The label is right.",
            ),
            p.full() + &request.pem(),
        ),
        full(
            Case::fires(
                "pem.csr-given",
                "when-a-request-stands-in-for-the-certificate",
                "What goes to the CA was given.",
            ),
            request.pem(),
        )
        .verdict("accepted", "unknown"),
        full(
            Case::silent(
                "pem.csr-given",
                "when-the-certificate-is-given",
                "What came back from the CA.",
            ),
            p.full(),
        ),
        full(
            Case::fires(
                "pem.trusted-certificate",
                "on-openssls-own-form",
                "x509 -trustout wrote it.",
            ),
            trusted + &p.rest,
        )
        .verdict("accepted", "yes"),
        full(
            Case::silent(
                "pem.trusted-certificate",
                "on-a-plain-certificate",
                "The usual form.",
            ),
            p.full(),
        ),
        full(
            Case::fires(
                "pem.not-a-certificate",
                "on-a-block-that-holds-nonsense",
                "Four bytes called CERTIFICATE.",
            ),
            pem::encode("CERTIFICATE", &[4, 2, 1, 2]) + &p.rest,
        )
        .verdict("reads", "no"),
        full(
            Case::silent(
                "pem.not-a-certificate",
                "on-a-certificate",
                "A certificate.",
            ),
            p.full(),
        ),
        full(
            Case::fires(
                "pem.duplicate-block",
                "when-the-key-stands-twice",
                "Two copies of one key in one file.",
            ),
            format!("{}{}{}", p.full(), p.key, p.key),
        )
        .verdict("pairs", "yes"),
        full(
            Case::silent(
                "pem.duplicate-block",
                "when-the-key-is-in-two-files",
                "A heap may hold copies.",
            ),
            p.full(),
        )
        .input("key.pem", p.key.clone())
        .input("key-copy.pem", p.key.clone())
        .verdict("pairs", "yes"),
        full(
            Case::fires(
                "pem.strict-reader-differs",
                "when-rustls-would-not-see-the-leaf",
                "The first BEGIN line is indented.",
            ),
            format!(" {}", p.full()),
        )
        .verdict("servable", "no"),
        full(
            Case::silent(
                "pem.strict-reader-differs",
                "on-text-and-blank-lines",
                "Strict readers pass over text as well.",
            ),
            format!("text\n\n{}", p.full()),
        ),
    ]
}

fn keys(p: &Parts) -> Vec<Case> {
    vec![
        full(
            Case::fires(
                "pem.legacy-encryption",
                "on-proc-type-encrypted",
                "AES-128-CBC under one round of MD5.",
            ),
            p.full(),
        )
        .input("key.pem", openssl_file!("dek-aes128.pem"))
        .password("secret"),
        full(
            Case::silent(
                "pem.legacy-encryption",
                "on-encrypted-pkcs8",
                "PBES2 with its own key derivation.",
            ),
            p.full(),
        )
        .input("key.pem", openssl_file!("p8-aes256-SHA256.pem"))
        .password("secret"),
        full(
            Case::fires(
                "pem.retired-cipher",
                "on-dek-info-with-des",
                "OpenSSL 3 has DES in its legacy provider only.",
            ),
            p.full(),
        )
        .input("key.pem", openssl_file!("dek-des.pem"))
        .password("secret")
        .verdict("servable", "no"),
        full(
            Case::fires(
                "pem.retired-cipher",
                "on-rc2-without-a-password",
                "The cipher is named outside of what is locked.",
            ),
            p.full(),
        )
        .input("key.pem", openssl_file!("p8-PBE-SHA1-RC2-40.pem"))
        .verdict("servable", "no"),
        full(
            Case::fires(
                "pem.retired-cipher",
                "on-pbes2-with-rc2",
                "The newer scheme with an old cipher.",
            ),
            p.full(),
        )
        .input("key.pem", openssl_file!("p8-rc2-128.pem"))
        .password("secret"),
        full(
            Case::silent(
                "pem.retired-cipher",
                "on-pbes1-with-triple-des",
                "OpenSSL 3 opens it as it is.",
            ),
            p.full(),
        )
        .input("key.pem", openssl_file!("p8-PBE-SHA1-3DES.pem"))
        .password("secret"),
        full(
            Case::fires(
                "pem.encrypted-key",
                "without-a-password",
                "Nobody can look inside.",
            ),
            p.full(),
        )
        .input("key.pem", openssl_file!("p8-aes256-SHA256.pem"))
        .verdict("pairs", "unknown")
        .verdict("servable", "unknown"),
        full(
            Case::silent(
                "pem.encrypted-key",
                "on-a-plain-key",
                "PKCS#8 without a password.",
            ),
            p.full(),
        )
        .input("key.pem", p.key.clone())
        .verdict("pairs", "yes"),
        full(
            Case::fires(
                "pem.wrong-password",
                "when-none-of-the-passwords-opens-it",
                "The password is not guess.",
            ),
            p.full(),
        )
        .input("key.pem", openssl_file!("p8-aes256-SHA256.pem"))
        .password("guess")
        .verdict("reads", "no"),
        full(
            Case::silent(
                "pem.wrong-password",
                "when-the-second-password-opens-it",
                "All are tried.",
            ),
            p.full(),
        )
        .input("key.pem", openssl_file!("p8-aes256-SHA256.pem"))
        .password("guess")
        .password("secret"),
        full(
            Case::fires(
                "pem.key-among-certificates",
                "on-one-file-for-all",
                "Leaf, key and intermediates together.",
            ),
            format!("{}{}{}", p.leaf, p.key, p.rest),
        )
        .verdict("pairs", "yes"),
        full(
            Case::silent(
                "pem.key-among-certificates",
                "on-two-files",
                "The key has a file of its own.",
            ),
            p.full(),
        )
        .input("key.pem", p.key.clone()),
        full(
            Case::fires(
                "pem.openssh-key",
                "on-what-ssh-keygen-writes",
                "openssh-key-v1, not encrypted.",
            ),
            p.full(),
        )
        .input("key.pem", openssl_file!("ssh-ed25519")),
        full(
            Case::silent("pem.openssh-key", "on-pkcs8", "What servers load."),
            p.full(),
        )
        .input("key.pem", p.key.clone()),
        full(
            Case::fires(
                "pem.public-key-given",
                "on-a-bare-public-key",
                "PUBLIC KEY instead of PRIVATE KEY.",
            ),
            p.full(),
        )
        .input("key.pem", p.chain.leaf.key().public_pem())
        .verdict("pairs", "unknown"),
        full(
            Case::silent(
                "pem.public-key-given",
                "on-a-private-key",
                "The key itself.",
            ),
            p.full(),
        )
        .input("key.pem", p.key.clone()),
        full(
            Case::fires(
                "pem.unreadable",
                "on-a-key-that-is-cut-up",
                "Its DER ends in the middle.",
            ),
            p.full(),
        )
        .input("key.pem", pem::encode("PRIVATE KEY", &[0x30, 3, 2, 1, 0]))
        .verdict("reads", "no"),
        full(
            Case::silent(
                "pem.unreadable",
                "on-a-key-that-is-whole",
                "Its DER is complete.",
            ),
            p.full(),
        )
        .input("key.pem", p.key.clone())
        .verdict("reads", "yes"),
    ]
}

fn other_forms(p: &Parts) -> Vec<Case> {
    vec![
        Case::fires(
            "pem.der-not-pem",
            "on-a-certificate-in-der",
            "The .cer file that Windows exports.",
        )
        .input("leaf.cer", p.chain.leaf.der())
        .input("chain.pem", p.rest.clone())
        .verdict("accepted", "yes")
        .verdict("servable", "no"),
        full(
            Case::silent("pem.der-not-pem", "on-pem", "What servers read."),
            p.full(),
        ),
        Case::fires(
            "pem.pkcs7-given",
            "on-a-p7b-from-a-ca",
            "Certificates only, no key.",
        )
        .input("chain.p7b", openssl_file!("chain.p7b"))
        .hosts(&[])
        .profile("private"),
        full(
            Case::silent(
                "pem.pkcs7-given",
                "on-pem-certificates",
                "The same certificates one by one.",
            ),
            p.full(),
        ),
        Case::fires(
            "pem.pkcs12-given",
            "on-a-pfx-with-its-password",
            "AES-256, PBKDF2.",
        )
        .input("server.pfx", openssl_file!("modern.p12"))
        .hosts(&[])
        .profile("private")
        .password("secret")
        .verdict("pairs", "yes"),
        Case::silent(
            "pem.pkcs12-given",
            "on-a-pkcs7-bundle",
            "P7B and PFX are told apart.",
        )
        .input("chain.p7b", openssl_file!("chain.p7b"))
        .hosts(&[])
        .profile("private"),
    ]
}

fn wholes(p: &Parts) -> Vec<Case> {
    vec![
        Case::fires(
            "pem.empty",
            "on-a-file-without-a-byte",
            "The download failed.",
        )
        .input("fullchain.pem", "")
        .verdict("reads", "no")
        .verdict("accepted", "unknown"),
        full(
            Case::silent("pem.empty", "on-a-file-with-a-chain", "Something is in it."),
            p.full(),
        ),
        Case::fires(
            "pem.no-certificate",
            "when-only-the-key-is-given",
            "A key alone cannot be served.",
        )
        .input("key.pem", p.key.clone())
        .verdict("accepted", "unknown"),
        Case::fires(
            "pem.no-certificate",
            "when-only-parameters-are-given",
            "What servers read beside a certificate.",
        )
        .input(
            "ec.pem",
            pem::encode("EC PARAMETERS", &der::oid("1.2.840.10045.3.1.7")),
        )
        .verdict("accepted", "unknown"),
        full(
            Case::silent(
                "pem.no-certificate",
                "when-one-input-of-two-holds-one",
                "The key is beside it.",
            ),
            p.full(),
        )
        .input("key.pem", p.key.clone()),
        Case::fires(
            "pem.not-a-certificate",
            "on-an-error-page",
            "The server answered 404 with HTML.",
        )
        .input(
            "fullchain.pem",
            "<!DOCTYPE html>\n<html><body>404 Not Found</body></html>\n",
        )
        .verdict("reads", "no"),
    ]
}
