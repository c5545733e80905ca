//! The `fields` parameter with what is nested in it: `children{id,media_url}`, `business_discovery.username(x){id}`.

use serde_json::{Map, Value, json};

use super::super::super::{Call, answer::GraphError};

/// One field that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) struct Field {
    pub(in super::super) name: String,
    /// Modifiers with their argument: `.username(x)`.
    pub(in super::super) modifiers: Vec<(String, String)>,
    /// What is asked for inside.
    pub(in super::super) inner: Vec<Field>,
}

impl Field {
    pub(in super::super) fn plain(name: &str) -> Self {
        Self { name: name.to_owned(), modifiers: Vec::new(), inner: Vec::new() }
    }

    pub(in super::super) fn modifier(&self, name: &str) -> Option<&str> {
        self.modifiers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// A kind of object: which fields it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Kind {
    Account,
    Media,
    Comment,
    Post,
    /// A small object inside another: anything may be asked for.
    Small,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Account => "IGUser",
            Self::Media => "IGMedia",
            Self::Comment => "IGComment",
            Self::Post => "THREADS_MEDIA",
            Self::Small => "Object",
        }
    }

    /// What may be asked for, in words separated by spaces.
    fn known(self) -> &'static str {
        match self {
            Self::Account => {
                "id ig_id user_id username name biography website profile_picture_url followers_count follows_count \
                 media_count has_profile_pic is_published shopping_product_tag_eligibility account_type \
                 legacy_instagram_user_id business_discovery mentioned_media mentioned_comment media stories tags"
            }
            Self::Media => {
                "id caption media_type media_product_type media_url thumbnail_url permalink shortcode timestamp \
                 username owner children comments comments_count like_count is_comment_enabled is_shared_to_feed \
                 alt_text boost_eligibility_info copyright_check_information legacy_instagram_media_id view_count \
                 ig_id audio_id is_ai_generated media_audio_type reposts_count saved_count shares_count \
                 total_comments_count total_like_count total_views_count collaborators product_tags"
            }
            Self::Comment => {
                "id text timestamp username from like_count hidden parent_id replies user media \
                 legacy_instagram_comment_id"
            }
            Self::Post => {
                "id media_product_type media_type media_url permalink owner username text timestamp shortcode \
                 thumbnail_url children is_quote_post quoted_post reposted_post alt_text link_attachment_url \
                 has_replies is_reply is_reply_owned_by_me root_post replied_to reply_to hide_status reply_audience \
                 reply_control topic_tag location_id location poll_attachment gif_url is_verified \
                 profile_picture_url is_spoiler_media text_attachment text_entities allowlisted_country_codes \
                 reply_approval_status"
            }
            Self::Small => "",
        }
    }

    fn of_inner(self, field: &str) -> Self {
        match (self, field) {
            (Self::Account, "business_discovery") => Self::Account,
            (Self::Account, "mentioned_media" | "media" | "stories" | "tags")
            | (Self::Media, "children")
            | (Self::Comment, "media") => Self::Media,
            (Self::Account, "mentioned_comment") | (Self::Media, "comments") | (Self::Comment, "replies") => {
                Self::Comment
            }
            (Self::Post, "children" | "quoted_post" | "reposted_post" | "root_post" | "replied_to") => {
                Self::Post
            }
            _ => Self::Small,
        }
    }
}

/// The fields of the call, or the default ones.
///
/// # Errors
///
/// When the parameter cannot be read.
pub(in super::super) fn asked(call: &Call<'_>, default: &str) -> Result<Vec<Field>, GraphError> {
    let text = call.params.text("fields")?.filter(|text| !text.is_empty());
    let text = text.unwrap_or_else(|| default.to_owned());
    parse(&text).ok_or_else(|| GraphError::parameter("Syntax error in the fields parameter."))
}

