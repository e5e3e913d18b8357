//! Values of JavaScript as serde takes them: plain objects, lists, texts, numbers and bytes.
//!
//! Members of an object are all looked at, so that one that nobody knows is refused, and no error shows what was given.
//! What has a will of its own (getters, proxies, classes) was made plain before it came here, in `js/guard.js`.

use serde::de::{
    DeserializeSeed, Deserializer, Error as _, Expected, IntoDeserializer, MapAccess, SeqAccess,
    Unexpected, Visitor,
};
use serde::forward_to_deserialize_any;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

use crate::misfit::Misfit;

/// The largest whole number that a JavaScript number tells from its neighbours.
const EXACT: f64 = 9_007_199_254_740_991.0;

#[wasm_bindgen]
extern "C" {
    type Array;
    #[wasm_bindgen(method, getter, structural)]
    fn length(this: &Array) -> u32;
    #[wasm_bindgen(method, structural, indexing_getter)]
    fn get(this: &Array, index: u32) -> JsValue;

    type Uint8Array;

    #[wasm_bindgen(js_namespace = Object)]
    fn entries(object: &JsValue) -> Array;
}

/// A value on its way in.
pub(super) struct Argument(pub(super) JsValue);

impl Argument {
    fn is_missing(&self) -> bool {
        self.0.loose_eq(&JsValue::NULL)
    }

    /// That something else is wanted.
    fn misfit(&self, wanted: &dyn Expected) -> Misfit {
        let found = if self.is_missing() {
            Unexpected::Unit
        } else if self.0.as_bool().is_some() {
            Unexpected::Bool(true)
        } else if self.0.as_f64().is_some() {
            Unexpected::Float(0.0)
        } else if self.0.is_string() {
            Unexpected::Str("")
        } else if self.0.is_instance_of::<Uint8Array>() {
            Unexpected::Bytes(&[])
        } else if self.0.is_array() {
            Unexpected::Seq
        } else if self.0.is_object() {
            Unexpected::Map
        } else {
            Unexpected::Other("")
        };
        Misfit::invalid_type(found, wanted)
    }
}

/// Methods that take numbers.
macro_rules! numbers {
    ($($name:ident)*) => {
        $(fn $name<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
            self.deserialize_f64(visitor)
        })*
    };
}

impl<'de> Deserializer<'de> for Argument {
    type Error = Misfit;

    /// Of a moment alone: a number or a text.
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        match self.0.as_f64() {
            Some(number) => visitor.visit_f64(number),
            None => self.deserialize_string(visitor),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        match self.0.as_bool() {
            Some(flag) => visitor.visit_bool(flag),
            None => Err(self.misfit(&visitor)),
        }
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        match self.0.as_f64() {
            Some(number) if number.fract() == 0.0 && number.abs() <= EXACT =>
            {
                #[allow(clippy::cast_possible_truncation)]
                visitor.visit_i64(number as i64)
            }
            Some(number) => visitor.visit_f64(number),
            None => Err(self.misfit(&visitor)),
        }
    }

    numbers! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_f32
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        match self.0.as_string() {
            Some(text) => visitor.visit_string(text),
            None => Err(self.misfit(&visitor)),
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        self.deserialize_string(visitor)
    }

    /// A list of numbers does as well.
    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        if !self.0.is_instance_of::<Uint8Array>() {
            return self.deserialize_seq(visitor);
        }
        let bytes = serde_wasm_bindgen::Deserializer::from(self.0);
        bytes.deserialize_byte_buf(visitor).map_err(Misfit::custom)
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        self.deserialize_byte_buf(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        if self.is_missing() {
            visitor.visit_none()
        } else {
            visitor.visit_some(self)
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        if !self.0.is_array() {
            return Err(self.misfit(&visitor));
        }
        let list = self.0.unchecked_ref();
        visitor.visit_seq(Items { list, next: 0 })
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        if !self.0.is_object() || self.0.is_array() || self.0.is_instance_of::<Uint8Array>() {
            return Err(self.misfit(&visitor));
        }
        let entries = entries(&self.0);
        visitor.visit_map(Members {
            entries: Items {
                list: &entries,
                next: 0,
            },
            value: None,
        })
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        self.deserialize_map(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        match self.0.as_string() {
            Some(choice) => visitor.visit_enum(choice.into_deserializer()),
            None => Err(self.misfit(&visitor)),
        }
    }

    /// What of an object is nobody's business.
    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! { char unit unit_struct newtype_struct tuple tuple_struct identifier }
}

/// The items of a list, one after the other.
struct Items<'a> {
    list: &'a Array,
    next: u32,
}

impl Items<'_> {
    fn take(&mut self) -> Option<JsValue> {
        let index = self.next;
        (index < self.list.length()).then(|| {
            self.next += 1;
            self.list.get(index)
        })
    }
}

impl<'de> SeqAccess<'de> for Items<'_> {
    type Error = Misfit;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Misfit> {
        let index = self.next;
        let item = self.take().map(|item| seed.deserialize(Argument(item)));
        item.transpose().map_err(|misfit| misfit.of_item(index))
    }
}

/// The members of an object, as pairs of name and value.
struct Members<'a> {
    entries: Items<'a>,
    value: Option<(String, JsValue)>,
}

impl<'de> MapAccess<'de> for Members<'_> {
    type Error = Misfit;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Misfit> {
        let Some(pair) = self.entries.take() else {
            return Ok(None);
        };
        let pair: Array = pair.unchecked_into();
        let name = pair.get(0).as_string().unwrap_or_default();
        self.value = Some((name.clone(), pair.get(1)));
        seed.deserialize(name.into_deserializer()).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Misfit> {
        let (name, value) = self.value.take().unwrap_or_default();
        let read = seed.deserialize(Argument(value));
        read.map_err(|misfit| misfit.of_member(&name))
    }
}
