//! What the body of a new post must look like, the content aside.

use serde_json::{Map, Value};

use super::{answer::ApiError, post_content};

const KNOWN: [&str; 12] = [
    "author",
    "commentary",
    "visibility",
    "distribution",
    "lifecycleState",
    "isReshareDisabledByAuthor",
    "content",
    "contentLandingPage",
    "contentCallToActionLabel",
    "adContext",
    "container",
    "reshareContext",
];
const FACETS: [&str; 10] = [
    "degrees",
    "fieldsOfStudy",
    "industries",
    "interfaceLocales",
    "jobFunctions",
    "geoLocations",
    "schools",
    "organizations",
    "seniorities",
    "staffCountRanges",
];
const CALLS_TO_ACTION: [&str; 13] = [
    "APPLY",
    "DOWNLOAD",
    "VIEW_QUOTE",
    "LEARN_MORE",
    "SIGN_UP",
    "SUBSCRIBE",
    "REGISTER",
    "JOIN",
    "ATTEND",
    "REQUEST_DEMO",
    "SEE_MORE",
    "BUY_NOW",
    "SHOP_NOW",
];
/// What sponsored posts are made as.
pub(crate) const AD_TYPES: [&str; 6] =
    ["VIDEO", "STANDARD", "CAROUSEL", "JOB_POSTING", "NATIVE_DOCUMENT", "EVENT"];
const AD_CONTEXT: [&str; 5] = ["dscAdAccount", "dscAdType", "dscName", "dscStatus", "isDsc"];

type Check = Result<(), ApiError>;

/// Who a post is made for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Author {
    Person(String),
    Organization(String),
}

impl Author {
    /// Reads the URN in a field of a body.
    pub(crate) fn read(urn: String, path: &str) -> Result<Self, ApiError> {
        let well_formed = |id: &str| !id.is_empty() && !id.contains([':', '(', ')', ',', '%']);
        match (urn.strip_prefix("urn:li:person:"), urn.strip_prefix("urn:li:organization:")) {
            (Some(id), _) if well_formed(id) => Ok(Self::Person(urn)),
            (_, Some(id)) if well_formed(id) && id.bytes().all(|byte| byte.is_ascii_digit()) => {
                Ok(Self::Organization(urn))
            }
            _ => Err(ApiError::field("INVALID_URN_TYPE", path, "must be a person or organization URN")),
        }
    }

    pub(crate) fn urn(&self) -> &str {
        match self {
            Self::Person(urn) | Self::Organization(urn) => urn,
        }
    }
}

/// The parts of a valid post that the platform acts on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Draft {
    pub(crate) author: Author,
    pub(crate) commentary: String,
    pub(crate) visibility: String,
    /// Whether the id is a `ugcPost` (video, several images, poll) and not a `share`.
    pub(crate) is_ugc: bool,
    /// The post it reshares.
    pub(crate) parent: Option<String>,
}

pub(crate) fn check(body: &Map<String, Value>) -> Result<Draft, ApiError> {
    known_only(body, &KNOWN, "")?;
    let author = Author::read(required_text(body, "author", "/author")?, "/author")?;
    let commentary = required_text(body, "commentary", "/commentary")?;
    let visibility = one_of(body, "visibility", &["PUBLIC", "CONNECTIONS", "LOGGED_IN", "CONTAINER"])?;
    if matches!(author, Author::Organization(_)) && visibility == "CONNECTIONS" {
        let why = "an organization has no connections";
        return Err(ApiError::field("INVALID_VALUE_FOR_FIELD", "/visibility", why));
    }
    if (visibility == "CONTAINER") != body.contains_key("container") {
        let why = "CONTAINER and a container go together";
        return Err(ApiError::field("INVALID_VALUE_FOR_FIELD", "/container", why));
    }
    one_of(body, "lifecycleState", &["PUBLISHED"])?;
    distribution(body, &author)?;
    if body.get("isReshareDisabledByAuthor").is_some_and(|value| !value.is_boolean()) {
        return Err(wrong("/isReshareDisabledByAuthor", "must be a boolean"));
    }
    call_to_action(body)?;
    ad_context(body)?;
    let parent = reshare(body)?;
    let reshare = parent.is_some();
    let is_ugc = match body.get("content") {
        None => false,
        Some(_) if reshare => return Err(wrong("/content", "a reshare has no content of its own")),
        Some(content) => post_content::check(object(content, "/content")?, body.contains_key("adContext"))?,
    };
    if commentary.trim().is_empty() && !reshare && !body.contains_key("content") {
        return Err(ApiError::field(
            "INVALID_VALUE_BLANK_FIELD",
            "/commentary",
            "a post needs a text or content",
        ));
    }
    Ok(Draft { author, commentary, visibility, is_ugc, parent })
}

fn ad_context(body: &Map<String, Value>) -> Check {
    let Some(context) = body.get("adContext") else { return Ok(()) };
    let context = object(context, "/adContext")?;
    known_only(context, &AD_CONTEXT, "/adContext")?;
    let among = |name: &str, allowed: &[&str]| match context.get(name).map(Value::as_str) {
        None => Ok(()),
        Some(Some(text)) if allowed.contains(&text) => Ok(()),
        Some(_) => Err(wrong(&format!("/adContext/{name}"), "is not one of the known values")),
    };
    among("dscAdType", &AD_TYPES)?;
    among("dscStatus", &["ACTIVE", "ARCHIVED"])?;
    if context.get("isDsc").is_some_and(|value| !value.is_boolean()) {
        return Err(wrong("/adContext/isDsc", "must be a boolean"));
    }
    match context.get("dscAdAccount") {
        None => Ok(()),
        Some(Value::String(urn)) if is_urn(urn, &["sponsoredAccount"]) => Ok(()),
        Some(_) => Err(ApiError::field(
            "INVALID_URN_TYPE",
            "/adContext/dscAdAccount",
            "must be a sponsoredAccount URN",
        )),
    }
}

