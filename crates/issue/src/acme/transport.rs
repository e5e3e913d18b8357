//! instant-acme's requests, carried; and what it does not hand on of the answers.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use http::header::RETRY_AFTER;
use http::{Request, Response};
use http_body_util::{BodyExt as _, Collected, Full};
use instant_acme::{BodyWrapper, BytesResponse, Error, HttpClient};
use keyway_report::Timestamp;
use rustls_pki_types::CertificateDer;

use super::answer::{self, Answer};
use super::window::ASK_AGAIN;
use super::wire::{TransportError, Wire};

/// Where a CA is asked, and by whose word it is the CA.
#[derive(Debug, Clone)]
pub struct Directory {
    /// The URL of the directory (RFC 8555, section 7.1.1); `https` alone (section 6.1).
    pub url: String,
    /// The roots that the server's certificate is judged by.
    pub roots: Vec<CertificateDer<'static>>,
}

/// What the last answers said besides their content, which instant-acme does not hand on.
#[derive(Debug, Default, Clone)]
pub(super) struct Aside {
    /// `Retry-After` of the last answer, in seconds (RFC 9110, section 10.2.3).
    pub(super) retry_after: Option<u64>,
    /// The last chain that came.
    pub(super) chain: Option<String>,
    /// Where other chains of it are (RFC 8555, section 7.4.2).
    pub(super) alternates: Vec<String>,
    /// The CA's names in CAA records, as its directory has them.
    pub(super) issuers: Vec<String>,
    /// What time it was by the clock of the CA when it last said so.
    pub(super) date: Option<Timestamp>,
}

/// The connection to one CA.
#[derive(Clone)]
pub(super) struct Transport {
    wire: Arc<dyn Wire>,
    aside: Arc<Mutex<Aside>>,
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transport").finish_non_exhaustive()
    }
}

impl Transport {
    pub(super) fn over(wire: Arc<dyn Wire>) -> Self {
        Self {
            wire,
            aside: Arc::default(),
        }
    }

    /// What was said beside the last answers.
    pub(super) fn aside(&self) -> Aside {
        self.own_aside().clone()
    }

    fn own_aside(&self) -> MutexGuard<'_, Aside> {
        self.aside.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn ask(self, request: Request<BodyWrapper<Bytes>>) -> Result<BytesResponse, Error> {
        let (parts, body) = request.into_parts();
        let body = body
            .collect()
            .await
            .map_or_else(|never| match never {}, Collected::to_bytes);
        let mut answer = self.carry(Request::from_parts(parts, body)).await?;
        // instant-acme takes no window for renewal without it, and adds it to the clock, which panics where it is too
        // much; what it says is in `aside`.
        answer.headers_mut().insert(RETRY_AFTER, ASK_AGAIN.into());
        let answer = answer.map(answer::readable).map(Full::new);
        Ok(BytesResponse::from(answer))
    }

    /// Carries a request, and notes what is said beside its answer, which is ACME's.
    pub(super) async fn carry(&self, request: Request<Bytes>) -> Result<Response<Bytes>, Error> {
        // Where no answer comes, none said when to ask again.
        self.own_aside().retry_after = None;
        let asked = request.uri().clone();
        let answer = self.wire.exchange(request).await;
        let answer = answer.map_err(|error| Error::Other(error.into()))?;
        let seen = answer::read(&answer);
        self.note(&seen, &answer);
        if let Some(text) = seen.foreign {
            let error = TransportError::Status {
                url: asked.to_string(),
                status: answer.status(),
                text,
                retry_after: seen.retry_after,
            };
            return Err(Error::Other(error.into()));
        }
        Ok(answer)
    }

    fn note(&self, seen: &Answer, answer: &Response<Bytes>) {
        let mut aside = self.own_aside();
        aside.retry_after = seen.retry_after;
        if let Some(date) = seen.date {
            aside.date = Some(Timestamp::from_seconds(date));
        }
        if let Some(issuers) = &seen.issuers {
            aside.issuers.clone_from(issuers);
        }
        if seen.is_chain {
            aside.chain = Some(String::from_utf8_lossy(answer.body()).into_owned());
            aside.alternates.clone_from(&seen.alternates);
        }
    }
}

impl HttpClient for Transport {
    fn request(
        &self,
        request: Request<BodyWrapper<Bytes>>,
    ) -> Pin<Box<dyn Future<Output = Result<BytesResponse, Error>> + Send>> {
        Box::pin(self.clone().ask(request))
    }
}
