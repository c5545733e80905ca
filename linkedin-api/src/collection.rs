//! Lists with offset paging (`start`, `count`).

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use sociogram_api_core::http::{Cursor, DecodeError, Page, RawResponse};
use sociogram_api_core::{Finding, InvalidRequest};

/// Which part of a list is asked for.
#[derive(Clone, Debug)]
pub(crate) struct Window {
    cursor: Option<Cursor>,
    count: u32,
}

impl Window {
    pub(crate) const fn new(count: u32) -> Self {
        Self { cursor: None, count }
    }

    pub(crate) fn set_count(&mut self, count: u32) {
        self.count = count;
    }

    pub(crate) fn start_at(&mut self, cursor: &Cursor) {
        self.cursor = Some(cursor.clone());
    }

    pub(crate) const fn count(&self) -> u32 {
        self.count
    }

    /// The index of the first element.
    pub(crate) fn start(&self) -> Result<u32, InvalidRequest> {
        let start = self.cursor.as_ref().map_or(Some(0), |cursor| cursor.as_str().parse().ok());
        start.ok_or_else(|| {
            Finding::error("linkedin.paging.cursor", "cursor", "it is not a cursor of this list")
                .advice("use the cursor of the last page, or start again")
                .into()
        })
    }

    /// One page of the answer. `total` and the echoed `count` are not to be trusted, so they are not read.
    pub(crate) fn page<T: DeserializeOwned>(&self, response: &RawResponse) -> Result<Page<T>, DecodeError> {
        let collection: Collection = response.json()?;
        let start =
            self.start().map_err(|_| DecodeError::new("paging", "the request had no usable start"))?;
        let paging = collection.paging.and_then(|paging| serde_json::from_str(paging.get()).ok());
        let next = self.next(start, collection.elements.len(), paging.as_ref());
        let next = next.map(|start| Cursor::new(start.to_string()));
        Ok(Page::from_raw_items(collection.elements, next))
    }

    /// The server names the next page by a link. A page may be short because elements were filtered out,
    /// so shortness alone ends the list only where the answer has no links at all.
    fn next(&self, start: u32, elements: usize, paging: Option<&Paging>) -> Option<u32> {
        let following = start.saturating_add(self.count);
        match paging.and_then(|paging| paging.links.as_ref()) {
            Some(links) => {
                let next = links.iter().find(|link| link.rel.as_deref() == Some("next"))?;
                Some(next.href.as_deref().and_then(start_of).unwrap_or(following))
            }
            None => (elements > 0 && u32::try_from(elements).is_ok_and(|elements| elements >= self.count))
                .then_some(following),
        }
    }
}

#[derive(Deserialize)]
struct Collection {
    elements: Vec<Box<RawValue>>,
    /// Read on its own: an unexpected shape must not lose the elements.
    #[serde(default)]
    paging: Option<Box<RawValue>>,
}

#[derive(Deserialize)]
struct Paging {
    #[serde(default)]
    links: Option<Vec<Link>>,
}

#[derive(Deserialize)]
struct Link {
    #[serde(default)]
    rel: Option<String>,
    #[serde(default)]
    href: Option<String>,
}

fn start_of(href: &str) -> Option<u32> {
    let (_, query) = href.split_once('?')?;
    query.split('&').find_map(|pair| pair.strip_prefix("start="))?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn next(start: u32, count: u32, elements: usize, paging: &str) -> Option<u32> {
        let paging: Option<Paging> = serde_json::from_str(paging).unwrap();
        Window::new(count).next(start, elements, paging.as_ref())
    }

    #[test]
    fn the_next_page_follows_the_link() {
        let link = r#"{"start":20,"count":10,"total":-1,"links":[{"rel":"prev","href":"/x?start=10"},{"rel":"next","href":"/rest/x?count=10&q=a&start=35"}]}"#;
        assert_eq!(next(20, 10, 10, link), Some(35));
        assert_eq!(next(20, 10, 3, link), Some(35), "elements were filtered out");
        assert_eq!(next(20, 10, 0, link), Some(35), "an empty page is not the last one");
        assert_eq!(next(20, 10, 10, r#"{"links":[{"rel":"next"}]}"#), Some(30));
        assert_eq!(next(20, 10, 10, r#"{"links":[{"rel":"next","href":"/rest/x?start=abc"}]}"#), Some(30));
    }

    #[test]
    fn without_a_next_link_the_list_ends() {
        assert_eq!(next(0, 10, 10, r#"{"total":100,"count":2147483647,"links":[]}"#), None);
        assert_eq!(next(0, 10, 10, r#"{"links":[{"rel":"prev","href":"/x?start=0"}]}"#), None);
    }

    #[test]
    fn without_any_links_a_full_page_has_a_next_one() {
        for paging in ["null", r#"{"start":0,"total":0}"#, r#"{"links":null}"#] {
            assert_eq!(next(40, 10, 10, paging), Some(50), "{paging}");
            assert_eq!(next(40, 10, 9, paging), None, "{paging}");
            assert_eq!(next(40, 10, 0, paging), None, "{paging}");
        }
    }
}
