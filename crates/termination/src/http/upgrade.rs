//! Connections that stop speaking HTTP, as WebSocket's do (RFC 6455).

use std::time::Duration;

use http::Response;
use http::header::{CONNECTION, HeaderValue, UPGRADE};
use hyper::body::Incoming;
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;

use super::{Body, headers};
use crate::relay::carry;
use crate::stream::Watched;

/// Joins a client and an upstream that both want to go on in another protocol.
pub(super) fn join(
    ours: OnUpgrade,
    theirs: OnUpgrade,
    response: Response<Incoming>,
    idle: Duration,
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
        // Either may end it, and nobody is left who could be told why.
        drop(carry(&mut ours, &mut theirs).await);
    });
    Response::from_parts(parts, Body::Empty)
}
