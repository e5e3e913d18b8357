//! Private keys: every form is read, the public half is right, and nothing else gets through.

mod vector;

use keyway_chain::key::{
    Curve, KeyAlgorithm, KeyError, KeyForm, PrivateKey, read_der, read_encrypted_pkcs8,
    read_legacy, read_openssh,
};
use keyway_report::Verdict;
use vector::{damaged, der, file, pem};

fn read(name: &str) -> PrivateKey {
    read_der(&der(name), None).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn ec(curve: Curve) -> KeyAlgorithm {
    KeyAlgorithm::Ec {
        curve,
        explicit_parameters: false,
    }
}

#[test]
fn every_plain_form_yields_the_public_key_that_openssl_computes() {
    for (name, public) in [
        ("rsa.pem", "rsa.public.pem"),
        ("rsa.pkcs1.pem", "rsa.public.pem"),
        ("rsa-pss.pem", "rsa-pss.public.pem"),
        ("rsa-3-primes.pem", "rsa-3-primes.public.pem"),
        ("prime256v1.pem", "prime256v1.public.pem"),
        ("prime256v1.sec1.pem", "prime256v1.public.pem"),
        ("prime256v1.no-public.pem", "prime256v1.public.pem"),
        ("secp384r1.pem", "secp384r1.public.pem"),
        ("secp384r1.sec1.pem", "secp384r1.public.pem"),
        ("secp521r1.pem", "secp521r1.public.pem"),
        ("secp521r1.sec1.pem", "secp521r1.public.pem"),
        ("secp224r1.pem", "secp224r1.public.pem"),
        ("secp256k1.sec1.pem", "secp256k1.public.pem"),
        ("brainpoolP256r1.pem", "brainpoolP256r1.public.pem"),
        ("ed25519.pem", "ed25519.public.pem"),
        ("ed448.pem", "ed448.public.pem"),
        ("dsa.legacy.pem", "dsa.public.pem"),
    ] {
        let key = read(name);
        assert_eq!(key.spki, der(public), "{name}");
        assert!(!key.untidy, "{name}");
    }
}

#[test]
fn algorithm_and_form_are_named() {
    for (name, algorithm, form) in [
        ("rsa.pem", "RSA 2048", KeyForm::Pkcs8),
        ("rsa.pkcs1.pem", "RSA 2048", KeyForm::Pkcs1),
        ("rsa-pss.pem", "RSA-PSS 2048", KeyForm::Pkcs8),
        ("prime256v1.sec1.pem", "EC P-256", KeyForm::Sec1),
        ("secp521r1.pem", "EC P-521", KeyForm::Pkcs8),
        ("secp256k1.pem", "EC secp256k1", KeyForm::Pkcs8),
        ("ed25519.pem", "Ed25519", KeyForm::Pkcs8),
        ("dsa.legacy.pem", "DSA 2048", KeyForm::Dsa),
    ] {
        let key = read(name);
        assert_eq!(
            (key.algorithm.to_string().as_str(), key.form),
            (algorithm, form)
        );
    }
    let three = KeyAlgorithm::Rsa {
        bits: 2048,
        primes: 3,
    };
    assert_eq!(read("rsa-3-primes.pem").algorithm, three);
}

#[test]
fn the_normal_form_is_what_openssl_pkey_writes() {
    for (name, normal) in [
        ("rsa.pkcs1.pem", "rsa.pem"),
        ("rsa.pem", "rsa.pem"),
        ("rsa-pss.pem", "rsa-pss.pem"),
        ("prime256v1.sec1.pem", "prime256v1.pem"),
        ("prime256v1.no-public.pem", "prime256v1.pem"),
        ("prime256v1.explicit.pem", "prime256v1.pem"),
        ("secp384r1.sec1.pem", "secp384r1.pem"),
        ("secp521r1.sec1.pem", "secp521r1.pem"),
        ("secp224r1.explicit.pem", "secp224r1.pem"),
        ("ed25519.pem", "ed25519.pem"),
        ("dsa.legacy.pem", "dsa.pem"),
    ] {
        assert_eq!(*read(name).pkcs8, der(normal), "{name}");
    }
}

#[test]
fn a_normal_key_reads_back_as_itself() {
    for name in ["rsa.pkcs1.pem", "secp384r1.sec1.pem", "ed25519.pem"] {
        let key = read(name);
        let again = read_der(&key.pkcs8, Some(KeyForm::Pkcs8)).expect("normal form");
        assert_eq!((again.pkcs8, again.spki), (key.pkcs8, key.spki), "{name}");
    }
}

#[test]
fn a_spelled_out_curve_is_recognised_and_named() {
    for (name, curve) in [
        ("secp224r1", Curve::P224),
        ("prime256v1", Curve::P256),
        ("secp384r1", Curve::P384),
        ("secp521r1", Curve::P521),
        ("secp256k1", Curve::Secp256k1),
    ] {
        let key = read(&format!("{name}.explicit.pem"));
        let algorithm = KeyAlgorithm::Ec {
            curve,
            explicit_parameters: true,
        };
        assert_eq!(key.algorithm, algorithm);
        assert!(
            key.belongs_to(&der(&format!("{name}.public.pem"))),
            "{name}"
        );
        assert_ne!(key.spki, der(&format!("{name}.public.pem")), "{name}");
    }
}

#[test]
fn a_curve_with_another_generator_is_another_curve() {
    let mut explicit = der("prime256v1.explicit.pem");
    // The last byte of the generator of P-256.
    let end = [0x37, 0xbf, 0x51, 0xf5];
    let at = explicit.windows(4).position(|bytes| bytes == end);
    explicit[at.expect("generator") + 3] ^= 2;
    assert!(
        read_der(&explicit, None).is_ok(),
        "same first coordinate and parity"
    );
    explicit[at.expect("generator") + 3] ^= 1;
    let algorithm = KeyAlgorithm::Ec {
        curve: Curve::Unnamed,
        explicit_parameters: true,
    };
    let unsupported = KeyError::Unsupported { algorithm };
    assert_eq!(read_der(&explicit, None).err(), Some(unsupported));
}

#[test]
fn a_compressed_point_stays_compressed_and_belongs_to_the_plain_one() {
    let key = read("prime256v1.compressed.pem");
    assert_ne!(key.spki, der("prime256v1.public.pem"));
    assert!(key.belongs_to(&der("prime256v1.public.pem")));
    assert!(read("prime256v1.pem").belongs_to(&key.spki));
    assert!(!read("secp256k1.pem").belongs_to(&key.spki));
}

#[test]
fn curves_that_no_verifier_knows_pair_by_their_numbers() {
    let key = read("brainpoolP256r1.pem");
    assert!(key.belongs_to(&der("brainpoolP256r1.explicit.public.pem")));
    assert_eq!(
        read("prime256v1.pem").pairing(&der("brainpoolP256r1.explicit.public.pem")),
        Verdict::No
    );
}

#[test]
fn curves_that_cannot_be_compared_leave_the_pairing_unknown() {
    let key = read("sect283k1.pem");
    assert!(key.belongs_to(&der("sect283k1.public.pem")));
    let explicit = der("sect283k1.explicit.public.pem");
    assert_eq!(key.pairing(&explicit), Verdict::Unknown);
    let mut another = explicit;
    *another.last_mut().expect("a point") ^= 1;
    assert_eq!(key.pairing(&another), Verdict::No);
    assert_eq!(key.pairing(b"no key"), Verdict::Unknown);
}

#[test]
fn a_public_part_of_another_key_is_refused() {
    let mut sec1 = der("prime256v1.sec1.pem");
    let scalar = 7;
    sec1[scalar + 5] ^= 1;
    assert_eq!(
        read_der(&sec1, None).err(),
        Some(KeyError::PublicPartDiffers)
    );
}

#[test]
fn numbers_that_do_not_fit_are_refused() {
    let mut pkcs1 = der("rsa.pkcs1.pem");
    let modulus = 40;
    pkcs1[modulus] ^= 1;
    let refused = read_der(&pkcs1, None).err();
    assert!(
        matches!(refused, Some(KeyError::Inconsistent { .. })),
        "{refused:?}"
    );
}

#[test]
fn keys_without_a_computable_public_half_are_named() {
    for (name, algorithm) in [
        ("x25519.pem", KeyAlgorithm::X25519),
        ("x448.pem", KeyAlgorithm::X448),
        ("dsa.pem", KeyAlgorithm::Dsa { bits: 2048 }),
    ] {
        let refused = read_der(&der(name), None).err();
        assert_eq!(refused, Some(KeyError::Unsupported { algorithm }), "{name}");
    }
}

#[test]
fn bytes_behind_the_key_make_it_untidy() {
    let mut long = der("prime256v1.pem");
    long.extend_from_slice(b"\r\n");
    assert!(read_der(&long, None).expect("key").untidy);
}

#[test]
fn certificates_and_public_keys_are_no_private_keys() {
    for name in ["leaf.pem", "rsa.public.pem", "prime256v1.public.pem"] {
        let refused = read_der(&der(name), Some(KeyForm::Pkcs8)).err();
        let expected = Some(KeyForm::Pkcs8);
        assert_eq!(refused, Some(KeyError::Malformed { expected }), "{name}");
    }
}

const ENCRYPTED: [&str; 22] = [
    "p8-aes256-SHA1.pem",
    "p8-aes256-SHA224.pem",
    "p8-aes256-SHA256.pem",
    "p8-aes256-SHA384.pem",
    "p8-aes256-SHA512.pem",
    "p8-aes128.pem",
    "p8-aes192.pem",
    "p8-3des.pem",
    "p8-scrypt.pem",
    "p8-rc2-40.pem",
    "p8-rc2-64.pem",
    "p8-rc2-128.pem",
    "p8-PBE-MD5-DES.pem",
    "p8-PBE-SHA1-DES.pem",
    "p8-PBE-MD5-RC2-64.pem",
    "p8-PBE-SHA1-RC2-64.pem",
    "p8-PBE-SHA1-RC2-40.pem",
    "p8-PBE-SHA1-RC2-128.pem",
    "p8-PBE-SHA1-3DES.pem",
    "p8-PBE-SHA1-2DES.pem",
    "p8-PBE-SHA1-RC4-40.pem",
    "p8-PBE-SHA1-RC4-128.pem",
];

#[test]
fn every_encryption_of_pkcs8_opens_with_its_password_alone() {
    for name in ENCRYPTED {
        let locked = der(name);
        let key = read_encrypted_pkcs8(&locked, b"secret");
        let key = key.unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(*key.pkcs8, der("prime256v1.pem"), "{name}");
        assert_eq!(key.form, KeyForm::EncryptedPkcs8);
        let wrong = read_encrypted_pkcs8(&locked, b"Secret").err();
        assert_eq!(wrong, Some(KeyError::WrongPassword), "{name}");
        assert_eq!(
            read_der(&locked, None).err(),
            Some(KeyError::PasswordNeeded)
        );
    }
}

#[test]
fn a_file_may_not_ask_for_a_minute_of_work() {
    // scrypt with N = 16,384 and r = 8: r becomes 127, which is 254 MiB.
    let mut scrypt = der("p8-scrypt.pem");
    let parameters = [2, 2, 0x40, 0, 2, 1, 8];
    let at = scrypt.windows(7).position(|bytes| bytes == parameters);
    scrypt[at.expect("scrypt parameters") + 6] = 127;
    for hostile in [scrypt, with_rounds(&[0x7f, 0xff, 0xff, 0xff])] {
        let refused = read_encrypted_pkcs8(&hostile, b"secret").err();
        assert!(
            matches!(refused, Some(KeyError::Limit { .. })),
            "{refused:?}"
        );
    }
}

#[test]
fn many_locked_keys_together_cost_no_more_than_a_few() {
    let der = with_rounds(&[0x26, 0, 0]);
    let inputs = [keyway_chain::Input {
        name: "key.der",
        bytes: &der,
    }; 10];
    let options = keyway_chain::ReadOptions {
        passwords: &[b"a guess"],
    };
    let bundle = keyway_chain::read(&inputs, &options).expect("within the limits");
    let faults: Vec<&str> = bundle
        .inputs
        .iter()
        .filter_map(|input| input.blocks[0].fault.as_deref())
        .collect();
    let wrong = |fault: &&&str| **fault == "the password is wrong";
    let refused = |fault: &&&str| fault.contains("all files together");
    assert_eq!(faults.iter().filter(wrong).count(), 8, "{faults:?}");
    assert_eq!(faults.iter().filter(refused).count(), 2, "{faults:?}");
}

#[test]
fn who_has_less_time_gives_less_of_it_to_locked_keys() {
    let der = with_rounds(&[0x26, 0, 0]);
    let inputs = [keyway_chain::Input {
        name: "key.der",
        bytes: &der,
    }; 2];
    let options = keyway_chain::ReadOptions {
        passwords: &[b"a guess"],
    };
    let faults = |rounds| {
        let bundle =
            keyway_chain::read_within(&inputs, &options, rounds).expect("within the limits");
        let inputs = bundle.inputs.into_iter();
        inputs
            .filter_map(|mut input| input.blocks.remove(0).fault)
            .collect::<Vec<_>>()
    };
    let one = faults(0x26_0000);
    assert_eq!(one[0], "the password is wrong");
    assert!(
        one[1].contains("2490368 key derivation rounds in all files together"),
        "{one:?}"
    );
    assert_eq!(faults(u64::MAX), ["the password is wrong"; 2]);
}

/// An encrypted key whose PBKDF2 asks for `rounds`.
fn with_rounds(rounds: &[u8]) -> Vec<u8> {
    fn element(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
        let body = parts.concat();
        let mut out = vec![tag, u8::try_from(body.len()).expect("short")];
        out.extend_from_slice(&body);
        out
    }
    let pbkdf2 = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 5, 12];
    let pbes2 = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 5, 13];
    let aes128 = [0x60, 0x86, 0x48, 1, 0x65, 3, 4, 1, 2];
    let kdf = element(0x30, &[&element(4, &[&[7; 8]]), &element(2, &[rounds])]);
    let kdf = element(0x30, &[&element(6, &[&pbkdf2]), &kdf]);
    let cipher = element(0x30, &[&element(6, &[&aes128]), &element(4, &[&[9; 16]])]);
    let scheme = element(0x30, &[&kdf, &cipher]);
    let algorithm = element(0x30, &[&element(6, &[&pbes2]), &scheme]);
    element(0x30, &[&algorithm, &element(4, &[&[1; 16]])])
}

