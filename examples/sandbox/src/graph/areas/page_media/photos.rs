//! `/{page}/photos` and photos by their ids.

use http::Method;
use serde_json::{Map, Value, json};

use super::{
    super::super::{Call, Outcome, answer::GraphError, fields, paging},
    Details, READ, WRITE, allow, no_such_method, posts,
};
use crate::clock::graph_time;

/// Parameters of the edge.
const KNOWN: [&str; 18] = [
    "url",
    "vault_image_id",
    "caption",
    "message",
    "published",
    "temporary",
    "scheduled_publish_time",
    "unpublished_content_type",
    "no_story",
    "alt_text_custom",
    "tags",
    "targeting",
    "feed_targeting",
    "place",
    "backdated_time",
    "backdated_time_granularity",
    "provenance_info",
    "provenance_metadata",
];

/// Fields of a photo. Those the sandbox has no value for are accepted and left out.
const FIELDS: [&str; 16] = [
    "id",
    "name",
    "link",
    "alt_text",
    "alt_text_custom",
    "created_time",
    "updated_time",
    "page_story_id",
    "width",
    "height",
    "images",
    "album",
    "from",
    "place",
    "picture",
    "icon",
];

/// Largest picture, in bytes.
const MAX_SIZE: usize = 10_000_000;
/// How every picture comes out: the sandbox does not look inside.
const WIDTH: u32 = 1080;
const HEIGHT: u32 = 1080;

/// A photo of a Page.
#[derive(Debug, Clone)]
pub(super) struct Photo {
    pub(super) id: String,
    pub(super) page: String,
    pub(super) name: Option<String>,
    pub(super) alt_text: Option<String>,
    /// Made to wait for a scheduled post.
    pub(super) is_temporary: bool,
    pub(super) is_published: bool,
    /// The post or story that shows it.
    pub(super) post: Option<String>,
    pub(super) created_at: i64,
    pub(super) is_deleted: bool,
}

impl Photo {
    pub(super) fn address(&self) -> String {
        format!("https://scontent.example.com/{}.jpg", self.id)
    }
}

pub(super) fn exists(call: &Call<'_>, id: &str) -> bool {
    call.state.areas.page_media.photos.iter().any(|photo| photo.id == id && !photo.is_deleted)
}

pub(super) fn create(call: &mut Call<'_>, page: &str) -> Outcome {
    allow(call, page, &WRITE)?;
    call.params.only_with_files(&KNOWN, &["source"])?;
    if call.version.starts_with("v25.") && call.params.value("provenance_metadata").is_some() {
        return Err(GraphError::parameter("Unknown parameter: provenance_metadata"));
    }
    check_source(call)?;
    check_tags(call)?;
    let caption = match call.params.text("caption")? {
        Some(caption) => Some(caption),
        None => call.params.text("message")?,
    };
    let caption = caption.filter(|text| !text.is_empty());
    posts::check_length(caption.as_deref())?;
    let is_temporary = call.params.boolean("temporary")?.unwrap_or(false);
    let no_story = call.params.boolean("no_story")?.unwrap_or(false);
    let release = posts::Release::read(call)?;
    if is_temporary && release.published {
        return Err(GraphError::parameter("Param temporary is for unpublished photos."));
    }
    let now = call.state.now_seconds();
    let id = format!("{}", 122_500_000_000_000_u64.saturating_add(call.state.number()));
    call.state.areas.page_media.photos.push(Photo {
        id: id.clone(),
        page: page.to_owned(),
        name: caption.clone(),
        alt_text: call.params.text("alt_text_custom")?,
        is_temporary,
        is_published: release.published,
        post: None,
        created_at: now,
        is_deleted: false,
    });
    let shows = release.scheduled.is_some() || release.is_draft || (release.published && !no_story);
    if !shows {
        return Ok(json!({ "id": id }));
    }
    let details = Details { media: vec![id.clone()], is_draft: release.is_draft, ..Details::default() };
    let post = posts::add(call, page, caption, None, &release, details);
    Ok(json!({"id": id, "post_id": post}))
}

