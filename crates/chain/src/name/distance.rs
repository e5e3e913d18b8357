//! Edit distance with a bound, so that ten thousand names cost little.

/// Largest edit distance that is told apart: past three changed characters a name is not a slip of
/// the finger any more, and the bound keeps the cost linear in the name's length.
pub const MAX_EDIT_DISTANCE: usize = 3;

const BAND: usize = 2 * MAX_EDIT_DISTANCE + 1;
const FAR: usize = MAX_EDIT_DISTANCE + 1;

/// Levenshtein distance of two texts, `None` past [`MAX_EDIT_DISTANCE`]. Only the diagonal band that
/// can still end within the bound is computed: seven cells per byte.
pub(super) fn within(one: &[u8], other: &[u8]) -> Option<usize> {
    if one.len().abs_diff(other.len()) > MAX_EDIT_DISTANCE {
        return None;
    }
    let mut row = first_row();
    for (index, byte) in one.iter().enumerate() {
        row = next_row(row, index + 1, *byte, other);
        if row.iter().all(|cell| *cell > MAX_EDIT_DISTANCE) {
            return None;
        }
    }
    let last = (other.len() + MAX_EDIT_DISTANCE).checked_sub(one.len())?;
    row.get(last)
        .copied()
        .filter(|distance| *distance <= MAX_EDIT_DISTANCE)
}

/// Cell `k` of row `i` stands for column `i + k - MAX_EDIT_DISTANCE`.
fn first_row() -> [usize; BAND] {
    std::array::from_fn(|cell| cell.checked_sub(MAX_EDIT_DISTANCE).unwrap_or(FAR))
}

fn next_row(above: [usize; BAND], index: usize, byte: u8, other: &[u8]) -> [usize; BAND] {
    let mut row = [FAR; BAND];
    for cell in 0..BAND {
        let Some(column) = (index + cell).checked_sub(MAX_EDIT_DISTANCE) else {
            continue;
        };
        if column > other.len() {
            break;
        }
        let replaced = match column.checked_sub(1).and_then(|at| other.get(at)) {
            Some(there) => above[cell] + usize::from(*there != byte),
            None => FAR,
        };
        let removed = above.get(cell + 1).map_or(FAR, |cost| cost + 1);
        let added = cell.checked_sub(1).map_or(FAR, |left| row[left] + 1);
        row[cell] = replaced.min(removed).min(added).min(FAR);
    }
    row
}
