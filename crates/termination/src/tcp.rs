//! Bytes, passed on both ways as they are.

use std::net::SocketAddr;
use std::time::Instant;

use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _};

use crate::observe::Passage;
use crate::proxy_header;
use crate::relay::{Carried, carry};
use crate::site::Site;
use crate::stream::Watched;
use crate::upstream::{Busy, Way, connect};
use crate::worker::Worker;

/// Joins a client and the first upstream that takes the connection, until both have ended.
/// `peer` is the client, and `local` where it came to.
pub(crate) async fn pass<S>(
    mut stream: S,
    (peer, local): (SocketAddr, SocketAddr),
    site: &Site,
    worker: &Worker,
) where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let began = Instant::now();
    let Some((mut upstream, _busy)) = Box::pin(upstream(site, worker)).await else {
        return;
    };
    if let Some(version) = site.proxy.send {
        let header = proxy_header::write(version, peer, local);
        if upstream.write_all(&header).await.is_err() {
            return;
        }
    }
    let mut upstream = Watched::new(upstream, site.times.idle);
    let mut passing = Passing {
        peer,
        began,
        carried: (0, 0),
        worker,
    };
    // Either may break off, and nobody is left who could be told why.
    drop(carry(&mut stream, &mut upstream, &mut passing.carried).await);
}

/// A connection under way. Its end is told of, however it comes: where the drain is over it is dropped with its thread.
struct Passing<'a> {
    peer: SocketAddr,
    began: Instant,
    carried: Carried,
    worker: &'a Worker,
}

impl Drop for Passing<'_> {
    fn drop(&mut self) {
        let (received, sent) = self.carried;
        self.worker.observer().passed(&Passage {
            peer: self.peer,
            received,
            sent,
            time: self.began.elapsed(),
        });
    }
}

async fn upstream(
    site: &Site,
    worker: &Worker,
) -> Option<(impl AsyncRead + AsyncWrite + Unpin + use<>, Option<Busy>)> {
    for upstream in site.upstreams.in_turn() {
        match connect(&upstream.target, None, Way::Any, site.times.connect).await {
            Ok((stream, _)) => {
                upstream.succeeded();
                return Some((stream, site.upstreams.busy(upstream)));
            }
            Err(error) => {
                site.upstreams.failed(upstream);
                let target = upstream.target.to_string();
                worker
                    .observer()
                    .upstream_failed(&target, &error.to_string());
            }
        }
    }
    None
}
