//! Threads (Threads API: Posts, Media specifications, Polls, Text attachments).

use super::rules;

/// The longest text, counted as Threads counts: see [`guard::text::threads_length`](crate::guard::text::threads_length).
pub const T1_MAX_LENGTH: usize = 500;
/// The most different links of a post.
pub const T2_MAX_LINKS: usize = 5;
/// The largest image, in bytes.
pub const T3_MAX_BYTES: u64 = 8 * 1024 * 1024;
/// The narrowest or widest image: the longer side to the shorter.
pub const T3_MAX_RATIO: f64 = 10.0;
/// The smallest width of an image, in pixels.
pub const T3_MIN_WIDTH: u32 = 320;
/// The largest width of an image, in pixels.
pub const T3_MAX_WIDTH: u32 = 1_440;
/// The largest video, in bytes.
pub const T4_MAX_BYTES: u64 = 1024 * 1024 * 1024;
/// The longest video, in seconds.
pub const T4_MAX_SECONDS: u64 = 300;
/// The fewest frames per second of a video.
pub const T4_MIN_FPS: u32 = 23;
/// The most frames per second of a video.
pub const T4_MAX_FPS: u32 = 60;
/// The largest width of a video, in pixels.
pub const T4_MAX_WIDTH: u32 = 1_920;
/// The fewest items of a carousel.
pub const T5_MIN_COUNT: usize = 2;
/// The most items of a carousel.
pub const T5_MAX_COUNT: usize = 20;
/// The longest topic, in characters.
pub const T6_MAX_TOPIC_CHARS: usize = 50;
/// The longest alternative text, in characters.
pub const T6_MAX_ALT_CHARS: usize = 1_000;
/// The fewest answers of a poll.
pub const T6_MIN_POLL_OPTIONS: usize = 2;
/// The most answers of a poll.
pub const T6_MAX_POLL_OPTIONS: usize = 4;
/// The longest answer of a poll, in characters.
pub const T6_MAX_POLL_CHARS: usize = 25;
/// The longest attached text, in characters.
pub const T7_MAX_CHARS: usize = 10_000;
/// The most posts of a profile in 24 hours.
pub const T8_MAX_POSTS_PER_DAY: u32 = 250;
/// The most replies of a profile in 24 hours.
pub const T8_MAX_REPLIES_PER_DAY: u32 = 1_000;

rules! { THREADS:
    T1, Error, "threads.text.length", "the text is too long",
        "at most 500, where an emoji counts its UTF-8 bytes", "shorten the text";
    T2, Error, "threads.text.links", "the text has too many links",
        "at most 5 different links", "leave some out";
    T3, Error, "threads.image.format", "the file is no image that Threads takes",
        "JPEG or PNG", "convert it to JPEG";
    T3_SIZE, Error, "threads.image.size", "the image is too large",
        "at most 8 MB", "compress it again or make it smaller";
    T3_RATIO, Error, "threads.image.ratio", "the image is too narrow or too wide",
        "at most 10:1", "crop it";
    T3_WIDTH, Warning, "threads.image.width", "the image will be scaled",
        "320 to 1440 pixels wide", "scale it yourself for the best quality";
    T4, Error, "threads.video.format", "the file is no video that Threads takes",
        "MP4 or MOV", "convert it to MP4";
    T4_SIZE, Error, "threads.video.size", "the video is too large",
        "at most 1 GB", "compress it again";
    T4_DURATION, Error, "threads.video.duration", "the video is too long",
        "at most 5 minutes", "cut it";
    T4_FPS, Error, "threads.video.fps", "the frame rate is too low or too high",
        "23 to 60 frames per second", "convert it to 30 frames per second";
    T4_WIDTH, Error, "threads.video.width", "the video is too wide",
        "at most 1920 pixels wide", "make it smaller";
    T5, Error, "threads.carousel.count", "the number of items is wrong",
        "2 to 20 items", "add some or leave some out";
    T6, Error, "threads.topic.form", "the topic is empty, too long or has a forbidden sign",
        "1 to 50 characters without . and &", "change the topic";
    T6_ALT, Error, "threads.alt_text.length", "the alternative text is too long",
        "at most 1000 characters", "shorten it";
    T6_POLL, Error, "threads.poll.count", "the number of answers is wrong",
        "2 to 4 answers", "add some or leave some out";
    T6_POLL_TEXT, Error, "threads.poll.length", "an answer is empty or too long",
        "1 to 25 characters", "change the answer";
    T7, Error, "threads.attachment.length", "the attached text is too long",
        "at most 10000 characters", "shorten it";
    T7_ALONE, Error, "threads.attachment.alone", "an attached text does not go with a poll or a link",
        "one of them", "leave out the others";
    T8, Warning, "threads.publish.quota", "the profile has published as many posts as it may",
        "250 posts in 24 hours", "publish it later";
    T8_REPLIES, Warning, "threads.reply.quota", "the profile has published as many replies as it may",
        "1000 replies in 24 hours", "publish it later";
}
