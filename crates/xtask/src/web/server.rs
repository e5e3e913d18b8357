//! `cargo xtask web --serve`: the page on this machine, for this machine. Files below `web/`, read-only,
//! with the headers that a host of the page should send.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::failure::Failure;
use crate::web::single;

/// Longest head of a request that is read, in bytes; browsers send some hundred.
const LONGEST_HEAD: usize = 16 * 1024;

/// Time for a whole head to arrive, and for an answer to be taken.
const PATIENCE: Duration = Duration::from_secs(10);

/// What is served, by the ending of its name; nothing else is.
const KINDS: [(&str, &str); 8] = [
    ("css", "text/css; charset=utf-8"),
    ("html", "text/html; charset=utf-8"),
    ("js", "text/javascript; charset=utf-8"),
    ("json", "application/json"),
    ("md", "text/plain; charset=utf-8"),
    ("svg", "image/svg+xml"),
    ("ts", "text/plain; charset=utf-8"),
    ("wasm", "application/wasm"),
];

/// A folder that is served.
pub(crate) struct Server {
    listener: TcpListener,
    site: Arc<Site>,
}

struct Site {
    /// The folder, without links in it.
    root: PathBuf,
    /// The page's own policy, as a header.
    policy: String,
    port: u16,
}

impl Server {
    /// Listens on the loopback address alone.
    pub(crate) fn start(web: &Path, port: u16) -> Result<Self, Failure> {
        let address = (Ipv4Addr::LOCALHOST, port);
        let listener = TcpListener::bind(address).map_err(|source| Failure::Start {
            program: format!("a server at 127.0.0.1:{port} (another port: --port)"),
            source,
        })?;
        let port = listener
            .local_addr()
            .map_err(Failure::at("the server's address"))?
            .port();
        let root = web.canonicalize().map_err(Failure::at(web))?;
        let policy = narrowed(&single::declared_policy(web)?, port);
        Ok(Self {
            listener,
            site: Arc::new(Site { root, policy, port }),
        })
    }

    /// Where the page is.
    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}/", self.site.port)
    }

    /// Answers until the process is ended.
    pub(crate) fn run(&self) {
        for stream in self.listener.incoming().flatten() {
            let site = Arc::clone(&self.site);
            // One that says nothing holds up no other.
            std::thread::spawn(move || {
                // Whoever hangs up misses the answer.
                let _ = site.attend(stream);
            });
        }
    }
}

/// The page's policy as a header says it: here the addresses of the modules are known, so that nothing else may be
/// fetched, and a header can say that nobody may frame the page.
fn narrowed(policy: &str, port: u16) -> String {
    let modules = ["127.0.0.1", "localhost"].map(|host| {
        let folder = format!("http://{host}:{port}/pkg");
        format!("{folder}/check_glue_bg.wasm {folder}/service_glue_bg.wasm")
    });
    let policy = policy.replace(
        "connect-src 'self'",
        &format!("connect-src {}", modules.join(" ")),
    );
    format!("{policy}; frame-ancestors 'none'")
}

/// What is said to a request.
struct Answer {
    status: &'static str,
    kind: &'static str,
    body: Vec<u8>,
    /// The page as a single file says its own policy, which is stricter and names its own script.
    has_policy: bool,
}

impl Answer {
    fn refusal(status: &'static str) -> Self {
        Self {
            status,
            kind: "text/plain; charset=utf-8",
            body: format!("{status}\n").into_bytes(),
            has_policy: false,
        }
    }
}

impl Site {
    fn attend(&self, mut stream: TcpStream) -> std::io::Result<()> {
        stream.set_write_timeout(Some(PATIENCE))?;
        let head = read_head(&mut stream)?;
        let answer = self.answer(&head);
        let is_head = head.starts_with("HEAD ");
        let Answer {
            status,
            kind,
            body,
            has_policy,
        } = answer;
        let policy = if has_policy {
            "frame-ancestors 'none'"
        } else {
            &self.policy
        };
        let mut out = format!(
            "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\
             Content-Security-Policy: {policy}\r\nX-Content-Type-Options: nosniff\r\n\
             Referrer-Policy: no-referrer\r\nCross-Origin-Opener-Policy: same-origin\r\n\
             Cross-Origin-Resource-Policy: same-origin\r\nCache-Control: no-store\r\n\
             Connection: close\r\n\r\n",
            body.len(),
        )
        .into_bytes();
        if !is_head {
            out.extend(body);
        }
        stream.write_all(&out)
    }

    fn answer(&self, head: &str) -> Answer {
        let mut lines = head.lines();
        let mut words = lines.next().unwrap_or_default().split(' ');
        let (method, target) = (words.next(), words.next().unwrap_or_default());
        if !matches!(method, Some("GET" | "HEAD")) {
            return Answer::refusal("405 Method Not Allowed");
        }
        // A name that somebody else points at this machine is not ours.
        let host = lines
            .find_map(|line| {
                line.split_once(':')
                    .filter(|(name, _)| name.eq_ignore_ascii_case("host"))
            })
            .map(|(_, value)| value.trim());
        let own = [
            format!("127.0.0.1:{}", self.port),
            format!("localhost:{}", self.port),
        ];
        if !host.is_some_and(|host| own.iter().any(|own| own == host)) {
            return Answer::refusal("421 Misdirected Request");
        }
        self.file(target)
            .unwrap_or_else(|| Answer::refusal("404 Not Found"))
    }

