//! What files may be (LinkedIn: Images API, Videos API, Documents API).

use super::rules;

/// An image must have fewer pixels than this.
pub const IMAGE_PIXELS: u64 = 36_152_320;
/// The most frames of a GIF.
pub const GIF_MAX_FRAMES: u32 = 250;
/// The shortest video, in seconds.
pub const VIDEO_MIN_SECONDS: u64 = 3;
/// The longest video, in seconds: 30 minutes.
pub const VIDEO_MAX_SECONDS: u64 = 30 * 60;
/// The smallest video, in bytes.
pub const VIDEO_MIN_BYTES: u64 = 75_000;
/// The largest video that every page of the documentation allows, in bytes.
pub const VIDEO_MAX_BYTES: u64 = 500 * 1024 * 1024;
/// The largest video that any page of the documentation allows, in bytes.
pub const VIDEO_LARGEST_BYTES: u64 = 5 * 1024 * 1024 * 1024;
/// The largest document, in bytes.
pub const DOCUMENT_MAX_BYTES: u64 = 100 * 1024 * 1024;
/// The most pages of a document.
pub const DOCUMENT_MAX_PAGES: u32 = 300;

rules! { MEDIA:
    IMAGE_FORMAT, Error, "linkedin.image.format", "the file is no image that LinkedIn takes",
        "JPEG, PNG or GIF", "convert it to JPEG or PNG";
    IMAGE_SIZE, Error, "linkedin.image.pixels", "the image has too many pixels",
        "fewer than 36152320 pixels", "make it smaller";
    GIF_FRAMES, Error, "linkedin.image.frames", "the animation has too many frames",
        "at most 250 frames", "cut it, or upload it as a video";
    VIDEO_FORMAT, Error, "linkedin.video.format", "the file is no video that LinkedIn takes",
        "MP4", "convert it to MP4";
    VIDEO_DURATION, Error, "linkedin.video.duration", "the video is too short or too long",
        "3 seconds to 30 minutes", "cut it, or make it longer";
    VIDEO_SMALL, Error, "linkedin.video.small", "the file is too small for a video",
        "at least 75 KB", "check that the file is whole";
    VIDEO_LARGE, Error, "linkedin.video.large", "the video is too large",
        "at most 500 MB, or what you configured up to 5 GB", "encode it with a lower bit rate";
    DOCUMENT_FORMAT, Error, "linkedin.document.format", "the file is no document that LinkedIn takes",
        "PDF, PPT, PPTX, DOC or DOCX", "convert it to PDF";
    DOCUMENT_SIZE, Error, "linkedin.document.size", "the document is too large",
        "at most 100 MB", "reduce its images";
    DOCUMENT_PAGES, Warning, "linkedin.document.pages", "the document seems to have too many pages",
        "at most 300 pages", "split it";
}
