//! Declaring endpoints: what is the same for all of them is written once, here.

use sociogram_api_core::InvalidRequest;
use sociogram_api_core::http::RequestParts;

use crate::method::RestliMethod;
use crate::restli::{Query, RestliValue};

/// Puts parameters where they belong: a placeholder of the path, else the query.
pub(crate) struct Params<'p> {
    parts: &'p mut RequestParts,
    query: Query,
    /// The rest is the body's affair.
    only_path: bool,
}

impl<'p> Params<'p> {
    /// Marks the method, and starts.
    pub(crate) fn new(parts: &'p mut RequestParts, method: RestliMethod, only_path: bool) -> Self {
        // Older paths are not versioned, and some of them are no Rest.li.
        if parts.template().starts_with("/rest/") {
            method.mark(parts);
        }
        Self { parts, query: Query::new(), only_path }
    }

    pub(crate) fn put(&mut self, name: &'static str, value: impl Into<RestliValue>) {
        if has_placeholder(self.parts.template(), name) {
            self.parts.encoded_path(name, value.into().encode());
        } else if !self.only_path {
            self.query(name, value);
        }
    }

    /// Into the query, whatever else.
    pub(crate) fn query(&mut self, name: &'static str, value: impl Into<RestliValue>) {
        self.query = std::mem::take(&mut self.query).param(name, value);
    }

    /// Asks for some fields only.
    pub(crate) fn mask(&mut self, mask: &str) {
        self.query = std::mem::take(&mut self.query).fields(mask);
    }

    /// Changes the query as a whole.
    pub(crate) fn edit(
        &mut self,
        edit: impl FnOnce(Query) -> Result<Query, InvalidRequest>,
    ) -> Result<(), InvalidRequest> {
        self.query = edit(std::mem::take(&mut self.query))?;
        Ok(())
    }

    pub(crate) fn finish(self) {
        self.parts.encoded_query(self.query.encode());
    }
}

fn has_placeholder(template: &str, name: &str) -> bool {
    template.split('{').skip(1).any(|rest| rest.strip_prefix(name).is_some_and(|rest| rest.starts_with('}')))
}