const LEGACY: [&str; 5] = [
    "dek-aes128.pem",
    "dek-aes192.pem",
    "dek-aes256.pem",
    "dek-des3.pem",
    "dek-des.pem",
];

#[test]
fn pem_encryption_opens_with_its_password_alone() {
    for name in LEGACY {
        let block = pem(name);
        let info = block.dek_info.as_deref().expect("DEK-Info");
        let hint = KeyForm::from_label(&block.label);
        let key = read_legacy(info, &block.der, hint, b"secret");
        let key = key.unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(*key.pkcs8, der("prime256v1.pem"), "{name}");
        assert_eq!(key.form, KeyForm::Sec1);
        let wrong = read_legacy(info, &block.der, hint, b"Secret").err();
        assert_eq!(wrong, Some(KeyError::WrongPassword), "{name}");
    }
    let rsa = pem("dek-rsa.pem");
    let info = rsa.dek_info.as_deref().expect("DEK-Info");
    let key = read_legacy(info, &rsa.der, None, b"secret").expect("RSA");
    assert_eq!(*key.pkcs8, der("rsa.pem"));
}

#[test]
fn dek_info_is_taken_as_openssl_takes_it() {
    for (name, cipher, aliases) in [
        (
            "dek-aes128.pem",
            "AES-128-CBC",
            &["aes-128-cbc", "AES128"][..],
        ),
        ("dek-aes192.pem", "AES-192-CBC", &["Aes-192-Cbc", "aes192"]),
        (
            "dek-aes256.pem",
            "AES-256-CBC",
            &["aes-256-cbc", "AES256", "AES-256-CBC \t"],
        ),
        (
            "dek-des3.pem",
            "DES-EDE3-CBC",
            &["des-ede3-cbc", "DES3", "des3"],
        ),
        ("dek-des.pem", "DES-CBC", &["des-cbc", "DES"]),
    ] {
        let block = pem(name);
        let info = block.dek_info.as_deref().expect("DEK-Info");
        let opens = |info: &str| read_legacy(info, &block.der, None, b"secret").is_ok();
        // What stands behind the vector is not looked at.
        assert!(opens(&format!("{info}00 and more")), "{name}");
        for alias in aliases {
            assert!(opens(&info.replace(cipher, alias)), "{alias}");
        }
        assert!(!opens(&info.replace(cipher, "AES-256")), "{name}");
    }
}

