//! Sounds for reels (Instagram Platform: Audio API). Facebook Login only.

use serde::Deserialize;
use sociogram_api_core::http::{DecodeError, RawResponse};
use sociogram_oauth_core::scope;

use super::media::AudioKind;
use crate::endpoint::endpoint;
use crate::id::{InstagramAccountId, ObjectId};
use crate::lenient;

endpoint! {
    /// Finds sounds that a reel may use: `GET /ig_audio`. Facebook Login only. Without a search text it gives what is
    /// popular.
    ///
    /// Needs `instagram_basic` and `instagram_content_publish`. The id goes to
    /// [`CreateContainer::audio_configuration`](super::CreateContainer::audio_configuration).
    pub struct SearchAudio -> Vec<Audio>;
    "instagram.audio.search": GET "/ig_audio", Safe, [scope::INSTAGRAM_BASIC, scope::INSTAGRAM_CONTENT_PUBLISH];
    new { user_id: InstagramAccountId, audio_type: AudioKind }
    with {
        /// What to look for.
        search_query: String,
    }
    subject user_id;
    decode found;
}

fn found(response: &RawResponse) -> Result<Vec<Audio>, DecodeError> {
    #[derive(Deserialize)]
    struct Answer {
        #[serde(alias = "data", deserialize_with = "lenient::list")]
        audio: Vec<Audio>,
    }
    response.json().map(|answer: Answer| answer.audio)
}

/// A sound that a reel may use.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Audio {
    /// The id.
    pub audio_id: ObjectId,
    /// Whether it is music or the sound of another reel.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub audio_type: Option<AudioKind>,
    /// Its title.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub title: Option<String>,
    /// The artist, as shown. Of music only.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub display_artist: Option<String>,
    /// How long it is, in milliseconds.
    #[serde(default, deserialize_with = "lenient::count")]
    pub duration_in_ms: Option<u64>,
    /// The address of the file, to listen to it; it expires.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub download_url: Option<String>,
    /// The address of the cover's small picture; it expires.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub cover_artwork_thumbnail_url: Option<String>,
    /// Whose sound it is. Of other reels' sounds only.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub ig_username: Option<String>,
    /// The address of their picture; it expires.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub profile_picture_url: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scripted::{exchange, line};

    #[tokio::test]
    async fn sounds_are_found_and_bad_ones_left_out() {
        let (found, request) = exchange(
            SearchAudio::new(17, AudioKind::Music).search_query("lo fi"),
            r#"{"audio":[{"audio_id":179,"title":"Late","duration_in_ms":"30000"},{"title":"no id"}]}"#,
        )
        .await;
        let found = found.unwrap();
        assert_eq!(line(&request), "GET /v26.0/ig_audio?user_id=17&audio_type=music&search_query=lo%20fi");
        assert_eq!((found.len(), found[0].duration_in_ms), (1, Some(30_000)));
        assert_eq!(found[0].audio_id.as_str(), "179");
    }
}
