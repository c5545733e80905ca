//! Rest.li 2.0: how LinkedIn writes values into paths, queries and keys (Rest.li protocol, "URL
//! representation of parameters").
//!
//! A value is text, a number, a boolean, a list (`List(a,b)`) or a record (`(key:value)`). The characters
//! that make up the structure stay bare; the same characters inside text are percent-encoded. A library
//! that encodes or normalises the URL once more breaks the request, so paths and queries are put together
//! as text.
//!
//! ```
//! use sociogram_linkedin_api::restli::{Query, RestliValue};
//!
//! let key = RestliValue::record([
//!     ("actor", RestliValue::from("urn:li:person:a")),
//!     ("entity", RestliValue::from("urn:li:activity:1")),
//! ]);
//! assert_eq!(key.encode(), "(actor:urn%3Ali%3Aperson%3Aa,entity:urn%3Ali%3Aactivity%3A1)");
//! assert_eq!(RestliValue::decode(&key.encode()).unwrap(), key);
//!
//! let query = Query::new().param("q", "author").param("ids", vec![1, 2]).optional("state", None::<&str>);
//! assert_eq!(query.encode(), "ids=List(1,2)&q=author");
//! ```

mod decode;
mod encode;
mod json;
mod query;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use sociogram_api_core::Timestamp;

pub(crate) use decode::normal_key;
pub use decode::{DecodeError, decode_id};
pub(crate) use encode::text as encode_text;
pub use json::JsonError;
pub use query::Query;

/// Where a complex key keeps its parameters.
pub(crate) const PARAMS: &str = "$params";

/// A value of Rest.li. There is no null: leave the field or parameter out.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq)]
pub enum RestliValue {
    /// Text. The only kind of leaf that [`decode`](Self::decode) gives, because the wire form does not
    /// tell text from numbers.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// A finite number, written without an exponent.
    Float(FiniteFloat),
    /// `true` or `false`.
    Bool(bool),
    /// `List(a,b)`.
    List(Vec<Self>),
    /// `(key:value)`: a record, a map, a compound key, or a union with its one member. Keys are written
    /// in the order of their code points.
    Record(BTreeMap<String, Self>),
}

impl RestliValue {
    /// A list.
    pub fn list<V: Into<Self>>(values: impl IntoIterator<Item = V>) -> Self {
        Self::List(values.into_iter().map(Into::into).collect())
    }

    /// A record. A repeated key keeps its last value.
    pub fn record<K: Into<String>, V: Into<Self>>(fields: impl IntoIterator<Item = (K, V)>) -> Self {
        Self::Record(fields.into_iter().map(|(key, value)| (key.into(), value.into())).collect())
    }

    /// A complex key (Rest.li protocol, "Complex key"): the fields of the key and, where there are any, its parameters
    /// as the member `$params`. A compound key is a record of its parts and needs no constructor of its own.
    ///
    /// ```
    /// # use sociogram_linkedin_api::restli::RestliValue;
    /// let key = RestliValue::complex_key([("a", "y"), ("b", "3")], [("a", "x")]);
    /// assert_eq!(key.encode_reduced(), "($params:(a:x),a:y,b:3)");
    /// ```
    pub fn complex_key<K: Into<String>, V: Into<Self>, P: Into<String>, W: Into<Self>>(
        key: impl IntoIterator<Item = (K, V)>,
        params: impl IntoIterator<Item = (P, W)>,
    ) -> Self {
        let mut fields: BTreeMap<String, Self> =
            key.into_iter().map(|(key, value)| (key.into(), value.into())).collect();
        let params = Self::record(params);
        if params != Self::Record(BTreeMap::new()) {
            fields.insert(PARAMS.to_owned(), params);
        }
        Self::Record(fields)
    }

