//! Instagram publishing (Instagram Platform: Content Publishing, IG User Media, IG Container).

use super::rules;

/// The longest caption, in characters.
pub const I2_MAX_CHARS: usize = 2_200;
/// The most hashtags of a caption.
pub const I3_MAX_HASHTAGS: usize = 30;
/// The most mentions of a caption.
pub const I4_MAX_MENTIONS: usize = 20;
/// The largest image, in bytes.
pub const I6_MAX_BYTES: u64 = 8 * 1024 * 1024;
/// The narrowest image, width to height.
pub const I7_MIN_RATIO: f64 = 0.8;
/// The widest image, width to height.
pub const I7_MAX_RATIO: f64 = 1.91;
/// The smallest width of an image that is not scaled up, in pixels.
pub const I8_MIN_WIDTH: u32 = 320;
/// The largest width of an image that is not scaled down, in pixels.
pub const I8_MAX_WIDTH: u32 = 1_440;
/// The longest alternative text, in characters.
pub const I9_MAX_CHARS: usize = 1_000;
/// The fewest items of a carousel.
pub const I10_MIN_COUNT: usize = 2;
/// The most items of a carousel.
pub const I10_MAX_COUNT: usize = 10;
/// The longest reel that is shown in the tab of reels, in seconds.
pub const I13_TAB_SECONDS: u64 = 90;
/// The shortest reel, in seconds.
pub const I13_MIN_SECONDS: u64 = 3;
/// The longest reel, in seconds.
pub const I13_MAX_SECONDS: u64 = 15 * 60;
/// The largest reel that is surely taken, in bytes.
pub const I14_MAX_BYTES: u64 = 300_000_000;
/// The largest reel that is ever taken, in bytes.
pub const I14_HARD_BYTES: u64 = 1024 * 1024 * 1024;
/// The fewest frames per second of a reel.
pub const I15_MIN_FPS: u32 = 23;
/// The most frames per second of a reel.
pub const I15_MAX_FPS: u32 = 60;
/// The largest width of a reel, in pixels.
pub const I15_MAX_WIDTH: u32 = 1_920;
/// The highest bit rate of a reel, in bits per second.
pub const I15_MAX_BITRATE: u64 = 25_000_000;
/// The narrowest reel, width to height.
pub const I16_MIN_RATIO: f64 = 0.01;
/// The widest reel, width to height.
pub const I16_MAX_RATIO: f64 = 10.0;
/// The highest sample rate of a reel's sound, in hertz.
pub const I17_MAX_SAMPLE_RATE: u32 = 48_000;
/// The most channels of a reel's sound.
pub const I17_MAX_CHANNELS: u16 = 2;
/// The largest cover of a reel, in bytes.
pub const I19_MAX_BYTES: u64 = 8 * 1024 * 1024;
/// The largest image of a story, in bytes.
pub const I20_MAX_BYTES: u64 = 8 * 1024 * 1024;
/// The shortest video of a story, in seconds.
pub const I21_MIN_SECONDS: u64 = 3;
/// The longest video of a story, in seconds.
pub const I21_MAX_SECONDS: u64 = 60;
/// The largest video of a story, in bytes.
pub const I21_MAX_BYTES: u64 = 100 * 1024 * 1024;
/// The most people tagged in one medium.
pub const I23_MAX_COUNT: usize = 20;
/// The most collaborators of one medium.
pub const I24_MAX_COUNT: usize = 3;
/// The most products tagged in one medium.
pub const I25_MAX_COUNT: usize = 5;
/// The most containers made in 24 hours.
pub const I27_MAX_PER_DAY: u32 = 400;
/// How long a container can be published, in seconds: 24 hours.
pub const I27_MAX_AGE_SECONDS: i64 = 86_400;

