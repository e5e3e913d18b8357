//! http-01 (RFC 8555, section 8.3): answers in a folder, and who gives them out.
//!
//! What is to be shown lies in a folder, a file for each token. Whoever listens at port 80 answers from there: a server
//! that runs already, or a [`Listener`] of one's own.

use std::fs;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use base64ct::{Base64UrlUnpadded, Encoding as _};
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, Method, Request, Response, StatusCode};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpStream;

use super::challenge::{Challenge, Kind, Solver, Solving, Unsolved};
#[cfg(doc)]
use super::order;
use super::sockets::{Reserved, Sockets};
use crate::Identifier;
use crate::owner::UNFINISHED;
use crate::pairs::{private_folder, write};

/// Where a CA looks.
pub const PATH: &str = "/.well-known/acme-challenge/";

/// Most letters of a token. Let's Encrypt's have 43; a name of a file ends somewhere.
const LONGEST: usize = 128;

/// How old an answer may get: an order that goes on for so long was given up ([`order::PATIENCE`]).
const OLDEST: Duration = Duration::from_secs(3_600);

/// Most names of files that are looked at for old ones each time; an order has a hundred answers.
const MOST_LOOKED_AT: usize = 1_000;

/// How long somebody may take to ask.
const HEADER_TIME: Duration = Duration::from_secs(10);

/// How long somebody may stay.
const STAY: Duration = Duration::from_secs(30);

/// Answers, by token, in a folder. Those that an attempt left there which was killed are taken away by [`Answers::sweep`].
#[derive(Debug, Clone)]
pub struct Answers {
    folder: PathBuf,
}

/// A token that would not be a name of a file (RFC 8555, section 8.1: base64url).
#[derive(Debug, thiserror::Error)]
#[error("the CA's token is not base64url, or has over {LONGEST} letters")]
pub struct BadToken;

impl Answers {
    /// Those in a folder, which is made when the first is put.
    pub fn at(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
        }
    }

    /// Where they are.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// What is to be answered for a path, where there is something.
    pub fn answer(&self, path: &str) -> Option<String> {
        let token = path.strip_prefix(PATH)?;
        let file = self.file(token).ok()?;
        // What lies there was written here; a bound all the same, as others could put something in its place.
        let kept = file.metadata().ok()?;
        (kept.is_file() && kept.len() <= 1024).then(|| fs::read_to_string(file).ok())?
    }

    /// Something that nobody else knows, to look whether it is answered.
    ///
    /// # Errors
    /// The folder cannot be written to, or there are no random bytes.
    pub fn probe(&self) -> io::Result<Probe> {
        let mut random = [0; 24];
        let filled = aws_lc_rs::rand::fill(&mut random);
        filled.map_err(|_| io::Error::other("the system gave no random bytes"))?;
        let token = Base64UrlUnpadded::encode_string(&random);
        let text = format!("{token}.probe");
        let file = self.folder.join(&token);
        private_folder(&self.folder)?;
        write(&file, text.as_bytes(), 0o644)?;
        Ok(Probe { token, text, file })
    }

    fn put(&self, challenge: &Challenge) -> Result<(), Unsolved> {
        let file = self.file(&challenge.token)?;
        private_folder(&self.folder)?;
        // It is public: whoever answers may be another user.
        write(&file, challenge.key_authorization.as_bytes(), 0o644)?;
        Ok(())
    }

    /// Takes away what attempts left that were killed. What is in nobody's way keeps nobody from going on: what cannot be
    /// taken away stays.
    pub fn sweep(&self) {
        let entries = fs::read_dir(&self.folder).into_iter().flatten();
        let entries = entries.take(MOST_LOOKED_AT).flatten();
        let ours: Vec<_> = entries.filter(|entry| self.is_ours(entry)).collect();
        if ours.is_empty() {
            return;
        }
        // By the clock of who keeps the folder.
        let Ok(probe) = self.probe() else { return };
        let now = probe.file.metadata().and_then(|kept| kept.modified());
        let Ok(now) = now else { return };
        for entry in ours {
            let written = entry.metadata().and_then(|kept| kept.modified());
            let age = written.ok().and_then(|it| now.duration_since(it).ok());
            if age.is_some_and(|age| age > OLDEST) {
                // Somebody else may have done so.
                drop(fs::remove_file(entry.path()));
            }
        }
    }

    /// Whether a file was written here, be it not to its end: the folder may be another's, too.
    fn is_ours(&self, entry: &fs::DirEntry) -> bool {
        let name = entry.file_name();
        let Some(token) = name.to_str() else {
            return false;
        };
        if token.starts_with(UNFINISHED) {
            return entry.file_type().is_ok_and(|kind| kind.is_file());
        }
        let text = self.answer(&format!("{PATH}{token}"));
        text.is_some_and(|text| text.starts_with(&format!("{token}.")))
    }

    fn file(&self, token: &str) -> Result<PathBuf, BadToken> {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        let is_token = !token.is_empty() && token.len() <= LONGEST && token.chars().all(is_plain);
        is_token.then(|| self.folder.join(token)).ok_or(BadToken)
    }
}

/// Something to be looked for, which goes when it is dropped.
#[derive(Debug)]
pub struct Probe {
    /// The last part of the path.
    pub token: String,
    /// What is answered.
    pub text: String,
    file: PathBuf,
}

