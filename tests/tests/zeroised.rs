//! Key material does not stay behind: the types that hold it overwrite themselves, and after keys of
//! every form were read, checked, repaired and dropped, the writable memory of this process, save the
//! stack, holds no piece of them. Only Linux lets a process look at itself without unsafe code.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

use keyway_chain::fix::RepairedFile;
use keyway_chain::key::PrivateKey;
use keyway_chain::pem::PemBlock;
use zeroize::{ZeroizeOnDrop, Zeroizing};

#[test]
fn types_that_hold_keys_overwrite_them_when_dropped() {
    // That this compiles is the test.
    fn overwrites<T, F: ZeroizeOnDrop>(_: fn(&T) -> &F) {}
    overwrites(|key: &PrivateKey| -> &Zeroizing<Vec<u8>> { &key.pkcs8 });
    overwrites(|block: &PemBlock| -> &Zeroizing<Vec<u8>> { &block.body });
    overwrites(|file: &RepairedFile| -> &Zeroizing<Vec<u8>> { &file.bytes });
}

#[cfg(target_os = "linux")]
mod memory {
    use std::collections::BTreeSet;
    use std::fs::{self, File};
    use std::io::{Read as _, Seek as _, SeekFrom};
    use std::path::Path;

    use base64ct::{Base64, Encoding as _};
    use keyway_chain::fix::Pkcs12Settings;
    use keyway_chain::{Bundle, FixOptions, Form, Input, ReadOptions, fix, read};
    use keyway_testkit::{HOST, NOW};
    use keyway_tests::heap::Question;
    use zeroize::Zeroizing;

    /// What pieces are kept under, so that the search does not find itself.
    const MASK: u8 = 0xa5;

    /// Bytes of a piece: that many do not come together by chance, and memory that was freed keeps
    /// more than that of a key when its first bytes were used for something else.
    const PIECE: usize = 16;

    /// Bytes that are looked at together.
    const WINDOW: usize = 1 << 20;

    /// A piece of a key, masked.
    struct Piece {
        of: String,
        masked: Vec<u8>,
    }

    impl Piece {
        fn new(of: &str, bytes: &[u8]) -> Self {
            assert_eq!(bytes.len(), PIECE, "{of}");
            Self {
                of: of.to_owned(),
                masked: bytes.iter().map(|byte| byte ^ MASK).collect(),
            }
        }

        fn is_at(&self, place: &[u8]) -> bool {
            let mut pairs = place.iter().zip(&self.masked);
            place.len() == PIECE && pairs.all(|(byte, masked)| byte ^ MASK == *masked)
        }
    }

