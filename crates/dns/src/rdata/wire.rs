//! Data in the form of the wire, taken apart.

use super::Type;
use super::kinds::Field;
use crate::name;

/// What is left of a record's data.
#[derive(Debug, Clone, Copy)]
pub(super) struct Data<'d> {
    left: &'d [u8],
}

impl<'d> Data<'d> {
    pub(super) fn new(left: &'d [u8]) -> Self {
        Self { left }
    }

    pub(super) fn is_empty(self) -> bool {
        self.left.is_empty()
    }

    pub(super) fn bytes(&mut self, count: usize) -> Option<&'d [u8]> {
        let (front, left) = self.left.split_at_checked(count)?;
        self.left = left;
        Some(front)
    }

    pub(super) fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.bytes(N)?.try_into().ok()
    }

    pub(super) fn u8(&mut self) -> Option<u8> {
        self.array().map(|[byte]| byte)
    }

    pub(super) fn u16(&mut self) -> Option<u16> {
        self.array().map(u16::from_be_bytes)
    }

    pub(super) fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_be_bytes)
    }

    /// A byte of length, and that many bytes.
    pub(super) fn text(&mut self) -> Option<&'d [u8]> {
        let length = self.u8()?;
        self.bytes(usize::from(length))
    }

    /// Everything that is left.
    pub(super) fn rest(&mut self) -> Self {
        std::mem::replace(self, Self::new(&[]))
    }

    /// The bytes that are left.
    pub(super) fn all(&mut self) -> &'d [u8] {
        std::mem::take(&mut self.left)
    }

    /// An uncompressed name.
    pub(super) fn raw_name(&mut self) -> Option<&'d [u8]> {
        let mut end = 0;
        loop {
            let length = usize::from(*self.left.get(end)?);
            end += 1 + length;
            if length > name::MAX_LABEL || end > name::MAX_NAME {
                return None;
            }
            if length == 0 {
                return self.bytes(end);
            }
        }
    }

    /// An uncompressed name as text.
    pub(super) fn name(&mut self) -> Option<String> {
        self.raw_name().map(name::show)
    }
}

/// Whether bytes are data of these fields.
pub(super) fn fits(fields: &[Field], data: &[u8]) -> bool {
    super::show::fields(fields, Data::new(data)).is_some()
}

/// The host that a record names, of the types that name one.
pub(crate) fn host(kind: Type, data: &[u8]) -> Option<&[u8]> {
    let mut data = Data::new(data);
    let skipped = match kind {
        Type::NS => 0,
        Type::MX => 2,
        Type::SRV => 6,
        _ => return None,
    };
    data.bytes(skipped)?;
    data.raw_name()
}
