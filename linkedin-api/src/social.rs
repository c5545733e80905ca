//! What people say about posts: comments, likes, reactions, and how many there are (LinkedIn: Comments API, Reactions and
//! Social Metadata).
//!
//! Comments and reactions of members may be kept for 48 hours only, those of organizations for six months:
//! [`retention::social_activity`](crate::retention::social_activity) tells by the author.

mod comment;
mod create_comment;
mod likes;
mod metadata;
mod reactions;
mod read_comments;
mod text;
mod update_comment;

pub use comment::{Comment, CommentContent, CommentsSummary, LikesSummary};
pub use create_comment::{CreateComment, CreatedComment};
pub use likes::{CreateLike, DeleteLike, Like, ListLikes};
pub use metadata::{
    BatchGetSocialMetadata, CommentCounts, CommentsState, GetSocialMetadata, ReactionCount, SetCommentsState,
    SocialMetadata,
};
pub use reactions::{
    CreateReaction, DeleteReaction, GetReaction, ListReactions, Reaction, ReactionSort, ReactionType,
};
pub use read_comments::{BatchGetComments, DeleteComment, GetComment, ListComments};
pub use text::{CommentPart, CommentText};
pub use update_comment::UpdateComment;