#[test]
fn a_broken_dek_info_is_an_error() {
    let body = [0; 32];
    for info in [
        "",
        "AES-256-CBC",
        "AES-256-CBC,",
        "AES-256-CBC,00112233445566778899AABBCCDDEEF",
        "AES-256-CBC,00112233445566778899AABBCCDDEEFG",
        "AES-256-CBC, 00112233445566778899AABBCCDDEEFF",
        "DES-EDE3-CBC,00112233",
        ",0011223344556677",
    ] {
        let refused = read_legacy(info, &body, None, b"secret").err();
        assert_eq!(refused, Some(KeyError::BadDekInfo), "{info}");
    }
    let refused = read_legacy("CAMELLIA-\u{1b}[1m128-CBC,00", &body, None, b"").err();
    let algorithm = "CAMELLIA-[1m128-CBC".to_owned();
    assert_eq!(refused, Some(KeyError::UnsupportedEncryption { algorithm }));
}

#[test]
fn openssh_keys_become_pkcs8() {
    for kind in ["rsa", "ecdsa"] {
        let key = read_openssh(&file(&format!("ssh-{kind}")), None).expect(kind);
        assert_eq!(key.spki, der(&format!("ssh-{kind}.public.pem")), "{kind}");
        assert_eq!(key.form, KeyForm::OpenSsh);
        let again = read_der(&key.pkcs8, None).expect(kind);
        assert_eq!(again.spki, key.spki, "{kind}");
    }
    let key = read_openssh(&file("ssh-ed25519"), None).expect("ed25519");
    assert_eq!(key.algorithm, KeyAlgorithm::Ed25519);
}

