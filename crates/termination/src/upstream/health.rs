//! Looks at upstreams that nobody asked for anything.

use std::sync::Arc;
use std::time::Duration;

use http::header::{HOST, HeaderValue, USER_AGENT};
use http::{Request, StatusCode};
use keyway_config::model::Mode;

use super::{Patience, Pool, Upstream, Way, connect};
use crate::http::Body;
use crate::site::Site;
use crate::worker::{Stage, Worker};

/// How a look is taken.
#[derive(Debug)]
pub(crate) struct Look {
    /// What is asked for; `None`: to take a connection is enough.
    pub(crate) path: Option<String>,
    /// Between two looks, and the longest time for one.
    pub(crate) every: Duration,
    /// The host that is asked for.
    pub(crate) host: Option<String>,
}

/// Looks again and again, as whatever is served says, until the server ends.
pub(crate) async fn watch(worker: Worker) {
    let mut stage = worker.stage();
    loop {
        let site = worker.site();
        let pause = async {
            match &site.look {
                Some(look) => {
                    let looks = site.upstreams.all().map(|upstream| {
                        let (site, worker) = (Arc::clone(&site), worker.clone());
                        let upstream = Arc::clone(upstream);
                        tokio::spawn(async move { once(&site, &upstream, &worker).await })
                    });
                    let looks: Vec<_> = looks.collect();
                    for look in looks {
                        // A look that panicked says nothing.
                        drop(look.await);
                    }
                    tokio::time::sleep(look.every).await;
                }
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = pause => {}
            () = worker.site_changes() => {}
            _ = stage.wait_for(|stage| *stage != Stage::Open) => return,
        }
    }
}

async fn once(site: &Arc<Site>, upstream: &Upstream, worker: &Worker) {
    let Some(look) = &site.look else { return };
    let passed = tokio::time::timeout(look.every, passes(site, look, upstream)).await;
    let passed = passed.unwrap_or_else(|_| Err("it did not answer in time".to_owned()));
    // What the site before asked for says nothing of what is asked for now.
    if !Arc::ptr_eq(site, &worker.site()) {
        return;
    }
    let is_down = passed.is_err();
    if upstream.set_down(is_down) != is_down {
        let why = passed.err().unwrap_or_default();
        let target = upstream.target.to_string();
        worker.observer().upstream_is(&target, !is_down, &why);
    }
}

async fn passes(site: &Site, look: &Look, upstream: &Upstream) -> Result<(), String> {
    let (target, tls) = (&upstream.target, site.upstream_tls.as_ref());
    let path = look.path.as_ref().filter(|_| site.mode == Mode::Http);
    let Some(path) = path else {
        let connected = connect(target, tls, Way::Any, look.every).await;
        return connected.map(drop).map_err(|error| error.to_string());
    };
    let mut request = Request::new(Body::Empty);
    *request.uri_mut() = path.parse().map_err(|_| "its path is none".to_owned())?;
    let host = look.host.as_deref().unwrap_or(&target.host);
    let host = HeaderValue::from_str(host).map_err(|_| "its host is none".to_owned())?;
    let headers = request.headers_mut();
    headers.insert(HOST, host);
    headers.insert(USER_AGENT, HeaderValue::from_static("keyway-health"));
    let patience = Patience {
        connect: look.every,
        idle: look.every,
    };
    // A connection of its own: whether new ones are taken is what is asked.
    let pool = Arc::new(Pool::default());
    let sent = pool
        .send(target, tls, (Way::Any, patience), &mut request)
        .await;
    match sent {
        Ok(answered) => judged(answered.response.status()),
        Err(error) => Err(error.to_string()),
    }
}

fn judged(status: StatusCode) -> Result<(), String> {
    if status.is_success() || status.is_redirection() {
        Ok(())
    } else {
        Err(format!("it answered {}", status.as_u16()))
    }
}
