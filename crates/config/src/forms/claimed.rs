//! What a client says of itself, for servers that take it out before their upstreams believe it: as `keyway serve` does.

use crate::claims::{NAMES, START, WITHIN};

/// What stands behind `x-forwarded-` in fields that are met, for servers that know no beginnings of names. The client's
/// address, the host and the scheme are not here: they are said anew.
const FORWARDED: &[&str] = &[
    "by",
    "path",
    "port",
    "prefix",
    "proto-version",
    "scheme",
    "server",
    "ssl",
    "uri",
    "user",
];

/// Fields that are met with the certificate of a client, for servers that know no parts of names.
const CERTIFICATES: &[&str] = &[
    "client-cert",
    "client-cert-chain",
    "ssl-client-cert",
    "ssl-client-s-dn",
    "ssl-client-verify",
    "x-client-cert",
    "x-forwarded-client-cert",
    "x-ssl-client-cert",
    "x-ssl-client-s-dn",
    "x-ssl-client-verify",
];

/// The names of the fields, one by one, but for those that are said anew and those that [`parts`] are in.
pub(super) fn names() -> impl Iterator<Item = String> {
    let whole = NAMES.iter().filter(|name| **name != "forwarded");
    let forwarded = FORWARDED.iter().map(|rest| format!("{START}{rest}"));
    whole.map(|name| (*name).to_owned()).chain(forwarded)
}

/// The names of the fields with certificates, one by one.
pub(super) fn certificates() -> impl Iterator<Item = String> {
    CERTIFICATES.iter().map(|name| (*name).to_owned())
}

/// What stands somewhere in the names of the fields with certificates.
pub(super) fn parts() -> &'static [&'static str] {
    WITHIN
}

/// The names of these fields with `_` in the place of some `-` or of all, or what they begin with, end with or have in
/// them, by asterisks: gateways of CGI make one variable of both.
pub(super) fn underscored() -> impl Iterator<Item = String> {
    let whole = NAMES.iter().map(|name| (*name).to_owned());
    let begun = [format!("{START}*")].into_iter();
    let within = WITHIN.iter().map(|part| format!("*{part}*"));
    whole.chain(begun).chain(within).flat_map(|name| {
        let mut spelled = vec![name];
        for at in 0..spelled[0].len() {
            if spelled[0].as_bytes()[at] == b'-' {
                let mut more = spelled.clone();
                for name in &mut more {
                    name.replace_range(at..=at, "_");
                }
                spelled.extend(more);
            }
        }
        // The first has none.
        spelled.into_iter().skip(1)
    })
}

/// The names as one regular expression, each with `-` and with `_`.
pub(super) fn pattern() -> String {
    let whole = NAMES.iter().map(|name| (*name).to_owned());
    let begun = [format!("{START}.*")].into_iter();
    let within = WITHIN.iter().map(|part| format!(".*{part}.*"));
    let all: Vec<String> = whole.chain(begun).chain(within).collect();
    format!("^({})$", all.join("|").replace('-', "[-_]"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claims::is_claim;

    #[test]
    fn what_is_taken_out_is_a_claim() {
        assert!(names().chain(certificates()).all(|name| is_claim(&name)));
        assert!(underscored().all(|name| is_claim(name.trim_matches('*'))));
        let mut real: Vec<String> = underscored().filter(|name| name.contains("real")).collect();
        real.sort();
        assert_eq!(real, ["x-real_ip", "x_real-ip", "x_real_ip"]);
        let begun = underscored().filter(|name| name.ends_with("ed_*"));
        assert!(begun.eq(["x-forwarded_*", "x_forwarded_*"]));
    }
}
