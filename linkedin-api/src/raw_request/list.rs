//! A list of any resource.

use std::fmt;
use std::marker::PhantomData;

use http::Method;
use serde::de::DeserializeOwned;
use serde_json::Value;
use sociogram_api_core::InvalidRequest;
use sociogram_api_core::http::{
    Cursor, DecodeError, Endpoint, ListEndpoint, Operation, Page, RawResponse, Replay, RequestParts,
};

use super::{Target, target_setters};
use crate::collection::Window;
use crate::method::RestliMethod;
use crate::restli::RestliValue;

/// The longest page a list of unknown kind is asked for.
const MAX_COUNT: u32 = 1000;

/// A list that this crate has no type for, in pages.
///
/// ```
/// use futures_util::TryStreamExt;
/// use sociogram_linkedin_api::RawList;
///
/// # async fn example(client: &sociogram_linkedin_api::Client) -> Result<(), sociogram_linkedin_api::Error> {
/// let events = RawList::finder("events", "eventsByOrganizer").query("organizer", "urn:li:organization:5");
/// let events: Vec<serde_json::Value> = client.items(events).try_collect().await?;
/// # let _ = events;
/// # Ok(())
/// # }
/// ```
#[must_use = "an endpoint does nothing until it is sent"]
pub struct RawList<T = Value> {
    method: RestliMethod,
    target: Target,
    window: Window,
    read: PhantomData<fn() -> T>,
}

impl RawList {
    /// A search (`q`) of this resource, paged by `start` and `count`, 10 a page unless told.
    pub fn finder(resource: &str, name: &str) -> Self {
        let mut list = Self::new(RestliMethod::Finder, resource);
        list.target.query = list.target.query.param("q", name);
        list
    }

    /// All entities of this resource (GET_ALL), paged by `start` and `count`, 10 a page unless told.
    pub fn all(resource: &str) -> Self {
        Self::new(RestliMethod::GetAll, resource)
    }

    fn new(method: RestliMethod, resource: &str) -> Self {
        let window = Window::offset(10, MAX_COUNT);
        Self { method, target: Target::new(resource), window, read: PhantomData }
    }
}

impl<T> RawList<T> {
    target_setters!();

    /// Pages by `pageToken` and `pageSize`, as the lists of ads do; 100 a page unless told.
    pub fn by_token(mut self) -> Self {
        self.window = Window::token(100, MAX_COUNT);
        self
    }

    /// How many entries one page holds, 1 to 1000; many lists allow 100 at most. Comes after
    /// [`by_token`](Self::by_token).
    pub fn count(mut self, count: u32) -> Self {
        self.window.set_count(count);
        self
    }

    /// The same list, its items read as `U`s.
    pub fn read_as<U>(self) -> RawList<U> {
        RawList { method: self.method, target: self.target, window: self.window, read: PhantomData }
    }
}

impl<T: DeserializeOwned + Send> Endpoint for RawList<T> {
    type Output = Page<T>;

    const NAME: &'static str = "linkedin.raw.list";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/{path}";
    const REPLAY: Replay = Replay::Safe;
    const SCOPES: &'static [&'static str] = &[];

    fn write(&self, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        let query = self.window.write(self.target.query.clone())?;
        self.target.write(parts, self.method, &query)
    }

    fn subject(&self) -> Option<&str> {
        self.target.subject.as_deref()
    }

    fn describe(&self, operation: Operation) -> Operation {
        self.target.describe(operation, self.method)
    }

    fn decode(&self, response: &RawResponse) -> Result<Page<T>, DecodeError> {
        self.window.page(response)
    }
}

impl<T: DeserializeOwned + Send> ListEndpoint for RawList<T> {
    type Item = T;

    fn after(mut self, cursor: &Cursor) -> Self {
        self.window.start_at(cursor);
        self
    }
}

impl<T> Clone for RawList<T> {
    fn clone(&self) -> Self {
        Self {
            method: self.method,
            target: self.target.clone(),
            window: self.window.clone(),
            read: PhantomData,
        }
    }
}

impl<T> fmt::Debug for RawList<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawList").field("target", &self.target).finish_non_exhaustive()
    }
}
