//! A server that runs while a test lasts, what is behind it, and the programs that ask it.
#![allow(dead_code, reason = "every test file uses its own part of it")]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::{Child, ChildStdout, Command, Output, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use keyway_testkit::{NOW, own_port};

use crate::stage::Stage;
use crate::stage::service::trust;

/// Nothing on loopback takes so long: a test that waits for it has failed.
const PATIENCE: Duration = Duration::from_secs(30);

/// Between two looks.
const PAUSE: Duration = Duration::from_millis(20);

/// Waits until something holds.
pub(crate) fn until(holds: impl Fn() -> bool) -> bool {
    (0..PATIENCE.as_millis() / PAUSE.as_millis()).any(|_| {
        let does = holds();
        if !does {
            thread::sleep(PAUSE);
        }
        does
    })
}

/// Ends the load, also where a test fails in the middle of it.
pub(crate) struct Ends<'a>(pub(crate) &'a AtomicBool);

impl Drop for Ends<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Something that answers every request with this text.
pub(crate) fn backend(text: &'static str) -> String {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let stream = stream?;
            thread::spawn(move || drop(answer(stream, text)));
        }
        Ok::<(), std::io::Error>(())
    });
    format!("http://{address}")
}

fn answer(mut stream: TcpStream, text: &str) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    while let Some(line) = lines.next().transpose()? {
        if line.is_empty() {
            // At once: the parts of it would wait for each other (Nagle).
            let length = text.len();
            let answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n{text}");
            stream.write_all(answer.as_bytes())?;
        }
    }
    Ok(())
}

/// Writes the service file of the usual host, in front of this upstream. Gives the port.
pub(crate) fn service_file(stage: &Stage, upstream: &str, more: &str) -> u16 {
    let port = own_port();
    stage.write(
        "keyway.toml",
        &format!(
            "host = \"www.example.com\"\nupstream = \"{upstream}\"\nlisten = \
             \"127.0.0.1:{port}\"\n{more}[tls]\ncertificate = \"fullchain.pem\"\nkey = \"key.pem\"\n"
        ),
    );
    port
}

/// `keyway serve` with the service file of a stage.
pub(crate) struct Serving {
    child: Child,
    stderr: Arc<Mutex<String>>,
    stdout: Option<JoinHandle<String>>,
}

/// What was said.
pub(crate) struct Lines {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Serving {
    pub(crate) fn start(stage: &Stage, arguments: &str) -> Self {
        Self::start_by(stage.command(), arguments)
    }

    /// The same by a program that takes the arguments of `keyway`.
    pub(crate) fn start_by(command: Command, arguments: &str) -> Self {
        Self::start_in_time(command, &format!("{} {arguments}", trust()))
    }

    /// The same, which goes by the clock unless the arguments say otherwise.
    pub(crate) fn start_in_time(command: Command, arguments: &str) -> Self {
        Self::spawn(command, arguments).read()
    }

    /// The same, and what it prints is read.
    pub(crate) fn read(mut self) -> Self {
        let mut out = self.child.stdout.take().unwrap();
        self.stdout = Some(thread::spawn(move || {
            let mut text = String::new();
            out.read_to_string(&mut text).unwrap();
            text
        }));
        self
    }

    /// The same, and nobody reads what it prints.
    pub(crate) fn start_unread(stage: &Stage, arguments: &str) -> Self {
        Self::spawn(stage.command(), &format!("{} {arguments}", trust()))
    }

    fn spawn(mut command: Command, arguments: &str) -> Self {
        let all = format!("serve --threads 2 {arguments}");
        command.args(all.split_whitespace());
        Self::run(command)
    }

    /// A server as it stands, for the usual host.
    pub(crate) fn run(command: Command) -> Self {
        let serving = Self::begin(command);
        serving.wait_for("serving www.example.com");
        serving
    }

    /// The same, of which nothing that it says is passed over.
    pub(crate) fn begin(mut command: Command) -> Self {
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let said: Arc<Mutex<String>> = Arc::default();
        let (err, keep) = (child.stderr.take().unwrap(), Arc::clone(&said));
        thread::spawn(move || {
            for line in BufReader::new(err).lines().map_while(Result::ok) {
                let mut said = keep.lock().unwrap();
                said.push_str(&line);
                said.push('\n');
            }
        });
        Self {
            child,
            stderr: said,
            stdout: None,
        }
    }

    /// Waits until something is said, and forgets what was said until then.
    pub(crate) fn wait_for(&self, part: &str) {
        let found = until(|| {
            let mut said = self.stderr.lock().unwrap();
            let place = said.find(part);
            if let Some(place) = place {
                said.drain(..place + part.len());
            }
            place.is_some()
        });
        assert!(
            found,
            "nobody said {part:?}: {}",
            self.stderr.lock().unwrap()
        );
    }

    /// What Linux says of it (proc_pid_status(5)): the words behind a name.
    pub(crate) fn status(&self, name: &str) -> Vec<String> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        let words = line.unwrap().trim_start_matches(':').split_whitespace();
        words.map(str::to_owned).collect()
    }

    pub(crate) fn signal(&self, name: &str) {
        let kill = format!("kill -{name} {}", self.child.id());
        let sent = Command::new("sh").args(["-c", &kill]).status().unwrap();
        assert!(sent.success());
    }

