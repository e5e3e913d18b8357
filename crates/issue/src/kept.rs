//! Files that are kept from one attempt to the next. What a crash, a full disk or a careless copy has made of them keeps
//! nobody from going on.

use std::fs;
use std::io;
use std::path::Path;

use rcgen::KeyPair;
use zeroize::Zeroizing;

/// Most bytes of such a file, as of a CA's answer; a chain has some 5 kB.
const MOST: u64 = 1 << 20;

/// What a key that does not read is called from then on, after its own name.
const BROKEN: &str = ".broken";

/// What a file holds; `None` where there is none.
///
/// # Errors
/// It is not to be read, or is damaged ([`is_damaged`]): no regular file, which is not opened, or longer than any that
/// was written here.
pub(crate) fn bytes(path: &Path) -> io::Result<Option<Zeroizing<Vec<u8>>>> {
    let read = || {
        let kept = fs::metadata(path)?;
        if !kept.is_file() {
            return Err(damaged("it is no regular file"));
        }
        if kept.len() > MOST {
            return Err(damaged("it has over a megabyte"));
        }
        fs::read(path).map(Zeroizing::new)
    };
    match read() {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if is_absent(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The same of a text; what is no UTF-8 is damaged.
///
/// # Errors
/// As [`bytes`].
pub(crate) fn text(path: &Path) -> io::Result<Option<Zeroizing<String>>> {
    let Some(bytes) = bytes(path)? else {
        return Ok(None);
    };
    let text = std::str::from_utf8(&bytes).map_err(|_| damaged("it is no UTF-8"))?;
    Ok(Some(Zeroizing::new(text.to_owned())))
}

/// A private key in PEM. One that does not read is no key to anybody: it is moved aside, to `NAME.broken`, so that
/// another can be made in its place, and the file that goes with it is removed.
///
/// # Errors
/// It is not to be read, or cannot be moved.
pub(crate) fn key(path: &Path, goes_with: &Path) -> io::Result<Option<Zeroizing<String>>> {
    match text(path) {
        Ok(None) => return Ok(None),
        Ok(Some(text)) if KeyPair::from_pem(&text).is_ok() => return Ok(Some(text)),
        Err(error) if !is_damaged(&error) => return Err(error),
        _ => {}
    }
    match fs::remove_file(goes_with) {
        Err(error) if !is_absent(&error) => return Err(error),
        _ => {}
    }
    let mut aside = path.as_os_str().to_owned();
    aside.push(BROKEN);
    fs::rename(path, aside)?;
    Ok(None)
}

/// Whether it is what a file holds that is wrong, and not that the system refuses to read it.
pub(crate) fn is_damaged(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::InvalidData
}

/// Whether there is nothing at a place: a part of the way there may be a file.
pub(crate) fn is_absent(error: &io::Error) -> bool {
    [io::ErrorKind::NotFound, io::ErrorKind::NotADirectory].contains(&error.kind())
}

fn damaged(how: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, how)
}
