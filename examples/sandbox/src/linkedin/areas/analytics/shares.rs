//! Figures of an organization's posts, together or one by one (LinkedIn: Organization Share Statistics).

use serde_json::{Value, json};

use super::{
    super::super::{answer::ApiError, api::Call},
    administered, finder,
    intervals::{self, REACH, Span, time_range},
    sum, today, with,
};

const RESOURCE: &str = "organizationalEntityShareStatistics";

pub(super) fn find(call: &Call<'_>) -> Result<Vec<Value>, ApiError> {
    finder(call, &["organizationalEntity"])?;
    call.query.only(&["q", "organizationalEntity", "timeIntervals", "shares", "ugcPosts"])?;
    let shares = urns(call, "shares", "urn:li:share:")?;
    let ugc_posts = urns(call, "ugcPosts", "urn:li:ugcPost:")?;
    let spans = intervals::read(call, &["DAY", "MONTH"])?;
    let urn = administered(call, RESOURCE, "organizationalEntity")?;
    if spans.is_some() && (shares.is_some() || ugc_posts.is_some()) {
        let message = "timeIntervals cannot be combined with shares or ugcPosts";
        return Err(ApiError::illegal_argument(message));
    }
    let owner = json!(urn);
    if let Some(spans) = spans {
        let element = |span: Span| {
            json!({
                "organizationalEntity": owner,
                "totalShareStatistics": figures(&urn, span),
                "timeRange": time_range(span),
            })
        };
        return Ok(spans.into_iter().map(element).collect());
    }
    let today = today(call);
    let lifetime = (today.saturating_sub(REACH), today.saturating_add(1));
    if shares.is_none() && ugc_posts.is_none() {
        return Ok(vec![
            json!({"organizationalEntity": owner, "totalShareStatistics": figures(&urn, lifetime)}),
        ]);
    }
    let named = [("share", shares), ("ugcPost", ugc_posts)];
    let mut elements = Vec::new();
    for (name, wanted) in &named {
        for post in wanted.iter().flatten().filter(|post| is_active(call, post, &urn)) {
            let element =
                json!({"organizationalEntity": owner, "totalShareStatistics": figures(post, (0, 1))});
            elements.push(with(element, &[(name, json!(post))]));
        }
    }
    Ok(elements)
}

/// A list of posts. What is no URN of a post is refused; the wrong kind of post only finds nothing.
fn urns(call: &Call<'_>, name: &str, kind: &str) -> Result<Option<Vec<String>>, ApiError> {
    let Some(urns) = call.query.texts(name)? else { return Ok(None) };
    let is_post = |urn: &String| urn.starts_with("urn:li:share:") || urn.starts_with("urn:li:ugcPost:");
    if !urns.iter().all(is_post) {
        return Err(ApiError::illegal_argument(format!("Parameter '{name}' is invalid")));
    }
    Ok(Some(urns.into_iter().filter(|urn| urn.starts_with(kind)).collect()))
}

/// Whether anybody took notice of the post: in the sandbox, if everybody could see it.
fn is_active(call: &Call<'_>, post: &str, owner: &str) -> bool {
    let mut posts = call.state.linkedin_posts.iter();
    posts.any(|known| {
        known.urn == post && known.author == owner && !known.deleted && known.visibility == "PUBLIC"
    })
}

fn figures(id: &str, span: Span) -> Value {
    let impressions = sum("impressions", id, span) * 20;
    let clicks = sum("clicks", id, span);
    // More may take their like back on a day than give one.
    let likes = sum("likes", id, span) - 12 * (span.1 - span.0);
    let comments = sum("comments", id, span) / 4;
    let shares = sum("shares", id, span) / 8;
    json!({
        "impressionCount": impressions,
        "uniqueImpressionsCount": impressions * 3 / 4,
        "clickCount": clicks,
        "likeCount": likes,
        "commentCount": comments,
        "shareCount": shares,
        "engagement": ratio(clicks + likes + comments + shares, impressions),
    })
}

#[allow(clippy::cast_precision_loss, reason = "the figures are small")]
fn ratio(part: i64, whole: i64) -> f64 {
    part as f64 / whole.max(1) as f64
}
