//! Declaring endpoints: what is the same for all of them is written once, here.

use std::borrow::Cow;

use http::Method;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};
use sociogram_api_core::http::RequestParts;
use sociogram_api_core::{Finding, InvalidRequest, Timestamp};

/// How the parameters of a `POST` travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// As a form; lists and objects as JSON text in their field. Works everywhere on Graph.
    Form,
    /// As one JSON object, as WhatsApp and the send API want it.
    Json,
}

/// Puts parameters where they belong: a placeholder of the path, the query of a `GET` or `DELETE`, else the body.
pub(crate) struct Params<'p> {
    parts: &'p mut RequestParts,
    json: Option<Map<String, Value>>,
}

impl<'p> Params<'p> {
    pub(crate) fn new(parts: &'p mut RequestParts, encoding: Encoding) -> Self {
        let json = (encoding == Encoding::Json).then(Map::new);
        Self { parts, json }
    }

    pub(crate) fn put<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), InvalidRequest> {
        let value = serde_json::to_value(value).map_err(|_| {
            Finding::error("request.parameter", name, "the value cannot be written as JSON")
                .advice("use text as the keys of maps")
        })?;
        if has_placeholder(self.parts.template(), name) {
            self.parts.path(name, text(&value));
        } else if matches!(*self.parts.method(), Method::GET | Method::DELETE) {
            self.parts.query(name, text(&value));
        } else if let Some(object) = &mut self.json {
            object.insert(name.to_owned(), value);
        } else {
            self.parts.form_field(name, text(&value));
        }
        Ok(())
    }

    pub(crate) fn finish(self) -> Result<(), InvalidRequest> {
        match self.json {
            Some(object) if *self.parts.method() == Method::POST => self.parts.json(&object).map(|_| ()),
            _ => Ok(()),
        }
    }
}

fn has_placeholder(template: &str, name: &str) -> bool {
    template.split('{').skip(1).any(|rest| rest.strip_prefix(name).is_some_and(|rest| rest.starts_with('}')))
}

/// Text as it is, everything else as JSON.
fn text(value: &Value) -> Cow<'_, str> {
    match value {
        Value::String(text) => Cow::Borrowed(text),
        other => Cow::Owned(other.to_string()),
    }
}

/// A time as Meta takes it: whole seconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnixTime(Timestamp);

impl UnixTime {
    /// The time.
    pub const fn timestamp(self) -> Timestamp {
        self.0
    }
}

impl From<Timestamp> for UnixTime {
    fn from(time: Timestamp) -> Self {
        Self(time)
    }
}

impl Serialize for UnixTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(self.0.as_unix_seconds())
    }
}

/// Several values in one parameter, joined by commas.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Joined(String);

impl Joined {
    /// The values, joined.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<T: AsRef<str>, const N: usize> From<[T; N]> for Joined {
    fn from(values: [T; N]) -> Self {
        values.iter().collect()
    }
}

impl<T: AsRef<str>> From<Vec<T>> for Joined {
    fn from(values: Vec<T>) -> Self {
        values.iter().collect()
    }
}

impl<'t, T: AsRef<str> + 't> FromIterator<&'t T> for Joined {
    fn from_iter<I: IntoIterator<Item = &'t T>>(values: I) -> Self {
        let values: Vec<&str> = values.into_iter().map(AsRef::as_ref).collect();
        Self(values.join(","))
    }
}

