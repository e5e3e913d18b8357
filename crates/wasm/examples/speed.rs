//! The checks behind the browser module, natively, for `cargo xtask bench web`: reads a file and how to judge
//! it, then, for every line with a number, does that many checks and prints the nanoseconds they took.
#![allow(clippy::print_stdout, clippy::unwrap_used)]

use std::hint::black_box;
use std::io::BufRead as _;
use std::time::Instant;

use keyway_wasm::boundary::check;
use keyway_wasm::{File, Options};
use serde_json::json;

fn main() {
    let [_, path, options] = <[String; 3]>::try_from(std::env::args().collect::<Vec<_>>())
        .expect("a file, and options as JSON");
    let bytes = std::fs::read(path).unwrap();
    let file: File =
        serde_json::from_value(json!({ "name": "chain.pem", "bytes": bytes })).unwrap();
    let files = [file];
    let options: Options = serde_json::from_str(&options).unwrap();
    for line in std::io::stdin().lock().lines() {
        let count: u32 = line.unwrap().trim().parse().unwrap();
        let began = Instant::now();
        for _ in 0..count {
            let report = check(black_box(&files), black_box(&options)).unwrap();
            // What is handed out is values, in JavaScript as here.
            black_box(serde_json::to_value(&report).unwrap());
        }
        println!("{}", began.elapsed().as_nanos());
    }
}