#[test]
fn openssh_keys_of_a_curve_may_begin_with_zeros() {
    for name in ["ssh-zeros", "ssh-zeros-locked"] {
        let key = read_openssh(&file(name), Some(b"secret")).expect(name);
        assert_eq!(key.spki, der("ssh-zeros.public.pem"), "{name}");
    }
}

#[test]
fn openssh_keys_may_have_a_whole_block_of_padding() {
    let plain = read_der(&der("prime256v1.pem"), None).expect("plain");
    for name in ["ssh-padded", "ssh-padded-locked"] {
        let text = file(name);
        let key = read_openssh(&text, Some(b"secret")).expect(name);
        assert_eq!(key.pkcs8, plain.pkcs8, "{name}");
        let inside = read_openssh(&pem(name).der, Some(b"secret")).expect(name);
        assert_eq!(inside.pkcs8, plain.pkcs8, "{name}");
    }
    let wrong = read_openssh(&file("ssh-padded-locked"), Some(b"Secret")).err();
    assert_eq!(wrong, Some(KeyError::WrongPassword));
}

#[test]
fn openssh_keys_open_with_their_password_alone() {
    for kind in ["rsa", "ecdsa", "ed25519"] {
        let locked = file(&format!("ssh-{kind}-locked"));
        let open = read_openssh(&file(&format!("ssh-{kind}")), None).expect(kind);
        let key = read_openssh(&locked, Some(b"secret")).expect(kind);
        assert_eq!(key.pkcs8, open.pkcs8, "{kind}");
        let wrong = read_openssh(&locked, Some(b"Secret")).err();
        assert_eq!(wrong, Some(KeyError::WrongPassword), "{kind}");
        let missing = read_openssh(&locked, None).err();
        assert_eq!(missing, Some(KeyError::PasswordNeeded), "{kind}");
    }
}

