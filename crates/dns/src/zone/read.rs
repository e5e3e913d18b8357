//! From a zone file's text to a zone.

use keyway_report::escape;

use super::fault::{
    Fault, FaultKind, MAX_BYTES, MAX_FAULTS, MAX_GENERATED, MAX_GENERATED_BYTES, MAX_INCLUDED,
    ReadError,
};
use super::generate;
use super::words::{Entries, Head, MARK, Word};
use super::{Held, Zone};
use crate::name;
use crate::rdata::{self, Type, Words};
use crate::ttl;

/// Deepest `$INCLUDE` in a file that was included.
const MAX_DEPTH: u8 = 8;

/// Hands out the text of a file that `$INCLUDE` names, or says why not.
pub type Include<'a> = &'a dyn Fn(&str) -> Result<Vec<u8>, String>;

/// How a zone file is to be read.
#[derive(Clone, Copy, Default)]
pub struct ReadOptions<'a> {
    /// Files for `$INCLUDE`. Without it the directive is a fault, so that a file from elsewhere reads no other.
    pub include: Option<Include<'a>>,
}

impl std::fmt::Debug for ReadOptions<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let includes = self.include.is_some();
        f.debug_struct("ReadOptions")
            .field("includes", &includes)
            .finish()
    }
}

/// What was read, and what was not.
#[derive(Debug, Clone)]
pub struct Read {
    /// The records that were read.
    pub zone: Zone,
    /// What is no record, at most [`MAX_FAULTS`], in the order of the file.
    pub faults: Vec<Fault>,
    /// Number of faults that are not listed.
    pub more_faults: usize,
    /// Whether the file starts with a byte order mark, which is passed over here. BIND and NSD take it for a part
    /// of the first name.
    pub has_mark: bool,
}

/// Reads a zone file. The origin is the zone's name, as text with or without a dot at its end.
///
/// # Errors
/// [`ReadError`] on limits and on an origin that is no name; never on what the file says.
///
/// ```
/// use keyway_dns::zone::{ReadOptions, read};
///
/// let text = b"$TTL 1h\n@ SOA ns.example. admin.example. 1 1h 15m 1w 1h\n@ NS ns.example.\n";
/// let read = read(text, "example.org", &ReadOptions::default())?;
/// assert!(read.faults.is_empty());
/// assert_eq!(read.zone.len(), 2);
/// # Ok::<(), keyway_dns::zone::ReadError>(())
/// ```
pub fn read(text: &[u8], origin: &str, options: &ReadOptions<'_>) -> Result<Read, ReadError> {
    let size = u64::try_from(text.len()).unwrap_or(u64::MAX);
    if size > MAX_BYTES {
        return Err(ReadError::TooLarge(size));
    }
    let mut wire = Vec::new();
    name::read(origin.as_bytes(), Some(&[0]), &mut wire).map_err(ReadError::Origin)?;
    let mut reader = Reader {
        read: Read {
            zone: Zone::empty(&wire),
            faults: Vec::new(),
            more_faults: 0,
            has_mark: text.starts_with(MARK),
        },
        options: *options,
        state: State {
            origin: wire,
            owner: None,
            default_ttl: None,
            last_ttl: None,
        },
        depth: 0,
        included: 0,
        left_to_read: MAX_BYTES - size,
        left_to_generate: MAX_GENERATED,
        bytes_to_generate: MAX_GENERATED_BYTES,
        lower: Vec::new(),
        name: Vec::new(),
    };
    reader.file(text, None);
    Ok(reader.read)
}

/// What directives and records before leave behind.
#[derive(Clone)]
struct State {
    origin: Vec<u8>,
    owner: Option<u32>,
    default_ttl: Option<u32>,
    last_ttl: Option<u32>,
}

struct Reader<'a> {
    read: Read,
    options: ReadOptions<'a>,
    state: State,
    depth: u8,
    /// Files that were included.
    included: u16,
    left_to_read: u64,
    left_to_generate: u32,
    bytes_to_generate: usize,
    /// Room for a name in lower case, and for one as written.
    lower: Vec<u8>,
    name: Vec<u8>,
}