    /// The file that a target names: below the root, of a kind that is served, by no hidden name.
    fn file(&self, target: &str) -> Option<Answer> {
        let path = target.split(['?', '#']).next()?.strip_prefix('/')?;
        let path = decoded(path)?;
        let path = Path::new(&path);
        let is_plain = |part: Component<'_>| matches!(part, Component::Normal(name) if !name.to_string_lossy().starts_with('.'));
        if !path.components().all(is_plain) {
            return None;
        }
        let mut file = self.root.join(path);
        if file.is_dir() {
            file.push("index.html");
        }
        // A link may lead out again.
        let file = file.canonicalize().ok()?;
        if !file.starts_with(&self.root) {
            return None;
        }
        let ending = file.extension()?;
        let (_, kind) = KINDS.iter().find(|(known, _)| ending == *known)?;
        Some(Answer {
            status: "200 OK",
            kind,
            has_policy: file.starts_with(self.root.join("dist")),
            body: std::fs::read(file).ok()?,
        })
    }
}

/// Reads up to the empty line.
fn read_head(stream: &mut TcpStream) -> std::io::Result<String> {
    let until = Instant::now() + PATIENCE;
    let mut head = Vec::new();
    let mut chunk = [0; 2048];
    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() || head.len() > LONGEST_HEAD {
            return Err(ErrorKind::InvalidData.into());
        }
        stream.set_read_timeout(Some(left))?;
        match stream.read(&mut chunk)? {
            0 => return Err(ErrorKind::UnexpectedEof.into()),
            count => head.extend_from_slice(&chunk[..count]),
        }
    }
    String::from_utf8(head).map_err(|_| ErrorKind::InvalidData.into())
}

/// Undoes percent-encoding (RFC 3986, section 2.1); none when it is broken, or hides a NUL or a backslash.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits = [rest.next()?, rest.next()?].map(char::from);
            let [high, low] = digits.map(|digit| digit.to_digit(16));
            bytes.push(u8::try_from(high? * 16 + low?).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    let text = String::from_utf8(bytes).ok()?;
    (!text.contains(['\0', '\\'])).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A site with a page, a secret beside it and a link that leads out; a server of it.
    fn served() -> (tempfile::TempDir, Arc<Server>) {
        let folder = tempfile::tempdir().unwrap();
        let web = folder.path().join("web");
        std::fs::create_dir_all(web.join("dist")).unwrap();
        std::fs::write(folder.path().join("secret.html"), "secret").unwrap();
        let page = "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'\">\n";
        for name in [
            "index.html",
            "dist/keyway.html",
            "a b.js",
            "x.wasm",
            ".hidden.js",
            "key.pem",
        ] {
            std::fs::write(web.join(name), page).unwrap();
        }
        #[cfg(unix)]
        std::os::unix::fs::symlink("../secret.html", web.join("link.html")).unwrap();
        let server = Arc::new(Server::start(&web, 0).unwrap());
        let running = Arc::clone(&server);
        std::thread::spawn(move || running.run());
        (folder, server)
    }

    fn ask(server: &Server, request: &str) -> String {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, server.site.port)).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    fn get(server: &Server, target: &str) -> String {
        let host = server.url().replace("http://", "").replace('/', "");
        ask(
            server,
            &format!("GET {target} HTTP/1.1\r\nHost: {host}\r\n\r\n"),
        )
    }

    #[test]
    fn files_come_with_their_kind_and_the_pages_policy() {
        let (_folder, server) = served();
        for (target, kind) in [
            ("/", "text/html"),
            ("/a%20b.js?x", "text/javascript"),
            ("/x.wasm", "application/wasm"),
        ] {
            let answer = get(&server, target);
            assert!(answer.starts_with("HTTP/1.1 200 OK"), "{target}: {answer}");
            assert!(
                answer.contains(&format!("Content-Type: {kind}")),
                "{answer}"
            );
            assert!(answer.contains("Policy: default-src 'none'; frame-ancestors 'none'\r\n"));
            assert!(answer.contains("nosniff"));
        }
        assert!(get(&server, "/dist/keyway.html").contains("Policy: frame-ancestors 'none'\r\n"));
    }

    #[test]
    fn nothing_outside_and_nothing_hidden_is_served() {
        let (_folder, server) = served();
        for target in [
            "/../secret.html",
            "/%2e%2e/secret.html",
            "/dist/../../secret.html",
            "/..%2fsecret.html",
            "/..%5csecret.html",
            "//etc/passwd",
            "/link.html",
            "/.hidden.js",
            "/key.pem",
            "/%00",
            "/%zz",
            "/dist",
            "secret.html",
        ] {
            let answer = get(&server, target);
            assert!(answer.starts_with("HTTP/1.1 404"), "{target}: {answer}");
        }
    }

    #[test]
    fn only_this_machine_is_answered_and_only_reading() {
        let (_folder, server) = served();
        let other = ask(&server, "GET / HTTP/1.1\r\nHost: example.com\r\n\r\n");
        assert!(other.starts_with("HTTP/1.1 421"), "{other}");
        let posted = ask(&server, "POST / HTTP/1.1\r\n\r\n");
        assert!(posted.starts_with("HTTP/1.1 405"), "{posted}");
        let address = server.listener.local_addr().unwrap();
        assert!(address.ip().is_loopback());
    }

    #[test]
    fn nothing_but_the_modules_may_be_fetched() {
        assert_eq!(
            narrowed("default-src 'none'; connect-src 'self'", 1),
            "default-src 'none'; connect-src http://127.0.0.1:1/pkg/check_glue_bg.wasm \
             http://127.0.0.1:1/pkg/service_glue_bg.wasm http://localhost:1/pkg/check_glue_bg.wasm \
             http://localhost:1/pkg/service_glue_bg.wasm; frame-ancestors 'none'"
        );
    }
}
