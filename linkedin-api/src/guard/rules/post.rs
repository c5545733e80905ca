//! What a post says of itself (LinkedIn: Posts API, Poll API, MultiImage API, Article API, Carousel API).

use super::rules;

/// The longest commentary, in UTF-16 units of the displayed text.
pub const MAX_COMMENTARY: usize = 3000;
/// The longest alternative text, in UTF-16 units.
pub const MAX_ALT_TEXT: usize = 4086;
/// How long an alternative text should be at most, in UTF-16 units.
pub const ADVISED_ALT_TEXT: usize = 120;
/// The fewest images of a post with several.
pub const MIN_IMAGES: usize = 2;
/// The most images of a post with several.
pub const MAX_IMAGES: usize = 20;
/// The longest title of an article, in UTF-16 units.
pub const MAX_ARTICLE_TITLE: usize = 399;
/// The longest description of an article, in UTF-16 units.
pub const MAX_ARTICLE_DESCRIPTION: usize = 4085;
/// The longest question of a poll, in UTF-16 units.
pub const MAX_POLL_QUESTION: usize = 140;
/// The fewest options of a poll.
pub const MIN_POLL_OPTIONS: usize = 2;
/// The most options of a poll.
pub const MAX_POLL_OPTIONS: usize = 4;
/// The longest option of a poll, in UTF-16 units.
pub const MAX_POLL_OPTION: usize = 30;
/// The fewest cards of a carousel.
pub const MIN_CARDS: usize = 2;
/// The most cards of a carousel.
pub const MAX_CARDS: usize = 10;

