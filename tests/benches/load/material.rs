//! What all terminators are given: certificates, and a service behind.

use std::fs;
use std::path::{Path, PathBuf};

use keyway_testkit::{Chain, KeyKind};

use crate::process::{OURS, Process, free_port};

/// Bytes of the large file.
const LARGE: usize = 1024 * 1024;

/// A folder with everything, and the running service.
pub(crate) struct Material {
    folder: tempfile::TempDir,
    pub(crate) keyway: PathBuf,
    pub(crate) backend: u16,
    _service: Process,
}

impl Material {
    pub(crate) fn write(keyway: PathBuf) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let write = |name: &str, text: String| {
            fs::write(folder.path().join(name), text).expect("a file");
        };
        let ecdsa = Chain::with_leaf(|leaf| leaf.key(KeyKind::P256));
        for (name, chain) in [("ecdsa", ecdsa), ("rsa", Chain::rsa())] {
            write(&format!("{name}.crt"), chain.fullchain_pem());
            write(&format!("{name}.key"), chain.key_pem());
            write(&format!("{name}.root"), chain.root_pem());
            write(
                &format!("{name}.pem"),
                chain.fullchain_pem() + &chain.key_pem(),
            );
        }
        write("1m", "x".repeat(LARGE));
        let backend = free_port();
        write("backend.conf", service(folder.path(), backend));
        let words = ["nginx", "-c"].map(str::to_owned).to_vec();
        let config = folder.path().join("backend.conf");
        let words = [words, vec![config.display().to_string()]].concat();
        let log = folder.path().join("backend.log");
        let mut process = Process::start(OURS, &words, &log);
        process.wait_for(backend, &log);
        Self {
            folder,
            keyway,
            backend,
            _service: process,
        }
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }
}

/// Answers 128 bytes at `/`, and has the large file.
fn service(folder: &Path, port: u16) -> String {
    let folder = folder.display();
    let small = "0123456789abcdef".repeat(8);
    format!(
        "worker_processes 1;\n\
         daemon off;\n\
         user root;\n\
         pid {folder}/backend.pid;\n\
         error_log {folder}/backend.err crit;\n\
         events {{ worker_connections 16384; }}\n\
         http {{\n\
         access_log off;\n\
         default_type text/plain;\n\
         sendfile on;\n\
         open_file_cache max=16;\n\
         keepalive_requests 1000000000;\n\
         keepalive_timeout 600s;\n\
         server {{\n\
         listen 127.0.0.1:{port} backlog=4096;\n\
         root {folder};\n\
         location = / {{ return 200 \"{small}\"; }}\n\
         }}\n\
         }}\n"
    )
}
