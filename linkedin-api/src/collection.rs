//! Lists, page by page (Rest.li protocol, "Collections"; LinkedIn: Pagination).

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use sociogram_api_core::http::{Cursor, DecodeError, Page, RawResponse};
use sociogram_api_core::{Finding, InvalidRequest};

use crate::restli::Query;

/// How a list is paged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Style {
    /// `start` and `count`; the next page stands in a link.
    Offset,
    /// `pageToken` and `pageSize`; the next token stands in the metadata.
    Token,
}

/// Which part of a list is asked for.
#[derive(Clone, Debug)]
pub(crate) struct Window {
    style: Style,
    cursor: Option<Cursor>,
    count: u32,
    most: u32,
}

impl Window {
    pub(crate) const fn offset(usual: u32, most: u32) -> Self {
        Self { style: Style::Offset, cursor: None, count: usual, most }
    }

    pub(crate) const fn token(usual: u32, most: u32) -> Self {
        Self { style: Style::Token, cursor: None, count: usual, most }
    }

    pub(crate) fn set_count(&mut self, count: u32) {
        self.count = count;
    }

    pub(crate) fn start_at(&mut self, cursor: &Cursor) {
        self.cursor = Some(cursor.clone());
    }

    /// The parameters of this page.
    pub(crate) fn write(&self, query: Query) -> Result<Query, InvalidRequest> {
        if !(1..=self.most).contains(&self.count) {
            return Err(Finding::error("linkedin.paging.count", "count", "the page size is out of range")
                .measured(self.count)
                .allowed(format_args!("1 to {}", self.most))
                .into());
        }
        Ok(match self.style {
            Style::Offset => query.param("start", self.start()?).param("count", self.count),
            Style::Token => {
                let token = self.cursor.as_ref().map(Cursor::as_str);
                query.param("pageSize", self.count).optional("pageToken", token)
            }
        })
    }

    /// The index of the first element.
    fn start(&self) -> Result<u32, InvalidRequest> {
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
        let next = match self.style {
            Style::Offset => {
                let start = self
                    .start()
                    .map_err(|_| DecodeError::new("paging", "the request had no usable start"))?;
                let paging = collection.paging.and_then(|paging| serde_json::from_str(paging.get()).ok());
                self.next(start, collection.elements.len(), paging.as_ref()).map(|start| start.to_string())
            }
            Style::Token => {
                let metadata = collection.metadata.and_then(|raw| serde_json::from_str(raw.get()).ok());
                metadata.and_then(|metadata: Metadata| metadata.next_page_token)
            }
        };
        let next = next.filter(|next| !next.is_empty()).map(Cursor::new);
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

/// The elements of an answer that comes whole: analytics, statistics.
pub(crate) fn whole<E, T: DeserializeOwned>(
    _endpoint: &E,
    response: &RawResponse,
) -> Result<Page<T>, DecodeError> {
    let collection: Collection = response.json()?;
    Ok(Page::from_raw_items(collection.elements, None))
}

#[derive(Deserialize)]
struct Collection {
    elements: Vec<Box<RawValue>>,
    /// Read on its own: an unexpected shape must not lose the elements.
    #[serde(default)]
    paging: Option<Box<RawValue>>,
    #[serde(default)]
    metadata: Option<Box<RawValue>>,
}

#[derive(Deserialize)]
struct Metadata {
    #[serde(rename = "nextPageToken")]
    next_page_token: Option<String>,
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
        Window::offset(count, 100).next(start, elements, paging.as_ref())
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

    /// The query of the first page, and the cursors that the answers give.
    fn page_by_page(window: &Window, bodies: &[&str]) -> (String, Vec<Option<String>>) {
        let query = window.write(Query::new()).unwrap().encode();
        let next = |body: &&str| {
            let page: Page<i64> = window.page(&answer(body)).unwrap();
            page.next.map(|cursor| cursor.as_str().to_owned())
        };
        (query, bodies.iter().map(next).collect())
    }

    fn answer(body: &str) -> RawResponse {
        use sociogram_api_core::http::{Operation, Replay};
        let transport = sociogram_api_core::testing::ScriptedTransport::new();
        let client = crate::Client::builder().transport(std::sync::Arc::new(transport)).build().unwrap();
        let operation = Operation::new("linkedin.test", "linkedin", Replay::Safe);
        client.pipeline().part(&operation, 1, http::Response::new(body.to_owned())).unwrap()
    }

    #[test]
    fn a_token_leads_to_the_next_page() {
        let mut window = Window::token(100, 1000);
        let (query, next) = page_by_page(
            &window,
            &[
                r#"{"elements":[1],"metadata":{"nextPageToken":"T&1"}}"#,
                r#"{"elements":[],"metadata":{"nextPageToken":"T2"}}"#,
                r#"{"elements":[1],"metadata":{"nextPageToken":""}}"#,
                r#"{"elements":[1],"metadata":{"nextPageToken":null}}"#,
                r#"{"elements":[1],"metadata":{}}"#,
                r#"{"elements":[1],"metadata":"surprise"}"#,
                r#"{"elements":[1],"paging":{"links":[{"rel":"next","href":"/x?start=1"}]}}"#,
            ],
        );
        assert_eq!(query, "pageSize=100");
        assert_eq!(next, [Some("T&1".into()), Some("T2".into()), None, None, None, None, None]);
        window.start_at(&Cursor::new("T&1"));
        window.set_count(5);
        assert_eq!(window.write(Query::new()).unwrap().encode(), "pageSize=5&pageToken=T%261");
    }

    #[test]
    fn an_offset_is_counted_from_the_cursor() {
        let mut window = Window::offset(2, 10);
        window.start_at(&Cursor::new("4"));
        let (query, next) = page_by_page(&window, &[r#"{"elements":[1,2]}"#, r#"{"elements":[1]}"#]);
        assert_eq!((query.as_str(), next), ("count=2&start=4", vec![Some("6".into()), None]));
    }

    #[test]
    fn a_page_size_out_of_range_is_refused() {
        for mut window in [Window::offset(10, 100), Window::token(10, 100)] {
            for (count, fits) in [(0, false), (1, true), (100, true), (101, false)] {
                window.set_count(count);
                assert_eq!(window.write(Query::new()).is_ok(), fits, "{count}");
            }
        }
    }

    #[test]
    fn a_whole_answer_has_no_next_page() {
        let page: Page<i64> =
            whole(&(), &answer(r#"{"elements":[1,"x",3],"paging":{"links":[{"rel":"next"}]}}"#)).unwrap();
        assert_eq!((page.items, page.malformed.len(), page.next), (vec![1, 3], 1, None));
        assert!(whole::<_, i64>(&(), &answer("{}")).is_err());
    }
}
