//! Writes the root that the fuzz targets trust, and the seeds that chain to it.
//!
//! `cargo run -p keyway-testkit --example fuzz_seeds -- fuzz`

use std::path::Path;
use std::{env, fs, io};

use keyway_testkit::{Chain, KeyKind, NOW};

fn main() -> io::Result<()> {
    let folder = env::args_os().nth(1).unwrap_or_else(|| "fuzz".into());
    let folder = Path::new(&folder);
    let good = Chain::good();
    write(folder, "material/root.der", good.root.der())?;
    let rsa = Chain::with_leaf(|leaf| leaf.key(KeyKind::Rsa2048));
    for (name, chain) in [("pair", &good), ("pair-rsa", &rsa)] {
        let pair = [chain.key_pem(), chain.fullchain_pem()].concat();
        write(folder, &format!("material/{name}.pem"), pair.as_bytes())?;
    }
    let whole = good.fullchain_pem();
    let key = good.key_pem();
    let reversed = [
        good.root.pem(),
        good.policy.pem(),
        good.issuing.pem(),
        good.leaf.pem(),
    ];
    let expired = Chain::with_leaf(|leaf| leaf.not_after(NOW - 1));
    let seeds = [
        ("good.pem", whole.clone()),
        ("good-with-key.pem", [key.as_str(), &whole].concat()),
        ("reversed.pem", reversed.concat()),
        ("no-intermediate.pem", good.leaf.pem()),
        ("expired.pem", expired.fullchain_pem()),
    ];
    for (name, text) in &seeds {
        write(folder, &format!("corpus/read/{name}"), text.as_bytes())?;
        // The first byte chooses: test root and host; everything; client, private profile.
        for (choice, byte) in [("host", 0b100_u8), ("mozilla", 0b101), ("client", 0b1_0010)] {
            let seed = [&[byte], text.as_bytes()].concat();
            write(folder, &format!("corpus/check/{choice}-{name}"), &seed)?;
        }
    }
    let der = [&[0b100_u8], good.leaf.der()].concat();
    write(folder, "corpus/check/host-leaf.der", &der)
}

fn write(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap_or(folder))?;
    fs::write(path, bytes)
}
