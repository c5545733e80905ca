//! Creating and changing what is in an ad account.

/// Declares the fields of a body: typed setters over `set`.
macro_rules! fields {
    ($name:ident, $($(#[$doc:meta])* $field:ident as $wire:literal: $ty:ty),+ $(,)?) => {
        impl $name {
            $(
                $(#[$doc])*
                pub fn $field(self, value: impl Into<$ty>) -> Self {
                    self.set($wire, value.into())
                }
            )+
        }
    };
}

/// Declares the creation of something: the struct, `set`, and the call. The body is the field `body`, and `Output` is the
/// id of what was created.
macro_rules! create {
    (
        $(#[$meta:meta])*
        pub struct $name:ident { $($key:ident: $ty:ty),* $(,)? } -> $output:ty;
        $operation:literal: $path:literal;
        $(subject $subject:ident;)?
        $(checked by $check:ident;)?
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug)]
        #[must_use = "an endpoint does nothing until it is sent"]
        pub struct $name {
            $($key: $ty,)*
            body: ::serde_json::Map<String, ::serde_json::Value>,
        }

        impl $name {
            /// Any other field, by LinkedIn's name, as JSON.
            pub fn set(mut self, field: impl Into<String>, value: impl Into<::serde_json::Value>) -> Self {
                self.body.insert(field.into(), value.into());
                self
            }
        }

        $crate::ads::write::endpoint! {
            $name, $output, $operation, Create, $path, Never, [$($key)*], [$($subject)?], body, $crate::created::read,
            [$($check)?]
        }
    };
}

/// Declares a partial update: the struct, `new`, `set`, `remove`, and the call.
macro_rules! update {
    (
        $(#[$meta:meta])*
        pub struct $name:ident { $($key:ident: $ty:ty),+ $(,)? }
        $operation:literal: $path:literal;
        subject $subject:ident;
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug)]
        #[must_use = "an endpoint does nothing until it is sent"]
        pub struct $name {
            $($key: $ty,)+
            patch: $crate::patch::Patch,
        }

        impl $name {
            /// Changes nothing yet.
            pub fn new($($key: impl Into<$ty>),+) -> Self {
                Self { $($key: $key.into(),)+ patch: $crate::patch::Patch::new() }
            }

            /// Sets any other field, by LinkedIn's name, as JSON.
            pub fn set(mut self, field: impl Into<String>, value: impl Into<::serde_json::Value>) -> Self {
                self.patch = self.patch.set(field, value);
                self
            }

            /// Removes a field.
            pub fn remove(mut self, field: impl Into<String>) -> Self {
                self.patch = self.patch.remove(field);
                self
            }

            /// What is wrong with it, as far as that can be told without LinkedIn.
            pub fn check(&self) -> Vec<::sociogram_api_core::Finding> {
                let is_empty = self.patch.is_empty();
                is_empty.then(|| $crate::guard::rules::UPDATE_EMPTY.finding("patch")).into_iter().collect()
            }
        }

        $crate::ads::write::endpoint! {
            $name, (), $operation, PartialUpdate, $path, Safe, [$($key)+], [$subject], patch,
            $crate::created::nothing,
            [check]
        }
    };
}

macro_rules! endpoint {
    (
        $name:ident, $output:ty, $operation:literal, $method:ident, $path:literal, $replay:ident, [$($key:ident)*],
        [$($subject:ident)?], $body:ident, $read:path, [$($check:ident)?]
    ) => {
        impl ::sociogram_api_core::http::Endpoint for $name {
            type Output = $output;

            const NAME: &'static str = $operation;
            const METHOD: ::http::Method = $crate::RestliMethod::$method.http_method();
            const PATH: &'static str = $path;
            const REPLAY: ::sociogram_api_core::http::Replay = ::sociogram_api_core::http::Replay::$replay;
            const SCOPES: &'static [&'static str] = &[::sociogram_oauth_core::scope::RW_ADS];

            fn write(
                &self,
                parts: &mut ::sociogram_api_core::http::RequestParts,
            ) -> Result<(), ::sociogram_api_core::InvalidRequest> {
                $(if let Some(invalid) = ::sociogram_api_core::InvalidRequest::from_findings(self.$check()) {
                    return Err(invalid);
                })?
                #[allow(unused_mut, reason = "not everything has a key in its path")]
                let mut params =
                    $crate::endpoint::Params::new(parts, $crate::RestliMethod::$method, true);
                $(params.put(stringify!($key), &self.$key);)*
                params.finish();
                parts.json(&self.$body)?;
                Ok(())
            }

            $(fn subject(&self) -> Option<&str> {
                Some(self.$subject.as_ref())
            })?

            fn decode(
                &self,
                response: &::sociogram_api_core::http::RawResponse,
            ) -> Result<$output, ::sociogram_api_core::http::DecodeError> {
                $read(self, response)
            }
        }
    };
}

pub(super) use {create, endpoint, fields, update};