    /// Reads JSON text as a value: objects become records, arrays lists. Whole numbers of any size keep all their
    /// digits: those beyond 64 bits become text, which Rest.li writes the same way. Numbers with a fraction or an
    /// exponent are read as the nearest `f64` and written without an exponent (`1.5e3` becomes `1500`).
    ///
    /// ```
    /// # use sociogram_linkedin_api::restli::RestliValue;
    /// let value = RestliValue::from_json(r#"{"ids":[18446744073709551616,"a,b"],"f":2.50}"#).unwrap();
    /// assert_eq!(value.encode(), "(f:2.5,ids:List(18446744073709551616,a%2Cb))");
    /// ```
    ///
    /// # Errors
    /// When the text is not JSON, holds a null or a number too large for `f64`, repeats a member of an object, or is
    /// deeper than 64 levels.
    pub fn from_json(text: &str) -> Result<Self, JsonError> {
        json::read(text)
    }

    /// The form for paths and query values: everything but letters, digits and `-._~` is
    /// percent-encoded inside text; empty text is `''`.
    pub fn encode(&self) -> String {
        encode::encode(self, encode::Mode::Full)
    }

    /// The form for keys inside JSON bodies and for ids in headers: only `,():'` are percent-encoded
    /// inside text. Text that itself holds a percent escape does not survive this form; that is how the
    /// protocol defines it.
    pub fn encode_reduced(&self) -> String {
        encode::encode(self, encode::Mode::Reduced)
    }

    /// Reads either form. Every leaf comes back as [`Text`](Self::Text), with any `%XX` decoded.
    ///
    /// # Errors
    /// When the text is not exactly one value: empty, unbalanced, followed by more, with an empty element
    /// or key, with a key given twice, deeper than 64 levels, or not UTF-8 after decoding.
    pub fn decode(text: &str) -> Result<Self, DecodeError> {
        decode::decode(text)
    }

    /// The text, if it is text.
    pub fn as_text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// The elements, if it is a list.
    pub fn as_list(&self) -> Option<&[Self]> {
        if let Self::List(values) = self { Some(values) } else { None }
    }

    /// A field, if it is a record that has it.
    pub fn field(&self, key: &str) -> Option<&Self> {
        if let Self::Record(fields) = self { fields.get(key) } else { None }
    }
}

/// A number that is neither infinite nor "not a number"; Rest.li has no form for those.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct FiniteFloat(f64);

impl FiniteFloat {
    /// `None` when the number is infinite or "not a number".
    pub fn new(number: f64) -> Option<Self> {
        number.is_finite().then_some(Self(number))
    }

    /// The number.
    pub const fn get(self) -> f64 {
        self.0
    }
}

impl From<FiniteFloat> for RestliValue {
    fn from(number: FiniteFloat) -> Self {
        Self::Float(number)
    }
}

impl From<&str> for RestliValue {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for RestliValue {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&String> for RestliValue {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}

macro_rules! from_copied {
    ($($variant:ident: $($number:ty),+;)+) => {$($(
        impl From<$number> for RestliValue {
            fn from(value: $number) -> Self {
                Self::$variant(value.into())
            }
        }

        impl From<&$number> for RestliValue {
            fn from(value: &$number) -> Self {
                (*value).into()
            }
        }
    )+)+};
}

from_copied! {
    Integer: i64, i32, u32, u16;
    Bool: bool;
}

/// Milliseconds since 1970, as LinkedIn writes times.
impl From<Timestamp> for RestliValue {
    fn from(time: Timestamp) -> Self {
        Self::Integer(time.as_unix_millis())
    }
}

impl From<&Timestamp> for RestliValue {
    fn from(time: &Timestamp) -> Self {
        (*time).into()
    }
}

impl From<&Self> for RestliValue {
    fn from(value: &Self) -> Self {
        value.clone()
    }
}

impl From<&Vec<String>> for RestliValue {
    fn from(texts: &Vec<String>) -> Self {
        Self::list(texts)
    }
}

/// Writes what has one text (`as_str`) as that text, and lists of it as lists.
macro_rules! restli_words {
    ($($name:ty),+ $(,)?) => {$(
        impl From<&$name> for $crate::restli::RestliValue {
            fn from(word: &$name) -> Self {
                word.as_str().into()
            }
        }

        impl From<&Vec<$name>> for $crate::restli::RestliValue {
            fn from(words: &Vec<$name>) -> Self {
                Self::list(words)
            }
        }
    )+};
}

pub(crate) use restli_words;

impl<V: Into<Self>> From<Vec<V>> for RestliValue {
    fn from(values: Vec<V>) -> Self {
        Self::list(values)
    }
}
