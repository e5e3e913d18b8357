//! The value of `issue` and `issuewild`: a CA's domain, and parameters.

use std::fmt;

/// Most parameters of one value that are read: each has at least two bytes, and no CA defines more than a few.
pub const MAX_PARAMETERS: usize = 64;

/// Who may issue, as a value says it (RFC 8659, section 4.2).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Issuer {
    /// The CA's domain, in lower case; without one nobody may.
    pub domain: Option<String>,
    /// What limits it further, in order.
    pub parameters: Vec<Parameter>,
}

/// A parameter of an issuer.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Parameter {
    /// Its name, as written.
    pub tag: String,
    /// Its value.
    pub value: String,
}

/// Why a value says no issuer. Who may issue is then nobody (RFC 8659, section 4.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum IssuerFault {
    /// What stands in the place of the domain is none.
    #[error("the CA's domain is no domain of letters, digits and hyphens")]
    Domain,
    /// A parameter has no `=`.
    #[error("a parameter is not written as name=value")]
    NoEquals,
    /// A semicolon with nothing behind it, or two of them.
    #[error("a semicolon has no parameter behind it")]
    Nothing,
    /// A parameter's name is none.
    #[error("a parameter's name has more than letters, digits and hyphens")]
    Tag,
    /// A parameter's value has a space, a control character, or one beyond ASCII.
    #[error("a parameter's value has a character that cannot stand there")]
    Value,
    /// There are more than [`MAX_PARAMETERS`].
    #[error("there are more than 64 parameters")]
    TooMany,
}

const fn is_space(ch: char) -> bool {
    matches!(ch, ' ' | '\t')
}

/// Whether text is a label or several, of letters, digits and hyphens, as RFC 8659, section 4.2 has them.
pub fn is_domain(text: &str) -> bool {
    !text.is_empty() && text.split('.').all(is_label)
}

fn is_label(text: &str) -> bool {
    let is_inner = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    text.bytes().all(is_inner)
        && text.starts_with(|ch: char| ch.is_ascii_alphanumeric())
        && text.ends_with(|ch: char| ch.is_ascii_alphanumeric())
}

impl Issuer {
    /// One CA, and nothing more.
    pub fn of(domain: &str) -> Self {
        Self {
            domain: Some(domain.to_ascii_lowercase()),
            parameters: Vec::new(),
        }
    }

    /// Reads a value.
    ///
    /// # Errors
    /// [`IssuerFault`] on what is not of RFC 8659's grammar.
    ///
    /// ```
    /// use keyway_dns::caa::Issuer;
    ///
    /// let issuer = Issuer::read(b"letsencrypt.org; validationmethods=dns-01")?;
    /// assert_eq!(issuer.domain.as_deref(), Some("letsencrypt.org"));
    /// assert_eq!(issuer.to_string(), "letsencrypt.org; validationmethods=dns-01");
    /// assert_eq!(Issuer::read(b";")?.domain, None);
    /// # Ok::<(), keyway_dns::caa::IssuerFault>(())
    /// ```
    pub fn read(value: &[u8]) -> Result<Self, IssuerFault> {
        // No part of the grammar goes beyond ASCII; what does is refused wherever it stands.
        let text = std::str::from_utf8(value).map_err(|_| IssuerFault::Domain)?;
        let (domain, rest) = match text.split_once(';') {
            Some((domain, rest)) => (domain, Some(rest)),
            None => (text, None),
        };
        let domain = domain.trim_matches(is_space);
        if !domain.is_empty() && !is_domain(domain) {
            return Err(IssuerFault::Domain);
        }
        let domain = (!domain.is_empty()).then(|| domain.to_ascii_lowercase());
        let mut parameters = Vec::new();
        let rest = rest.filter(|rest| !rest.trim_matches(is_space).is_empty());
        for part in rest.into_iter().flat_map(|rest| rest.split(';')) {
            if parameters.len() == MAX_PARAMETERS {
                return Err(IssuerFault::TooMany);
            }
            parameters.push(Parameter::read(part)?);
        }
        Ok(Self { domain, parameters })
    }

