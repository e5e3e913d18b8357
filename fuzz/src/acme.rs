//! A CA that says anything, in any order.

use std::collections::HashMap;
use std::future::pending;
use std::future::ready;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, Request, Response, StatusCode};
use keyway_chain::x509::Certificate;
use keyway_chain::{Input, ReadOptions};
use keyway_issue::Identifier;
use keyway_issue::acme::challenge::Solving;
use keyway_issue::acme::wire::Answering;
use keyway_issue::acme::{
    Account, AcmeError, Challenge, Kind, Patience, Solver, TransportError, Unsolved, Wanted, Wire,
    obtain,
};
use keyway_issue::renewal::{History, Next, Validity};
use rcgen::KeyPair;
use tempfile::TempDir;
use tokio::time::Instant;

/// The time that an order is given.
const PATIENCE: Duration = Duration::from_secs(10);

/// What an account and a window are given beside it.
const BESIDE: Duration = Duration::from_secs(80);

/// Most requests that may come of it, refused nonces and all.
const MOST: u32 = 10_000;

/// Most bytes of an error: a URL has 64 kB at the most.
const LONGEST: usize = 1 << 18;

/// The CA's directory.
const DIRECTORY: &str = "https://ca.test/directory";

/// Answers, between lines of three dashes: what is asked for and a status on the first line, headers behind it, an empty
/// line, content. What a CA says in time is a certificate, or an error; it comes within the patience and a bounded
/// number of requests; what was shown is taken away again; a window for renewal is within bounds.
pub fn acme(data: &[u8]) {
    let stage = stage();
    let ca = Arc::new(Ca::of(data));
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let begun = Instant::now();
        if let Err(error) = stage.ask(&ca).await {
            is_short(&error);
        }
        assert!(begun.elapsed() <= PATIENCE + BESIDE, "it took too long");
    });
}

/// An error says what its reader can take in: a URL of the CA's, and some of its words.
fn is_short(error: &AcmeError) {
    let length = error.to_string().len();
    assert!(length < LONGEST, "{length} bytes of error");
    let _ = (error.is_passing(), error.retry_after());
}

/// What does not change.
struct Stage {
    folder: TempDir,
    key: KeyPair,
    identifiers: [Identifier; 2],
    certificate: Certificate,
}

fn stage() -> &'static Stage {
    static STAGE: OnceLock<Stage> = OnceLock::new();
    STAGE.get_or_init(|| {
        let input = Input {
            name: "leaf",
            bytes: include_bytes!("../corpus/check/host-good.pem"),
        };
        let bundle = keyway_chain::read(&[input], &ReadOptions::default()).expect("a chain");
        let first = bundle.certificates.into_iter().next();
        Stage {
            folder: tempfile::tempdir().expect("a folder"),
            key: KeyPair::generate().expect("a key"),
            identifiers: ["a.example", "*.b.example"]
                .map(|it| Identifier::parse(it).expect("a name")),
            certificate: first.expect("a certificate").certificate,
        }
    })
}

impl Stage {
    async fn ask(&self, ca: &Arc<Ca>) -> Result<(), AcmeError> {
        let folder = self.folder.path();
        let account = Account::open_over(ca.clone(), DIRECTORY, folder, &[], None).await?;
        let _ = account.profiles();
        let wanted = Wanted {
            identifiers: &self.identifiers,
            key: &self.key,
            profile: None,
            replaces: Some(&self.certificate),
            issuer: Some("nobody"),
            order: None,
            led: &[],
            may_miss: usize::MAX,
        };
        let solver = Shows::default();
        let issued = obtain(
            &account,
            &wanted,
            &[&solver],
            Patience::of(PATIENCE),
            |_| {},
            pending(),
        )
        .await;
        let shown = solver.0.lock().expect("one thread");
        assert!(shown.is_empty(), "shown and left: {shown:?}");
        if let Err(error) = &issued {
            is_short(error);
        }
        if let Ok(issued) = issued {
            let state = ca.state.lock().expect("one thread");
            let came = state.said.iter().any(|it| issued.chain.as_bytes() == it);
            assert!(came, "a chain that nobody sent");
        }
        if let Some(window) = account.window(&self.certificate).await? {
            assert!((60..=86_400).contains(&window.ask_again), "{window:?}");
            let (validity, now) = (Validity::of(&self.certificate), self.certificate.not_before);
            let mut history = History::default();
            history.told(Some(window), now);
            if let Next::Wait { until, .. } = history.next(validity, u32::MAX, now) {
                assert!(until > now && until <= validity.not_after);
            }
        }
        Ok(())
    }
}

/// What is shown at the moment.
#[derive(Default)]
struct Shows(Mutex<Vec<Challenge>>);

impl Solver for Shows {
    fn kind(&self) -> Kind {
        Kind::Dns01
    }

    fn can(&self, _: &Identifier) -> bool {
        true
    }

    fn present<'a>(&'a self, challenges: &'a [Challenge]) -> Solving<'a, Result<(), Unsolved>> {
        self.0
            .lock()
            .expect("one thread")
            .extend_from_slice(challenges);
        Box::pin(ready(Ok(())))
    }