/// Declares an endpoint.
///
/// ```text
/// endpoint! {
///     /// What it does: `GET /rest/networkSizes/{organization}`. Scopes, roles, limits, source.
///     pub struct GetFollowerCount -> NetworkSize;
///     "linkedin.network_sizes.get": Get "/rest/networkSizes/{organization}", Safe, [scope::R_ORGANIZATION_SOCIAL];
///     fixed { edgeType: "COMPANY_FOLLOWED_BY_MEMBER" } // parameters that are always the same
///     new { organization: OrganizationUrn }            // what `new` takes; a name in the path goes there
///     with {                                           // setters
///         /// Through whose eyes.
///         view as "viewContext": ViewContext,
///     }
///     projection;                                      // the setter `fields`, a raw projection mask
///     subject organization;                            // whose rate limit it counts against
///     sensitive true;                                  // no error keeps anything of the answer
///     checked by check;                                // `self.check() -> Vec<Finding>` comes before sending
///     body by body;                                    // `self.body() -> impl Serialize`; see below
///     query by query;                                  // `self.query(Query) -> Query`: parameters of other shapes
///     read by Self::read;                              // of `&Self` and `&RawResponse`, unless the answer is the output
/// }
/// ```
///
/// All blocks but the first two lines may be left out; their order is fixed. The HTTP method follows from the Rest.li
/// method. Parameters are written as Rest.li values, so their types need `From<&T> for RestliValue`. With `body by` only
/// placeholders of the path are filled, `fixed` parameters still go to the query, and the body has all the rest.
/// What it cannot say (uploads, hosts) is written as an `impl Endpoint` by hand.
macro_rules! endpoint {
    (
        $(#[$meta:meta])*
        pub struct $name:ident -> $output:ty;
        $operation:literal: $method:ident $path:literal, $replay:ident, [$($scope:expr),* $(,)?];
        $(fixed { $($cname:ident: $cvalue:expr),+ $(,)? })?
        $(new { $($(#[$nmeta:meta])* $nfield:ident $(as $nwire:literal)?: $nty:ty),+ $(,)? })?
        $(with { $($(#[$wmeta:meta])* $wfield:ident $(as $wwire:literal)?: $wty:ty),+ $(,)? })?
        $(projection $($mask:literal)?;)?
        $(subject $subject:ident;)?
        $(sensitive $sensitive:literal;)?
        $(checked by $check:ident;)?
        $(body by $body:ident;)?
        $(query by $query:ident;)?
        $(read by $read:path;)?
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug)]
        #[must_use = "an endpoint does nothing until it is sent"]
        pub struct $name {
            $($($nfield: $nty,)+)?
            $($($wfield: Option<$wty>,)+)?
            mask: ::std::borrow::Cow<'static, str>,
        }

        impl $name {
            $crate::endpoint::endpoint! { @new [$($($(#[$nmeta])* $nfield: $nty,)+)?] [$($($wfield,)+)?] [$($($mask)?)?] [] }
            $crate::endpoint::endpoint! { @setters $($($(#[$wmeta])* $wfield: $wty;)+)? }
            $crate::endpoint::endpoint! { @projection $([$($mask)?])? }
        }

        $crate::endpoint::endpoint! { @default $name [$($($nfield)+)?] }

        impl ::sociogram_api_core::http::Endpoint for $name {
            type Output = $output;

            const NAME: &'static str = $operation;
            const METHOD: ::http::Method = $crate::RestliMethod::$method.http_method();
            const PATH: &'static str = $path;
            const REPLAY: ::sociogram_api_core::http::Replay = ::sociogram_api_core::http::Replay::$replay;
            const SCOPES: &'static [&'static str] = &[$($scope),*];
            $(const SENSITIVE: bool = $sensitive;)?

            fn write(
                &self,
                parts: &mut ::sociogram_api_core::http::RequestParts,
            ) -> Result<(), ::sociogram_api_core::InvalidRequest> {
                $crate::endpoint::endpoint! { @check self $($check)? }
                let has_body = $crate::endpoint::endpoint! { @has_body $($body)? };
                let mut params =
                    $crate::endpoint::Params::new(parts, $crate::RestliMethod::$method, has_body);
                $($(params.query(stringify!($cname), $cvalue);)+)?
                $($(params.put($crate::endpoint::endpoint!(@wire $nfield $($nwire)?), &self.$nfield);)+)?
                $($(if let Some(value) = &self.$wfield {
                    params.put($crate::endpoint::endpoint!(@wire $wfield $($wwire)?), value);
                })+)?
                $(params.edit(|query| Ok(self.$query(query)))?;)?
                if !self.mask.is_empty() {
                    params.mask(&self.mask);
                }
                params.finish();
                $(parts.json(&self.$body())?;)?
                Ok(())
            }

            $(fn subject(&self) -> Option<&str> {
                Some(self.$subject.as_ref())
            })?

            fn decode(
                &self,
                response: &::sociogram_api_core::http::RawResponse,
            ) -> Result<$output, ::sociogram_api_core::http::DecodeError> {
                $crate::endpoint::endpoint! { @read self response $($read)? }
            }
        }
    };

    (@new [] [$($wfield:ident,)*] [$($mask:literal)?] [$($extra:ident: $value:expr,)*]) => {
        /// As LinkedIn does it unless told otherwise.
        pub fn new() -> Self {
            Self {
                $($wfield: None,)*
                mask: $crate::endpoint::endpoint! { @mask $($mask)? },
                $($extra: $value,)*
            }
        }
    };
    (@new [$($(#[$nmeta:meta])* $nfield:ident: $nty:ty,)+] [$($wfield:ident,)*] [$($mask:literal)?] [$($extra:ident: $value:expr,)*]) => {
        /// With what LinkedIn demands, and nothing else.
        pub fn new($($nfield: impl Into<$nty>),+) -> Self {
            Self {
                $($nfield: $nfield.into(),)+
                $($wfield: None,)*
                mask: $crate::endpoint::endpoint! { @mask $($mask)? },
                $($extra: $value,)*
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
    (@projection) => {};
    (@projection [$($mask:literal)?]) => {
        /// Only these fields: a projection mask such as `id,content:(media)`.
        pub fn fields(mut self, mask: impl Into<::std::borrow::Cow<'static, str>>) -> Self {
            self.mask = mask.into();
            self
        }
    };
    (@mask) => { ::std::borrow::Cow::Borrowed("") };
    (@mask $mask:literal) => { ::std::borrow::Cow::Borrowed($mask) };
    (@default $name:ident []) => {
        impl Default for $name {
            fn default() -> Self {
                Self::new()
            }
        }
    };
    (@default $name:ident [$($nfield:ident)+]) => {};
    (@check $this:ident) => {};
    (@check $this:ident $check:ident) => {
        if let Some(invalid) = ::sociogram_api_core::InvalidRequest::from_findings($this.$check()) {
            return Err(invalid);
        }
    };
    (@has_body) => { false };
    (@has_body $body:ident) => { true };
    (@wire $field:ident) => { stringify!($field) };
    (@wire $field:ident $wire:literal) => { $wire };
    (@read $this:ident $response:ident) => { $response.json() };
    (@read $this:ident $response:ident $read:path) => { $read($this, $response) };
}

/// Declares a list, page by page: like [`endpoint!`], with the item in place of the output, and how it is paged:
/// `offset` (`start`, `count`) or `token` (`pageToken`, `pageSize`), the usual page and the largest one.
///
/// ```text
/// list_endpoint! {
///     /// What it lists: `GET /rest/posts?q=author`. Scopes, limits, source.
///     pub struct ListPosts -> Post;
///     "linkedin.posts.list": Finder "/rest/posts", [scope::R_ORGANIZATION_SOCIAL], offset 50 to 100;
///     fixed { q: "author" }
///     new { author: ActorUrn }
///     with { … }
///     projection;
///     subject author;
///     sensitive true;
///     checked by check;
///     query by query;
/// }
/// ```
macro_rules! list_endpoint {
    (
        $(#[$meta:meta])*
        pub struct $name:ident -> $item:ty;
        $operation:literal: $method:ident $path:literal, [$($scope:expr),* $(,)?], $style:ident $usual:literal to $most:literal;
        $(fixed { $($cname:ident: $cvalue:expr),+ $(,)? })?
        $(new { $($(#[$nmeta:meta])* $nfield:ident $(as $nwire:literal)?: $nty:ty),+ $(,)? })?
        $(with { $($(#[$wmeta:meta])* $wfield:ident $(as $wwire:literal)?: $wty:ty),+ $(,)? })?
        $(projection $($mask:literal)?;)?
        $(subject $subject:ident;)?
        $(sensitive $sensitive:literal;)?
        $(checked by $check:ident;)?
        $(query by $query:ident;)?
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug)]
        #[must_use = "an endpoint does nothing until it is sent"]
        pub struct $name {
            $($($nfield: $nty,)+)?
            $($($wfield: Option<$wty>,)+)?
            mask: ::std::borrow::Cow<'static, str>,
            window: $crate::collection::Window,
        }

        impl $name {
            $crate::endpoint::endpoint! {
                @new [$($($(#[$nmeta])* $nfield: $nty,)+)?] [$($($wfield,)+)?] [$($($mask)?)?]
                [window: $crate::collection::Window::$style($usual, $most),]
            }
            $crate::endpoint::endpoint! { @setters $($($(#[$wmeta])* $wfield: $wty;)+)? }
            $crate::endpoint::endpoint! { @projection $([$($mask)?])? }

            #[doc = concat!("How many entries one page holds, 1 to ", stringify!($most), "; ", stringify!($usual), " unless told.")]
            pub fn count(mut self, count: u32) -> Self {
                self.window.set_count(count);
                self
            }
        }

        $crate::endpoint::endpoint! { @default $name [$($($nfield)+)?] }

        impl ::sociogram_api_core::http::Endpoint for $name {
            type Output = ::sociogram_api_core::http::Page<$item>;

            const NAME: &'static str = $operation;
            const METHOD: ::http::Method = $crate::RestliMethod::$method.http_method();
            const PATH: &'static str = $path;
            const REPLAY: ::sociogram_api_core::http::Replay = ::sociogram_api_core::http::Replay::Safe;
            const SCOPES: &'static [&'static str] = &[$($scope),*];
            $(const SENSITIVE: bool = $sensitive;)?

            fn write(
                &self,
                parts: &mut ::sociogram_api_core::http::RequestParts,
            ) -> Result<(), ::sociogram_api_core::InvalidRequest> {
                $crate::endpoint::endpoint! { @check self $($check)? }
                let mut params = $crate::endpoint::Params::new(parts, $crate::RestliMethod::$method, false);
                $($(params.query(stringify!($cname), $cvalue);)+)?
                $($(params.put($crate::endpoint::endpoint!(@wire $nfield $($nwire)?), &self.$nfield);)+)?
                $($(if let Some(value) = &self.$wfield {
                    params.put($crate::endpoint::endpoint!(@wire $wfield $($wwire)?), value);
                })+)?
                $(params.edit(|query| Ok(self.$query(query)))?;)?
                if !self.mask.is_empty() {
                    params.mask(&self.mask);
                }
                params.edit(|query| self.window.write(query))?;
                params.finish();
                Ok(())
            }

            $(fn subject(&self) -> Option<&str> {
                Some(self.$subject.as_ref())
            })?

            fn decode(
                &self,
                response: &::sociogram_api_core::http::RawResponse,
            ) -> Result<::sociogram_api_core::http::Page<$item>, ::sociogram_api_core::http::DecodeError> {
                self.window.page(response)
            }
        }

        impl ::sociogram_api_core::http::ListEndpoint for $name {
            type Item = $item;

            fn after(mut self, cursor: &::sociogram_api_core::http::Cursor) -> Self {
                self.window.start_at(cursor);
                self
            }
        }
    };
}

pub(crate) use {endpoint, list_endpoint};

#[cfg(test)]
mod tests;
