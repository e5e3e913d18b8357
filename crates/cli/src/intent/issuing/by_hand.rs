//! A certificate of a CA by hand: the request out, the signed certificate in.

use std::path::Path;

use keyway_chain::x509::Certificate;
use keyway_chain::{Input, ReadOptions, read};
use keyway_issue::Pair;
use keyway_issue::acme::csr;
use keyway_report::Verdict;
use zeroize::Zeroizing;

use super::managed::Managed;
use super::order::{Wish, fit};
use crate::ending::UnderWay;
use crate::failure::Failure;
use crate::intent::service::ServiceFile;
use crate::intent::{moment, read_file, wait_for};
use crate::voice;
use crate::voice::renew::Step;

/// A signing request in PEM for a CA by hand, by the key that is kept until its certificate comes.
pub(crate) fn request(managed: &Managed, wish: &Wish<'_>) -> Result<String, Failure> {
    wait_for(async {
        // Nobody else is to make another key meanwhile.
        let kept = wish.keeping.of(managed)?;
        let lease = kept.seat.lease().await?;
        let made = || {
            let key = managed.by_hand().key(None);
            let key = key.map_err(|error| Failure::Need(error.to_string()))?;
            let der = csr::request(&managed.hosts, &key);
            let der = der.map_err(|error| Failure::Need(error.to_string()))?;
            Ok(csr::pem(&der))
        };
        let made = made();
        drop(lease.release(None).await);
        made
    })?
}

/// Puts what a CA signed by hand in its place, with the key of the request.
pub(crate) fn signed(
    managed: &Managed,
    file: &ServiceFile,
    chain: &Path,
    wish: &Wish<'_>,
    tell: &dyn Fn(&Step<'_>),
) -> Result<Certificate, Failure> {
    let under_way = UnderWay::begin()?;
    let put = wait_for(async {
        let mut kept = wish.keeping.of(managed)?;
        let pending = managed.by_hand();
        let key = pending
            .existing()
            .map_err(|error| Failure::Need(error.to_string()))?;
        let key = key.ok_or_else(|| Failure::Need(voice::renew::NO_REQUEST.to_owned()))?;
        let given = read_file(chain).map_err(|refused| refused.at(chain))?;
        let read = read(&[given.input()], &ReadOptions::default());
        if read.is_ok_and(|bundle| bundle.certificates.is_empty()) {
            return Err(Failure::Need(voice::renew::no_certificate(chain)));
        }
        let pair = ordered(given.input(), Zeroizing::new(key.serialize_pem()));
        let pair = pair.ok_or_else(|| Failure::Need(voice::renew::NO_PAIR.to_owned()))?;
        let certificate = fit(managed, file, &pair, wish)?;
        tell(&Step::Checked(&certificate));
        let seat = kept.seat.clone();
        let mut lease = seat.lease().await?;
        let fresh = managed.fresh(&managed.record(), moment(None)?).render();
        let published = lease.publish(&pair, Some(&fresh)).await;
        published.map_err(|error| voice::renew::unkept(&error))?;
        kept.follow().await?;
        drop(pending.clear());
        Ok(certificate)
    })?;
    under_way.end()?;
    put
}

/// The certificates of a file in any form, the key's own first, then each that issued the one before.
fn ordered(given: Input<'_>, key: Zeroizing<String>) -> Option<Pair> {
    let own = Input {
        name: "key",
        bytes: key.as_bytes(),
    };
    let bundle = read(&[given, own], &ReadOptions::default()).ok()?;
    let mut left: Vec<&Certificate> = bundle
        .certificates
        .iter()
        .map(|it| &it.certificate)
        .collect();
    let own = left
        .iter()
        .position(|it| bundle.pairing(it) == Verdict::Yes)?;
    let mut chain = vec![left.remove(own)];
    while let Some(last) = chain.last()
        && let Some(next) = left.iter().position(|it| it.subject == last.issuer)
    {
        chain.push(left.remove(next));
    }
    let chain = chain.iter().map(|it| csr::certificate_pem(it.der()));
    Some(Pair {
        chain: chain.collect(),
        key,
    })
}