impl Reader<'_> {
    /// All entries of a file. Those of an included one have the line of the directive.
    fn file(&mut self, text: &[u8], line: Option<u32>) {
        let (mut entries, mut words) = (Entries::new(text), Vec::new());
        while let Some((head, result)) = entries.next(&mut words) {
            let head = Head {
                line: line.unwrap_or(head.line),
                ..head
            };
            let result = result
                .map_err(FaultKind::from)
                .and_then(|()| self.entry(head, &words));
            if let Err(kind) = result {
                self.fault(head.line, kind);
            }
        }
    }

    fn fault(&mut self, line: u32, kind: FaultKind) {
        if self.read.faults.len() < MAX_FAULTS {
            self.read.faults.push(Fault { line, kind });
        } else {
            self.read.more_faults += 1;
        }
    }

    fn entry(&mut self, head: Head, words: &[Word<'_>]) -> Result<(), FaultKind> {
        let Some((first, rest)) = words.split_first() else {
            return Ok(());
        };
        let is_directive = first.raw.first() == Some(&b'$') && !first.is_quoted();
        if is_directive && !head.is_indented {
            return self.directive(head, first.raw, rest);
        }
        if head.is_indented {
            return self.record(head.line, words);
        }
        self.set_owner(first.raw)?;
        self.record(head.line, rest)
    }

    fn set_owner(&mut self, text: &[u8]) -> Result<(), FaultKind> {
        self.name.clear();
        // What follows without a name of its own must not be taken for another's.
        self.state.owner = None;
        name::read(text, Some(&self.state.origin), &mut self.name)?;
        self.state.owner = Some(self.read.zone.owner(&self.name, &mut self.lower));
        Ok(())
    }

    /// `[TTL] [class] type data`
    fn record(&mut self, line: u32, words: &[Word<'_>]) -> Result<(), FaultKind> {
        let (prefix, data) = Prefix::read(words)?;
        self.push(line, prefix, data)
    }

    fn push(&mut self, line: u32, prefix: Prefix, data: &[Word<'_>]) -> Result<(), FaultKind> {
        let owner = self.state.owner.ok_or(FaultKind::NoOwner)?;
        let Prefix { ttl, kind } = prefix;
        if kind.is_meta() {
            return Err(FaultKind::MetaType(kind.to_string()));
        }
        let start = self.read.zone.data.len();
        let mut data = Words::new(data, Some(&self.state.origin));
        rdata::read(kind, &mut data, &mut self.read.zone.data).map_err(|fault| {
            FaultKind::Data {
                kind: kind.to_string(),
                fault,
            }
        })?;
        let length = u16::try_from(self.read.zone.data.len() - start).unwrap_or(u16::MAX);
        let ttl = ttl.or(self.state.default_ttl).or(self.state.last_ttl);
        let ttl = ttl.or_else(|| minimum(kind, &self.read.zone.data[start..]));
        let result = match ttl {
            None => Err(FaultKind::NoTtl),
            Some(long) if long > ttl::MAX => Err(FaultKind::LongTtl),
            Some(ttl) => Ok(ttl),
        };
        let ttl = result.inspect_err(|_| self.read.zone.data.truncate(start))?;
        self.state.last_ttl = Some(ttl);
        self.read.zone.records.push(Held {
            owner,
            kind,
            ttl,
            line,
            start,
            length,
        });
        Ok(())
    }

    fn directive(&mut self, head: Head, what: &[u8], words: &[Word<'_>]) -> Result<(), FaultKind> {
        // A file's name may stand in quotes, and what `$GENERATE` says is looked at there.
        let what_is = what.to_ascii_uppercase();
        if matches!(what_is.as_slice(), b"$ORIGIN" | b"$TTL")
            && let Some(quoted) = words.iter().find(|word| word.is_quoted())
        {
            return Err(FaultKind::QuotedWord(shown(quoted.raw)));
        }
        match what_is.as_slice() {
            b"$ORIGIN" => {
                let [name] = words else {
                    return Err(FaultKind::Directive("$ORIGIN", "one name"));
                };
                let mut origin = Vec::new();
                name::read(name.raw, Some(&self.state.origin), &mut origin)?;
                self.state.origin = origin;
            }
            b"$TTL" => {
                let [time] = words else {
                    return Err(FaultKind::Directive("$TTL", "one time"));
                };
                let time = ttl::read(time.raw).ok_or(FaultKind::Directive("$TTL", "a time"))?;
                if time > ttl::MAX {
                    return Err(FaultKind::LongTtl);
                }
                self.state.default_ttl = Some(time);
            }
            b"$INCLUDE" => self.include(head.line, words)?,
            b"$GENERATE" => self.generate(head, words)?,
            b"$DATE" => return Err(FaultKind::Date),
            _ => return Err(FaultKind::UnknownDirective(shown(what))),
        }
        Ok(())
    }

    fn include(&mut self, line: u32, words: &[Word<'_>]) -> Result<(), FaultKind> {
        let include = self.options.include.ok_or(FaultKind::IncludeOff)?;
        let (file, origin) = match words {
            [file] => (file, None),
            [file, origin] => (file, Some(origin)),
            _ => {
                return Err(FaultKind::Directive(
                    "$INCLUDE",
                    "a file, and perhaps a name",
                ));
            }
        };
        let refused = |why: String| FaultKind::Include {
            file: escape::bytes(file.raw),
            why,
        };
        if self.depth == MAX_DEPTH {
            return Err(refused(format!(
                "files are included {MAX_DEPTH} deep at most"
            )));
        }
        if self.included == MAX_INCLUDED {
            return Err(refused(format!(
                "{MAX_INCLUDED} files are included at most"
            )));
        }
        self.included += 1;
        let name =
            str::from_utf8(file.raw).map_err(|_| refused("its name is no text".to_owned()))?;
        let text = include(name).map_err(refused)?;
        let size = u64::try_from(text.len()).unwrap_or(u64::MAX);
        self.left_to_read = self
            .left_to_read
            .checked_sub(size)
            .ok_or_else(|| refused("all files together are too large".to_owned()))?;
        // The file ends, and the origin and the owner are again what they were (RFC 1035, section 5.1).
        let before = self.state.clone();
        if let Some(origin) = origin {
            let mut wire = Vec::new();
            name::read(origin.raw, Some(&self.state.origin), &mut wire)?;
            self.state.origin = wire;
        }
        self.depth += 1;
        self.file(&text, Some(line));
        self.depth -= 1;
        self.state.origin = before.origin;
        self.state.owner = before.owner;
        Ok(())
    }

    fn generate(&mut self, head: Head, words: &[Word<'_>]) -> Result<(), FaultKind> {
        let [range, owner, rest @ ..] = words else {
            return Err(FaultKind::Generate(
                "a range, a name and a record belong there",
            ));
        };
        if let Some(quoted) = [range, owner].into_iter().find(|word| word.is_quoted()) {
            return Err(FaultKind::QuotedWord(shown(quoted.raw)));
        }
        let range = generate::Range::read(range.raw).map_err(FaultKind::Generate)?;
        self.left_to_generate = range
            .count()
            .and_then(|count| self.left_to_generate.checked_sub(count))
            .ok_or(FaultKind::TooManyGenerated)?;
        let (prefix, data) = Prefix::read(rest)?;
        let [data] = data else {
            return Err(FaultKind::Generate(
                "its data is one word; in quotes it may be several, as \"10 mail$\"",
            ));
        };
        for number in range.numbers() {
            let made = |text: &[u8]| generate::replaced(text, number).map_err(FaultKind::Generate);
            let (name, data) = (made(owner.raw)?, made(&generate::unquoted(data))?);
            // A word is a byte at least: the white space beside it.
            self.bytes_to_generate = self
                .bytes_to_generate
                .checked_sub(name.len() + data.len() + 2)
                .ok_or(FaultKind::TooManyGenerated)?;
            // What was made is read as words of a line, as BIND does.
            let mut words = Vec::new();
            if let Some((_, result)) = Entries::of_line(&data).next(&mut words) {
                result?;
            }
            self.set_owner(&name)?;
            self.push(head.line, prefix, &words)?;
        }
        Ok(())
    }
}

/// What stands between a record's owner and its data.
#[derive(Clone, Copy)]
struct Prefix {
    ttl: Option<u32>,
    kind: Type,
}

impl Prefix {
    /// `[TTL] [class] type`, the first two in either order and none of them in quotes; and what follows.
    fn read<'w, 't>(words: &'w [Word<'t>]) -> Result<(Self, &'w [Word<'t>]), FaultKind> {
        let (mut ttl, mut class, mut at) = (None, false, 0);
        loop {
            let word = words.get(at).ok_or(FaultKind::NoType)?;
            at += 1;
            let text = word.raw;
            if word.is_quoted() {
                return Err(FaultKind::QuotedWord(shown(text)));
            } else if !class && let Some(found) = class_of(text) {
                if found != 1 {
                    return Err(FaultKind::OtherClass(escape::bytes(text)));
                }
                class = true;
            } else if ttl.is_none() && text.first().is_some_and(u8::is_ascii_digit) {
                let found = ttl::read(text);
                ttl = Some(found.ok_or_else(|| FaultKind::UnknownWord(shown(text)))?);
            } else {
                let kind = Type::read(text).ok_or_else(|| FaultKind::UnknownWord(shown(text)))?;
                return Ok((Self { ttl, kind }, &words[at..]));
            }
        }
    }
}

/// A class by mnemonic or number (RFC 3597, section 5).
fn class_of(text: &[u8]) -> Option<u16> {
    const CLASSES: [(&[u8], u16); 4] = [(b"IN", 1), (b"CH", 3), (b"CHAOS", 3), (b"HS", 4)];
    let known = CLASSES
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(text));
    known
        .map(|(_, class)| *class)
        .or_else(|| rdata::generic(text, b"CLASS"))
}

/// What stands for the TTL of a SOA record that has none: its own minimum.
fn minimum(kind: Type, data: &[u8]) -> Option<u32> {
    let last = data.last_chunk::<4>().filter(|_| kind == Type::SOA)?;
    Some(u32::from_be_bytes(*last))
}

fn shown(text: &[u8]) -> String {
    escape::bytes(&text[..text.len().min(60)])
}