/// Keeps what is asked for. The id always stays.
///
/// # Errors
///
/// When a field does not exist on this kind of object.
pub(in super::super) fn apply(
    kind: Kind,
    object: &Map<String, Value>,
    fields: &[Field],
) -> Result<Value, GraphError> {
    let mut out = Map::new();
    for field in fields {
        let name = field.name.as_str();
        if kind != Kind::Small && !kind.known().split_ascii_whitespace().any(|known| known == name) {
            let message =
                format!("Tried accessing nonexisting field ({name}) on node type ({})", kind.name());
            return Err(GraphError::parameter(message));
        }
        // A field that exists but has no value here is left out, not null.
        let Some(value) = object.get(name) else { continue };
        let inner_kind = kind.of_inner(name);
        let inner = if field.inner.is_empty() && inner_kind != Kind::Small {
            vec![Field::plain("id")]
        } else {
            field.inner.clone()
        };
        out.insert(name.to_owned(), inside(inner_kind, value, &inner)?);
    }
    if let Some(id) = object.get("id") {
        out.insert("id".to_owned(), id.clone());
    }
    Ok(Value::Object(out))
}

fn inside(kind: Kind, value: &Value, fields: &[Field]) -> Result<Value, GraphError> {
    match value {
        Value::Object(object) if !fields.is_empty() => match object.get("data").and_then(Value::as_array) {
            Some(entries) => {
                let entries =
                    entries.iter().map(|entry| inside(kind, entry, fields)).collect::<Result<Vec<_>, _>>()?;
                let paging = object.get("paging").map(|paging| ("paging", paging.clone()));
                Ok([("data", json!(entries))].into_iter().chain(paging).collect())
            }
            None => apply(kind, object, fields),
        },
        other => Ok(other.clone()),
    }
}

/// Reads the parameter; `None` when brackets do not close.
pub(in super::super) fn parse(text: &str) -> Option<Vec<Field>> {
    let mut fields = Vec::new();
    for part in split(text, ',')? {
        if !part.is_empty() {
            fields.push(parse_one(part)?);
        }
    }
    Some(fields)
}

fn parse_one(text: &str) -> Option<Field> {
    let (head, inner) = match text.find('{') {
        Some(at) if !inside_parentheses(text, at) => {
            let (head, rest) = text.split_at(at);
            (head.trim(), parse(rest.strip_prefix('{')?.trim_end().strip_suffix('}')?)?)
        }
        _ => (text, Vec::new()),
    };
    let mut parts = split(head, '.')?.into_iter();
    let name = parts.next()?.trim().to_owned();
    let mut modifiers = Vec::new();
    for part in parts {
        let (key, argument) = part.split_once('(')?;
        modifiers.push((key.trim().to_owned(), argument.strip_suffix(')')?.trim().to_owned()));
    }
    (!name.is_empty()).then_some(Field { name, modifiers, inner })
}

fn inside_parentheses(text: &str, at: usize) -> bool {
    let before = text.get(..at).unwrap_or_default();
    before.matches('(').count() > before.matches(')').count()
}

/// The parts between separators outside of all brackets.
fn split(text: &str, separator: char) -> Option<Vec<&str>> {
    let (mut depth, mut start) = (0_u32, 0);
    let mut parts = Vec::new();
    for (position, c) in text.char_indices() {
        match c {
            '{' | '(' => depth = depth.saturating_add(1),
            '}' | ')' => depth = depth.checked_sub(1)?,
            _ if c == separator && depth == 0 => {
                parts.push(text.get(start..position)?.trim());
                start = position.saturating_add(separator.len_utf8());
            }
            _ => {}
        }
    }
    parts.push(text.get(start..)?.trim());
    (depth == 0).then_some(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nested_fields_and_modifiers_are_read() {
        let fields =
            parse("id,business_discovery.username(a.b){id, media.limit(3){caption}},children{id}").unwrap();
        assert_eq!(fields.len(), 3);
        assert_eq!(fields[1].modifier("username"), Some("a.b"));
        assert_eq!(fields[1].inner[1].modifier("limit"), Some("3"));
        assert_eq!(fields[1].inner[1].inner, [Field::plain("caption")]);
        for broken in ["a{b", "a}b", "a.b", "a{b}c", "{id}"] {
            assert!(parse(broken).is_none(), "{broken}");
        }
    }

    #[test]
    fn an_unknown_nested_field_is_refused() {
        let object = json!({"id": "1", "children": {"data": [{"id": "2", "media_url": "u"}]}});
        let object = object.as_object().unwrap();
        let kept = apply(Kind::Media, object, &parse("children").unwrap()).unwrap();
        assert_eq!(kept, json!({"id": "1", "children": {"data": [{"id": "2"}]}}));
        assert!(apply(Kind::Media, object, &parse("children{nothing}").unwrap()).is_err());
    }
}