#[test]
fn debug_output_holds_no_key() {
    let key = read("prime256v1.pem");
    let shown = format!("{key:?}");
    assert!(shown.contains("[redacted]"));
    assert!(!shown.contains("spki"), "{shown}");
    assert_eq!(key.algorithm, ec(Curve::P256));
}

#[test]
fn damaged_keys_never_panic_and_never_pair_with_another_key() {
    for name in [
        "rsa.pem",
        "rsa-3-primes.pem",
        "prime256v1.sec1.pem",
        "secp521r1.explicit.pem",
        "dsa.legacy.pem",
        "ed25519.pem",
    ] {
        for copy in damaged(&der(name), 400) {
            if let Ok(key) = read_der(&copy, None) {
                let again = read_der(&key.pkcs8, None);
                let dsa = matches!(again, Err(KeyError::Unsupported { .. }));
                assert!(
                    dsa
                        || again.is_ok_and(
                            |again| again.algorithm.to_string() == key.algorithm.to_string()
                        )
                );
            }
        }
    }
    for name in ["p8-PBE-SHA1-RC2-40.pem", "p8-aes256-SHA512.pem"] {
        for copy in damaged(&der(name), 300) {
            let _ = read_encrypted_pkcs8(&copy, b"secret");
        }
    }
    for copy in damaged(&pem("ssh-rsa-locked").der, 300) {
        let _ = read_openssh(&copy, Some(b"secret"));
    }
}
