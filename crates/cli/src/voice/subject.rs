//! What to call a certificate in one line.

use keyway_chain::{CertificateFacts, RoleFact};

/// Said in the place of an empty subject.
const NONE: &str = "(no subject)";

/// Most names of a certificate without a subject that are spelled out.
const MOST_NAMES: usize = 4;

/// The name that people know it by: the leaf by its first DNS name, the others by their CN.
pub(super) fn name(certificate: &CertificateFacts) -> &str {
    if certificate.role == RoleFact::Leaf {
        let asked = certificate
            .dns_names
            .iter()
            .chain(&certificate.ip_addresses);
        if let Some(first) = asked.into_iter().next() {
            return first;
        }
    }
    short(&certificate.subject)
}

/// A whole name, or what stands for an empty one (RFC 5280, section 4.1.2.6: the names are in an extension then).
pub(super) fn or_none(name: &str) -> &str {
    if name.is_empty() { NONE } else { name }
}

/// A whole name, or where it is empty the names that the certificate is for.
pub(super) fn or_names(subject: &str, names: &[String]) -> String {
    if subject.is_empty() && !names.is_empty() {
        return super::numbers::some(names, MOST_NAMES);
    }
    or_none(subject).to_owned()
}

/// The CN of an RFC 4514 name, or its organisation, or all of it.
pub(super) fn short(name: &str) -> &str {
    attribute(name, "CN=")
        .or_else(|| attribute(name, "O="))
        .unwrap_or(match name {
            "" => NONE,
            name => name,
        })
}

/// The value of the first attribute with this prefix. A comma or plus sign that is escaped belongs
/// to the value (RFC 4514, section 2.4).
fn attribute<'a>(name: &'a str, prefix: &str) -> Option<&'a str> {
    let mut rest = name;
    loop {
        let end = unescaped_separator(rest);
        if let Some(value) = rest[..end].trim_start().strip_prefix(prefix) {
            return (!value.is_empty()).then_some(value);
        }
        rest = rest.get(end + 1..)?;
    }
}

fn unescaped_separator(text: &str) -> usize {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b',' | b'+' => return at,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_common_name_stands_for_the_whole() {
        assert_eq!(short("CN=R11,O=Let's Encrypt,C=US"), "R11");
        assert_eq!(short("C=US,O=Acme\\, Inc.,OU=x"), "Acme\\, Inc.");
        assert_eq!(short("OU=only,C=US"), "OU=only,C=US");
        assert_eq!(short("O=Org, CN=Spaced"), "Spaced");
        assert_eq!(short(""), "(no subject)");
    }
}
