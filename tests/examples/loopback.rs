//! Serves every case of the clients' test for an hour, for clients that are asked by hand:
//! `cargo run -p keyway-tests --example loopback -- FOLDER` writes each case's roots below FOLDER, and
//! to `FOLDER/cases.tsv` its port on 127.0.0.1, the host to ask for, the roots' file and its name.
#![allow(clippy::print_stdout)]

use std::path::PathBuf;
use std::time::Duration;
use std::{env, fs, io, thread};

use keyway_tests::loopback::{Case, Server, made, openssl};
use keyway_tests::vectors;

fn main() -> io::Result<()> {
    let folder = env::args().nth(1).map(PathBuf::from);
    let folder = folder.ok_or_else(|| io::Error::other("usage: loopback FOLDER"))?;
    fs::create_dir_all(&folder)?;
    let vectors = vectors::rules().into_iter();
    let of_vectors = vectors.filter_map(|vector| Case::of_vector(&vector));
    let made = made::cases().into_iter().chain(openssl::cases(&folder));
    let mut lines = Vec::new();
    for (number, case) in made.chain(of_vectors).enumerate() {
        let Some(server) = Server::start(case.sent, &case.key) else {
            continue;
        };
        let roots = folder.join(format!("{number}.pem"));
        fs::write(&roots, &case.roots)?;
        let (port, host, roots) = (server.port, &case.host, roots.display());
        let line = format!("{port}\t{host}\t{roots}\t{}", case.name);
        lines.push(line);
    }
    fs::write(folder.join("cases.tsv"), lines.join("\n") + "\n")?;
    println!("{} cases are served", lines.len());
    thread::sleep(Duration::from_secs(3600));
    Ok(())
}
