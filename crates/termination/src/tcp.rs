//! Bytes, passed on both ways as they are.

use std::net::SocketAddr;
use std::time::Instant;

use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _};

use crate::observe::Passage;
use crate::proxy_header;
use crate::relay::carry;
use crate::site::Site;
use crate::stream::Watched;
use crate::upstream::{Busy, Way, connect};
use crate::worker::{Stage, Worker};

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
    let mut stage = worker.stage();
    let mut carried = (0, 0);
    tokio::select! {
        // Either may break off, and nobody is left who could be told why.
        done = carry(&mut stream, &mut upstream, &mut carried) => drop(done),
        _ = stage.wait_for(|stage| *stage == Stage::Over) => {}
    }
    let (received, sent) = carried;
    worker.observer().passed(&Passage {
        peer,
        received,
        sent,
        time: began.elapsed(),
    });
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
