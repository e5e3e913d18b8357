use super::FileKind;

/// First bytes that name a format, from its specification or from file(1)'s list.
const SIGNATURES: [(&[u8], FileKind); 18] = [
    (b"\xfe\xed\xfe\xed\0\0\0", FileKind::Jks),
    (b"\xce\xce\xce\xce\0\0\0", FileKind::Jceks),
    (b"PK\x03\x04", FileKind::Zip),
    (b"PK\x05\x06", FileKind::Zip),
    (b"\x1f\x8b", FileKind::Gzip),
    (b"7z\xbc\xaf\x27\x1c", FileKind::SevenZip),
    (b"%PDF-", FileKind::Pdf),
    (b"\x89PNG\r\n\x1a\n", FileKind::Picture),
    (b"\xff\xd8\xff", FileKind::Picture),
    (b"GIF8", FileKind::Picture),
    (b"SQLite format 3\0", FileKind::Sqlite),
    (b"\0\x06\x15\x61\0\0\0\x02", FileKind::BerkeleyDb),
    (b"\x61\x15\x06\0\x02\0\0\0", FileKind::BerkeleyDb),
    (b"\x7fELF", FileKind::Executable),
    (b"\xcf\xfa\xed\xfe", FileKind::Executable),
    (b"age-encryption.org/", FileKind::Age),
    (b"PuTTY-User-Key-File-", FileKind::PuttyKey),
    (b"AGE-SECRET-KEY-1", FileKind::Age),
];

/// Where `ustar` stands in the first header of a tar archive (POSIX.1-2017, pax).
const TAR_MAGIC_AT: usize = 257;

pub(super) fn read(bytes: &[u8]) -> Option<FileKind> {
    if let Some((_, kind)) = SIGNATURES
        .iter()
        .find(|(start, _)| bytes.starts_with(start))
    {
        return Some(*kind);
    }
    if bytes
        .get(TAR_MAGIC_AT..)
        .is_some_and(|rest| rest.starts_with(b"ustar"))
    {
        return Some(FileKind::Tar);
    }
    is_program(bytes)
        .then_some(FileKind::Executable)
        .or_else(|| bks(bytes))
}

/// `MZ`, and the offset at 0x3c leads to `PE`.
fn is_program(bytes: &[u8]) -> bool {
    let offset = bytes
        .get(0x3c..0x40)
        .and_then(|field| <[u8; 4]>::try_from(field).ok());
    let header = offset.and_then(|field| bytes.get(u32::from_le_bytes(field) as usize..));
    bytes.starts_with(b"MZ") && header.is_some_and(|rest| rest.starts_with(b"PE\0\0"))
}

/// Bouncy Castle's BKS: version 1 or 2, a salt of 20 bytes behind its length, an iteration count
/// between 1024 and 65535 or so.
fn bks(bytes: &[u8]) -> Option<FileKind> {
    match bytes {
        [0, 0, 0, 1 | 2, 0, 0, 0, 20, rest @ ..] if matches!(rest.get(20..22), Some([0, 0])) => {
            Some(FileKind::Bks)
        }
        _ => None,
    }
}

/// Binary `OpenPGP`: a packet header of the old or the new format for a key, a message or a signature
/// (RFC 9580 section 4.2), and a version that exists.
pub(super) fn pgp(bytes: &[u8]) -> Option<FileKind> {
    let (header, version) = match *bytes {
        [first @ 0xc0..=0xff, 0..192, version, ..]
        | [first @ 0xc0..=0xff, 192..224, _, version, ..] => (first & 0x3f, version),
        [first @ 0x80..0xc0, _, version, ..] if first % 4 == 0 => ((first & 0x3f) >> 2, version),
        [first @ 0x80..0xc0, _, _, version, ..] if first % 4 == 1 => ((first & 0x3f) >> 2, version),
        _ => return None,
    };
    // 1: encrypted session key, 2: signature, 5: secret key, 6: public key.
    (matches!(header, 1 | 2 | 5 | 6) && matches!(version, 3..=6)).then_some(FileKind::PgpBinary)
}
