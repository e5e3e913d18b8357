//! moto, a stand-in for S3: at a port of its own, ended when it is dropped.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

/// The bucket that [`Moto::start`] makes.
pub const BUCKET: &str = "certificates";

/// A stand-in that runs.
#[derive(Debug)]
pub struct Moto {
    child: Child,
    /// Where it answers.
    pub at: SocketAddr,
    _folder: TempDir,
}

impl Drop for Moto {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Moto {
    /// One with an empty bucket.
    pub fn start() -> Self {
        let moto = Self::empty();
        let mut stream = TcpStream::connect(moto.at).expect("moto");
        write!(
            stream,
            "PUT /{BUCKET} HTTP/1.0\r\nContent-Length: 0\r\n\r\n"
        )
        .expect("a request");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        assert!(answer.contains(" 200 "), "{answer}");
        moto
    }

    /// The same without a bucket.
    pub fn empty() -> Self {
        let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/moto");
        let python = own.join("venv/bin/python");
        assert!(
            python.is_file(),
            "moto is missing: `cargo xtask install` installs it (tests/moto/README.md)"
        );
        let folder = tempfile::tempdir().expect("a folder");
        let log = folder.path().join("log");
        let mut command = Command::new(python);
        let started = command
            .arg(own.join("serve.py"))
            .stdout(Stdio::piped())
            .stderr(fs::File::create(&log).expect("a file"))
            .spawn();
        let mut child = started.expect("moto");
        let mut line = String::new();
        let said = child.stdout.take().expect("a pipe");
        let heard = BufReader::new(said).read_line(&mut line);
        heard.expect("a line");
        let at = line.trim().strip_prefix("listening at ");
        let at = at.and_then(|at| at.parse().ok());
        let failed = || fs::read_to_string(&log).unwrap_or_default();
        Self {
            at: at.unwrap_or_else(|| panic!("moto did not start: {}", failed())),
            child,
            _folder: folder,
        }
    }

    /// What `object_store` has to be told of it, as it is called in the environment.
    pub fn settings(&self) -> [(&'static str, String); 5] {
        [
            ("AWS_ACCESS_KEY_ID", "anybody".to_owned()),
            ("AWS_SECRET_ACCESS_KEY", "looked at by nobody".to_owned()),
            ("AWS_REGION", "us-east-1".to_owned()),
            ("AWS_ENDPOINT", format!("http://{}", self.at)),
            ("AWS_ALLOW_HTTP", "true".to_owned()),
        ]
    }
}
