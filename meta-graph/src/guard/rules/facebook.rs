//! Pages (Page Feed, Page Photos, Page Videos, Reels Publishing, Page Stories).

use super::rules;

/// The longest text of a post, in characters.
pub const F1_MAX_CHARS: usize = 63_206;
/// How far ahead a post must be scheduled, in seconds: 10 minutes.
pub const F3_MIN_SECONDS: i64 = 600;
/// How far ahead a post should be scheduled so that a slow request is still in time, in seconds: 12 minutes.
pub const F3_SAFE_SECONDS: i64 = 720;
/// How far ahead a post can surely be scheduled, in seconds: 30 days.
pub const F4_MAX_SECONDS: i64 = 30 * 86_400;
/// From where on no page of the documentation allows scheduling, in seconds: 75 days.
pub const F4_HARD_SECONDS: i64 = 75 * 86_400;
/// The largest photo that is surely taken, in bytes.
pub const F6_MAX_BYTES: u64 = 4_000_000;
/// The largest photo that is ever taken, in bytes.
pub const F6_HARD_BYTES: u64 = 10 * 1024 * 1024;
/// The largest PNG that is not blurred by Meta's compression, in bytes.
pub const F7_MAX_BYTES: u64 = 1_000_000;
/// The fewest photos of a post with several.
pub const F8_MIN_COUNT: usize = 2;
/// The most photos of a post with several.
pub const F8_MAX_COUNT: usize = 10;
/// The longest text on a coloured background, in characters.
pub const F10_MAX_CHARS: usize = 130;
/// The largest video of one request, in bytes; larger ones are uploaded in parts.
pub const F11_SIMPLE_MAX_BYTES: u64 = 1024 * 1024 * 1024;
/// The largest video that is surely taken, in bytes.
pub const F11_MAX_BYTES: u64 = 4_000_000_000;
/// The largest video that is ever taken, in bytes.
pub const F11_HARD_BYTES: u64 = 10 * 1024 * 1024 * 1024;
/// The longest video of one request, in seconds; longer ones are uploaded in parts.
pub const F12_SIMPLE_MAX_SECONDS: u64 = 20 * 60;
/// The longest video, in seconds.
pub const F12_HARD_SECONDS: u64 = 4 * 3600;
/// The shortest reel, in seconds.
pub const F14_MIN_SECONDS: u64 = 3;
/// The longest reel, in seconds.
pub const F14_MAX_SECONDS: u64 = 90;
/// The smallest width of a reel, in pixels.
pub const F15_MIN_WIDTH: u32 = 540;
/// The smallest height of a reel, in pixels.
pub const F15_MIN_HEIGHT: u32 = 960;
/// The fewest frames per second of a reel.
pub const F16_MIN_FPS: u32 = 24;
/// The most frames per second of a reel.
pub const F16_MAX_FPS: u32 = 60;
/// The sample rate of a reel's sound, in hertz.
pub const F17_SAMPLE_RATE: u32 = 48_000;
/// The most reels of a Page in 24 hours.
pub const F18_MAX_PER_DAY: u32 = 30;
/// How far ahead a reel can be scheduled, in seconds: 29 days.
pub const F19_MAX_SECONDS: i64 = 29 * 86_400;
/// The largest photo of a story that is surely taken, in bytes.
pub const F20_SAFE_BYTES: u64 = 4_000_000;
/// The largest photo of a story, in bytes.
pub const F20_MAX_BYTES: u64 = 10 * 1024 * 1024;
/// The shortest video of a story, in seconds.
pub const F21_MIN_SECONDS: u64 = 3;
/// The longest video of a story, in seconds.
pub const F21_MAX_SECONDS: u64 = 60;
/// The most attachments of a comment.
pub const F23_MAX_COUNT: usize = 1;

