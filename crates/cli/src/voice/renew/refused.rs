//! What a CA says against a certificate, and what to do.

use std::net::SocketAddr;

use keyway_dns::net::AskError;
use keyway_dns::plan::Set;
use keyway_dns::rdata::Type;
use keyway_issue::acme::{AcmeError, Kind};
use keyway_report::escape;
use keyway_report::escape::MAX_SHOWN;

use super::super::numbers::some;
use super::all;
use crate::failure::Failure;

/// Most TXT records that are shown.
const MOST_TEXTS: usize = 3;

/// A CA's no, or nobody's answer.
pub(crate) fn refused(error: &AcmeError) -> Failure {
    let advice = match error {
        AcmeError::NoWay { .. } => {
            "; `tls.acme.challenges` says which ways may be gone, and dns-01 needs `dns.tsig` or `tls.acme.hook`"
        }
        AcmeError::Unproven {
            challenge, seen, ..
        } if challenge.kind == Kind::Dns01 => {
            let seen = seen.as_ref();
            let seen = seen.map(|seen| format!("; {}", escape::text(seen)));
            return advised(
                error,
                &format!(
                    "; it looks for the TXT record {} {:?}: every server of the zone has to have it (where `tls.acme.hook` makes it, before that program ends){}",
                    challenge.txt_name().unwrap_or_default(),
                    challenge.txt(),
                    seen.unwrap_or_default()
                ),
            );
        }
        AcmeError::Unproven { .. } => {
            "; see to it that the CA comes to what answers here, and try again"
        }
        error if error.is_of_trust() => {
            "; `tls.acme.roots` names the roots that vouch for the server of a CA of your own"
        }
        error if error.is_of_time() => "; is the clock of this machine right?",
        AcmeError::Refused { refusal, .. } if refusal.kind == "externalAccountRequired" => {
            "; `tls.acme.external_account` names the account that the CA gave you"
        }
        _ => "",
    };
    advised(error, advice)
}

/// The TXT records at a name where a CA looked for one, as resolvers say it.
pub(crate) fn texts(servers: &[SocketAddr], found: Result<Vec<Vec<u8>>, AskError>) -> String {
    let found = match found {
        // Who did not answer is named in it.
        Err(error) => return format!("from here, nobody says what is there: {error}"),
        Ok(found) => found,
    };
    let (ttl, data) = (0, found.into_iter().collect());
    let values = Set { ttl, data }.texts(Type::TXT);
    let values = if values.is_empty() {
        "none there".to_owned()
    } else {
        some(&values, MOST_TEXTS)
    };
    format!("from here, by {}, {values}", all(servers))
}

/// What went wrong, of which only what others said is cut, and what to do.
fn advised(error: &AcmeError, advice: &str) -> Failure {
    Failure::Unissued(format!("{}{advice}", told(&error.to_string())))
}

/// What others said, its beginning and its end: what a CA met is at the end of what it says.
pub(super) fn told(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let (head, rest) = letters.split_at(letters.len().min(MAX_SHOWN));
    let (left_out, tail) = rest.split_at(rest.len().saturating_sub(MAX_SHOWN));
    let gap = if left_out.is_empty() { "" } else { " … " };
    let part = |letters: &[char]| escape::text(&letters.iter().collect::<String>());
    format!("{}{gap}{}", part(head), part(tail))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_what_a_ca_says_the_end_is_told() {
        assert_eq!(told("short"), "short");
        for length in [300, 2_000] {
            let told = told(&format!(
                "begins {} SERVFAIL looking up A",
                "x".repeat(length)
            ));
            assert!(told.starts_with("begins ") && told.ends_with("SERVFAIL looking up A"));
            assert_eq!(told.contains(" … "), length > 500);
            assert!(told.chars().count() < 2 * MAX_SHOWN + 10);
        }
    }
}
