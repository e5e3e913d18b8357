//! The chain that is wanted, among those that a CA has (RFC 8555, section 7.4.2).

use keyway_chain::{Input, ReadOptions, read};

use super::transport::Transport;

/// Most other chains that are fetched. Let's Encrypt has had two.
const MOST: usize = 4;

/// The chain whose last certificate was issued by a name, else the CA's first choice.
pub(super) async fn wanted(
    account: &instant_acme::Account,
    transport: &Transport,
    first: String,
    issuer: &str,
) -> String {
    if ends_at(&first, issuer) {
        return first;
    }
    for url in transport.aside().alternates.into_iter().take(MOST) {
        // instant-acme has no words for this: what it fetches as an order is fetched as ACME wants it, by a signed
        // request, and the transport keeps the chain that comes.
        drop(account.order(url).await);
        if let Some(chain) = transport.aside().chain
            && ends_at(&chain, issuer)
        {
            return chain;
        }
    }
    first
}

/// Whether the last certificate of a chain was issued by a name, or one that it is a part of.
pub(super) fn ends_at(chain: &str, issuer: &str) -> bool {
    let input = Input {
        name: "chain",
        bytes: chain.as_bytes(),
    };
    let Ok(bundle) = read(&[input], &ReadOptions::default()) else {
        return false;
    };
    let last = bundle.certificates.last();
    last.is_some_and(|last| last.certificate.issuer.text().contains(issuer))
}
