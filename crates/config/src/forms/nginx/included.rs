//! Files that a configuration includes (nginx.org: ngx_core_module, "include"), out of a dump of all of them (`nginx -T`)
//! or as they are given.

use std::collections::BTreeMap;

use keyway_report::escape;

use super::around::{self, Range};
use super::guards::IN_DATA;
use super::syntax::{self, Directive};
use crate::forms::glob::{MAX_STEPS, is_match, is_pattern};
use crate::forms::{ImportError, Included, Main};

/// Files that include others, one in the other: Debian's are three deep.
const MAX_DEPTH: usize = 8;

/// Files of a dump, lines that include some, and files that are included: a few for each site of a large machine.
const MAX_FILES: usize = 5000;

/// Lines that include by a pattern, each of which is held against all files of a dump. Debian's file has four.
const MAX_PATTERNS: usize = 200;

/// Directives of all files together: as many as a text of the largest size holds.
const MAX_DIRECTIVES: usize = 100_000;

/// What stands in front of each file in a dump.
const HEADER: &str = "# configuration file ";

/// What `nginx -T` says beside the dump.
const BESIDE: &str = "nginx: ";

/// A file of a dump: how many lines stand before it, and its text.
struct Part<'t> {
    before: usize,
    text: &'t str,
}

/// The files of a dump by their paths, and the path of the first.
struct Dump<'t> {
    first: &'t str,
    parts: BTreeMap<&'t str, Part<'t>>,
}

/// The folder that a path is in.
fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The files of a dump, in their order: their paths, the lines before each, and where its text is.
fn headers(text: &str) -> Option<Vec<(&str, usize, usize)>> {
    let mut found = Vec::new();
    let mut start = 0;
    for (number, line) in text.split_inclusive('\n').enumerate() {
        start += line.len();
        let line = line.trim_end();
        match line
            .strip_prefix(HEADER)
            .and_then(|rest| rest.strip_suffix(':'))
        {
            Some(path) => found.push((path, number + 1, start)),
            None if !found.is_empty() || line.is_empty() || line.starts_with(BESIDE) => {}
            // Something stands before: it is a file in which somebody wrote so.
            None => return None,
        }
    }
    Some(found).filter(|found| !found.is_empty())
}

impl<'t> Dump<'t> {
    fn of(text: &'t str) -> Option<Self> {
        let headers = headers(text)?;
        let first = headers.first()?.0;
        let mut parts = BTreeMap::new();
        for (index, (path, before, start)) in headers.iter().enumerate().take(MAX_FILES) {
            let rest = text.get(*start..).unwrap_or_default();
            // The header of the next one is a comment.
            let end = headers.get(index + 1).map(|(_, _, next)| next - start);
            let text = end.and_then(|end| rest.get(..end)).unwrap_or(rest);
            let part = Part {
                before: *before,
                text,
            };
            parts.entry(*path).or_insert(part);
        }
        Some(Self { first, parts })
    }

    /// The files that a path or a pattern names; `None` for a path that is not there, or where finding them takes more
    /// steps than are left.
    fn named(&self, named: &str, steps: &mut usize) -> Option<Vec<&Part<'t>>> {
        let whole = if named.starts_with('/') {
            named.to_owned()
        } else {
            format!("{}/{named}", folder(self.first))
        };
        if !is_pattern(&whole) {
            return self.parts.get(whole.as_str()).map(|part| vec![part]);
        }
        let parts: Vec<&str> = whole.split('/').collect();
        let mut found = Vec::new();
        for (path, part) in &self.parts {
            let names: Vec<&str> = path.split('/').collect();
            *steps = steps.checked_sub(names.len())?;
            let mut is_named = parts.len() == names.len();
            for (part, name) in parts.iter().zip(names) {
                is_named = is_named
                    && (*part == name || is_match(part.as_bytes(), name.as_bytes(), steps)?);
            }
            found.extend(is_named.then_some(part));
        }
        Some(found)
    }
}

/// What is read of the files that are included.
struct Including<'t> {
    dump: Option<Dump<'t>>,
    given: Included<'t>,
    /// Those that were given, each with how many lines are counted before it.
    files: Vec<(usize, String)>,
    /// Lines that are counted so far.
    lines: usize,
    /// Lines that include, and files that were read.
    included: usize,
    patterns: usize,
    /// Steps that are left for finding what patterns name.
    steps: usize,
    read: usize,
    bytes: usize,
    directives: usize,
}

/// A text with what it includes.
pub(super) struct Whole<'t> {
    pub(super) directives: Vec<Directive>,
    /// The folder that the paths of a dump count from.
    pub(super) folder: Option<&'t str>,
    /// The files that were given for it, each with how many lines are counted before it.
    pub(super) files: Vec<(usize, String)>,
}

fn count(directives: &[Directive]) -> usize {
    let inside = directives.iter().filter_map(|it| it.block.as_deref());
    directives.len() + inside.map(count).sum::<usize>()
}

