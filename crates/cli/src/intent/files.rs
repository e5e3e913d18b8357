//! Files, read whole but never past a limit, in memory that is overwritten when it is freed.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use keyway_report::escape;
use zeroize::Zeroizing;

use crate::failure::Failure;

/// Largest file that is read, in bytes: the limit of `keyway-chain` for one input.
pub(crate) const MAX_FILE_BYTES: usize = keyway_chain::pem::MAX_INPUT_BYTES;

/// What standard input is called.
pub(crate) const STDIN: &str = "<stdin>";

/// First size of the memory for an input of unknown length, in bytes: most chains fit.
const FIRST_BYTES: usize = 16 << 10;

/// Room that every read from an input of unknown length is offered, in bytes: as much as the standard
/// library buffers of standard input. Then it reads past that buffer, in which a piece of a key would
/// stay behind.
const ROOM: usize = 8 << 10;

/// A file as it was given. It may hold a private key.
pub(crate) struct GivenFile {
    /// What to call it: the path, made safe to show.
    pub(crate) name: String,
    /// Its bytes.
    pub(crate) bytes: Zeroizing<Vec<u8>>,
}

/// Why a file was not read.
#[derive(Debug)]
pub(crate) enum Refused {
    /// The system said no.
    Unreadable(io::Error),
    /// It is larger than [`MAX_FILE_BYTES`].
    TooLarge,
    /// Standard input was read before, for something else that was named so.
    StdinTwice,
}

impl Refused {
    /// The failure of this path.
    pub(crate) fn at(self, path: &Path) -> Failure {
        match self {
            Self::Unreadable(source) => unreadable(path, source),
            Self::StdinTwice => Failure::StdinTwice,
            Self::TooLarge => Failure::TooLarge {
                path: path.to_path_buf(),
                limit: MAX_FILE_BYTES,
            },
        }
    }
}

/// The failure of a path that cannot be read; a link that leads nowhere is told from a slip in the path.
pub(crate) fn unreadable(path: &Path, source: io::Error) -> Failure {
    let path = path.to_path_buf();
    match path.read_link() {
        Ok(target) if source.kind() == io::ErrorKind::NotFound => {
            Failure::DeadLink { path, target }
        }
        _ => Failure::Unreadable { path, source },
    }
}

/// Lets everybody read a file that was made for its owner alone, as temporary files are.
#[cfg(unix)]
pub(crate) fn open_to_others(file: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    file.set_permissions(std::fs::Permissions::from_mode(0o644))
}

/// Elsewhere a file has no such permissions.
#[cfg(not(unix))]
pub(crate) fn open_to_others(_: &File) -> io::Result<()> {
    Ok(())
}

/// Reads one file; `-` is standard input, which can be read only once.
pub(crate) fn read_file(path: &Path) -> Result<GivenFile, Refused> {
    static STDIN_READ: AtomicBool = AtomicBool::new(false);
    let bytes = if path == Path::new("-") {
        if STDIN_READ.swap(true, Ordering::Relaxed) {
            return Err(Refused::StdinTwice);
        }
        read_bounded(io::stdin().lock(), None)
    } else {
        open(path).and_then(|(file, size)| read_bounded(file, size))
    }?;
    Ok(GivenFile {
        name: shown(path),
        bytes,
    })
}

/// Opens a file. Its size is known for regular files only; pipes are read as far as they go.
fn open(path: &Path) -> Result<(File, Option<usize>), Refused> {
    let file = File::open(path).map_err(Refused::Unreadable)?;
    let facts = file.metadata().map_err(Refused::Unreadable)?;
    if !facts.is_file() {
        return Ok((file, None));
    }
    let size = usize::try_from(facts.len()).unwrap_or(usize::MAX);
    if size > MAX_FILE_BYTES {
        return Err(Refused::TooLarge);
    }
    Ok((file, Some(size)))
}

/// Reads to the end, or refuses past the limit. Memory that becomes too small is overwritten.
fn read_bounded(mut from: impl Read, size: Option<usize>) -> Result<Zeroizing<Vec<u8>>, Refused> {
    // One byte more than expected, so that the end is seen without growing.
    let (first, room) = size.map_or((FIRST_BYTES, ROOM), |size| (size + 1, 1));
    let mut bytes = Zeroizing::new(vec![0; first]);
    let mut filled = 0;
    loop {
        if bytes.len() - filled < room {
            let larger = (2 * bytes.len()).min(MAX_FILE_BYTES + room);
            let mut larger = Zeroizing::new(vec![0; larger]);
            larger[..filled].copy_from_slice(&bytes[..filled]);
            bytes = larger;
        }
        match from.read(&mut bytes[filled..]) {
            Ok(0) => {
                bytes.truncate(filled);
                return Ok(bytes);
            }
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(Refused::Unreadable(error)),
        }
        if filled > MAX_FILE_BYTES {
            return Err(Refused::TooLarge);
        }
    }
}

/// A path as it is shown: characters that could harm a terminal, and bytes that are no text, spelled
/// out. Paths are not cut, because somebody wants to find the file.
pub(crate) fn shown(path: &Path) -> String {
    if path == Path::new("-") {
        return STDIN.to_owned();
    }
    if path == Path::new("") {
        return "\"\"".to_owned();
    }
    let mut out = String::new();
    for chunk in path.as_os_str().as_encoded_bytes().utf8_chunks() {
        for ch in chunk.valid().chars() {
            out.push_str(&escape::text(ch.encode_utf8(&mut [0; 4])));
        }
        if !chunk.invalid().is_empty() {
            out.push_str(&escape::bytes(chunk.invalid()));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_input_of_unknown_length_is_read_to_its_end() {
        let long = vec![7; 5 * FIRST_BYTES];
        assert_eq!(*read_bounded(&long[..], None).unwrap(), long);
        assert_eq!(*read_bounded(&long[..], Some(3)).unwrap(), long);
        assert!(read_bounded(&b""[..], None).unwrap().is_empty());
    }

    /// Gives a little at a time, and remembers the least room that it was offered.
    struct Slow {
        left: usize,
        least: usize,
    }

    impl Read for &mut Slow {
        fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
            self.least = self.least.min(room.len());
            let count = self.left.min(1_000).min(room.len());
            self.left -= count;
            room[..count].fill(7);
            Ok(count)
        }
    }

    #[test]
    fn standard_input_never_goes_through_a_buffer_that_nobody_overwrites() {
        let mut slow = Slow {
            left: 5 * FIRST_BYTES,
            least: usize::MAX,
        };
        let bytes = read_bounded(&mut slow, None).unwrap();
        assert_eq!(bytes.len(), 5 * FIRST_BYTES);
        assert!(slow.least >= ROOM, "{}", slow.least);
    }

    #[test]
    fn what_was_read_is_overwritten_when_it_is_dropped() {
        // That this compiles is the test.
        fn overwrites<F: zeroize::ZeroizeOnDrop>(_: fn(&GivenFile) -> &F) {}
        overwrites(|file| &file.bytes);
    }

    #[test]
    fn an_endless_input_is_refused_at_the_limit() {
        assert!(matches!(
            read_bounded(io::repeat(1), None),
            Err(Refused::TooLarge)
        ));
    }

    #[test]
    fn hostile_paths_are_shown_spelled_out_and_whole() {
        assert_eq!(shown(Path::new("a\u{1b}[2Jb")), "a\\u{1b}[2Jb");
        let long = "x".repeat(3000);
        assert_eq!(shown(Path::new(&long)), long);
    }
}
