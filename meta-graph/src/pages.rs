//! Pages: who manages them, what they publish, and what people answer.
//!
//! All calls but the lists of Pages need the Page's own token: [`ListAccounts`] or
//! [`GetPageToken`](crate::oauth::GetPageToken) give it. Whoever it was made from needs a task on the Page.
//!
//! What publishes gives an id and nothing else. Its address is read afterwards, so that a failure to read it is not
//! taken for a failure to publish.

mod accounts;
mod attempt;
mod comments;
mod create_post;
mod create_video;
mod edit_post;
mod feed;
mod list_all;
mod moderation;
mod page;
mod photos;
mod post;
mod post_counts;
mod post_parts;
mod publish_photos;
mod publish_reel;
mod publish_story;
mod reactions;
mod reels;
mod stories;
mod subscriptions;
mod video_flow;
mod videos;
mod with_files;

pub(crate) use accounts::page_list;

pub use accounts::{
    Account, LinkedInstagramAccount, ListAccounts, ListAssignedPages, OwningBusiness, PageCategory,
    PagePicture, PageTask, PageVerification,
};
pub use comments::{
    Comment, CommentFilter, CommentOrder, CommentReference, ConversationReference, CreateComment,
    CreatedComment, DeleteComment, GetComment, ListComments, LiveFilter, ObjectReference, UpdateComment,
};
pub use create_post::{CreatePagePost, CreatedPost};
pub use create_video::{
    CreateVideo, CreatedVideo, ExpirationType, Slideshow, VideoCategory, VideoExpiration,
};
pub use edit_post::{DeletePost, FeedStoryVisibility, PublishPost, ReschedulePost, UpdatePost};
pub use feed::{
    ListAdsPosts, ListFeed, ListPosts, ListPublishedPosts, ListScheduledPosts, ListTaggedPosts,
    ListVisitorPosts, PostFilter, ScheduledPost,
};
pub(crate) use list_all::all_items;
pub use list_all::{AllPages, SkippedPages, list_all_pages};
pub use moderation::{
    BlockUsers, BlockedProfile, BlockedUsers, ListBlocked, ModerateConversations, ModeratedUser,
    ModerationAction, UnblockUser,
};
pub use page::{GetPage, ListPageSettings, PageOptions, PageSetting, UpdatePageSettings};
pub use photos::{
    CreatePhoto, CreatedPhoto, DeletePhoto, GetPhoto, ListPhotos, Photo, PhotoListType, PhotoTag,
};
pub use post::{
    AttachmentMedia, AttachmentTarget, AttachmentType, Author, CommentsSummary, GetPost, ImageSource,
    MessageTag, Post, PostAttachment, PostStatusType, ReactionsSummary, Shares, TimelineVisibility,
};
pub use post_counts::{GetPostCounts, PostCounts};
pub use post_parts::{
    AttachedMedia, BackdatedGranularity, CallToAction, CallToActionType, ChildAttachment, FeedTargeting,
    GeoLocations, PlaceKey, Targeting, UnpublishedContentType, check_schedule,
};
pub use publish_photos::{PhotoToPublish, PublishPhotos};
pub use publish_reel::PublishReel;
pub use publish_story::{PublishPhotoStory, PublishVideoStory, PublishedStory};
pub use reactions::{LikeObject, ListReactions, Reaction, ReactionType, UnlikeObject};
pub use reels::{FinishReel, ListReels, OpenedVideo, PublishAnswer, ReelState, StartReel};
pub use stories::{
    CreatePhotoStory, FinishVideoStory, ListStories, StartVideoStory, Story, StoryMediaType, StoryStatus,
};
pub use subscriptions::{ListPageSubscriptions, PageField, PageSubscription, SubscribePage, UnsubscribePage};
pub use video_flow::PublishedVideo;
pub use videos::{
    AddVideoThumbnail, DeleteVideo, GetVideo, InviteCollaborator, ListVideoCaptions, ListVideoThumbnails,
    ListVideos, SetVideoCaptions, UpdateVideo, Video, VideoCaptions, VideoListType, VideoThumbnail,
};
pub use with_files::MediaFile;

pub use crate::container_flow::PublishError;
