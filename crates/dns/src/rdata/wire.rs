//! Data in the form of the wire, taken apart.

use std::borrow::Cow;

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
        let length = name::first(self.left)?.len();
        self.bytes(length)
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
        Type::NS | Type::CNAME | Type::DNAME => 0,
        Type::MX | Type::SVCB | Type::HTTPS => 2,
        Type::SRV => 6,
        _ => return None,
    };
    data.bytes(skipped)?;
    data.raw_name()
}

/// The data with the letters of its names in lower case: two records are the same where this is the same
/// (RFC 4034, section 6.2). The types whose names count are those of RFC 1035 and a few more; what is listed
/// there has names behind parts of known length only.
pub(crate) fn lower(kind: Type, data: &[u8]) -> Cow<'_, [u8]> {
    let names_count = matches!(
        kind.code(),
        2..=9 | 12 | 14 | 15 | 17 | 18 | 21 | 24 | 26 | 33 | 35 | 36 | 39 | 46
    );
    let fields = kind
        .fields()
        .filter(|_| names_count && data.iter().any(u8::is_ascii_uppercase));
    let lowered = fields.and_then(|fields| lowered(fields, data));
    lowered.map_or(Cow::Borrowed(data), Cow::Owned)
}

fn lowered(fields: &[Field], data: &[u8]) -> Option<Vec<u8>> {
    let (mut rest, mut out) = (Data::new(data), Vec::with_capacity(data.len()));
    for field in fields {
        match field {
            Field::Name => name::push_lower(rest.raw_name()?, &mut out),
            Field::U8 | Field::Algorithm => out.extend(rest.bytes(1)?),
            Field::U16 | Field::Type => out.extend(rest.bytes(2)?),
            Field::U32 | Field::Seconds | Field::Moment => out.extend(rest.bytes(4)?),
            Field::Text => {
                let text = rest.text()?;
                out.push(u8::try_from(text.len()).ok()?);
                out.extend(text);
            }
            _ => break,
        }
    }
    out.extend(rest.all());
    Some(out)
}