impl Including<'_> {
    /// Whether one more file is read.
    fn has_room(&mut self, text: &str) -> bool {
        self.read += 1;
        self.bytes += text.len();
        self.read <= MAX_FILES && self.bytes <= crate::MAX_BYTES
    }

    /// The directives of the files that one names; `None` where one of them cannot be read.
    fn read(&mut self, named: &str) -> Option<Vec<Directive>> {
        self.included += 1;
        self.patterns += usize::from(is_pattern(named));
        if self.included > MAX_FILES || self.patterns > MAX_PATTERNS {
            return None;
        }
        let texts: Vec<(Option<usize>, String, String)> = if let Some(dump) = &self.dump {
            let parts = dump.named(named, &mut self.steps)?.into_iter();
            let of = |part: &Part<'_>| (Some(part.before), String::new(), part.text.to_owned());
            parts.map(of).collect()
        } else {
            let texts = (self.given)(named)?.into_iter();
            texts.map(|(path, text)| (None, path, text)).collect()
        };
        let mut all = Vec::new();
        for (before, path, text) in texts {
            if !self.has_room(&text) {
                return None;
            }
            let before = before.unwrap_or_else(|| {
                let before = self.lines;
                self.lines += text.lines().count() + 1;
                self.files.push((before, path));
                before
            });
            let read = syntax::read_behind(&text, before).ok()?;
            self.directives += count(&read);
            if self.directives > MAX_DIRECTIVES {
                return None;
            }
            all.extend(read);
        }
        Some(all)
    }

    /// Puts what is included in the place of what includes it. What cannot be read stays.
    fn put(&mut self, directives: Vec<Directive>, depth: usize) -> Vec<Directive> {
        let mut out = Vec::new();
        for mut directive in directives {
            let is_data = IN_DATA.contains(&directive.name());
            if let Some(block) = directive.block.take_if(|_| !is_data) {
                directive.block = Some(self.put(block, depth));
            }
            let named = match directive.texts().as_slice() {
                ["include", named] if depth < MAX_DEPTH && directive.block.is_none() => {
                    Some((*named).to_owned())
                }
                _ => None,
            };
            match named.and_then(|named| self.read(&named)) {
                Some(read) => out.extend(self.put(read, depth + 1)),
                None => out.push(directive),
            }
        }
        out
    }
}

impl<'t> Including<'t> {
    /// The directives of a main file, and where the lines of the file are counted that is read and that it includes;
    /// `None` where it cannot be read or does not include it.
    fn main(&mut self, main: &Main<'t>) -> Option<(Vec<Directive>, Vec<Range>)> {
        if !self.has_room(main.text) {
            return None;
        }
        let first = self.files.len();
        let before = self.lines;
        self.lines += main.text.lines().count() + 1;
        self.files.push((before, main.path.to_owned()));
        let read = syntax::read_behind(main.text, before).ok()?;
        self.directives += count(&read);
        if self.directives > MAX_DIRECTIVES {
            return None;
        }
        let read = self.put(read, 0);
        let files = self.files.get(first + 1..).unwrap_or_default();
        let ends = files.iter().skip(1).map(|(before, _)| *before);
        let ranges = files.iter().zip(ends.chain([self.lines]));
        let own = ranges.filter(|((_, path), _)| (main.is_own)(path));
        let own: Vec<Range> = own.map(|((before, _), last)| (*before, last)).collect();
        (!own.is_empty()).then_some((read, own))
    }
}

/// The file that is included in which a line stands, of those that are counted one behind the other, and its number
/// there.
pub(in crate::forms) fn place(files: &[(usize, String)], line: usize) -> Option<(&str, usize)> {
    let behind = files.partition_point(|(before, _)| *before < line);
    let (before, path) = files.get(behind.checked_sub(1)?)?;
    Some((path, line - before))
}

/// An error at its place.
pub(super) fn placed(error: ImportError, files: &[(usize, String)]) -> ImportError {
    match error {
        ImportError::Form { line, message } => match place(files, line) {
            Some((path, line)) => ImportError::Form {
                line,
                message: format!("of {}: {message}", escape::text(path)),
            },
            None => ImportError::Form { line, message },
        },
        other => other,
    }
}

/// Reads a text with what it includes, and what stands around it in a main file.
pub(super) fn read<'t>(
    text: &'t str,
    given: Included<'t>,
    main: Option<Main<'t>>,
) -> Result<Whole<'t>, ImportError> {
    let dump = Dump::of(text);
    let first = dump.as_ref().and_then(|dump| dump.parts.get(dump.first));
    let read = match first {
        Some(part) => syntax::read_behind(part.text, part.before)?,
        None => syntax::read_behind(text, 0)?,
    };
    let folder = dump.as_ref().map(|dump| folder(dump.first));
    let mut including = Including {
        dump,
        given,
        files: Vec::new(),
        lines: text.lines().count() + 1,
        included: 0,
        patterns: 0,
        steps: MAX_STEPS,
        read: 0,
        bytes: 0,
        directives: 0,
    };
    let directives = including.put(read, 0);
    let main = main.filter(|_| folder.is_none());
    let directives = match main.and_then(|main| including.main(&main)) {
        Some((main, own)) => around::within(directives, main, &own),
        None => directives,
    };
    Ok(Whole {
        directives,
        folder,
        files: including.files,
    })
}
