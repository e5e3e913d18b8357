//! How far a word is from one that is known: what was probably meant.

/// Times that a given word may be longer than a known one, and letters more than that, before it is far
/// from it without a look. The work is that of the two lengths multiplied, and the given one is
/// untrusted.
const LONGER: (usize, usize) = (2, 2);

/// Letters to change, add, drop or swap with the next to get from one word to the other (optimal string
/// alignment: a pair that was swapped is one slip).
///
/// `known` is a word of ours. A `given` that is more than twice as long and two letters more is as far
/// away as it is long.
#[must_use]
pub fn distance(given: &str, known: &str) -> usize {
    let known: Vec<char> = known.chars().collect();
    let (times, more) = LONGER;
    let length = given.chars().count();
    if length > times * known.len() + more {
        return length;
    }
    let mut row: Vec<usize> = (0..=known.len()).collect();
    let mut above = row.clone();
    let mut before = None;
    for (index, letter) in given.chars().enumerate() {
        let two_above = std::mem::replace(&mut above, row.clone());
        row[0] = index + 1;
        for (at, other) in known.iter().enumerate() {
            let changed = above[at] + usize::from(letter != *other);
            row[at + 1] = changed.min(row[at] + 1).min(above[at + 1] + 1);
            if at > 0 && before == Some(*other) && known[at - 1] == letter {
                row[at + 1] = row[at + 1].min(two_above[at - 1] + 1);
            }
        }
        before = Some(letter);
    }
    row[known.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn single_letters_are_counted() {
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("abc", ""), 3);
        assert_eq!(distance("naïve", "naive"), 1);
        assert_eq!(distance("same", "same"), 0);
    }

    #[test]
    fn two_letters_that_were_swapped_are_one_slip() {
        assert_eq!(distance("hots", "host"), 1);
        assert_eq!(distance("ab", "ba"), 1);
        assert_eq!(distance("upstraem", "upstream"), 1);
        assert_eq!(distance("ca", "abc"), 3);
    }

    #[test]
    fn a_word_far_longer_than_a_known_one_costs_nothing() {
        let long = "x".repeat(10_000_000);
        assert_eq!(distance(&long, "xxx"), long.len());
    }
}
