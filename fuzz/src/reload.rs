//! Files that are written while somebody follows them, in a time that goes by looks.

use keyway_termination::follow::{MOST_RESTLESS, Watch};

/// Looks after the last change until it has been read.
const SOON: u32 = 2;

/// The service file, which names one of two pairs, and their certificates and keys.
const FILES: usize = 5;

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Content {
    /// Nobody can make anything of it.
    Half,
    /// The service file: which pair it names.
    Names(usize),
    /// A certificate or a key of this number; those of one number belong together.
    Of(u8),
}

/// A file that is there, and the write that made it what it is.
type There = Option<(Content, u32)>;

/// A pair that was found good: its place, and its number.
type Pair = (usize, u8);

struct World<'d> {
    files: [There; FILES],
    writes: u32,
    /// What happens, a byte each.
    events: std::slice::Iter<'d, u8>,
    /// So many of the next happen while files are read.
    meanwhile: u8,
    served: Pair,
    watch: Watch<usize, Option<u32>>,
    /// Looks since something was written last.
    since_written: u32,
    /// Looks at which something else was there than what was read last.
    behind: u32,
    /// How often files were read.
    reads: u32,
}

/// Whatever is written and in whatever order: only a pair that belongs together is served, what was written last is
/// read within two looks after it, files that never rest are read all the same, and nothing is read without need.
/// When all is quiet, what is served is what is there, or what was served before where that is no good.
pub fn reload(data: &[u8]) {
    let pair = |place| [Some((Content::Of(0), place)), Some((Content::Of(0), place))];
    let [first, second] = [pair(1), pair(2)].map(|[certificate, key]| (certificate, key));
    let mut world = World {
        files: [
            Some((Content::Names(0), 0)),
            first.0,
            first.1,
            second.0,
            second.1,
        ],
        writes: 2,
        events: data.iter(),
        meanwhile: 0,
        served: (0, 0),
        watch: Watch::of([]),
        since_written: 0,
        behind: 0,
        reads: 0,
    };
    world.read();
    while let Some(&event) = world.events.next() {
        match event & 7 {
            0..3 => world.look(),
            3 => world.read(),
            4 => world.meanwhile = event >> 3 & 7,
            _ => world.write(event),
        }
    }
    world.meanwhile = 0;
    for _ in 0..=SOON {
        world.look();
    }
    let before = world.served;
    let is_good = world.judged(&world.files);
    assert_eq!(world.served, is_good.unwrap_or(before), "not what is there");
    assert!(!world.is_behind(), "something was not read");
    let reads = world.reads;
    world.look();
    assert_eq!(world.reads, reads, "read without need");
}

impl World<'_> {
    /// The low bits say which file, or which kind; the high ones what it holds.
    fn write(&mut self, event: u8) {
        self.writes += 1;
        let place = usize::from(event >> 3 & 1);
        let (file, content) = match event & 7 {
            5 => (0, Content::Names(place)),
            kind => (usize::from(kind) - 5 + 2 * place, Content::Of(event >> 6)),
        };
        let there = match event >> 4 & 3 {
            0 => Some(Content::Half),
            1 if event & 0x80 != 0 => None,
            _ => Some(content),
        };
        self.files[file] = there.map(|content| (content, self.writes));
        self.since_written = 0;
    }

    fn look(&mut self) {
        let files = self.files;
        let is_new = self
            .watch
            .changed(|file| files[*file].map(|(_, write)| write));
        self.since_written += 1;
        if is_new {
            self.read();
        } else if self.is_behind() {
            self.behind += 1;
        } else {
            self.behind = 0;
        }
        let is_late = self.is_behind() && self.since_written > SOON;
        assert!(!is_late, "{} looks, and not read", self.since_written);
        assert!(self.behind <= MOST_RESTLESS, "kept from being read");
    }

    /// Whether something that is followed is not as it was when it was read.
    fn is_behind(&self) -> bool {
        let mut watch = self.watch.clone();
        let stamp = |file: &usize| self.files[*file].map(|(_, write)| write);
        watch.changed(stamp);
        watch.changed(stamp)
    }

    /// Reads one file after the other, as `keyway serve` does: each is looked at before, and between two of them
    /// others write.
    fn read(&mut self) {
        let mut stamps = Vec::new();
        let mut known = [None; FILES];
        self.others_write();
        stamps.push((0, self.stamp(0)));
        self.others_write();
        known[0] = self.files[0];
        if let Some((Content::Names(place), _)) = known[0] {
            let pair = [1 + 2 * place, 2 + 2 * place];
            for file in pair {
                stamps.push((file, self.stamp(file)));
                self.others_write();
            }
            for file in pair {
                known[file] = self.files[file];
                self.others_write();
            }
        }
        self.watch = Watch::of(stamps);
        self.behind = 0;
        self.reads += 1;
        if let Some(good) = self.judged(&known) {
            self.served = good;
        }
    }

    fn stamp(&self, file: usize) -> Option<u32> {
        self.files[file].map(|(_, write)| write)
    }

    fn others_write(&mut self) {
        if self.meanwhile > 0 {
            self.meanwhile -= 1;
            if let Some(&event) = self.events.next()
                && event & 7 > 4
            {
                self.write(event);
            }
        }
    }

    /// The pair that files make, where it belongs together.
    fn judged(&self, files: &[There; FILES]) -> Option<Pair> {
        let Some((Content::Names(place), _)) = files[0] else {
            return None;
        };
        match (files[1 + 2 * place], files[2 + 2 * place]) {
            (Some((Content::Of(one), _)), Some((Content::Of(other), _))) if one == other => {
                Some((place, one))
            }
            _ => None,
        }
    }
}