/// A photo comes from one place, and is a picture of a kind the platform takes.
fn check_source(call: &Call<'_>) -> Result<(), GraphError> {
    let url = call.params.text("url")?.filter(|url| !url.is_empty());
    let file = call.params.file("source");
    let places = [url.is_some(), file.is_some(), call.params.value("vault_image_id").is_some()].into_iter();
    if places.filter(|is| *is).count() != 1 {
        return Err(GraphError::new(400, 324, "(#324) Requires upload file").subcode(2_069_019));
    }
    if let Some(url) = &url {
        posts::check_fetched("url", url)?;
    }
    match file {
        Some(file) if file.content.len() > MAX_SIZE || !is_picture(&file.content) => {
            Err(GraphError::new(400, 100, "Invalid parameter").subcode(1_366_046).user_text(
                "Can't Read Files",
                "Your photos couldn't be uploaded. Photos should be less than 4 MB and saved as JPG or PNG files.",
            ))
        }
        _ => Ok(()),
    }
}

/// JPEG, PNG, GIF, BMP or TIFF.
pub(super) fn is_picture(bytes: &[u8]) -> bool {
    let starts: [&[u8]; 6] = [&[0xFF, 0xD8, 0xFF], b"\x89PNG\r\n\x1a\n", b"GIF8", b"BM", b"II*\0", b"MM\0*"];
    starts.iter().any(|start| bytes.starts_with(start))
}

fn check_tags(call: &Call<'_>) -> Result<(), GraphError> {
    let Some(tags) = call.params.structure("tags")? else { return Ok(()) };
    let inside = |tag: &Value, name: &str| {
        tag.get(name).and_then(Value::as_f64).is_some_and(|at| (0.0..=100.0).contains(&at))
    };
    let is_right = |tag: &Value| tag.get("tag_uid").is_some() && inside(tag, "x") && inside(tag, "y");
    if tags.as_array().is_some_and(|tags| tags.iter().all(is_right)) {
        return Ok(());
    }
    Err(GraphError::parameter("Param tags must be a list of {tag_uid, x, y}, x and y in percent."))
}

fn select(call: &Call<'_>, photo: &Photo) -> Outcome {
    let mut object = Map::new();
    let mut put = |name: &str, value: Value| object.insert(name.to_owned(), value);
    put("id", json!(photo.id));
    for (name, value) in
        [("name", &photo.name), ("alt_text", &photo.alt_text), ("page_story_id", &photo.post)]
    {
        if let Some(value) = value {
            put(name, json!(value));
        }
    }
    put("alt_text_custom", json!(photo.alt_text));
    put("link", json!(format!("https://www.facebook.com/photo.php?fbid={}", photo.id)));
    put("created_time", json!(graph_time(photo.created_at)));
    put("updated_time", json!(graph_time(photo.created_at)));
    put("width", json!(WIDTH));
    put("height", json!(HEIGHT));
    put("picture", json!(photo.address()));
    put("images", json!([{"source": photo.address(), "width": WIDTH, "height": HEIGHT}]));
    put("from", posts::author(call, &photo.page));
    put("album", json!({"id": format!("{}90", photo.page), "name": "Timeline photos"}));
    fields::select(call, "Photo", &object, &FIELDS, &["created_time", "name", "id"])
}

pub(super) fn list(call: &mut Call<'_>, page: &str) -> Outcome {
    allow(call, page, &READ)?;
    let kind = call.params.text("type")?.unwrap_or_else(|| "profile".to_owned());
    if !matches!(kind.as_str(), "profile" | "tagged" | "uploaded") {
        return Err(GraphError::parameter("Param type must be one of {profile, tagged, uploaded}."));
    }
    // The sandbox's Pages have no profile pictures of their own, and nobody tags them.
    let newest_first = call.state.areas.page_media.photos.iter().rev();
    let shown = newest_first
        .filter(|photo| kind == "uploaded" && photo.page == page && photo.is_published && !photo.is_deleted);
    let photos = shown.map(|photo| select(call, photo)).collect::<Result<Vec<_>, _>>()?;
    paging::page(call, &format!("{page}/photos"), &photos)
}

pub(super) fn node(call: &mut Call<'_>, id: &str) -> Outcome {
    let hidden = || GraphError::unsupported(&call.request.method, id);
    let mut photos = call.state.areas.page_media.photos.iter();
    let photo = photos.find(|photo| photo.id == id && !photo.is_deleted).cloned().ok_or_else(hidden)?;
    match call.request.method {
        Method::GET => {
            allow(call, &photo.page, &READ)?;
            select(call, &photo)
        }
        Method::DELETE => {
            allow(call, &photo.page, &WRITE)?;
            call.params.only(&[])?;
            let mut photos = call.state.areas.page_media.photos.iter_mut();
            if let Some(photo) = photos.find(|photo| photo.id == id) {
                photo.is_deleted = true;
            }
            Ok(json!({"success": true}))
        }
        _ => no_such_method(call, id),
    }
}