    /// The values of a parameter, however its name is written.
    pub fn parameter<'a>(&'a self, tag: &'a str) -> impl Iterator<Item = &'a str> {
        let named = move |parameter: &&Parameter| parameter.tag.eq_ignore_ascii_case(tag);
        let named = self.parameters.iter().filter(named);
        named.map(|parameter| parameter.value.as_str())
    }

    /// The same with one parameter of a name, in the place of the first that was there.
    #[must_use]
    pub(super) fn with(mut self, tag: &str, value: &str) -> Self {
        let is = |parameter: &Parameter| parameter.tag.eq_ignore_ascii_case(tag);
        let at = self.parameters.iter().position(is);
        self.parameters.retain(|parameter| !is(parameter));
        let at = at.unwrap_or(self.parameters.len());
        let (tag, value) = (tag.to_owned(), value.to_owned());
        self.parameters.insert(at, Parameter { tag, value });
        self
    }
}

impl Parameter {
    fn read(text: &str) -> Result<Self, IssuerFault> {
        let text = text.trim_matches(is_space);
        if text.is_empty() {
            return Err(IssuerFault::Nothing);
        }
        let (tag, value) = text.split_once('=').ok_or(IssuerFault::NoEquals)?;
        let (tag, value) = (tag.trim_matches(is_space), value.trim_matches(is_space));
        if !is_label(tag) || tag.is_empty() {
            return Err(IssuerFault::Tag);
        }
        if !value.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(IssuerFault::Value);
        }
        Ok(Self {
            tag: tag.to_owned(),
            value: value.to_owned(),
        })
    }
}

impl fmt::Display for Issuer {
    /// As it is written into a value.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.domain.is_none() && self.parameters.is_empty() {
            return f.write_str(";");
        }
        f.write_str(self.domain.as_deref().unwrap_or_default())?;
        for Parameter { tag, value } in &self.parameters {
            write!(f, "; {tag}={value}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_without_a_domain_allows_nobody() {
        for value in ["", " ", ";", " ; ", "; policy=ev"] {
            let issuer = Issuer::read(value.as_bytes()).expect(value);
            assert_eq!(issuer.domain, None, "{value:?}");
        }
    }

    #[test]
    fn spaces_stand_where_the_grammar_lets_them() {
        let issuer = Issuer::read(b" CA.example \t;  a = 1 ; b=2= ").expect("an issuer");
        assert_eq!(issuer.to_string(), "ca.example; a=1; b=2=");
    }

    #[test]
    fn what_is_not_of_the_grammar_is_refused_with_its_reason() {
        for (value, fault) in [
            (&b"%%%%%"[..], IssuerFault::Domain),
            (b"\"ca.example\"", IssuerFault::Domain),
            (b"https://ca.example", IssuerFault::Domain),
            (b"ca.example other.example", IssuerFault::Domain),
            (b"ca.example.", IssuerFault::Domain),
            (b"-ca.example", IssuerFault::Domain),
            (b"ca..example", IssuerFault::Domain),
            (b"c\xc3\xa4.example", IssuerFault::Domain),
            (b"ca.example; account", IssuerFault::NoEquals),
            (b"ca.example; a=1;", IssuerFault::Nothing),
            (b"ca.example;; a=1", IssuerFault::Nothing),
            (b"ca.example; a b=1", IssuerFault::Tag),
            (b"ca.example; =1", IssuerFault::Tag),
            (b"ca.example; a=1 b=2", IssuerFault::Value),
        ] {
            assert_eq!(Issuer::read(value), Err(fault), "{value:?}");
        }
        let many = format!("ca.example{}", "; a=1".repeat(MAX_PARAMETERS + 1));
        assert_eq!(Issuer::read(many.as_bytes()), Err(IssuerFault::TooMany));
    }
}
