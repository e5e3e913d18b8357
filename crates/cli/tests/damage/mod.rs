//! Damage to files: the kinds that transfers, editors and people do, always the same for one seed.

/// Bytes that mean something to some reader.
const TELLING: [u8; 10] = [0x00, 0x7f, 0x80, 0x84, 0xff, 0x30, 0xa0, b'-', b'\n', b'='];

/// Numbers that look random and never change (xorshift64, Marsaglia 2003).
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below `limit`; zero for an empty range.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        let thrown = usize::try_from(self.0 >> 33).expect("31 bits");
        thrown % limit.max(1)
    }

    pub(crate) fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}

/// A damaged copy of `one`; `kind` says how, `other` is what may get into it.
pub(crate) fn to(one: &[u8], other: &[u8], kind: usize, dice: &mut Dice) -> Vec<u8> {
    match kind % 8 {
        0 => flipped(one, dice),
        1 => told(one, dice),
        2 => one[..dice.below(one.len())].to_vec(),
        3 => [
            &one[..dice.below(one.len())],
            &other[dice.below(other.len())..],
        ]
        .concat(),
        4 => doubled(one, dice),
        5 => lines(one, dice),
        6 => without(one, dice),
        _ => edited(one, dice),
    }
}

fn flipped(one: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut copy = one.to_vec();
    for _ in 0..=dice.below(8) {
        let at = dice.below(copy.len());
        if let Some(byte) = copy.get_mut(at) {
            *byte ^= 1 << dice.below(8);
        }
    }
    copy
}

fn told(one: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut copy = one.to_vec();
    for _ in 0..=dice.below(4) {
        let (at, byte) = (dice.below(copy.len()), *dice.pick(&TELLING));
        if let Some(place) = copy.get_mut(at) {
            *place = byte;
        }
    }
    copy
}

/// A piece twice.
fn doubled(one: &[u8], dice: &mut Dice) -> Vec<u8> {
    let from = dice.below(one.len());
    let to = from + dice.below(one.len() - from + 1);
    [&one[..to], &one[from..]].concat()
}

/// A piece gone.
fn without(one: &[u8], dice: &mut Dice) -> Vec<u8> {
    let from = dice.below(one.len());
    let to = from + dice.below(one.len() - from + 1);
    [&one[..from], &one[to..]].concat()
}

/// Lines lost, doubled, swapped and indented.
fn lines(one: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut lines: Vec<Vec<u8>> = one
        .split(|byte| *byte == b'\n')
        .map(<[u8]>::to_vec)
        .collect();
    for _ in 0..=dice.below(3) {
        let (at, to) = (dice.below(lines.len()), dice.below(lines.len()));
        match dice.below(5) {
            0 if lines.len() > 1 => drop(lines.remove(at)),
            1 => lines.insert(to, lines[at].clone()),
            2 => lines.swap(at, to),
            3 => lines[at].splice(0..0, *b"  > ").for_each(drop),
            _ => lines[at].push(b'\r'),
        }
    }
    lines.join(&b'\n')
}

/// What editors and mail programs make of a text.
fn edited(one: &[u8], dice: &mut Dice) -> Vec<u8> {
    let text = String::from_utf8_lossy(one).into_owned();
    let text = match dice.below(7) {
        0 => text.replace("-----", "----"),
        1 => text.replace("-----", "—"),
        2 => text.replace('\n', "\\n"),
        3 => text.replace('\n', "\r\n"),
        4 => text.replace('\n', " "),
        5 => format!("\u{feff}{text}"),
        _ => text.replace("BEGIN", "Begin"),
    };
    text.into_bytes()
}
