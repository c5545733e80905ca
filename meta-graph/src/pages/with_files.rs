//! Endpoints that may carry files: a form without one, `multipart/form-data` with one.

use std::time::Duration;

use serde::Serialize;
use serde_json::Value;
use sociogram_api_core::http::{Body, Multipart, Operation, Part, RequestParts};
use sociogram_api_core::{Finding, InvalidRequest};

/// The slowest upload that is waited for, in bytes per second.
const SLOWEST: u64 = 128 * 1024;

/// How long an upload of unknown length may take.
const LONGEST: Duration = Duration::from_secs(3_600);

/// What is added for everything but the bytes.
const MARGIN: Duration = Duration::from_secs(60);

/// A file of your own, sent with the call. It is never kept by what is stored.
#[derive(Clone, Debug)]
pub struct MediaFile {
    name: String,
    content_type: String,
    body: Body,
}

impl MediaFile {
    /// `name` with its ending (`photo.jpg`), `content_type` such as `image/jpeg`, and the bytes: in memory, or as
    /// a [`BodySource`](sociogram_api_core::http::BodySource) where memory is to stay flat.
    pub fn new(name: impl Into<String>, content_type: impl Into<String>, body: impl Into<Body>) -> Self {
        Self { name: name.into(), content_type: content_type.into(), body: body.into() }
    }

    /// Its length in bytes, if known.
    pub fn len(&self) -> Option<u64> {
        self.body.len()
    }