rules! { FACEBOOK:
    F1, Error, "page.post.message.length", "the text is too long",
        "at most 63206 characters", "shorten the text";
    F2, Error, "page.post.empty", "the post has neither a text, a link nor a medium",
        "a text, a link or media", "add one of them";
    F3, Error, "page.schedule.soon", "the time is too near",
        "at least 10 minutes from now", "choose a later time, better 12 minutes ahead or more";
    F3_SAFE, Warning, "page.schedule.tight", "a slow request would come too late",
        "at least 12 minutes from now", "choose a later time";
    F4, Warning, "page.schedule.late", "the time may be too far away",
        "at most 30 days from now", "choose a time within 30 days";
    F4_HARD, Error, "page.schedule.too_late", "the time is too far away",
        "at most 75 days from now", "choose a time within 30 days";
    F5, Error, "page.photo.format", "the file is no photo that Pages take",
        "JPEG, PNG, GIF, BMP or TIFF", "convert it to JPEG";
    F6, Warning, "page.photo.size", "the photo may be too large",
        "at most 4 MB", "compress it again or make it smaller";
    F6_HARD, Error, "page.photo.too_large", "the photo is too large",
        "at most 10 MB", "compress it again or make it smaller";
    F7, Warning, "page.photo.png.size", "a large PNG is compressed until it looks blurred",
        "at most 1 MB", "make it smaller or convert it to JPEG";
    F8, Warning, "page.post.photos.count", "the number of photos is not usual",
        "2 to 10 photos", "use one photo without a list, or leave some out";
    F8_DISTINCT, Warning, "page.post.photos.distinct", "the same photo is there twice",
        "each photo once", "leave out the second";
    F9, Error, "page.post.media.mixed", "photos and videos do not go together",
        "only photos, or one video", "make two posts of it";
    F10, Error, "page.post.background.length", "the text is too long for a coloured background",
        "at most 130 characters", "shorten the text or leave out the background";
    F10_MEDIA, Error, "page.post.background.media", "a coloured background takes no media and no link",
        "text only", "leave out the background, or the media and the link";
    F11, Warning, "page.video.size", "the video may be too large",
        "at most 4 GB", "compress it again";
    F11_HARD, Error, "page.video.too_large", "the video is too large",
        "at most 10 GB", "compress it again";
    F11_SIMPLE, Warning, "page.video.size.simple", "the video is too large for one request",
        "at most 1 GB", "upload it in parts";
    F12, Warning, "page.video.duration.simple", "the video is too long for one request",
        "at most 20 minutes", "upload it in parts";
    F12_HARD, Error, "page.video.duration", "the video is too long",
        "at most 4 hours", "cut it";
    F13, Warning, "page.reel.format", "the file is not what reels are made of",
        "MP4", "convert it to MP4";
    F13_HARD, Error, "page.video.format", "the file is no video",
        "a video, best MP4", "choose a video, or publish it as a photo";
    F14, Error, "page.reel.duration", "the reel is too short or too long",
        "3 to 90 seconds", "cut it, or publish it as a video";
    F15, Error, "page.reel.ratio", "the reel is not upright",
        "9:16", "crop it to 9:16, best 1080 x 1920 pixels";
    F15_SIZE, Error, "page.reel.pixels", "the reel has too few pixels",
        "at least 540 x 960 pixels", "use a larger one, best 1080 x 1920 pixels";
    F16, Error, "page.reel.fps", "the frame rate is too low or too high",
        "24 to 60 frames per second", "convert it to 30 frames per second";
    F17, Warning, "page.reel.codec", "the video is coded in a way reels may not take",
        "H.264, H.265, VP9 or AV1", "convert it to H.264";
    F17_AUDIO, Warning, "page.reel.audio", "the sound is coded in a way reels may not take",
        "AAC with 48 kHz", "convert the sound to AAC with 48 kHz";
    F18, Warning, "page.reel.quota", "the Page has published as many reels as it may",
        "30 in 24 hours", "publish it later";
    F19, Warning, "page.reel.schedule", "the time may be too near or too far away for a reel",
        "10 minutes to 29 days from now", "choose another time";
    F20, Error, "page.story.photo.size", "the photo is too large for a story",
        "at most 10 MB", "compress it again or make it smaller";
    F20_FORMAT, Error, "page.story.photo.format", "the file is no photo that stories take",
        "JPEG, PNG, GIF, BMP or TIFF", "convert it to JPEG";
    F20_SAFE, Warning, "page.story.photo.size.safe", "the photo may be too large for a story",
        "at most 4 MB", "compress it again or make it smaller";
    F21, Error, "page.story.video.duration", "the video is too short or too long for a story",
        "3 to 60 seconds", "cut it";
    F22, Error, "page.story.unsupported", "a story takes no text, no link and no time",
        "a photo or a video", "leave it out, or make a post of it";
    F23, Error, "page.comment.attachment", "a comment takes one attachment",
        "one of attachment_id, attachment_url, attachment_share_url and source", "leave out the others";
}