    fn withdraw<'a>(&'a self, challenges: &'a [Challenge]) -> Solving<'a, ()> {
        let mut shown = self.0.lock().expect("one thread");
        shown.retain(|it| !challenges.contains(it));
        Box::pin(ready(()))
    }
}

/// An answer that is given: none where nobody answers.
type Given = Option<Response<Bytes>>;

struct Ca {
    /// By what is asked for, one after the other; the last one stays.
    answers: HashMap<String, Vec<Given>>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    asked: HashMap<String, usize>,
    /// Contents of answers.
    said: Vec<Bytes>,
    is_told: bool,
    is_final: bool,
}

impl Ca {
    fn of(data: &[u8]) -> Self {
        let text = String::from_utf8_lossy(data);
        let mut answers: HashMap<String, Vec<Given>> = HashMap::new();
        for part in text.split("\n---\n") {
            let (head, content) = part.split_once("\n\n").unwrap_or((part, ""));
            let mut lines = head.lines();
            let first = lines.next().unwrap_or_default();
            let (what, status) = first.split_once(' ').unwrap_or((first, "200"));
            let status = status.parse::<u16>().ok();
            let status = status.and_then(|it| StatusCode::from_u16(it).ok());
            let given = status.map(|status| {
                let mut answer = Response::new(Bytes::from(content.to_owned()));
                *answer.status_mut() = status;
                for line in lines {
                    let (name, value) = line.split_once(": ").unwrap_or((line, ""));
                    if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), value.parse()) {
                        answer.headers_mut().append(name, value);
                    }
                }
                answer
            });
            answers.entry(what.to_owned()).or_default().push(given);
        }
        let state = Mutex::default();
        Self { answers, state }
    }

    fn answer(&self, request: &Request<Bytes>) -> Given {
        let path = request.uri().path().trim_start_matches('/');
        let what = path.split('/').next().unwrap_or_default();
        let mut state = self.state.lock().expect("one thread");
        let asked = state.asked.entry(what.to_owned()).or_default();
        *asked += 1;
        let which = *asked - 1;
        let total: usize = state.asked.values().sum();
        assert!(total < MOST as usize, "it asks and asks");
        state.is_told |= what == "challenge";
        state.is_final |= what == "finalize";
        let answers = self.answers.get(what);
        let given = match answers.and_then(|answers| answers.get(which).or(answers.last())) {
            Some(given) => given.clone(),
            None => Some(usual(what, &state)),
        };
        let mut answer = given?;
        state.said.push(answer.body().clone());
        let headers = answer.headers_mut();
        if !headers.contains_key("replay-nonce") {
            headers.insert("replay-nonce", HeaderValue::from_static("bm9uY2U"));
        }
        if *request.method() == Method::HEAD {
            *answer.body_mut() = Bytes::new();
        }
        Some(answer)
    }
}

impl Wire for Ca {
    fn exchange(&self, request: Request<Bytes>) -> Answering<'_> {
        let answer = self.answer(&request);
        Box::pin(ready(answer.ok_or_else(|| TransportError::Late {
            place: "ca.test:443".to_owned(),
        })))
    }
}

/// What a CA says that wants no harm.
fn usual(what: &str, state: &State) -> Response<Bytes> {
    let order = || {
        let status = match (state.is_told, state.is_final) {
            (_, true) => "valid",
            (true, false) => "ready",
            (false, false) => "pending",
        };
        format!(
            r#"{{"status": "{status}", "authorizations": ["https://ca.test/authorization/1"],
            "finalize": "https://ca.test/finalize/1", "certificate": "https://ca.test/certificate/1"}}"#
        )
    };
    let (status, content) = match what {
        "directory" => (200, include_str!("../material/acme-directory.json").to_owned()),
        "nonce" => (200, String::new()),
        "account" => (201, r#"{"status": "valid"}"#.to_owned()),
        "new-order" => (201, order()),
        "order" | "finalize" => (200, order()),
        "authorization" => (
            200,
            r#"{"status": "pending", "identifier": {"type": "dns", "value": "a.example"}, "challenges": [
            {"type": "dns-01", "url": "https://ca.test/challenge/1", "token": "dG9rZW4", "status": "pending"}]}"#
                .to_owned(),
        ),
        "challenge" => (
            200,
            r#"{"type": "dns-01", "url": "https://ca.test/challenge/1", "token": "dG9rZW4", "status": "processing"}"#
                .to_owned(),
        ),
        "certificate" => (200, include_str!("../corpus/check/host-good.pem").to_owned()),
        "renewal" => (
            200,
            r#"{"suggestedWindow": {"start": "2027-01-01T00:00:00Z", "end": "2027-01-02T00:00:00Z"}}"#.to_owned(),
        ),
        _ => (404, r#"{"type": "urn:ietf:params:acme:error:malformed"}"#.to_owned()),
    };
    let mut answer = Response::new(Bytes::from(content));
    *answer.status_mut() = StatusCode::from_u16(status).expect("a status");
    let location = match what {
        "account" => "https://ca.test/account/1",
        _ => "https://ca.test/order/1",
    };
    let kind = match what {
        "certificate" => "application/pem-certificate-chain",
        _ => "application/json",
    };
    let headers = answer.headers_mut();
    headers.insert("location", HeaderValue::from_static(location));
    headers.insert("content-type", HeaderValue::from_static(kind));
    answer
}
