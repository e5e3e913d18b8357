//! The blocks of a PEM text (RFC 7468) that belong where they are put: certificates to the world, keys to
//! nobody else.

use zeroize::Zeroizing;

/// Said where a key stood among certificates.
pub(super) const LEFT_KEY: &str = "a private key stands in the file of the certificate; only the certificates in it are written there";

/// What is taken out of a text.
pub(super) struct Taken {
    /// The blocks, in their order; empty where there is none.
    pub(super) text: Zeroizing<String>,
    /// Whether a private key was left out.
    pub(super) left_key: bool,
}

fn is_key(label: &str) -> bool {
    label.ends_with("PRIVATE KEY")
}

/// The blocks whose label is wanted.
fn blocks(text: &str, is_wanted: fn(&str) -> bool) -> Taken {
    // As long as the text at most, so that no half of a key is left behind by growing.
    let mut taken = Taken {
        text: Zeroizing::new(String::with_capacity(text.len() + 1)),
        left_key: false,
    };
    let mut is_inside = false;
    for line in text.lines() {
        let label = |begin: &str| line.trim().strip_prefix(begin)?.strip_suffix("-----");
        if let Some(label) = label("-----BEGIN ") {
            is_inside = is_wanted(label);
            taken.left_key |= is_key(label) && !is_inside;
        }
        if is_inside {
            taken.text.push_str(line);
            taken.text.push('\n');
        }
        if label("-----END ").is_some() {
            is_inside = false;
        }
    }
    taken
}

/// The certificates of a text, and nothing else that is in it.
pub(super) fn certificates(text: &str) -> Taken {
    blocks(text, |label| label == "CERTIFICATE")
}

/// The private keys of a text.
pub(super) fn keys(text: &str) -> Taken {
    blocks(text, is_key)
}

/// Whether a key in it is encrypted: PKCS#8's own block (RFC 5958), or the headers of RFC 1421 in an older one.
pub(super) fn is_encrypted(text: &str) -> bool {
    text.contains("-----BEGIN ENCRYPTED PRIVATE KEY-----")
        || text.contains("Proc-Type: 4,ENCRYPTED")
}

#[cfg(test)]
mod tests {
    use super::*;

    const CERTIFICATE: &str = "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n";
    const KEY: &str = "-----BEGIN PRIVATE KEY-----\nS0VZ\n-----END PRIVATE KEY-----\n";

    #[test]
    fn a_key_between_certificates_stays_out_of_them_and_is_told() {
        let both = format!("subject=a\n{CERTIFICATE}{KEY}{CERTIFICATE}");
        let taken = certificates(&both);
        assert_eq!(*taken.text, CERTIFICATE.repeat(2));
        assert!(taken.left_key);
        assert_eq!(*keys(&both).text, KEY);
        assert!(!certificates(CERTIFICATE).left_key);
    }

    #[test]
    fn a_key_that_is_not_ended_takes_no_certificate_with_it() {
        let torn = format!("-----BEGIN PRIVATE KEY-----\nS0VZ\n{CERTIFICATE}");
        assert_eq!(*certificates(&torn).text, CERTIFICATE);
        let torn = format!("-----BEGIN CERTIFICATE-----\nAA==\n{KEY}");
        assert!(!certificates(&torn).text.contains("S0VZ"));
    }

    #[test]
    fn encrypted_keys_are_known_in_both_of_their_forms() {
        assert!(is_encrypted("-----BEGIN ENCRYPTED PRIVATE KEY-----\n"));
        assert!(is_encrypted(
            "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n"
        ));
        assert!(!is_encrypted(KEY));
    }
}