fn distribution(body: &Map<String, Value>, author: &Author) -> Check {
    let value = body.get("distribution").ok_or_else(|| missing("/distribution"))?;
    let fields = object(value, "/distribution")?;
    known_only(
        fields,
        &["feedDistribution", "targetEntities", "thirdPartyDistributionChannels"],
        "/distribution",
    )?;
    match fields.get("feedDistribution").map(Value::as_str) {
        None => return Err(missing("/distribution/feedDistribution")),
        Some(Some("MAIN_FEED" | "NONE")) => {}
        Some(_) => return Err(wrong("/distribution/feedDistribution", "must be MAIN_FEED or NONE")),
    }
    if fields.get("thirdPartyDistributionChannels").is_some_and(|value| !value.is_array()) {
        return Err(wrong("/distribution/thirdPartyDistributionChannels", "must be an array"));
    }
    let path = "/distribution/targetEntities";
    let targets = match fields.get("targetEntities") {
        None => return Ok(()),
        Some(Value::Array(targets)) => targets,
        Some(_) => return Err(wrong(path, "must be an array")),
    };
    if !targets.is_empty() && matches!(author, Author::Person(_)) {
        return Err(wrong(path, "only organizations can target"));
    }
    if targets.len() > 1 {
        return Err(wrong(path, "has one record"));
    }
    targets.iter().try_for_each(|target| known_only(object(target, path)?, &FACETS, path))
}

pub(crate) fn call_to_action(body: &Map<String, Value>) -> Check {
    let page = body.get("contentLandingPage");
    if page.is_some_and(|page| !page.as_str().is_some_and(is_web_address)) {
        return Err(ApiError::field("INVALID_URL", "/contentLandingPage", "must be an http(s) address"));
    }
    if body.contains_key("contentCallToActionLabel") {
        one_of(body, "contentCallToActionLabel", &CALLS_TO_ACTION)?;
        if page.is_none() {
            let why = "a label needs contentLandingPage";
            return Err(ApiError::field("INVALID_CALL_TO_ACTION", "/contentCallToActionLabel", why));
        }
    }
    Ok(())
}

fn reshare(body: &Map<String, Value>) -> Result<Option<String>, ApiError> {
    let Some(context) = body.get("reshareContext") else { return Ok(None) };
    let context = object(context, "/reshareContext")?;
    known_only(context, &["parent"], "/reshareContext")?;
    let parent = required_text(context, "parent", "/reshareContext/parent")?;
    if is_urn(&parent, &["share", "ugcPost"]) {
        return Ok(Some(parent));
    }
    Err(ApiError::field("INVALID_URN_TYPE", "/reshareContext/parent", "must be a share or ugcPost URN"))
}

/// Whether the text is a URN of one of these kinds.
pub(crate) fn is_urn(text: &str, kinds: &[&str]) -> bool {
    let Some((kind, id)) = text.strip_prefix("urn:li:").and_then(|rest| rest.split_once(':')) else {
        return false;
    };
    kinds.contains(&kind)
        && !id.is_empty()
        && id.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
}

pub(crate) fn is_web_address(text: &str) -> bool {
    url::Url::parse(text).is_ok_and(|parsed| matches!(parsed.scheme(), "http" | "https") && parsed.has_host())
}

pub(crate) fn wrong(path: &str, why: &str) -> ApiError {
    ApiError::field("INVALID_VALUE_FOR_FIELD", path, why)
}

pub(crate) fn missing(path: &str) -> ApiError {
    ApiError::field("MISSING_FIELD", path, "field is required but not found and has no default value")
}

pub(crate) fn object<'a>(value: &'a Value, path: &str) -> Result<&'a Map<String, Value>, ApiError> {
    value.as_object().ok_or_else(|| wrong(path, "must be an object"))
}

/// Rest.li refuses members its schema does not have.
pub(crate) fn known_only(object: &Map<String, Value>, known: &[&str], path: &str) -> Check {
    match object.keys().find(|key| !known.contains(&key.as_str())) {
        Some(key) => {
            let message = format!("ERROR :: {path}/{key} :: unrecognized field found but not allowed\n");
            Err(ApiError::new(422, message).code("UNPROCESSABLE_ENTITY").service_code(0))
        }
        None => Ok(()),
    }
}

pub(crate) fn required_text(object: &Map<String, Value>, name: &str, path: &str) -> Result<String, ApiError> {
    match object.get(name) {
        None | Some(Value::Null) => Err(missing(path)),
        Some(Value::String(text)) => Ok(text.clone()),
        Some(_) => Err(wrong(path, "must be a string")),
    }
}

fn one_of(body: &Map<String, Value>, name: &str, allowed: &[&str]) -> Result<String, ApiError> {
    let path = format!("/{name}");
    let text = required_text(body, name, &path)?;
    if allowed.contains(&text.as_str()) {
        Ok(text)
    } else {
        Err(wrong(&path, "is not one of the known values"))
    }
}