impl Serialize for Joined {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

/// Declares an endpoint.
///
/// ```text
/// endpoint! {
///     /// What it does: `POST /{page_id}/photos`. Permissions, limits, source.
///     pub struct CreatePhoto -> CreatedPhoto;
///     "page.photos.create": POST "/{page_id}/photos", Never, [scope::PAGES_MANAGE_POSTS];   // `, Json` for a JSON body
///     fixed { messaging_product: "whatsapp" }      // what is always the same
///     new { page_id: PageId, url: String }         // what `new` takes; a name in the path goes there
///     with {                                       // setters
///         /// The text under it.
///         caption: String,
///         /// How it is spelled on the wire, where that is no good name.
///         kind as "type": PhotoKind,
///     }
///     fields "id,name";                            // the parameter `fields` and its setter
///     subject page_id;                             // whose rate limit it counts against
///     checked by check;                            // `self.check() -> Vec<Finding>` comes before sending
///     decode acknowledged::read;                   // unless the answer is the output as JSON
///     sensitive true;                              // no error keeps any of the answer
/// }
/// ```
///
/// All blocks but the first two lines may be left out; their order is fixed. What it cannot say (`multipart`, hosts,
/// bodies of another shape) is written as an `impl Endpoint` by hand.
macro_rules! endpoint {
    (
        $(#[$meta:meta])*
        pub struct $name:ident -> $output:ty;
        $operation:literal: $method:ident $path:literal, $replay:ident, [$($scope:expr),* $(,)?] $(, $encoding:ident)?;
        $(fixed { $($cname:ident: $cvalue:expr),+ $(,)? })?
        $(new { $($(#[$nmeta:meta])* $nfield:ident $(as $nwire:literal)?: $nty:ty),+ $(,)? })?
        $(with { $($(#[$wmeta:meta])* $wfield:ident $(as $wwire:literal)?: $wty:ty),+ $(,)? })?
        $(fields $fields:expr;)?
        $(subject $subject:ident;)?
        $(checked by $check:ident;)?
        $(decode $decode:path;)?
        $(sensitive $sensitive:literal;)?
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug)]
        pub struct $name {
            $($($nfield: $nty,)+)?
            $($($wfield: Option<$wty>,)+)?
            fields: ::std::borrow::Cow<'static, str>,
        }

        impl $name {
            $crate::endpoint::endpoint! { @new $name [$($($nfield: $nty,)+)?] [$($($wfield,)+)?] [$($fields)?] }
            $crate::endpoint::endpoint! { @setters $($($(#[$wmeta])* $wfield: $wty;)+)? }
            $crate::endpoint::endpoint! { @fields $($fields)? }
        }

        $crate::endpoint::endpoint! { @default $name [$($($nfield)+)?] }

        impl ::sociogram_api_core::http::Endpoint for $name {
            type Output = $output;

            const NAME: &'static str = $operation;
            const METHOD: ::http::Method = ::http::Method::$method;
            const PATH: &'static str = $path;
            const REPLAY: ::sociogram_api_core::http::Replay = ::sociogram_api_core::http::Replay::$replay;
            const SCOPES: &'static [&'static str] = &[$($scope),*];
            $(const SENSITIVE: bool = $sensitive;)?

            fn write(
                &self,
                parts: &mut ::sociogram_api_core::http::RequestParts,
            ) -> Result<(), ::sociogram_api_core::InvalidRequest> {
                $crate::endpoint::endpoint! { @check self $($check)? }
                let encoding = $crate::endpoint::endpoint! { @encoding $($encoding)? };
                let mut params = $crate::endpoint::Params::new(parts, encoding);
                $($(params.put(stringify!($cname), $cvalue)?;)+)?
                $($(params.put($crate::endpoint::endpoint!(@wire $nfield $($nwire)?), &self.$nfield)?;)+)?
                $($(if let Some(value) = &self.$wfield {
                    params.put($crate::endpoint::endpoint!(@wire $wfield $($wwire)?), value)?;
                })+)?
                if !self.fields.is_empty() {
                    params.put("fields", &*self.fields)?;
                }
                params.finish()
            }

            $(fn subject(&self) -> Option<&str> {
                Some(self.$subject.as_ref())
            })?

            fn decode(
                &self,
                response: &::sociogram_api_core::http::RawResponse,
            ) -> Result<$output, ::sociogram_api_core::http::DecodeError> {
                $crate::endpoint::endpoint! { @decode response $($decode)? }
            }
        }
    };

    (@new $name:ident [] [$($wfield:ident,)*] [$($fields:expr)?]) => {
        /// As Meta does it unless told otherwise.
        pub fn new() -> Self {
            Self {
                $($wfield: None,)*
                fields: $crate::endpoint::endpoint! { @default_fields $($fields)? },
            }
        }
    };
    (@new $name:ident [$($nfield:ident: $nty:ty,)+] [$($wfield:ident,)*] [$($fields:expr)?]) => {
        /// With what Meta demands, and nothing else.
        pub fn new($($nfield: impl Into<$nty>),+) -> Self {
            Self {
                $($nfield: $nfield.into(),)+
                $($wfield: None,)*
                fields: $crate::endpoint::endpoint! { @default_fields $($fields)? },
            }
        }
    };
    (@setters $($(#[$wmeta:meta])* $wfield:ident: $wty:ty;)*) => {
        $(
            $(#[$wmeta])*
            pub fn $wfield(mut self, $wfield: impl Into<$wty>) -> Self {
                self.$wfield = Some($wfield.into());
                self
            }
        )*
    };
    (@default $name:ident []) => {
        impl Default for $name {
            fn default() -> Self {
                Self::new()
            }
        }
    };
    (@default $name:ident [$($nfield:ident)+]) => {};
    (@default_fields) => { ::std::borrow::Cow::Borrowed("") };
    (@default_fields $fields:expr) => { ::std::borrow::Cow::Borrowed($fields) };
    (@fields) => {};
    (@fields $fields:expr) => {
        /// Other fields than usual, in Meta's syntax; [`Fields`](crate::Fields) puts them together.
        pub fn fields(mut self, fields: impl Into<::std::borrow::Cow<'static, str>>) -> Self {
            self.fields = fields.into();
            self
        }
    };
    (@check $this:ident) => {};
    (@check $this:ident $check:ident) => {
        if let Some(invalid) = ::sociogram_api_core::InvalidRequest::from_findings($this.$check()) {
            return Err(invalid);
        }
    };
    (@encoding) => { $crate::endpoint::Encoding::Form };
    (@encoding $encoding:ident) => { $crate::endpoint::Encoding::$encoding };
    (@wire $field:ident) => { stringify!($field) };
    (@wire $field:ident $wire:literal) => { $wire };
    (@decode $response:ident) => { $response.json() };
    (@decode $response:ident $decode:path) => { $decode($response) };
}

/// Declares a list, page by page: like [`endpoint!`], with the item in place of the output, always a `GET` that may be
/// repeated, and the most that one page holds.
///
/// ```text
/// list_endpoint! {
///     /// What it lists: `GET /{page_id}/feed`. Permissions, limits, source.
///     pub struct ListFeed -> Post;
///     "page.posts.list": "/{page_id}/feed", [scope::PAGES_READ_ENGAGEMENT], limit 100;
///     new { page_id: PageId }
///     with { … }
///     fields "id,message";
///     subject page_id;
///     checked by check;
///     sensitive true;
/// }
/// ```
macro_rules! list_endpoint {
    (
        $(#[$meta:meta])*
        pub struct $name:ident -> $item:ty;
        $operation:literal: $path:literal, [$($scope:expr),* $(,)?], limit $max:literal;
        $(new { $($(#[$nmeta:meta])* $nfield:ident $(as $nwire:literal)?: $nty:ty),+ $(,)? })?
        $(with { $($(#[$wmeta:meta])* $wfield:ident $(as $wwire:literal)?: $wty:ty),+ $(,)? })?
        $(fields $fields:expr;)?
        $(subject $subject:ident;)?
        $(checked by $check:ident;)?
        $(sensitive $sensitive:literal;)?
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug)]
        pub struct $name {
            $($($nfield: $nty,)+)?
            $($($wfield: Option<$wty>,)+)?
            fields: ::std::borrow::Cow<'static, str>,
            page: $crate::page_envelope::Position,
        }

        impl $name {
            $crate::endpoint::list_endpoint! { @new $name [$($($nfield: $nty,)+)?] [$($($wfield,)+)?] [$($fields)?] }
            $crate::endpoint::endpoint! { @setters $($($(#[$wmeta])* $wfield: $wty;)+)? }
            $crate::endpoint::endpoint! { @fields $($fields)? }

            #[doc = concat!("How many items one page holds, at most ", stringify!($max), "; Meta gives 25 unless told.")]
            pub fn limit(mut self, limit: u32) -> Self {
                self.page.limit = Some(limit);
                self
            }
        }

        $crate::endpoint::endpoint! { @default $name [$($($nfield)+)?] }

        impl ::sociogram_api_core::http::Endpoint for $name {
            type Output = ::sociogram_api_core::http::Page<$item>;

            const NAME: &'static str = $operation;
            const METHOD: ::http::Method = ::http::Method::GET;
            const PATH: &'static str = $path;
            const REPLAY: ::sociogram_api_core::http::Replay = ::sociogram_api_core::http::Replay::Safe;
            const SCOPES: &'static [&'static str] = &[$($scope),*];
            $(const SENSITIVE: bool = $sensitive;)?

            fn write(
                &self,
                parts: &mut ::sociogram_api_core::http::RequestParts,
            ) -> Result<(), ::sociogram_api_core::InvalidRequest> {
                $crate::endpoint::endpoint! { @check self $($check)? }
                let mut params = $crate::endpoint::Params::new(parts, $crate::endpoint::Encoding::Form);
                $($(params.put($crate::endpoint::endpoint!(@wire $nfield $($nwire)?), &self.$nfield)?;)+)?
                $($(if let Some(value) = &self.$wfield {
                    params.put($crate::endpoint::endpoint!(@wire $wfield $($wwire)?), value)?;
                })+)?
                if !self.fields.is_empty() {
                    params.put("fields", &*self.fields)?;
                }
                params.finish()?;
                self.page.write(parts, $max)
            }

            $(fn subject(&self) -> Option<&str> {
                Some(self.$subject.as_ref())
            })?

            fn decode(
                &self,
                response: &::sociogram_api_core::http::RawResponse,
            ) -> Result<::sociogram_api_core::http::Page<$item>, ::sociogram_api_core::http::DecodeError> {
                $crate::page_envelope::read(response)
            }
        }

        impl ::sociogram_api_core::http::ListEndpoint for $name {
            type Item = $item;

            fn after(mut self, cursor: &::sociogram_api_core::http::Cursor) -> Self {
                self.page.after = Some(cursor.clone());
                self
            }

            fn smaller(&self, error: &::sociogram_api_core::http::CoreError) -> Option<Self> {
                Some(Self { page: self.page.smaller(error)?, ..self.clone() })
            }
        }
    };

    (@new $name:ident [] [$($wfield:ident,)*] [$($fields:expr)?]) => {
        /// The first page of all there is.
        pub fn new() -> Self {
            Self {
                $($wfield: None,)*
                fields: $crate::endpoint::endpoint! { @default_fields $($fields)? },
                page: $crate::page_envelope::Position::default(),
            }
        }
    };
    (@new $name:ident [$($nfield:ident: $nty:ty,)+] [$($wfield:ident,)*] [$($fields:expr)?]) => {
        /// The first page of all there is.
        pub fn new($($nfield: impl Into<$nty>),+) -> Self {
            Self {
                $($nfield: $nfield.into(),)+
                $($wfield: None,)*
                fields: $crate::endpoint::endpoint! { @default_fields $($fields)? },
                page: $crate::page_envelope::Position::default(),
            }
        }
    };
}

pub(crate) use {endpoint, list_endpoint};

#[cfg(test)]
mod tests;