    /// Asks it to end, and waits for it.
    pub(crate) fn end(mut self) -> (Option<i32>, Lines) {
        self.signal("TERM");
        let status = self.child.wait().unwrap();
        let read = self.stdout.take().map(|reader| reader.join().unwrap());
        let stdout = read.unwrap_or_default();
        let ended = || self.stderr.lock().unwrap().contains("ended");
        until(ended);
        let stderr = self.stderr.lock().unwrap().clone();
        (status.code(), Lines { stdout, stderr })
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// A script of Python that serves something, while a test lasts. It prints its port first.
pub(crate) struct Script {
    child: Child,
    out: BufReader<ChildStdout>,
}

impl Script {
    /// With it: its port.
    pub(crate) fn start(python: &str, script: &str) -> (Self, u16) {
        let child = Command::new(python)
            .args(["-c", script])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn();
        let mut child = child.unwrap_or_else(|_| panic!("{}", missing(python, "python3")));
        let out = BufReader::new(child.stdout.take().unwrap());
        let mut script = Self { child, out };
        let port = script
            .line()
            .parse()
            .expect("a script that prints its port");
        (script, port)
    }

    /// The next line that it prints; nothing where it has ended.
    pub(crate) fn line(&mut self) -> String {
        let mut line = String::new();
        self.out.read_line(&mut line).unwrap();
        line.trim().to_owned()
    }
}

impl Drop for Script {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn missing(program: &str, package: &str) -> String {
    format!(
        "{program} is missing: `cargo xtask test` installs it (Debian: `apt-get install {package}`)"
    )
}

/// A program that lives at the moment of the kit.
pub(crate) fn at_the_moment(program: &str) -> Command {
    let mut command = Command::new("faketime");
    // The kit's moment: 2026-11-23T00:00:00Z.
    command
        .env("TZ", "UTC")
        .args(["-f", "@2026-11-23 00:00:00", program]);
    command
}

/// What a program says [at the moment](at_the_moment). faketime calls what it leaves behind, where it is killed, after its
/// process number, and starts nothing where that number comes again: it is run with another one then.
pub(crate) fn started(command: &mut Command) -> Output {
    let mut run = || {
        let output = command.output();
        output.unwrap_or_else(|_| panic!("{}", missing("faketime", "faketime")))
    };
    let is_taken =
        |output: &Output| String::from_utf8_lossy(&output.stderr).contains("sem_open: File exists");
    let mut output = run();
    for _ in 0..50 {
        if !is_taken(&output) {
            break;
        }
        output = run();
    }
    output
}

/// What curl prints of a path of the usual host.
pub(crate) fn curl(stage: &Stage, port: u16, more: &[&str], path: &str) -> String {
    let output = started(
        at_the_moment("curl")
            .args(["-q", "--silent", "--show-error", "--max-time", "20"])
            .arg("--cacert")
            .arg(stage.path().join("root.pem"))
            .args(["--connect-to", &format!("::127.0.0.1:{port}")])
            .args(more)
            .arg(format!("https://www.example.com{path}")),
    );
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

/// What `openssl s_client` says of a handshake for a name.
pub(crate) fn s_client(stage: &Stage, port: u16, name: &str) -> String {
    let output = Command::new("openssl")
        .args(["s_client", "-showcerts", "-servername", name])
        .args(["-verify_hostname", name, "-attime", &NOW.to_string()])
        .arg("-CAfile")
        .arg(stage.path().join("root.pem"))
        .args(["-connect", &format!("127.0.0.1:{port}")])
        .stdin(Stdio::null())
        .output();
    let output = output.unwrap_or_else(|_| panic!("{}", missing("openssl", "openssl")));
    let said = [output.stdout, output.stderr].concat();
    String::from_utf8_lossy(&said).into_owned()
}

/// h2load, asking so often by eight connections; it verifies no certificate.
pub(crate) fn h2load(port: u16, requests: u32, more: &[&str]) -> JoinHandle<String> {
    let mut command = Command::new("h2load");
    command
        .args(["-n", &requests.to_string(), "-c", "8", "-m", "4"])
        .args(["--connect-to", &format!("127.0.0.1:{port}")])
        .args(more)
        .arg("https://www.example.com/");
    thread::spawn(move || {
        let output = command.output();
        let output = output.unwrap_or_else(|_| panic!("{}", missing("h2load", "nghttp2-client")));
        String::from_utf8_lossy(&output.stdout).into_owned()
    })
}

/// The body of an answer in plain HTTP.
pub(crate) fn plain(port: u16, path: &str) -> String {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (_, body) = answer.split_once("\r\n\r\n").unwrap();
    body.to_owned()
}

/// What `openssl s_client` says of a request by a session that is kept (`-sess_out`) or taken up (`-sess_in`).
pub(crate) fn session(stage: &Stage, port: u16, what: &str, file: &str) -> String {
    let mut command = Command::new("openssl");
    command
        .args([
            "s_client",
            "-tls1_3",
            "-servername",
            "www.example.com",
            what,
            file,
        ])
        .args(["-ign_eof", "-CAfile"])
        .arg(stage.path().join("root.pem"))
        .args(["-connect", &format!("127.0.0.1:{port}")])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let child = command.spawn();
    let mut child = child.unwrap_or_else(|_| panic!("{}", missing("openssl", "openssl")));
    let request = b"GET / HTTP/1.1\r\nHost: www.example.com\r\nConnection: close\r\n\r\n";
    drop(child.stdin.take().unwrap().write_all(request));
    let output = child.wait_with_output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    String::from_utf8_lossy(&said).into_owned()
}
