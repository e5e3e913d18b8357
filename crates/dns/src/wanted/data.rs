//! Data of wanted records, in the form of the wire.

use std::collections::BTreeSet;
use std::net::IpAddr;

use super::{Endpoint, Issuer, Need, NeedError, Standing};

/// The label where a CA looks for what stays.
pub(super) const STANDING: &str = "_validation-persist";

/// The label where a CA looks for the answer to a challenge.
pub(super) const CHALLENGE: &str = "_acme-challenge";

/// Addresses of both kinds.
pub(super) fn octets(addresses: &[IpAddr]) -> (BTreeSet<Vec<u8>>, BTreeSet<Vec<u8>>) {
    let (mut four, mut six) = (BTreeSet::new(), BTreeSet::new());
    for address in addresses {
        match address {
            IpAddr::V4(address) => four.insert(address.octets().to_vec()),
            IpAddr::V6(address) => six.insert(address.octets().to_vec()),
        };
    }
    (four, six)
}

/// A string with its length in front.
pub(super) fn string(value: &str) -> Result<Vec<u8>, NeedError> {
    let length = u8::try_from(value.len()).map_err(|_| NeedError::TooLong("a string"))?;
    Ok([&[length], value.as_bytes()].concat())
}

/// The answer to a challenge: SHA-256 of the key authorization in base64url, without padding (RFC 8555, section 8.4).
pub(super) fn challenge(value: &str) -> Result<Vec<u8>, NeedError> {
    /// 32 bytes, six bits a letter.
    const LENGTH: usize = 43;
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    if value.len() != LENGTH || !value.bytes().all(is_letter) {
        return Err(NeedError::Challenge(value.to_owned()));
    }
    string(value)
}

/// `0 issue "domain; accounturi=…; validationmethods=…"`, `issuewild` for a wildcard.
pub(super) fn caa(issuer: &Issuer, is_wildcard: bool) -> Result<Vec<u8>, NeedError> {
    let tag = if is_wildcard { "issuewild" } else { "issue" };
    let mut value = issuer.domain.clone();
    if let Some(account) = &issuer.account {
        value += "; accounturi=";
        value += account;
    }
    if !issuer.methods.is_empty() {
        value += "; validationmethods=";
        value += &issuer.methods.join(",");
    }
    Ok([&[0][..], &string(tag)?, value.as_bytes()].concat())
}

/// `1 TARGET alpn=… ipv4hint=… ipv6hint=…` (RFC 9460, section 7); the target in the form of the wire, the root where it is
/// the record's own name.
pub(super) fn https(need: &Need, target: &[u8]) -> Result<Vec<u8>, NeedError> {
    let protocols = need.alpn.iter().map(|protocol| string(protocol));
    let protocols = protocols.collect::<Result<Vec<_>, _>>()?.concat();
    let mut parameters = vec![(1_u16, protocols)];
    if let (true, Endpoint::Addresses(addresses)) = (need.hints, &need.endpoint) {
        let (four, six) = octets(addresses);
        for (key, all) in [(4, four), (6, six)] {
            if !all.is_empty() {
                parameters.push((key, all.into_iter().flatten().collect()));
            }
        }
    }
    let mut out = vec![0, 1];
    out.extend(target);
    for (key, value) in parameters {
        let length = u16::try_from(value.len()).map_err(|_| NeedError::TooLong("a parameter"))?;
        out.extend(key.to_be_bytes());
        out.extend(length.to_be_bytes());
        out.extend(value);
    }
    Ok(out)
}

/// `"domain; accounturi=…; policy=wildcard; persistUntil=…"` (draft-ietf-acme-dns-persist, section 3.1), in as many
/// strings as it takes.
pub(super) fn standing(
    issuer: &Issuer,
    standing: Standing,
    wildcard: bool,
) -> Result<Vec<u8>, NeedError> {
    let account = issuer.account.as_ref().ok_or(NeedError::NoAccount)?;
    let policy = if wildcard { "; policy=wildcard" } else { "" };
    let until = standing.until.map_or_else(String::new, |until| {
        format!("; persistUntil={}", until.seconds())
    });
    let value = format!("{}; accounturi={account}{policy}{until}", issuer.domain);
    let strings = value.as_bytes().chunks(usize::from(u8::MAX));
    let mut out = Vec::new();
    for string in strings {
        // Chunks are no longer than that.
        out.push(u8::try_from(string.len()).map_err(|_| NeedError::TooLong("a string"))?);
        out.extend(string);
    }
    if u16::try_from(out.len()).is_err() {
        return Err(NeedError::TooLong("the account"));
    }
    Ok(out)
}