    /// The pieces that are in a window.
    fn hits<'a>(pieces: &'a [Piece], window: &[u8]) -> BTreeSet<&'a str> {
        let mut first = [false; 256];
        for piece in pieces {
            first[usize::from(piece.masked[0] ^ MASK)] = true;
        }
        let mut out = BTreeSet::new();
        for (at, byte) in window.iter().enumerate() {
            if first[usize::from(*byte)]
                && let Some(place) = window.get(at..at + PIECE)
            {
                let here = pieces.iter().filter(|piece| piece.is_at(place));
                out.extend(here.map(|piece| piece.of.as_str()));
            }
        }
        out
    }

    /// The writable regions of this process: from, to, and what they are. This thread's stack is left
    /// out: ciphers put blocks there that only the next call overwrites, and nobody else can.
    fn regions() -> Vec<(u64, u64, String)> {
        let here = 0_u8;
        let stack = u64::try_from(std::ptr::from_ref(&here).addr()).unwrap();
        let maps = fs::read_to_string("/proc/self/maps").unwrap();
        let lines = maps.lines().filter(|line| line.contains(" rw"));
        lines
            .map(|line| {
                let (range, rest) = line.split_once(' ').unwrap();
                let (from, to) = range.split_once('-').unwrap();
                let address = |text| u64::from_str_radix(text, 16).unwrap();
                let what = rest.split_whitespace().nth(4).unwrap_or("memory");
                (address(from), address(to), what.to_owned())
            })
            .filter(|(from, to, _)| !(*from..*to).contains(&stack))
            .collect()
    }

    /// Where pieces are found.
    fn found(pieces: &[Piece]) -> Vec<String> {
        let mut memory = File::open("/proc/self/mem").unwrap();
        let mut window = Zeroizing::new(vec![0; WINDOW + PIECE]);
        let mut out = Vec::new();
        for (from, to, what) in regions() {
            let mut at = from;
            while at < to {
                let length = usize::try_from(to - at).unwrap().min(window.len());
                memory.seek(SeekFrom::Start(at)).unwrap();
                // A guard page cannot be read.
                if memory.read_exact(&mut window[..length]).is_ok() {
                    let hits = hits(pieces, &window[..length]);
                    out.extend(hits.iter().map(|of| format!("{of} in {what} at {at:x}")));
                }
                at += WINDOW as u64;
            }
        }
        out
    }

    fn file(name: &str) -> Zeroizing<Vec<u8>> {
        let folder =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/chain/tests/vectors/keys");
        let mut file = File::open(folder.join(name)).unwrap();
        let length = usize::try_from(file.metadata().unwrap().len()).unwrap();
        let mut bytes = Zeroizing::new(vec![0; length]);
        file.read_exact(&mut bytes).unwrap();
        bytes
    }

    /// A PEM file in another dress.
    fn dressed(name: &str, dress: impl Fn(u8, &mut Vec<u8>)) -> Zeroizing<Vec<u8>> {
        let plain = file(name);
        let mut out = Zeroizing::new(Vec::with_capacity(4 * plain.len()));
        for byte in plain.iter() {
            dress(*byte, &mut out);
        }
        out
    }

    fn base64_of(name: &str) -> Zeroizing<Vec<u8>> {
        let plain = file(name);
        let mut out = Zeroizing::new(vec![0; Base64::encoded_len(&plain)]);
        Base64::encode(&plain, &mut out).unwrap();
        out
    }

    /// Every form in which a key is given.
    fn inputs() -> Vec<(String, Zeroizing<Vec<u8>>)> {
        const NAMES: [&str; 12] = [
            "prime256v1.pem",
            "prime256v1.sec1.pem",
            "prime256v1.explicit.pem",
            "secp384r1.pem",
            "rsa.pkcs1.pem",
            "ed25519.pem",
            "p8-aes128.pem",
            "p8-PBE-SHA1-3DES.pem",
            "dek-aes128.pem",
            "ssh-rsa",
            "modern.p12",
            "windows.p12",
        ];
        let mut inputs: Vec<(String, Zeroizing<Vec<u8>>)> = NAMES
            .iter()
            .map(|name| ((*name).to_owned(), file(name)))
            .collect();
        let plain = "prime256v1.pem";
        let wide = dressed(plain, |byte, out| out.extend([byte, 0]));
        inputs.push(("in UTF-16".to_owned(), wide));
        let escaped = dressed(plain, |byte, out| match byte {
            b'\n' => out.extend(*b"\\n"),
            byte => out.push(byte),
        });
        inputs.push(("escaped".to_owned(), escaped));
        let indented = dressed(plain, |byte, out| match byte {
            b'\n' => out.extend(*b"\n    "),
            byte => out.push(byte),
        });
        inputs.push(("indented".to_owned(), indented));
        inputs.push(("in base64".to_owned(), base64_of(plain)));
        inputs
    }

    fn bundle(name: &str, bytes: &[u8], certificate: &[u8]) -> Bundle {
        let inputs = [(name, bytes), ("leaf.pem", certificate)];
        let inputs = inputs.map(|(name, bytes)| Input { name, bytes });
        let passwords: [&[u8]; 1] = [b"secret"];
        read(
            &inputs,
            &ReadOptions {
                passwords: &passwords,
            },
        )
        .unwrap()
    }

    /// Pieces of the key itself, and of its text where it stands in the clear.
    fn pieces(name: &str, bytes: &[u8], certificate: &[u8]) -> Vec<Piece> {
        let bundle = bundle(name, bytes, certificate);
        let key = &bundle
            .keys
            .first()
            .unwrap_or_else(|| panic!("{name}"))
            .key
            .pkcs8;
        // Within the secret part of PKCS#8, by the length that only one kind of key has.
        let from = match key.len() {
            0..100 => key.len() - 2 * PIECE,
            100..160 => 36,
            160..300 => 36 + PIECE,
            _ => 500,
        };
        let secret = &key[from..from + 2 * PIECE];
        let mut out: Vec<Piece> = secret
            .chunks(PIECE)
            .map(|half| Piece::new(name, half))
            .collect();
        if name == "prime256v1.pem" {
            // Two thirds of the secret, in base64: from the second line on, where nothing breaks it.
            let text = bytes.split(|byte| *byte == b'\n').nth(2).unwrap();
            out.push(Piece::new("the text of prime256v1.pem", &text[..PIECE]));
            let line = bytes.split(|byte| *byte == b'\n').nth(1).unwrap();
            out.push(Piece::new("the first line of it", &line[40..40 + PIECE]));
        }
        out
    }

    /// All that is ever done with a key.
    fn use_up(name: &str, bytes: &[u8], certificate: &[u8], root: &[u8]) {
        let bundle = bundle(name, bytes, certificate);
        let report = Question::new(root, HOST, NOW).report(&bundle);
        let pkcs12 = Some(Pkcs12Settings {
            password: b"secret",
            random: [7; 80],
        });
        for form in [Form::Pem, Form::Der, Form::Pkcs12, Form::Pkcs7] {
            let options = FixOptions {
                form,
                keep_root: false,
                pkcs12: pkcs12.clone(),
            };
            let repair = fix(&bundle, &report, &options).unwrap();
            assert!(!repair.files.is_empty());
        }
        let _ = report.servable(&bundle);
    }

    #[test]
    fn no_piece_of_a_key_stays_in_memory_when_all_is_done() {
        let certificate = file("leaf.pem");
        let root = keyway_testkit::Chain::good().root;
        let mut wanted = Vec::new();
        for (name, bytes) in inputs() {
            wanted.extend(pieces(&name, &bytes, &certificate));
        }
        {
            let held = inputs();
            let there = found(&wanted);
            assert!(
                there
                    .iter()
                    .any(|hit| hit.contains("text of prime256v1.pem")),
                "{there:?}"
            );
            drop(held);
        }
        let forms = inputs().len();
        for index in 0..forms {
            let (name, bytes) = inputs().swap_remove(index);
            use_up(&name, &bytes, &certificate, root.der());
            drop(bytes);
            let left = found(&wanted);
            assert!(left.is_empty(), "after {name}:\n{}", left.join("\n"));
        }
    }
}