rules! { POST:
    POST_EMPTY, Error, "linkedin.post.empty", "a post without content needs text",
        "text or content", "write a text or add content";
    COMMENTARY_LENGTH, Error, "linkedin.post.length", "the text is too long",
        "at most 3000 UTF-16 units", "shorten the text";
    COMMENTARY_ESCAPED_LENGTH, Warning, "linkedin.post.escaped_length", "the text may be too long once it is escaped",
        "at most 3000 UTF-16 units", "use fewer mentions and special characters if LinkedIn refuses it";
    VISIBILITY, Error, "linkedin.post.visibility", "an organization has no connections",
        "PUBLIC or LOGGED_IN", "make the post public";
    CONTAINER_VISIBILITY, Warning, "linkedin.post.container", "container and visibility do not fit",
        "visibility CONTAINER together with a container", "set both or neither";
    LIFECYCLE, Error, "linkedin.post.lifecycle", "a post cannot be created in this state",
        "PUBLISHED", "leave the state away";
    LIFECYCLE_DRAFT, Warning, "linkedin.post.draft", "creating drafts is not documented",
        "PUBLISHED", "keep drafts in your own system";
    TARGET_AUTHOR, Error, "linkedin.post.target_author", "a member cannot choose an audience",
        "target entities of organizations only", "post without target entities";
    TARGET_COUNT, Error, "linkedin.post.target_count", "there is more than one set of facets",
        "at most 1 target entity", "put all facets into one target entity";
    TARGET_EMPTY, Warning, "linkedin.post.target_empty", "the target entity names no facet",
        "at least one facet", "add a facet or leave the target entity away";
    FEED_HIDDEN, Warning, "linkedin.post.feed_hidden", "a post that is not sponsored appears in no feed",
        "MAIN_FEED", "use NONE for sponsored content only";
    FEED_SHOWN, Warning, "linkedin.post.feed_shown", "direct sponsored content is to appear in the feed",
        "NONE", "set the feed distribution to NONE";
    SHAPE_RESHARE, Error, "linkedin.post.reshare_content", "a reshare cannot have content of its own",
        "a reshare without content", "remove the content, or post without a parent";
    CONTENT_OTHER, Warning, "linkedin.post.content_unknown", "this kind of content is not checked",
        "the documented kinds", "compare it with LinkedIn's documentation";
    ORGANIC_ONLY, Error, "linkedin.post.organic_only", "this kind of content cannot be sponsored",
        "multi-image posts and polls without adContext", "remove the ad context";
    AD_TYPE, Warning, "linkedin.post.ad_type", "the type of the ad does not fit the content",
        "the type of the content", "set dscAdType to what the post holds";
    ALT_TEXT_LENGTH, Error, "linkedin.post.alt_text", "the alternative text is too long",
        "at most 4086 UTF-16 units", "shorten it";
    ALT_TEXT_LONG, Warning, "linkedin.post.alt_text_long", "the alternative text is long for a screen reader",
        "about 120 UTF-16 units", "describe the image in one sentence";
    IMAGE_COUNT, Error, "linkedin.post.image_count", "the number of images is out of range",
        "2 to 20 images", "use one image as such, or split the post";
    IMAGE_TWICE, Warning, "linkedin.post.image_twice", "the same image stands there twice",
        "each image once", "remove one of them";
    DOCUMENT_TITLE, Error, "linkedin.post.document_title", "a document needs a title",
        "a title", "give the title that readers shall see";
    ARTICLE_SOURCE, Error, "linkedin.post.article_source", "the source is no web address",
        "an absolute http or https address", "give the whole address";
    ARTICLE_TITLE, Error, "linkedin.post.article_title", "the title is empty or too long",
        "1 to 399 UTF-16 units", "change the title";
    ARTICLE_DESCRIPTION, Error, "linkedin.post.article_description", "the description is too long",
        "at most 4085 UTF-16 units", "shorten it";
    ARTICLE_PREVIEW, Warning, "linkedin.post.article_preview", "LinkedIn does not read the page, so the preview stays bare",
        "a title and a thumbnail", "send title, description and an uploaded thumbnail";
    POLL_QUESTION, Error, "linkedin.post.poll_question", "the question is empty or too long",
        "1 to 140 UTF-16 units", "change the question";
    POLL_OPTION_COUNT, Error, "linkedin.post.poll_options", "the number of options is out of range",
        "2 to 4 options", "add or remove options";
    POLL_OPTION, Error, "linkedin.post.poll_option", "the option is empty or too long",
        "1 to 30 UTF-16 units", "change the option";
    POLL_OPTION_TWICE, Error, "linkedin.post.poll_option_twice", "two options are the same",
        "different options", "change one of them";
    POLL_DURATION, Error, "linkedin.post.poll_duration", "the poll cannot last this long",
        "ONE_DAY, THREE_DAYS, SEVEN_DAYS or FOURTEEN_DAYS", "choose one of them";
    POLL_VOTES, Error, "linkedin.post.poll_votes", "this kind of vote is not supported",
        "SINGLE_VOTE", "let each member vote once";
    POLL_VOTERS, Error, "linkedin.post.poll_voters", "the author must see who voted",
        "true", "leave isVoterVisibleToAuthor as it is";
    CAROUSEL_AD, Error, "linkedin.post.carousel_ad", "a carousel can only be sponsored",
        "a carousel with adContext", "add the ad context, or post a PDF document instead";
    CAROUSEL_EMPTY, Error, "linkedin.post.carousel_empty", "a carousel has no cards",
        "at least one card", "add cards";
    CAROUSEL_CARDS, Warning, "linkedin.post.carousel_cards", "LinkedIn may not take this number of cards",
        "2 to 10 cards", "add or remove cards";
    CARD_LANDING_PAGE, Error, "linkedin.post.card_landing_page", "the card has no landing page",
        "an absolute https address", "give the whole address";
    CARD_LANDING_HTTPS, Warning, "linkedin.post.card_landing_https", "the landing page of the card is not https",
        "an absolute https address", "use the https address";
    CTA_LANDING_PAGE, Error, "linkedin.post.cta_landing_page", "a call to action needs a landing page",
        "a label together with a landing page", "add the landing page";
    CTA_LABEL, Warning, "linkedin.post.cta_label", "the label is none of the documented ones",
        "APPLY, DOWNLOAD, VIEW_QUOTE, LEARN_MORE, SIGN_UP, SUBSCRIBE, REGISTER, JOIN, ATTEND, REQUEST_DEMO, SEE_MORE, BUY_NOW or SHOP_NOW",
        "choose one of them";
    LANDING_PAGE, Error, "linkedin.post.landing_page", "the landing page is no web address",
        "an absolute http or https address", "give the whole address";
    UPDATE_EMPTY, Error, "linkedin.post.update_empty", "the update changes nothing",
        "at least one field", "set what shall change";
}
