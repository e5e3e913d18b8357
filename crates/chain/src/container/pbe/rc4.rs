//! RC4, for the PFX files of the nineties. Reading only.

use zeroize::{Zeroize, Zeroizing};

/// `data` exclusive-or the key stream of `key`. An empty key changes nothing.
pub(super) fn rc4(key: &[u8], mut data: Zeroizing<Vec<u8>>) -> Zeroizing<Vec<u8>> {
    if key.is_empty() {
        return data;
    }
    let mut state = schedule(key);
    let (mut i, mut j) = (0u8, 0u8);
    for byte in data.iter_mut() {
        i = i.wrapping_add(1);
        j = j.wrapping_add(state[usize::from(i)]);
        state.swap(usize::from(i), usize::from(j));
        let at = state[usize::from(i)].wrapping_add(state[usize::from(j)]);
        *byte ^= state[usize::from(at)];
    }
    state.zeroize();
    data
}

fn schedule(key: &[u8]) -> [u8; 256] {
    let mut state = [0u8; 256];
    for (byte, value) in state.iter_mut().zip(0..=u8::MAX) {
        *byte = value;
    }
    let mut j = 0u8;
    for i in 0..state.len() {
        j = j.wrapping_add(state[i]).wrapping_add(key[i % key.len()]);
        state.swap(i, usize::from(j));
    }
    state
}