rules! { INSTAGRAM:
    I1, Error, "instagram.media.required", "a text alone cannot be published",
        "an image or a video of a professional account", "add an image or a video";
    I2, Error, "instagram.caption.length", "the caption is too long",
        "at most 2200 characters", "shorten the caption";
    I3, Error, "instagram.caption.hashtags", "the caption has too many hashtags",
        "at most 30 hashtags", "leave some out";
    I4, Error, "instagram.caption.mentions", "the caption mentions too many people",
        "at most 20 mentions", "leave some out";
    I5, Error, "instagram.image.format", "the file is not a JPEG",
        "JPEG", "convert it to JPEG";
    I6, Error, "instagram.image.size", "the image is too large",
        "at most 8 MB", "compress it again or make it smaller";
    I7, Error, "instagram.image.ratio", "the image is too narrow or too wide",
        "between 4:5 and 1.91:1", "crop it";
    I8, Warning, "instagram.image.width", "the image will be scaled",
        "320 to 1440 pixels wide", "scale it yourself for the best quality";
    I9, Error, "instagram.alt_text.length", "the alternative text is too long",
        "at most 1000 characters", "shorten it";
    I9_IMAGE, Error, "instagram.alt_text.image", "only images take an alternative text",
        "an image", "leave it out";
    I10, Error, "instagram.carousel.count", "the number of items is wrong",
        "2 to 10 items", "add some or leave some out";
    I11, Warning, "instagram.carousel.ratio", "the item will be cropped like the first",
        "the ratio of the first item", "crop it to the ratio of the first item";
    I11_CHILD, Warning, "instagram.carousel.item", "an item takes no caption and is no reel",
        "images and videos, the caption on the carousel", "move the caption to the carousel";
    I12, Error, "instagram.reel.format", "the file is no video that Instagram takes",
        "MP4 or MOV", "convert it to MP4";
    I12_ORDER, Error, "instagram.reel.order", "the index of the video stands after its data",
        "the index (moov) before the data (mdat)", "save it again for streaming (fast start)";
    I12_EDITS, Warning, "instagram.reel.edits", "the video has an edit list, which Instagram does not take",
        "no edit list", "save it again without edit lists";
    I13, Warning, "instagram.reel.duration.tab", "the reel is too long for the tab of reels",
        "5 to 90 seconds", "cut it if it should be shown there";
    I13_HARD, Error, "instagram.reel.duration", "the reel is too short or too long",
        "3 seconds to 15 minutes", "cut it";
    I14, Warning, "instagram.reel.size", "the video may be too large",
        "at most 300 MB", "compress it again";
    I14_HARD, Error, "instagram.reel.too_large", "the video is too large",
        "at most 1 GB", "compress it again";
    I15, Error, "instagram.reel.fps", "the frame rate is too low or too high",
        "23 to 60 frames per second", "convert it to 30 frames per second";
    I15_WIDTH, Error, "instagram.reel.width", "the video is too wide",
        "at most 1920 pixels wide", "make it smaller";
    I15_BITRATE, Error, "instagram.reel.bitrate", "the bit rate is too high",
        "at most 25 Mbit/s", "compress it again";
    I16, Warning, "instagram.reel.upright", "the reel is not upright and will be cropped or framed",
        "9:16", "crop it to 9:16";
    I16_HARD, Error, "instagram.reel.ratio", "the video is too narrow or too wide",
        "between 0.01:1 and 10:1", "crop it";
    I17, Error, "instagram.reel.codec", "the video is coded in a way Instagram does not take",
        "H.264 or HEVC", "convert it to H.264";
    I17_AUDIO, Error, "instagram.reel.audio", "the sound is coded in a way Instagram does not take",
        "AAC with at most 48 kHz and two channels", "convert the sound to AAC";
    I18, Error, "instagram.reel.thumb_offset", "the moment of the cover lies outside the video",
        "between 0 and the duration", "choose a moment within the video";
    I19, Error, "instagram.reel.cover.size", "the cover is too large",
        "at most 8 MB", "compress it again or make it smaller";
    I19_FORMAT, Error, "instagram.reel.cover.format", "the cover is not a JPEG",
        "JPEG", "convert it to JPEG";
    I20, Error, "instagram.story.image.size", "the image is too large for a story",
        "at most 8 MB", "compress it again or make it smaller";
    I20_FORMAT, Error, "instagram.story.image.format", "the image of the story is not a JPEG",
        "JPEG", "convert it to JPEG";
    I21, Error, "instagram.story.video.duration", "the video is too short or too long for a story",
        "3 to 60 seconds", "cut it";
    I21_SIZE, Error, "instagram.story.video.size", "the video is too large for a story",
        "at most 100 MB", "compress it again";
    I22, Warning, "instagram.story.unsupported", "a story takes no caption, no collaborators and no location",
        "the medium and tagged people", "leave it out";
    I23, Error, "instagram.user_tags.count", "too many people are tagged",
        "at most 20 people", "leave some out";
    I23_POSITION, Error, "instagram.user_tags.position",
        "the position of the tag is missing or outside the image",
        "x and y between 0 and 1", "give a position within the image";
    I23_VIDEO, Error, "instagram.user_tags.video", "a video takes tags without a position",
        "no x and no y", "leave out the position";
    I24, Error, "instagram.collaborators.count", "there are too many collaborators",
        "at most 3", "leave some out";
    I25, Error, "instagram.product_tags.count", "too many products are tagged",
        "at most 5 products", "leave some out";
    I26, Warning, "instagram.publish.quota", "the account has published as much as it may",
        "what content_publishing_limit says", "publish it later";
    I27, Warning, "instagram.container.quota", "the account has made too many containers",
        "at most 400 in 24 hours", "publish it later";
    I27_AGE, Warning, "instagram.container.age", "the container is too old to be published",
        "less than 24 hours old", "make a new one";
    I28, Error, "instagram.media.url", "Instagram cannot read this address",
        "a public https address of the file itself",
        "put the file where everyone can read it without a login";
    I29, Error, "instagram.carousel.ai_flag", "an item takes no mark for AI",
        "is_ai_generated on the carousel only", "move the mark to the carousel";
}
