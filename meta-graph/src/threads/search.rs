//! Searching public posts (Threads API: Keyword Search).

use sociogram_api_core::{Finding, open_enum};
use sociogram_oauth_core::scope;

use super::post::Post;
use crate::endpoint::{UnixTime, list_endpoint};

open_enum! {
    /// Which posts come first.
    pub enum SearchOrder {
        /// The newest.
        Recent = "RECENT",
        /// The most popular, unless told otherwise.
        Top = "TOP",
    }
}

open_enum! {
    /// What is searched.
    pub enum SearchMode {
        /// The text, unless told otherwise.
        Keyword = "KEYWORD",
        /// The topic.
        Tag = "TAG",
    }
}

open_enum! {
    /// Which posts are searched.
    pub enum SearchedMedia {
        /// Those with an image.
        Image = "IMAGE",
        /// Texts alone.
        Text = "TEXT",
        /// Those with a video.
        Video = "VIDEO",
    }
}

list_endpoint! {
    /// Searches public posts: `GET /keyword_search`. At most 2200 searches a day that find something.
    ///
    /// Needs `threads_basic` and `threads_keyword_search`; before the app is approved for it only the account's own posts
    /// are found. Words that Meta takes offence at find nothing.
    pub struct KeywordSearch -> Post;
    "threads.keywords.search": "/keyword_search", [scope::THREADS_BASIC, scope::THREADS_KEYWORD_SEARCH], limit 100;
    new { q: String }
    with {
        /// Which posts come first.
        search_type: SearchOrder,
        /// Whether the text or the topic is searched.
        search_mode: SearchMode,
        /// Only posts of this kind. A post that is read names its kind otherwise.
        media_type: SearchedMedia,
        /// Only posts from this time on.
        since: UnixTime,
        /// Only posts up to this time.
        until: UnixTime,
        /// Only posts of this account, without `@`.
        author_username: String,
    }
    fields Post::PUBLIC_FIELDS;
    checked by check;
}

impl KeywordSearch {
    /// What is wrong with it. Sending it checks the same.
    pub fn check(&self) -> Vec<Finding> {
        let empty = || {
            Finding::error("threads.search.empty", "q", "there is nothing to search for").advice("add a word")
        };
        if self.q.trim().is_empty() { vec![empty()] } else { Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::threads::testing::exchange;
    use sociogram_api_core::Timestamp;

    #[tokio::test]
    async fn a_search_is_narrowed_down() {
        let search = KeywordSearch::new("cats & dogs")
            .search_type(SearchOrder::Recent)
            .search_mode(SearchMode::Tag)
            .media_type(SearchedMedia::Text)
            .since(Timestamp::from_unix_seconds(5))
            .fields("id");
        let (page, line) = exchange(search, r#"{"data":[{"id":"1"},{}]}"#).await;
        assert_eq!(page.unwrap().malformed.len(), 1);
        let expected = "GET /v1.0/keyword_search?q=cats%20%26%20dogs&search_type=RECENT&search_mode=TAG\
                        &media_type=TEXT&since=5&fields=id";
        assert_eq!(line, expected);
        assert_eq!(KeywordSearch::new(" ").check()[0].rule(), "threads.search.empty");
    }
}