    /// Whether it is known to have no bytes.
    pub fn is_empty(&self) -> bool {
        self.body.is_empty()
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it is said to be, such as `image/jpeg`.
    pub fn content_type(&self) -> &str {
        &self.content_type
    }
}

/// The parameters of a call that may carry files, in order.
#[derive(Default)]
pub(crate) struct FormFields {
    texts: Vec<(&'static str, String)>,
    files: Vec<(&'static str, MediaFile)>,
}

impl FormFields {
    /// Text as it is, everything else as JSON.
    pub(crate) fn put<T: Serialize>(
        &mut self,
        name: &'static str,
        value: Option<&T>,
    ) -> Result<(), InvalidRequest> {
        let Some(value) = value else { return Ok(()) };
        let value = serde_json::to_value(value).map_err(|_| {
            Finding::error("request.parameter", name, "the value cannot be written as JSON")
                .advice("use text as the keys of maps")
        })?;
        let text = match value {
            Value::String(text) => text,
            other => other.to_string(),
        };
        self.texts.push((name, text));
        Ok(())
    }

    /// A file, if there is one.
    pub(crate) fn file(&mut self, name: &'static str, file: Option<&MediaFile>) {
        self.files.extend(file.map(|file| (name, file.clone())));
    }

    /// The body.
    pub(crate) fn write(self, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        if self.files.is_empty() {
            for (name, text) in self.texts {
                parts.form_field(name, text);
            }
            return Ok(());
        }
        let mut multipart = Multipart::new();
        for (name, text) in self.texts {
            multipart = multipart.part(Part::text(name, text));
        }
        for (name, file) in self.files {
            multipart = multipart.part(Part::file(name, file.name, file.content_type, file.body));
        }
        parts.multipart(multipart).map(|_| ())
    }
}

/// Gives large files the time they need: the usual times are those of small calls.
pub(crate) fn patience<'f>(
    operation: Operation,
    files: impl IntoIterator<Item = Option<&'f MediaFile>>,
) -> Operation {
    match time_needed(files.into_iter().flatten().map(MediaFile::len)) {
        Some(attempt) => operation.attempt_timeout(attempt).call_timeout(attempt + MARGIN),
        None => operation,
    }
}

/// `None` where the usual time will do.
fn time_needed(lengths: impl IntoIterator<Item = Option<u64>>) -> Option<Duration> {
    let mut needed = Duration::ZERO;
    for length in lengths {
        needed += length.map_or(LONGEST, |bytes| Duration::from_secs(bytes / SLOWEST));
    }
    (needed >= Duration::from_secs(10)).then(|| needed + MARGIN)
}

/// Declares such an endpoint: like [`endpoint!`](crate::endpoint::endpoint), always a `POST`, with `files` as further
/// setters, and with `own` for parameters whose setters are written by hand.
macro_rules! file_endpoint {
    (
        $(#[$meta:meta])*
        pub struct $name:ident -> $output:ty;
        $operation:literal: POST $path:literal, $replay:ident, [$($scope:expr),* $(,)?];
        new { $nfield:ident: $nty:ty }
        with { $($(#[$wmeta:meta])* $wfield:ident $(as $wwire:literal)?: $wty:ty),* $(,)? }
        own { $($ofield:ident $(as $owire:literal)?: $oty:ty),* $(,)? }
        files { $($(#[$fmeta:meta])* $file:ident),+ $(,)? }
        checked by $check:ident;
        $(subject $subject:ident;)?
        $(described by $describe:path;)?
        $(decode $decode:path;)?
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug)]
        pub struct $name {
            $nfield: $nty,
            $($wfield: Option<$wty>,)*
            $($ofield: Option<$oty>,)*
            $($file: Option<$crate::pages::MediaFile>,)+
        }

        impl $name {
            /// With what Meta demands, and nothing else.
            pub fn new($nfield: impl Into<$nty>) -> Self {
                Self {
                    $nfield: $nfield.into(),
                    $($wfield: None,)*
                    $($ofield: None,)*
                    $($file: None,)+
                }
            }

            $crate::endpoint::endpoint! { @setters $($(#[$wmeta])* $wfield: $wty;)* $($(#[$fmeta])* $file: $crate::pages::MediaFile;)+ }
        }

        impl ::sociogram_api_core::http::Endpoint for $name {
            type Output = $output;

            const NAME: &'static str = $operation;
            const METHOD: ::http::Method = ::http::Method::POST;
            const PATH: &'static str = $path;
            const REPLAY: ::sociogram_api_core::http::Replay = ::sociogram_api_core::http::Replay::$replay;
            const SCOPES: &'static [&'static str] = &[$($scope),*];

            fn write(
                &self,
                parts: &mut ::sociogram_api_core::http::RequestParts,
            ) -> Result<(), ::sociogram_api_core::InvalidRequest> {
                $crate::endpoint::endpoint! { @check self $check }
                parts.path(stringify!($nfield), &self.$nfield);
                let mut fields = $crate::pages::with_files::FormFields::default();
                $(fields.put($crate::endpoint::endpoint!(@wire $wfield $($wwire)?), self.$wfield.as_ref())?;)*
                $(fields.put($crate::endpoint::endpoint!(@wire $ofield $($owire)?), self.$ofield.as_ref())?;)*
                $(fields.file(stringify!($file), self.$file.as_ref());)+
                fields.write(parts)
            }

            $(fn subject(&self) -> Option<&str> {
                Some(self.$subject.as_ref())
            })?

            fn describe(
                &self,
                operation: ::sociogram_api_core::http::Operation,
            ) -> ::sociogram_api_core::http::Operation {
                $(let operation = $describe(operation);)?
                $crate::pages::with_files::patience(operation, [$(self.$file.as_ref()),+])
            }

            fn decode(
                &self,
                response: &::sociogram_api_core::http::RawResponse,
            ) -> Result<$output, ::sociogram_api_core::http::DecodeError> {
                $crate::endpoint::endpoint! { @decode response $($decode)? }
            }
        }
    };
}

pub(crate) use file_endpoint;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_large_files_get_more_time() {
        for (lengths, seconds) in [
            (vec![], None),
            (vec![Some(1_000_000)], None),
            (vec![Some(SLOWEST * 100), Some(SLOWEST * 20)], Some(180)),
            (vec![None], Some(3_660)),
        ] {
            assert_eq!(time_needed(lengths.clone()), seconds.map(Duration::from_secs), "{lengths:?}");
        }
        let file = MediaFile::new("a.mp4", "video/mp4", vec![0_u8; 3]);
        assert_eq!(
            (file.len(), file.is_empty(), file.name(), file.content_type()),
            (Some(3), false, "a.mp4", "video/mp4")
        );
    }
}
