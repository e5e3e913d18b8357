//! Connections that stop speaking HTTP, as WebSocket's do (RFC 6455).

use std::sync::Arc;
use std::time::Duration;

use http::Response;
use http::header::{CONNECTION, HeaderValue, UPGRADE};
use hyper::body::Incoming;
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use tokio::sync::watch;

use super::{Body, headers};
use crate::admission::Place;
use crate::relay::carry;
use crate::stream::Watched;
use crate::upstream::Busy;
use crate::worker::Stage;

/// Both connections, when they stop speaking HTTP.
pub(super) struct Both {
    pub(super) ours: OnUpgrade,
    pub(super) theirs: OnUpgrade,
}

/// Joins a client and an upstream that both want to go on in another protocol. The place among the connections is
/// held, and the upstream counted as busy, until they have ended, or the server has.
pub(super) fn join(
    Both { ours, theirs }: Both,
    response: Response<Incoming>,
    idle: Duration,
    (place, mut stage, busy): (Arc<Place>, watch::Receiver<Stage>, Option<Busy>),
) -> Response<Body> {
    let (mut parts, _) = response.into_parts();
    let protocol = parts.headers.get(UPGRADE).cloned();
    headers::of_one_hop(&mut parts.headers);
    parts
        .headers
        .insert(CONNECTION, HeaderValue::from_static("upgrade"));
    if let Some(protocol) = protocol {
        parts.headers.insert(UPGRADE, protocol);
    }
    tokio::spawn(async move {
        let (Ok(ours), Ok(theirs)) = tokio::join!(ours, theirs) else {
            return;
        };
        let mut ours = Watched::new(TokioIo::new(ours), idle);
        let mut theirs = TokioIo::new(theirs);
        let mut carried = (0, 0);
        tokio::select! {
            // Either may end it, and nobody is left who could be told why.
            done = carry(&mut ours, &mut theirs, &mut carried) => drop(done),
            _ = stage.wait_for(|stage| *stage == Stage::Over) => {}
        }
        drop((place, busy));
    });
    Response::from_parts(parts, Body::Empty)
}
