//! The programs that are asked: each says of every server whether it accepts.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::thread;

use keyway_tests::loopback::{Case, Server, clock};

/// Processes at a time.
const WORKERS: usize = 4;

/// A server that runs, and the roots that its clients trust.
pub(crate) struct Served {
    server: Server,
    host: String,
    roots: PathBuf,
}

impl Served {
    /// Serves a case; its roots are written below a folder.
    pub(crate) fn start(case: &Case, number: usize, folder: &Path) -> Option<Self> {
        let server = Server::start(case.sent.clone(), &case.key)?;
        let roots = folder.join(format!("{number}.pem"));
        fs::write(&roots, &case.roots).expect("a folder to write in");
        let host = case.host.clone();
        Some(Self {
            server,
            host,
            roots,
        })
    }

    fn address(&self) -> String {
        format!("127.0.0.1:{}", self.server.port)
    }
}

/// What is missing where a program does not start.
fn missing(program: &str, package: &str) -> String {
    format!(
        "{program} is missing: `cargo xtask test` installs it (Debian: `apt-get install {package}`)"
    )
}

/// curl, one process for all.
pub(crate) fn curl(all: &[Served], folder: &Path) -> Vec<bool> {
    let mut config = String::new();
    for one in all {
        let (host, roots, address) = (&one.host, one.roots.display(), one.address());
        let host = if host.contains(':') {
            format!("[{host}]")
        } else {
            host.clone()
        };
        write!(
            config,
            "url = \"https://{host}/\"\ncacert = \"{roots}\"\nconnect-to = \"::{address}\"\n\
             output = \"/dev/null\"\nsilent\nmax-time = 10\nwrite-out = \"%{{exitcode}}\\n\"\nnext\n"
        )
        .expect("writing to memory");
    }
    let file = folder.join("curl.conf");
    fs::write(&file, config).expect("a folder to write in");
    let mut command = Command::new("curl");
    // Its own settings, if it has any, are left out.
    let output = clock(&mut command).arg("-q").arg("-K").arg(&file).output();
    let answers = text(&output.unwrap_or_else(|_| panic!("{}", missing("curl", "curl"))));
    answers.lines().map(|line| line == "0").collect()
}

/// Python's ssl as it is set up by default since 3.13, one process for all.
pub(crate) fn python(all: &[Served]) -> Vec<bool> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients/ask.py");
    let mut command = Command::new("python3");
    let child = clock(&mut command)
        .arg(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    let mut child = child.unwrap_or_else(|_| panic!("{}", missing("python3", "python3")));
    let mut input = child.stdin.take().expect("a pipe");
    let question = |one: &Served| {
        let roots = one.roots.display();
        format!("{}\t{}\t{roots}\n", one.server.port, one.host)
    };
    let questions: Vec<String> = all.iter().map(question).collect();
    let writer = thread::spawn(move || input.write_all(questions.concat().as_bytes()));
    let answers = text(&child.wait_with_output().expect("Python ends"));
    writer.join().expect("a thread").expect("Python reads");
    answers.lines().map(|line| line == "yes").collect()
}

/// `openssl s_client`: what the library says when nobody stands before it.
pub(crate) fn openssl(all: &[Served]) -> Vec<bool> {
    each(all, |one| {
        let is_address = one.host.parse::<std::net::IpAddr>().is_ok();
        let named = if is_address {
            "-verify_ip"
        } else {
            "-verify_hostname"
        };
        let mut command = Command::new("openssl");
        command
            .args([
                "s_client",
                "-verify_return_error",
                "-connect",
                &one.address(),
            ])
            .args([named, &one.host, "-CAfile"])
            .arg(&one.roots);
        run(&mut command, "openssl", "openssl").status.success()
    })
}

/// `gnutls-cli`.
pub(crate) fn gnutls(all: &[Served]) -> Vec<bool> {
    each(all, |one| {
        let mut command = Command::new("gnutls-cli");
        command
            .args(["--port", &one.server.port.to_string(), "--x509cafile"])
            .arg(&one.roots)
            .args([
                "--sni-hostname",
                &one.host,
                "--verify-hostname",
                &one.host,
                "127.0.0.1",
            ]);
        run(&mut command, "gnutls-cli", "gnutls-bin")
            .status
            .success()
    })
}

fn run(command: &mut Command, program: &str, package: &str) -> Output {
    let output = clock(command).stdin(Stdio::null()).output();
    output.unwrap_or_else(|_| panic!("{}", missing(program, package)))
}

/// Asks all, a few at a time, and keeps their order.
fn each(all: &[Served], ask: impl Fn(&Served) -> bool + Sync) -> Vec<bool> {
    let share = all.len().div_ceil(WORKERS).max(1);
    thread::scope(|scope| {
        let ask = &ask;
        let shares = all
            .chunks(share)
            .map(|some| scope.spawn(move || some.iter().map(ask).collect::<Vec<_>>()));
        let running: Vec<_> = shares.collect();
        running
            .into_iter()
            .flat_map(|share| share.join().expect("a thread"))
            .collect()
    })
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}