impl Drop for Probe {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.file);
    }
}

impl Solver for Answers {
    fn kind(&self) -> Kind {
        Kind::Http01
    }

    /// No wildcard (RFC 8555, section 7.1.3).
    fn can(&self, identifier: &Identifier) -> bool {
        !matches!(identifier, Identifier::Dns(name) if name.starts_with("*."))
    }

    fn present<'a>(&'a self, challenges: &'a [Challenge]) -> Solving<'a, Result<(), Unsolved>> {
        let shown = challenges.iter().try_for_each(|it| self.put(it));
        Box::pin(std::future::ready(shown))
    }

    fn withdraw<'a>(&'a self, challenges: &'a [Challenge]) -> Solving<'a, ()> {
        for challenge in challenges {
            if let Ok(file) = self.file(&challenge.token) {
                let _ = fs::remove_file(file);
            }
        }
        Box::pin(std::future::ready(()))
    }
}

/// Somebody who answers at addresses, until it is dropped.
#[derive(Debug)]
pub struct Listener {
    _sockets: Sockets,
}

impl Listener {
    /// Answers at these addresses, those among them that are bound already by those sockets. It is called within a runtime
    /// of tokio.
    ///
    /// # Errors
    /// Somebody else is there, or it is not allowed to.
    pub fn start(
        addresses: &[SocketAddr],
        reserved: &Reserved,
        answers: &Answers,
    ) -> io::Result<Self> {
        let answers = answers.clone();
        let sockets = Sockets::start(addresses, reserved, move |stream| {
            serve(stream, answers.clone())
        });
        Ok(Self { _sockets: sockets? })
    }
}

async fn serve(stream: TcpStream, answers: Answers) {
    let answered = service_fn(move |request| {
        std::future::ready(Ok::<_, std::convert::Infallible>(answer(
            &answers, &request,
        )))
    });
    let served = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIME)
        .keep_alive(false)
        .serve_connection(TokioIo::new(stream), answered);
    let _ = tokio::time::timeout(STAY, served).await;
}

fn answer(answers: &Answers, request: &Request<Incoming>) -> Response<Full<Bytes>> {
    let is_read = [Method::GET, Method::HEAD].contains(request.method());
    let found = is_read
        .then(|| answers.answer(request.uri().path()))
        .flatten();
    let (status, text) = match found {
        Some(text) => (StatusCode::OK, text),
        None => (
            StatusCode::NOT_FOUND,
            "no challenge is under way\n".to_owned(),
        ),
    };
    let mut response = Response::new(Full::from(text));
    *response.status_mut() = status;
    let kind = HeaderValue::from_static("application/octet-stream");
    response.headers_mut().insert(CONTENT_TYPE, kind);
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_that_leads_elsewhere_is_no_name_of_a_file() {
        let stage = tempfile::tempdir().unwrap();
        fs::write(stage.path().join("secret"), "secret").unwrap();
        let answers = Answers::at(stage.path().join("answers"));
        fs::create_dir(answers.folder()).unwrap();
        for token in ["../secret", "", ".", "..", "a/b", "a%2fb", &"a".repeat(129)] {
            assert_eq!(answers.answer(&format!("{PATH}{token}")), None, "{token}");
        }
        assert_eq!(answers.answer("/elsewhere"), None);
    }

    #[test]
    fn what_is_withdrawn_is_not_answered() {
        let stage = tempfile::tempdir().unwrap();
        let answers = Answers::at(stage.path().join("answers"));
        let challenge = Challenge {
            identifier: Identifier::parse("a.test").unwrap(),
            kind: Kind::Http01,
            token: "token-_1".to_owned(),
            key_authorization: "token-_1.thumb".to_owned(),
        };
        answers.put(&challenge).unwrap();
        let path = format!("{PATH}token-_1");
        assert_eq!(answers.answer(&path).as_deref(), Some("token-_1.thumb"));
        drop(answers.withdraw(&[challenge]));
        assert_eq!(answers.answer(&path), None);
    }

    #[test]
    fn what_a_killed_attempt_left_is_taken_away_hours_later_and_nothing_else_is() {
        let stage = tempfile::tempdir().unwrap();
        let answers = Answers::at(stage.path());
        let put = |token: &str, text: &str, age: u64| {
            fs::write(stage.path().join(token), text).unwrap();
            let path = stage.path().join(token);
            let file = fs::File::options().append(true).open(path).unwrap();
            let now = file.metadata().unwrap().modified().unwrap();
            file.set_modified(now - Duration::from_secs(age)).unwrap();
        };
        put("left", "left.thumb", 2 * 3_600);
        put("under-way", "under-way.thumb", 600);
        put(".keyway-left", "", 2 * 3_600);
        put(".keyway-under-way", "", 600);
        put("of-another", "something", 2 * 86_400);
        fs::create_dir(stage.path().join("folder")).unwrap();
        answers.sweep();
        let left = fs::read_dir(stage.path()).unwrap();
        let mut left: Vec<_> = left.map(|it| it.unwrap().file_name()).collect();
        left.sort();
        assert_eq!(
            left,
            [".keyway-under-way", "folder", "of-another", "under-way"]
        );
    }
}
